#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# kvm-check on the machine that runs the tests, whatever KVM it has.
. "$(dirname "$0")/harness.sh"
cd "$WORK" || exit 1

# --- The verdict ----------------------------------------------------------------------------------
# is KEY VALUE: in the object "probe" of the report that was written last, or else outside of it.
is() {
	grep -q "^ *\"$1\": \"$2\",\?\$" "$WORK/report.json" && return
	grep "\"$1\"" "$WORK/report.json"
	return 1
}

kvm-check --json >"$WORK/report.json"
sed '/"probe": {/,/^  }/!d' "$WORK/report.json" >"$WORK/probe.json"
verdict=$(sed -n 's/^ *"verdict": "\(.*\)",$/\1/p' "$WORK/probe.json")
if [ -d /sys/module/kvm_pvm ] && ! grep -qwE 'vmx|svm' /proc/cpuinfo && [ -w /dev/kvm ]; then
	check kvm_that_interprets_is_found_out [ "$verdict" = interprets ]
	check and_tcg_is_to_be_used is accelerator tcg
	check_output which_people_read_too '^Use TCG .*: /dev/kvm works but is emulated' kvm-check
	check_status and_exit_status_8_says 8 kvm-check
else
	skip kvm_that_interprets_is_found_out "KVM of this machine: ${verdict:-none}"
fi
case $verdict in
works) check kvm_that_works_is_to_be_used is accelerator kvm ;;
*) check kvm_that_does_not_work_is_not_to_be_used is accelerator tcg ;;
esac
check_output without_a_probe_it_says_so 'guest code +not tried \(--no-probe\)' kvm-check --no-probe -v
if [ -r /dev/kvm ] && [ -w /dev/kvm ]; then
	check_output the_full_probe_tells_its_stages 'guest in a guest' kvm-check -v probe
else
	check_output a_device_that_may_not_be_opened_is_named 'guest code +not possible: /dev/kvm' kvm-check -v probe
fi

# Where only a part of the kernel's file systems is mounted, nothing is concluded from the rest.
without() {
	local mountpoint=$1
	shift
	unshare -m sh -c "mount -t tmpfs none $mountpoint; exec kvm-check --no-probe -v $*"
}
check_output without_sys_no_iommu_is_missed 'IOMMU +this system does not show it' without /sys iommu
check_output nor_a_security_driver 'driver +this system does not show it' without /sys security
check_output without_proc_no_control_groups_are_missed 'version +this system does not show it' without /proc cgroups

# --- Options --------------------------------------------------------------------------------------
check_output groups_are_listed '^ iommu .*IOMMU' kvm-check --list
check_status an_unknown_group_is_refused 2 kvm-check nonsense
check_output and_the_hint_helps 'no group of checks .nonsense.' kvm-check nonsense
check_status an_unknown_option_is_refused 2 kvm-check --nonsense
check_status a_root_that_is_not_there_is_told 3 kvm-check --root "$WORK/nowhere"
HOSTS=$ROOT/tests/hosts
mkdir "$WORK/empty"
check_status an_empty_directory_is_no_machine 3 kvm-check --root "$WORK/empty"
check_output the_tree_beside_it_is_named 'hint: kvm-check --root .*/intel-desktop/tree' kvm-check --root "$HOSTS/intel-desktop"
check_status what_passes_ends_with_0 0 kvm-check --root "$HOSTS/intel-desktop/tree"
check_status what_fails_ends_with_8 8 kvm-check --root "$HOSTS/intel-module-missing/tree"
check_status warnings_pass 0 kvm-check --root "$HOSTS/redhat-hardened/tree"
check_status but_not_with_strict 8 kvm-check --root "$HOSTS/redhat-hardened/tree" --strict
quiet_is_one_line() { [ "$(kvm-check --root "$HOSTS/intel-desktop/tree" "$1" | wc -l)" = 1 ]; }
check quiet_shows_the_verdict_alone quiet_is_one_line --quiet
check_output it_measures_exits_with_bench "exit" kvm-check --bench --vcpus 2 --vms 2
check kvm_check_quiet_is_its_name kvm-check --root "$HOSTS/intel-desktop/tree" --quiet
check as_is_its_letter quiet_is_one_line -q
check_output verbose_shows_what_passes '^  PASS  emulator ' kvm-check --verbose --root "$HOSTS/pvm/tree"
check_output all_is_another_name_for_it '^  PASS  emulator ' kvm-check --all --root "$HOSTS/pvm/tree"
fits_a_terminal() {
	local report
	report=$(kvm-check --root "$HOSTS/amd-server/tree") || return 1
	[ "$(wc -l <<<"$report")" -le 24 ] || { echo "$report" && return 1; }
}
check a_healthy_host_fits_a_terminal fits_a_terminal
no_wider_than_80() {
	for tree in "$HOSTS"/*/tree; do
		kvm-check --root "$tree"
		kvm-check --root "$tree" -v all qemu lxc
		kvm-check --root "$tree" --bench
	done 2>/dev/null | LC_ALL=C.UTF-8 awk 'length($0) > 80 { print; bad = 1 } END { exit bad }'
}
check and_no_line_is_wider_than_80_columns no_wider_than_80
check nor_is_the_list_of_groups test "$(kvm-check --list | wc -L)" -le 80
on_a_terminal() { TERM=xterm script -qec "$*" /dev/null </dev/null | cat -v; }
check_output verdicts_have_colours_on_a_terminal '^\^\[\[31mFAIL\^\[\[0m  kvm_intel: ' \
	on_a_terminal kvm-check --root "$HOSTS/intel-module-missing/tree"
check_output and_with_each_check '^  \^\[\[32mPASS\^\[\[0m  memory ' \
	on_a_terminal kvm-check -v --root "$HOSTS/intel-module-missing/tree"
check_output but_not_with_NO_COLOR '^FAIL  kvm_intel: ' \
	on_a_terminal NO_COLOR=1 kvm-check --root "$HOSTS/intel-module-missing/tree"
verdict_is_first() {
	for tree in "$HOSTS"/*/tree; do
		kvm-check --root "$tree" 2>&1 | head -n 1 |
			grep -qE '^(Use KVM|Use TCG|KVM is one fix away|Unknown whether|error:)' || { echo "$tree" && return 1; }
	done
}
check the_verdict_comes_first verdict_is_first
json_is_one_document() {
	for tree in "$HOSTS"/*/tree; do
		[ -e "$tree/proc" ] || continue
		kvm-check --root "$tree" --json all | jq -es '.[0] as $r | length == 1 and $r.host.recorded
			and ([$r.accelerator] | inside(["kvm", "tcg", "unknown"]))
			and $r.passed + $r.notes + $r.warnings + $r.failed == ($r.checks | length)' ||
			{ echo "$tree" && return 1; }
	done
}
check json_is_one_document json_is_one_document

# --- Explaining -------------------------------------------------------------------------------------
explained() { kvm-check explain "$@" --root "$HOSTS/device-not-in-group/tree"; }
check_output a_check_is_explained 'Without it: guests that you start yourself use TCG' explained kvm_device_caller
check_output with_what_was_looked_at '^  node /dev/kvm: c 10:232 660 0 108' explained kvm_device_caller
check_output and_the_content_of_files '^  /etc/group: .*kvm:x:108:' explained kvm_device_caller
check_output and_how_its_fix_is_undone 'To undo the fix: gpasswd -d USER kvm' explained kvm_device_caller
check_output as_json_it_is_an_object '"looked_at"' explained kvm_device_caller --json
check_status an_unknown_check_is_told 3 explained nonsense

# --- Recording --------------------------------------------------------------------------------------
masked() { sed -E 's/[0-9]+(\.[0-9]+)?/N/g; s/ +/ /g'; }
same_report() { diff <(kvm-check "$@" | masked) <(kvm-check --root "$WORK/record" "$@" | masked); }
check this_machine_is_recorded kvm-check --record "$WORK/record"
check the_record_gives_the_same_report same_report -v
check and_the_same_in_full same_report -v all
check and_of_a_set same_report -v qemu lxc
check and_the_same_figures same_report --bench
check_status what_is_there_already_is_not_written_over 4 kvm-check --record "$WORK/record"
check_status a_directory_that_cannot_be_made_is_told 3 kvm-check --record "$WORK/nowhere/record"
check_status root_and_record_exclude_each_other 2 kvm-check --root "$WORK/record" --record "$WORK/other"
# What must not be in it is put where it is looked at.
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
	cat >"$WORK/secrets.sh" <<'EOS'
cd "$1" || exit 1
printf 'root:x:0:0:SECRET:/root:/bin/sh\nSECRET:x:1000:1000:SECRET:/home/SECRET:/bin/sh\n' >passwd
printf 'root:x:0:\nkvm:x:108:SECRET,root\nSECRET:x:1000:SECRET\n' >group
printf 'vnc_password = "SECRET"\nuser = "SECRET"\n' >qemu.conf
printf 'Linux version 6.1 (SECRET@SECRET) #1\n' >version
printf 'root=UUID=SECRET ro SECRET.host=SECRET intel_iommu=on\n' >cmdline
sed 's/^power management:.*/&\nSerial\t\t: SECRET/' /proc/cpuinfo >cpuinfo
for file in /etc/passwd /etc/group /etc/libvirt/qemu.conf /proc/version /proc/cmdline /proc/cpuinfo; do
	[ -e "$file" ] && mount --bind "${file##*/}" "$file"
done
mkdir -p mounted-SECRET && mount -t tmpfs SECRET mounted-SECRET
hostname SECRET
mkdir -p mod /etc/modprobe.d
printf '# SECRET says so\nblacklist SECRET\nblacklist kvm_amd\ninstall tun /bin/false --SECRET\noptions kvm SECRET=1\n' >mod/SECRET.conf
mount --bind mod /etc/modprobe.d
kvm-check --record "$1/private"
EOS
	check a_machine_with_secrets_is_recorded unshare --mount --uts bash "$WORK/secrets.sh" "$WORK"
	no_secrets() { ! grep -r SECRET "$WORK/private" && ! find "$WORK/private" -name '*SECRET*' | grep .; }
	check none_of_them_is_written no_secrets
	check what_matters_is grep -q '^Linux version [0-9]' "$WORK/private/proc/version"
else
	skip no_secrets_are_recorded "needs root and namespaces"
fi

# --- /dev/kvm as it should not be -------------------------------------------------------------------
# with_dev SETUP COMMAND...: COMMAND sees a /dev that SETUP (a shell line) has filled.
with_dev() {
	# shellcheck disable=SC2016 # for the inner shell
	unshare --mount sh -c 'mount -t tmpfs -o "${1%% *}" none /dev && eval "${1#* }" && shift && exec "$@"' \
		sh "$@"
}
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
	good='mknod -m 660 /dev/kvm c 10 232'
	nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
	check_status no_device_fails 8 with_dev 'mode=755 :' kvm-check device
	check_output and_is_told 'FAIL +/dev/kvm: not there' with_dev 'mode=755 :' kvm-check device
	check_output guests_are_to_use_tcg '^(Use TCG|KVM is one fix away|Unknown)' with_dev 'mode=755 :' kvm-check
	check_output another_device_is_told 'FAIL +/dev/kvm: there, but not the character device 10:232' \
		with_dev 'mode=755 mknod /dev/kvm c 1 3' kvm-check device
	check_output and_is_not_opened 'guest code +not possible: /dev/kvm is not' \
		with_dev 'mode=755 mknod /dev/kvm c 1 3' kvm-check -v probe
	check_output a_file_is_told 'FAIL +/dev/kvm: there, but not the character device' \
		with_dev 'mode=755 : >/dev/kvm' kvm-check device
	# shellcheck disable=SC2086 # its words
	check_status a_device_for_others_fails 8 with_dev "mode=755 $good" $nobody kvm-check device
	# shellcheck disable=SC2086
	check_output and_the_fix_names_the_group '^ +sudo usermod -aG kvm nobody' with_dev "mode=755 $good" $nobody kvm-check device
	# shellcheck disable=SC2086
	check_output and_it_is_one_fix_away '^KVM is one fix away: ' with_dev "mode=755 $good" $nobody kvm-check
	check_output a_device_that_cannot_be_opened_is_told 'FAIL +you: its permissions let you, yet it' \
		with_dev "mode=755,nodev $good" kvm-check device
	check_output a_directory_is_removed_as_one 'rmdir /dev/kvm' with_dev 'mode=755 mkdir /dev/kvm' kvm-check device
else
	skip a_broken_device_is_told "needs root and namespaces"
fi

# --- Fixes ------------------------------------------------------------------------------------------
fix_script() { kvm-check --fix --root "$HOSTS/$1/tree"; }
check_output the_script_has_the_command '^usermod -aG kvm user$' fix_script device-not-in-group
for machine in "$HOSTS"/*/; do
	fix_script "$(basename "$machine")" | sh -n || not_ok the_script_is_one_for_a_shell
done
ok the_scripts_of_all_machines_are_read_by_a_shell
once() { [ "$(fix_script device-for-root-only | grep -c '^chgrp kvm /dev/kvm$')" = 1 ]; }
check a_command_stands_in_it_once once
check_output json_has_them_as_well '"usermod -aG kvm user"' kvm-check --fix --json --root "$HOSTS/device-not-in-group/tree"
check_output where_nothing_is_to_be_done_it_says_so 'nothing that a command would fix' fix_script intel-desktop
# What another program on the host may rely on is not changed by a command.
no_fix_harms_others() {
	local machine
	cp -r "$HOSTS/amd-badly-tuned/tree" "$WORK/kubernetes"
	mkdir -p "$WORK/kubernetes/proc/sys/net/bridge" "$WORK/kubernetes/proc/sys/vm"
	echo 1 >"$WORK/kubernetes/proc/sys/net/bridge/bridge-nf-call-iptables"
	echo 2 >"$WORK/kubernetes/proc/sys/vm/overcommit_memory"
	kvm-check --root "$WORK/kubernetes" network memory | grep -q 'bridge-nf-call-iptables' || return 1
	for machine in "$WORK/kubernetes" "$HOSTS"/*/tree; do
		! kvm-check --fix --root "$machine" all qemu lxc 2>/dev/null |
			grep -E '^(sysctl .*(bridge|overcommit)|mount|setenforce)' || return 1
	done
}
check no_fix_harms_what_others_rely_on no_fix_harms_others
# A group with a name that a shell would obey.
cp -r "$HOSTS/device-not-in-group/tree" "$WORK/hostile"
sed -i "s/^kvm:/a'b\$(touch pwned);:/" "$WORK/hostile/etc/group"
mkdir "$WORK/stubs"
printf '#!/bin/sh\nprintf "%%s|" "$@" >"%s/words"\n' "$WORK" >"$WORK/stubs/usermod"
chmod +x "$WORK/stubs/usermod"
kvm-check --fix --root "$WORK/hostile" | PATH=$WORK/stubs:$PATH sh
check a_hostile_name_stays_a_word grep -qF -- "-aG|a'b\$(touch pwned);|user|" "$WORK/words"
check and_is_not_obeyed [ ! -e "$WORK/pwned" ]
check_status another_machine_is_not_fixed_here 2 kvm-check --apply --root "$HOSTS/pvm/tree"
check_status yes_wants_apply 2 kvm-check --yes
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
	bad='mode=755 mknod -m 600 /dev/kvm c 10 232; mkdir /dev/etc; cp /etc/passwd /etc/group /dev/etc/
		grep -q ^kvm: /etc/group || echo kvm:x:108: >>/dev/etc/group
		mount --bind /dev/etc/group /etc/group; chown 1:1 /dev/kvm'
	kvm_of_others() { with_dev "$bad" sh -c "$1"; }
	if grep -q '^libvirt-qemu:\|^qemu:' /etc/passwd; then
		check_status without_yes_it_asks_and_cannot 9 kvm_of_others ': | kvm-check device --apply'
		check_output with_yes_it_does 'done: chmod 660 /dev/kvm' kvm_of_others 'kvm-check device --apply --yes'
		check_output and_then_nothing_warns '^[0-9]+ passed, 0 warnings, 0 failed' \
			kvm_of_others 'kvm-check device -y --apply >/dev/null; kvm-check --no-probe device'
		check_output before_and_after_are_shown 'after:  pass' kvm_of_others 'kvm-check device --apply --yes'
		check_output as_json_too '"exit_status": 0' kvm_of_others 'kvm-check device --apply --yes --json'
		# shellcheck disable=SC2016 # for the other shell
		check_status a_command_that_fails_is_told 7 \
			kvm_of_others 'mount --bind /bin/false "$(command -v chmod)"; kvm-check device --apply --yes'
		check_output nothing_is_taken_from_the_callers_path 'done: chmod 660 /dev/kvm' \
			kvm_of_others "mkdir /dev/bin; ln -s /bin/false /dev/bin/chmod; PATH=/dev/bin:\$PATH kvm-check device --apply --yes"
	else
		skip what_warns_is_fixed "no user for QEMU here"
	fi
else
	skip what_warns_is_fixed "needs root and namespaces"
fi
