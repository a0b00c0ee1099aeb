// SPDX-License-Identifier: GPL-3.0-or-later
// What libvirt's headers have since a version newer than 9.0, by the same names. With older ones it
// is there and of no use: the rows of options and commands that need it say since when (`since`),
// and are refused before it matters.
#pragma once

#include <libvirt/libvirt.h>

#if !LIBVIR_CHECK_VERSION(10, 0, 0)
enum { VIR_DOMAIN_BLOCK_RESIZE_CAPACITY = 0 };
#endif
#if !LIBVIR_CHECK_VERSION(10, 1, 0)
enum {
	VIR_CONNECT_LIST_NODE_DEVICES_PERSISTENT = 0,
	VIR_CONNECT_LIST_NODE_DEVICES_TRANSIENT = 0,
	VIR_NODE_DEVICE_XML_INACTIVE = 0,
};
#define virNodeDeviceUpdate(device, xml, flags) ((void)(device), (void)(xml), (void)(flags), -1)
#endif
#if !LIBVIR_CHECK_VERSION(10, 2, 0)
#define virDomainGraphicsReload(domain, type, flags)                                               \
	((void)(domain), (void)(type), (void)(flags), -1)
#endif
#if !LIBVIR_CHECK_VERSION(11, 0, 0)
enum { VIR_CONNECT_GET_DOMAIN_CAPABILITIES_DISABLE_DEPRECATED_FEATURES = 0 };
#endif
#if !LIBVIR_CHECK_VERSION(11, 2, 0)
enum { VIR_DOMAIN_GUEST_INFO_LOAD = 0 };
#define virDomainSetAutostartOnce(domain, on) ((void)(domain), (void)(on), -1)
#define virDomainGetAutostartOnce(domain, on) ((void)(domain), (void)(on), -1)
#define virDomainSetThrottleGroup(domain, group, values, count, flags)                             \
	((void)(domain), (void)(group), (void)(values), (void)(count), (void)(flags), -1)
#define virDomainDelThrottleGroup(domain, group, flags)                                            \
	((void)(domain), (void)(group), (void)(flags), -1)
#endif
#if !LIBVIR_CHECK_VERSION(11, 6, 0)
enum { VIR_CONNECT_BASELINE_CPU_IGNORE_HOST = 0 };
#endif
#if !LIBVIR_CHECK_VERSION(11, 10, 0)
enum { VIR_DOMAIN_BACKUP_BEGIN_PRESERVE_SHUTDOWN_DOMAIN = 0 };
#endif
#if !LIBVIR_CHECK_VERSION(12, 2, 0)
enum {
	VIR_CONNECT_GET_DOMAIN_CAPABILITIES_EXPAND_CPU_FEATURES = 0,
	VIR_DOMAIN_BLOCK_COPY_TARGET_ZEROED = 0,
};
#endif
#if !LIBVIR_CHECK_VERSION(12, 3, 0)
enum { VIR_DOMAIN_BLOCK_RESIZE_EXTEND = 0 };
#endif
#if !LIBVIR_CHECK_VERSION(12, 5, 0)
enum { VIR_CONNECT_GET_DOMAIN_CAPABILITIES_SUPPORTED_CPU_FEATURES = 0 };
#endif

// Fields of typed parameters.
#ifndef VIR_MIGRATE_PARAM_COMPRESSION_ZLIB_LEVEL
#define VIR_MIGRATE_PARAM_COMPRESSION_ZLIB_LEVEL "compression.zlib.level"
#define VIR_MIGRATE_PARAM_COMPRESSION_ZSTD_LEVEL "compression.zstd.level"
#endif
#ifndef VIR_MIGRATE_PARAM_MIGRATE_DISKS_DETECT_ZEROES
#define VIR_MIGRATE_PARAM_MIGRATE_DISKS_DETECT_ZEROES "migrate_disks_detect_zeroes"
#endif
#ifndef VIR_MIGRATE_PARAM_BANDWIDTH_AVAIL_SWITCHOVER
#define VIR_MIGRATE_PARAM_BANDWIDTH_AVAIL_SWITCHOVER "bandwidth.avail.switchover"
#endif
#ifndef VIR_DOMAIN_SAVE_PARAM_IMAGE_FORMAT
#define VIR_DOMAIN_SAVE_PARAM_IMAGE_FORMAT "image_format"
#endif
#ifndef VIR_DOMAIN_SAVE_PARAM_PARALLEL_CHANNELS
#define VIR_DOMAIN_SAVE_PARAM_PARALLEL_CHANNELS "parallel.channels"
#endif
