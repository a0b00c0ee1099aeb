#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Figures beside the peers' of what needs no daemon.
set -u
BUILD=${BUILD:-build}
PATH=$BUILD/bin:$PATH
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/bench_pair.sh"

pair "list, test driver" "vmctl -c test:///default list --all" "virsh -c test:///default list --all" 1
if command -v virt-xml >/dev/null; then
	RUNS=11 pair "a guest's changed XML, shown" "vmctl -c test:///default modify test --print-xml --edit --vcpus 7" \
		"virt-xml -c test:///default test --print-xml --edit --vcpus 7" 0.1
fi
if command -v virt-host-validate >/dev/null; then
	pair "host check, no probe" "kvm-check --no-probe" "virt-host-validate qemu" 0.2
	pair "host check with the probe" "kvm-check" "virt-host-validate qemu"
fi
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
if command -v virt-clone >/dev/null; then
	virsh -c test:///default dumpxml test >"$directory/guest.xml"
	clone="--connect test:///default --original-xml $directory/guest.xml --auto-clone --skip-copy vda --print-xml"
	RUNS=11 pair "a clone's XML, shown" "vmctl clone $clone" "virt-clone $clone" 0.1
fi
REPEAT=10
pair "create an image" "vm-img create -q --force -f qcow2 $directory/a.qcow2 10G" "qemu-img create -q -f qcow2 $directory/b.qcow2 10G" 0.333
pair "look at an image" "vm-img info $directory/a.qcow2" "qemu-img info $directory/a.qcow2" 0.2
REPEAT=1
mkdir "$directory/many"
for ((i = 0; i < 1000; i++)); do cp "$directory/a.qcow2" "$directory/many/$i.qcow2"; done
one_by_one() { for image in "$directory"/many/*; do qemu-img info "$image"; done; }
at_once() { vm-img info "$directory"/many/*; }
RUNS=3 pair "look at 1,000 images" at_once one_by_one
RUNS=3 pair "list 1,000 images and their users" "vm-img list $directory/many" one_by_one
# Half of it full of what cannot be compressed, half text.
{ head -c 200000000 /dev/urandom && head -c 150000000 /dev/urandom | base64; } >"$directory/full.raw"
for ((i = 0; i < 40; i++)); do
	dd if="$directory/full.raw" of="$directory/sparse.raw" bs=1M count=5 skip=$((i * 8)) seek=$((i * 100)) conv=notrunc status=none
done
qemu-img convert -O qcow2 "$directory/full.raw" "$directory/full.qcow2"
qemu-img convert -O qcow2 "$directory/sparse.raw" "$directory/sparse.qcow2"
# conversion NAME ARGUMENTS: beside qemu-img as it is, and as fast as it can be made.
conversion() {
	local best="-W -m 4"
	case $2 in *" -c"*) best=-W ;; esac
	RUNS=9 pair "$1" "anew vm-img convert $2" "anew qemu-img convert $2" 1
	RUNS=9 pair "$1, tuned" "anew vm-img convert $2" "anew qemu-img convert $best $2"
}
# anew COMMAND: with the name of a file that is not there yet.
anew() {
	rm -f "$directory/new"
	"$@" "$directory/new"
}
for kind in full sparse; do
	conversion "raw to qcow2, $kind" "-f raw -O qcow2 $directory/$kind.raw"
	conversion "qcow2 to raw, $kind" "-f qcow2 -O raw $directory/$kind.qcow2"
done
dd if="$directory/full.raw" of="$directory/part.raw" bs=1M count=64 skip=180 status=none
conversion "raw to qcow2, compressed" "-f raw -O qcow2 -c $directory/part.raw"
pair "clone of a 10 GiB image" "vm-img clone -q --force $directory/a.qcow2 $directory/c.qcow2" "qemu-img create -q -f qcow2 -F qcow2 -b $directory/a.qcow2 $directory/d.qcow2"
truncate -s 512M "$directory/zeroes.raw"
pair "sparsify, nothing to gain" "vm-img sparsify -q -f raw $directory/zeroes.raw" "fallocate --dig-holes $directory/zeroes.raw"
