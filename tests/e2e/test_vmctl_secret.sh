#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Secrets, and devices and interfaces of the host, on a real libvirtd.
. "$(dirname "$0")/harness.sh"

# shellcheck source=tests/e2e/terminal.sh
. "$ROOT/tests/e2e/terminal.sh"

HOME=/root XDG_CACHE_HOME='' CACHE=/root/.cache/vmkit daemon_start
vmctl() { command vmctl -c "$URI" "$@"; }

# alike NAME WORDS...: virsh prints the same.
alike() {
	local name=$1
	shift
	virsh -c "$URI" "$@" >"$WORK/theirs" 2>"$WORK/errors"
	vmctl "$@" >"$WORK/ours" 2>"$WORK/errors"
	check "$name" diff -a "$WORK/theirs" "$WORK/ours"
}

# --- secrets -----------------------------------------------------------------------------------------
id=00000000-0000-4000-8000-00000000005e
cat >"$WORK/volume.xml" <<EOF
<secret ephemeral='no' private='no'>
  <uuid>$id</uuid>
  <usage type='volume'><volume>/images/disk.img</volume></usage>
</secret>
EOF
cat >"$WORK/private.xml" <<EOF
<secret ephemeral='yes' private='yes'><uuid>${id%e}f</uuid></secret>
EOF
alike no_secrets_are_an_empty_table secret-list
check_output one_is_defined "Secret $id created" vmctl secret-define "$WORK/volume.xml" --validate
check_output another_one '"uuid": "'"${id%e}f\"" vmctl secret-define "$WORK/private.xml" --json
alike they_are_listed secret-list
alike those_in_memory secret-list --ephemeral
alike those_on_disk secret-list --no-ephemeral
alike private_ones secret-list --private
alike those_that_can_be_shown secret-list --no-private
vmctl secret-list --json >"$WORK/list.json"
check_output the_list_tells_what_is_private 'false true' jq -r '"\(.[0].private) \(.[1].private)"' "$WORK/list.json"
check_output and_what_it_is_for 'volume /images/disk.img' jq -r '"\(.[0].usage_type) \(.[0].usage_id)"' "$WORK/list.json"
alike its_definition_is_shown secret-dumpxml "$id"
alike or_a_part secret-dumpxml "$id" --xpath //usage --wrap

check_output its_uuid_is_completed "^$id\$" vmctl complete -- secret-dumpxml 0000
check_status no_value_no_answer 3 vmctl secret-get-value "$id"
printf 'pass\0word\n' >"$WORK/plain"
base64 "$WORK/plain" >"$WORK/base64"
check_output a_value_comes_from_a_file 'Secret value set' vmctl secret-set-value "$id" --file "$WORK/plain" --plain
alike it_is_shown_in_base64 secret-get-value "$id"
alike and_as_it_is secret-get-value "$id" --plain
check byte_by_byte sh -c "vmctl -q -c '$URI' secret-get-value $id --plain | cmp - $WORK/plain"
check_output json_has_its_base64 '"value": "cGFzcwB3b3JkCg=="' vmctl secret-get-value "$id" --plain --json
check a_file_may_hold_base64 vmctl secret-set-value "$id" --file "$WORK/base64"
alike which_is_the_same secret-get-value "$id"
check_output one_on_the_command_line_is_warned_of 'others on this host can see' vmctl secret-set-value "$id" --base64 Zm9v
alike and_taken secret-get-value "$id"
check_status what_is_no_base64_is_refused 2 vmctl secret-set-value "$id" 'not*base64'
check_status and_what_is_cut_off 2 vmctl secret-set-value "$id" Zm9vY
check_status a_missing_file_is_said 3 vmctl secret-set-value "$id" --file "$WORK/nowhere"
alike the_value_is_what_it_was secret-get-value "$id"
check a_line_of_a_pipe_is_taken sh -c "printf 'from a pipe\nmore' | vmctl -c '$URI' secret-set-value $id --interactive"
check_output it_is_that_line 'from a pipe$' vmctl secret-get-value "$id" --plain
check_status nothing_is_no_value 2 vmctl secret-set-value "$id" --interactive </dev/null
check_status a_private_one_is_not_shown 1 vmctl secret-get-value "${id%e}f"
fresh sh -c "vmctl -c '$URI' secret-set-value $id --interactive; echo status \$?; sleep 60"
shows 'Enter new value for secret:'
type_keys 'typed unseen' Enter
check_screen a_value_is_typed 'Secret value set'
check what_is_typed_is_not_shown sh -c "! tmux -S '$WORK/tmux' capture-pane -p -t vmkit | grep -q unseen"
check_output but_taken 'typed unseen' vmctl secret-get-value "$id" --plain
fresh sh -c "vmctl -c '$URI' secret-set-value $id --interactive; sleep 60"
shows 'Enter new value for secret:'
type_keys 'half' C-c
check_output an_interrupted_one_changes_nothing 'typed unseen' vmctl secret-get-value "$id" --plain
check_output it_is_taken_away "Secret $id deleted" vmctl secret-undefine "$id"
check_status and_gone 3 vmctl secret-dumpxml "$id"

# --- devices and interfaces of the host ----------------------------------------------------------------
alike devices_are_listed nodedev-list
alike as_a_tree nodedev-list --tree
alike the_host_itself_is_described nodedev-info computer
alike and_shown nodedev-dumpxml computer
alike with_all nodedev-list --all
alike with_a_capability nodedev-list net
alike with_several nodedev-list --cap net,pci,system
alike inactive_ones nodedev-list --inactive
check_output every_device_says_what_it_is_on 'true' jq 'map(has("parent") and has("active")) | all' <(vmctl nodedev-list --all --json)
newer() { printf '%s\n%s\n' "$1" "$(virsh --version)" | sort -V -C; }
echo '<device/>' >"$WORK/device.xml"
if newer 10.1.0; then
	alike persistent_ones nodedev-list --persistent
	alike transient_ones nodedev-list --transient
	alike one_without_a_definition nodedev-dumpxml --inactive computer
	check_status what_cannot_be_changed_is_refused 1 vmctl nodedev-update computer "$WORK/device.xml" --live --config
	check_status nor_as_it_is 1 vmctl nodedev-update computer "$WORK/device.xml" --current
else
	check_output updates_need_a_newer_libvirt 'needs libvirt 10.1.0' \
		vmctl nodedev-update computer "$WORK/device.xml" --live --config
	check_status or_nothing_is_done 2 vmctl nodedev-update computer "$WORK/device.xml" --current
fi
if virsh -c "$URI" iface-list >/dev/null 2>&1; then
	alike interfaces_are_listed iface-list --all
	alike lo_is_shown iface-dumpxml lo
	alike its_mac_too iface-mac lo
else
	skip interfaces_of_the_host "libvirt has no driver for them here"
fi
