#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# vm-img diff where guestfish reads the file systems. It is too large to be installed for the tests.
. "$(dirname "$0")/harness.sh"
command -v guestfish >/dev/null || skip_all "guestfish is not installed"
cd "$WORK" || exit 1
export LC_ALL=C LIBGUESTFS_BACKEND=direct
# change DISK COMMAND...: guestfish's, with the words of each parted by ":". Not every /dev/kvm is fit for it;
# vm-img finds that out.
change() { LIBGUESTFS_BACKEND_SETTINGS=force_tcg timeout 300 guestfish --format=raw -a "$1" -- run : "${@:2}"; }

# A partition for each file system, large enough for the largest, and one for a volume.
types=(xfs btrfs ntfs vfat)
truncate -s 1700M first.raw
commands=(part-init /dev/sda gpt)
for i in "${!types[@]}"; do
	commands+=(: part-add /dev/sda p "$((2048 + i * 800000))" "$((2047 + (i + 1) * 800000))")
done
commands+=(: part-add /dev/sda p 3202048 3402047 : pvcreate /dev/sda5 : vgcreate group /dev/sda5 : lvcreate volume group 60)
for i in "${!types[@]}"; do
	device=/dev/sda$((i + 1))
	commands+=(: -mkfs "${types[i]}" "$device" : -mount "$device" / : -write "/same-${types[i]}" same
		: -write "/changed-${types[i]}" old : -write "/removed-${types[i]}" gone : -umount-all)
done
commands+=(: mkfs ext4 /dev/group/volume : mount /dev/group/volume / : write /same-volume same : write /changed-volume old : write /removed-volume gone
	: mkdir '/a directory' : write $'/a directory/with a\nline' old : umount-all)
change first.raw "${commands[@]}" 2>errors || skip_all "guestfish does not run here: $(tail -n 1 errors)"
cp first.raw second.raw
# A kind that it cannot make is no kind that it can read.
commands=(list-filesystems)
kinds=(volume)
for i in "${!types[@]}"; do
	! grep -q "mkfs: ${types[i]}:" errors || continue
	kinds+=("${types[i]}")
	commands+=(: mount "/dev/sda$((i + 1))" / : write "/changed-${types[i]}" new : rm "/removed-${types[i]}"
		: write "/added-${types[i]}" new : umount-all)
done
commands+=(: mount /dev/group/volume / : write /changed-volume new : write $'/a directory/with a\nline' new
	: rm /removed-volume : write /added-volume new : umount-all)
change second.raw "${commands[@]}" >filesystems
check it_reads_what_this_test_has_made grep -q '^/dev/group/volume: ext4' filesystems

check_status what_guestfish_reads_is_compared 10 vm-img diff --json first.raw second.raw
cp .out answer
for kind in "${kinds[@]}"; do
	# shellcheck disable=SC2016 # of jq
	check "what_differs_on_$kind" jq -e --arg kind "$kind" '[.files[] | select(.path | endswith("-" + $kind))] == [
		{path: ("/added-" + $kind), in: "second"},
		{path: ("/changed-" + $kind), in: "both"},
		{path: ("/removed-" + $kind), in: "first"}]' answer
done
check a_name_of_two_lines jq -e '[.files[] | select(.path | startswith("/a directory/"))] == [
	{path: "/a directory/with a\nline", in: "both"}]' answer
# shellcheck disable=SC2016 # of jq
check and_nothing_else jq -e --argjson kinds "${#kinds[@]}" '.files | length == 3 * $kinds + 1' answer
check_output what_it_cannot_read_is_told 'guestfish could not read the file systems' sh -c '
	dd if=/dev/urandom of=second.raw bs=1M seek=2 count=100 conv=notrunc status=none
	printf XFSB | dd of=second.raw bs=1M seek=1 conv=notrunc status=none
	vm-img diff first.raw second.raw'
