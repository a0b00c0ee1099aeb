// SPDX-License-Identifier: GPL-3.0-or-later
// Names of libvirt's enumerations, as virsh and the libvirt documentation write them. Lent.
#pragma once

const char *word_domain_state(int state);
// Why the domain is in STATE; "unknown" for what is not known.
const char *word_domain_reason(int state, int reason);
// Of enum virDomainDiskErrorCode.
const char *word_disk_error(int error);
