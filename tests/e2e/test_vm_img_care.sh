#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What vm-img takes care of where qemu-img does as it is told: what is in use, what would be lost, what
# a guest may have written.
. "$(dirname "$0")/harness.sh"
command -v qemu-img qemu-io >/dev/null || skip_all "qemu-utils is not installed"
cd "$WORK" || exit 1
export LC_ALL=C

write() { qemu-io -f "$1" -c "write -P $3 $4 $5" "$2" >/dev/null; }
fact() { qemu-img info -U --output=json "$1" | sed -n "s/^    \"$2\": \"\?\([^\",]*\)\"\?,\?$/\1/p"; }
is() { [ "$(fact "$1" "$2")" = "$3" ] || { fact "$1" "$2" && false; }; }
fresh() {
	rm -f base.qcow2 over.qcow2 full.qcow2 snap.qcow2
	qemu-img create -q -f qcow2 base.qcow2 8M
	write qcow2 base.qcow2 1 0 64k
	qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 over.qcow2
	write qcow2 over.qcow2 2 4M 64k
	qemu-img create -q -f qcow2 full.qcow2 8M
	write qcow2 full.qcow2 3 0 8M
	cp full.qcow2 snap.qcow2
	qemu-img snapshot -c one snap.qcow2
}

# --- What would be lost is said, and asked for.
# asks NAME PATTERN FILE ARGUMENTS...: refused without an answer and then nothing has changed; done with
# --yes.
asks() {
	local name=$1 pattern=$2 file=$3 before
	shift 3
	fresh
	before=$(cksum base.qcow2 over.qcow2 full.qcow2 snap.qcow2)
	refused_here "${name}_asks" 9 "$pattern" vm-img "$@"
	check "${name}_changes_nothing_before" test "$(cksum base.qcow2 over.qcow2 full.qcow2 snap.qcow2)" = "$before"
	check "${name}_is_done_with_yes" vm-img "$@" --yes
	check "${name}_changes_it_then" test "$(cksum base.qcow2 over.qcow2 full.qcow2 snap.qcow2)" != "$before"
	check "${name}_leaves_it_sound" qemu-img check -q "$file"
}
asks resize '4 MiB of data would be lost' full.qcow2 resize --shrink full.qcow2 4M
asks commit "'base.qcow2' would be changed for good" base.qcow2 commit over.qcow2
asks rebase 'without a look at the contents' over.qcow2 rebase --backing-unsafe -b full.qcow2 -F qcow2 over.qcow2
asks snapshot_apply "since its snapshot 'one' would be lost" snap.qcow2 snapshot --apply one snap.qcow2
asks snapshot_delete "snapshot 'one' .* would be lost" snap.qcow2 snapshot --delete one snap.qcow2
asks bench 'would be overwritten' full.qcow2 bench --write --count 4 --pattern 9 full.qcow2
fresh
printf '\0\0' | dd of=base.qcow2 bs=1 seek=131082 conv=notrunc status=none
refused_here check_asks 9 'may choose wrongly' vm-img check --repair all base.qcow2
check check_repairs_with_yes vm-img check --repair all --yes base.qcow2
fresh
refused_here amend_asks 9 'would be lost' vm-img amend --force -o lazy_refcounts=on full.qcow2
check amend_with_yes vm-img amend --force --yes -o lazy_refcounts=on full.qcow2
check_output what_holds_no_data_is_not_missed 'Image resized' vm-img resize --shrink base.qcow2 4M
refused_here shrinking_has_to_be_meant 4 'what is behind 1048576 is lost' vm-img resize base.qcow2 1M
refused_here no_disk_is_less_than_nothing 2 'has only' vm-img resize --shrink base.qcow2 -- -1G
answer() { script -qec "vm-img resize --shrink full.qcow2 4M" /dev/null <<<"$1" >.shown; }
check_output no_on_a_terminal_keeps_it 'nothing was changed' sh -c "echo n | script -qec 'vm-img resize --shrink full.qcow2 4M' /dev/null"
check it_has_its_size is full.qcow2 virtual-size 8388608
check yes_on_a_terminal_does_it answer y
check it_is_smaller is full.qcow2 virtual-size 4194304

# --- What exists is replaced only when asked, and never what is needed.
fresh
refused_here convert_does_not_overwrite 4 "'base.qcow2' exists already" vm-img convert -O qcow2 full.qcow2 base.qcow2
refused_here dd_does_not_overwrite 4 "'base.qcow2' exists already" vm-img dd if=full.qcow2 of=base.qcow2
fresh
qemu-io -c 'write -q 0 1M' full.qcow2
qemu-img resize -q full.qcow2 +1M
asks amend '4 MiB of data would be lost' full.qcow2 amend --shrink -o size=4M full.qcow2
while read -r file; do
	qemu-img create -q -f qcow2 empty.qcow2 8M
	# shellcheck disable=SC2086 # words
	refused_here "shrinking_by_amend_has_to_be_meant $file" 4 'has [0-9]* bytes: what is behind 1048576 is lost' vm-img amend --yes -o size=1M $file
done <<-END
	full.qcow2
	empty.qcow2
	--image-opts driver=qcow2,file.filename=full.qcow2
	--image-opts driver=qcow2,file.filename=empty.qcow2
END
check an_empty_disk_is_shrunk_by_amend_as_by_resize vm-img amend --shrink -o size=4M empty.qcow2
check it_is_smaller_then is empty.qcow2 virtual-size 4194304
while read -r words; do
	# shellcheck disable=SC2086 # words
	refused_here "data_is_missed_in_what_qemu_opens_by_${words%% *}" 9 'would be lost' vm-img $words
done <<-END
	amend --shrink -o size=1M --image-opts driver=qcow2,file.filename=full.qcow2
	resize --shrink --image-opts driver=qcow2,file.filename=full.qcow2 1M
END
check amend_to_a_larger_size_does_not vm-img amend -o size=64M full.qcow2
while read -r words; do
	# shellcheck disable=SC2086 # words
	refused_here "what_others_stand_on_is_kept_by_${words%% *}" 4 "'base.qcow2' is needed: it is the backing file of 'over.qcow2'" vm-img $words
done <<-END
	create --force -f qcow2 file:base.qcow2 1M
	create --force base.qcow2 1M
	convert --force full.qcow2 base.qcow2
	dd --force if=full.qcow2 of=base.qcow2
	clone --force full.qcow2 base.qcow2
END
refused_here not_its_own_backing_file 4 "it is the backing file of 'over.qcow2'" vm-img convert --force -O qcow2 over.qcow2 base.qcow2
refused_here not_its_new_backing_file 4 "'base.qcow2' is needed" vm-img convert --force -O qcow2 -B base.qcow2 over.qcow2 base.qcow2
check convert_replaces_with_force vm-img convert --force -O qcow2 over.qcow2 full.qcow2
check it_holds_the_other_now qemu-img compare -q over.qcow2 full.qcow2
chmod 640 full.qcow2
check an_image_is_converted_to_itself vm-img convert --force -c -O qcow2 full.qcow2 full.qcow2
check it_holds_the_same qemu-img compare -q over.qcow2 full.qcow2
check it_keeps_its_mode test "$(stat -c %a full.qcow2)" = 640
check dd_replaces_with_force vm-img dd --quiet --force -O qcow2 bs=1M if=over.qcow2 of=full.qcow2
check it_holds_the_same_again qemu-img compare -q over.qcow2 full.qcow2
refused_here raw_over_an_image_is_not_meant 4 'would be written as raw' vm-img convert -n over.qcow2 full.qcow2
check but_into_it vm-img convert -n -O qcow2 over.qcow2 full.qcow2
refused_here one_name_is_not_enough 2 'the name of the new one' vm-img convert over.qcow2
refused_here dd_wants_both 2 'needs if=FILE and of=FILE' vm-img dd if=over.qcow2
refused_here dd_knows_its_operands 2 "'ibs=4' is none of" vm-img dd ibs=4 if=over.qcow2 of=x

# --- The format of a backing file is never guessed: a guest could have written what is found there.
rm -f new.qcow2
refused_here convert_guesses_no_format 2 "format of the backing file 'base.qcow2' is not given" vm-img convert -O qcow2 -B base.qcow2 over.qcow2 new.qcow2
check convert_onto_a_backing_file vm-img convert -O qcow2 -B base.qcow2 -F qcow2 over.qcow2 new.qcow2
check its_format_is_recorded is new.qcow2 backing-filename-format qcow2
check only_what_differs_is_copied test "$(fact new.qcow2 actual-size)" -lt 500000
for unsafe in "" --backing-unsafe; do
	# shellcheck disable=SC2086 # nothing, or one word
	refused_here "rebase_guesses_no_format$unsafe" 2 "format of the backing file 'full.qcow2' is not given" vm-img rebase $unsafe -b full.qcow2 new.qcow2
done
check rebase_with_a_format vm-img rebase -b full.qcow2 -F qcow2 new.qcow2
check which_it_records is new.qcow2 backing-filename-format qcow2
check the_content_stays qemu-img compare -q over.qcow2 new.qcow2
refused_here what_cannot_be_looked_at 3 "backing file 'gone.qcow2'" vm-img rebase -u -b gone.qcow2 --yes new.qcow2
check is_taken_at_its_word vm-img rebase -u -b gone.qcow2 -F qcow2 --yes new.qcow2

# --- What a guest wrote is not taken for the header of an image unasked.
echo secret >host-file
qemu-img create -q -f qcow2 -b "$PWD/host-file" -F raw disk.img 512
qemu-img create -q -f qcow2 -o data_file="$PWD/host-data" data.img 1M
for image in disk.img data.img; do
	what="$image' was not given: its content looks like qcow2 and names the file '$PWD/host-"
	while read -r words; do
		# shellcheck disable=SC2086 # words
		refused_here "a_forged_header_is_refused_by_${words%% *}_$image" 9 "$what" vm-img ${words//IMAGE/$image}
	done <<-END
		convert IMAGE out.raw
		dd if=IMAGE of=out.raw
		resize IMAGE 2M
		map IMAGE
		measure -O qcow2 IMAGE
		compare IMAGE IMAGE
		check IMAGE
		rebase -b full.qcow2 -F qcow2 IMAGE
		amend -o lazy_refcounts=on IMAGE
		bitmap --add IMAGE b
		snapshot -c s IMAGE
		clone IMAGE out.qcow2
	END
	check_status "with_yes_it_is_believed_$image" 0 vm-img convert --yes --force "$image" out.raw
	check "by_others_too_$image" sh -c "vm-img map --yes $image && vm-img measure --yes $image && vm-img compare --yes $image out.raw &&
		vm-img dd --yes --force if=$image of=out.raw && vm-img bitmap --yes --add $image b"
	check_status "with_its_format_too_$image" 0 vm-img convert -f qcow2 --force "$image" out.raw
	check "raw_it_is_data_$image" sh -c "! vm-img convert -f raw --force $image out.raw 2>&1 | grep . && qemu-img compare -q -f raw -F raw $image out.raw"
done
qemu-img create -q -f qcow2 -u -b disk.img -F raw above.qcow2 512
printf '\0\0\0\0' | dd of=above.qcow2 bs=1 seek=112 conv=notrunc status=none
refused_here a_forged_header_in_a_backing_file_is_too 9 "its content looks like qcow2 and names the file" vm-img convert above.qcow2 x.raw
rm -f above.qcow2 out.raw
qemu-img create -q -f qcow2 -b full.qcow2 -F qcow2 guess.qcow2
printf '\0\0\0\0' | dd of=guess.qcow2 bs=1 seek=112 conv=notrunc status=none
check_output a_guessed_backing_format_is_told "'guess.qcow2' does not record the format" vm-img convert guess.qcow2 guess.raw
qemu-img create -q -f qcow2 -u -b nbd://127.0.0.1:1/x -F raw remote.qcow2 1M
check_output a_backing_file_that_is_not_local_is_told "'remote.qcow2' has the backing file 'nbd:.*not a local file" vm-img convert remote.qcow2 x.raw
check_status a_missing_image_has_its_status 3 vm-img convert missing.qcow2 x.raw
check a_name_that_fits_is_enough sh -c "mv disk.img disk.qcow2 && ! vm-img convert --force disk.qcow2 out.raw 2>&1 | grep ."

# --- A chain without an end never reaches the engine, which would hang.
qemu-img create -q -f qcow2 -u -b loop2.qcow2 -F qcow2 loop1.qcow2 1M
qemu-img create -q -f qcow2 -u -b loop1.qcow2 -F qcow2 loop2.qcow2 1M
mkfifo pipe
qemu-img create -q -f qcow2 -u -b pipe -F raw onpipe.qcow2 1M
while read -r words; do
	# shellcheck disable=SC2086 # words
	check_output "a_loop_is_refused_by_${words%% *}" "the backing chain of 'loop1.qcow2' is a loop" timeout 5 vm-img ${words//IMAGE/loop1.qcow2}
	# shellcheck disable=SC2086 # words
	check_output "so_is_a_pipe_by_${words%% *}" "'pipe' of 'onpipe.qcow2' is neither a file nor a block device" timeout 5 vm-img ${words//IMAGE/onpipe.qcow2}
done <<-END
	info --backing-chain IMAGE
	check IMAGE
	map IMAGE
	compare IMAGE full.qcow2
	convert IMAGE x.raw
	measure -O qcow2 IMAGE
	dd if=IMAGE of=x.raw
	resize IMAGE 2M
	commit --yes IMAGE
	flatten IMAGE
	clone --method copy IMAGE x.qcow2
	clone --method overlay IMAGE x.qcow2
END
check but_its_name_can_be_changed vm-img rebase --yes -u -b full.qcow2 -F qcow2 loop1.qcow2
rm -f loop?.qcow2 onpipe.qcow2 pipe x.raw

# --- JSON
fresh
while read -r pattern words; do
	# shellcheck disable=SC2086 # words
	check_output "json_of_${words%% *}" "$pattern" vm-img --json $words
done <<-END
	"virtual-size":.8388608 convert -O vdi full.qcow2 new.vdi
	"virtual-size":.65536 dd bs=64k count=1 if=full.qcow2 of=new.raw
	"total-clusters":.128 check full.qcow2
	"name":."one" snapshot --list snap.qcow2
	"name":."two" snapshot -c two snap.qcow2
	"id":."1" snapshot -d two --yes snap.qcow2
	"virtual-size":.4194304 resize --shrink --yes full.qcow2 4M
	"backing-filename": commit --yes over.qcow2
	"backing-filename":."full.qcow2" rebase -b full.qcow2 -F qcow2 over.qcow2
	"identical":.false compare base.qcow2 full.qcow2
	"offset":.[0-9]+ compare base.qcow2 full.qcow2
	"depth":.0 map full.qcow2
	"fully-allocated": measure -O qcow2 full.qcow2
	"lazy-refcounts":.true amend -o lazy_refcounts=on full.qcow2
	"granularity":.65536 bitmap --add full.qcow2 b
	"bytes_per_second": bench --count 10 --depth 1 full.qcow2
END

# --- What is written is written in its order: every run makes the same file, with few extents.
qemu-img create -q -f raw scattered.raw 32M
for at in 1 5 9 13 17 21 25 29; do write raw scattered.raw $at ${at}M 1M; done
vm-img convert -O qcow2 scattered.raw one.qcow2
vm-img convert -O qcow2 scattered.raw two.qcow2
check each_run_makes_the_same_file cmp one.qcow2 two.qcow2
check in_the_order_of_the_disk sh -c "vm-img map --json one.qcow2 | jq -e '[.[] | .offset // empty] | . == sort'"
rm -f scattered.raw one.qcow2 two.qcow2

# --- Progress is shown where someone sees it.
check_output progress_has_rate_and_time_left '[0-9]+% \[#*\.*\].*B/s  0:0[0-9] left' \
	script -qec "vm-img convert -r 3M full.qcow2 slow.raw" /dev/null
check_output preallocation_has_it_too '[0-9]+% \[#*\.*\]' script -qec "vm-img create --preallocation full large.raw 2G" /dev/null
rm -f large.raw
vm-img resize --preallocation=full full.qcow2 3G >.shown 2>&1 &
# shellcheck disable=SC2016 # for the inner shell
wait_for 10 sh -c 'test "$(du -k full.qcow2 | cut -f1)" -gt 100000'
kill -INT $!
wait $!
check an_interrupted_resize_ends_by_its_signal test $? -eq 130
check_output and_says_what_it_left "'full.qcow2' has (kept its|its new) size: .*bytes" cat .shown
fresh
check none_without_a_terminal sh -c "! vm-img convert --force full.qcow2 slow.raw 2>&1 | grep ."
check_output but_qemu_img_s_figures_for_a_program_that_asks '^    \(100\.00/100%\)$' \
	sh -c "vm-img convert -p --force full.qcow2 slow.raw 2>&1 | tr '\\r' '\\n'"
check none_within_json sh -c "vm-img convert -p --json --force full.qcow2 slow.raw | jq -e .filename"

# --- What is in use
exec 9>>full.qcow2
refused_here a_writer_is_named 4 "'full.qcow2' is in use by '.*bash' \(process $$ of user root\)" vm-img resize full.qcow2 32M
exec 9>&-
exec 9<full.qcow2
check a_reader_is_no_obstacle vm-img resize -q full.qcow2 32M
exec 9<&-
if command -v qemu-system-x86_64 >/dev/null; then
	fresh
	qemu-system-x86_64 -name guest=web,debug-threads=on -S -display none -accel tcg -monitor none -serial none \
		-blockdev driver=qcow2,node-name=d,file.driver=file,file.filename=over.qcow2 -device virtio-blk-pci,drive=d \
		>guest.log 2>&1 &
	guest=$!
	wait_for 20 sh -c "ls -l /proc/$guest/fd | grep over.qcow2"
	by="is in use by 'qemu-system-x86_64' \(process $guest of user root\)"
	while read -r status words; do
		# shellcheck disable=SC2086 # words
		refused_here "the_guest_is_named_by_${words%% *}" "$status" "$by" vm-img $words
	done <<-END
		4 resize over.qcow2 1G
		4 snapshot -c x over.qcow2
		4 commit --yes over.qcow2
		4 commit --yes -b base.qcow2 over.qcow2
		4 rebase -b full.qcow2 -F qcow2 over.qcow2
		4 amend -o lazy_refcounts=on over.qcow2
		4 bitmap --add over.qcow2 b
		4 bench -w --yes over.qcow2
		1 check over.qcow2
		4 map over.qcow2
		4 measure -O qcow2 over.qcow2
		4 convert over.qcow2 x.raw
		2 compare over.qcow2 full.qcow2
		4 dd if=over.qcow2 of=x.raw
		4 convert --force full.qcow2 over.qcow2
		4 convert -n -O qcow2 full.qcow2 over.qcow2
		4 create --force -f qcow2 over.qcow2 1M
		4 resize base.qcow2 1G
	END
	check it_is_read_all_the_same vm-img convert -U over.qcow2 live.raw
	check and_compared vm-img compare -U over.qcow2 live.raw
	check and_looked_at vm-img info over.qcow2
	check its_snapshots_are_listed vm-img snapshot -l over.qcow2
	kill $guest
	wait $guest
else
	skip the_guest_is_named "qemu-system-x86_64 is not installed"
fi
if [ "$(id -u)" = 0 ] && truncate -s 1M loop.raw && device=$(losetup -f --show loop.raw 2>/dev/null); then
	refused_here a_loop_device_is_named 4 "in use by the loop device $device" vm-img resize -f raw loop.raw 2M
	refused_here a_device_is_not_overwritten 4 'what is on it would be lost' vm-img convert full.qcow2 "$device"
	check unless_that_is_meant vm-img convert --force snap.qcow2 loop.qcow2 -O qcow2
	losetup -d "$device"
else
	skip a_loop_device_is_named "needs root and a loop device"
fi

# --- ^C
head -c 30000000 /dev/zero | tr '\0' x >slow.raw
for command in "convert -r 1M slow.raw late.raw" "convert -r 1M -O vmdk slow.raw late.vmdk" "dd bs=512 if=slow.raw of=late.raw"; do
	# shellcheck disable=SC2086 # words
	vm-img $command 2>/dev/null &
	at_once_after '.late*'
	kill -INT $!
	wait $!
	check "an_interrupt_ends_${command%% *}" test $? -eq 130
done
check and_nothing_is_left test -z "$(find . -name '*late*')"
