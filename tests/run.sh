#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the test commands on standard input, one a line, and adds up what they print as TAP: "ok", "not ok",
# "ok ... # SKIP why". A command that ends with a failure of its own counts as one. Twice as many run at a
# time as there are processors, or TEST_JOBS: most wait for guests. One that takes longer than TEST_SECONDS is
# ended, and says where it was.
# Usage: run.sh LOGDIR < commands
set -u

logs=$1
limit=${TEST_SECONDS:-1200}
mkdir -p "$logs"
rm -f "$logs"/*.log "$logs"/*.total

# tree PID: it and what descends from it.
tree() {
	local child
	echo "$1"
	for child in $(pgrep -P "$1"); do
		tree "$child"
	done
}

# end PID: itself first, or it would go on with its next check.
end() {
	local processes
	mapfile -t processes < <(tree "$1")
	printf 'not ok - still at work after %d s:\n' "$limit"
	ps -o pid,ppid,etimes,stat,wchan:20,args -p "$(IFS=, && echo "${processes[*]}")" | sed 's/^/#   /'
	kill -TERM "${processes[@]}"
	sleep 20
	kill -KILL "${processes[@]}"
} 2>/dev/null

# run NUMBER COMMAND: its output goes to NUMBER.log, its counts to NUMBER.total; says how it ended.
run() {
	local log=$logs/$1.log command=$2 start=${EPOCHREALTIME/./} test clock status took bad skip good
	# shellcheck disable=SC2086 # the line is a command and its arguments
	$command >"$log" 2>&1 </dev/null &
	test=$!
	sleep "$limit" &
	clock=$!
	wait -n "$test" "$clock"
	kill "$clock" 2>/dev/null || end "$test" >>"$log"
	wait "$test"
	status=$?
	took=$(((${EPOCHREALTIME/./} - start) / 1000))
	bad=$(grep -c '^not ok' "$log")
	skip=$(grep -c '^ok .*# SKIP' "$log")
	good=$(($(grep -c '^ok ' "$log") - skip))
	# In one piece: others end at the same time.
	{
		# One that died, or that says nothing at all, has failed.
		if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || [ $((good + skip)) -eq 0 ]; }; then
			bad=1
			printf 'not ok - %s: exit status %d\n' "$command" "$status"
			tail -n 30 "$log"
		fi
		grep -A30 '^not ok' "$log" | grep -v '^ok '
		grep '^ok .*# SKIP' "$log"
		printf '%6d ms  %3d passed  %s\n' "$took" "$good" "${command:0:80}"
	} >"$logs/$1.said"
	flock "$logs" cat "$logs/$1.said"
	rm "$logs/$1.said"
	echo "$good $bad $skip" >"$logs/$1.total"
}

number=0
while read -r command; do
	[ -n "$command" ] || continue
	number=$((number + 1))
	while [ "$(jobs -rp | wc -l)" -ge "${TEST_JOBS:-$((2 * $(nproc)))}" ]; do
		wait -n
	done
	run "$number" "$command" &
done
wait

passed=0
failed=0
skipped=0
for ((i = 1; i <= number; i++)); do
	# What was killed left no counts.
	read -r good bad skip <"$logs/$i.total" || { good=0 bad=1 skip=0; }
	passed=$((passed + good))
	failed=$((failed + bad))
	skipped=$((skipped + skip))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
