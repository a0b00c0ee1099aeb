#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Pools and volumes of a real libvirtd, and the content of volumes.
. "$(dirname "$0")/harness.sh"

daemon_start
vmctl() { command vmctl -c "$URI" "$@"; }
data_of() { du --block-size=1 "$1" | cut -f1; }

# A pool of a directory, from its definition to its end.
mkdir "$WORK/pool"
check a_pool_is_defined vmctl pool-define-as store dir --target "$WORK/pool"
check its_directory_is_built vmctl pool-build store
check it_starts vmctl pool-start store
check_output it_is_described 'State: +running' vmctl pool-info store
check_status what_is_started_cannot_be_deleted 4 vmctl pool-delete store
check a_pool_is_created_with_its_directory vmctl pool-create-as fresh dir --target "$WORK/fresh" --build
check and_the_directory_is_there test -d "$WORK/fresh"
check it_is_stopped vmctl pool-destroy fresh
check_output pools_have_capabilities "<pool type='dir'" vmctl pool-capabilities
check_status sources_need_what_finds_them 1 vmctl find-storage-pool-sources-as netfs 127.0.0.1 --port 1
printf '<source/>' >"$WORK/source.xml"
check_status nothing_is_found_in_nothing 1 vmctl find-storage-pool-sources iscsi "$WORK/source.xml"

# Volumes.
cat >"$WORK/volume.xml" <<END
<volume><name>from-file.qcow2</name><capacity unit='MiB'>8</capacity><target><format type='qcow2'/></target></volume>
END
check a_volume_is_created vmctl vol-create-as store small.raw 4M --allocation 0 --format raw
check a_volume_is_created_from_a_file vmctl vol-create store "$WORK/volume.xml"
sed 's/from-file/checked/' "$WORK/volume.xml" >"$WORK/checked.xml"
# The storage driver of libvirt 9.0 does not know the flag that its own library has.
check_output the_schema_is_asked 'created from|unsupported flags' vmctl vol-create store "$WORK/checked.xml" --validate
check_output an_overlay_is_created 'backing_fmt=raw|Vol over created' vmctl vol-create-as store over 4M --format qcow2 \
	--backing-vol small.raw --backing-vol-format raw
check_output and_stands_on_the_volume 'small.raw' vmctl vol-dumpxml over store --xpath //backingStore/path
check_output a_volume_has_types_and_sizes 'over +/.*/over +file +4.00 MiB' vmctl vol-list store --details
check_output physical_is_another_size 'Physical: +[0-9]+ bytes' vmctl vol-info over store --physical --bytes
check_output json_has_the_physical_size_instead '"physical": [0-9]+' vmctl vol-info over store --physical --json
check a_volume_is_copied vmctl vol-clone from-file.qcow2 copy.qcow2 --pool store --prealloc-metadata
sed 's/from-file/from-volume/' "$WORK/volume.xml" >"$WORK/other.xml"
check a_volume_is_created_from_another vmctl vol-create-from store "$WORK/other.xml" from-file.qcow2 --inputpool store
check_status a_file_system_may_lack_reflinks 1 vmctl vol-clone small.raw shared.raw store --reflink
check a_volume_grows vmctl vol-resize small.raw 6M store
check_output it_has_grown '6291456 bytes' vmctl vol-info small.raw store --bytes
check it_grows_by_a_size vmctl vol-resize small.raw 1M store --delta
check_output its_new_size_counts_all '7340032 bytes' vmctl vol-info small.raw store --bytes
check_status it_does_not_shrink_unasked 1 vmctl vol-resize small.raw 1M store
check_status a_negative_size_needs_leave 2 vmctl vol-resize small.raw -1M store
check and_shrinks_when_asked vmctl vol-resize small.raw -3M store --shrink
check_output to_what_it_was '4194304 bytes' vmctl vol-info small.raw store --bytes
path=$(vmctl -q vol-path small.raw store)
check_output its_key_is_its_path "^$path\$" vmctl vol-key small.raw store
check_output a_path_has_a_name '^small.raw$' vmctl vol-name "$path"
check_output and_a_pool '^store$' vmctl vol-pool "$path"

# What a pool does not know yet is looked for once more, and one that is elsewhere is told.
: >"$WORK/pool/late.raw"
check_output a_new_file_is_found_in_its_pool '^Name: +late.raw' vmctl vol-info late.raw store
: >"$WORK/pool/later.raw"
check_output and_by_its_path '^later.raw$' vmctl vol-name "$WORK/pool/later.raw"
: >"$WORK/pool/last.raw"
check_status a_read_only_connection_changes_nothing 3 command vmctl -r -c "$URI" vol-info last.raw store
check_status a_typing_error_stays_one 3 vmctl vol-info lots.raw store
vmctl pool-start fresh >/dev/null 2>&1 || vmctl pool-create-as fresh dir --target "$WORK/fresh" >/dev/null
check_output a_volume_of_another_pool_is_told "it is in pool 'store'" vmctl vol-info "$path" fresh

# Content.
head -c 3000000 /dev/urandom >"$WORK/data"
check content_goes_up vmctl vol-upload small.raw "$WORK/data" store
check content_comes_down vmctl vol-download small.raw "$WORK/back" store --length 3000000
check and_is_the_same cmp "$WORK/data" "$WORK/back"
check a_part_comes_down vmctl vol-download small.raw "$WORK/part" store --offset 1000 --length 500
check and_is_that_part cmp -n 500 -i 1000:0 "$WORK/data" "$WORK/part"
check it_has_no_more test "$(stat -c %s "$WORK/part")" = 500
check a_part_goes_up vmctl vol-upload small.raw "$WORK/part" store --offset 2000000 --length 500
check and_is_in_its_place cmp -n 500 -i 0:2000000 "$WORK/part" "$path"
vmctl vol-download small.raw /dev/stdout store 2>/dev/null | head -c 1000 >"$WORK/piped"
check content_comes_through_a_pipe cmp -n 1000 "$WORK/data" "$WORK/piped"

# Holes stay holes.
truncate -s 64M "$WORK/sparse"
head -c 100000 "$WORK/data" | dd of="$WORK/sparse" bs=1M seek=32 conv=notrunc status=none
check a_sparse_volume_is_created vmctl vol-create-as store sparse.raw 64M --allocation 0
check holes_go_up vmctl vol-upload sparse.raw "$WORK/sparse" store --sparse
check as_holes test "$(data_of "$WORK/pool/sparse.raw")" -lt 1048576
check holes_come_down vmctl vol-download sparse.raw "$WORK/sparse.back" store --sparse
check and_stay_holes test "$(data_of "$WORK/sparse.back")" -lt 1048576
check the_data_are_in_their_place cmp "$WORK/sparse" "$WORK/sparse.back"

# A file has its name only when it is complete.
mkdir "$WORK/into"
vmctl vol-create-as store large.raw 2G --allocation 0 >/dev/null
for signal in INT TERM HUP; do
	echo old >"$WORK/into/file"
	env --default-signal=INT "$BUILD/bin/vmctl" -c "$URI" vol-download large.raw "$WORK/into/file" store 2>"$WORK/errors" &
	pid=$!
	wait_for 20 sh -c "find '$WORK/into' -mindepth 2 -type f -size +0 | grep -q ."
	kill -$signal $pid
	wait $pid
	status=$?
	check_output "SIG${signal}_ends_a_download" "^$((128 + $(kill -l $signal)))\$" echo $status
	check_output and_the_old_file_is_still_there '^old$' cat "$WORK/into/file"
	check_output and_nothing_else '^1$' sh -c "find '$WORK/into' -mindepth 1 | wc -l"
done
env --default-signal=INT "$BUILD/bin/vmctl" -c "$URI" vol-download large.raw "$WORK/into/new" store 2>/dev/null &
pid=$!
wait_for 20 sh -c "find '$WORK/into' -mindepth 2 -type f -size +0 | grep -q ."
daemon_freeze
sleep 0.3
kill -TERM $pid
check a_daemon_that_hangs_cannot_hold_it wait_for 10 sh -c "! kill -0 $pid"
check no_part_is_left test ! -e "$WORK/into/new"
daemon_thaw
wait $pid

# A bar where somebody watches.
check_output a_bar_shows_how_far_it_is 'large.raw +[0-9]+%' script -qec \
	"command vmctl -c '$URI' vol-download large.raw '$WORK/into/large' store" /dev/null

check a_volume_is_wiped vmctl vol-wipe small.raw store --algorithm zero
check and_has_no_data cmp -n 4194304 "$path" /dev/zero
check it_is_wiped_without_a_pattern_too vmctl vol-wipe small.raw store
check_status patterns_need_a_program 1 vmctl vol-wipe small.raw store --algorithm nnsa
for volume in over from-file.qcow2 from-volume.qcow2 copy.qcow2 sparse.raw large.raw; do
	check "${volume%%.*}_is_deleted" vmctl vol-delete "$volume" store
done

# A list costs the same few questions however long it is.
for i in {1..3}; do vmctl vol-create-as fresh "v$i" 1M --allocation 0; done >/dev/null
proxy_start
few=$(proxy_count command vmctl -c "$PROXY_URI" vol-list fresh)
seq 4 60 | sed 's/.*/vol-create-as fresh v& 1M --allocation 0/' | vmctl >/dev/null
many=$(proxy_count command vmctl -c "$PROXY_URI" vol-list fresh)
check a_list_costs_a_fixed_number_of_questions test "$few" = "$many"
one=$(proxy_count command vmctl -c "$PROXY_URI" vol-path v7 fresh)
check and_one_volume_less test "$one" -le "$few"
proxy_stop

check a_pool_that_is_not_started vmctl pool-destroy store
check_output says_so "pool 'store' is not active" vmctl vol-info small.raw store
check_output and_how_to_start_it "pool-start 'store'" vmctl vol-list store
check_status its_directory_is_not_empty 1 vmctl pool-delete store
rm -f "$WORK/pool"/*
check then_it_goes vmctl pool-delete store
check and_its_directory test ! -e "$WORK/pool"
check its_definition_goes_too vmctl pool-undefine store
check_status and_is_gone 3 vmctl pool-info store
