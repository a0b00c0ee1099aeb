#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# vm-img beyond qemu-img: clones, flattening, sparsifying, on real images with qemu-img as the judge.
. "$(dirname "$0")/harness.sh"
command -v qemu-img >/dev/null || skip_all "qemu-img is not installed"
cd "$WORK" || exit 1

same() { qemu-img compare -q "$1" "$2"; }
taken() { du -k "$1" | cut -f1; }
# Nothing but the files that are named is there, hidden ones too.
only() { [ "$(find . -mindepth 1 -maxdepth 1 ! -name .out ! -name .errors ! -name .why -printf '%P\n' | sort | tr '\n' ' ')" = "$(printf '%s\n' "$@" | sort | tr '\n' ' ')" ] || { ls -lA && false; }; }
# holds PROCESS NAME: it has a file of that name open to write.
holds() {
	local fd
	for fd in "/proc/$1/fd"/*; do
		case $(readlink "$fd") in */"$2") test "$(stat -c %A "$fd" | cut -c3)" = w && return ;; esac
	done
	false
}
make_base() {
	qemu-img create -q -f qcow2 base.qcow2 256M
	qemu-io -c 'write -P 7 0 3M' -c 'write -P 0 40M 5M' -c 'write -P 9 100M 1M' base.qcow2 >/dev/null
}

# Clones.
make_base
check_output a_clone_is_made_and_says_how "is a clone of 'base.qcow2' \((reflink|overlay)" vm-img clone base.qcow2 c.qcow2
check it_has_the_content same base.qcow2 c.qcow2
check_status an_existing_file_is_kept 4 vm-img clone base.qcow2 c.qcow2
check unless_forced vm-img clone base.qcow2 c.qcow2 --force --method=overlay --quiet
check_output the_format_of_the_backing_file_is_recorded '"backing-filename-format": "qcow2"' qemu-img info --output=json c.qcow2
check a_copy_is_made vm-img clone --method copy base.qcow2 d.qcow2
check and_is_the_same_file cmp base.qcow2 d.qcow2
check_output without_room_for_zeroes '"method": "copy"' vm-img clone --method copy --json --force base.qcow2 d.qcow2
check as_little_as_its_data test "$(taken d.qcow2)" -lt 5000
if ! cp --reflink=always base.qcow2 e.qcow2 2>/dev/null; then
	check_status a_file_system_that_cannot_share_says_so 4 vm-img clone --method reflink base.qcow2 e.qcow2
fi
rm -f e.qcow2
check a_clone_in_another_directory_finds_its_backing_file sh -c '
	mkdir other && qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 over.qcow2 &&
	vm-img clone -q --method copy over.qcow2 other/over.qcow2 && qemu-img compare -q over.qcow2 other/over.qcow2'
rm -r other over.qcow2
check a_raw_image_keeps_its_format sh -c '
	qemu-img convert -O raw base.qcow2 r.raw && vm-img clone --method overlay -f raw r.raw s.qcow2 &&
	qemu-img info --output=json s.qcow2 | grep -q "backing-filename-format.*raw" && qemu-img compare -q r.raw s.qcow2'
rm -f r.raw s.qcow2
check_status a_source_that_is_not_there 3 vm-img clone none.qcow2 x.qcow2
qemu-io -c 'sleep 60000' base.qcow2 >/dev/null 2>&1 &
wait_for 3 holds $! base.qcow2
check_output one_that_is_written_is_not_cloned "is in use by 'qemu-io'" vm-img clone base.qcow2 busy.qcow2 --force
check_status nor_sparsified 4 vm-img sparsify base.qcow2
kill $!
wait $! 2>/dev/null
qemu-img create -q -f qcow2 -o data_file=data.raw ext.qcow2 1M
check_status data_in_another_file_is_not_shared 4 vm-img clone --method copy ext.qcow2 x.qcow2
rm -f ext.qcow2 data.raw
check nothing_else_is_there only base.qcow2 c.qcow2 d.qcow2

# What a name means is the same for all commands.
while read -r words; do
	# shellcheck disable=SC2086 # words
	check "file_is_a_protocol_of_here_for_${words%% *}" vm-img $words
done <<-END
	clone file:base.qcow2 file:named.qcow2
	who --local file:named.qcow2
	list --no-users file:named.qcow2
	tree --local file:named.qcow2
	seed --hostname web file:named.iso
	sparsify file:named.qcow2
	flatten file:named.qcow2
END
check and_names_no_file_of_that_name only base.qcow2 c.qcow2 d.qcow2 named.qcow2 named.iso
rm -f named.*
while read -r words; do
	# shellcheck disable=SC2086 # words
	refused_here "what_only_qemu_opens_is_no_file_for_${words%% *}" 2 "'(nbd|json):.*' is not a local file" vm-img $words
done <<-END
	clone nbd://127.0.0.1:1/x x.qcow2
	clone base.qcow2 nbd://127.0.0.1:1/x
	who json:{"driver":"null-co"}
	upload nbd://127.0.0.1:1/x pool
	download pool volume nbd://127.0.0.1:1/x
	seed nbd://127.0.0.1:1/x
END

# QEMU asks the first block of a raw image what direct I/O needs: it is no hole.
truncate -s 8M zero.raw
vm-img clone -q --method copy -f raw zero.raw copy.raw
check a_raw_copy_has_its_first_block test "$(stat -c %b copy.raw)" -eq 8
dd if=/dev/zero of=copy.raw bs=1M count=8 conv=notrunc status=none
vm-img sparsify -q -f raw copy.raw
check a_raw_image_keeps_it test "$(stat -c %b copy.raw)" -eq 8
rm -f zero.raw copy.raw

# What a guest could have written into its raw disk.
qemu-img create -q -f qcow2 -u -b /etc/hostname -F raw guest-wrote-this.raw 1M
check_output content_that_pretends_is_named 'names the file ./etc/hostname., which a guest could have written' \
	vm-img clone guest-wrote-this.raw x.qcow2 --method overlay
rm -f x.qcow2
check_output with_the_format_it_is_data '"backing-filename-format": "raw"' \
	sh -c 'vm-img clone -q -f raw guest-wrote-this.raw x.qcow2 --method overlay && qemu-img info --output=json x.qcow2'
rm -f x.qcow2 guest-wrote-this.raw

# Flattening.
qemu-io -c 'write -P 3 1M 64k' c.qcow2 >/dev/null
cp c.qcow2 reference.qcow2
check an_overlay_is_flattened vm-img flatten c.qcow2
check it_stands_on_nothing sh -c '! qemu-img info --output=json c.qcow2 | grep -q backing'
check and_reads_the_same same c.qcow2 reference.qcow2
check_output again_there_is_nothing_to_do '"changed": false' vm-img flatten --json c.qcow2
cp reference.qcow2 c.qcow2
qemu-img snapshot -c s c.qcow2
check_status snapshots_are_not_spoiled 4 vm-img flatten --quiet --format qcow2 c.qcow2
cp reference.qcow2 c.qcow2

# Sparsifying.
cp base.qcow2 before.qcow2
check_output zeroes_are_given_back 'took 9.* MiB and takes 4' vm-img sparsify base.qcow2
check the_content_stays same base.qcow2 before.qcow2
check_output once 'nothing was to be gained' vm-img sparsify --format qcow2 base.qcow2
check and_can_be_compressed vm-img sparsify -q --compress base.qcow2
check to_less test "$(taken base.qcow2)" -lt 1500
check with_the_same_content same base.qcow2 before.qcow2
check an_overlay_keeps_its_backing_file sh -c 'qemu-io -c "write -P 0 0 1M" c.qcow2 >/dev/null && cp c.qcow2 k.qcow2 &&
	vm-img sparsify c.qcow2 && qemu-img info c.qcow2 | grep -q "^backing file: " && qemu-img compare -q c.qcow2 k.qcow2'
qemu-img convert -S 0 -O raw base.qcow2 full.raw
sum=$(sha256sum <full.raw)
check_output a_raw_image_gets_holes_in_place '"actual_size": [0-9]{7}$' vm-img sparsify --json -f raw full.raw
check with_the_same_bytes test "$sum" = "$(sha256sum <full.raw)"
check nothing_else_is_left only base.qcow2 before.qcow2 c.qcow2 d.qcow2 full.raw k.qcow2 reference.qcow2
rm -f ./*.qcow2 full.raw

# Lists of hostile and broken images: reported, never followed where that could do harm.
mkdir zoo
cd zoo || exit 1
qemu-img create -q -f qcow2 base.qcow2 16M
qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 over.qcow2
qemu-img create -q -f qcow2 -u -b 'json:{"driver":"nbd","host":"localhost"}' -F raw json.qcow2 1M
qemu-img create -q -f qcow2 -u -b nbd://127.0.0.1:1/x -F raw nbd.qcow2 1M
qemu-img create -q -f qcow2 -u -b nowhere.qcow2 -F qcow2 broken.qcow2 1M
qemu-img create -q -f qcow2 a.qcow2 1M
qemu-img create -q -f qcow2 -b a.qcow2 -F qcow2 b.qcow2
qemu-img rebase -q -u -b b.qcow2 -F qcow2 a.qcow2
qemu-img create -q -f qcow2 -o data_file=data.raw ext.qcow2 1M
cp base.qcow2 absurd.qcow2
printf '\xff\xff\xff\xff\xff\xff\xff\xff' | dd of=absurd.qcow2 bs=1 seek=24 conv=notrunc status=none
cp base.qcow2 "$(printf 'esc\033[31m.qcow2')"
head -c 50 base.qcow2 >cut.qcow2
mkfifo fifo
ln -s nowhere link
mkdir sub
touch .hidden
cd ..
check_output a_directory_is_listed '^ over.qcow2 +qcow2 +16 MiB +196 KiB +base.qcow2 +-$' vm-img list zoo --local
check_output what_cannot_be_read_is_listed '^ cut.qcow2 +unreadable +-' vm-img list zoo --no-users
check_output absurd_sizes_are_refused '^ absurd.qcow2 +unreadable' vm-img list zoo --no-users
check_output neither_pipes_nor_hidden_files_are '^12$' sh -c 'vm-img list zoo --no-users --json | grep -c \"path\"'
check_output protocols_are_not_followed "json:.*localhost.*not followed" vm-img tree zoo --local
check_output nor_nbd '"backing_remote": true' vm-img tree zoo --local --json
check_output a_loop_is_a_finding 'b.qcow2 .*broken: its backing chain is a loop' vm-img tree zoo --local
check_output a_missing_file_too "broken: its backing file '.*nowhere.qcow2' is missing" vm-img tree zoo --local
check_output an_overlay_stands_below_its_base '^ \+- over.qcow2 ' vm-img tree zoo --local
check_output data_files_belong_to_their_image "data.raw .*has the data of 'zoo/ext.qcow2'" vm-img tree zoo --local
check_output without_libvirt_nothing_is_unused '^0$' sh -c 'vm-img tree zoo --local --unused | grep -c qcow2'
check_status a_place_that_is_not_there 3 vm-img list zoo/none
check_output who_names_overlays 'image +zoo/over.qcow2 .*backing file of it' vm-img who zoo/base.qcow2 --local
qemu-io -c 'sleep 60000' zoo/over.qcow2 >/dev/null 2>&1 &
wait_for 3 holds $! over.qcow2
check_output and_processes "process +qemu-io +running +$! +writes to it" vm-img who zoo/over.qcow2 --local
check_output the_list_names_them_too "over.qcow2 .*'qemu-io' \(process $! of user root\)" vm-img list zoo --local
check_output its_base_is_needed "base.qcow2 .*'qemu-io'|base.qcow2 .*needed" vm-img tree zoo --local
kill $!
wait $! 2>/dev/null
check_status who_of_nothing 3 vm-img who zoo/nosuch
check_output df_adds_up '"promised": [1-9]' vm-img df zoo --json
check_output and_shows_it '^ zoo +12 +' vm-img df zoo

# What is broken is marked, names are in natural order, what is no image is no waste, and images are
# found where a chain leads.
mkdir order far
for name in web10 web2 web1; do qemu-img create -q -f qcow2 order/$name.qcow2 1M; done
check_output names_are_in_natural_order '^web1.qcow2 web2.qcow2 web10.qcow2 $' sh -c "vm-img list order --no-users --json | jq -r '.[].path|ltrimstr(\"order/\")' | tr '\n' ' '"
qemu-img create -q -f qcow2 -b "$PWD/order/web2.qcow2" -F qcow2 far/over.qcow2
qemu-img create -q -f qcow2 -b "$PWD/far/over.qcow2" -F qcow2 far/top.qcow2
check_output the_tree_of_a_file_begins_below_it '^ .*/order/web2.qcow2 ' vm-img tree far/over.qcow2 --local
check_output and_has_what_is_above_it '^   [+]- top.qcow2 ' vm-img tree far/over.qcow2 --local
check_output but_nothing_else '^0$' sh -c 'vm-img tree far/over.qcow2 --local | grep -c web1.qcow2'
check_output it_says_what_was_searched '^Searched: far, .*/order; guests that run, all processes' vm-img tree far --local
cp order/web1.qcow2 order/bad.qcow2
qemu-img create -q -f qcow2 -b bad.qcow2 -F qcow2 order/onbad.qcow2
head -c 50 order/web1.qcow2 >order/bad.qcow2
echo text >order/readme
check_output a_damaged_base_is_marked_in_a_list '^ onbad.qcow2 .*bad.qcow2 \(damaged\)' vm-img list order --no-users
check_output and_a_missing_one '^ broken.qcow2 .*nowhere.qcow2 \(missing\)' vm-img list zoo --no-users
check_output and_in_a_tree "onbad.qcow2 .*broken: '.*bad.qcow2' below it is unreadable" vm-img tree order --local
check_output what_is_no_image_is_called_so '"verdict": "other"' sh -c "vm-img tree order/readme --local --json"
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	qemu-img create -q -f qcow2 -b "top$((i - 1)).qcow2" -F qcow2 -u far/top$i.qcow2 1M
done
qemu-img create -q -f qcow2 far/top0.qcow2 1M
check_output deep_chains_stay_readable '^ {9}[+]-\(12\)- top12.qcow2 ' vm-img tree far --local

# With libvirt: pools, guests that are off, volumes.
daemon_start
V="vmctl -q -c $URI"
mkdir pool
chmod 755 pool
cat >pool.xml <<EOX
<pool type='dir'><name>store</name><target><path>$WORK/pool</path></target></pool>
EOX
virsh -q -c "$URI" pool-create pool.xml >/dev/null || echo "Bail out! no pool"
make_base
mv base.qcow2 pool/golden.qcow2
vm-img clone -q pool/golden.qcow2 pool/web.qcow2 --method overlay
vm-img clone -q pool/golden.qcow2 pool/old.qcow2 --method overlay
truncate -s 1M pool/vmlinuz
cat >guest.xml <<EOX
<domain type='qemu'><name>web</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='q35'>hvm</type><kernel>$WORK/pool/vmlinuz</kernel></os>
<devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
<disk type='volume'><driver name='qemu' type='qcow2'/><source pool='store' volume='web.qcow2'/><target dev='vda' bus='virtio'/></disk>
</devices></domain>
EOX
check a_guest_is_defined vmctl -q -c "$URI" define guest.xml
check_output its_files_are_known "web +off +vda +qcow2 +$WORK/pool/web.qcow2" vmctl -c "$URI" domfiles web
check_output and_its_kernel "kernel +$WORK/pool/vmlinuz" vmctl -c "$URI" domfiles
check_output a_pool_is_listed_with_guests_that_are_off '^ web.qcow2 .*guest web \(off\)' vm-img list store -c "$URI"
check_output who_knows_guests_that_are_off 'guest +web +off +- +backing file of its .*web.qcow2' \
	vm-img who pool/golden.qcow2 --connect "$URI"
check_output the_tree_of_all_pools_names_what_is_unused 'old.qcow2 +qcow2 .* unused$' vm-img tree -c "$URI"
check_output and_what_is_needed 'golden.qcow2 .*backing file of [0-9] image' vm-img tree --connect "$URI"
check_output a_kernel_is_no_waste 'vmlinuz .*guest web \(off\)' vm-img tree store -c "$URI"
mkdir elsewhere
vm-img clone -q pool/golden.qcow2 elsewhere/far.qcow2 --method overlay
sed "s/name>web</name>far</; s/type='volume'/type='file'/; s,pool='store' volume='web.qcow2',file='$WORK/elsewhere/far.qcow2'," guest.xml >far.xml
mv pool/web.qcow2 pool/.web.qcow2
vmctl -q -c "$URI" define far.xml
check_output a_base_that_a_guest_elsewhere_needs_is_needed 'golden.qcow2 .*backing file of [0-9] image' vm-img tree store -c "$URI"
check_output and_that_guest_is_shown_on_it '^ [+]- .*/elsewhere/far.qcow2 .*guest far' vm-img tree pool -c "$URI"
check_output a_list_knows_it_too '"verdict": "needed"' vm-img list store --json -c "$URI"
check_output what_has_nothing_to_do_with_it_is_not_shown '^0$' sh -c "vm-img tree zoo -c '$URI' | grep -c far"
vmctl -q -c "$URI" undefine far
mv pool/.web.qcow2 pool/web.qcow2
check_output only_the_unused '^1$' sh -c "vm-img tree store -c '$URI' --unused --json | grep -c '\"path\"'"
check_output df_knows_pools '^ store +4 ' vm-img df --connect "$URI"
check_status an_unknown_pool 3 vm-img df nosuch -c "$URI"
check_status no_pools_without_libvirt 6 vm-img df -c "qemu+unix:///system?socket=$WORK/none"
check_output but_a_list_goes_on '^ web.qcow2 ' vm-img list pool -c "qemu+unix:///system?socket=$WORK/none"

sed 's/name>web</name>lost</; s/store/elsewhere/' guest.xml >lost.xml
vmctl -q -c "$URI" define lost.xml
check_output a_volume_that_cannot_be_found_is_shown 'lost +off +vda +qcow2 +\?' vmctl -c "$URI" domfiles lost
check_output and_nothing_is_called_unused 'unknown: not all users' vm-img tree store -c "$URI"
vmctl -q -c "$URI" undefine lost
sed "s/name>web</name>snap</; s/type='volume'/type='file'/; s,pool='store' volume='web.qcow2',file='$WORK/pool/old.qcow2'," guest.xml >snap.xml
vmctl -q -c "$URI" define snap.xml
virsh -q -c "$URI" snapshot-create-as snap s1 --disk-only --diskspec "vda,file=$WORK/pool/old.s1" >snap.log 2>&1 || cat snap.log
check_output what_a_snapshot_needs_is_in_use 'old.qcow2 .*guest snap' vm-img tree store -c "$URI"
check_output and_so_is_what_stands_on_it '[+]- .*old.s1 +qcow2 .*guest snap \(off\)' vm-img tree store -c "$URI"
virsh -q -c "$URI" snapshot-delete snap s1 --metadata
vmctl -q -c "$URI" undefine snap
rm -f pool/old.s1


# A guest that runs.
sed "s/name>web</name>run</; s,<kernel>.*</kernel>,,; s/type='volume'/type='file'/; s,pool='store' volume='web.qcow2',file='$WORK/pool/old.qcow2'," guest.xml >run.xml
chmod 666 pool/*.qcow2
check a_guest_runs vmctl -q -c "$URI" create run.xml
check_output who_knows_its_process 'guest +run +running +[0-9]+ +its own file' vm-img who pool/old.qcow2 -c "$URI"
check_output without_libvirt_too 'guest +run +running +[0-9]+ +its own file' vm-img who pool/old.qcow2 --local
check_output and_that_it_stands_on_its_base 'guest +run +running +[0-9]+ +backing file of its .*old.qcow2' vm-img who pool/golden.qcow2 --local
check_output the_tree_has_it 'old.qcow2 +qcow2 .* guest run$' vm-img tree store -c "$URI"
check_output its_image_is_not_cloned "is in use by guest 'run'" vm-img clone pool/old.qcow2 x.qcow2
check_status nor_flattened 4 vm-img flatten pool/old.qcow2
check_output sparsifying_is_for_the_guest_to_do "guest 'run' runs on it and cannot be asked to trim" vm-img sparsify --connect "$URI" pool/old.qcow2
check_status it_is_not_uploaded 4 vm-img upload pool/old.qcow2 store x -c "$URI"
check its_base_can_be_cloned vm-img clone -q --method copy pool/golden.qcow2 x.qcow2
$V destroy run
check then_it_can_be_done vm-img flatten -q pool/old.qcow2
check nothing_is_left sh -c '! ls -A pool | grep vmkit-'
rm -f pool/old.qcow2 x.qcow2
vm-img clone -q pool/golden.qcow2 pool/old.qcow2 --method overlay

qemu-img convert -O raw pool/golden.qcow2 up.raw
check_output an_image_is_uploaded "'up.raw' is in pool 'store'" vm-img upload up.raw store -c "$URI"
check with_its_content cmp up.raw pool/up.raw
check without_its_holes test "$(taken pool/up.raw)" -lt 20000
check_status a_volume_is_not_overwritten 4 vm-img upload up.raw store --connect "$URI"
check unless_forced vm-img upload --quiet --force up.raw store up.raw -c "$URI"
check_output under_another_name '"name": "other.qcow2"' vm-img upload --json pool/golden.qcow2 store other.qcow2 -c "$URI"
check_output libvirt_knows_the_format "qcow2" sh -c "wait=0; until vmctl -c '$URI' vol-info other.qcow2 store | grep -q 256; do sleep 0.1; wait=\$((wait+1)); test \$wait -lt 30 || break; done; virsh -c '$URI' vol-dumpxml other.qcow2 store"
check_status an_unknown_pool_is_named 3 vm-img upload up.raw nosuch -c "$URI"
check it_is_downloaded vm-img download store up.raw down.raw -c "$URI"
check the_same cmp up.raw down.raw
check with_holes test "$(taken down.raw)" -lt 20000
check_status a_file_is_not_overwritten 4 vm-img download store up.raw down.raw --connect "$URI"
check unless_told_to vm-img download store up.raw down.raw --force --quiet -c "$URI"
check_status a_volume_that_is_not_there 3 vm-img download store nosuch no.raw -c "$URI"
check leaves_no_file test ! -e no.raw
check_output json_of_it '"format": "qcow2"' vm-img download store other.qcow2 o.qcow2 --json -c "$URI"
rm -f up.raw down.raw o.qcow2
$V vol-delete up.raw store
$V vol-delete other.qcow2 store

# An upload that is interrupted leaves no volume, a download no file.
dd if=/dev/urandom of=big.raw bs=1M count=192 status=none
vm-img upload big.raw store -c "$URI" >up.log 2>&1 &
at_once_after pool/big.raw
kill -INT $!
wait $!
check an_interrupted_upload_says_so test $? -eq 130
check and_leaves_no_volume test ! -e pool/big.raw
vm-img upload big.raw store -c "$URI" >up.log 2>&1 &
takes_room() { [ "$(du -k "$1" | cut -f1)" -gt 10000 ]; }
wait_for 5 takes_room pool/big.raw
kill -INT $! 2>/dev/null
wait $!
case $? in
0) skip an_upload_under_way_too "it was faster" && vmctl -q -c "$URI" vol-delete big.raw store ;;
*) check an_upload_under_way_too test ! -e pool/big.raw ;;
esac
check it_is_repeated vm-img upload -q big.raw store -c "$URI"
vm-img download store big.raw d.raw -c "$URI" >down.log 2>&1 &
at_once_after '.d.raw*'
kill -TERM $!
wait $!
check an_interrupted_download_too test $? -eq 143
check and_leaves_no_file test -z "$(find . -maxdepth 1 -name '*d.raw*')"
rm -f big.raw pool/big.raw up.log down.log

# The example that a sysadmin would keep.
if command -v xorriso >/dev/null; then
	mkdir farm
	chmod 755 farm
	echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIFu75XgK0clbtwMw6wzBwGsUuAWqk71fJwZKohzDC+0 me@here' >key.pub
	check_output the_example_makes_clones_with_seeds '[+]- .*/farm/b.qcow2 ' \
		"$ROOT/examples/golden-clones.sh" --key key.pub --size 512M pool/golden.qcow2 farm a b
	check_output each_of_its_own_size '"virtual-size": 536870912' qemu-img info --output=json farm/a.qcow2
	check and_a_seed test -s farm/b-seed.iso
	check_output again_it_keeps_what_is_there 'a.qcow2 is there already' \
		env LIBVIRT_DEFAULT_URI="$URI" "$ROOT/examples/golden-clones.sh" --install --network none --key key.pub pool/golden.qcow2 farm a c
	check_output and_starts_the_new_one 'c +running' vmctl -c "$URI" list
	check_output which_uses_both_files 'farm/c-seed.iso' vmctl -c "$URI" domfiles c
	$V destroy c
	$V undefine c
else
	skip the_example_makes_clones_with_seeds "xorriso is not installed"
fi
