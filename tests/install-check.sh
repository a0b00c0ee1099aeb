#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `make install` puts everything where Debian expects it, and `make uninstall` takes it all away.
set -eu
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

# Root can take the network away from it.
without_network=
[ "$(id -u)" != 0 ] || without_network="unshare --net"
$without_network make --no-print-directory install DESTDIR="$root" prefix=/usr >/dev/null
for program in kvm-check vm-img vm-install vmctl; do
	test -x "$root/usr/bin/$program"
	test -s "$root/usr/share/man/man1/$program.1"
	test -s "$root/usr/share/bash-completion/completions/$program"
	# What is complete by construction: no placeholder is left, every program has its commands.
	if grep -n '@[A-Z]*@' "$root/usr/share/man/man1/$program.1"; then exit 1; fi
	grep -q '^.SH COMMANDS' "$root/usr/share/man/man1/$program.1"
done
test -s "$root/usr/share/doc/vmkit/README.md"
grep -q '"title": "vmctl net-list"' "$root/usr/share/vmkit/schemas/vmctl/net-list.json"
# The links lead to the programs, from wherever the tree stands.
mv "$root" "$root.moved"
test "$("$root.moved/usr/libexec/vmkit/peers/virsh" --version)" = "$(pkg-config --modversion libvirt)"
"$root.moved/usr/libexec/vmkit/peers/virt-install" --version | grep -q '^virt-install '
mv "$root.moved" "$root"
test "$(cd "$root/usr/libexec/vmkit/peers" && echo *)" = "qemu-img virsh virt-clone virt-install virt-xml"
make --no-print-directory uninstall DESTDIR="$root" prefix=/usr >/dev/null
left=$(find "$root" -type f -o -type l)
[ -z "$left" ] || { echo "left behind: $left" && exit 1; }
echo "installed and removed"
