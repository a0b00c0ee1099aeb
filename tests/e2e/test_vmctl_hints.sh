#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What users stumble over: vmctl says what is the matter and names the command that helps.
. "$(dirname "$0")/harness.sh"

private_mounts
mkdir "$WORK/full"
mount -t tmpfs -o size=1m,mode=777 full "$WORK/full"
guest_files
daemon_start
vmctl() { command vmctl -c "$URI" "$@"; }

# A socket that only a group may use, and users who are not in it.
socket=$WORK/daemon/run/libvirt-sock
group=$(getent group libvirt | cut -d: -f1)
cp "$BUILD/bin/vmctl" "$WORK/vmctl"
as_nobody() { setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; }
if [ -n "$group" ] && command -v setpriv >/dev/null; then
	chgrp "$group" "$socket"
	chmod 770 "$socket"
	check_status a_stranger_is_not_let_in 6 as_nobody "$WORK/vmctl" -c "$URI" start x
	check_output and_told_to_join_the_group "sudo usermod -aG $group" as_nobody "$WORK/vmctl" -c "$URI" start x
	sed "s/^\($group:.*\)$/\1nobody/" /etc/group >"$WORK/group"
	# shellcheck disable=SC2317 # called through check_output
	member() {
		# shellcheck disable=SC2016 # expands in there
		unshare --mount bash -c 'mount --bind "$1/group" /etc/group && shift &&
			exec setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"' - "$WORK" "$@"
	}
	check_output a_member_since_this_login_is_told_to_log_in_anew "but not since this login.*newgrp $group" \
		member "$WORK/vmctl" -c "$URI" start x
	chmod 700 "$socket"
	check_output a_socket_for_root_alone_says_so 'only root may connect.*sudo' as_nobody "$WORK/vmctl" -c "$URI" start x
	chmod 777 "$socket"
else
	skip groups "no group libvirt, or no setpriv"
fi

tiny_guest busy >"$WORK/busy.xml"
tiny_guest firm |
	sed "s,<os>,<os><loader readonly='yes' type='pflash'>$WORK/code.fd</loader><nvram>$WORK/vars.fd</nvram>," >"$WORK/firm.xml"
truncate -s 1M "$WORK/code.fd" "$WORK/vars.fd"
check a_guest_with_nvram vmctl define "$WORK/firm.xml"
check_status is_not_forgotten_as_it_is 4 vmctl undefine firm
check_output the_command_is_named "hint: vmctl -c '.*' undefine --nvram 'firm'" vmctl undefine firm
hint=$(vmctl --json undefine firm 2>&1 | jq -r .hint)
check and_does_it_on_this_host bash -c "${hint:-false}"
check with_its_file test ! -e "$WORK/vars.fd"

# A backup that nobody fetches keeps its guest from being saved; libvirt waits half a minute, as below.
qemu-img create -q -f qcow2 "$WORK/kept.qcow2" 1M
chmod 666 "$WORK/kept.qcow2"
tiny_guest kept "<disk type='file'><driver name='qemu' type='qcow2'/><source file='$WORK/kept.qcow2'/><target dev='vda' bus='virtio'/></disk>" >"$WORK/kept.xml"
echo "<domainbackup mode='pull'><server transport='unix' socket='$WORK/full/nbd'/></domainbackup>" >"$WORK/pull.xml"
check a_guest_is_backed_up sh -c "vmctl -c '$URI' create '$WORK/kept.xml' && vmctl -c '$URI' backup-begin kept '$WORK/pull.xml'"
vmctl save kept "$WORK/state" >"$WORK/kept.said" 2>&1 &
saver=$!

check a_guest_runs vmctl create "$WORK/busy.xml"
qemu=$(pgrep -f "guest=busy,.*$WORK" | head -n 1)
kill -STOP "$qemu"
vmctl qemu-monitor-command busy --hmp info status >/dev/null 2>&1 &
holder=$!
check it_is_held wait_for 5 sh -c "vmctl -c '$URI' domcontrol busy | grep -q occupied"
check_status a_guest_that_others_hold_is_a_timeout 5 vmctl suspend busy
mv "$WORK/.out" "$WORK/said"
check_output and_who_holds_it_is_told 'another command has talked with its hypervisor for [0-9.]+ s.*domcontrol' \
	cat "$WORK/said"
wait $saver
check_status a_job_that_has_it_too 5 sh -c "exit $?"
check_output it_is_named 'a job .Backup. has had it for [0-9.]+ s: .* domjobabort .kept. ends it' cat "$WORK/kept.said"
hint=$(sed -n "s/.*far it is, \(vmctl .*\) ends it/\1/p" "$WORK/kept.said")
check and_ended_as_the_hint_says bash -c "${hint:?}"
check then_it_is_saved vmctl save kept "$WORK/state"
kill -CONT "$qemu"
wait $holder
check it_goes_on vmctl domcontrol busy

# Names that a shell would take for something else: bash does what the hint says, to the guest that it means.
export VMCTL_URI=$URI XDG_CONFIG_HOME=$WORK/config
mkdir -p "$WORK/config/vmkit"
printf 'here = %s\n' "$URI" >"$XDG_CONFIG_HOME/vmkit/hosts"
for name in "it's \$(touch ${WORK##*/})" '-"odd"\	x'; do
	tiny_guest "$name" >"$WORK/named.xml"
	check a_guest_of_an_odd_name command vmctl define "$WORK/named.xml"
	for host in '' "-c $URI" '-c here'; do
		# shellcheck disable=SC2086 # none, or an option and its value
		hint=$(command vmctl $host suspend -- "$name" 2>&1 | sed -n 's/^hint: .*\(vmctl .*\) starts it/\1/p')
		check_output what_the_hint_says_names_the_host "^vmctl ${host%% *}" printf '%s' "$hint"
		check and_starts_it bash -c "${hint:-false}"
		check_output it_runs '^running' command vmctl domstate -- "$name"
		check and_is_stopped command vmctl destroy -- "$name"
	done
done
check nothing_else_was_run test ! -e "${WORK##*/}"

# A disk that grows where there is no space left: the guest stops.
qemu-img create -q -f qcow2 "$WORK/full/disk.qcow2" 16M
chmod 666 "$WORK/full/disk.qcow2"
head -c 2M /dev/zero >"$WORK/full/rest" 2>/dev/null
tiny_guest grows "<disk type='file'><driver name='qemu' type='qcow2'/><source file='$WORK/full/disk.qcow2'/><target dev='vda' bus='virtio'/></disk>" >"$WORK/grows.xml"
check a_guest_on_a_full_disk_starts vmctl create "$WORK/grows.xml"
check and_stops wait_for 60 sh -c "vmctl -c '$URI' domstate grows --reason | grep -q 'I/O error'"
check_output its_disk_is_named 'vda: no space' vmctl domblkerror grows
check_output when_it_goes_on_too 'warning: grows: it had stopped for its disk vda: no space' vmctl resume grows
check and_it_stops_again wait_for 60 sh -c "vmctl -c '$URI' domstate grows --reason | grep -q 'I/O error'"
rm "$WORK/full/rest"
check_output json_names_it_too '^no space$' sh -c "vmctl -c '$URI' --json resume grows | jq -r '.disk_errors[0].error'"
check_output it_runs_where_there_is_space 'running' vmctl domstate grows

# Definitions that cannot work here.
tiny_guest odd "<filesystem type='mount'><driver type='virtiofs'/><source dir='/tmp'/><target dir='x'/></filesystem>" >"$WORK/odd.xml"
check_output virtiofs_needs_shared_memory "hint: .*<access mode='shared'/>" vmctl define "$WORK/odd.xml"
tiny_guest odd | sed s/q35/pc-q35-99.1/ >"$WORK/odd.xml"
check_output a_machine_that_this_host_has_not "hint: this host has no machine type 'pc-q35-99.1'" vmctl create "$WORK/odd.xml"
tiny_guest odd "<interface type='bridge'><source bridge='nosuch'/></interface>" >"$WORK/odd.xml"
check_output a_bridge_that_is_not_there "hint: this host has no bridge 'nosuch'" vmctl create "$WORK/odd.xml"
check_output a_cpu_of_no_name "hint: libvirt knows no CPU model 'nosuch': vmctl .*cpu-models 'x86_64'" \
	vm-install --connect "$URI" --osinfo linux2022 --name odd --memory 64 --cpu nosuch --disk none --network none --import --graphics none
[ -e /sys/kernel/iommu_groups/0 ] ||
	check_output a_device_without_an_iommu "hint: the kernel uses no IOMMU here" \
		vm-install --connect "$URI" --osinfo linux2022 --name odd --memory 64 --hostdev 0000:00:1f.7 --disk none --network none --import --graphics none
# What cannot be told at once is looked for by a command.
tiny_guest odd | sed "s|<memory .*</memory>|<memory unit='TiB'>90</memory>|" >"$WORK/odd.xml"
vmctl -q define "$WORK/odd.xml"
check_status it_wants_more_than_there_is 1 vmctl start odd
hint=$(sed -n 's/^hint: \(vmctl .*\) looks for the cause/\1/p' "$WORK/.out")
check_output the_command_finds_it '^cause +it wants 90' bash -c "${hint:?}"
vmctl -q undefine odd
# A guest whose machine type was there when it was defined, and is gone since.
tiny_guest old >"$WORK/odd.xml"
check a_guest_of_before_an_upgrade vmctl define "$WORK/odd.xml"
daemon_stop
sed -i "s/machine='[^']*'/machine='pc-q35-99.1'/" "$WORK/daemon/etc/qemu/old.xml"
daemon_start
check_status does_not_start 1 vmctl start old
mv "$WORK/.out" "$WORK/said"
check_output and_it_is_told_why "hint: this host has no machine type 'pc-q35-99.1'" cat "$WORK/said"
hint=$(sed -n "s/.*99.1': \(vmctl .*\) takes the newest.*/\1/p" "$WORK/said")
check the_command_is_run bash -c "${hint:?}"
check and_it_starts_again vmctl start old
# A file system that its memory is not made for.
echo "<filesystem type='mount'><driver type='virtiofs'/><source dir='/tmp'/><target dir='x'/></filesystem>" >"$WORK/fs.xml"
for command in "attach-device old $WORK/fs.xml --live" \
	"modify old --add-device --filesystem /tmp,x,driver.type=virtiofs" "attach-device old $WORK/fs.xml --config"; do
	# shellcheck disable=SC2086 # several words
	check_status a_file_system_for_shared_memory 1 vmctl $command
	mv "$WORK/.out" "$WORK/said"
	check_output its_hint_is_a_command 'hint: virtiofsd needs memory.* gives the guest such memory' cat "$WORK/said"
done
hint=$(sed -n 's/.*can share: \(vmctl .*\) gives the guest.*/\1/p' "$WORK/said")
check which_is_run bash -c "${hint:?}"
check and_the_guest_gets_it vmctl attach-device old "$WORK/fs.xml" --config

# Whatever needs the agent of a guest that has no channel for one, and then no agent on it.
agentless() { # PATTERN: what each hint must say
	local command
	for command in domfsinfo domfstrim domfsfreeze domtime guestinfo guestvcpus 'set-user-password --user root --password x' \
		'get-user-sshkeys --user root' 'domifaddr --source agent' 'domhostname --source agent' 'shutdown --mode agent' \
		'dompmsuspend --target mem' 'setvcpus --count 1 --guest' 'vcpucount --guest' 'qemu-agent-command --cmd {}' \
		'wait --for agent --timeout 1' exec; do
		# shellcheck disable=SC2086 # several words
		case $command in exec) vmctl exec old true ;; *) vmctl $command --domain old ;; esac >"$WORK/.said" 2>&1 || true
		grep -qE -- "$1" "$WORK/.said" || { echo "$command:" && cat "$WORK/.said" && return 1; }
	done
}
check no_channel_to_an_agent agentless "hint: .*modify --add-device --channel unix,.* 'old' gives it one at its next start"
hint=$(vmctl domtime old 2>&1 | sed -n 's/.*an agent: \(vmctl .*\) gives it.*/\1/p')
check the_hint_gives_it_one bash -c "${hint:?}"
check_output for_its_next_start "from its next start on: vmctl .* shutdown 'old', then vmctl .* start 'old'" vmctl domtime old
vmctl -q destroy old
check then_it_has_the_channel vmctl start old
check and_no_agent_on_it agentless "hint: install qemu-guest-agent in the guest.* wait --for agent 'old' waits"

# A daemon that asks polkit, as Debian's does for who is not root: what it lacks is told apart.
anew() { # COMMAND...: where the daemon runs, while it does not
	# shellcheck disable=SC2016 # expands in there
	daemon_enter daemon setsid bash -c 'kill "$(cat /run/libvirt/libvirtd.pid)"
		while pgrep -x libvirtd; do sleep 0.1; done
		pkill -x polkitd
		"$@" && exec libvirtd -d -p /run/libvirt/libvirtd.pid' - "$@" >"$WORK/anew" 2>&1
	wait_for 60 virsh -c "$URI" version
}
if [ -n "$group" ] && command -v setpriv dbus-daemon /usr/lib/polkit-1/polkitd >/dev/null; then
	services=/usr/share/dbus-1/system-services rules=/usr/share/polkit-1/rules.d
	as_user() {
		daemon_enter daemon setpriv --reuid=nobody --regid=nogroup --clear-groups "$WORK/vmctl" \
			-c qemu:///system start x
	}
	sed -i 's/^auth_unix_rw.*/auth_unix_rw = "polkit"/' "$WORK/daemon/etc/libvirtd.conf"
	anew bash -c 'mkdir -p /run/dbus && mount -t tmpfs -o mode=755 tmpfs /run/dbus'
	check_status nobody_to_ask_for_rights 6 as_user
	mv "$WORK/.out" "$WORK/said"
	check_output no_bus_to_ask_by 'no D-Bus to reach it by: sudo systemctl start dbus' cat "$WORK/said"
	anew bash -c "mount -t tmpfs tmpfs $services && dbus-daemon --system --fork --nopidfile"
	check_status nor_with_a_bus_alone 6 as_user
	mv "$WORK/.out" "$WORK/said"
	check_output no_polkit_on_it 'polkit, which is not there: install polkitd' cat "$WORK/said"
	anew bash -c "umount $services && pkill -x dbus-daemon && dbus-daemon --system --fork --nopidfile"
	check_output polkit_lets_the_group_in "sudo usermod -aG $group .* makes polkit let you in" as_user
	anew mount --bind "$WORK/group" /etc/group
	check_status and_a_member_at_once 3 as_user
	anew mount -t tmpfs tmpfs $rules
	check_output by_a_rule_that_may_be_missing "in group $group, but polkit has no rule for it" as_user
else
	skip polkit "no group libvirt, or no setpriv, dbus-daemon or polkitd"
fi
