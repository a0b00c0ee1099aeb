#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# type, keys, screenshot --show and the steps of console, on a guest that waits in its firmware's menu and on
# one with a shell.
. "$(dirname "$0")/harness.sh"

daemon_start
guest_files
export VMCTL_URI=$URI
cd "$WORK" || exit 1

# What the firmware shows on the screen it writes to the serial port too.
cat >menu.xml <<XML
<domain type='qemu'><name>menu</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type><bootmenu enable='yes' timeout='60000'/><bios useserial='yes'/></os>
<devices><disk type='file'><driver name='qemu' type='raw'/><source file='$WORK/empty.img'/><target dev='vda' bus='virtio'/></disk>
<serial type='pty'/><video><model type='vga'/></video><graphics type='vnc' autoport='yes'/></devices></domain>
XML
truncate -s 1M empty.img
chmod 666 empty.img
vmctl -q define menu.xml
vmctl -q start menu --paused
check the_firmware_waits vmctl console menu --resume --until 'Press (ESC|F12)' --timeout 240
vmctl console menu --until 'Select boot device' --timeout 240 >menu.txt 2>&1 &
watching=$!
wait_for 30 grep -q Connected menu.txt
pressed() { vmctl keys menu esc --json >pressed && ! kill -0 $watching 2>/dev/null; }
wait_for 30 pressed
check a_key_is_pressed wait $watching
check_output and_counted '"keys": 1' cat pressed
vmctl console menu --until 'Booting' --timeout 240 >menu.txt 2>&1 &
watching=$!
wait_for 30 grep -q Connected menu.txt
typed() { printf 1 | vmctl type menu - --json >typed && ! kill -0 $watching 2>/dev/null; }
wait_for 30 typed
check a_text_is_typed wait $watching
check_output and_counted_too '"keys": 2' vmctl type menu A --enter --json
check_status what_is_on_no_key_is_refused 2 vmctl type menu 'ä'
check_output chords_are_pressed '"keys": 3' vmctl keys menu ctrl-alt-f2 up shift+tab --json
check_status a_key_that_there_is_not 2 vmctl keys menu hyperspace

check_output a_picture_is_drawn '38;5;16m.*▀' vmctl screenshot menu --show
COLORTERM=truecolor check_output in_all_colours '38;2;[0-9]+;[0-9]+;[0-9]+m' vmctl screenshot menu --show
check and_kept_where_it_is_wanted vmctl screenshot menu --show --file shown.png
check_output as_it_came 'PNG' head -c 4 shown.png
check nothing_else_is_left [ -z "$(ls menu-* 2>/dev/null)" ]
check_status there_is_no_json_of_it 2 vmctl screenshot menu --show --json
check_output without_it_a_file_is_named '"file": "menu-2.*\.png"' vmctl screenshot menu --json
if command -v chafa >/dev/null; then
	. "$ROOT/tests/e2e/terminal.sh"
	fresh sh -c "vmctl screenshot menu --show; echo drawn; sleep 60"
	check_screen chafa_draws_it_on_a_terminal drawn
else
	skip chafa_draws_it_on_a_terminal "chafa is not installed"
fi
vmctl -q destroy menu

tiny_guest shell >shell.xml
vmctl -q define shell.xml
vmctl -q start shell --paused
# shellcheck disable=SC2016 # for the guest's shell
steps() { vmctl console shell --resume --until 'is (up|running)' --send 'echo a$((1+1))b\n' --until 'a[0-9]b' --timeout 240; }
check_output a_script_talks_with_the_guest 'a2b' steps
check_status a_pattern_that_is_none 2 vmctl console shell --until '('
# Its prompt may still be on the way.
blank() { vmctl console shell --until nonsense --timeout 1 2>&1 | grep 'hint: .*console=ttyS0'; }
check a_blank_console_says_what_the_guest_lacks wait_for 10 blank
check_status what_is_only_sent_ends_at_once 0 vmctl console shell --send '\n'
