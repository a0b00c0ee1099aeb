// SPDX-License-Identifier: GPL-3.0-or-later
// A user's file of hosts and groups, and each name in it looked up; libvirt's file of aliases.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "virt/aliases.h"
#include "virt/hosts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char directory[] = "/dev/shm/vmkit-fuzz-XXXXXX";

static void remove_directory(void)
{
	auto_free char *inner = text_format("%s/vmkit", directory);
	auto_free char *file = text_format("%s/hosts", inner);

	unlink(file);
	rmdir(inner);
	rmdir(directory);
}

// Where the program looks for the user's file.
static char *user_file(void)
{
	static int made;
	auto_free char *inner = NULL;

	if (!made && (!mkdtemp(directory) || atexit(remove_directory)))
		abort();
	made = 1;
	setenv("XDG_CONFIG_HOME", directory, 1);
	inner = text_format("%s/vmkit", directory);
	mkdir(inner, 0700);
	return text_format("%s/hosts", inner);
}

static void write_file(const char *path, const void *data, size_t size)
{
	auto_fclose FILE *file = fopen(path, "w");

	if (!file || fwrite(data, 1, size, file) != size)
		abort();
}

static void look_up(const char *word)
{
	auto_hosts struct hosts hosts = {0};
	auto_error struct error err = {0};

	if (hosts_expand(word, &hosts, &err) < 0)
		return;
	if (hosts.uris.count != hosts.names.count)
		abort();
	for (size_t i = 1; i < hosts.uris.count; i++) // each host once
		if (text_equal(hosts.uris.items[i], hosts.uris.items[i - 1]))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *content = text_copy_bytes((const char *)data, size);
	auto_free char *path = user_file();
	auto_list struct list pairs = {0}, known = {0};
	auto_error struct error err = {0};

	write_file(path, data, size);
	known = hosts_known();
	aliases_parse(content, &known);
	if (hosts_parse(content, path, &pairs, &err) < 0)
		return 0;
	for (size_t i = 0; i < pairs.count && i < 8; i++)
		look_up(pairs.items[i]);
	return 0;
}
