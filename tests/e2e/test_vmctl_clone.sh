#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# clone: of guests that are off and that run, of snapshots; beside their originals, and without traces where
# it fails.
. "$(dirname "$0")/harness.sh"

daemon_start
guest_files
vmctl() { command vmctl -c "$URI" "$@"; }
mkdir "$WORK/disks"
chmod 755 "$WORK/disks"
cd "$WORK/disks" || exit 1

disk() { echo "<disk type='file' device='${4:-disk}'><driver name='qemu' type='$2'/><source file='$PWD/$1'/><target dev='$3' bus='virtio'/>${5:-}</disk>"; }
dd if=/dev/urandom of=data bs=1M count=8 status=none
vm-img convert -q -f raw -O qcow2 data web.qcow2
vm-img create -q extra.img 4M
vm-img create -q tools.img 1M
tiny_guest web "$(disk web.qcow2 qcow2 vda)" "$(disk extra.img raw vdb)" "$(disk tools.img raw vdc disk '<readonly/>')" \
	"<interface type='user'><mac address='52:54:00:00:00:01'/><model type='virtio'/></interface>" \
	"<channel type='unix'><source mode='bind' path='/var/lib/libvirt/qemu/web-org.qemu.guest_agent.0'/><target type='virtio' name='org.qemu.guest_agent.0'/></channel>" \
	"<graphics type='vnc' port='5999'/>" >../web.xml
sed -i 's|<name>|<title>The web</title><name>|' ../web.xml
vmctl -q define ../web.xml
# has GUEST XPATH: something in its definition.
has() { vmctl dumpxml "$1" --inactive --xpath "$2" 2>&1 | grep -q .; }
# nothing_of NAME: neither a guest nor a file.
nothing_of() { ! vmctl dominfo "$1" && ! compgen -G "*$1*" && ! compgen -G '.[!.]*'; }

# --- A guest that is off.
before=$(ls -A)
check_status a_dry_run_tells_that_there_is_something_to_do 10 vmctl clone web --dry-run
check it_makes_nothing [ "$(ls -A)" = "$before" ]
vmctl clone web web2 --json >clone.json
check a_clone_says_what_it_made jq -e '.name == "web2" and .original == "web" and (.disks | length) == 3 and .dry_run == false' clone.json
check its_disks_are_copies jq -e '[.disks[] | .action] == ["clone", "clone", "share"] and .disks[0].path == "'"$PWD"'/web2.qcow2"' clone.json
check with_the_same_content vm-img compare -f raw -F qcow2 data web2.qcow2
check what_is_read_only_is_shared has web2 "//source[@file='$PWD/tools.img']"
check it_has_an_address_of_its_own has web2 "//mac[@address!='52:54:00:00:00:01']"
check the_path_of_its_agent_is_libvirts has web2 '//channel[not(source/@path)]'
check its_display_has_any_port has web2 "//graphics[@port='-1']"
check the_title_stays_with_the_original has web2 '/domain[not(title)]'
vmctl -q start web
check it_runs_beside_its_original vmctl -q start web2
check both_run vmctl wait web,web2 --for running --timeout 240
vmctl -q destroy web2
check_status a_name_is_taken_once 4 vmctl clone web web2
check_status the_original_is_no_clone_of_itself 4 vmctl clone web web --replace

# --- One that runs: QEMU copies it as of one moment.
vmctl clone web live --json >live.json
check a_running_guest_is_copied jq -e '.running and .frozen == null and .disks[0].method == "backup"' live.json
check as_it_is vm-img compare -U web.qcow2 live.qcow2
check its_raw_disk_too vm-img compare -U -f raw -F raw extra.img extra-clone-1.img
check the_job_is_over vmctl -q clone web live2 --skip-copy vdb
check_status what_it_writes_to_is_nothing_to_stand_on 4 vmctl clone web refused --overlay
check_status nor_can_its_blocks_be_shared 4 vmctl clone web refused --reflink always
check nothing_is_left_of_what_was_refused nothing_of refused
chmod 777 .
vmctl -q snapshot-create-as web outside --disk-only
vmctl clone web before --from outside --json >before.json
check a_snapshot_outside_of_the_image_is_a_file_like_others jq -e '.running == false and .disks[0].source == "'"$PWD"'/web.qcow2"' before.json
check that_nobody_writes_to cmp web.qcow2 before.qcow2
vmctl -q blockcommit web vda --active --pivot --wait >../committed.log
vmctl -q blockcommit web vdb --active --pivot --wait >../committed.log
vmctl -q snapshot-delete web outside --metadata
rm -f web.outside extra.outside
chmod 755 .
vmctl -q destroy web

# --- Where, and what.
check_status a_script_names_all_or_wants_all_made_up 2 vmctl clone -o web -n x
check_status each_disk_needs_a_path 2 vmctl clone -o web -n x --file "$PWD/x.qcow2"
check paths_can_be_chosen vmctl -q clone -o web -n x --file x.qcow2 --file y.img --mac 52:54:00:00:00:02 -u 11111111-2222-4333-8444-555555555555
check so_can_addresses has x "//mac[@address='52:54:00:00:00:02']"
check_output and_the_uuid 11111111-2222-4333-8444-555555555555 vmctl domuuid x
check_status an_address_is_nobodys_else 4 vmctl clone web z -m 52:54:00:00:00:02
check that_can_be_wanted vmctl -q clone web z -m 52:54:00:00:00:02 --check mac_in_use=off --skip-copy vda --skip-copy vdb --print-xml
check_status a_file_that_is_there_is_kept 4 vmctl clone -o web -n z --file x.qcow2 --auto-clone
check nothing_is_left_then nothing_of z
check_status nor_is_it_replaced_by_what_stands_on_another 4 vmctl clone -o web -n z --file x.qcow2 --overlay --auto-clone --check path_exists=off
check_status a_disk_that_is_none 3 vmctl clone web z --skip-copy sdz
check what_is_there_can_be_taken vmctl -q clone web x --replace --preserve-data --file x.qcow2 --file y.img
check_output the_guest_in_its_place_is_gone '^x$' vmctl list --all --name
check a_shared_disk_can_be_copied vmctl -q clone web forced --force-copy vdc --nonsparse
check all_of_its_room_is_taken [ "$(stat -c %b forced.qcow2)" -ge "$(($(stat -c %s forced.qcow2) / 512))" ]
check and_written_to has forced "//source[@file='$PWD/tools-clone.img']"
check_output an_overlay_is_said_aloud 'must not run any more' vmctl clone web over --overlay
check_output it_stands_on_the_original "backing file: $PWD/web.qcow2" vm-img info over.qcow2
check and_libvirt_knows_its_format has over "//disk[2]/driver[@type='qcow2']"

# --- XML of a file, firmware's variables.
cp data vars.fd
sed -e 's|<os>|<os><loader readonly="yes" type="pflash">/nosuch.fd</loader><nvram>'"$PWD"'/vars.fd</nvram>|' ../web.xml >../uefi.xml
check a_file_can_be_cloned vmctl -q clone --original-xml ../uefi.xml --auto-clone --host-uri qemu:///system --host-caps ../web.xml --domain-caps ../web.xml
check its_variables_too vmctl -q clone --original-xml ../uefi.xml -n efi --auto-clone --reflink never
check they_are_copied cmp vars.fd efi_VARS.fd
check_output they_can_be_elsewhere "$PWD/other.fd" vmctl clone --connect "$URI" --original-xml ../uefi.xml --auto-clone --nvram "$PWD/other.fd" --print-xml -d --prompt

# --- Snapshots.
vmctl -q undefine web2
tiny_guest snap "$(disk web2.qcow2 qcow2 vda)" >../snap.xml
vmctl -q define ../snap.xml
vmctl -q snapshot-create-as snap past
qemu-io -c 'write -P 7 0 1M' web2.qcow2 >../qemu-io.log
vmctl clone snap old --from past --json >old.json
check a_snapshot_is_cloned jq -e '.disks[0].method == "snapshot"' old.json
check with_what_it_holds vm-img compare -f raw -F qcow2 data "$(jq -r '.disks[0].path' old.json)"
check_status one_that_is_not_there 3 vmctl clone snap old2 --from nosuch

# --- A host of its own, told by a seed.
seed() {
	rm -rf ../seed
	xorriso -osirrox on -indev "$1" -extract / ../seed >/dev/null 2>&1
	chmod -R u+rwX ../seed
	cat "../seed/$2"
}
check_status what_nobody_can_reset 2 vmctl clone snap told --reset nonsense
check_status a_guest_without_an_agents_channel 4 vmctl clone snap told --reset hostname --reset-by agent
if command -v xorriso >/dev/null; then
	vmctl clone snap told --reset machine-id,ssh-host-keys --reset hostname --json >told.json
	check a_clone_is_told_by_a_seed jq -e '.reset_by == "cloud-init" and (.reset | length) == 3' told.json
	check it_has_the_seed has told "//disk[readonly and target/@dev='vdb']/source[@file='$PWD/told-seed.iso']"
	check_output with_its_name '"local-hostname": "told"' seed told-seed.iso meta-data
	check_output and_the_order_to_forget 'rm -f /etc/machine-id' seed told-seed.iso user-data
	check_output nobody_else_reads_it '^-rw-------' ls -l told-seed.iso
	vm-img seed -q old.iso --hostname old
	tiny_guest cloudy "$(disk over.qcow2 qcow2 vda)" "$(disk old.iso raw vdb disk '<readonly/>')" >../cloudy.xml
	check_output what_a_disk_stands_on_is_said "has the backing file '$PWD/web.qcow2', as that of the original has" \
		vmctl clone --original-xml ../cloudy.xml -n new --auto-clone --reset hostname
	check a_seed_of_the_original_has_to_go has new "//disk[2]/source[@file='$PWD/new-seed.iso']"
	check and_there_is_one_only has new '//devices[count(disk)=2]'
	check_status a_seed_that_is_there_is_kept 4 vmctl clone snap told --replace --reset hostname
	check_output and_the_guest_too '^told$' vmctl list --all --name
else
	skip a_clone_is_told_by_a_seed "xorriso is not installed"
fi

# --- Volumes that only libvirt can copy: the test driver's.
volume() { echo "<volume><name>$1</name><capacity>$2</capacity><allocation>$2</allocation><target><path>/store/$1</path></target></volume>"; }
guest() {
	echo "<domain type='test'><test:runstate>5</test:runstate><name>$1</name><memory>1024</memory><os><type>hvm</type></os>
		<devices><disk type='file'><source file='/store/$2'/><target dev='vda'/></disk></devices></domain>"
}
cat >../node.xml <<END
<node xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>
<pool type='dir'><name>store</name><target><path>/store</path></target>
$(volume vol.img 1000000) $(volume huge.img 90000000000)</pool>
$(guest stored vol.img) $(guest huge huge.img)
</node>
END
stored() { command vmctl -c "test://$WORK/node.xml" clone "$@"; }
check_output a_volume_is_copied_by_libvirt "^Disk vda: '/store/vol-clone.img' \(copied by libvirt\)$" stored stored
check_output without_room_it_is_not 'MiB are free' stored huge
check_status what_its_driver_cannot_do_is_an_error 1 stored stored --reflink always
check_output one_that_is_there_is_kept 'Clone onto existing storage volume' stored -o stored -n x --file /store/huge.img

# --- In the place of virt-clone.
ln -s "$BUILD/bin/vmctl" ../virt-clone
check_output its_name_does_it "^Clone 'snap-clone' created successfully" ../virt-clone --connect "$URI" -o snap --auto
check_output in_its_version '^virt-clone ' ../virt-clone --version
check_status its_words_are_parsed_as_its_own 2 ../virt-clone --nosuch
check_status what_fails_is_1 1 ../virt-clone --connect "$URI" -o nosuch --auto-clone
check_output its_help_is_that_of_the_command 'preserve-data' ../virt-clone --help

# --- Where the file system can share blocks.
truncate -s 512M ../xfs.img
mkdir ../xfs
if mkfs.xfs -q ../xfs.img 2>../mkfs.log && mount -o loop ../xfs.img ../xfs 2>../mkfs.log; then
	cp data ../xfs/data.img
	sed -e "s|$PWD/web.qcow2|$WORK/xfs/data.img|; s|type='qcow2'|type='raw'|; /extra.img/d; /tools.img/d" ../web.xml >../shared.xml
	room() { df --output=avail -k ../xfs | tail -n 1; }
	before=$(room)
	check_output blocks_are_shared 'data-clone.img. \(reflink' vmctl clone --original-xml ../shared.xml -n shared --auto-clone
	check it_can_be_insisted_on vmctl -q clone --original-xml ../shared.xml -n shared2 --auto-clone --reflink always
	check that_takes_no_room [ $((before - $(room))) -lt 4096 ]
	check and_has_the_same_content cmp data ../xfs/data-clone-1.img
	check_output a_copy_is_one_if_wanted '\(copy\)' vmctl clone --original-xml ../shared.xml -n shared3 --auto-clone --reflink never
	umount ../xfs
else
	skip blocks_are_shared "no file system that shares blocks can be mounted"
fi

# --- Nothing is left behind.
dd if=/dev/urandom of=big.img bs=1M count=120 status=none
tiny_guest big "$(disk big.img raw vda)" >../big.xml
vmctl -q define ../big.xml
before=$(ls -A)
interrupted() {
	env --default-signal=INT vmctl -c "$URI" clone big stopped --reflink never >../stopped.log 2>&1 &
	local cloning=$!
	at_once_after '.*vmkit*'
	kill -INT $cloning
	wait $cloning
}
interrupted
status=$?
check an_interrupt_ends_it [ $status -eq 130 ]
check and_leaves_nothing [ "$(ls -A)" = "$before" ]
check not_even_a_guest nothing_of stopped
sed -e 's|<name>big|<name>wrong|' -e 's|q35|nosuch|' ../big.xml >../wrong.xml
check_status what_libvirt_refuses_fails 1 vmctl clone --original-xml ../wrong.xml -n refused --auto-clone
check without_traces [ "$(ls -A)" = "$before" ]
vmctl -q start big
interrupt_live() {
	env --default-signal=INT vmctl -c "$URI" clone big stopped >../stopped.log 2>&1 &
	local cloning=$!
	at_once_after 'stopped.img'
	kill -INT $cloning
	wait $cloning
}
interrupt_live
status=$?
check an_interrupt_ends_a_copy_of_what_runs [ $status -eq 130 ]
check and_leaves_nothing_of_it [ "$(ls -A)" = "$before" ]
check nor_a_job sh -c "vmctl -c '$URI' domjobinfo big | grep -q None"
check the_original_runs_on vmctl wait big --for running --timeout 240
