#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the smallest guest there is: DIR/vmlinuz from Debian's cloud kernel and DIR/initrd.gz with
# busybox. It boots in seconds even without KVM, says "vmkit guest is up" on its serial console, writes
# to its first virtio disk (/dev/vda) if it has one and says so, powers off when it is asked to, and
# gives a shell.
#
#   examples/tiny-guest.sh DIR
#
# Needs dpkg, apt-get (to download the kernel's package, nothing is installed), cpio, xz and busybox-static.
set -euo pipefail

directory=$(realpath -m "${1:?usage: tiny-guest.sh DIR}")
busybox=$(command -v busybox) || { echo "busybox-static is not installed" >&2 && exit 1; }
for tool in cpio xz; do
	command -v $tool >/dev/null || { echo "$tool is not installed" >&2 && exit 1; }
done
# The number is that of this script's idea of the guest: an older one is made anew.
if [ -s "$directory/vmlinuz" ] && [ -s "$directory/initrd.gz" ] && [ -e "$directory/.made-3" ]; then
	exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work" # apt's own user writes there

# The package that linux-image-cloud-amd64 stands for today.
cd "$work"
package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: //p' | head -n 1)
apt-get download -qq "$package" 2>/dev/null || apt-get download "$package"
dpkg -x ./*.deb kernel

# What the guest needs of its kernel's modules, in the order of loading.
modules="virtio_ring virtio virtio_pci_legacy_dev virtio_pci_modern_dev virtio_pci virtio_blk
	failover net_failover virtio_net virtio_console evdev button"
mkdir -p root/{bin,dev,proc,sys,modules,var/log,var/run,etc/acpi/PWRF}
cp "$busybox" root/bin/busybox
order=
for module in $modules; do
	# Since Debian 13 they are compressed.
	file=$(find kernel -name "$module.ko*" -print -quit)
	case $file in
	'') continue ;; # built in
	*.xz) xz -dc "$file" >"root/modules/$module.ko" ;;
	*) cp "$file" root/modules/ ;;
	esac
	order="$order $module"
done

cat >root/etc/acpi/PWRF/00000080 <<'EOF'
#!/bin/busybox sh
poweroff -f
EOF
cat >root/init <<EOF
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
for module in $order; do insmod /modules/\$module.ko; done
acpid
# It goes to the background before it listens, and what is pressed until then is lost.
tries=0
until [ -s /var/run/acpid.pid ] || [ \$((tries += 1)) -gt 50 ]; do sleep 0.1; done
echo "vmkit guest is up"
if [ -b /dev/vda ]; then
	echo "written by the guest" | dd of=/dev/vda bs=512 conv=sync,fsync 2>/dev/null &&
		echo "vmkit guest has written to its disk"
fi
# Another archive behind this one can bring more.
[ ! -x /extra ] || /extra
exec setsid cttyhack sh
EOF
chmod 755 root/init root/etc/acpi/PWRF/00000080
(cd root && find . | cpio -o -H newc --quiet --owner 0:0) | gzip -9 >initrd.gz

mkdir -p "$directory"
install -m 644 kernel/boot/vmlinuz-* "$directory/vmlinuz"
install -m 644 initrd.gz "$directory/initrd.gz"
touch "$directory/.made-3"
