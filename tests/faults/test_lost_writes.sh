#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Somebody writes to an image at a random moment while it is flattened, sparsified or cloned: 200 rounds of
# each. Whatever was written with success is there afterwards, a copy is never torn, a refusal names who it is.
# shellcheck disable=SC2317 # functions are called through race
. "$(dirname "$0")/../e2e/harness.sh"
cd "$WORK" || exit 1
rounds=200

# Milliseconds that a run takes alone, so that the moments are spread over it.
duration() {
	local start=${EPOCHREALTIME/./}
	"$@" >/dev/null 2>&1
	echo $(((${EPOCHREALTIME/./} - start) / 1000))
}

# race PREPARE COMMAND... -- WRITER: in each round PREPARE, then COMMAND, and WRITER N at some moment of it,
# which may be refused. Where it was not, `kept N` must hold.
race() {
	local prepare=$1 writer=$2 i wrote=0 refused=0 until=$((SECONDS + RACE_SECONDS)) most
	shift 2
	$prepare
	most=$(($(duration "$@") + 10))
	for ((i = 1; i <= rounds && SECONDS < until; i++)); do
		$prepare
		"$@" >command.out 2>&1 &
		sleep "$(printf '0.%03d' $((RANDOM % most)))"
		if $writer $((i % 200 + 1)) >writer.out 2>&1; then
			wait $!
			wrote=$((wrote + 1))
			if ! kept $((i % 200 + 1)) >kept.out 2>&1; then
				echo "lost in round $i"
				cat command.out writer.out kept.out
				return 1
			fi
		else
			refused=$((refused + 1))
			wait $!
		fi
		sound || return 1
	done
	echo "$i rounds, $wrote writes, $refused refused"
	[ $wrote -gt 0 ]
}

qemu-img create -q -f raw base.raw 8M
qemu-io -f raw -c 'write -q -P 1 0 4M' base.raw
qemu-img create -q -f qcow2 -b base.raw -F raw template.qcow2
qemu-io -c 'write -q -P 2 6M 1M' -c 'write -q -P 0 1M 2M' template.qcow2
fresh_overlay() { cp template.qcow2 disk.qcow2; }
write_to_disk() { qemu-io -f qcow2 -c "write -q -P $1 5M 64k" -c flush disk.qcow2 >.written 2>&1 && [ ! -s .written ]; }
kept() { qemu-io -f qcow2 -r -c "read -q -P $1 5M 64k" disk.qcow2 >.read 2>&1 && [ ! -s .read ]; }
sound() { qemu-img check -q disk.qcow2 && [ -z "$(find . -name '.*vmkit*')" ]; }
check flatten_loses_no_write race fresh_overlay write_to_disk vm-img flatten disk.qcow2
check nor_does_sparsify_that_writes_anew race fresh_overlay write_to_disk vm-img sparsify disk.qcow2

# One that heeds no locks.
write_plainly() { head -c 65536 /dev/zero | tr '\0' "\\$(printf %03o "$1")" | dd of=disk.raw bs=64k seek=$((RANDOM % 64)) conv=notrunc status=none; }
zeroes() {
	rm -f disk.raw
	head -c 4M /dev/zero >disk.raw
}
kept() { [ "$(tr -d '\0' <disk.raw | head -c 65536 | tr -d "\\$(printf %03o "$1")" | wc -c)" -eq 0 ] && [ "$(tr -d '\0' <disk.raw | wc -c)" -eq 65536 ]; }
sound() { [ "$(stat -c %s disk.raw)" -eq 4194304 ]; }
if strace -qq -e trace=none true 2>/dev/null; then
	check sparsify_punches_nothing_that_was_written race zeroes write_plainly \
		strace -f -qq -o /dev/null -e trace=fallocate -e inject=fallocate:delay_enter=10000 vm-img sparsify disk.raw
else
	skip sparsify_punches_nothing_that_was_written "no strace, or it may not trace"
fi

# --- A copy has what was there at one moment: never the second of two writes without the first.
fresh_source() {
	rm -f copy.raw
	cp template.raw source.raw
}
write_twice() {
	qemu-io -f raw -c "write -q -P $1 0 4k" -c flush -c "write -q -P $1 30M 4k" -c flush source.raw >.written 2>&1 && [ ! -s .written ]
}
qemu-img create -q -f raw template.raw 32M
qemu-io -f raw -c 'write -q -P 255 0 32M' template.raw
pattern_at() { od -An -tu1 -N1 -j "$1" copy.raw | tr -d ' '; }
kept() { true; }
sound() {
	[ ! -e copy.raw ] || [ "$(pattern_at $((30 << 20)))" = 255 ] || [ "$(pattern_at 0)" != 255 ]
}
check a_copy_is_not_torn race fresh_source write_twice vm-img clone --method copy source.raw copy.raw
write_plainly_twice() {
	head -c 4096 /dev/zero | tr '\0' '\001' >one
	dd if=one of=source.raw conv=notrunc status=none
	dd if=one of=source.raw bs=4k seek=7680 conv=notrunc status=none
}
check nor_where_the_writer_heeds_no_locks race fresh_source write_plainly_twice vm-img clone --method copy source.raw copy.raw

# --- Who is in the way is named; where nobody can be seen, that is said.
cp template.qcow2 disk.qcow2
mkfifo hold
qemu-io -f qcow2 disk.qcow2 <hold >/dev/null 2>&1 &
holder=$!
exec 8>hold
wait_for 5 sh -c "ls -l /proc/$holder/fd | grep -q disk.qcow2"
for words in "flatten disk.qcow2" "sparsify disk.qcow2" "resize disk.qcow2 9M" "convert disk.qcow2 out" \
	"clone --method copy disk.qcow2 out" "create --force -f qcow2 disk.qcow2 1M" "dd if=disk.qcow2 of=out"; do
	# shellcheck disable=SC2086 # words
	refused_here "${words%% *}_names_the_holder" 4 "in use by 'qemu-io' \(process $holder of user root\)" vm-img $words
done
exec 8>&-
wait $holder
"${CC:-cc}" -o lock_holder "$ROOT/tests/faults/lock_holder.c" 2>cc.log && {
	# As on another host: a lock, and no process that has the file open.
	mkfifo hold2
	unshare --pid --fork --kill-child ./lock_holder disk.qcow2 <hold2 >held.out &
	exec 8>hold2
	wait_for 5 grep -q held held.out
	check_status a_lock_alone_is_enough 4 vm-img flatten disk.qcow2
	exec 8>&-
	wait $!
}
check and_without_it_all_is_done vm-img flatten disk.qcow2

# --- Attributes, labels and other names
cp template.qcow2 disk.qcow2
chmod 640 disk.qcow2
chown 1:2 disk.qcow2 2>/dev/null
if command -v setfattr >/dev/null && setfattr -n user.note -v mine disk.qcow2 2>/dev/null; then
	check flatten_keeps_attributes sh -c "vm-img flatten disk.qcow2 && getfattr --only-values -n user.note disk.qcow2 | grep mine"
else
	skip flatten_keeps_attributes "no setfattr, or no extended attributes here"
	vm-img flatten disk.qcow2 >/dev/null
fi
check and_owner_and_mode test "$(stat -c %a disk.qcow2)" = 640
cp template.qcow2 disk.qcow2
ln disk.qcow2 other.qcow2
refused_here one_with_two_names_is_not_flattened 4 'hard links' vm-img flatten disk.qcow2
