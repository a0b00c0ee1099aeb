// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/pool/pool.h"

#include <libvirt/libvirt.h>

#include "base/list.h"
#include "base/text.h"

static const struct {
	const char *name;
	unsigned flag;
} types[] = {
	{"dir", VIR_CONNECT_LIST_STORAGE_POOLS_DIR},
	{"fs", VIR_CONNECT_LIST_STORAGE_POOLS_FS},
	{"netfs", VIR_CONNECT_LIST_STORAGE_POOLS_NETFS},
	{"logical", VIR_CONNECT_LIST_STORAGE_POOLS_LOGICAL},
	{"disk", VIR_CONNECT_LIST_STORAGE_POOLS_DISK},
	{"iscsi", VIR_CONNECT_LIST_STORAGE_POOLS_ISCSI},
	{"scsi", VIR_CONNECT_LIST_STORAGE_POOLS_SCSI},
	{"mpath", VIR_CONNECT_LIST_STORAGE_POOLS_MPATH},
	{"rbd", VIR_CONNECT_LIST_STORAGE_POOLS_RBD},
	{"sheepdog", VIR_CONNECT_LIST_STORAGE_POOLS_SHEEPDOG},
	{"gluster", VIR_CONNECT_LIST_STORAGE_POOLS_GLUSTER},
	{"zfs", VIR_CONNECT_LIST_STORAGE_POOLS_ZFS},
	{"vstorage", VIR_CONNECT_LIST_STORAGE_POOLS_VSTORAGE},
	{"iscsi-direct", VIR_CONNECT_LIST_STORAGE_POOLS_ISCSI_DIRECT},
};

unsigned pool_type_flag(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (text_equal(types[i].name, name))
			return types[i].flag;
	return 0;
}

void pool_type_names(struct call *call, struct list *found)
{
	(void)call;
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		list_add(found, types[i].name);
}
