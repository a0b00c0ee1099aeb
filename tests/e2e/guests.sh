#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by harness.sh: real guests of Debian's packages alone, fetched once and kept in $CACHE: a tiny one
# that boots in seconds, and a Debian with the guest agent, ssh and cloud-init.

# cached COMMAND...: makes what $CACHE lacks, while no other test does.
cached() {
	mkdir -p "$CACHE"
	(flock 9 && "$@" 9>&-) 9>>"$CACHE/.lock"
}

# unpack_packages DIRECTORY NAME...: what Debian's packages hold, fetched into DIRECTORY once and not
# installed.
unpack_packages() {
	cached unpack_missing "$@"
}

unpack_missing() {
	local directory=$1 unpacked package status=0
	shift
	[ ! -e "$directory" ] || return 0
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
	cached "$ROOT/examples/tiny-guest.sh" "$GUEST" || skip_all "no guest kernel could be fetched"
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
    <cmdline>console=ttyS0 quiet no_timer_check</cmdline>
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

make_agent_guest() {
	local directory=$1 made
	[ ! -e "$directory" ] || return 0
	made=$(mktemp -d "$CACHE/agent-XXXXXX")
	if mmdebstrap --quiet --variant=minbase --include=linux-image-cloud-amd64 \
		--include=qemu-guest-agent,openssh-server,systemd-sysv,udev,iproute2,passwd,cloud-init bookworm "$made/root" >/dev/null 2>&1; then
		chroot "$made/root" useradd -m guest
		echo tester >"$made/root/etc/hostname"
		# As Debian's own images have it: no other locale is there. One key of the host takes a second.
		printf 'locale: C.UTF-8\nssh_genkeytypes: [ed25519]\n' >"$made/root/etc/cloud/cloud.cfg.d/90_test.cfg"
		truncate -s 2G "$made/root.raw"
		mke2fs -q -t ext4 -d "$made/root" "$made/root.raw" &&
			qemu-img convert -O qcow2 "$made/root.raw" "$made/root.qcow2" &&
			cp "$made"/root/boot/vmlinuz-* "$made/vmlinuz" &&
			cp "$made"/root/boot/initrd.img-* "$made/initrd.img" &&
			chmod -R a+rX "$made" && rm -rf "$made/root" "$made/root.raw" && mv "$made" "$directory"
	fi
	rm -rf "$made"
}

# $AGENT has vmlinuz, initrd.img and root.qcow2 of a Debian that runs the real guest agent and sshd, and
# cloud-init unless its kernel is told otherwise; $AGENT_IMAGE is that root before any guest has run.
agent_guest_files() {
	AGENT=$CACHE/agent-cloud
	# shellcheck disable=SC2034 # for the tests
	AGENT_IMAGE=$AGENT/root.qcow2
	command -v mmdebstrap >/dev/null || [ -e "$AGENT" ] || skip_all "mmdebstrap is not installed"
	cached make_agent_guest "$AGENT"
	[ -e "$AGENT/root.qcow2" ] || skip_all "no Debian with the guest agent could be made"
	mkdir -p "$WORK/agent"
	cp "$AGENT"/{vmlinuz,initrd.img} "$WORK/agent/"
	qemu-img convert -O qcow2 "$AGENT/root.qcow2" "$WORK/agent/root.qcow2"
	chmod 666 "$WORK/agent/root.qcow2"
	AGENT=$WORK/agent
}

# agent_guest NAME [DEVICE...]: the XML of that Debian; wants agent_guest_files.
agent_guest() {
	local name=$1
	shift
	cat <<END
<domain type='qemu'>
  <name>$name</name>
  <memory unit='MiB'>384</memory>
  <vcpu>1</vcpu>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <kernel>$AGENT/vmlinuz</kernel>
    <initrd>$AGENT/initrd.img</initrd>
    <cmdline>root=/dev/vda rw console=ttyS0 quiet no_timer_check cloud-init=disabled</cmdline>
  </os>
  <features><acpi/></features>
  <pm><suspend-to-mem enabled='yes'/></pm>
  <devices>
    <disk type='file'><driver name='qemu' type='qcow2'/><source file='$AGENT/root.qcow2'/><target dev='vda' bus='virtio'/></disk>
    <interface type='user'><mac address='52:54:00:11:22:33'/><model type='virtio'/></interface>
    <channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
    <serial type='pty'/>
    <memballoon model='virtio'/>
$(printf '    %s\n' "$@")
  </devices>
</domain>
END
}
