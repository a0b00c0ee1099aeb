#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# vm-img on real images that qemu-img has made, beside qemu-img's own answers. What both do alike is
# in test_vm_img_parity.sh.
. "$(dirname "$0")/harness.sh"
. "$ROOT/tests/e2e/qemu_img.sh"
command -v qemu-img >/dev/null || skip_all "qemu-img is not installed"
cd "$WORK" || exit 1
export LC_ALL=C

# alike ARGUMENTS...: vm-img and qemu-img print the same bytes; JSON is the same but for its layout
# and the order of its members.
alike() {
	vm-img "$@" >.ours && qemu-img "$@" >.theirs || return 1
	case $* in *--output=json*)
		jq -S . <.ours >.packed && mv .packed .ours
		jq -S . <.theirs >.packed && mv .packed .theirs
		;;
	esac
	same_print .ours .theirs
}

touch .ours .theirs

# The same file for both, one after the other: name and format cannot differ.
same_info() {
	alike info "$1" && alike info --output=json "$1" && alike info -f "$2" "$1" &&
		alike info --backing-chain "$1" && alike info --backing-chain --output=json "$1"
}

# --- info
head -c 20 /dev/urandom | base64 >key
while read -r name format settings; do
	case $name in
	*luks*) extra="--object secret,id=s,file=key" ;;
	*) extra= ;;
	esac
	make="qemu-img create -q $extra -f $format ${settings:+-o $settings} $name 10M"
	# How fast keys are made cannot always be measured on a busy machine: then it fails.
	# shellcheck disable=SC2086 # words
	wait_for 20 $make || not_ok "make_$name"
	check "info_of_$name" same_info "$name" "$format"
done <<-END
	a.raw raw
	a.qcow2 qcow2
	v2.qcow2 qcow2 compat=0.10
	all.qcow2 qcow2 extended_l2=on,compression_type=zstd,lazy_refcounts=on,cluster_size=128k
	luks.qcow2 qcow2 encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10
	data.qcow2 qcow2 data_file=data.raw,data_file_raw=on
	a.vmdk vmdk
	split.vmdk vmdk subformat=twoGbMaxExtentSparse
	stream.vmdk vmdk subformat=streamOptimized
	a.vdi vdi
	a.vpc vpc
	fixed.vpc vpc subformat=fixed,force_size=on
	a.vhdx vhdx
	a.qed qed
	a.luks luks key-secret=s,iter-time=10
	a.qcow qcow
	a.parallels parallels
END
printf '\0%.0s' {1..32769} >cd.iso && printf 'CD001' >>cd.iso && truncate -s 100k cd.iso
check_output an_iso_image_is_told '^content: an ISO 9660 image' vm-img info cd.iso
qemu-img create -q -f qcow2 -b a.raw -F raw middle.qcow2
qemu-img create -q -f qcow2 -b middle.qcow2 -F qcow2 top.qcow2
qemu-img snapshot -c 'first one' top.qcow2
check a_chain_with_a_snapshot same_info top.qcow2 qcow2
check_output several_images_at_once '^  "a.vdi" raw$|"filename": "a.vdi"' vm-img --json info a.raw a.vdi a.qed
check_status some_of_several_fail 7 vm-img info a.raw missing a.vdi
check_status all_of_several_fail 1 vm-img info missing gone
check_output those_that_can_be_read_are_told 'image: a.vdi' vm-img info missing a.vdi
check other_ways_to_name_an_image alike info --image-opts driver=qcow2,file.filename=top.qcow2
check events_can_be_traced vm-img --trace enable=bdrv_open_common,file=trace.log info --image-opts driver=raw,file.filename=a.raw
check_output they_are_in_the_file 'format_name "raw"' cat trace.log
check a_json_name alike info 'json:{"driver":"qcow2","file":{"driver":"file","filename":"top.qcow2"}}'
check a_secret alike info --object secret,id=s,file=key --image-opts driver=luks,key-secret=s,file.filename=a.luks
check_output options_by_their_long_names 'file format: raw' vm-img info --format raw --force-share a.qcow2
refused_here a_missing_image 3 "cannot open 'missing'" vm-img info missing
refused_here a_directory 1 'a directory, not a file' vm-img info /tmp
head -c 30000 a.vmdk >short.vmdk
refused_here an_image_that_was_cut 1 'cut short' vm-img info short.vmdk
rm short.vmdk
refused_here an_unknown_format 2 "unknown image format 'qcow3'" vm-img info -f qcow3 a.raw
refused_here no_image_at_all 2 "needs <file>" vm-img info
refused_here exclusive_options 2 'exclusive' vm-img info --image-opts -f raw a.raw

# --- hostile images: refused at once, or told without being followed
qemu-img create -q -f qcow2 -u -b loop2.qcow2 -F qcow2 loop1.qcow2 1M
qemu-img create -q -f qcow2 -u -b loop1.qcow2 -F qcow2 loop2.qcow2 1M
refused_here a_loop_of_backing_files 1 'is a loop' vm-img info --backing-chain loop1.qcow2
qemu-img create -q -f qcow2 -u -b 'nbd://127.0.0.1:1/x' -F raw remote.qcow2 1M
check_output a_network_is_not_followed 'was not followed' timeout 5 vm-img info --backing-chain remote.qcow2
check_status it_is_when_asked 1 timeout 5 vm-img info --backing-chain --follow-remote remote.qcow2
qemu-img create -q -f qcow2 -u -b $'a\033[2Jb' -F raw escape.qcow2 1M
check a_name_cannot_drive_the_terminal sh -c \
	"script -qec 'vm-img info escape.qcow2' /dev/null </dev/null | grep -F 'a\\x1b[2Jb'"
cp a.qcow2 huge.qcow2
printf '\xff\xff\xff\xff' | dd of=huge.qcow2 bs=1 seek=60 conv=notrunc status=none
# A sanitizer wants all addresses there are.
limit=200000
case $BUILD in *sanitize*) limit=unlimited ;; esac
check_status absurd_numbers_are_refused 1 sh -c "ulimit -v $limit; timeout 5 vm-img info huge.qcow2"
head -c 70 a.qcow2 >short.qcow2
refused_here a_header_cut_short 1 'not a valid qcow2' vm-img info short.qcow2
qemu-img create -q -f qcow2 -b a.raw -F raw guess.qcow2
# Without the header extension that records the format, as older programs have made them.
printf '\0\0\0\0' | dd of=guess.qcow2 bs=1 seek=112 conv=notrunc status=none
check_output a_guessed_format_is_said_to_be_one 'does not record the format' vm-img info --backing-chain guess.qcow2
rm -f loop?.qcow2 remote.qcow2 escape.qcow2 huge.qcow2 short.qcow2 guess.qcow2

# --- create
facts() { qemu-img info --output=json "$1" | sed -n "s/^    \"$2\": \"\?\([^\",]*\)\"\?,\?$/\1/p"; }
has() { [ "$(facts "$1" "$2")" = "$3" ] || { facts "$1" "$2" && false; }; }
while read -r size bytes; do
	check "size_$size" vm-img create -q --force -f qcow2 sized.qcow2 "$size"
	check "is_$bytes" has sized.qcow2 virtual-size "$bytes"
done <<-END
	0 0
	1 512
	513 1024
	64k 65536
	10M 10485760
	1.5G 1610612736
	2T 2199023255552
END
for format in raw qcow2 vmdk vdi vpc vhdx qed qcow parallels; do
	qemu-img create -q -f $format theirs.$format 20M
	check "create_$format" vm-img create --quiet --format $format ours.$format 20M
	check "it_is_as_qemu_img_makes_it_$format" sh -c "
		a=\$(qemu-img info --output=json ours.$format | grep -v -e actual-size -e cid -e name)
		b=\$(qemu-img info --output=json theirs.$format | grep -v -e actual-size -e cid -e name)
		[ \"\$a\" = \"\$b\" ] && qemu-img compare -q ours.$format theirs.$format"
	rm -f ours.$format theirs.$format
done
check settings vm-img create -q -f qcow2 -o cluster_size=4k --options compat=0.10 set.qcow2 1M
check they_are_heeded has set.qcow2 cluster-size 4096
check_output their_list '^  cluster_size=<size>' vm-img create -f qcow2 -o help x 1M
for mode in off metadata falloc full; do
	check "preallocation_$mode" vm-img create -q --force -f qcow2 --preallocation $mode full.qcow2 8M
	case $mode in full | falloc) check "it_takes_its_room_$mode" test "$(stat -c %b full.qcow2)" -ge 16384 ;; esac
done
refused_here the_format_of_a_backing_file_is_not_guessed 2 "format of the backing file 'a.raw' is not given" vm-img create -f qcow2 --backing a.raw over.qcow2
check_output a_backing_file 'backing_file=a.raw backing_fmt=raw' vm-img create -f qcow2 --backing a.raw -F raw over.qcow2
check its_format_is_recorded has over.qcow2 backing-filename-format raw
check its_size_is_taken has over.qcow2 virtual-size 10485760
check its_format_is_given vm-img create -q --force -f qcow2 -b a.raw --backing-format raw over.qcow2 20M
check and_another_size has over.qcow2 virtual-size 20971520
check a_backing_file_to_come vm-img create -q --force -f qcow2 --backing-unsafe -b later.qcow2 -F qcow2 over.qcow2 1M
check an_encrypted_one wait_for 20 vm-img create -q --object secret,id=s,file=key -f luks -o key-secret=s,iter-time=10 new.luks 1M
check_output what_was_made_in_json '"virtual-size": 1048576' vm-img --json create -f vdi new.vdi 1M
refused_here an_image_that_exists 4 "'a.raw' exists already" vm-img create a.raw 1M
check it_is_as_it_was test "$(stat -c %s a.raw)" -eq 10485760
check force_replaces_it vm-img create -q --force forced.raw 1M
check_status really 0 vm-img create -q --force forced.raw 2M
check it_is_the_new_one test "$(stat -c %s forced.raw)" -eq 2097152
refused_here no_size 2 "size of 'x.raw' is needed" vm-img create x.raw
refused_here a_bad_size 2 'lots' vm-img create x.raw lots
refused_here an_absurd_size 2 '9999999999999' vm-img create x.raw 99999999999999999999
refused_here a_missing_backing_file 3 "backing file 'none.raw'" vm-img create -f qcow2 -b none.raw x.qcow2
refused_here a_bad_setting 1 'nonsense' vm-img create -f qcow2 -o nonsense=1 x.qcow2 1M
refused_here a_directory_that_is_not_there 3 "cannot make 'no/x.raw'" vm-img create no/x.raw 1M
refused_here an_unknown_format_to_make 1 'nosuch' vm-img create -f nosuch x 1M

check_output an_error_has_the_name_that_was_given "^error: x.vdi: " vm-img create -f vdi -o nonsense=1 x.vdi 1M

# --- a disk that is full, ^C
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
	mkdir small
	check a_full_disk_leaves_nothing unshare --mount sh -c "
		mount -t tmpfs -o size=2m none small && cd small &&
		! vm-img create -q -f qcow2 --preallocation full x.qcow2 8M &&
		! vm-img create -q -f raw --preallocation falloc x.raw 8M &&
		! vm-img create -q -f vdi -o static=on x.vdi 8M && [ -z \"\$(ls -A)\" ]"
else
	skip a_full_disk_leaves_nothing "needs root and namespaces"
fi
vm-img create -q --preallocation full long.raw 2G &
at_once_after '.long*'
kill -INT $!
wait $!
check an_interrupt_ends_it test $? -eq 130
check and_nothing_is_left test -z "$(find . -name '*long*')"
