#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Devices that come, go and change, on a real libvirtd: what virsh does to one guest vmctl does to its twin.
. "$(dirname "$0")/harness.sh"
. "$(dirname "$0")/same.sh"

daemon_start
guest_files
vmctl() { command vmctl -c "$URI" "$@"; }
guest() {
	tiny_guest "$1" "<disk type='file' device='cdrom'><source file='$WORK/a.iso' startupPolicy='optional'/><target dev='sda' bus='sata'/></disk>" \
		"<controller type='usb' model='none'/>" \
		"<interface type='network'><mac address='52:54:00:dd:$2:01'/><source network='default'/></interface>"
}
for image in a.iso b.iso one.img two.img; do truncate -s 1M "$WORK/$image"; done
chmod 666 "$WORK"/*.img
echo "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>" >"$WORK/rng.xml"
echo "<rng model='virtio'><backend model='random'>/dev/urandom</backend><alias name='ua-rng'/></rng>" >"$WORK/named.xml"
echo "<disk type='file' device='cdrom'><source file='$WORK/b.iso'/><target dev='sda' bus='sata'/></disk>" >"$WORK/cd.xml"
echo "<watchdog model='i6300esb'/>" >"$WORK/gone.xml"
cd "$WORK" || exit 1
guest one 01 >one.xml
guest two 02 >two.xml

check two_guests_are_defined vmctl "define one.xml; define two.xml; net-start default"
same_lines <<END
attach-device @1@ rng.xml --config
attach-device @1@ rng.xml --persistent
dumpxml @1@ --xpath //rng
detach-device @1@ rng.xml --config
detach-device @1@ rng.xml --persistent
attach-device @1@ rng.xml --live
attach-disk @1@ $WORK/b.iso sdb --type cdrom --targetbus sata --config
detach-disk @1@ sdb --print-xml --config
detach-disk @1@ sdb --config
attach-disk @1@ $WORK/@1@.img vdb --driver qemu --subdriver raw --persistent
detach-disk @1@ vdb --persistent
change-media @1@ sda $WORK/b.iso --update --config
change-media @1@ $WORK/b.iso --eject --config --force
change-media @1@ sda --eject --config
change-media @1@ sda $WORK/a.iso --insert --current
change-media @1@ sda $WORK/b.iso --insert
change-media @1@ sda --eject --live
domblklist @1@ --details
domif-setlink one 52:54:00:dd:01:01 down --config --print-xml
attach-interface @1@ network default --config --mac 52:54:00:dd:09:02 --model virtio
attach-interface @1@ network nosuch --live
domiflist @1@ --inactive
detach-interface @1@ network --config
detach-interface @1@ network --mac 52:54:00:dd:09:02 --print-xml
detach-interface @1@ network --mac 52:54:00:dd:09:02 --persistent
detach-interface @1@ network --mac 52:54:00:dd:09:02 --current
attach-interface @1@ network default --current --mac 52:54:00:dd:09:03
detach-interface @1@ network --mac 52:54:00:dd:09:03 --current
detach-device-alias @1@ nosuch --config
update-device @1@ rng.xml
update-memory-device @1@ --requested-size 1G
END
vmctl attach-disk two "$WORK/b.iso" sda --config >"$WORK/taken.out" 2>&1
check_output a_name_that_is_taken_is_named 'target sda already exists' cat "$WORK/taken.out"
check and_starting_the_guest_is_not_the_advice sh -c "! grep -q 'starts it' '$WORK/taken.out'"
# A newer virsh writes the source at another place.
has_libvirt 11.0.0 || same_lines <<END
change-media @1@ sda $WORK/b.iso --print-xml
change-media @1@ sda --source $WORK/a.iso --print-xml
END
check both_start vmctl "start one --paused; start two --paused"
same_lines <<END
attach-device @1@ named.xml --live
dumpxml @1@ --xpath //rng/alias
detach-device-alias @1@ ua-nosuch --live
change-media @1@ sda --eject --live
change-media @1@ sda $WORK/b.iso --insert --live
change-media @1@ sda $WORK/a.iso --current
domblklist @1@
domblkstat @1@ sda
domif-getlink one vnet0
detach-disk @1@ sda --live
detach-disk @1@ sda --print-xml --live
change-media @1@ sda --update --print-xml
change-media @1@ sda --print-xml
END
check a_link_goes_down vmctl domif-setlink two 52:54:00:dd:02:01 down
check_output it_is_down '52:54:00:dd:02:01 down' vmctl domif-getlink two 52:54:00:dd:02:01
check_output its_definition_is_not 'up' vmctl domif-getlink two 52:54:00:dd:02:01 --persistent
check it_goes_down_there vmctl domif-setlink two 52:54:00:dd:02:01 down --config
check_output and_stays_there 'down' vmctl domif-getlink two 52:54:00:dd:02:01 --config
check and_back_by_the_old_name vmctl domif-setlink two 52:54:00:dd:02:01 up --persistent
check an_interface_comes vmctl attach-interface two network default --persistent --mac 52:54:00:dd:02:07 --alias ua-net
check_output it_is_there '52:54:00:dd:02:07' vmctl domiflist two
check_status two_of_a_kind_need_a_name 4 vmctl detach-interface two network --live
check a_disk_of_the_definition_changes vmctl update-device two cd.xml --config
check and_as_it_is_now vmctl update-device two cd.xml --current
check or_both vmctl update-device two cd.xml --persistent
check or_as_it_runs vmctl update-device two cd.xml --live --force
check a_device_is_asked_to_go vmctl detach-device two named.xml --current
check_output a_device_that_is_not_there 'Failed to detach device from gone.xml' vmctl detach-device two gone.xml --live
check_status a_cd_drive_stays 1 vmctl detach-disk two sda --current
check_status an_interface_that_is_not_there 3 vmctl detach-interface two bridge --current
check one_of_them_is_asked_to_go_by_its_alias vmctl detach-device-alias two ua-net --current
check and_the_other_by_its_address vmctl detach-interface two network --live --mac 52:54:00:dd:02:01
check a_threshold_is_set vmctl domblkthreshold two sda 1G

# Places for PCI devices.
port="<controller type='pci' model='pcie-root-port'/>"
tiny_guest express "<controller type='pci' model='pcie-root'/>" "$port" "$port" "$port" "$port" >"$WORK/express.xml"
check a_guest_with_ports vmctl create "$WORK/express.xml" --paused
check_output an_old_card_fits_none "'rtl8139' is older than PCI Express.*no definition.*model='pcie-to-pci-bridge'" \
	vmctl attach-interface express network default --model rtl8139 --live
vmctl -q destroy express
# hinted COMMAND...: does both that the hint of the command names, for the next boot.
hinted() {
	local said hint='s/.*; \(vmctl -c .*\) adds it for the next boot, \(vmctl -c .*\) a free place.*'
	said=$("$@" 2>&1) && return 1
	bash -c "$(sed -n "$hint/\1/p" <<<"$said")" && bash -c "$(sed -n "$hint/\2/p" <<<"$said")" &&
		[[ $said == *" -c "*" -c "* ]]
}
places() { vmctl dumpxml "$1" --inactive | grep -c "type='pci' index"; }
vmctl -q define "$WORK/express.xml"
vmctl -q start express --paused
echo "<interface type='user'><model type='rtl8139'/></interface>" >"$WORK/old.xml"
check_output its_ports_are_free "'rtl8139' is older than PCI Express and fits none of the guest's [1-9] ports: its virtio" \
	vmctl attach-device express "$WORK/old.xml"
check it_gets_a_bridge hinted vmctl attach-device express "$WORK/old.xml"
check_output two_of_them '^2$' sh -c "vmctl -c '$URI' dumpxml express --inactive | grep -c pcie-to-pci-bridge"
check modify_says_it_of_itself hinted vmctl modify express --add-device --network user,model=rtl8139 --update
vmctl -q destroy express
vmctl -q undefine express
for _ in 1 2 3 4 5 6 7 8; do
	vmctl attach-device one rng.xml --live >"$WORK/attach.out" 2>&1 || break
done
check_output a_guest_without_a_free_slot_is_told_so "all [1-9] PCI ports of the guest are taken.* attach-device 'one' 'rng.xml' --config" cat "$WORK/attach.out"
before=$(places one)
check what_the_hint_says_works hinted vmctl attach-device one rng.xml --live
check and_there_is_one_place_more test "$(places one)" -gt "$before"
check_output options_are_in_the_hint_too "attach-disk 'one' '$WORK/one.img' 'vdb' --subdriver 'raw' --config" \
	vmctl attach-disk one "$WORK/one.img" vdb --subdriver raw --live

# File descriptors.
exec 7<>"$WORK/two.img"
check a_descriptor_is_passed vmctl dom-fd-associate two images 7 --seclabel-writable --seclabel-restore
check_status one_that_is_none 2 vmctl dom-fd-associate two images 9,x

# Memory devices.
sed 's,<name>one,<name>memory,; s,dd:01:,dd:03:,; s,<memory unit=.MiB.>128</memory>,<maxMemory slots="4" unit="GiB">2</maxMemory><memory unit="MiB">256</memory>,; s,<os>,<cpu><numa><cell id="0" cpus="0" memory="128" unit="MiB"/></numa></cpu><os>,; s,</devices>,<memory model="virtio-mem"><target><size unit="MiB">128</size><node>0</node><block unit="MiB">2</block><requested unit="MiB">64</requested></target></memory></devices>,' one.xml >memory.xml
check a_guest_with_a_memory_device_is_defined vmctl define memory.xml
same_lines <<END
update-memory-device memory --print-xml
update-memory-device memory --print-xml --node 0 --requested-size 32M
update-memory-device memory --print-xml --node 7
update-memory-device memory --node 0 --alias x
update-memory-device memory --requested-size 32M --config
update-memory-device memory --requested-size 16384 --current
update-memory-device memory --requested-size 16M --live
dumpxml memory --xpath //requested
END
