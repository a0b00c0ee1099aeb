#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# vm-img sparsify on the disk of a guest that runs: the agent in the guest, a real one, trims its file
# system, and the image gives the room back.
. "$(dirname "$0")/harness.sh"

agent=$(command -v qemu-ga || echo /usr/sbin/qemu-ga)
[ -x "$agent" ] || skip_all "qemu-guest-agent is not installed"
command -v mke2fs cpio >/dev/null || skip_all "e2fsprogs or cpio is not installed"
daemon_start
guest_files
cd "$WORK" || exit 1

# The tiny guest, and behind it an archive with the agent and its libraries.
mkdir -p root/{bin,lib/x86_64-linux-gnu,lib64,mnt,run,var/run}
cp "$agent" root/bin/
for library in $(ldd "$agent" | grep -o '/lib[^ ]*'); do cp -L "$library" "root/$library"; done
cat >root/extra <<'END'
#!/bin/busybox sh
mount -t ext4 /dev/vda /mnt && rm /mnt/big && sync && echo "the file is gone"
mkdir -p /dev/virtio-ports
for port in /sys/class/virtio-ports/*; do
	ln -s "/dev/${port##*/}" "/dev/virtio-ports/$(cat "$port/name")"
done
LD_LIBRARY_PATH=/lib/x86_64-linux-gnu qemu-ga -m virtio-serial -p /dev/virtio-ports/org.qemu.guest_agent.0 -f /run/ga.pid -t /run
END
chmod 755 root/extra
(cd root && find . | cpio -o -H newc --quiet --owner 0:0) | gzip -1 | cat "$GUEST/initrd.gz" - >initrd.gz
mkdir files
head -c 20000000 /dev/urandom >files/big
truncate -s 64M disk.raw
mke2fs -q -t ext4 -d files disk.raw
qemu-img convert -O qcow2 disk.raw disk.qcow2
chmod 666 disk.qcow2
cat >guest.xml <<END
<domain type='qemu'><name>trim</name><memory unit='MiB'>192</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='q35'>hvm</type><kernel>$GUEST/vmlinuz</kernel><initrd>$WORK/initrd.gz</initrd>
<cmdline>console=ttyS0 quiet no_timer_check</cmdline></os><features><acpi/></features>
<devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
<disk type='file'><driver name='qemu' type='qcow2' discard='unmap'/><source file='$WORK/disk.qcow2'/><target dev='vda' bus='virtio'/></disk>
<serial type='pty'/><channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>
</devices></domain>
END
check the_guest_starts vmctl -q -c "$URI" create guest.xml
check_output it_deletes_a_file 'the file is gone' vmctl -c "$URI" console trim --until 'the file is gone' --timeout 240
check its_agent_answers wait_for 30 virsh -c "$URI" qemu-agent-command trim '{"execute":"guest-ping"}'
check the_image_is_as_large_as_before test "$(du -k disk.qcow2 | cut -f1)" -gt 19000
check_output the_guest_trims 'takes [0-9.]+ (KiB|MiB) now' vm-img sparsify --connect "$URI" disk.qcow2
check the_room_is_free test "$(du -k disk.qcow2 | cut -f1)" -lt 6000
check_output it_is_said_who_did_it '"trimmed_by": "trim"' vm-img sparsify --json -c "$URI" disk.qcow2
check domfstrim_does_it_by_itself vmctl -c "$URI" domfstrim trim --minimum 4096
check_output libvirt_knows_no_mount_points 'mount point is not supported|^$' vmctl -c "$URI" domfstrim trim --mountpoint /mnt
vmctl -q -c "$URI" destroy trim
check the_image_is_sound qemu-img check -q disk.qcow2
