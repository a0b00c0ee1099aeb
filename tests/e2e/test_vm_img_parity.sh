#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What qemu-img does vm-img does too: each row of qemu_img.txt runs with both on copies of the same
# images; what they print, their exit statuses and all files are the same afterwards.
. "$(dirname "$0")/harness.sh"
. "$ROOT/tests/e2e/qemu_img.sh"
command -v qemu-img qemu-io >/dev/null || skip_all "qemu-utils is not installed"
# Hundreds of copies: in memory where there is room.
PLACE=$WORK
if [ -w /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -n 1)" -gt 500000 ]; then
	PLACE=$(mktemp -d /dev/shm/vmkit-e2e-XXXXXX)
	trap 'rm -rf "$PLACE"; finish' EXIT
fi
cd "$PLACE" || exit 1
export LC_ALL=C

luks=driver=luks,key-secret=s,file.filename
write() { qemu-io -f "$1" -c "write -P $3 $4 $5" "$2" >/dev/null; }
# put FILE OFFSET BYTES: as printf writes them.
put() { printf '%b' "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }

make_images() {
	head -c 3000000 /dev/urandom >a.raw
	truncate -s 4M a.raw zero.raw
	truncate -s 5M long.raw
	dd if=a.raw of=long.raw conv=notrunc status=none
	qemu-img convert -O qcow2 a.raw a.qcow2
	qemu-img create -q -f qcow2 base.qcow2 4M
	write qcow2 base.qcow2 1 0 1M
	qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 over.qcow2
	write qcow2 over.qcow2 2 512k 1M
	qemu-img create -q -f qcow2 -b over.qcow2 -F qcow2 top.qcow2
	write qcow2 top.qcow2 3 3M 64k
	qemu-img create -q -f qcow -b base.qcow2 -F qcow2 over.qcow
	write qcow over.qcow 9 512k 1M
	qemu-img create -q -f vmdk base.vmdk 4M
	write vmdk base.vmdk 8 0 1M
	qemu-img create -q -f vmdk -b base.vmdk -F vmdk mid.vmdk
	qemu-img create -q -f vmdk -b mid.vmdk -F vmdk top.vmdk
	qemu-img create -q -f vmdk -o subformat=monolithicFlat flat.vmdk 4M
	qemu-img create -q -f vmdk -o subformat=twoGbMaxExtentSparse two.vmdk 4M
	mkdir sub
	qemu-img create -q -f qcow2 -b ../base.qcow2 -F qcow2 sub/o.qcow2
	for format in vdi vpc vhdx qed qcow parallels; do qemu-img create -q -f $format a.$format 4M; done
	qemu-img create -q -f qcow2 -u -b missing.qcow2 -F qcow2 nobase.qcow2 1M
	qemu-img create -q -f qcow2 -o data_file=data.raw data.qcow2 1M
	qemu-img create -q -f qcow2 -o compat=0.10 v2.qcow2 4M
	# Without the header extension that records the format, as older programs have made them.
	qemu-img create -q -f qcow2 -b a.raw -F raw nofmt.qcow2
	put nofmt.qcow2 112 '\0\0\0\0'
	head -c 50 a.qcow2 >cut.qcow2
	cp a.raw snapraw.raw
	# An entry of the snapshot table with more extra data than there is.
	qemu-img create -q -f qcow2 table.qcow2 4M
	qemu-img snapshot -c one table.qcow2
	put table.qcow2 $((0x$(od -An -tx1 -j64 -N8 table.qcow2 | tr -d ' ') + 36)) '\0\0\0\377'
	cp a.qcow2 snapshots.qcow2
	qemu-img snapshot -c one snapshots.qcow2
	write qcow2 snapshots.qcow2 4 1M 64k
	qemu-img snapshot -c two snapshots.qcow2
	write qcow2 snapshots.qcow2 5 2M 64k
	cp a.qcow2 bitmaps.qcow2
	qemu-img bitmap --add bitmaps.qcow2 b0
	write qcow2 bitmaps.qcow2 6 1M 64k
	qemu-img bitmap --add --disable bitmaps.qcow2 b1
	head -c 20 /dev/urandom | base64 >key
	wait_for 20 qemu-img create -q --object secret,id=s,file=key -f luks -o key-secret=s,iter-time=10 a.luks 4M
	# The only data cluster is not referred to; it is referred to but not counted.
	qemu-img create -q -f qcow2 leaks.qcow2 4M
	write qcow2 leaks.qcow2 7 0 64k
	cp leaks.qcow2 corrupt.qcow2
	put leaks.qcow2 262144 '\0\0\0\0\0\0\0\0'
	put corrupt.qcow2 131082 '\0\0'
}

# lasting_facts DIRECTORY FILE: those that are the same each time such an image is made.
lasting_facts() {
	(cd "$1" && qemu-img info --output=json "$2") | as_of_72 |
		grep -vE '"(cid|actual-size|date-n?sec|uuid|master-key-iters|iters|key-offset)"'
}

# same_image FILE: the same bytes, or, where formats have times and random numbers in them, the same
# content and facts.
same_image() {
	cmp -s "ours/$1" "theirs/$1" && return
	case $1 in *-s0*.vmdk) return 0 ;; esac # a part of the image that names it
	diff <(lasting_facts ours "$1") <(lasting_facts theirs "$1") || return 1
	case $1 in
	*.luks) qemu-img compare --object secret,id=s,file=images/key --image-opts "$luks=ours/$1" "$luks=theirs/$1" ;;
	*.vpc) qemu-img compare -f vpc -F vpc "ours/$1" "theirs/$1" ;;
	*) qemu-img compare "ours/$1" "theirs/$1" ;;
	esac
}

same_files() {
	local file
	diff <(cd ours && find . | sort) <(cd theirs && find . | sort) || return 1
	while read -r file; do
		same_image "$file" || { echo "$file differs" && return 1; }
	done < <(cd ours && find . -type f -printf '%P\n')
}

# run_both HOW ARGUMENTS...: sets $ours and $theirs to the exit statuses.
run_both() {
	local how=$1 extra=() at=images
	shift
	case $how in *y*) extra=(--yes) ;; *f*) extra=(--force) ;; esac
	case $how in *s*) extra+=(--shrink) ;; esac
	case $how in *r*) ;; *)
		rm -rf ours theirs
		cp -a --sparse=always images ours
		cp -a --sparse=always images theirs
		at=
		;;
	esac
	(cd "${at:-theirs}" && exec qemu-img "$@") >.theirs 2>.theirs.errors </dev/null
	theirs=$?
	(cd "${at:-ours}" && exec vm-img "$1" "${extra[@]}" "${@:2}") >.ours 2>.ours.errors </dev/null
	ours=$?
}

# steady FILE: without the steps of progress between the first and the last: how many of them are shown is a
# matter of time.
steady() {
	tr '\r' '\n' <"$1" | grep -avE '^ +\(([1-9][0-9]?\.[0-9]+|0\.(0[1-9]|[1-9][0-9]))/100%\)$'
	return 0
}

# alike OUTPUT HOW ARGUMENTS...: as in the table.
alike() {
	local output=$1 how=$2 try
	shift 2
	for try in 1 2 3 4 5 6 7 8 9; do
		run_both "$how" "$@"
		# How fast keys are made cannot always be measured on a busy machine: then it fails.
		grep -q 'accurate CPU usage' .ours.errors .theirs.errors || break
		sleep "0.$try"
	done
	case $1 in
	check | compare) [ "$ours" -eq "$theirs" ] ;;
	*) [ $((ours == 0)) -eq $((theirs == 0)) ] ;;
	esac || { echo "exit status $ours, qemu-img's $theirs" && cat .ours.errors .theirs.errors && return 1; }
	[ "$output" != = ] || same_print <(steady .ours) <(steady .theirs) || return 1
	case $how in *r*) ;; *) same_files ;; esac
}

mkdir images
(cd images && make_images)
sums() { (cd images && find . -type f -exec cksum {} +); }
sums >.sums
while IFS=$'\t' read -r how row; do
	case $how in '#'* | '') continue ;; esac
	# Two blanks, or one at the end, stand for an empty word.
	row=${row//  / \'\' }
	case $row in *' ') row="$row''" ;; esac
	read -ra words <<<"$row"
	for i in "${!words[@]}"; do [ "${words[i]}" != "''" ] || words[i]=; done
	check "$(tr -cs 'A-Za-z0-9=.\n' _ <<<"$row")" alike "${how%% *}" "${how#?}" "${words[@]}"
done <"$ROOT/tests/e2e/qemu_img.txt"
check what_reads_changes_nothing diff <(sums) .sums

# QEMU takes an image with holes in its tables for one with preallocated metadata.
has_its_room() {
	vm-img create -q -f qcow2 "$@" room.ours 10G && qemu-img create -q -f qcow2 "$@" room.theirs 10G
	[ "$(stat -c '%b %s' room.ours)" = "$(stat -c '%b %s' room.theirs)" ]
	local same=$?
	rm -f room.*
	return $same
}
check a_new_image_has_room_for_its_tables has_its_room
check whatever_its_clusters_are has_its_room -o cluster_size=2M
# qemu-img itself ends with 1 there, when all is written.
complete_qcow() { vm-img convert -c -O qcow images/a.raw packed.qcow && qemu-img compare -q images/a.raw packed.qcow; }
check a_compressed_qcow_is_complete complete_qcow

# --- What other versions of qemu-img take is taken with any, but for what it must do itself.
cd images || exit 1
facts() { qemu-img info --output=json "$1" | grep -E '"(full-)?backing-filename|"format"' | sort; }
same_facts() { [ "$(facts "$1" | sed "s/$1/X/")" = "$(facts "$2" | sed "s/$2/X/")" ]; }
qemu-img create -q -f qcow2 -b a.qcow2 -F qcow2 theirs.qcow2
check create_by_the_letters_of_11 vm-img create -q -f qcow2 -b a.qcow2 -B qcow2 ours.qcow2
check it_has_that_backing_file same_facts ours.qcow2 theirs.qcow2
check rebase_by_them vm-img rebase -u --yes -b a.raw -B raw ours.qcow2
check it_has_that_one_then sh -c 'qemu-img info ours.qcow2 | grep -q "^backing file: a.raw"'
check convert_by_them vm-img convert -q --target-options compat=1.1 --output-format qcow2 -b a.qcow2 -F qcow2 theirs.qcow2 new.qcow2
check it_has_that_one_too same_facts new.qcow2 theirs.qcow2
check_output the_room_for_a_size 'required size: ' vm-img measure -s 1M
check_output and_for_an_image 'required size: ' vm-img measure --source-format qcow2 theirs.qcow2
check_output the_whole_chain 'image: .*a.qcow2' vm-img info -t none -b theirs.qcow2
check a_snapshot_of_the_format_that_is_given vm-img snapshot -f qcow2 -c 'one,two' theirs.qcow2
check_output which_is_listed ' one,two ' vm-img snapshot -f qcow2 -l theirs.qcow2
check and_read vm-img convert --source-snapshot 'snapshot.name=one,,two' -O raw theirs.qcow2 new.raw
refused_here a_raw_one_has_none 1 'not supported' vm-img snapshot -f raw -c one theirs.qcow2
check and_is_deleted vm-img snapshot -f qcow2 --yes -d 'one,two' theirs.qcow2
# by_itself NAME LETTER HELP ARGUMENTS...: done where HELP, its command and the option, is in qemu-img's help.
by_itself() {
	local name=$1 letter=$2 command=${3% *} option=${3#* }
	shift 3
	if qemu-img "$command" --help 2>&1 | grep -qE -- "$option\b" && qemu-img "$command" -h 2>&1 | grep -q '^Usage:'; then
		check "$name" vm-img "$@"
	else
		refused_here "${name}_needs_a_newer_one" 2 "too old: it does not know $letter\$" vm-img "$@"
	fi
}
by_itself rebase_compresses -c 'rebase --compress' rebase -q -c -b a.qcow2 -F qcow2 theirs.qcow2
by_itself info_tells_limits --limits 'info --limits' info --limits -t none theirs.qcow2
by_itself bench_takes_objects --object 'bench --object' bench -c 1 --object secret,id=s,data=x theirs.qcow2
