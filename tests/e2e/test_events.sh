#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# vmctl event and its kin beside virsh's, on a real libvirtd: the same things happen to both, and both must
# write the same lines.
. "$(dirname "$0")/harness.sh"

daemon_start
guest_files
# Background jobs of a script ignore ^C: these do not.
vmctl() { env --default-signal=INT vmctl -c "$URI" "$@"; }

waiting=()
# both NAME ARGUMENT...: starts the two side by side.
both() {
	local name=$1
	shift
	env --default-signal=INT vmctl -c "$URI" "$@" >"$WORK/$name.ours" 2>&1 &
	waiting+=($!)
	env --default-signal=INT virsh -c "$URI" "$@" >"$WORK/$name.theirs" 2>&1 &
	waiting+=($!)
}
# same NAME: the lines are the same, and there are some events.
same() { diff "$WORK/$1.theirs" "$WORK/$1.ours" && grep -q '^event' "$WORK/$1.ours"; }
# A second in which none of them did anything: all are registered.
threads() { for pid in "${waiting[@]}"; do cut -d ' ' -f 3,14,15 /proc/"$pid"/task/*/stat; done; }
registered() {
	local before='' now
	for _ in $(seq 60); do
		now=$(threads)
		[ "$now" != "$before" ] || [[ $now == *R* ]] || return 0
		before=$now
		sleep 1
	done
}

tiny_guest watched >"$WORK/guest.xml"
tiny_guest other >"$WORK/other.xml"
cat >"$WORK/net.xml" <<'END'
<network><name>watched</name><bridge name='vmkit-ev0'/></network>
END
cat >"$WORK/secret.xml" <<'END'
<secret ephemeral='no' private='no'><uuid>0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f</uuid><usage type='ceph'><name>x</name></usage></secret>
END
mkdir "$WORK/pool"
v() { virsh -q -c "$URI" "$@" >/dev/null; }
v define "$WORK/guest.xml"
v pool-define-as watched dir --target "$WORK/pool"

both all event --all --loop
both life event --event lifecycle --loop --domain watched
both network net-event --event lifecycle --loop
both pool pool-event --event lifecycle --loop --timeout 60
both refresh pool-event --event refresh --pool watched
both secret secret-event --event lifecycle --loop --timeout 60
both value secret-event --event value-changed
both devices nodedev-event --event lifecycle --loop --timestamp --timeout 60
both monitor qemu-monitor-event --loop --timeout 60 --timestamp --regex --domain watched --event 'STOP|RESUME'
both monitor_one qemu-monitor-event --event resume --no-case --pretty
env --default-signal=INT vmctl -c "$URI" --json event --all --loop >"$WORK/json" 2>&1 &
waiting+=($!)
env --default-signal=INT vmctl -c "$URI" event --event lifecycle --timestamp >"$WORK/stamp" 2>&1 &
waiting+=($!)
registered
v define "$WORK/other.xml"
v undefine other
v start watched
v suspend watched
v resume watched
v desc watched --live something
v destroy watched
v undefine watched
v net-define "$WORK/net.xml"
v net-undefine watched
v pool-start watched
v pool-refresh watched
v pool-destroy watched
v pool-undefine watched
v secret-define "$WORK/secret.xml"
v secret-set-value 0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f --base64 Zm9v 2>/dev/null
v secret-undefine 0a81f5b2-8403-7b23-c8d6-21ccc2f80d6f
wait_for 10 grep -q Undefined "$WORK/secret.ours"
sleep 1
# Standard output is written when the loop ends: virsh's is buffered.
kill -INT "${waiting[@]}" 2>/dev/null
wait "${waiting[@]}"
waiting=()
for name in all life network pool secret value monitor_one; do
	check "the_lines_are_virshs_$name" same "$name"
done
check_output a_pool_was_refreshed "event 'refresh' for storage pool watched" cat "$WORK/refresh.ours"
check_output monitor_events_have_their_time ": event STOP at [0-9]+\.[0-9]{6} for domain 'watched': " cat "$WORK/monitor.ours"
check_output times_are_shown "^[0-9-]{10} [0-9:]{8}\.[0-9]{3}\+0000: event 'lifecycle' for domain 'other': " cat "$WORK/stamp"
check json_has_one_object_a_line sh -c "jq -ce . '$WORK/json' >/dev/null"
check_output json_tells_what_became_of_it '^Started Booted' jq -r 'select(.event == "lifecycle") | .change + " " + .detail' "$WORK/json"
check_output no_device_came 'events received: 0' cat "$WORK/devices.ours"
check_status of_a_secret_that_is_not_there 3 vmctl secret-event --event lifecycle --secret nosuch --timestamp
check_output of_a_pool_there_is_refresh '^refresh$' vmctl pool-event --list --timestamp
check_status nothing_came_in_time 5 vmctl event --event reboot --timeout 1
check_status of_a_guest_that_is_not_there 3 vmctl event --event reboot --domain nosuch
vmctl nodedev-event --event update --device computer --timeout 1 >"$WORK/device" 2>&1
check_output a_device_is_watched 'events received: 0' cat "$WORK/device"
vmctl net-event --event lifecycle --network nosuch --timestamp --timeout 1 >"$WORK/device" 2>&1
check_output a_network_that_is_not_there_is_told "failed to get network 'nosuch'" cat "$WORK/device"

# The daemon goes while we wait.
vmctl event --all --loop >"$WORK/gone" 2>&1 &
last=$!
waiting=("$last")
registered
daemon_stop
wait $last
status=$?
check a_lost_connection_ends_the_wait [ $status -eq 6 ]
check_output and_is_told "connection to the host was lost" cat "$WORK/gone"
