#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# modify: XML on standard input, questions, another admin at work; and a guest that runs, whose kernel sees
# what comes and goes.
. "$(dirname "$0")/harness.sh"

daemon_start
guest_files
vmctl() { command vmctl -c "$URI" "$@"; }
mkdir "$WORK/disks"
chmod 777 "$WORK/disks"
cd "$WORK/disks" || exit 1

# --- XML that others wrote, on standard input.
cat >../given.xml <<'END'
<domain type='qemu'>
  <!-- of another distribution -->
  <name>foreign</name>

  <memory unit='MiB'>64</memory>
  <os><type arch='x86_64' machine='pc-q35-rhel9.4.0'>hvm</type></os>
  <devices>
	<emulator>/usr/libexec/qemu-kvm</emulator>
    <disk   type='file'><source file='/a.img'/><target dev='sda' bus='sata'/></disk>
    <unknown a="1">kept</unknown> <!-- behind -->
  </devices>
</domain>
END
vmctl -q modify --edit --disk cache=none <../given.xml >../changed.xml 2>../errors
check only_what_is_named_changes diff <(tr "'" '"' <../given.xml | sed -E 's|<disk +type="file">|<disk type="file"><driver cache="none"/>|') ../changed.xml
vmctl modify --edit --machine auto <../given.xml >../machine.xml 2>../errors
check_output the_nearest_machine_type_is_found 'machine="q35"' cat ../machine.xml
check_output and_the_emulator_of_this_host '<emulator>/usr/bin/qemu-system-x86_64<' cat ../machine.xml
check_output a_type_of_a_version_has_one_near_it 'machine="pc-q35-7.[0-9]"' \
	vmctl modify --edit --machine auto < <(sed 's/rhel9.4.0/7.99/' ../given.xml)
vmctl modify --print-diff --edit --metadata name= <../given.xml >../diff 2>../errors
check_output a_difference_is_one '^-  <name>foreign</name>' cat ../diff
check_status what_is_no_domain_is_refused 2 vmctl modify --edit --memory 64 <<<'<network/>'
check_status nor_is_nothing_a_guest 2 vmctl modify --edit --memory 64 </dev/null
check_status standard_input_answers_no_questions 2 vmctl modify --confirm --edit --memory 64 <../given.xml
check_status and_does_not_run 2 vmctl modify --update --edit --memory 64 <../given.xml

# --- A guest that says once a second which disks and network cards its kernel has.
mkdir extra
cat >extra/extra <<'END'
#!/bin/busybox sh
while :; do echo "has $(cd /sys/block && echo vd*) $(cd /sys/class/net && echo *) end"; sleep 1; done &
END
chmod 755 extra/extra
(cd extra && echo extra | cpio -o -H newc --quiet --owner 0:0 | gzip) >>"$GUEST/initrd.gz"
sees() { vmctl console web --until "has $1 end" --timeout 240; }
port="<controller type='pci' model='pcie-root-port'/>"
truncate -s 1M vda.img
chmod 666 vda.img
tiny_guest web "<disk type='file'><driver name='qemu' type='raw'/><source file='$PWD/vda.img'/><target dev='vda' bus='virtio'/></disk>" \
	"<controller type='pci' model='pcie-root'/>" "$port" "$port" "$port" "$port" "$port" >../web.xml
vmctl -q define ../web.xml
has() { vmctl dumpxml web "${@:2}" --xpath "$1" 2>../why | grep -q .; }

# --- While it is off.
check_status a_dry_run_tells_that_something_would_change 10 vmctl modify web --edit --vcpus 2 --dry-run
check_status and_changes_nothing 10 vmctl modify web --edit --vcpus 2 --dry-run
check_output a_change_is_shown_and_made "^\+  <vcpu .*>2</vcpu>" vmctl modify web --edit --vcpus 2
check it_is_there has '/domain[vcpu=2]'
check_output no_is_an_answer 'Define .web. with the changed XML' vmctl modify web --edit --vcpus 3 --confirm <<<no
check the_definition_stays has '/domain[vcpu=2]'
vmctl -q modify web --edit --vcpus 1 --confirm <<<$'what\nyes' 2>../errors
check_output it_asks_until_it_is_answered "Please enter 'yes' or 'no'" cat ../errors
check yes_is_one_too has '/domain[vcpu=1]'
check_status a_virt_xml_that_somebody_pipes_nothing_to_ends 0 vmctl modify web --edit --vcpus 3 --confirm </dev/null

# Another admin, while the question waits.
mkfifo answers
vmctl modify web --edit --vcpus 4 --confirm <answers >../out 2>../asked &
exec 7>answers # until it reads
wait_for 60 grep -q 'y/n' ../asked
vmctl -q desc web --config --title theirs
echo yes >&7
exec 7>&-
wait $!
check_status a_definition_that_changed_meanwhile_is_a_conflict 0 [ $? -eq 4 ]
check_output which_is_said 'was changed by somebody else meanwhile' cat ../asked
check what_they_wrote_stays has '/domain[title="theirs" and vcpu=1]'

vmctl modify web --add-device --disk path="$PWD/half.qcow2",size=0.01,bus=nosuch >../out 2>&1
check a_disk_of_a_guest_that_is_not_changed_is_not_made [ ! -e half.qcow2 ]
vmctl modify web --add-device --disk path="$PWD/half.qcow2",size=0.01,boot.order=x >../out 2>&1
check nor_one_of_words_that_are_wrong [ ! -e half.qcow2 ]
vmctl modify web --add-device --disk path="$PWD/half.qcow2",size=0.01,target.bus=ide >../out 2>&1
check nor_does_one_stay_that_libvirt_refuses [ ! -e half.qcow2 ]

# A source of another kind and format.
vm-img create -q -f qcow2 other.qcow2 1M
chmod 666 other.qcow2
vmctl -q modify web --edit target=vda --disk path="$PWD/other.qcow2" 2>../errors
check another_source_has_the_format_that_it_has has "//disk[target/@dev='vda' and driver/@type='qcow2' and source/@file='$PWD/other.qcow2']"
vmctl -q modify web --edit target=vda --disk path="$PWD/vda.img",driver.type=raw 2>../errors
check or_the_one_that_is_named has "//disk[target/@dev='vda' and driver/@type='raw']"

# --- While it runs.
vmctl -q start web
check its_kernel_has_one_disk sees 'vda lo'
vmctl modify web --update --add-device --disk path="$PWD/vdb.qcow2",size=0.01 --json >added.json 2>../errors
check a_disk_is_added [ -s added.json ]
check now_and_for_good jq -e '.changed and .running and .updated and .defined' added.json
check its_kernel_sees_it sees 'vda vdb lo'
vmctl modify web --update --add-device --network user,model=virtio >../out 2>&1
check_output a_network_card_is_added 'Device hotplug successful' cat ../out
check its_kernel_sees_that_too sees 'vda vdb eth0 lo'
check both_have_the_same_address [ "$(vmctl dumpxml web --xpath //mac)" = "$(vmctl dumpxml web --inactive --xpath //mac)" ]
check_output a_link_is_cut_as_it_runs 'Device update successful' vmctl modify web --update --edit --network link.state=down
check_output which_is_so down vmctl domif-getlink web "$(vmctl dumpxml web --xpath 'string(//mac/@address)' 2>/dev/null || vmctl domiflist web | awk '/user/ { print $5 }')"
check_output without_update_it_is_for_the_next_boot 'after the domain is fully powered off' vmctl modify web --edit --memory 96
check_status memory_is_no_device 2 vmctl modify web --update --edit --memory 96
check_output a_disk_is_taken_away 'Device hotunplug successful' vmctl modify web --update --remove-device --disk target=vdb
check its_kernel_has_let_go_of_it sees 'vda eth0 lo'
check the_file_stays [ -s vdb.qcow2 ]
check_output so_is_the_network_card 'Device hotunplug successful' vmctl modify web --update --remove-device --network all
check its_kernel_has_none sees 'vda lo'
check nor_has_the_definition has '/domain[not(.//interface) and not(.//disk[target/@dev="vdb"])]' --inactive
check_output a_bus_that_takes_none_is_named 'bus=virtio, scsi or usb can be plugged in' \
	vmctl modify web --update --add-device --disk path="$PWD/half.qcow2",size=0.01,bus=sata
check what_cannot_be_plugged_in_leaves_nothing [ ! -e half.qcow2 ]
check not_in_the_definition_either has '/domain[not(.//target[@bus="sata"])]' --inactive
vmctl -q modify web --add-device --disk path="$PWD/vdb.qcow2"
check_output a_target_of_its_definition_is_not_taken_twice "has one in its definition" \
	vmctl modify web --update --add-device --disk path="$PWD/half.qcow2",size=0.01
check which_leaves_nothing [ ! -e half.qcow2 ]
tiny_guest other "<interface type='user'><mac address='52:54:00:00:00:77'/></interface>" >../other.xml
vmctl -q define ../other.xml
check_status an_address_of_another_guest_is_taken 4 vmctl modify web --add-device --network user,mac=52:54:00:00:00:77
check_status unless_that_is_meant 0 vmctl modify web --add-device --network user,mac=52:54:00:00:00:77 --check mac_in_use=off
check_status a_transient_guest_has_no_definition 4 eval 'vmctl -q undefine web && vmctl modify web --edit --vcpus 2'
check_output it_is_changed_as_it_runs 'hotplug successful' vmctl modify web --update --no-define --add-device --network user,model=virtio
check and_stays_transient eval "vmctl dominfo web | grep -q 'Persistent: *no'"

# --- In the place of virt-xml.
ln -s "$BUILD/bin/vmctl" ../virt-xml
vmctl -q destroy web
vmctl -q define ../web.xml
check_output its_name_does_it "^Domain .web. defined successfully" ../virt-xml --connect "$URI" web --edit --vcpus 2
check_output in_its_version '^virt-xml ' ../virt-xml --version
check_status its_words_are_parsed_as_its_own 2 ../virt-xml --nosuch
check_status what_fails_is_1 1 ../virt-xml --connect "$URI" nosuch --edit --vcpus 2
check_output its_help_is_that_of_the_command 'convert-to-q35' ../virt-xml --help
check_output its_connection_may_be_named_behind_the_command 'defined successfully' command vmctl modify --connect "$URI" --domain web --edit --vcpus 3
