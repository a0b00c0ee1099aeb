// SPDX-License-Identifier: GPL-3.0-or-later
// What the dispatcher finds for a command before it runs.
#pragma once

#include <libvirt/libvirt.h>

#include "cli/command.h"

struct call;

// The option `domain`, by every way of naming one, or by those that virsh allows for the command.
extern const struct target target_any_domain;
extern const struct target target_domain_by_name_or_uuid;
extern const struct target target_domain_by_id_or_uuid;
extern const struct target target_domain_by_id_or_name;

// The options `network` and `pool`, likewise.
extern const struct target target_any_network;
extern const struct target target_network_by_name;
extern const struct target target_network_by_uuid;
extern const struct target target_any_pool;
extern const struct target target_pool_by_name;
extern const struct target target_pool_by_uuid;
// The option `vol`, in the pool that the option `pool` names.
extern const struct target target_any_volume;

virDomainPtr target_domain(const struct call *call);
virNetworkPtr target_network(const struct call *call);
virStoragePoolPtr target_pool(const struct call *call);
virStorageVolPtr target_volume(const struct call *call);
