#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by harness.sh: real guests of Debian's packages alone, fetched once and kept in $CACHE: a tiny one
# that boots in seconds, and a Debian with the guest agent, ssh and cloud-init.

# unpack_packages DIRECTORY NAME...: what Debian's packages hold, fetched into DIRECTORY once and not
# installed.
unpack_packages() {
	local directory=$1 unpacked package status=0
	shift
	[ ! -e "$directory" ] || return 0
	mkdir -p "$CACHE"
	unpacked=$(mktemp -d "$CACHE/unpacked-XXXXXX")
	chmod 777 "$unpacked" # apt's own user writes there
	(cd "$unpacked" && apt-get download -qq "$@") 2>/dev/null || status=1
	for package in "$unpacked"/*.deb; do
		dpkg -x "$package" "$unpacked" 2>/dev/null || status=1
		rm -f "$package"
	done
	if [ $status -eq 0 ]; then
		chmod 755 "$unpacked"
		mv "$unpacked" "$directory"
	else
		rm -rf "$unpacked"
	fi
	return $status
}

# $GUEST has vmlinuz and initrd.gz of a guest that boots in seconds.
guest_files() {
	GUEST=$CACHE/guest
	"$ROOT/examples/tiny-guest.sh" "$GUEST" || skip_all "no guest kernel could be fetched"
	chmod -R a+rX "$CACHE" "$GUEST"
	# libvirt's QEMU runs as a user that cannot enter a home directory.
	mkdir -p "$WORK/guest"
	cp "$GUEST"/{vmlinuz,initrd.gz} "$WORK/guest/"
	GUEST=$WORK/guest
	export GUEST
}

# tiny_guest NAME [DEVICE...]: the XML of such a guest, with these devices in XML; wants guest_files.
tiny_guest() {
	local name=$1
	shift
	cat <<END
<domain type='qemu'>
  <name>$name</name>
  <memory unit='MiB'>128</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>$GUEST/vmlinuz</kernel>
    <initrd>$GUEST/initrd.gz</initrd>
    <cmdline>console=ttyS0 quiet</cmdline>
  </os>
  <features><acpi/></features>
  <devices>
    <serial type='pty'/>
    <memballoon model='virtio'/>
$(printf '    %s\n' "$@")
  </devices>
</domain>
END
}
