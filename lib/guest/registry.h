// SPDX-License-Identifier: GPL-3.0-or-later
// The list of all options of a guest, in the order in which they are read. Programs make their own
// option tables of it: X(identifier, letter, traits of lib/cli, name, help).
#pragma once

#include "guest/option.h"

// clang-format off
#define GUEST_OPTIONS(X) \
	X(metadata, 0, 0, "metadata",\
	  "its title, description, UUID and operating system") \
	X(memory, 0, 0, "memory",\
	  "its memory in MiB, or with a unit") \
	X(memorybacking, 0, 0, "memorybacking",\
	  "what its memory lies in: huge pages, shared memory, a file") \
	X(memtune, 0, 0, "memtune",\
	  "bounds of the memory that the guest may take from the host") \
	X(vcpus, 0, 0, "vcpus",\
	  "how many vCPUs it has, and their topology") \
	X(cpu, 0, 0, "cpu",\
	  "its CPU model and features") \
	X(iothreads, 0, 0, "iothreads",\
	  "threads that do the work of disks") \
	X(cputune, 0, 0, "cputune",\
	  "where its vCPUs run, and their share of processor time") \
	X(numatune, 0, 0, "numatune",\
	  "nodes of the host that its memory is taken from") \
	X(blkiotune, 0, 0, "blkiotune",\
	  "its share of the bandwidth of disks") \
	X(resource, 0, 0, "resource",\
	  "control group that it is put into") \
	X(boot, 0, 0, "boot",\
	  "what it boots: uefi, hd,cdrom,network, kernel=,initrd=,cmdline=") \
	X(idmap, 0, 0, "idmap",\
	  "users and groups of a container, as the host sees them") \
	X(features, 0, 0, "features",\
	  "features of the platform: acpi, apic, hyperv.*, kvm.*, smm and more") \
	X(clock, 0, 0, "clock",\
	  "its clock and timers") \
	X(pm, 0, 0, "pm",\
	  "whether it may sleep") \
	X(events, 0, 0, "events",\
	  "what happens when it stops, restarts or crashes") \
	X(seclabel, 0, 0, "seclabel",\
	  "how the host guards it: type, model, label") \
	X(keywrap, 0, 0, "keywrap",\
	  "whether keys are wrapped (s390x)") \
	X(launch_security, 0, 0, "launchSecurity",\
	  "memory that the host cannot read: sev, sev-snp, tdx, s390-pv") \
	X(sysinfo, 0, 0, "sysinfo",\
	  "what its firmware says of the machine") \
	X(disk, 0, 0, "disk",\
	  "a disk: path=FILE, size=GIB, pool=, vol=POOL/VOLUME, format=, bus= and more") \
	X(network, 'w', 0, "network",\
	  "a network interface: default, user, bridge=NAME, network=NAME, model=, mac=") \
	X(graphics, 0, 0, "graphics",\
	  "its display: spice, vnc, sdl or none") \
	X(controller, 0, 0, "controller",\
	  "a controller: usb3, scsi, pci and more") \
	X(input, 0, 0, "input",\
	  "a keyboard, mouse, tablet or an input device of the host") \
	X(serial, 0, 0, "serial",\
	  "a serial port") \
	X(parallel, 0, 0, "parallel",\
	  "a parallel port") \
	X(channel, 0, 0, "channel",\
	  "a channel between host and guest, such as that of its agent") \
	X(console, 0, 0, "console",\
	  "a text console") \
	X(hostdev, 0, 0, "hostdev",\
	  "a device of the host that the guest gets") \
	X(filesystem, 0, 0, "filesystem",\
	  "a directory of the host that the guest sees") \
	X(sound, 0, VALUE_OPTIONAL, "sound",\
	  "a sound card") \
	X(audio, 0, 0, "audio",\
	  "a sound backend of the host") \
	X(watchdog, 0, 0, "watchdog",\
	  "a timer that acts when the guest hangs") \
	X(video, 0, 0, "video",\
	  "a graphics card: virtio, qxl, vga and more") \
	X(smartcard, 0, 0, "smartcard",\
	  "a reader of smart cards") \
	X(redirdev, 0, 0, "redirdev",\
	  "a USB device that comes from where the guest is watched") \
	X(memballoon, 0, 0, "memballoon",\
	  "a balloon that takes memory back while it runs") \
	X(tpm, 0, 0, "tpm",\
	  "a TPM, emulated or the host's own") \
	X(rng, 0, 0, "rng",\
	  "a source of random numbers") \
	X(panic, 0, 0, "panic",\
	  "a device that tells when its kernel panics") \
	X(shmem, 0, 0, "shmem",\
	  "memory that it shares with other guests") \
	X(memory_device, 0, 0, "memdev",\
	  "a memory module: dimm, nvdimm, virtio-mem") \
	X(vsock, 0, 0, "vsock",\
	  "a socket between guest and host") \
	X(iommu, 0, 0, "iommu",\
	  "an IOMMU that the guest sees") \
	X(pstore, 0, 0, "pstore",\
	  "a store for what its kernel says before it dies") \
	X(qemu_commandline, 0, 0, "qemu-commandline",\
	  "arguments and environment that libvirt hands on to QEMU") \
	X(xml, 0, 0, "xml",\
	  "an edit of its XML: XPATH=VALUE, xpath.set=, xpath.create=, xpath.delete=")
// clang-format on

#define GUEST_OPTION_DECLARE(identifier_, letter_, traits_, name_, help_)                          \
	extern const struct guest_option identifier_##_option;
GUEST_OPTIONS(GUEST_OPTION_DECLARE)
#undef GUEST_OPTION_DECLARE
