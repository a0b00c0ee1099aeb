#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the end-to-end tests: TAP, a private libvirtd in namespaces of its own, a tiny real guest.
# BUILD in the environment is where the programs were built.
#
# The daemon sees its own /run/libvirt, /etc/libvirt, /var/lib/libvirt and network; neither the host nor
# another test sees it. $URI reaches it, $WORK is a directory for the test, readable by the guests.
set -u

# shellcheck disable=SC2034 # for the tests
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-$ROOT/build}
PATH=$BUILD/bin:$PATH:/usr/sbin:/sbin # where a plain user has none of depmod, losetup, ...
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/vmkit
WORK=$(mktemp -d /tmp/vmkit-e2e-XXXXXX)
chmod 755 "$WORK"
export LC_ALL=C.UTF-8
number=0
daemon=

finish() {
	status=$?
	daemon_stop
	# What a test mounted below its directory.
	awk -v work="$WORK/" 'index($2, work) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
	rm -rf "$WORK"
	echo "1..$number"
	exit $status
}
trap finish EXIT

ok() {
	number=$((number + 1))
	echo "ok $number - $1"
}

# not_ok NAME [FILE]: the file shows why.
not_ok() {
	number=$((number + 1))
	echo "not ok $number - $1"
	[ -z "${2:-}" ] || sed 's/^/#   /' "$2" | tail -n 25
}

skip() {
	number=$((number + 1))
	echo "ok $number - $1 # SKIP $2"
}

# check NAME COMMAND...: passes when the command succeeds.
check() {
	local name=$1
	shift
	if "$@" >"$WORK/.out" 2>&1; then ok "$name"; else not_ok "$name" "$WORK/.out"; fi
}

# check_status NAME STATUS COMMAND...: passes when the command ends with exactly this status.
check_status() {
	local name=$1 want=$2 got
	shift 2
	"$@" >"$WORK/.out" 2>&1
	got=$?
	if [ $got -eq "$want" ]; then
		ok "$name"
	else
		echo "exit status $got instead of $want" >>"$WORK/.out"
		not_ok "$name" "$WORK/.out"
	fi
}

# check_output NAME PATTERN COMMAND...: passes when what it prints (both streams) has the extended
# regular expression in some line.
check_output() {
	local name=$1 pattern=$2
	shift 2
	"$@" >"$WORK/.out" 2>&1
	if grep -qE -- "$pattern" "$WORK/.out"; then
		ok "$name"
	else
		echo "no line matches: $pattern" >>"$WORK/.out"
		not_ok "$name" "$WORK/.out"
	fi
}

# refused_here NAME STATUS PATTERN COMMAND...: ends with STATUS, says PATTERN on standard error and nothing
# on standard output, and leaves the names in this directory as they were.
refused_here() {
	local name=$1 want=$2 pattern=$3 before status
	shift 3
	touch "$WORK"/.out "$WORK"/.errors "$WORK"/.why
	before=$(ls -A)
	"$@" >"$WORK/.out" 2>"$WORK/.errors" </dev/null
	status=$?
	if [ $status -eq "$want" ] && grep -qE -- "$pattern" "$WORK/.errors" && [ ! -s "$WORK/.out" ] &&
		[ "$(ls -A)" = "$before" ]; then
		ok "$name"
	else
		{
			echo "exit status $status, wanted $want; wanted to read: $pattern"
			head -c 500 "$WORK/.out"
			cat "$WORK/.errors"
			ls -A
		} >"$WORK/.why"
		not_ok "$name" "$WORK/.why"
	fi
}
# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
	local until=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $until ] || return 1
		sleep 0.1
	done
}

# at_once_after PATTERN: when a file of such a name is there, without a pause: what is to be interrupted
# may be done within a moment.
at_once_after() {
	local until=$((SECONDS + 20))
	until compgen -G "$1" >/dev/null || [ $SECONDS -ge $until ]; do :; done
}

# Says in one "skip" line why nothing here can run, and ends the test.
skip_all() {
	skip "$(basename "$0" .sh)" "$1"
	exit 0
}

needs_namespaces() {
	[ "$(id -u)" = 0 ] || skip_all "needs root"
	unshare --mount --net --uts --pid --fork true 2>/dev/null || skip_all "namespaces are not allowed here"
}

# Runs the test anew in a mount namespace of its own: what it mounts goes with it.
private_mounts() {
	needs_namespaces
	[ -z "${PRIVATE_MOUNTS:-}" ] || return 0
	rm -rf "$WORK"
	PRIVATE_MOUNTS=1 exec unshare --mount "$0"
}

# Starts the private daemon; the first time on a machine it asks QEMU what it can do (seconds), later
# ones find the answers in the cache.
daemon_start() {
	local home=$WORK/daemon
	needs_namespaces
	command -v libvirtd >/dev/null || skip_all "libvirtd is not installed"
	mkdir -p "$home"/{run,etc,lib,log} "$home/cache/qemu" "$CACHE/qemu"
	cp -a /etc/libvirt/. "$home/etc/"
	cp -a "$CACHE/qemu/." "$home/cache/qemu/"
	{
		echo "host_uuid = \"$(cat /proc/sys/kernel/random/uuid)\""
		echo 'auth_unix_rw = "none"'
		echo 'auth_unix_ro = "none"'
	} >>"$home/etc/libvirtd.conf"
	setsid unshare --mount --net --uts --pid --fork --mount-proc --kill-child \
		bash "$ROOT/tests/e2e/daemon.sh" "$home" >"$WORK/daemon.log" 2>&1 &
	daemon=$!
	URI="qemu+unix:///system?socket=$home/run/libvirt-sock"
	if ! wait_for 60 virsh -c "$URI" capabilities; then
		cat "$WORK/daemon.log"
		echo "Bail out! the private libvirtd does not answer"
		exit 1
	fi
	cp -a "$home/cache/qemu/." "$CACHE/qemu/" 2>/dev/null
	export URI
}

daemon_stop() {
	[ -n "$daemon" ] || return 0
	# Killed, since unshare ignores SIGTERM; its namespaces go with it.
	kill -KILL "$daemon" 2>/dev/null
	wait "$daemon" 2>/dev/null
	daemon=
}

# The daemon's process, for tests that stop or kill it.
daemon_pid() {
	local pid
	for pid in $(pgrep -x libvirtd); do
		grep -q "$WORK/daemon/run" "/proc/$pid/mountinfo" 2>/dev/null && echo "$pid"
	done | tail -n 1
}

# unpack_packages DIRECTORY NAME...: what Debian's packages hold, fetched into DIRECTORY once and not
# installed.
unpack_packages() {
	local directory=$1 unpacked package status=0
	shift
	[ ! -e "$directory" ] || return 0
	mkdir -p "$CACHE"
	unpacked=$(mktemp -d "$CACHE/unpacked-XXXXXX")
	chmod 777 "$unpacked" # apt's own user writes there
	(cd "$unpacked" && apt-get download -qq "$@") 2>/dev/null || status=1
	for package in "$unpacked"/*.deb; do
		dpkg -x "$package" "$unpacked" 2>/dev/null || status=1
		rm -f "$package"
	done
	if [ $status -eq 0 ]; then
		chmod 755 "$unpacked"
		mv "$unpacked" "$directory"
	else
		rm -rf "$unpacked"
	fi
	return $status
}

# $GUEST has vmlinuz and initrd.gz of a guest that boots in seconds.
guest_files() {
	GUEST=$CACHE/guest
	"$ROOT/examples/tiny-guest.sh" "$GUEST" || skip_all "no guest kernel could be fetched"
	chmod -R a+rX "$CACHE" "$GUEST"
	# libvirt's QEMU runs as a user that cannot enter a home directory.
	mkdir -p "$WORK/guest"
	cp "$GUEST"/{vmlinuz,initrd.gz} "$WORK/guest/"
	GUEST=$WORK/guest
	export GUEST
}
