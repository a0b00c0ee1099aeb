#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Care for many images: locks while a command runs, what is wrong with a directory, what goes to the trash and
# comes back, what differs.
. "$(dirname "$0")/harness.sh"
command -v qemu-img qemu-io >/dev/null || skip_all "qemu-utils is not installed"
cd "$WORK" || exit 1
export LC_ALL=C

# --- lock: nobody begins to write while the command runs.
qemu-img create -q -f qcow2 base.qcow2 8M
qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 over.qcow2
check_status lock_ends_as_its_command_does 7 vm-img lock over.qcow2 -- sh -c 'exit 7'
check_status lock_tells_what_is_no_program 127 vm-img lock over.qcow2 -- no-such-program
check_status lock_tells_what_cannot_be_run 126 vm-img lock over.qcow2 -- ./base.qcow2
check_status lock_wants_a_command 2 vm-img lock over.qcow2
check_status lock_wants_an_image 125 vm-img lock missing.qcow2 -- true
# shellcheck disable=SC2016 # for the inner shell
check_status its_words_are_no_options_of_ours 0 vm-img lock over.qcow2 -- sh -c '[ "$1" = --exclusive ]' sh --exclusive
check_status lock_gives_its_terminal_away 2 vm-img lock --json over.qcow2 -- true
for image in over.qcow2 base.qcow2; do
	refused_here "no_writer_begins_on_$image" 1 'Failed to get .* lock' vm-img lock over.qcow2 -- qemu-io -c 'write 0 4k' "$image"
done
check readers_may_read vm-img lock over.qcow2 -- qemu-img convert -O raw over.qcow2 copy.raw
check_output exclusively_they_may_not 'Failed to get shared' vm-img lock --exclusive over.qcow2 -- qemu-img info over.qcow2
check_output who_writes_all_the_same_is_told "'base.qcow2' was written meanwhile" vm-img lock over.qcow2 -- sh -c 'echo >>base.qcow2'
check with_exclusive_that_is_meant sh -c '! vm-img lock --exclusive over.qcow2 -- touch over.qcow2 2>&1 | grep .'
mkfifo go
vm-img lock --exclusive over.qcow2 -- sh -c 'echo >go; read -r _ <go' &
read -r _ <go
refused_here who_holds_it_is_named 125 "in use by 'vm-img' \(process [0-9]+ of user" vm-img lock over.qcow2 -- true
(
	wait_for 5 pgrep -f 'lock --wait 20 over.qcow2'
	echo >go
) &
check lock_waits_until_it_is_free vm-img lock --wait 20 over.qcow2 -- true
wait
# Killed, it leaves the lock to its command.
vm-img lock over.qcow2 -- sh -c 'echo >go; read -r _ <go' &
read -r _ <go
kill -KILL $!
wait $! 2>/dev/null
check_output a_killed_lock_stays_with_its_command 'Failed to get .* lock' qemu-io -c 'write 0 4k' over.qcow2
echo >go
check and_goes_with_it wait_for 5 qemu-io -c 'write 0 4k' over.qcow2

# A writer at random moments, 200 rounds of both: what the command reads twice is the same.
twice() {
	local writes=0 i until=$((SECONDS + 8))
	for ((i = 1; i <= 200 && SECONDS < until; i++)); do
		vm-img lock over.qcow2 -- sh -c 'cksum over.qcow2 >first; cksum over.qcow2 >second' 2>lock.err &
		qemu-io -c "write -q -P $((i % 255)) 0 64k" over.qcow2 >/dev/null 2>&1 && writes=$((writes + 1))
		wait $! || { [ $? -eq 125 ] && continue; } || { cat lock.err; return 1; }
		cmp first second || return 1
	done
	echo "$i rounds, $writes writes"
	[ $i -gt 20 ]
}
check what_is_read_under_the_lock_holds_still twice
