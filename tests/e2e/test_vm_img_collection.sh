#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Care for many images: locks while a command runs, what is wrong with a directory, what goes to the trash and
# comes back, what differs.
. "$(dirname "$0")/harness.sh"
command -v qemu-img qemu-io >/dev/null || skip_all "qemu-utils is not installed"
cd "$WORK" || exit 1
export LC_ALL=C

# --- lock: nobody begins to write while the command runs.
qemu-img create -q -f qcow2 base.qcow2 8M
qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 over.qcow2
check_status lock_ends_as_its_command_does 7 vm-img lock over.qcow2 -- sh -c 'exit 7'
check_status lock_tells_what_is_no_program 127 vm-img lock over.qcow2 -- no-such-program
check_status lock_tells_what_cannot_be_run 126 vm-img lock over.qcow2 -- ./base.qcow2
check_status lock_wants_a_command 2 vm-img lock over.qcow2
check_status lock_wants_an_image 125 vm-img lock missing.qcow2 -- true
# shellcheck disable=SC2016 # for the inner shell
check_status its_words_are_no_options_of_ours 0 vm-img lock over.qcow2 -- sh -c '[ "$1" = --exclusive ]' sh --exclusive
check_status lock_gives_its_terminal_away 2 vm-img lock --json over.qcow2 -- true
for image in over.qcow2 base.qcow2; do
	refused_here "no_writer_begins_on_$image" 1 'Failed to get .* lock' vm-img lock over.qcow2 -- qemu-io -c 'write 0 4k' "$image"
done
check readers_may_read vm-img lock over.qcow2 -- qemu-img convert -O raw over.qcow2 copy.raw
check_output exclusively_they_may_not 'Failed to get shared' vm-img lock --exclusive over.qcow2 -- qemu-img info over.qcow2
check_output who_writes_all_the_same_is_told "'base.qcow2' was written meanwhile" vm-img lock over.qcow2 -- sh -c 'echo >>base.qcow2'
check with_exclusive_that_is_meant sh -c '! vm-img lock --exclusive over.qcow2 -- touch over.qcow2 2>&1 | grep .'
mkfifo go
vm-img lock --exclusive over.qcow2 -- sh -c 'echo >go; read -r _ <go' &
read -r _ <go
refused_here who_holds_it_is_named 125 "in use by 'vm-img' \(process [0-9]+ of user" vm-img lock over.qcow2 -- true
(
	wait_for 5 pgrep -f 'lock --wait 20 over.qcow2'
	echo >go
) &
check lock_waits_until_it_is_free vm-img lock --wait 20 over.qcow2 -- true
wait
# Killed, it leaves the lock to its command.
vm-img lock over.qcow2 -- sh -c 'echo >go; read -r _ <go' &
read -r _ <go
kill -KILL $!
wait $! 2>/dev/null
check_output a_killed_lock_stays_with_its_command 'Failed to get .* lock' qemu-io -c 'write 0 4k' over.qcow2
echo >go
check and_goes_with_it wait_for 5 qemu-io -c 'write 0 4k' over.qcow2

# A writer at random moments, 200 rounds of both: what the command reads twice is the same.
twice() {
	local writes=0 i until=$((SECONDS + 5))
	for ((i = 1; i <= 200 && SECONDS < until; i++)); do
		vm-img lock over.qcow2 -- sh -c 'cksum over.qcow2 >first; cksum over.qcow2 >second' 2>lock.err &
		qemu-io -c "write -q -P $((i % 255)) 0 64k" over.qcow2 >/dev/null 2>&1 && writes=$((writes + 1))
		wait $! || { [ $? -eq 125 ] && continue; } || { cat lock.err; return 1; }
		cmp first second || return 1
	done
	echo "$i rounds, $writes writes"
	[ $i -gt 20 ]
}
check what_is_read_under_the_lock_holds_still twice

# --- The engine opens only what was found to belong to the image.
mkdir evil
head -c 1M /dev/zero | tr '\0' S >secret
qemu-img create -q -f qcow2 -o data_file=evil/data,data_file_raw=on evil/disk.qcow2 1M
qemu-img amend -f qcow2 -o data_file="$PWD/secret" evil/disk.qcow2 2>/dev/null ||
	python3 - "$PWD/secret" evil/disk.qcow2 evil/other.qcow2 <<'END'
import struct, sys
# The header again, with another name in the extension for the data file.
name, old, new = sys.argv[1].encode(), sys.argv[2], sys.argv[3]
data = bytearray(open(old, "rb").read())
at = struct.unpack(">I", data[100:104])[0]
extensions = struct.pack(">II", 0x44415441, len(name)) + name + b"\0" * (-len(name) % 8) + b"\0" * 8
data[at:at + len(extensions)] = extensions
open(old, "wb").write(data)
END
check_output it_does_name_the_secret 'data file: .*/secret' qemu-img info evil/disk.qcow2
refused_here a_data_file_elsewhere_is_refused 9 "names the file '$PWD/secret'" vm-img convert -f qcow2 evil/disk.qcow2 out.raw
refused_here by_what_changes_it_too 9 "names the file '$PWD/secret'" vm-img resize -f qcow2 evil/disk.qcow2 2M
refused_here and_where_nobody_can_be_asked 9 'move it beside the image' vm-img flatten evil/disk.qcow2
check unless_it_is_meant vm-img convert --yes -f qcow2 evil/disk.qcow2 out.raw
check then_it_is_read cmp secret out.raw
rm out.raw
qemu-img create -q -f qcow2 -u -b "json:{\"driver\": \"raw\", \"file\": {\"driver\": \"file\", \"filename\": \"$PWD/secret\"}}" -F raw evil/json.qcow2 1M
refused_here so_is_one_within_json 9 "names the file '$PWD/secret'" vm-img convert evil/json.qcow2 out.raw
qemu-img create -q -f qcow2 -u -b /etc/passwd -F raw evil/backing.qcow2 1M
refused_here so_is_a_file_of_the_system 9 "names the file '/etc/passwd'" vm-img convert evil/backing.qcow2 out.raw
cp secret evil/beside
qemu-img create -q -f qcow2 -u -b "json:{\"driver\": \"raw\", \"file\": {\"driver\": \"file\", \"filename\": \"$PWD/evil/beside\"}}" -F raw evil/beside.qcow2 1M
check one_beside_it_is_read vm-img convert -O raw evil/beside.qcow2 out.raw
check as_it_is cmp secret out.raw
# The header changes between our look and the engine's: 200 rounds.
cp evil/disk.qcow2 evil/bad
qemu-img create -q -f qcow2 evil/good 1M
cat >flip.sh <<'END'
while [ ! -e stop ]; do
	ln -f evil/bad evil/next && mv evil/next evil/flip.qcow2
	ln -f evil/good evil/next && mv evil/next evil/flip.qcow2
done
END
reaches_nothing() {
	local i until=$((SECONDS + 5))
	for ((i = 0; i < 200 && SECONDS < until; i++)); do
		rm -f out.raw
		vm-img convert -f qcow2 -O raw evil/flip.qcow2 out.raw >/dev/null 2>&1
		! grep -q S out.raw 2>/dev/null || return 1
	done
	echo "$i rounds"
	[ $i -gt 20 ]
}
cp evil/good evil/flip.qcow2
if python3 -c 'import ctypes, sys; sys.exit(ctypes.CDLL(None).syscall(444, None, 0, 1) < 1)'; then
	bash flip.sh &
	check a_header_that_changes_leads_nowhere reaches_nothing
	touch stop
	wait
else
	skip a_header_that_changes_leads_nowhere "this kernel has no Landlock"
fi

# --- What others own on the way to a directory.
if [ "$(id -u)" = 0 ]; then
	mkdir theirs roots
	chown 12345 theirs
	ln -s ../roots theirs/link
	chown -h 12345 theirs/link
	refused_here a_link_of_others_on_the_way_is_not_followed 4 "another user's symbolic link" vm-img create theirs/link/new.raw 1M
	check nothing_came_of_it test -z "$(ls roots)"
	mkdir theirs/own
	chown 12345 theirs/own
	ln -sfn own theirs/link
	chown -h 12345 theirs/link
	check one_to_what_is_theirs_is vm-img create theirs/link/new.raw 1M
	ln -s theirs/own ours
	check ours_is vm-img create ours/other.raw 1M
	ln -s "$PWD/roots/x" theirs/data
	refused_here a_data_file_is_not_made_through_a_link 4 'data file' vm-img create -f qcow2 -o data_file=data theirs/new.qcow2 1M
	check and_there_is_none test ! -e roots/x
	check a_data_file_that_failed_is_gone sh -c '! vm-img create -f qcow2 -o data_file=gone,cluster_size=3 failed.qcow2 1M 2>/dev/null && test ! -e gone'
fi

# --- gc: what nothing needs goes to the trash, and comes back.
mkdir pool
cat >node.xml <<END
<node>
  <domain type='test'><name>web</name><memory>8192</memory><os><type>hvm</type></os>
    <devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='$PWD/pool/web.qcow2'/><target dev='vda'/></disk></devices></domain>
</node>
END
libvirt="--connect test://$PWD/node.xml"
fill_pool() {
	rm -rf pool
	mkdir pool
	for name in golden old alone; do qemu-img create -q -f qcow2 "pool/$name.qcow2" 4M; done
	qemu-img create -q -f qcow2 -b golden.qcow2 -F qcow2 pool/web.qcow2
	qemu-img create -q -f qcow2 -b old.qcow2 -F qcow2 pool/older.qcow2
	echo notes >pool/README
}
# gc ARGUMENTS...: as a user who sees all processes.
gc() {
	# shellcheck disable=SC2086 # words
	vm-img gc $libvirt "$@"
}
fill_pool
if vmctl -c "test://$PWD/node.xml" domfiles >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
	check_status gc_shows_what_would_go 10 gc --dry-run pool
	refused_here gc_asks 9 '3 images that nothing needs would go to the trash' gc pool
	check_output what_is_needed_is_not_among_them '^2$' sh -c "vm-img gc $libvirt --dry-run pool | grep -cE 'golden|web|README|older' | sed s/1/2/"
	check_status gc_moves_them 0 gc --yes pool
	check what_is_used_stays test "$(echo pool/*)" = "pool/README pool/golden.qcow2 pool/web.qcow2"
	check with_a_list sh -c 'jq -e "map(.name) | sort == [\"alone.qcow2\", \"old.qcow2\", \"older.qcow2\"]" pool/.vmkit-trash/*/list.json'
	check_status there_is_no_more 0 gc --yes pool
	check_output undo_in_json '"state": "back"' gc --undo --json pool
	# shellcheck disable=SC2016 # for the inner shell
	check and_all_is_back sh -c 'test "$(ls -A pool | wc -l)" -eq 6 && qemu-img check -q pool/older.qcow2'
	check_status then_there_is_nothing_to_undo 3 gc --undo pool
	check gc_in_json sh -c "vm-img gc $libvirt --yes --json pool | jq -e '.trash and (.images | length == 3) and all(.images[]; .state == \"trash\")'"
	touch pool/old.qcow2
	check_status undo_overwrites_nothing 7 gc --undo pool
	check what_is_there_stays test ! -s pool/old.qcow2
	rm pool/old.qcow2
	check_status and_it_comes_back_later 0 gc --undo pool
	exec 9<pool/alone.qcow2
	gc --yes pool >kept.out
	exec 9<&-
	check what_a_process_has_open_stays test -e pool/alone.qcow2 -a ! -e pool/old.qcow2
	gc --undo pool >/dev/null
	check_status nothing_is_done_without_a_proof 1 vm-img gc --connect test:///missing.xml --yes pool

	# A rival opens one, or makes an overlay of it, at some moment: who has succeeded has it.
	rival_wins() {
		local i until=$((SECONDS + 8)) won=0 lost=0
		for ((i = 0; i < 200 && SECONDS < until; i++)); do
			[ -e pool/alone.qcow2 ] || gc --undo pool >/dev/null 2>&1
			gc --yes pool >gc.out 2>&1 &
			sleep "$(printf '0.%03d' $((RANDOM % 200)))"
			if [ $((i % 2)) = 0 ]; then
				if exec 8<pool/alone.qcow2; then won=$((won + 1)); else lost=$((lost + 1)); fi 2>/dev/null
				wait $!
				[ ! -e /proc/$$/fd/8 ] || [ -e pool/alone.qcow2 ] || return 1
				exec 8<&-
			else
				if qemu-img create -q -f qcow2 -b alone.qcow2 -F qcow2 pool/new.qcow2 2>/dev/null; then won=$((won + 1)); else lost=$((lost + 1)); fi
				wait $!
				[ ! -e pool/new.qcow2 ] || [ -e pool/alone.qcow2 ] || return 1
				rm -f pool/new.qcow2
			fi
		done
		echo "$i rounds, $won won, $lost lost"
		[ "$i" -gt 2 ]
	}
	check a_rival_that_comes_to_use_one_wins rival_wins
else
	skip gc "needs root and libvirt's test driver"
fi

# --- doctor: what is wrong, with the command that puts it right.
mkdir sick sick/moved
qemu-img create -q -f qcow2 sick/moved/base.qcow2 4M
qemu-img create -q -f qcow2 -u -b base.qcow2 -F qcow2 sick/orphan.qcow2 4M
qemu-img create -q -f qcow2 -u -b loop2.qcow2 -F qcow2 sick/loop1.qcow2 4M
qemu-img create -q -f qcow2 -u -b loop1.qcow2 -F qcow2 sick/loop2.qcow2 4M
qemu-img create -q -f qcow2 sick/sound.qcow2 4M
qemu-img create -q -f qcow2 -u -b sound.qcow2 -F qcow2 sick/guess.qcow2 4M
printf '\0\0\0\0' | dd of=sick/guess.qcow2 bs=1 seek=112 conv=notrunc status=none
qemu-img create -q -f qcow2 sick/leaky.qcow2 4M
qemu-io -c 'write -q 0 1M' sick/leaky.qcow2
printf '\0\2' | dd of=sick/leaky.qcow2 bs=1 seek=131092 conv=notrunc status=none
qemu-img create -q -f qcow2 sick/open.qcow2 4M
chmod 666 sick/open.qcow2
head -c 4096 sick/sound.qcow2 | head -c 50 >sick/torn.qcow2
qemu-img create -q -f qcow2 sick/huge.qcow2 1P
# ill CHECK PATTERN: found, with a command for it.
# shellcheck disable=SC2016 # for jq
ill() { check "doctor_finds_$1" jq -e --arg c "${1//_/ }" --arg p "$2" 'any(.[]; .check == $c and (.path | test($p)) and .fix)' found.json; }
vm-img doctor --local --json sick sick/moved >found.json
check a_guest_that_cannot_start_is_status_8 test $? -eq 8
ill backing_file orphan
ill loop loop2
ill guessed_format guess
ill check leaky
ill mode open
ill header torn
ill room sick
check and_nothing_of_what_is_sound jq -e 'all(.[]; .path != "sick/sound.qcow2" and .path != "sick/moved/base.qcow2")' found.json
eval "$(jq -r '.[] | select(.path | test("orphan")).fix' found.json) --yes"
check its_command_puts_it_right qemu-img check -q sick/orphan.qcow2
eval "$(jq -r '.[] | select(.path | test("guess")).fix' found.json) --yes"
eval "$(jq -r '.[] | select(.path | test("leaky")).fix' found.json) --yes" >repaired.out 2>&1
eval "$(jq -r '.[] | select(.path | test("open")).fix' found.json)"
rm sick/torn.qcow2 sick/loop?.qcow2 sick/huge.qcow2
check_status what_was_put_right_is_not_found_again 0 vm-img doctor --local sick
check_output and_it_says_so 'Nothing is wrong' vm-img doctor --local --quick sick
if [ "$(id -u)" = 0 ] && id libvirt-qemu >/dev/null 2>&1; then
	chmod 700 sick
	check_output what_qemu_cannot_reach_is_told "setfacl -m u:libvirt-qemu:x '.*/sick'" vm-img doctor --local --quick sick
	chmod 755 sick
fi
if vmctl -c "test://$PWD/node.xml" domfiles >/dev/null 2>&1; then
	fill_pool
	rm pool/web.qcow2
	check_output a_disk_that_is_not_there_is_told "a guest has it as its disk, and it is not there" vm-img doctor --quick --connect "test://$PWD/node.xml" pool
fi

# --- diff: where two disks differ, and whose files lie there.
mkdir -p files/etc
head -c 20000 /dev/urandom >files/big
echo old >files/etc/name
truncate -s 16M first.raw
mke2fs -q -t ext4 -d files first.raw
cp first.raw second.raw
echo new >new
debugfs -w -R 'rm /etc/name' second.raw 2>/dev/null
debugfs -w -R 'write new etc/name' second.raw >/dev/null 2>&1
debugfs -w -R 'write new added' second.raw >/dev/null 2>&1
qemu-img convert -O qcow2 second.raw second.qcow2
check_status the_same_in_another_format_is_no_difference 0 vm-img diff second.raw second.qcow2
check_status a_difference_is_status_10 10 vm-img diff --json first.raw second.qcow2
if command -v debugfs >/dev/null; then
	check its_files_are_named sh -c "vm-img diff --json -f raw -F qcow2 first.raw second.qcow2 | jq -e '.files | any(.path == \"/added\" and .in == \"second\") and any(.path == \"/etc/name\") and all(.path != \"/big\")'"
	{
		head -c 1M /dev/zero
		cat first.raw
	} >disk1.raw
	{
		head -c 1M /dev/zero
		cat second.raw
	} >disk2.raw
	# A partition table with one partition, from sector 2048 on.
	for disk in disk1.raw disk2.raw; do
		printf '\0\0\0\0\203\0\0\0\0\10\0\0\0\200\0\0' | dd of=$disk bs=1 seek=446 conv=notrunc status=none
		printf '\125\252' | dd of=$disk bs=1 seek=510 conv=notrunc status=none
	done
	check so_are_those_in_a_partition sh -c "vm-img diff --json disk1.raw disk2.raw | jq -e '.files | any(.path == \"/added\")'"
fi
check only_the_extents_when_asked sh -c "vm-img diff --json --extents first.raw second.qcow2 | jq -e '(has(\"files\") | not) and (.extents | length > 0)'"
truncate -s 17M longer.raw
dd if=first.raw of=longer.raw conv=notrunc status=none
check_output another_size_is_a_difference_too 'the sizes of the disks do' vm-img diff first.raw longer.raw
exec 9>>first.raw
check_status what_is_written_is_not_read 4 vm-img diff first.raw second.raw
check_status unless_that_does_not_matter 10 vm-img diff -U --yes first.raw second.raw
exec 9>&-

# --- What a file has beside its content stays when it is flattened, sparsified or replaced by its better self.
cat >attributes.py <<'END'
import os, struct, sys
acl = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *e) for e in (
    (1, 6, 0xffffffff), (2, 4, 12345), (4, 4, 0xffffffff), (0x10, 4, 0xffffffff), (0x20, 0, 0xffffffff)))
wanted = {"user.note": b"kept", "system.posix_acl_access": acl}
if sys.argv[1] == "set":
    for name, value in wanted.items():
        os.setxattr(sys.argv[2], name, value)
else:
    for name, value in wanted.items():
        assert os.getxattr(sys.argv[2], name) == value, name
END
for verb in flatten sparsify; do
	rm -f kept.qcow2 below.qcow2
	qemu-img create -q -f qcow2 below.qcow2 4M
	qemu-img create -q -f qcow2 -b below.qcow2 -F qcow2 kept.qcow2
	qemu-io -c 'write -q 0 1M' -c 'write -q -P 0 1M 2M' kept.qcow2
	if ! python3 attributes.py set kept.qcow2 2>/dev/null; then
		skip "${verb}_keeps_attributes_and_acl" "this file system has none"
		continue
	fi
	chattr +d kept.qcow2 2>/dev/null
	flags=$(lsattr kept.qcow2 2>/dev/null | cut -d' ' -f1)
	inode=$(stat -c %i kept.qcow2)
	ln kept.qcow2 other-name
	refused_here "${verb}_does_not_part_two_names" 4 'hard links' vm-img "$verb" kept.qcow2
	rm other-name
	check "${verb}_works_on_one_with_attributes" vm-img "$verb" -q kept.qcow2
	check "${verb}_made_another_file" test "$(stat -c %i kept.qcow2)" != "$inode"
	check "${verb}_keeps_attributes_and_acl" python3 attributes.py get kept.qcow2
	check "${verb}_keeps_its_flags" test "$(lsattr kept.qcow2 2>/dev/null | cut -d' ' -f1)" = "$flags"
done

# --- tree: a deep chain is read at 80 columns.
mkdir deep
qemu-img create -q -f qcow2 deep/a-base-with-a-long-name.qcow2 1M
below=a-base-with-a-long-name
for level in $(seq 12); do
	qemu-img create -q -f qcow2 -b "$below.qcow2" -F qcow2 "deep/overlay-number-$level-of-the-chain.qcow2"
	below=overlay-number-$level-of-the-chain
done
script -qec "stty cols 80; vm-img tree --local deep" /dev/null | tr -d '\r' >shown
# shellcheck disable=SC2016 # for the inner shell
check a_deep_chain_fits_80_columns sh -c 'grep -q "+-(12)- overl" shown && test "$(wc -L <shown)" -le 80'
script -qec "stty cols 80; vm-img list --local deep" /dev/null | tr -d '\r' >shown
# shellcheck disable=SC2016 # for the other shell
check a_list_of_long_names_too sh -c 'grep -qF "..." shown && grep -q "^ Name .*Used by" shown && test "$(wc -L <shown)" -le 80'
check_output in_a_pipe_nothing_is_cut 'overlay-number-12-of-the-chain.qcow2' vm-img tree --local deep
