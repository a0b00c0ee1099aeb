#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A /dev/kvm that hangs, lies or crashes cannot keep kvm-check, and is found out.
. "$(dirname "$0")/../e2e/harness.sh"

case $BUILD in
*/sanitize*) skip_all "the sanitizers want to be loaded first" ;;
esac
compile "$ROOT/tests/e2e/liar.c" "$WORK/liar.so" -shared -fPIC

# lie WHAT COMMAND...
lie() {
	local what=$1
	shift
	LIAR=$what LD_PRELOAD=$WORK/liar.so "$@"
}

# caught WHAT PATTERN [OPTION...]: within five seconds TCG is what is to be used, for this reason, and no
# process stays behind.
caught() {
	local what=$1 pattern=$2 start=${EPOCHREALTIME/./} took
	shift 2
	lie "$what" timeout 20 kvm-check probe --all "$@" >"$WORK/.report" 2>&1
	echo "exit status $?" >>"$WORK/.report"
	took=$(((${EPOCHREALTIME/./} - start) / 1000))
	cat "$WORK/.report"
	echo "$took ms"
	# Long lines are folded.
	tr -s ' \n' ' ' <"$WORK/.report" >"$WORK/.text"
	[ $took -lt 5000 ] && grep -q '^exit status 8' "$WORK/.report" && grep -qi 'use TCG' "$WORK/.text" &&
		grep -qE -- "$pattern" "$WORK/.text" && ! grep -sl "$WORK/liar.so" /proc/[0-9]*/environ
}

for call in version vm memory vcpu special run registers; do
	check "a_kvm_that_hangs_at_${call}_is_left" caught hang=$call 'did not come back in time'
	check "one_that_crashes_at_${call}_is_told" caught crash=$call 'was killed'
done
check a_guest_that_only_halts_is_found_out caught halt 'a register came back as'
check one_that_never_ends_is_stopped caught endless 'did not come to an end in time'
check a_triple_fault_is_told caught shutdown 'exit was triple fault instead of halt'
check a_vcpu_without_room_is_refused caught small 'KVM_GET_VCPU_MMAP_SIZE gave 1 bytes'
check another_version_is_refused caught version 'gave 13 instead of 12'
check garbage_is_no_harm caught garbage 'too many leaves'
check nor_for_a_full_probe caught garbage 'too many leaves' --vcpus 4096 --vms 4096
