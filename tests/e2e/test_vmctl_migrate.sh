#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A real guest moves between two libvirtds, which are two hosts.
. "$(dirname "$0")/harness.sh"

daemon_start
here=$URI
daemon_start other
there=$URI
guest_files
cd "$WORK" || exit 1
# Both QEMUs reach the socket that the migration goes over.
mkdir -m 777 sockets
chmod 755 "$WORK"

# start NAME: a running guest on the first host.
start() {
	tiny_guest "$1" >"$1.xml"
	virsh -q -c "$here" define "$1.xml" >/dev/null
	virsh -q -c "$here" start "$1" >/dev/null
}
state() { virsh -c "$1" domstate "$2" 2>/dev/null | head -n 1; }
is() { [ "$(state "$1" "$2")" = "$3" ]; }
over=unix://$WORK/sockets

start mover
check its_speed_is_set vmctl -c "$here" migrate-setspeed mover 100
check_output and_shown '^100$' vmctl -c "$here" migrate-getspeed mover
check so_is_its_downtime vmctl -c "$here" migrate-setmaxdowntime mover 250
check_output which_is_shown_too '"downtime": 250' vmctl -c "$here" migrate-getmaxdowntime mover --json
virsh -c "$here" migrate-getmaxdowntime mover >theirs
vmctl -c "$here" migrate-getmaxdowntime mover >ours
check in_virshs_bytes cmp theirs ours
vmctl -c "$here" migrate-compcache mover --size 67108864 >ours 2>&1
virsh -c "$here" migrate-compcache mover --size 67108864 >theirs 2>&1
check the_cache_too diff theirs ours
check_status no_postcopy_without_a_migration 4 vmctl -c "$here" migrate-postcopy mover
check_status no_job_to_end 4 vmctl -c "$here" domjobabort mover
check_output the_speed_after_the_switch '^[0-9]+$' vmctl -c "$here" migrate-getspeed mover --postcopy
check is_set_as_well vmctl -c "$here" migrate-setspeed mover 200 --postcopy

check a_guest_moves_live vmctl -c "$here" migrate mover "$there" --live --persistent --undefinesource --verbose --unsafe \
	--migrateuri "$over/a" --timeout 100 --timeout-suspend
check it_runs_there is "$there" mover running
check and_is_gone_here is "$here" mover ""
check_output it_moves_back_under_another_name '"destination": "qemu' vmctl -c "$there" migrate mover "$here" --live \
	--dname moved --suspend --p2p --migrateuri "$over/b" --abort-on-error --change-protection --auto-converge --json
check and_is_paused is "$here" moved paused
virsh -q -c "$here" destroy moved

start slow
virsh -q -c "$here" migrate-setspeed slow 1
env --default-signal=INT vmctl -c "$here" migrate slow "$there" --live --migrateuri "$over/c" --unsafe 2>interrupted &
moving=$!
under_way() { vmctl -c "$here" domjobinfo slow --json | jq -e '.type != "None" and .data_processed > 0' >/dev/null; }
wait_for 20 under_way
kill -INT $moving
wait $moving
status=$?
check an_interrupt_ends_it [ $status -eq 130 ]
check and_the_guest_runs_here is "$here" slow running
check and_not_there is "$there" slow ""
vmctl -c "$here" migrate slow "$there" --live --migrateuri "$over/d" --unsafe 2>aborted &
moving=$!
wait_for 20 under_way
check another_may_end_it vmctl -c "$here" domjobabort slow
wait $moving
status=$?
check and_the_migration_says_so [ $status -ne 0 ]
check the_guest_still_runs_here is "$here" slow running
check when_it_takes_too_long_it_is_suspended vmctl -c "$here" migrate slow "$there" --live --migrateuri "$over/e" --unsafe \
	--timeout 1 --bandwidth 1000
check and_has_moved_all_the_same is "$there" slow running

check_status an_offline_guest_needs_no_rest 3 vmctl -c "$here" migrate nosuch "$there"
check_status a_host_that_is_not_there 6 vmctl -c "$here" migrate slow "qemu+unix:///system?socket=$WORK/nosuch"
virsh -q -c "$here" define mover.xml >/dev/null
virsh -q -c "$there" undefine mover >/dev/null
check a_definition_moves vmctl -c "$here" migrate mover "$there" --offline --persistent
check and_is_shut_off_there is "$there" mover "shut off"
check_status a_file_that_is_not_there 3 vmctl -c "$here" migrate mover "$there" --xml nosuch.xml

# The whole grammar reaches libvirt, which refuses what this guest cannot do: for the reason that virsh hears.
refused_alike() {
	virsh -c "$here" "$@" >theirs 2>&1
	vmctl -c "$here" "$@" >ours 2>&1
	grep -F -- "$(tail -n 2 theirs | sed -n 's/^error: //p')" ours || { diff theirs ours && false; }
}
check its_options_reach_libvirt_1 refused_alike migrate mover "$there" --compressed --comp-methods mt,xbzrle --comp-mt-level 1 --comp-mt-threads 2 --comp-mt-dthreads 3 --comp-xbzrle-cache 4096
check its_options_reach_libvirt_2 refused_alike migrate mover "$there" --postcopy --postcopy-bandwidth 5 --postcopy-after-precopy --live
check its_options_reach_libvirt_3 refused_alike migrate mover "$there" --postcopy --live --timeout 5 --timeout-postcopy
check its_options_reach_libvirt_4 refused_alike migrate mover "$there" --postcopy --postcopy-resume --live
check its_options_reach_libvirt_5 refused_alike migrate mover "$there" --parallel --parallel-connections 2 --zerocopy
check its_options_reach_libvirt_6 refused_alike migrate mover "$there" --tls --tls-destination h --rdma-pin-all --tunnelled
check its_options_reach_libvirt_7 refused_alike migrate mover "$there" --copy-storage-all --copy-storage-synchronous-writes --migrate-disks vda --disks-port 5
check its_options_reach_libvirt_8 refused_alike migrate mover "$there" --copy-storage-inc --disks-uri unix:///x --listen-address 0.0.0.0
check its_options_reach_libvirt_9 refused_alike migrate mover "$there" --auto-converge --auto-converge-initial 10 --auto-converge-increment 20 --graphicsuri spice://h
check its_options_reach_libvirt_10 refused_alike migrate mover "$there" --direct --tunneled
check its_options_reach_libvirt_11 refused_alike migrate mover "$there" --persistent --persistent-xml /dev/null
check_status post_copy_is_ended_by_name 4 vmctl -c "$there" domjobabort slow --postcopy
