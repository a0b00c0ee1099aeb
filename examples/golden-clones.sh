#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Guests from one golden image: each gets a clone of it, made in milliseconds, and a seed that gives it
# its name and lets its keeper in. With --install they are started too.
#
#   examples/golden-clones.sh [--install] [--network NETWORK] [--size SIZE] [--key FILE] IMAGE DIRECTORY NAME...
#
# IMAGE is a file, or a name of `vm-img fetch --list` such as debian-12. What exists is kept, so the
# script can be run again with more names. LIBVIRT_DEFAULT_URI tells where guests are started.
set -euo pipefail

install=
network=network=default
size=
key=$HOME/.ssh/id_ed25519.pub
while [ $# -gt 0 ]; do
	case $1 in
	--install) install=yes && shift ;;
	--network) network=$2 && shift 2 ;;
	--size) size=$2 && shift 2 ;;
	--key) key=$2 && shift 2 ;;
	*) break ;;
	esac
done
[ $# -ge 3 ] || { sed -n '3,9s/^# \{0,1\}//p' "$0" && exit 2; }
image=$1
directory=$(realpath "$2")
shift 2

[ -e "$image" ] || image=$(vm-img fetch "$image")
image=$(realpath "$image")

for name in "$@"; do
	disk=$directory/$name.qcow2
	seed=$directory/$name-seed.iso
	if [ -e "$disk" ]; then
		echo "$disk is there already"
		continue
	fi
	vm-img clone "$image" "$disk"
	[ -z "$size" ] || vm-img resize -q "$disk" "$size"
	vm-img seed --quiet --force "$seed" --hostname "$name" --ssh-key "$key"
	[ -n "$install" ] || continue
	vm-install --name "$name" --osinfo linux2022 --memory 1024 --import --disk "$disk" \
		--disk "$seed,device=cdrom" --network "$network" --noautoconsole
done

# What there is now, and what stands on what.
vm-img tree --local "$directory"
