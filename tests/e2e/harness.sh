#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the end-to-end tests: TAP, and a directory $WORK for the test, readable by the guests. BUILD in
# the environment is where the programs were built. Beside it: daemons.sh (private libvirtds), guests.sh
# (real guests), proxy.sh (what stands between a client and a daemon).
set -u

# shellcheck disable=SC2034 # for the tests
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
BUILD=${BUILD:-$ROOT/build}
PATH=$BUILD/bin:$PATH:/usr/sbin:/sbin # where a plain user has none of depmod, losetup, ...
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/vmkit
WORK=$(mktemp -d /tmp/vmkit-e2e-XXXXXX)
chmod 755 "$WORK"
RECORDING=$WORK-recording
export LC_ALL=C.UTF-8
number=0
# How long a race with somebody else goes on, and the rounds that it must come to. What is built with the
# sanitizers is there to be looked into, which fewer do.
# shellcheck disable=SC2034 # for the tests
if [ -n "${SANITIZE:-}" ]; then RACE_SECONDS=6 RACE_ROUNDS=3; fi
: "${RACE_SECONDS:=20}" "${RACE_ROUNDS:=20}"

# shellcheck source-path=SCRIPTDIR
. "$ROOT/tests/e2e/daemons.sh"
. "$ROOT/tests/e2e/guests.sh"
. "$ROOT/tests/e2e/proxy.sh"

# compile SOURCE RESULT [OPTION...]: makes a helper that is written in C.
compile() {
	local source=$1 result=$2
	shift 2
	command -v "${CC:-cc}" >/dev/null || skip_all "no compiler"
	"${CC:-cc}" -O1 -D_GNU_SOURCE "$@" -o "$result" "$source" || exit 1
}

# Programs that are called with --json stand behind a recorder; what was recorded is held against the
# commands' schemas at the end. Not under the sanitizers, which must be loaded first.
record_json() {
	local program
	mkdir -p "$RECORDING/records" "$RECORDING/bin"
	chmod 1777 "$RECORDING/records"
	for program in "$BUILD"/bin/*; do
		cat >"$RECORDING/bin/${program##*/}" <<END
#!/bin/bash
[[ " \$* " != *" --json"* && " \$* " != *" --output"*json* ]] || export LD_PRELOAD=$BUILD/tests/preload/record.so RECORD=$RECORDING/records
exec -a "\$0" "$program" "\$@"
END
	done
	chmod +x "$RECORDING"/bin/*
	PATH=$RECORDING/bin:$PATH
}
[ ! -e "$BUILD/tests/preload/record.so" ] || record_json

finish() {
	status=$?
	if [ -e "$RECORDING" ]; then
		cd "$ROOT" || true # a directory that the test was in may be gone
		check json_is_as_the_schemas_say "$ROOT/tests/schema.py" "$BUILD/schemas" "$RECORDING/records"
	fi
	proxy_stop
	daemon_stop
	# What a test mounted below its directory.
	awk -v work="$WORK/" 'index($2, work) == 1 { print $2 }' /proc/mounts | sort -r | xargs -r umount -l
	rm -rf "$WORK" "$RECORDING"
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
# wait_for SECONDS COMMAND...: until the command succeeds. The seconds are those of a quiet machine: on a busy
# one it may take several times as long.
wait_for() {
	local until=$((SECONDS + 30 + 3 * $1))
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
	rm -rf "$WORK" "$RECORDING"
	PRIVATE_MOUNTS=1 exec unshare --mount "$0"
}
