// SPDX-License-Identifier: GPL-3.0-or-later
// Names of libvirt's enumerations, as virsh and the libvirt documentation write them. Lent.
#pragma once

#include <stddef.h>

const char *word_domain_state(int state);
// Why the domain is in STATE; "unknown" for what is not known.
const char *word_domain_reason(int state, int reason);
// Of enum virDomainBlockJobType.
const char *word_block_job(int type);
// Of enum virDomainJobOperation.
const char *word_job_operation(int operation);
// Of enum virDomainInterfaceAddressesSource; ends with NULL.
extern const char *const words_address_sources[];

// Number NUMBER of WORDS, or OTHER where there is none, as of what is newer than they are.
const char *word_at(const char *const *words, size_t count, int number, const char *other);
#define WORD(words_, number_, other_)                                                              \
	word_at((words_), sizeof(words_) / sizeof(*(words_)), (number_), (other_))

// Of enum virDomainDiskErrorCode.
const char *word_disk_error(int error);
