#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The main job from start to end: is this host able to run guests, a disk, a guest that boots from it and
# writes to it, a look at what runs. `make quickstart` builds the programs and runs this.
#
#   examples/quickstart.sh          do it
#   examples/quickstart.sh clean    remove all that it made
#
# As root it uses qemu:///system; where no daemon answers it starts one: with systemd its sockets, else
# virtlogd and libvirtd themselves. As any other user it uses qemu:///session, which starts by itself.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
[ ! -x "$here/build/bin/vmctl" ] || PATH=$here/build/bin:$PATH
guest=vmkit-quickstart
if [ "$(id -u)" = 0 ]; then
	uri=qemu:///system
	state=/var/lib/libvirt/images/$guest
else
	uri=qemu:///session
	state=${XDG_DATA_HOME:-$HOME/.local/share}/$guest
fi
export VMCTL_URI=$uri

say() { printf '\n== %s\n' "$*"; }
answers() { vmctl version >/dev/null 2>&1; }

# A guest of an earlier run.
remove_guest() {
	vmctl domstate "$guest" >/dev/null 2>&1 || return 0
	vmctl -q destroy "$guest" >/dev/null 2>&1 || true
	vmctl -q undefine "$guest"
}

# The daemons, without systemd: inside a PID namespace whose first process reaps the orphans that libvirt
# waits for; where that is not allowed, just so.
start_daemons() {
	mkdir -p "$state"
	[ -d /run/libvirt ] || touch "$state/run.new"
	if unshare --pid --fork --mount-proc true 2>/dev/null; then
		setsid unshare --pid --fork --kill-child --mount-proc \
			bash -c 'virtlogd & libvirtd & wait' >"$state/daemons.log" 2>&1 </dev/null &
	else
		setsid bash -c 'virtlogd & libvirtd & wait' >"$state/daemons.log" 2>&1 </dev/null &
	fi
	echo $! >"$state/daemons.pid"
	echo "There is no systemd here: started virtlogd and libvirtd (log: $state/daemons.log)."
}

# What udev does where there is one. While QEMU's user cannot open the device, libvirt asks QEMU anew at
# every call what it can do, which takes seconds.
open_kvm() {
	[ -e /dev/kvm ] && [ "$(id -u)" = 0 ] && [ ! -d /run/systemd/system ] || return 0
	[ "$(stat -c %G /dev/kvm)" != kvm ] && getent group kvm >/dev/null || return 0
	mkdir -p "$state"
	[ -e "$state/kvm.before" ] || stat -c '%g %a' /dev/kvm >"$state/kvm.before"
	chgrp kvm /dev/kvm
	chmod 660 /dev/kvm
	echo "Gave /dev/kvm to the group kvm, as udev would."
}

ensure_daemon() {
	answers && return 0
	if [ "$uri" = qemu:///session ]; then
		echo "libvirt's session daemon does not start; vmctl says:" >&2
		vmctl version
	elif [ -d /run/systemd/system ]; then
		systemctl start virtlogd.socket libvirtd.socket 2>/dev/null ||
			systemctl start virtlogd.socket virtqemud.socket
	else
		start_daemons
	fi
	for _ in $(seq 100); do
		answers && return 0
		sleep 0.2
	done
	echo "The libvirt daemon does not answer:" >&2
	vmctl version
}

clean() {
	if answers; then
		remove_guest
	fi
	if [ -e "$state/daemons.pid" ]; then
		# Its whole process group: the namespace's first process takes all below with it.
		kill -KILL -- "-$(cat "$state/daemons.pid")" 2>/dev/null || true
		rm -f /run/libvirt/*-sock* /run/libvirtd.pid /run/virtlogd.pid
		[ ! -e "$state/run.new" ] || rm -rf /run/libvirt
	fi
	if [ -e "$state/kvm.before" ]; then
		read -r group mode <"$state/kvm.before"
		chgrp "$group" /dev/kvm
		chmod "$mode" /dev/kvm
	fi
	rm -rf "$state" "/var/log/libvirt/qemu/$guest.log" "${XDG_CACHE_HOME:-$HOME/.cache}/libvirt/qemu/log/$guest.log"
	echo "Removed the guest '$guest', its disk and what was started for it. Packages stay installed."
}

if [ "${1:-}" = clean ]; then
	clean
	exit 0
fi

say "Can this host run guests? (kvm-check)"
kvm-check || true

say "Is there a libvirt daemon? ($uri)"
open_kvm
ensure_daemon
vmctl version

say "A guest kernel and busybox from Debian's packages"
mkdir -p "$state"
"$here/examples/tiny-guest.sh" "$state"
ls -l "$state/vmlinuz" "$state/initrd.gz"

say "A disk (vm-img)"
remove_guest
rm -f "$state/disk.qcow2"
vm-img create -f qcow2 "$state/disk.qcow2" 64M
vm-img info "$state/disk.qcow2"

say "The guest (vm-install)"
vm-install --connect "$uri" --name "$guest" --osinfo linux2022 --memory 128 --vcpus 1 \
	--disk "$state/disk.qcow2" --network none --graphics none \
	--boot "kernel=$state/vmlinuz,initrd=$state/initrd.gz,cmdline=console=ttyS0 quiet no_timer_check" \
	--until "has written to its disk" --wait 2

say "What runs here (vmctl)"
vmctl list
vmctl domblkstat "$guest" vda

say "It works. Try next:"
cat <<EOF
  export VMCTL_URI=$uri PATH=$here/build/bin:\$PATH
  vmctl console $guest        # a shell in the guest; Ctrl and ] leave it
  vmctl                       # an interactive shell with completion
  vmctl dominfo $guest --json
  vmctl shutdown $guest
  make quickstart-clean       # removes all of this again
EOF
