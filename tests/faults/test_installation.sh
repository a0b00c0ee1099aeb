#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# An installation that fails or is interrupted at any step leaves neither guest nor disk behind.
. "$(dirname "$0")/../e2e/harness.sh"

private_mounts
daemon_start
guest_files
mkdir "$WORK/disks" "$WORK/small" "$WORK/closed"
chmod 755 "$WORK/disks"
boot="kernel=$GUEST/vmlinuz,initrd=$GUEST/initrd.gz,cmdline=console=ttyS0 quiet no_timer_check"

# install URI DISK ARGUMENTS...
install() {
	local uri=$1 disk=$2
	shift 2
	vm-install --connect "$uri" --osinfo linux2022 --memory 128 --vcpus 1 --network none --graphics none --name cut \
		--boot "$boot" --disk "$disk" --noautoconsole "$@"
}
disk=path=$WORK/disks/cut.qcow2,size=0.01
no_guest() { ! vmctl -c "$URI" domstate cut 2>/dev/null; }
nothing_in() { [ -z "$(ls -A "$1")" ] || { ls -lA "$1" && return 1; }; }
nothing_left() { no_guest && nothing_in "$WORK/disks" && nothing_in "${XDG_CACHE_HOME:-$HOME/.cache}/vmkit/boot"; }
export XDG_CACHE_HOME=$WORK/cache
mkdir -p "$WORK/cache/vmkit/boot"

# No space, no permission, no such pool, a name that is taken.
mount -t tmpfs -o size=1M,mode=755 none "$WORK/small"
check_status no_space_for_a_disk 1 install "$URI" "path=$WORK/small/cut.raw,size=0.05,format=raw,sparse=no"
check leaves_none_behind nothing_in "$WORK/small"
check nor_a_guest no_guest
mount --bind "$WORK/closed" "$WORK/closed" && mount -o remount,bind,ro "$WORK/closed"
check_output no_permission_for_a_disk 'Read-only' install "$URI" "path=$WORK/closed/cut.qcow2,size=0.01"
check leaves_no_guest_either no_guest
check_status one_disk_that_cannot_be_made 1 install "$URI" "$disk" --disk "path=$WORK/closed/other.qcow2,size=0.01"
check takes_the_other_back nothing_left
check a_guest_is_there install "$URI" none
check_status a_name_that_is_taken 4 install "$URI" "$disk"
check makes_no_disk nothing_in "$WORK/disks"
vmctl -q -c "$URI" destroy cut && vmctl -q -c "$URI" undefine cut

# The daemon goes, or somebody types ^C, at each third call. Who cannot ask the daemon what has become of a guest
# leaves its disk.
proxy_start
calls=$(proxy_count install "$PROXY_URI" "$disk")
vmctl -q -c "$URI" destroy cut && vmctl -q -c "$URI" undefine cut && rm "$WORK/disks/cut.qcow2"
check it_makes_calls test "$calls" -gt 5
for how in lose interrupt; do
	for ((i = 2; i <= calls; i += 3)); do
		proxy_start "--$how" "$i"
		install "$PROXY_URI" "$disk" >"$WORK/cut.log" 2>&1
		status=$?
		if [ $status -eq 0 ]; then # too late
			check "${how}_${i}_has_made_it" vmctl -q -c "$URI" destroy cut
			vmctl -q -c "$URI" undefine cut && rm "$WORK/disks/cut.qcow2"
			continue
		fi
		if ! no_guest && [ $how = lose ]; then
			check "${how}_${i}_says_what_stays" grep -q "vmctl -c '$PROXY_URI' undefine 'cut'" "$WORK/cut.log"
			check "${how}_${i}_leaves_a_whole_guest" rm "$(sed -n 's/.*its disk stays: //p' "$WORK/cut.log")"
			vmctl -q -c "$URI" undefine cut
		fi
		check "${how}_${i}_leaves_nothing" nothing_left
		[ "$how" = lose ] || check "and_says_so_$i" test $status -eq 130
	done
done
