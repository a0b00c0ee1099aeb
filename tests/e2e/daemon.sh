#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What runs inside the namespaces of a private daemon; see harness.sh. As PID 1 this shell reaps the
# orphans that libvirt waits for.
set -eu

home=$1
for pair in run:/run/libvirt etc:/etc/libvirt lib:/var/lib/libvirt cache:/var/cache/libvirt log:/var/log/libvirt; do
	mkdir -p "${pair#*:}"
	mount --bind "$home/${pair%%:*}" "${pair#*:}"
done
# Locks of consoles name a terminal and a process, which other daemons have too.
mkdir -p /run/lock
mount -t tmpfs -o mode=1777 tmpfs /run/lock
# /dev/kvm as udev would make it: while QEMU's user cannot open it libvirt distrusts its cache at every
# call. The host's own device stays as it is.
if [ -e /dev/kvm ]; then
	rm -f "$home/kvm"
	mknod "$home/kvm" c 10 232
	chgrp kvm "$home/kvm" 2>/dev/null || true
	chmod 660 "$home/kvm"
	mount --bind "$home/kvm" /dev/kvm
fi
hostname "$(basename "$home")"
ip link set lo up
virtlogd -p /run/libvirt/virtlogd.pid &
libvirtd -p /run/libvirt/libvirtd.pid &
wait
