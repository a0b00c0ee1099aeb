#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Whatever hangs on a host, kvm-check comes to an end within five seconds and says what it was.
. "$(dirname "$0")/harness.sh"
if [ "$(id -u)" != 0 ] || ! unshare --mount --pid --fork true 2>/dev/null; then skip_all "needs root and namespaces"; fi
case $BUILD in */sanitize*) skip_all "what an ended process held is lost, which the sanitizers take for a leak" ;; esac
cd "$WORK" || exit 1

# In namespaces of its own: hang KIND AT, where AT is a path of the host over which the thing is mounted,
# and then kvm-check ARGUMENTS. Prints what it says, its status and how long it took.
cat >inside.sh <<'EOS'
kind=$1 at=$2
shift 2
place=$(mktemp -d)
case $kind in
fanotify) : >"$place/file" && "$HANG" fanotify "$place/file" >"$place/ready" & ;;
fuse) mkdir "$place/mounted" && "$HANG" fuse "$place/mounted" >"$place/ready" & ;;
socket) mkdir -p "${at%/*}" && mount -t tmpfs none "${at%/*}" && "$HANG" socket "$at" >"$place/ready" & ;;
fifo) mkfifo "$place/file" && echo ready >"$place/ready" ;;
program) printf '#!/bin/sh\nsleep 60\n' >"$place/file" && chmod 755 "$place/file" && echo ready >"$place/ready" ;;
esac
for i in $(seq 100); do grep -q ready "$place/ready" 2>/dev/null && break; sleep 0.05; done
case $kind in
fanotify | fifo | program) mount --bind "$place/file" "$at" ;;
fuse) mount --bind "$place/mounted" "$at" 2>/dev/null || mount --move "$place/mounted" "$at" ;;
esac
start=${EPOCHREALTIME/./}
kvm-check "$@" 2>&1 | cat
echo "status ${PIPESTATUS[0]}"
echo "took $(((${EPOCHREALTIME/./} - start) / 1000)) ms"
EOS

# hangs NAME KIND AT PATTERN ARGUMENTS...: it ends in time, and says a line like PATTERN.
hangs() {
	local name=$1 kind=$2 at=$3 pattern=$4 took
	shift 4
	timeout -s KILL 60 unshare --mount --pid --fork --kill-child --mount-proc \
		env HANG="$BUILD/tests/instruments/hang" bash inside.sh "$kind" "$at" "$@" >said 2>&1
	took=$(sed -n 's/^took \([0-9]*\) ms$/\1/p' said)
	if [ -n "$took" ] && [ "$took" -lt 5000 ] && tr '\n' ' ' <said | tr -s ' ' | grep -qE -- "$pattern"; then
		ok "$name"
	else
		not_ok "$name" said
	fi
}

# /dev/kvm: opening it is the probe's and the device check's.
[ -e /dev/kvm ] || mknod -m 600 /dev/kvm c 10 232
hangs a_permission_that_never_comes fanotify /dev/kvm 'status 8' device probe
hangs also_without_the_probe fanotify /dev/kvm 'status 8' --no-probe
hangs and_in_the_default_run fanotify /dev/kvm 'KVM is one fix away' -v
hangs and_on_record fanotify /dev/kvm 'recorded below' --record "$WORK/hang-record"
hangs a_fifo_in_its_place fifo /dev/kvm 'not the character device'

# Files and file systems.
hangs cpuinfo_that_does_not_open fanotify /proc/cpuinfo '/proc/cpuinfo does not answer.*status 5'
hangs a_file_that_does_not_open fanotify /proc/meminfo 'WARN memory: /proc/meminfo does not answer'
tree=$ROOT/tests/hosts/intel-desktop/tree
hangs a_file_of_a_recorded_machine fanotify "$tree/proc/meminfo" 'memory: /proc/meminfo does not answer' --root "$tree"
hangs a_fifo_for_a_file fifo /proc/meminfo '^(Use|KVM is|Unknown)'
mkdir -p /var/lib/libvirt/images /etc/modprobe.d
hangs a_file_system_that_is_away fuse /var/lib/libvirt/images 'default pool: .*does not answer' --no-probe
hangs where_libvirt_s_files_are_away fuse /etc/libvirt "does not answer" -v
mkdir -p /run/libvirt
hangs where_its_sockets_are_away fuse /run/libvirt "does not answer" -v all
hangs a_tree_that_is_away fuse /mnt "cannot read the machine below '/mnt'.*status 5" --root /mnt
hangs explaining_one_of_them fuse /var/lib/libvirt/images 'does not answer' explain storage

hangs modules_that_are_away fuse /mnt 'does not answer.*status 5' modules --root /mnt
hangs and_loading_one fuse /etc/modprobe.d 'cannot inspect modules.*does not answer.*status 5' load tun
hangs unloading_one fuse /etc/modprobe.d 'cannot inspect modules.*does not answer.*status 5' unload tun
hangs counts_that_do_not_come fuse /sys/kernel/debug 'kvm does not answer.*status 5' --watch --count 1

# Sockets and programs.
hangs a_daemon_that_keeps_silent socket /run/libvirt/libvirt-sock 'takes connections but does not answer' libvirt
if qemu=$(command -v qemu-system-x86_64); then
	hangs a_qemu_that_does_not_answer program "$(readlink -f "$qemu")" 'does not answer --version' qemu
fi
