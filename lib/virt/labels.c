// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/labels.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/list.h"
#include "base/text.h"
#include "base/workers.h"

enum {
	WIDTH = 5,
	GRACE = 60000, // milliseconds: what they write to is the caller's
};

struct labels_work {
	virDomainPtr *domains;
	struct list *labels;
};

// "<labels ...>web prod</labels>": the text between the tags.
static struct list read_words(const char *xml)
{
	const char *begin = strchr(xml, '>'), *end = begin ? strstr(begin, "</") : NULL;
	auto_free char *words =
		end ? text_copy_bytes(begin + 1, (size_t)(end - begin - 1)) : text_copy("");

	return list_split(words, " \t\n,");
}

static void ask(void *data, size_t index)
{
	struct labels_work *work = data;
	auto_free char *xml =
		virDomainGetMetadata(work->domains[index], VIR_DOMAIN_METADATA_ELEMENT,
				     LABELS_NAMESPACE, VIR_DOMAIN_AFFECT_CURRENT);

	if (xml)
		work->labels[index] = read_words(xml);
}

void labels_fetch(virDomainPtr *domains, size_t count, struct list *labels,
		  const struct cancel *cancel)
{
	struct labels_work work = {.domains = domains, .labels = labels};

	workers_run(&(struct work){.count = count, .run = ask, .data = &work, .width = WIDTH},
		    cancel, GRACE);
}
