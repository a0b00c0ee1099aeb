#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# kvm-check where KVM works: in a machine that QEMU emulates, with Debian's kernel and its real modules.
. "$(dirname "$0")/harness.sh"
. "$(dirname "$0")/svm.sh"
svm_files

cat >"$WORK/script" <<'EOS'
busy=
# section NAME COMMAND...: its output and how it ends.
section() {
	echo "--- $1"
	shift
	"$@" 2>&1 | cat
}
status() { "$@"; echo "exit status $?"; }

loaded() { cut -d ' ' -f 1 /proc/modules | sort | tr '\n' ' '; echo; }

section before status kvm-check -v cpu kernel device
section no_parameter status kvm-check load kvm_amd nestd=1
section apply status kvm-check kernel --apply --yes
section applied status kvm-check kernel
section undone status kvm-check unload --forget
section bad_value status kvm-check load kvm_amd "nested=1 avic=1"
section refused status kvm-check load kvm_intel
section nothing_left loaded
section forbidden sh -c 'mkdir -p /etc/modprobe.d; echo "install kvm_amd /bin/false" >/etc/modprobe.d/no.conf
kvm-check load kvm_amd; echo "exit status $?"; kvm-check -v kernel; rm /etc/modprobe.d/no.conf'
section junk sh -c 'for name in .. "" -x a/b; do kvm-check load -- "$name"; echo "status $?"; done; ls /etc/modules-load.d'
mkdir -p /usr/lib/modprobe.d
echo "blacklist kvm_amd" >/etc/modprobe.d/people.conf
echo "blacklist kvm-amd" >/usr/lib/modprobe.d/z-package.conf
section blacklisted kvm-check -v kernel
section lifted status kvm-check load kvm_amd --persist
section lifted_file cat /etc/modprobe.d/people.conf
section standing status kvm-check unload kvm_amd --forget
section put_back cat /etc/modprobe.d/people.conf
: >/etc/modprobe.d/z-package.conf
: >/etc/modprobe.d/people.conf
section masked kvm-check -v kernel
rm /etc/modprobe.d/*.conf /usr/lib/modprobe.d/*.conf
section load status kvm-check load kvm_amd nested=1 --persist
section files cat /etc/modules-load.d/vmkit-kvm_amd.conf /etc/modprobe.d/vmkit-kvm_amd.conf
section again status kvm-check load
section other status kvm-check load nested=0
section parameters kvm-check modules kvm_amd
section verdict status kvm-check
section full status kvm-check --json probe nested
section reload status kvm-check reload nested=0 --json
section changed status kvm-check -v nested
section still_persisted cat /etc/modprobe.d/vmkit-kvm_amd.conf
section bad_reload status kvm-check reload npt=maybe
section restored loaded
sleep 60 <>/dev/kvm &
section in_use status kvm-check unload
kill $!
wait $! 2>/dev/null
sh -c 'kill -STOP $$; :' qemu -name guest=web,debug-threads=on <>/dev/kvm &
sleep 1
section guest_named status kvm-check unload
kill -KILL $!
wait $! 2>/dev/null
section below status kvm-check unload --module kvm
section reload_persist status kvm-check reload nested=1 --persist
section bench status kvm-check --bench --vcpus 8 --vms 5
section bench_fits sh -c 'kvm-check --bench >/tmp/figures; wc -l </tmp/figures; awk "length > 80" /tmp/figures'
section watched_json kvm-check --watch --count 3 --interval 1 --json
kvm-check --watch >/tmp/watched & sleep 1
i=0 # until one was there when the other looked
until grep -q "^ io_exits *[1-9]" /tmp/watched || [ $i -ge 60 ]; do kvm-check --bench >/dev/null; i=$((i + 1)); done
kill -INT $! ; wait $!
section watched sh -c "echo ended $?; cat /tmp/watched"
section watched_on_a_screen sh -c 'kvm-check --watch --count 2 </dev/ttyS0 >/dev/ttyS0'
umount /sys/kernel/debug
section not_watched status kvm-check --watch --count 1
mount -t debugfs debugfs /sys/kernel/debug
for i in 1 2 3; do
	while :; do :; done &
	busy="$busy $!"
done
section busy status kvm-check probe
# shellcheck disable=SC2086 # their numbers
kill $busy
section recorded sh -c 'kvm-check --record /tmp/record; kvm-check --root /tmp/record'
section denied status su user -c "kvm-check device"
section unload status kvm-check unload --forget
section all_gone loaded
section no_files ls /etc/modules-load.d /etc/modprobe.d
section not_loaded status kvm-check unload
section nobody su user -c "kvm-check load kvm_amd"
EOS
svm_run "$WORK/script" || not_ok the_machine_boots "$WORK/svm.log"

# says NAME SECTION PATTERN: whether the output of a section has a line like this.
says() {
	sed -n "/^--- $2\$/,/^--- /{//!p}" "$WORK/svm.out" >"$WORK/.section"
	if grep -qE -- "$3" "$WORK/.section"; then ok "$1"; else not_ok "$1" "$WORK/.section"; fi
}

says modules_not_loaded_are_told before 'FAIL +kvm_amd +available, but not loaded'
says and_make_it_fail before 'exit status 8'
says kvm_works verdict '^Use KVM: guest code runs'
says it_works_on_a_busy_host_too busy '^Use KVM: guest code runs'
says and_a_guest_can_start_a_guest full 'a guest has started a guest, which ran'
says as_json_says_too full '"verdict": "works"'
says all_stages_pass full '"outcome": "passed"'
if grep -q '"outcome": "\(failed\|hung\)"' "$WORK/svm.out"; then
	not_ok no_stage_fails "$WORK/svm.out"
else
	ok no_stage_fails
fi
says others_are_denied denied 'FAIL +you: you \(user\) may not open it'

# --- Fixes ------------------------------------------------------------------------------------------
says what_fails_is_fixed apply 'done: kvm-check load kvm_amd --persist'
says and_then_passes applied 'exit status 0'

# --- Modules ----------------------------------------------------------------------------------------
says an_unknown_parameter_is_refused no_parameter 'has no parameter .nestd.'
says and_ends_with_2 no_parameter 'exit status 2'
says a_value_that_hides_another_is_refused bad_value 'exit status 2'
says the_kernel_s_refusal_is_explained refused 'the processor does not let it virtualise'
says and_fails refused 'exit status 1'
says and_leaves_nothing_loaded nothing_left '^ *$'
says a_command_in_its_place_is_respected forbidden 'has a command in its place: /bin/false'
says and_is_no_success forbidden 'exit status 4'
says and_is_told_as_the_reason forbidden 'not loaded: forbidden by /etc/modprobe.d/no.conf'
says names_of_modules_are_checked junk "'..' is not the name of a module"
says and_such_a_name_is_wrong_usage junk '^status 2'
says a_blacklist_is_the_reason blacklisted '^ +/etc/modprobe.d/people.conf$'
says persist_lifts_it lifted_file '^# lifted by kvm-check: blacklist kvm_amd$'
says a_package_s_stands_and_is_named lifted '/usr/lib/modprobe.d/z-package.conf stands'
says forget_puts_it_back put_back '^blacklist kvm_amd$'
says an_empty_file_masks_the_package_s masked 'FAIL +kvm_amd +available, but not loaded$'
says it_is_loaded_with_what_it_needs load '^loaded irqbypass kvm kvm_amd$'
says and_succeeds load 'exit status 0'
says it_is_persisted files '^kvm_amd$'
says with_its_parameter files '^options kvm_amd nested=1$'
says loading_again_is_no_error again 'kvm_amd is loaded already'
says but_with_another_parameter_it_is other 'exit status 4'
says the_value_is_shown parameters '^ nested +int +1 '
says reload_tells_as_json reload '"kvm_amd"'
says and_changes_the_parameter changed 'kvm_amd has nested=0'
says without_persist_it_is_not_kept still_persisted 'nested=1'
says a_bad_value_is_explained bad_reload "does not take a parameter's value"
says and_the_module_is_loaded_as_before restored '^irqbypass kvm kvm_amd $'
says one_in_use_stays in_use 'kvm_amd runs guests: sleep \(process [0-9]+\)'
says a_guest_is_named guest_named 'kvm_amd runs guests: guest web \(process [0-9]+\)'
says with_exit_status_4 in_use 'exit status 4'
says reload_persists_too reload_persist 'wrote /etc/modules-load.d/vmkit-kvm_amd.conf /etc/modprobe.d'
says vcpus_are_created bench 'vCPUs of a VM +passed +[0-9.]+ +8 created'
says it_is_24_lines_at_most bench_fits '^(1[0-9]|2[0-4])$'
if grep -q '^' <(sed -n '/^--- bench_fits$/,/^--- /{/^---/d; /^[0-9]*$/d; p}' "$WORK/svm.out"); then
	not_ok of_80_columns "$WORK/svm.out"
else
	ok of_80_columns
fi
says and_vms bench 'VMs at a time +passed +[0-9.]+ +5 created'
says one_that_another_uses_stays below 'kvm is used by kvm_amd'
says it_is_unloaded_with_what_it_needed unload '^unloaded kvm_amd kvm irqbypass$'
says nothing_is_left all_gone '^ *$'
says no_file_is_left no_files '^/etc/modprobe.d:$'
if grep -q 'vmkit' <(sed -n '/^--- no_files$/,/^--- not/p' "$WORK/svm.out"); then
	not_ok indeed_none "$WORK/svm.out"
else
	ok indeed_none
fi
says unloading_again_is_no_error not_loaded 'exit status 0'
says only_root_may nobody 'you may not load'

# --- Statistics -------------------------------------------------------------------------------------
says statistics_are_one_object_a_line watched_json '^{.*"exits":{"total":[0-9]+,"per_second":[0-9.]+}.*}$'
says as_often_as_asked watched_json '^{"time":"20'
says people_see_a_table watched '^ exits +[0-9.]+ +[1-9]'
says with_what_a_probe_does watched '^ io_exits +[1-9][0-9.]* +[1-9]'
says and_a_signal_ends_it watched '^ended 0$'
says the_screen_is_cleared watched_on_a_screen "^$(printf '\033\\[H\033\\[J')KVM, [0-9]+ VM"
says without_debugfs_the_hint_helps not_watched 'no /sys/kernel/debug/kvm'
says and_the_status_is_3 not_watched 'exit status 3'

# --- Recording --------------------------------------------------------------------------------------
says the_machine_is_recorded recorded '^[0-9]+ files recorded below /tmp/record'
says the_record_says_that_kvm_works recorded '^Use KVM: guest code runs'
