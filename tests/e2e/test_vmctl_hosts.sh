#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Two real daemons, one of them frozen; and many guests by one selector, ^C in the middle.
. "$(dirname "$0")/harness.sh"

daemon_start
here=$URI
daemon_start other
there=$URI
cd "$WORK" || exit

for i in $(seq -w 20); do
	echo "<domain type='qemu'><name>web$i</name><memory unit='MiB'>16</memory><os>
		<type arch='x86_64' machine='q35'>hvm</type></os></domain>" >"web$i.xml"
done
for i in $(seq -w 20); do echo "define web$i.xml"; done | vmctl -q -c "$here" >/dev/null
check twenty_guests_are_there test "$(vmctl -q -c "$here" list --all --name | grep -c web)" -eq 20
vmctl -q -c "$there" define web01.xml

# json FILE FILTER: what jq finds true.
json() { jq -e "$2" "$1"; }
vmctl -c "$here" -c "$there" --json list --all >both.json
check both_hosts_answer json both.json '([.[] | .host] | unique | length) == 2 and length == 21'

daemon_freeze other
begun=$SECONDS
vmctl -c "$here" -c "$there" -k 1 -K 2 --json list --all >one.json 2>one.errors
status=$?
took=$((SECONDS - begun))
check one_that_is_frozen_costs_only_its_own_answer test $status -eq 7
check the_living_one_answers json one.json 'length == 20 and all(.state == "shut off")'
check_output the_error_names_the_frozen_one other/run jq -r .host one.errors
check within_the_deadline test $took -lt 20
begun=$SECONDS
check_status a_frozen_daemon_ends_the_attempt_to_connect 5 vmctl -c "$there" -k 1 -K 2 list
check in_as_long_as_its_options_say test $((SECONDS - begun)) -lt 20
daemon_thaw other

# on COMMAND SELECTOR: what it says as JSON to FILE .out, its status.
on() { vmctl -c "$here" --json "$@" >out.json 2>errors.json; }
check_status many_start_at_once 0 on start 'web[01-20]' --paused
check each_is_said json out.json 'length == 20'
check all_are_paused test "$(vmctl -q -c "$here" list --state-paused --name | grep -c web)" -eq 20
check_status some_of_many_fail 7 on start 'web0*,nosuch' --paused
check nine_run_already_and_one_is_not_there json errors.json '.. | .status? // empty | select(. == 4 or . == 3 or . == 7)'
check_status many_resume 0 on resume 'web*'
check_status many_are_suspended 0 on suspend @running
check_status many_end_by_force 0 on destroy @paused --yes
check_output none_is_left '^0$' sh -c "vmctl -q -c '$here' list --name | grep -c web"

# ^C when some have started and some have not: others start meanwhile, five at a time.
vmctl -c "$here" start 'web*' >started 2>errors &
starting=$!
seven_run() { test "$(vmctl -q -c "$here" list --name | grep -c web)" -ge 7; }
check some_have_started wait_for 60 seven_run
kill -INT $starting
wait $starting
check_status ctrl_c_ends_it 130 sh -c "exit $?"
check_output it_says_what_was_done "Domain 'web.*' started" cat started
check_output and_how_many_were_not '[0-9]+ of 20 done, 0 failed, [0-9]+ not begun' cat errors
running=$(vmctl -q -c "$here" list --name | grep -c web)
check "some run, some do not ($running)" test "$running" -gt 0 -a "$running" -lt 20

# Names of hosts: ours, and libvirt's own, which it reads for who is not root from his directory.
mkdir -p "$WORK/config/libvirt" "$WORK/config/vmkit"
cat >"$WORK/config/libvirt/libvirt.conf" <<'END'
# uri_aliases = ["no=test:///default"]
uri_default = "test:///default"
uri_aliases = [
  "theirs=test:///default", 'also=test:///default'
]
END
printf 'ours = test:///default\n@both = ours theirs\n' >"$WORK/config/vmkit/hosts"
chmod -R a+rX "$WORK/config"
cp "$BUILD/bin/vmctl" "$WORK/vmctl"
as_nobody() { setpriv --reuid=nobody --regid=nogroup --clear-groups env XDG_CONFIG_HOME="$WORK/config" "$@"; }
if command -v setpriv >/dev/null; then
	for name in theirs ours; do
		check_output "${name}_is_a_host" '^test:///default$' as_nobody "$WORK/vmctl" -c "$name" uri
		check_output "and_connect_takes_it" '^test:///default$' as_nobody "$WORK/vmctl" -c test:///missing.xml "connect $name; uri"
	done
	check_output connect_takes_one_host "'@both' are 2 hosts" as_nobody "$WORK/vmctl" "connect @both"
	check_output both_are_completed '^also,ours,theirs,$' as_nobody sh -c "
		'$WORK/vmctl' complete --line 'vmctl connect ' | grep -E '^(also|no|ours|theirs)\$' | tr '\n' ,"
else
	skip names_of_hosts "no setpriv"
fi
