// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/cpus.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "virt/failure.h"

enum { NUMBER_MOST = 1023 }; // larger numbers are taken for mistakes, as in virsh
enum { MAP_LENGTH = VIR_CPU_MAPLEN(NUMBER_MOST + 1) };

int cpus_count(virConnectPtr connection, struct error *err)
{
	int count = virNodeGetCPUMap(connection, NULL, NULL, 0);
	virNodeInfo info;

	if (count >= 0)
		return count;
	// Drivers without that call.
	if (virNodeGetInfo(connection, &info) < 0)
		return virt_failure_plain(err);
	return (int)VIR_NODEINFO_MAXCPUS(info);
}

static void set(unsigned char *map, long long cpu, bool on)
{
	unsigned char bit = (unsigned char)(1U << cpu % 8);

	map[cpu / 8] = (unsigned char)(on ? map[cpu / 8] | bit : map[cpu / 8] & ~bit);
}

// "5", "2-4" or "^3" of what is being read.
static int add_piece(unsigned char *map, const char *piece, struct error *err)
{
	bool without = *piece == '^';
	const char *dash = strchr(piece, '-');
	auto_free char *begin = NULL;
	long long first, last;

	piece += without;
	begin = text_copy_bytes(piece, dash ? (size_t)(dash - piece) : strlen(piece));
	if (number_parse(begin, 0, NUMBER_MOST, &first, err) < 0 ||
	    number_parse(dash ? dash + 1 : begin, first, NUMBER_MOST, &last, err) < 0)
		return -1;
	if (without && dash)
		return error_set(err, STATUS_USAGE, "'^' takes out a single CPU");
	for (long long cpu = first; cpu <= last; cpu++)
		set(map, cpu, !without);
	return 0;
}

// Reads TEXT, whose "r" is COUNT CPUs, into ALL, which is empty; gives the last CPU, -1 on wrong
// usage.
static int read_set(const char *text, int count, unsigned char all[MAP_LENGTH], struct error *err)
{
	auto_list struct list pieces = list_split(text, ", ");
	int last = -1;

	for (size_t i = 0; *text != 'r' && i < pieces.count; i++)
		if (add_piece(all, pieces.items[i], err) < 0)
			return error_wrap(err, "Invalid cpulist '%s'", text);
	for (int cpu = 0; cpu <= NUMBER_MOST; cpu++) {
		if (*text == 'r')
			set(all, cpu, cpu < count);
		if (VIR_CPU_USED(all, cpu))
			last = cpu;
	}
	return last < 0 ? error_set(err, STATUS_USAGE, "Invalid cpulist '%s': it leaves no CPU",
				    text)
			: last;
}

unsigned char *cpus_parse(const char *text, int count, struct error *err)
{
	unsigned char all[MAP_LENGTH] = {0}, *map;
	int last = read_set(text, count, all, err);

	if (last < 0)
		return NULL;
	if (last >= count) {
		error_set(err, STATUS_USAGE, "there is no CPU %d: the host has %d, 0 to %d", last,
			  count, count - 1);
		return NULL;
	}
	map = memory_new((size_t)VIR_CPU_MAPLEN(count), 1);
	memcpy(map, all, (size_t)VIR_CPU_MAPLEN(last + 1));
	return map;
}

int cpus_last(const char *text, struct error *err)
{
	unsigned char all[MAP_LENGTH] = {0};

	return read_set(text, 0, all, err);
}

char *cpus_text(const unsigned char *map, int length)
{
	struct text text = {0};

	for (int cpu = 0; cpu < length * 8; cpu++) {
		int last = cpu;

		if (!VIR_CPU_USED(map, cpu))
			continue;
		while (last + 1 < length * 8 && VIR_CPU_USED(map, last + 1))
			last++;
		text_append_format(&text, text.length ? ",%d" : "%d", cpu);
		if (last > cpu)
			text_append_format(&text, "-%d", last);
		cpu = last;
	}
	return text_take(&text);
}

char *cpus_letters(const unsigned char *map, int count)
{
	struct text text = {0};

	for (int cpu = 0; cpu < count; cpu++)
		text_append_char(&text, VIR_CPU_USED(map, cpu) ? 'y' : '-');
	return text_take(&text);
}
