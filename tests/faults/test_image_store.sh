#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Clones, flattening, sparsifying, seeds and downloads under bad circumstances: a disk that is full, a
# kill or ^C at any moment. Every image keeps its content, nothing half made has a final name.
. "$(dirname "$0")/../e2e/harness.sh"
command -v qemu-img qemu-io >/dev/null || skip_all "qemu-utils is not installed"
private_mounts
cd "$WORK" || exit 1
export LC_ALL=C

. "$ROOT/tests/faults/full_disk.sh"
sizes='4k 64k 200k 512k 3m 5900k 12m'
full='No space left|are free in|failed'
fills copy_on_a_full_disk vm-img clone --method copy source.raw small/new
fills overlay_on_a_full_disk vm-img clone --method overlay source.qcow2 small/new
if command -v xorriso >/dev/null; then
	fills seed_on_a_full_disk vm-img seed --hostname x small/seed.iso
fi
if command -v curl >/dev/null; then
	fills download_on_a_full_disk vm-img fetch --cache small "file://$WORK/source.raw"
fi

# A file system that shares blocks: the clone is there at once and takes nothing.
truncate -s 400M xfs.img
mkdir shared
if mkfs.xfs -q xfs.img 2>/dev/null && mount -o loop xfs.img shared 2>/dev/null; then
	qemu-img create -q -f qcow2 shared/base.qcow2 1G
	qemu-io -c 'write -P 3 0 150M' shared/base.qcow2 >/dev/null
	sync
	free=$(stat -f -c %f shared)
	check_output a_clone_shares_its_blocks 'reflink: the file system shares' vm-img clone shared/base.qcow2 shared/one.qcow2
	check_output in_milliseconds '"milliseconds": [0-9]{1,2}$' vm-img clone --json shared/base.qcow2 shared/two.qcow2 --method reflink
	check and_takes_no_room test $((free - $(stat -f -c %f shared))) -lt 1000
	qemu-io -c 'write -P 4 0 1M' shared/one.qcow2 >/dev/null
	check the_others_do_not_change qemu-img compare -q shared/base.qcow2 shared/two.qcow2
	check_status another_file_system_cannot_share_them 4 vm-img clone --method reflink shared/base.qcow2 three.qcow2
	umount shared
else
	skip a_clone_shares_its_blocks "XFS cannot be mounted here"
fi

# In place: the image is what it was, and nothing is beside it.
on_disk_of 13m
qemu-img convert -O qcow2 source.raw small/base.qcow2
qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 small/over.qcow2
qemu-io -c 'write -P 5 0 1M' small/over.qcow2 >/dev/null
qemu-img convert -O raw small/over.qcow2 expected.raw
sum=$(cksum <small/over.qcow2)
check_status a_flattening_that_does_not_fit_fails 1 vm-img flatten small/over.qcow2
check the_overlay_is_what_it_was test "$sum" = "$(cksum <small/over.qcow2)"
check nothing_is_beside_it test "$(find small -type f | wc -l)" -eq 2
on_disk_of 12m
qemu-img convert -S 0 -O qcow2 source.raw small/full.qcow2
qemu-io -c 'write -P 0 0 1M' small/full.qcow2 >/dev/null
sum=$(cksum <small/full.qcow2)
dd if=/dev/zero of=small/ballast bs=1k count=3000 status=none
check_status a_rewriting_that_does_not_fit_fails 1 vm-img sparsify small/full.qcow2
check the_image_is_what_it_was test "$sum" = "$(cksum <small/full.qcow2)"
check and_nothing_beside_it test "$(find small -type f | wc -l)" -eq 2
umount small

# Killed at any moment: what is there under a final name is whole, what was changed reads the same.
# killed NAME COUNT MOST PREPARE CHECK COMMAND...
kills=0
killed() {
	local name=$1 count=$2 most=$3 prepare=$4 whole=$5 i
	shift 5
	for ((i = 0; i < count; i++)); do
		$prepare
		"$@" >.log 2>&1 &
		sleep "$(awk -v n=$i -v c="$count" -v m="$most" 'BEGIN { printf "%.4f", m * (n + 1) / c / 1000 }')"
		kill "-${SIGNAL:-KILL}" $! 2>/dev/null
		wait $! 2>/dev/null
		if ! $whole; then
			not_ok "$name" .log
			return
		fi
		kills=$((kills + 1))
	done
	ok "$name"
}
no_new() { rm -f new; }
new_is_whole() { [ ! -e new ] || cmp -s new source.raw; }
make_over() {
	rm -f over.qcow2
	qemu-img create -q -f qcow2 -b source.qcow2 -F qcow2 over.qcow2
}
over_is_whole() { qemu-img compare -q over.qcow2 source.raw; }
head -c 30000000 /dev/zero | cat source.raw - source.raw >zeroes.raw
qemu-img convert -S 0 -O qcow2 zeroes.raw zeroes.qcow2
make_raw() { cp --sparse=never zeroes.raw full.raw; }
raw_is_whole() { cmp -s full.raw zeroes.raw; }
make_qcow2() { cp zeroes.qcow2 full.qcow2; }
qcow2_is_whole() { qemu-img compare -q full.qcow2 zeroes.raw; }
nothing_left() { [ -z "$(find . -name '.*vmkit-*')" ]; }
killed copying_is_killed 30 30 no_new new_is_whole vm-img clone --method copy source.raw new
killed flattening_is_killed 30 80 make_over over_is_whole vm-img flatten over.qcow2
killed punching_is_killed 20 30 make_raw raw_is_whole vm-img sparsify full.raw
killed rewriting_is_killed 20 100 make_qcow2 qcow2_is_whole vm-img sparsify full.qcow2
check each_was_killed test $kills -eq 100
make_over
check leftovers_are_swept_by_the_next vm-img flatten over.qcow2
make_qcow2
vm-img sparsify full.qcow2 >.log
vm-img clone -q --method copy --force source.raw new
check all_of_them nothing_left
SIGNAL=INT
# shellcheck disable=SC2317 # called through a variable
clean_and_whole() { nothing_left && over_is_whole; }
# shellcheck disable=SC2317
clean_copy() { nothing_left && new_is_whole; }
killed interrupts_leave_nothing 20 80 make_over clean_and_whole vm-img flatten over.qcow2
killed nor_those_of_a_copy 20 30 no_new clean_copy vm-img clone --method copy source.raw new
