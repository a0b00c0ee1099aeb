#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Images under bad circumstances: a disk that is full at every stage, a kill at any moment, a disk that
# cannot be read. The source stays what it was, and no half image has the final name.
. "$(dirname "$0")/../e2e/harness.sh"
command -v qemu-img qemu-io >/dev/null || skip_all "qemu-utils is not installed"
private_mounts
cd "$WORK" || exit 1
export LC_ALL=C

. "$ROOT/tests/faults/full_disk.sh"

# --- A disk that is full, at every stage: each command once on disks of all sizes up to where it fits.
sizes='4k 8k 64k 200k 260k 300k 512k 1m 3m 5m 5900k 6m 12m'
full='No space left|are free in|[Nn]o space|write|resize|Could not|error while'
for format in raw qcow2 vmdk vdi vpc vhdx qed; do
	fills "convert_to_${format}_on_a_full_disk" vm-img convert -O $format source.raw small/new
done
fills convert_compressed_on_a_full_disk vm-img convert -c -O qcow2 source.raw small/new
fills convert_with_preallocation_on_a_full_disk vm-img convert -o preallocation=falloc -O qcow2 source.raw small/new
fills dd_on_a_full_disk vm-img dd bs=64k if=source.raw of=small/new
fills create_on_a_full_disk vm-img create -f qcow2 small/new 1T
fills create_with_data_on_a_full_disk vm-img create -f raw --preallocation full small/new 4M
on_disk_of 4m
check_output room_is_looked_at_before "'small/new' needs up to .* are free in 'small'" vm-img convert -O qcow2 source.raw small/new
on_disk_of 10m
cp source.qcow2 small/old
check_status what_is_replaced_stays_when_there_is_no_room 1 vm-img convert --force -O qcow2 source.raw small/old
check it_is_whole cmp source.qcow2 small/old
check and_alone test "$(ls -A small)" = old

# --- In place: what fails half way leaves a sound image of the same content.
on_disk_of 5m
qemu-img create -q -f qcow2 small/base.qcow2 6000128
qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 small/over.qcow2
qemu-io -c 'write -P 5 0 3M' small/over.qcow2 >/dev/null
qemu-img convert -O raw small/over.qcow2 expected.raw
check_status a_commit_that_does_not_fit_fails 1 vm-img commit --yes small/over.qcow2
check nothing_is_lost_by_it qemu-img compare -q small/over.qcow2 expected.raw
check and_both_are_sound sh -c 'qemu-img check -q small/over.qcow2 && qemu-img check -q -r leaks small/base.qcow2'
on_disk_of 7m
qemu-img convert -O qcow2 source.raw small/base.qcow2
qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 small/over.qcow2
check_status a_rebase_that_does_not_fit_fails 1 vm-img rebase -b '' small/over.qcow2
check its_content_is_the_same qemu-img compare -q small/over.qcow2 source.raw
check_status a_resize_that_does_not_fit_fails 1 vm-img resize --preallocation full small/over.qcow2 +8M

# --- Killed at any moment.
umount small
# killed COUNT SLEEP COMMAND...: kills it COUNT times at moments up to SLEEP ms; the target is whole or not
# there. A leftover of a killed one is removed by the next.
killed() {
	local i count=$1 most=$2
	shift 2
	for ((i = 0; i < count; i++)); do
		"$@" >/dev/null 2>&1 &
		sleep "$(awk -v n=$i -v c="$count" -v m="$most" 'BEGIN { printf "%.4f", m * (n + 1) / c / 1000 }')"
		kill -KILL $! 2>/dev/null
		wait $! 2>/dev/null
		if [ -e new ]; then
			qemu-img compare -q new source.raw || return 1
			rm -f new
		fi
		kills=$((kills + 1))
	done
}
kills=0
goes_on() { pgrep -f "qemu-img convert -r 500k .*/proc/[a-z0-9]+/fd/[0-9]+/new"; }
nobody_goes_on() { ! goes_on; }
only_one_leftover() { [ "$(find . -maxdepth 1 -name '.new.*' | wc -l)" -le 1 ]; }
check killed_while_converting_to_raw killed 50 60 vm-img convert source.qcow2 new
check killed_while_converting_to_qcow2 killed 50 60 vm-img convert -O qcow2 source.raw new
check killed_while_compressing killed 40 400 vm-img convert -c -O qcow2 source.raw new
check killed_while_converting_to_vmdk killed 40 60 vm-img convert -O vmdk source.raw new
check killed_while_copying killed 40 100 vm-img dd bs=4k if=source.raw of=new
check killed_while_creating killed 20 40 vm-img create -f qcow2 -b source.raw -F raw new
check each_was_killed test $kills -ge 200
vm-img convert -r 500k source.raw new &
check a_slow_one_is_under_way wait_for 5 goes_on
kill -KILL $!
wait $! 2>/dev/null
check nobody_writes_on_for_the_killed wait_for 2 nobody_goes_on
check leftovers_do_not_add_up only_one_leftover
check the_next_one_makes_it vm-img convert source.qcow2 new
check and_sweeps test -z "$(find . -maxdepth 1 -name '.new.*')"
check the_sources_are_untouched source_is_untouched

# --- A source that cannot be read: a device mapper is not always there, so the error is QEMU's own.
cat >bad.json <<-'END'
	json:{"driver":"raw","file":{"driver":"blkdebug","image":{"driver":"file","filename":"source.raw"},"inject-error":[{"event":"read_aio","sector":4000,"once":false}]}}
END
rm -f new
refused_here a_read_error_leaves_nothing 1 'error while reading|Input/output error' vm-img convert "$(cat bad.json)" new
check_output salvage_goes_on_and_says_so 'error while reading' vm-img convert --salvage "$(cat bad.json)" new
check what_could_be_read_is_there sh -c 'cmp -n 2000000 source.raw new'
truncate -s 100k short.qcow2
dd if=source.qcow2 of=short.qcow2 bs=1k count=100 conv=notrunc status=none
vm-img convert short.qcow2 torn >/dev/null 2>&1
check a_torn_source_gives_an_error_or_an_image sh -c 'test ! -e torn || qemu-img compare -q short.qcow2 torn'
check the_sources_are_what_they_were source_is_untouched
