#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by what `make bench` runs: each pair of commands runs in turn, so a machine that is busy is busy for
# both. Prints the median of each in milliseconds and the ratio of the medians.
RUNS=${RUNS:-21}
REPEAT=1

# microseconds COMMAND: how long a run of it, words parted at blanks, takes. Nothing else is in that time but
# what the shell needs to start a process: 0.8 ms for /bin/true. REPEAT many are measured together.
microseconds() {
	local start words i
	read -ra words <<<"$1"
	start=${EPOCHREALTIME/./}
	for ((i = 0; i < REPEAT; i++)); do
		"${words[@]}" >/dev/null 2>&1 </dev/null
	done
	echo $(((${EPOCHREALTIME/./} - start) / REPEAT))
}

median() { sort -n | sed -n "$(((RUNS + 1) / 2))p"; }

# pair NAME OURS PEER [BAR]: the ratio that it shall be below, where one was set.
pair() {
	local i ours=() peers=() a b
	[ "$RUNS" -eq 1 ] || { microseconds "$2" && microseconds "$3"; } >/dev/null
	for ((i = 0; i < RUNS; i++)); do
		ours+=("$(microseconds "$2")")
		peers+=("$(microseconds "$3")")
	done
	a=$(printf '%s\n' "${ours[@]}" | median)
	b=$(printf '%s\n' "${peers[@]}" | median)
	awk -v name="$1" -v a="$a" -v b="$b" -v bar="${4:-}" 'BEGIN {
		printf "%-36s ours %8.2f ms  peer %8.2f ms  ratio %.3f", name, a / 1e3, b / 1e3, a / b
		if (bar) printf "  bar %s: %s", bar, a / b <= bar ? "met" : "MISSED"
		print ""
	}'
}
