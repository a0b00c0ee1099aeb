#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# kvm-check can GUEST and kvm-check compare HOST...: what guests need, here and on recorded machines.
. "$(dirname "$0")/harness.sh"
cd "$WORK" || exit 1
HOSTS=$ROOT/tests/hosts

# --- can --------------------------------------------------------------------------------------------
# guest TYPE MACHINE CPU DEVICES [MORE]: a guest's XML on standard output.
guest() {
	cat <<-END
		<domain type='$1'><name>web</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>${5:-}
		<os><type arch='x86_64' machine='$2'>hvm</type></os>$3<devices>$4</devices></domain>
	END
}
on() { kvm-check can ./guest.xml --root "$HOSTS/$1/tree"; }
guest kvm pc-q35-7.2 "<cpu mode='host-passthrough'/>" '' >guest.xml
check_status a_guest_that_can_start_ends_with_0 0 on amd-server
check_output and_it_is_said_first '^web can start here, with KVM\.$' on amd-server
check_output where_kvm_is_not_to_be_had_it_cannot '^web cannot start here' on cloud-amazon
check_status with_status_8 8 on cloud-amazon
check_output one_fix_is_handed_on '^ +sudo usermod -aG kvm user$' on device-not-in-group
check_output an_older_qemu_lacks_its_machine_type 'FAIL +machine type .*no such' \
	sh -c "sed s/7.2/8.2/ guest.xml >new.xml; kvm-check can ./new.xml --root '$HOSTS/intel-desktop/tree'"
guest kvm q35 "<cpu mode='custom'><model>Icelake-Server</model></cpu>" '' >guest.xml
check_output a_cpu_model_is_compared_with_the_cpu 'FAIL +CPU +Icelake-Server: this CPU lacks .*avx512' on intel-desktop
guest kvm q35 "<cpu mode='custom'><model>EPYC-Milan-v2</model></cpu>" '' >guest.xml
check_output variants_of_a_model_are_known 'PASS +CPU +EPYC-Milan-v2' on amd-server
guest kvm q35 "<cpu mode='custom'><model>EPYC</model><feature policy='require' name='amx-tile'/></cpu>" '' >guest.xml
check_output so_are_required_features 'WARN +CPU features +it requires amx-tile' on amd-server
guest qemu q35 "<cpu mode='host-passthrough'/>" '' >guest.xml
check_output host_passthrough_needs_kvm 'FAIL +CPU +host-passthrough needs KVM' on amd-server
guest kvm q35 '' "<interface type='network'><source network='default'/></interface>" >guest.xml
check_output a_network_is_looked_up 'PASS +network 1 +default is active' on amd-server
guest qemu q35 '' '' '<memoryBacking><hugepages/></memoryBacking>' >guest.xml
check_output huge_pages_are_counted 'PASS +huge pages +32 of 4096 free ones of 2048 KiB' on amd-server
check_output and_where_there_are_none_it_cannot 'FAIL +huge pages +this host has none' on pvm
guest hvf q35 '' '' >guest.xml
check_output another_type_is_not_for_qemu 'FAIL +accelerator +type hvf' on amd-server

: >disk.raw
guest qemu pc '' "<disk type='file'><source file='$WORK/disk.raw'/><target dev='vda'/></disk>
	<disk type='file'><source file='$WORK/away.raw'/><target dev='vdb'/></disk>
	<disk type='file' device='cdrom'><source file='$WORK/away.iso' startupPolicy='optional'/><target dev='sda'/></disk>
	<interface type='bridge'><source bridge='nobridge0'/></interface>
	<hostdev type='pci'><source><address domain='0x0000' bus='0xfe' slot='0x1f' function='0x7'/></source></hostdev>" >guest.xml
here() { kvm-check can ./guest.xml "$@"; }
check_output a_disk_that_is_here_passes 'PASS +disk vda' here
check_output one_that_is_not_fails "FAIL +disk vdb +$WORK/away.raw is" here
check_output a_missing_bridge_is_told 'there is no bridge nobridge0' kvm-check can ./guest.xml --no-probe
check_output a_missing_host_device_is_told 'this host has no 0000:fe:1f.7' here
as_json() { here --json | jq -e '.can == false and .name == "web" and .accelerator == "tcg" and (.checks | length) > 5'; }
check it_is_one_object_as_json as_json
check_status what_is_no_xml_is_wrong_usage 2 sh -c 'echo "<domain" >bad.xml; kvm-check can ./bad.xml'
check_status what_is_no_guest_is_wrong_usage 2 sh -c 'echo "<network/>" >net.xml; kvm-check can ./net.xml'
check_status a_file_that_is_not_there_is_told 3 kvm-check can ./nowhere.xml
printf '<!DOCTYPE d [<!ENTITY s SYSTEM "file:///etc/passwd">]><domain type="qemu"><name>&s;</name></domain>' >entity.xml
check_status entities_are_not_read 2 kvm-check can ./entity.xml

# --- compare ----------------------------------------------------------------------------------------
compare() {
	local names=() name
	for name in "$@"; do names+=("$name/tree"); done
	(cd "$HOSTS" && kvm-check compare "${names[@]}" | tr '\n' ' ')
	(cd "$HOSTS" && kvm-check compare "${names[@]}" >/dev/null)
}
check_output the_best_common_model_and_machine_are_named 'may use: CPU EPYC-Rome, machine' compare amd-server amd-badly-tuned
check_output the_newest_machine_type_that_both_have 'pc-q35-8\.0' compare amd-server amd-badly-tuned
check_output who_stands_in_the_way_of_more 'badly-tuned/tree prevents EPYC-Milan: it lacks' compare amd-server amd-badly-tuned
check_output also_with_its_qemu 'prevents pc-q35-8.2: its QEMU is' compare amd-server amd-badly-tuned
check_output makers_have_no_model_in_common 'all models but kvm64' compare amd-server intel-desktop
check_status other_architectures_end_with_8 8 compare amd-server arm64-server
check_output and_are_told 'Guests cannot move between these hosts' compare amd-server arm64-server
check_output elsewhere_the_same_cpu_is_wanted 'prevents moves with KVM' compare arm64-server arm64-cloud
# Another host answers through ssh; here that runs on this one.
mkdir stubs
# shellcheck disable=SC2016 # for the script that is written
printf '#!/bin/sh\necho "$*" >>"%s/asked"\nwhile [ "$1" != -- ]; do shift; done\n[ "$2" = good ] || { echo "ssh: no such host" >&2; exit 255; }\nshift 2\nexec "$@"\n' "$WORK" >stubs/ssh
chmod +x stubs/ssh
remote() { PATH=$WORK/stubs:$PATH kvm-check compare "$@"; }
check_output a_host_is_asked_by_ssh '^good: x86_64|^good: ' remote good localhost
check nothing_it_is_called_becomes_an_option grep -q -- '-- good kvm-check compare --json' asked
check_status one_that_cannot_be_reached_fails 1 remote bad
kvm-check compare --json >saved.json
check_output what_was_saved_can_be_compared '^localhost: ' kvm-check compare ./saved.json "$HOSTS/amd-server/tree"
check_status another_document_is_wrong_usage 2 sh -c 'echo "{}" >other.json; kvm-check compare ./other.json'
compare_json() { kvm-check compare "$HOSTS/amd-server/tree" "$HOSTS/amd-badly-tuned/tree" --json |
	jq -e '.possible and .cpu_model == "EPYC-Rome" and (.machine_types | index("pc-q35-8.0")) and (.hosts | length) == 2'; }
check it_is_data_as_json compare_json
