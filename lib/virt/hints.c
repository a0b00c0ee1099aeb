// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/hints.h"

int domain_hint(struct error *err, virDomainPtr domain)
{
	if (err->status == STATUS_CONFLICT && virDomainIsActive(domain) == 0)
		error_hint(err, "it is shut off; $0 start '%s' starts it",
			   virDomainGetName(domain));
	return -1;
}

int pool_hint(struct error *err, virStoragePoolPtr pool)
{
	if (err->status == STATUS_CONFLICT && virStoragePoolIsActive(pool) == 0)
		error_hint(err, "it is not active; $0 pool-start '%s' starts it",
			   virStoragePoolGetName(pool));
	return -1;
}
