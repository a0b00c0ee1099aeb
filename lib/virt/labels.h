// SPDX-License-Identifier: GPL-3.0-or-later
// Labels of guests: words in their metadata, below the namespace https://vmkit.org/xmlns/labels/1,
// as <labels>WORD WORD ...</labels>.
#pragma once

#include <libvirt/libvirt.h>
#include <stddef.h>

struct cancel;
struct error;
struct list;

#define LABELS_NAMESPACE "https://vmkit.org/xmlns/labels/1"

// The labels of each of so many domains. libvirt has no call for all of them: five at a time are
// asked. A domain that cannot be asked has none.
void labels_fetch(virDomainPtr *domains, size_t count, struct list *labels,
		  const struct cancel *cancel);
