#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Images in use by a guest of libvirt's: flattened and committed by it, and kept from it by vm-img lock.
. "$(dirname "$0")/harness.sh"
command -v qemu-img qemu-io >/dev/null || skip_all "qemu-utils is not installed"
daemon_start
cd "$WORK" || exit 1

qemu-img create -q -f qcow2 root.qcow2 8M
qemu-img create -q -f qcow2 -b root.qcow2 -F qcow2 base.qcow2
qemu-io -c 'write -q -P 7 0 1M' base.qcow2
for name in over other; do
	qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 $name.qcow2
	qemu-io -c 'write -q -P 9 2M 1M' $name.qcow2
done
chmod 666 ./*.qcow2
cat >guest.xml <<END
<domain type='qemu'><name>live</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='q35'>hvm</type></os>
<devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
<disk type='file'><driver name='qemu' type='qcow2'/><source file='$WORK/over.qcow2'/><target dev='vda' bus='virtio'/></disk>
</devices></domain>
END
vmctl -q -c "$URI" define guest.xml
check_output a_guest_does_not_start_under_the_lock 'lock' vm-img lock over.qcow2 -- vmctl -q -c "$URI" start --paused live
check_status nor_is_one_flattened_that_does_not_run 4 vm-img flatten --live --connect "$URI" over.qcow2
check it_starts_when_the_lock_has_gone vmctl -q -c "$URI" start --paused live
refused_here then_it_is_named 125 "in use by guest 'live' \(process [0-9]+ of user" vm-img lock over.qcow2 -- true
refused_here it_is_not_flattened_behind_its_back 4 "in use by guest 'live'" vm-img flatten over.qcow2
refused_here nor_what_is_below 4 "guest 'live' does not write to it" vm-img commit --live --yes --connect "$URI" base.qcow2
check_output the_guest_flattens_it '"flattened_by": "live"' vm-img flatten --live --json --connect "$URI" over.qcow2
check it_stands_on_nothing sh -c 'vm-img info --json over.qcow2 | jq -e "has(\"backing-filename\") | not"'
vmctl -q -c "$URI" destroy live
check it_has_all_of_it qemu-img compare -q over.qcow2 other.qcow2
vmctl -q -c "$URI" undefine live
sed -i 's/over.qcow2/other.qcow2/' guest.xml
check another_starts vmctl -q -c "$URI" create --paused guest.xml
refused_here commit_asks_here_too 9 "'base.qcow2' would be changed for good" vm-img commit --live --connect "$URI" other.qcow2
check_output the_guest_commits_it "Guest 'live' does not use 'other.qcow2' any more" vm-img commit --live --yes --connect "$URI" other.qcow2
check_output it_goes_on_with_the_backing_file "vda .*/base.qcow2" vmctl -c "$URI" domblklist live
vmctl -q -c "$URI" destroy live
check which_has_all_of_it qemu-img compare -q base.qcow2 over.qcow2
