#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What the agent in a real Debian and QEMU's monitor tell vmctl, beside what they tell virsh; and guests in
# files: saved, restored, dumped.
. "$(dirname "$0")/harness.sh"

agent_guest_files
guest_files
daemon_start
vmctl() { command vmctl -c "$URI" "$@"; }

# same NAME WORDS...: vmctl prints what virsh prints, and both succeed.
same() {
	local name=$1
	shift
	if virsh -c "$URI" "$@" >"$WORK/.virsh" 2>"$WORK/.out" && vmctl "$@" >"$WORK/.vmctl" 2>>"$WORK/.out" &&
		cmp "$WORK/.virsh" "$WORK/.vmctl" >>"$WORK/.out" 2>&1; then
		ok "$name"
	else
		diff "$WORK/.virsh" "$WORK/.vmctl" >>"$WORK/.out"
		not_ok "$name" "$WORK/.out"
	fi
}

# json NAME FILTER WORDS...: jq's filter is true of what is printed as JSON.
json() {
	local name=$1 filter=$2
	shift 2
	vmctl "$@" --json >"$WORK/.json" 2>"$WORK/.out"
	if [ -s "$WORK/.json" ] && jq -e "$filter" "$WORK/.json" >>"$WORK/.out" 2>&1; then
		ok "$name"
	else
		cat "$WORK/.json" >>"$WORK/.out"
		not_ok "$name" "$WORK/.out"
	fi
}

agent_guest debian "<graphics type='vnc' port='-1'/>" "<graphics type='spice' autoport='yes'/>" >"$WORK/debian.xml"
tiny_guest tiny "<graphics type='vnc' listen='0.0.0.0' port='-1' passwd='geheim'/>" >"$WORK/tiny.xml"
check debian_starts vmctl create "$WORK/debian.xml"
check tiny_is_defined vmctl define "$WORK/tiny.xml"
check tiny_starts vmctl start tiny
check the_agent_is_waited_for vmctl await debian --condition guest-agent-available --timeout 240
check the_agent_answers wait_for 120 vmctl qemu-agent-command debian --timeout 5 '{"execute":"guest-ping"}'

same file_systems domfsinfo debian
json file_systems_as_json '.[0] | .mountpoint == "/" and .targets == ["vda"]' domfsinfo debian
same guest_information guestinfo debian --os --timezone --hostname --disk --interface --user
json guest_information_as_json '.hostname == "tester" and .if.items[0].name == "lo" and .fs.count == 1' guestinfo debian
same addresses_by_the_agent domifaddr debian --source agent --full
json addresses_as_json '.[0] | .name == "lo" and .addresses[0] == {type: "ipv4", address: "127.0.0.1", prefix: 8}' \
	domifaddr debian --source agent
same host_name domhostname debian --source agent
same vcpus_as_the_guest_sees_them guestvcpus debian
json and_as_json '.online == "0"' guestvcpus debian
check_output they_are_counted '^1$' vmctl vcpucount debian --guest
check_status a_vcpu_that_is_not_there 1 vmctl guestvcpus debian --cpulist 7 --enable
check the_only_one_is_on vmctl setvcpus debian 1 --guest
check the_clock_is_set vmctl domtime debian --time 1000000000
check_output and_shown '^Time: 2001-09-09' vmctl domtime debian --pretty
check set_by_its_hardware vmctl domtime debian --sync
check set_by_ours vmctl domtime debian --now
json clock_as_json '.seconds > 1500000000 and (.time | endswith("Z"))' domtime debian
check_output file_systems_freeze '^Froze 1 filesystem' vmctl domfsfreeze debian
check_status a_frozen_agent_does_little_else 1 vmctl domfsfreeze debian /
check_output and_thaw '^Thawed 1 filesystem' vmctl domfsthaw debian
check_output a_mount_point_alone '^Froze 1 filesystem' vmctl domfsfreeze debian --mountpoint /
check_status all_thaw_at_once 1 vmctl domfsthaw debian /
check and_do vmctl domfsthaw debian
check they_are_trimmed vmctl domfstrim debian
printf 'ssh-rsa AAAA me@here\n\nssh-rsa BBBB you@there\n' >"$WORK/keys"
check keys_are_added vmctl set-user-sshkeys debian guest --file "$WORK/keys"
json and_listed '.keys | sort == ["ssh-rsa AAAA me@here", "ssh-rsa BBBB you@there"]' get-user-sshkeys debian guest
check keys_are_removed vmctl set-user-sshkeys debian guest "$WORK/keys" --remove
check all_keys_go vmctl set-user-sshkeys debian guest --reset
check_output none_is_left '^$' vmctl get-user-sshkeys debian guest
check_output a_password_is_set 'Password set successfully for guest in debian' vmctl set-user-password debian guest geheim
check_status of_nobody_it_is_not 1 vmctl set-user-password debian nobody-there geheim
check the_agent_gets_less_time vmctl guest-agent-timeout debian --timeout 20
same an_agent_command qemu-agent-command debian --pretty '{"execute":"guest-network-get-interfaces"}'
# It may have answered all the same.
not_waited_for() {
	vmctl qemu-agent-command debian --async '{"execute":"guest-ping"}'
	[[ $? =~ ^[05]$ ]]
}
check which_is_not_waited_for not_waited_for
same which_is_waited_for qemu-agent-command debian --block '{"execute":"guest-get-users"}'

same a_monitor_command qemu-monitor-command debian --hmp info status
same without_braces qemu-monitor-command debian --return-value query-version
same indented qemu-monitor-command debian --return-value --pretty query-block
same with_arguments qemu-monitor-command debian --return-value qom-get '"path":"/machine"' '"property":"type"'
json as_a_document '.answer.running == true' qemu-monitor-command debian --return-value query-status
check_status an_answer_without_a_value 1 vmctl qemu-monitor-command debian --return-value nosuch
check_output files_go_along 'fdset-id' vmctl qemu-monitor-command debian --pass-fds 0 '{"execute":"add-fd"}'
same statistics domstats debian --state --interface --vm --iothread --perf --memory
check_output of_disks "block.0.path=$AGENT/root.qcow2" vmctl domstats debian --block --backing --balloon
json statistics_as_json '.[0] | .block.items[0].name == "vda" and .vcpu.maximum == 1 and .net.count == 1' domstats debian
check its_dirty_rate_is_measured vmctl domdirtyrate-calc debian --seconds 1
json and_told '.[0].dirtyrate.calc_mode == "page-sampling"' domstats debian --dirtyrate
same displays domdisplay debian --all
same display domdisplay debian
same with_a_password domdisplay tiny --include-password
same vnc vncdisplay tiny
same sizes domblkinfo debian vda
same sizes_for_people domblkinfo debian --all --human
same control domcontrol debian
same no_errors domblkerror debian
same terminal ttyconsole debian
same as_a_command_line domxml-to-native qemu-argv --domain tiny
check_status a_process_of_qemu_is_not_taken_over 1 vmctl qemu-attach 1
check keys_are_pressed vmctl send-key tiny --holdtime 10 KEY_LEFTCTRL KEY_C
check an_interrupt_is_injected vmctl inject-nmi tiny
check what_follows_a_power_off vmctl set-lifecycle-action tiny poweroff restart --config
check_output is_defined '<on_poweroff>restart' vmctl dumpxml tiny --inactive --xpath //on_poweroff

chmod 777 "$WORK"
check_output tiny_is_saved "saved to $WORK/tiny.save" vmctl save tiny "$WORK/tiny.save" --paused
check_output and_says_so 'shut off \(saved\)' vmctl domstate tiny --reason
same its_definition_is_there save-image-dumpxml "$WORK/tiny.save" --xpath //name
check it_is_edited env EDITOR='sed -i /on_crash/s/destroy/preserve/' VISUAL= vmctl -c "$URI" save-image-edit "$WORK/tiny.save"
check it_is_restored vmctl restore "$WORK/tiny.save"
check_output and_is_paused 'paused' vmctl domstate tiny
check and_goes_on vmctl resume tiny
check_output a_managed_save 'state saved by libvirt' vmctl managedsave tiny --running --verbose
same has_a_definition managedsave-dumpxml tiny --xpath //name
check that_is_changed sh -c "vmctl -c '$URI' managedsave-dumpxml tiny --security-info >'$WORK/saved.xml' && vmctl -c '$URI' managedsave-define tiny '$WORK/saved.xml' --paused"
check and_edited env EDITOR='sed -i /on_crash/s/destroy/preserve/' VISUAL= vmctl -c "$URI" managedsave-edit tiny
json it_is_listed '.[] | select(.name == "tiny") | .managed_save' list --all
check_status it_is_not_forgotten 4 vmctl undefine tiny
check_output the_command_that_does_it_is_named "hint: vmctl -c '.*' undefine --managed-save 'tiny'" vmctl undefine tiny
check it_starts_from_there vmctl start tiny
check_output as_it_was_told 'paused' vmctl domstate tiny
check and_runs vmctl resume tiny
check_output it_is_dumped 'dumped to' vmctl dump tiny "$WORK/core" --memory-only --format elf --verbose
check as_an_elf_file cmp -n 4 "$WORK/core" <(printf '\x7fELF')
check_output the_last_job_is_known 'Operation: +Save' vmctl domjobinfo tiny --completed --keep-completed
json as_json '.type == "completed" and .operation_name == "save" and .memory_total > 0' domjobinfo tiny --completed --keep-completed
same by_names_of_libvirt domjobinfo tiny --completed --keep-completed --rawstats
same and_for_people domjobinfo tiny --completed --keep-completed
check a_dump_that_crashes_it vmctl dump tiny "$WORK/core2" --memory-only --crash
check_output leaves_it_crashed 'crashed' vmctl domstate tiny --reason
check metadata_is_kept vmctl metadata tiny --uri urn:x --key x --set '<a b="1"/>' --config
same and_read metadata tiny urn:x --config
check a_managed_save_is_thrown_away sh -c "vmctl -c '$URI' 'destroy tiny; start tiny; managedsave tiny' >/dev/null; vmctl -c '$URI' managedsave-remove tiny"
check it_gets_another_name vmctl domrename tiny small
check_output and_has_it '^small$' vmctl list --all --name
check it_goes vmctl undefine small
# The second boots beside the first, to become a host of its own.
inside() {
	qemu-img convert -U -O raw "$AGENT/$1" "$WORK/raw"
	debugfs -R "cat $2" "$WORK/raw" 2>/dev/null
}
vmctl clone debian twin --reset machine-id,hostname,ssh-host-keys --json >"$WORK/twin.json"
check a_running_guest_is_cloned_while_it_stands_still jq -e '.running and .frozen >= 0 and .reset_by == "agent"' "$WORK/twin.json"
check_output the_first_goes_on '"return":"thawed"' vmctl qemu-agent-command debian '{"execute":"guest-fsfreeze-status"}'
check_output the_clone_has_a_name_of_its_own '^twin$' inside root-clone.qcow2 /etc/hostname
check and_another_machine_id test "$(inside root-clone.qcow2 /etc/machine-id)" != "$(inside root.qcow2 /etc/machine-id)"
check_output and_is_off 'shut off' vmctl domstate twin
check_status nothing_stops_by_itself 5 vmctl await debian domain-inactive --timeout 1
vmctl await debian domain-inactive --timeout 240 >"$WORK/awaited" 2>&1 &
waiter=$!
check debian_is_stopped vmctl destroy debian
check and_who_waited_goes_on wait $waiter
