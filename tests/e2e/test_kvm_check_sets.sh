#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Each check of virt-host-validate has its counterpart, and on this machine both say the same.
. "$(dirname "$0")/harness.sh"

# SET|what virt-host-validate checks, as a regular expression|our check|its subject, if it has several
cat >"$WORK/pairs" <<'EOF_PAIRS'
qemu|for hardware virtualization|virtualization|
qemu|if device /dev/kvm exists|kvm_device|
qemu|if device /dev/kvm is accessible|kvm_device_caller|
qemu|for PowerPC KVM module loaded|kvm_processor|
qemu|if device /dev/vhost-net exists|vhost_net|
qemu|if device /dev/net/tun exists|tun|
qemu|for cgroup 'cpu' controller support|cgroup_cpu|cpu
qemu|for cgroup 'cpuacct' controller support|cgroup_cpuacct|cpuacct
qemu|for cgroup 'cpuset' controller support|cgroup_cpuset|cpuset
qemu|for cgroup 'memory' controller support|cgroup_memory|memory
qemu|for cgroup 'devices' controller support|cgroup_devices|devices
qemu|for cgroup 'blkio' controller support|cgroup_blkio|blkio
qemu|for device assignment IOMMU support|iommu|
qemu|if IOMMU is enabled by kernel|iommu_enabled|
qemu|for secure guest support|secure_guests|
lxc|for Linux >= 2.6.26|linux_release|
lxc|for namespace ipc|namespace|ipc
lxc|for namespace mnt|namespace|mnt
lxc|for namespace pid|namespace|pid
lxc|for namespace uts|namespace|uts
lxc|for namespace net|namespace|net
lxc|for namespace user|namespace|user
lxc|for cgroup 'cpu' controller support|cgroup_cpu|cpu
lxc|for cgroup 'cpuacct' controller support|cgroup_cpuacct|cpuacct
lxc|for cgroup 'cpuset' controller support|cgroup_cpuset|cpuset
lxc|for cgroup 'memory' controller support|cgroup_memory|memory
lxc|for cgroup 'devices' controller support|cgroup_devices|devices
lxc|for cgroup 'freezer' controller support|cgroup_freezer|freezer
lxc|for cgroup 'blkio' controller support|cgroup_blkio|blkio
lxc|if device /sys/fs/fuse/connections exists|fuse|
ch|for hardware virtualization|virtualization|
ch|if device /dev/kvm exists|kvm_device|
ch|if device /dev/kvm is accessible|kvm_device_caller|
bhyve|for vmm module|freebsd_module|vmm
bhyve|for if_tap module|freebsd_module|if_tap
bhyve|for if_bridge module|freebsd_module|if_bridge
bhyve|for nmdm module|freebsd_module|nmdm
EOF_PAIRS

# ours SET KEY SUBJECT: the verdicts that the set gives, one a line.
ours() {
	kvm-check --json "$1" ${4:+--root "$4"} | awk -F '"' -v key="$2" -v subject="$3" '
		$2 == "check" { mine = $4 == key; about = subject == "" }
		mine && $2 == "subject" && $4 == subject { about = 1 }
		mine && about && $2 == "verdict" { print $4 }'
}

# A machine on which each of them has something to say: this one, or a recorded one that has the hardware.
has_counterpart() {
	[ -n "$(ours "$1" "$2" "$3")" ] && return
	for machine in intel-desktop ppc64le-powernv; do
		[ -z "$(ours "$1" "$2" "$3" "$ROOT/tests/hosts/$machine/tree")" ] || return 0
	done
	return 1
}

while IFS='|' read -r set theirs key subject; do
	[ "$set" != bhyve ] || continue # only on FreeBSD is there anything to see
	check "$set has a counterpart of: $theirs" has_counterpart "$set" "$key" "$subject"
done <"$WORK/pairs"
mkdir -p "$WORK/freebsd/boot/kernel"
for module in kernel vmm.ko if_tap.ko if_bridge.ko nmdm.ko; do : >"$WORK/freebsd/boot/kernel/$module"; done
for module in vmm if_tap if_bridge nmdm; do
	check "bhyve has a counterpart of: for $module module" \
		[ "$(ours bhyve freebsd_module $module "$WORK/freebsd")" = pass ]
done
check_status bhyve_wants_freebsd 8 kvm-check bhyve

command -v virt-host-validate >/dev/null || skip_all "virt-host-validate is not installed"
# same_verdict SET LINE: what the line of virt-host-validate says is what we say.
same_verdict() {
	local set=$1 line=$2 pair verdict
	pair=$(grep "^$set|" "$WORK/pairs" | while IFS='|' read -r _ theirs key subject; do
		[[ $line != *"Checking $theirs "* ]] || echo "$key|$subject"
	done)
	[ -n "$pair" ] || { echo "no counterpart is named for: $line"; return 1; }
	verdict=$(ours "$set" "${pair%%|*}" "${pair#*|}" | sort -u)
	echo "$line"
	echo "ours: $verdict"
	case $line in
	*": PASS"*) [ "$verdict" = pass ] ;;
	*": FAIL"*) [ "$verdict" = fail ] ;;
	# Some warnings say no more than that it does not know.
	*": WARN"*) [ "$verdict" = warn ] || [ "$verdict" = note ] || [[ $line == *"Unknown if"* ]] ;;
	esac
}
for set in qemu lxc; do
	# Newer ones quote what older ones do not.
	virt-host-validate "$set" 2>/dev/null |
		sed -E "s/(namespace|device) '([^']*)'/\\1 \\2/" >"$WORK/theirs"
	while read -r line; do
		check "$set agrees: ${line:0:60}" same_verdict "$set" "$line"
	done <"$WORK/theirs"
done
