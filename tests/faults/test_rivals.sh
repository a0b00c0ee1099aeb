#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Root works in a directory of another user, who swaps names while it does: 200 rounds of each attack. The
# kernel's protected_symlinks and protected_regular are no help in a directory that is not sticky.
. "$(dirname "$0")/../e2e/harness.sh"

[ "$(id -u)" = 0 ] || skip_all "only root can be another user too"
compile "$ROOT/tests/faults/rival.c" "$WORK/rival"
cd "$WORK" || exit 1
rounds=200
rival=
secret=$WORK/roots/secret

mkdir -m 700 roots
mkdir -m 711 roots/deep
# What is root's alone, and what must never change.
restore() {
	[ ! -e "$secret" ] || chown root:root "$secret"
	echo secret >roots/secret
	chmod 600 roots/secret
	echo kept >roots/deep/kept
	chmod 644 roots/deep/kept
}
restore
chmod 711 roots
reset_theirs() {
	rm -rf theirs
	mkdir -m 777 theirs
	chown 12345:12345 theirs
}
untouched() {
	[ "$(find roots -mindepth 1 | wc -l)" -eq 3 ] && [ "$(cat "$secret")" = secret ] && [ "$(stat -c '%u %g %a' "$secret")" = '0 0 600' ] &&
		[ "$(cat roots/deep/kept)" = kept ] && [ "$(stat -c '%u %g %a' roots/deep/kept)" = '0 0 644' ]
}

# against "RIVAL..." COMMAND: the command runs in the rounds beside that rival; what it comes to is its own
# affair, what is root's stays as it is. A busy machine gets more time for the rounds that are the least.
against() {
	local words=$1 i until=$((SECONDS + RACE_SECONDS))
	shift
	# shellcheck disable=SC2086 # words
	"$WORK/rival" $words >rival.out 2>&1 &
	rival=$!
	wait_for 5 grep -q here rival.out
	for ((i = 0; i < rounds && SECONDS < (i < RACE_ROUNDS ? until + 3 * RACE_SECONDS : until); i++)); do
		"$@" >command.out 2>&1 </dev/null
		untouched || break
	done
	kill -KILL $rival
	wait $rival 2>/dev/null
	echo "$i rounds"
	find roots theirs -maxdepth 2 -printf '%p %u %m %s %l\n' | head -n 30
	cat command.out
	untouched && [ $i -ge "$RACE_ROUNDS" ]
}

vm-img create -q -f qcow2 source.qcow2 4M
dd if=/dev/urandom of=source.raw bs=64k count=2 status=none
chmod 600 source.raw

# --- The file that is made is named, given away and written while its name means another one.
copy() {
	rm -rf theirs/.disk* theirs/away-*
	setpriv --reuid 12345 --clear-groups sh -c 'rm -f theirs/disk; echo x >theirs/disk; chmod 666 theirs/disk' 2>&1
	vm-img clone --method copy --force source.raw theirs/disk
}
reset_theirs
check a_copy_gives_nothing_of_roots_away against "swap theirs $secret" copy
restore
# So does a guest that is cloned.
cat >guest.xml <<END
<domain type='test'><name>first</name><memory>1024</memory><os><type>hvm</type></os>
<devices><disk type='file'><driver type='raw'/><source file='$WORK/source.raw'/><target dev='vda'/></disk></devices></domain>
END
clone() {
	rm -rf theirs/.disk* theirs/away-*
	vmctl -c test:///default clone --original-xml guest.xml -n second --file theirs/disk --check path_exists=off
}
reset_theirs
check a_clone_of_a_guest_neither against "swap theirs $secret" clone
restore
engine() {
	rm -rf theirs/.disk* theirs/away-* theirs/disk.qcow2
	vm-img convert -O qcow2 source.raw theirs/disk.qcow2
}
reset_theirs
check the_engine_writes_nowhere_else against "swap theirs $secret" engine
restore
seed() {
	rm -rf theirs/.seed* theirs/away-* theirs/seed.iso
	vm-img seed --hostname web theirs/seed.iso
}
reset_theirs
check nor_does_the_maker_of_seeds against "swap theirs $secret" seed
restore

record() {
	rm -rf theirs/.rec* theirs/rec theirs/away-*
	kvm-check --no-probe --record theirs/rec
}
reset_theirs
check a_recording_stays_where_it_is against "swap theirs $secret" record
restore
reset_theirs
check also_under_its_own_name against "lead theirs $secret rec" record
restore

# --- What is swept is what was made here.
sweep() {
	rm -rf theirs/.disk* theirs/away-* theirs/disk theirs/left
	mkdir theirs/left
	touch theirs/left/disk
	mv theirs/left "theirs/.disk.vmkit-$(hostname)-2147483646-1"
	ln -s "$WORK/roots/deep" "theirs/.disk.vmkit-$(hostname)-2147483646-2"
	vm-img create theirs/disk 1M
}
reset_theirs
check sweeping_empties_nothing_of_roots against "swap theirs $WORK/roots/deep/kept" sweep
restore
reset_theirs
mkdir -m 700 theirs/important
echo kept >theirs/important/file
setpriv --reuid 12345 --clear-groups mv theirs/important "theirs/.disk.vmkit-$(hostname)-2147483646-1"
check a_directory_that_was_only_renamed_is_not_swept sh -c \
	'vm-img create -q theirs/disk 1M && grep -q kept theirs/.disk.vmkit-*/file'

# --- The name of the target itself changes.
replace() {
	rm -rf theirs/.disk*
	vm-img create --force theirs/disk 1M
}
reset_theirs
check what_a_swapped_link_leads_to_stays against "flip theirs disk $secret" replace
restore
reset_theirs
setpriv --reuid 12345 --clear-groups ln -s "$secret" theirs/link
check_status a_link_of_somebody_else_is_not_followed 4 vm-img create --force theirs/link 1M
check what_it_leads_to_is_untouched untouched
ln -s "$WORK/own" theirs/ours
check a_link_of_our_own_is sh -c 'vm-img create -q theirs/ours 1M && test -f own && test -L theirs/ours'

# --- Ownership is inherited only with --force.
planted_here() {
	setpriv --reuid 12345 --clear-groups sh -c "umask 0; : >$1/disk"
	refused_here "$2" 4 "another user's" vm-img create "$1/disk" 1M
	rm -f "$1/disk"
}
reset_theirs
planted_here theirs an_empty_file_of_another_user_hands_nothing_on
mkdir -m 1777 sticky
planted_here sticky nor_does_it_in_a_sticky_directory
# new_is_roots FILE: what was made is root's, or was refused.
new_is_roots() {
	[ "$(stat -c %s theirs/disk)" -eq 0 ] || [ "$(stat -c %u theirs/disk)" -eq 0 ]
}
planted() {
	rm -rf theirs/.disk* theirs/disk
	vm-img create theirs/disk 1M
	new_is_roots || restore_nothing >"$secret"
}
check nor_while_it_is_being_made against "plant theirs disk" planted
restore
reset_theirs
setpriv --reuid 12345 --clear-groups sh -c 'echo x >theirs/disk'
check_output with_force_it_is_inherited_and_said 'belongs to .*12345' vm-img create --force theirs/disk 1M
check it_is_theirs test "$(stat -c %u theirs/disk)" = 12345

# --- Nobody else reads what is made of a private image.
read_by_nobody() {
	rm -rf theirs/disk theirs/.disk*
	"$@" || return
	if grep -q read rival.out; then echo open >"$secret"; fi
}
read_of_theirs() {
	local words=$1
	shift
	against "$words" read_by_nobody "$@"
}
reset_theirs
check a_copy_of_a_private_image_is_private read_of_theirs "read theirs" vm-img clone --method copy source.raw theirs/disk
check and_stays_so test "$(stat -c %a theirs/disk)" = 600
restore
private_flatten() {
	rm -f theirs/*
	vm-img create -q -f raw theirs/base 1M
	vm-img create -q -f qcow2 -b base -F raw theirs/disk
	chmod 600 theirs/disk
	vm-img "$1" -f qcow2 theirs/disk || echo failed >"$secret"
	[ "$(stat -c %a theirs/disk)" = 600 ] || echo open >"$secret"
	if grep -q read rival.out; then echo open >"$secret"; fi
}
check flatten_shows_nothing against "read theirs" private_flatten flatten
check nor_does_sparsify against "read theirs" private_flatten sparsify
