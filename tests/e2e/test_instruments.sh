#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the other tests measure with: the proxy of a daemon's socket, two daemons as two hosts.
. "$(dirname "$0")/harness.sh"

daemon_start
here=$URI
proxy_start
idle=$(proxy_count virsh -c "$PROXY_URI" hostname)
one=$(proxy_count virsh -c "$PROXY_URI" "hostname; hostname")
check "a_call_more_is_counted_as_one ($idle, $one)" test "$one" -eq $((idle + 1))
check the_calls_are_there_by_procedure grep -qE '^536903814 [0-9]+ 1$' "$PROXY_CALLS"
check nothing_is_counted_twice test "$(proxy_calls)" -eq 0
check what_the_daemon_says_comes_through cmp <(virsh -c "$PROXY_URI" capabilities) <(virsh -c "$here" capabilities)

proxy_start --delay 10
start=${EPOCHREALTIME/./}
calls=$(proxy_count virsh -c "$PROXY_URI" list)
took=$(((${EPOCHREALTIME/./} - start) / 1000))
check "each_call_takes_a_round_trip ($calls calls, $took ms)" test $took -ge $((calls * 20))

proxy_start --frozen
check_status a_frozen_one_takes_clients_and_never_answers 124 timeout 1 virsh -c "$PROXY_URI" uri

daemon_start other
there=$URI
guest_files
tiny_guest tiny >"$WORK/tiny.xml"
check a_guest_starts_on_one_host virsh -c "$here" create "$WORK/tiny.xml"
mkdir -m 1777 "$WORK/migration"
check it_moves_to_the_other timeout 60 virsh -c "$here" migrate tiny --live --desturi "$there" \
	--migrateuri "unix://$WORK/migration/socket"
check_output and_is_there tiny virsh -c "$there" list --name
check_status and_no_more_here 1 virsh -c "$here" domstate tiny
daemon_freeze
check_status one_is_frozen 124 timeout 1 virsh -c "$here" uri
check the_other_lives virsh -c "$there" uri
daemon_thaw
check and_thaws timeout 10 virsh -c "$here" uri
daemon_stop other
check_status one_stops 1 virsh -c "$there" uri
check and_the_other_stays virsh -c "$here" uri
