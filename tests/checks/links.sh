#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Which program may load which library. Prints TAP; wants BUILD in the environment.
set -u
number=0

# may PROGRAM LIBRARIES: what it needs beside the C library must be among them.
may() {
	number=$((number + 1))
	local extra
	extra=$(readelf -d "$BUILD/bin/$1" | sed -n 's/.*NEEDED.*\[\(.*\)\.so.*/\1/p' |
		grep -vxE "libc|libm|libasan|libubsan|libgcc_s|ld-linux.*|$2")
	if [ -z "$extra" ]; then
		echo "ok $number - $1_loads_only_what_it_needs"
	else
		echo "not ok $number - $1_loads_only_what_it_needs"
		printf '#   %s\n' "$extra"
	fi
}

[ ! -e cmd/kvm-check ] || may kvm-check 'libjson-c|libkmod'
[ ! -e cmd/vm-img ] || may vm-img 'libjson-c'
# Named ahead of it for speed, and only where libvirt brings them in (see the Makefile).
brought=$(ldd "$("$CC" -print-file-name=libvirt.so)" | grep -oE 'lib(crypto|stdc[+][+])[.]so' | sort -u |
	sed 's/[.]so//; s/[+]/[+]/g' | paste -sd '|')
[ ! -e cmd/vm-install ] || may vm-install "libjson-c|libxml2|libvirt|$brought"
may vmctl "libjson-c|libxml2|libvirt|libvirt-qemu|libvirt-lxc|libreadline|libtinfo|$brought"
echo "1..$number"
