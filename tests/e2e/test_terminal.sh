#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a person sees who types: the interactive shell and bash's completion, in a real terminal (tmux).
. "$(dirname "$0")/harness.sh"

# shellcheck source=tests/e2e/terminal.sh
. "$ROOT/tests/e2e/terminal.sh"

# clear_line: takes back what was typed, and what stood above.
clear_line() { type_keys C-a C-k C-l; }

# --- the shell on the test driver -------------------------------------------------------------------
fresh vmctl -c test:///default
check_screen the_prompt_shows_the_connection 'test:///default'
type_keys 'domstate' Tab
check_screen tab_completes_a_command 'domstate '
type_keys Tab
check_screen tab_completes_the_only_guest 'domstate test '
type_keys Enter
check_screen and_the_line_runs '^running'
clear_line
type_keys 'list --in' Tab
check_screen tab_completes_an_option 'list --inactive'
clear_line
type_keys 'start te' Tab 'x' Enter
check_screen start_does_not_offer_what_runs "failed to get domain 'tex'"
clear_line
type_keys 'define ' "$WORK/ho" Tab
check_screen tab_completes_files "define $WORK/home/"
clear_line
type_keys 'no-such-thing' Enter
check_screen an_unknown_command_is_named "unknown command: 'no-such-thing'"
check_screen and_a_hint_is_what_can_be_typed_here '^hint: help lists the commands'
type_keys C-l 'half a line' C-c
type_keys 'echo still here' Enter
check_screen control_c_takes_the_line_and_not_the_shell '^still here'
type_keys 'quit' Enter
check quit_leaves wait_for 10 sh -c "! tmux -S '$WORK/tmux' has-session -t vmkit"
check the_history_is_kept grep -rq 'echo still here' "$HOME"
check_output and_it_is_private '^-rw-------' sh -c "find '$HOME' -type f -name '*history*' -exec ls -l {} +"
fresh vmctl -r -c test:///default
check_screen the_prompt_shows_that_it_is_read_only 'test:///default.*(ro|read-only|>)'
type_keys Up
check_screen the_history_comes_back '(quit|echo still here)'

# --- the shell on a daemon --------------------------------------------------------------------------
if [ "$(id -u)" = 0 ]; then
	HOME=/root XDG_CACHE_HOME='' CACHE=/root/.cache/vmkit daemon_start
	fresh vmctl -c "$URI"
	type_keys 'hostname' Enter
	shows "^daemon"
	# A stopped daemon answers nothing: the command hangs until it is interrupted.
	pid=$(daemon_pid)
	kill -STOP "$pid"
	clear_line
	type_keys 'list --all' Enter
	sleep 2
	type_keys C-c
	check_screen control_c_ends_a_command_that_hangs 'did not end and was left behind'
	kill -CONT "$pid"
	clear_line
	type_keys 'echo alive' Enter
	check_screen and_the_shell_goes_on '^alive'
	kill -KILL "$pid"
	# The daemon's namespace lives on without it: another one, as systemd would start it.
	wait_for 10 sh -c "! kill -0 $pid"
	nsenter -t "$(pgrep -f "daemon.sh $WORK/daemon" | tail -n 1)" -m -n -u -p libvirtd -d -p /run/libvirt/libvirtd.pid \
		>"$WORK/restart.log" 2>&1
	clear_line
	type_keys 'list --all' Enter
	check_screen a_lost_daemon_is_connected_again 'Id +Name +State'
fi

# --- names that must be quoted ------------------------------------------------------------------------
# domain NAME
domain() { echo "<domain type='test'><name>$1</name><memory>1024</memory><os><type>hvm</type></os></domain>"; }
{
	echo "<node>"
	domain 'my guest'
	domain "it&apos;s"
	domain 'a;b'
	echo '<pool type="dir"><name>store</name><uuid>0a0a0a0a-0000-4000-8000-000000000012</uuid>'
	echo '<target><path>/p</path></target><volume><name>a disk</name><capacity>1</capacity></volume></pool>'
	echo "</node>"
} >"$WORK/node.xml"

# completes NAME TYPED PATTERN: the line, once TAB was pressed behind it.
completes() {
	clear_line
	type_keys -l "$2"
	type_keys Tab
	check_screen "$1" "$3"
}

fresh vmctl -c "test://$WORK/node.xml"
shows 'test://.*#'
completes a_blank_is_escaped 'domstate my' 'domstate my\\ guest $'
type_keys Enter
check_screen and_the_line_names_that_guest '^running'
completes behind_a_backslash 'domstate my\ g' 'domstate my\\ guest $'
completes in_double_quotes 'domstate "my g' 'domstate "my guest" $'
type_keys Enter
check_screen and_that_one_too '^running'
completes in_single_quotes "domstate 'my g" "domstate 'my guest' \$"
completes a_quote_in_a_name 'domstate it' "domstate it\\\\'s \$"
completes a_semicolon_in_a_name 'domstate a' 'domstate a\\;b $'
completes the_value_of_an_option 'domstate --domain my' '--domain my\\ guest $'
completes a_volume_of_a_pool_by_its_uuid 'vol-info --pool 0a0a0a0a-0000-4000-8000-000000000012 a' ' a\\ disk $'

# --- bash, with bash-completion and without ---------------------------------------------------------
cat >"$WORK/bare" <<EOF
PS1='ready> '
PATH=$BUILD/bin:\$PATH
for file in $BUILD/completions/*; do . \$file; done
EOF
{
	echo '. /usr/share/bash-completion/bash_completion'
	cat "$WORK/bare"
} >"$WORK/full"
for kind in bare full; do
	[ $kind = bare ] || [ -r /usr/share/bash-completion/bash_completion ] || continue
	fresh bash --rcfile "$WORK/$kind" -i
	shows 'ready>'
	completes ${kind}_a_command 'vmctl undef' 'vmctl undefine $'
	completes ${kind}_an_option 'vmctl undefine --nv' 'undefine --nvram $'
	completes ${kind}_a_guest_of_the_named_connection 'vmctl -c test:///default domstate te' 'domstate test $'
	completes ${kind}_a_quoted_connection "vmctl -c 'test:///default' domstate te" 'domstate test $'
	completes ${kind}_a_guest_that_an_option_names 'vmctl -c test:///default dominfo --domain te' '--domain test $'
	completes ${kind}_a_connection 'vmctl -c test:' 'vmctl -c test:///default $'
	completes ${kind}_a_connection_with_equals 'vmctl --connect=test:' 'vmctl --connect=test:///default $'
	completes ${kind}_a_blank "vmctl -c test://$WORK/node.xml domstate my" 'domstate my\\ guest $'
	completes ${kind}_behind_a_backslash "vmctl -c test://$WORK/node.xml domstate my\\ g" 'domstate my\\ guest $'
	completes ${kind}_in_double_quotes "vmctl -c test://$WORK/node.xml domstate \"my g" 'domstate "my guest" $'
	completes ${kind}_in_single_quotes "vmctl -c test://$WORK/node.xml domstate 'my g" "domstate 'my guest' \$"
	type_keys Enter
	check_screen ${kind}_and_the_line_runs '^running'
	completes ${kind}_an_option_that_takes_a_value 'vm-install --osi' 'vm-install --osinfo'
	completes ${kind}_a_value_of_an_option 'vm-install --osinfo debian1' 'debian1'
	completes ${kind}_a_suboption 'vm-install --disk siz' '--disk size=$'
	completes ${kind}_a_second_suboption 'vm-install --disk size=1,forma' '--disk size=1,format=$'
	completes ${kind}_a_subcommand 'vm-img crea' 'vm-img create $'
	completes ${kind}_a_format 'vm-img create -f qcow' '-f qcow'
	completes ${kind}_a_file "vm-img info $WORK/bar" "info $WORK/bare \$"
	completes ${kind}_a_check 'kvm-check devi' 'kvm-check device $'
	completes ${kind}_the_program_s_own_option 'kvm-check --no-p' 'kvm-check --no-probe $'
	clear_line
	type_keys -l 'vmctl -c '
	type_keys Tab Tab
	check_screen ${kind}_connections_are_offered_and_no_commands 'qemu:///session.*qemu:///system'
done
