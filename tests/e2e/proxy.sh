#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by harness.sh: what stands between a client and a daemon and counts, delays or swallows the calls.
# See tests/instruments/rpc_proxy.c.

proxies=() # their processes

# proxy_start [--delay MS | --frozen | --lose N | --interrupt N] [DAEMON]: $PROXY_URI reaches the daemon through it. Each message
# arrives MS later, in both directions: 10 make a round trip of 20 ms. A frozen one takes clients and never
# answers; it needs no daemon. At the Nth call the daemon is lost, or the client interrupted.
proxy_start() {
	local options=() socket=$WORK/proxy-${#proxies[@]}.sock
	while case ${1:-} in --*) true ;; *) false ;; esac; do
		options+=("$1")
		[ "$1" = --frozen ] || { options+=("$2") && shift; }
		shift
	done
	PROXY_CALLS=$WORK/proxy-${#proxies[@]}.calls
	"$BUILD/tests/instruments/rpc_proxy" "${options[@]}" --calls "$PROXY_CALLS" "$socket" \
		"$WORK/${1:-daemon}/run/libvirt-sock" &
	proxies+=($!)
	PROXY_URI="qemu+unix:///system?socket=$socket"
	export PROXY_URI
	if ! wait_for 10 test -S "$socket"; then
		echo "Bail out! rpc_proxy does not listen"
		exit 1
	fi
}

# proxy_calls: how many calls clients made through the proxy that was started last, since it was asked last;
# $PROXY_CALLS then has a line "PROGRAM PROCEDURE COUNT" for each procedure.
proxy_calls() {
	rm -f "$PROXY_CALLS"
	kill -USR1 "${proxies[-1]}"
	wait_for 10 test -e "$PROXY_CALLS" || return 1
	awk '{ calls += $3 } END { print calls + 0 }' "$PROXY_CALLS"
}

# proxy_count COMMAND...: how many calls a run of the command makes through it.
proxy_count() {
	proxy_calls >/dev/null
	"$@" >/dev/null 2>&1
	proxy_calls
}

proxy_stop() {
	local pid
	for pid in "${proxies[@]}"; do
		kill -TERM "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	proxies=()
}
