// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/kvm_statistics.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "host/host.h"

static const char directory[] = "/sys/kernel/debug/kvm";

static int unreadable(const struct host *host, struct error *err)
{
	struct stat status;

	if (root_stat(&host->root, directory, &status) == 0 || errno == EACCES) {
		error_set(err, STATUS_CONNECTION, "no permission to read %s", directory);
		return error_hint(err, "run it as root");
	}
	error_set(err, STATUS_NOT_FOUND, "there is no %s", directory);
	return error_hint(err,
			  "load KVM's modules, and mount -t debugfs debugfs /sys/kernel/debug");
}

// A VM has a directory "PROCESS-DESCRIPTOR" of its own.
static void add(struct kvm_statistics *statistics, const struct host *host, const char *name)
{
	auto_free char *path = text_format("%s/%s", directory, name);
	auto_free char *line = NULL;

	if (isdigit((unsigned char)*name)) {
		statistics->vms += strchr(name, '-') != NULL;
		return;
	}
	line = root_line(&host->root, path);
	// Histograms and the like are no single number.
	if (!line || !*line || strspn(line, "-0123456789") != strlen(line))
		return;
	statistics->values = memory_resize(statistics->values, statistics->names.count + 1,
					   sizeof(*statistics->values));
	statistics->values[statistics->names.count] = strtoll(line, NULL, 10);
	list_add(&statistics->names, name);
}

int kvm_statistics_read(struct kvm_statistics *statistics, const struct host *host,
			struct error *err)
{
	auto_list struct list names = root_names(&host->root, directory);
	struct kvm_statistics found = {.taken = clock_nanoseconds()};

	for (size_t i = 0; i < names.count; i++)
		add(&found, host, names.items[i]);
	if (found.names.count == 0) {
		kvm_statistics_clear(&found);
		return unreadable(host, err);
	}
	*statistics = found;
	return 0;
}

long long kvm_statistics_value(const struct kvm_statistics *statistics, const char *name)
{
	for (size_t i = 0; i < statistics->names.count; i++)
		if (text_equal(statistics->names.items[i], name))
			return statistics->values[i];
	return 0;
}

void kvm_statistics_clear(struct kvm_statistics *statistics)
{
	list_clear(&statistics->names);
	free(statistics->values);
	*statistics = (struct kvm_statistics){0};
}
