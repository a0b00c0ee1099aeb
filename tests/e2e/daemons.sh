#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by harness.sh: private libvirtds. Each runs in namespaces of its own and sees its own
# /run/libvirt, /etc/libvirt, /var/lib/libvirt, network and host name; neither the host nor another test
# sees it. $URI reaches the one that was started last. Two are two hosts: guests migrate between them,
#
#   daemon_start; here=$URI
#   daemon_start other; there=$URI

declare -A daemons=() # NAME -> the process that holds its namespaces

daemon_uri() { echo "qemu+unix:///system?socket=$WORK/${1:-daemon}/run/libvirt-sock"; }

# daemon_start [NAME]: the first time on a machine libvirt asks QEMU what it can do (seconds), later it
# finds the answers in the cache.
daemon_start() {
	local name=${1:-daemon} home=$WORK/${1:-daemon} qemu
	needs_namespaces
	command -v libvirtd >/dev/null || skip_all "libvirtd is not installed"
	# Another version's answers are no good.
	qemu=$CACHE/qemu-$(libvirtd --version | grep -o '[0-9.]*$')
	mkdir -p "$home"/{run,etc,lib,log} "$home/cache/qemu" "$qemu"
	cp -a /etc/libvirt/. "$home/etc/"
	cp -a "$qemu/." "$home/cache/qemu/"
	{
		echo "host_uuid = \"$(cat /proc/sys/kernel/random/uuid)\""
		echo 'auth_unix_rw = "none"'
		echo 'auth_unix_ro = "none"'
	} >>"$home/etc/libvirtd.conf"
	setsid unshare --mount --net --uts --pid --fork --mount-proc --kill-child \
		bash "$ROOT/tests/e2e/daemon.sh" "$home" >"$WORK/$name.log" 2>&1 &
	daemons[$name]=$!
	URI=$(daemon_uri "$name")
	if ! wait_for 60 virsh -c "$URI" capabilities; then
		cat "$WORK/$name.log"
		echo "Bail out! the private libvirtd does not answer"
		exit 1
	fi
	cp -a "$home/cache/qemu/." "$qemu/" 2>/dev/null
	export URI
}

# daemon_stop [NAME]: one, or all. Killed, since unshare ignores SIGTERM; its namespaces and guests go
# with it.
daemon_stop() {
	local name
	for name in ${1:-"${!daemons[@]}"}; do
		kill -KILL "${daemons[$name]}" 2>/dev/null
		wait "${daemons[$name]}" 2>/dev/null
		unset "daemons[$name]"
	done
}

# daemon_pid [NAME]: the libvirtd itself, for tests that stop or kill it.
daemon_pid() {
	local pid
	for pid in $(pgrep -x libvirtd); do
		grep -q "$WORK/${1:-daemon}/run" "/proc/$pid/mountinfo" 2>/dev/null && echo "$pid"
	done | tail -n 1
}

# A frozen daemon's socket still takes clients, and never answers.
daemon_freeze() { kill -STOP "$(daemon_pid "${1:-daemon}")"; }
daemon_thaw() { kill -CONT "$(daemon_pid "${1:-daemon}")"; }

# daemon_enter NAME COMMAND...: runs it where the daemon runs, for instance to reach its guests' network.
daemon_enter() {
	local pid
	pid=$(daemon_pid "$1")
	shift
	nsenter -t "$pid" -m -n -u -p -r "$@"
}
