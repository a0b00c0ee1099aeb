// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/qcow2_write.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "image/bytes.h"
#include "image/qcow2.h"
#include "image/settings.h"

enum {
	HEADER = 112,       // bytes: with the compression type and its padding
	L1_MOST = 32 << 20, // bytes, QEMU's limit
	FIXED_CLUSTERS = 3, // the header, the refcount table, its only block
	FEATURE_NAME = 46,
};

// The clusters of the empty image: the three fixed ones and the L1 table.
struct layout {
	unsigned long long cluster; // bytes
	unsigned long long l1_entries, clusters;
};

static int log2_of(unsigned long long number)
{
	return number && !(number & (number - 1)) ? __builtin_ctzll(number) : -1;
}

// Settings that mean what is done anyway, with the values that do.
static bool changes_nothing(const char *name, const char *value)
{
	return (text_equal(name, "preallocation") || text_equal(name, "nocow") ||
		text_equal(name, "data_file_raw") || text_equal(name, "encryption")) &&
	       text_equal(value, "off");
}

static bool understood(const struct settings *settings)
{
	static const char *const known[] = {"size",           "backing_file",  "backing_fmt",
					    "cluster_size",   "refcount_bits", "compat",
					    "lazy_refcounts", "extended_l2",   "compression_type"};

	for (size_t i = 0; i < settings->names.count; i++) {
		bool found = changes_nothing(settings->names.items[i], settings->values.items[i]);

		for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++)
			found = found || text_equal(known[k], settings->names.items[i]);
		if (!found)
			return false;
	}
	return true;
}

static bool is_one_of(const char *value, const char *a, const char *b)
{
	return text_equal(value, a) || text_equal(value, b);
}

// Impossible combinations are left to qemu-img too: it says what is wrong with them.
static bool possible(const struct qcow2_plan *plan)
{
	return (int)plan->cluster_bits >= (plan->extended_l2 ? 14 : 9) &&
	       plan->cluster_bits <= 21 && (int)plan->refcount_order >= 0 &&
	       plan->refcount_order <= 6 &&
	       !(plan->old && (plan->lazy_refcounts || plan->extended_l2 || plan->zstd ||
			       plan->refcount_order != 4));
}

bool qcow2_plan(const struct settings *settings, struct qcow2_plan *plan)
{
	const char *compat = settings_get(settings, "compat");
	const char *compression = settings_get(settings, "compression_type");
	auto_error struct error ignored = {0};
	unsigned long long cluster, refcount_bits;

	if (!understood(settings) ||
	    (compat && !is_one_of(compat, "0.10", "v2") && !is_one_of(compat, "1.1", "v3")) ||
	    (compression && !is_one_of(compression, "zlib", "zstd")))
		return false;
	if (settings_number(settings, "refcount_bits", 16, &refcount_bits, &ignored) < 0 ||
	    settings_flag(settings, "lazy_refcounts", &plan->lazy_refcounts, &ignored) < 0 ||
	    settings_flag(settings, "extended_l2", &plan->extended_l2, &ignored) < 0 ||
	    settings_number(settings, "cluster_size", 64 << 10, &cluster, &ignored) < 0)
		return false;
	plan->old = compat && is_one_of(compat, "0.10", "v2");
	plan->zstd = text_equal(compression, "zstd");
	plan->cluster_bits = (unsigned)log2_of(cluster);
	plan->refcount_order = (unsigned)log2_of(refcount_bits);
	return possible(plan);
}

static void append_number(struct text *header, unsigned number)
{
	char bytes[4];

	bytes_put_be32(bytes, number);
	text_append_bytes(header, bytes, sizeof(bytes));
}

static void append_padding(struct text *header)
{
	while (header->length % 8)
		text_append_char(header, '\0');
}

static void append_feature(struct text *header, int kind, int bit, const char *name)
{
	char entry[2 + FEATURE_NAME] = {(char)kind, (char)bit};

	memcpy(entry + 2, name, strnlen(name, FEATURE_NAME));
	text_append_bytes(header, entry, sizeof(entry));
}

// So that an older program can name a feature that it lacks; the names are QEMU's.
static void append_feature_names(struct text *header)
{
	static const struct {
		int kind, bit; // kind 0: incompatible, 1: compatible, 2: auto-clear
		const char *name;
	} features[] = {
		{0, 0, "dirty bit"},
		{0, 1, "corrupt bit"},
		{0, 2, "external data file"},
		{0, 3, "compression type"},
		{0, 4, "extended L2 entries"},
		{1, 0, "lazy refcounts"},
		{2, 0, "bitmaps"},
		{2, 1, "raw external data"},
	};

	append_number(header, QCOW2_FEATURE_NAMES);
	append_number(header, sizeof(features) / sizeof(*features) * (2 + FEATURE_NAME));
	for (size_t i = 0; i < sizeof(features) / sizeof(*features); i++)
		append_feature(header, features[i].kind, features[i].bit, features[i].name);
}

static void fill_fixed(char *fixed, const struct qcow2_plan *plan, const struct layout *layout)
{
	bytes_put_be32(fixed, 0x514649fb); // "QFI\xfb"
	bytes_put_be32(fixed + 4, plan->old ? 2 : 3);
	bytes_put_be32(fixed + 20, plan->cluster_bits);
	bytes_put_be64(fixed + 24, plan->size);
	bytes_put_be32(fixed + 36, (unsigned)layout->l1_entries);
	bytes_put_be64(fixed + 40, layout->l1_entries ? FIXED_CLUSTERS * layout->cluster : 0);
	bytes_put_be64(fixed + 48, layout->cluster);
	bytes_put_be32(fixed + 56, 1);
	if (plan->old)
		return;
	bytes_put_be64(fixed + 72, (plan->zstd ? QCOW2_HAS_COMPRESSION : 0) |
					   (plan->extended_l2 ? QCOW2_EXTENDED_L2 : 0));
	bytes_put_be64(fixed + 80, plan->lazy_refcounts);
	bytes_put_be32(fixed + 96, plan->refcount_order);
	bytes_put_be32(fixed + 100, HEADER);
	fixed[QCOW2_HEADER_V3] = plan->zstd;
}

static void build_header(struct text *header, const struct qcow2_plan *plan,
			 const struct layout *layout)
{
	char fixed[HEADER] = {0};

	fill_fixed(fixed, plan, layout);
	text_append_bytes(header, fixed, plan->old ? QCOW2_HEADER_V2 : HEADER);
	if (plan->backing_file && plan->backing_format) {
		append_number(header, QCOW2_BACKING_FORMAT);
		append_number(header, (unsigned)strlen(plan->backing_format));
		text_append(header, plan->backing_format);
		append_padding(header);
	}
	// Small clusters are left to what is needed.
	if (!plan->old && layout->cluster > 4096)
		append_feature_names(header);
	text_append_bytes(header, "\0\0\0\0\0\0\0\0", 8);
	if (!plan->backing_file)
		return;
	bytes_put_be64(header->data + 8, header->length);
	bytes_put_be32(header->data + 16, (unsigned)strlen(plan->backing_file));
	text_append(header, plan->backing_file);
}

static int write_at(int fd, const void *bytes, size_t length, unsigned long long offset)
{
	ssize_t done = pwrite(fd, bytes, length, (off_t)offset);

	if (done >= 0 && (size_t)done < length)
		errno = ENOSPC;
	return done == (ssize_t)length ? 0 : -1;
}

// Each cluster of the layout is used once. Numbers of less than a byte begin at its lowest bit.
static int write_refcounts(int fd, const struct qcow2_plan *plan, const struct layout *layout)
{
	unsigned long long bits = 1ULL << plan->refcount_order;
	size_t length = (size_t)((layout->clusters * bits + 7) / 8);
	auto_free unsigned char *block = memory_new(length, 1);

	for (unsigned long long i = 0; i < layout->clusters; i++)
		if (bits < 8)
			block[i * bits / 8] |= (unsigned char)(1U << i * bits % 8);
		else
			block[(i + 1) * bits / 8 - 1] = 1;
	return write_at(fd, block, length, 2 * layout->cluster);
}

static struct layout layout_of(const struct qcow2_plan *plan)
{
	struct layout layout = {.cluster = 1ULL << plan->cluster_bits};
	unsigned long long entries = layout.cluster / (plan->extended_l2 ? 16 : 8);
	unsigned long long per_entry = entries * layout.cluster; // bytes of disk that one serves

	layout.l1_entries = plan->size / per_entry + (plan->size % per_entry != 0);
	layout.clusters =
		FIXED_CLUSTERS + (layout.l1_entries * 8 + layout.cluster - 1) / layout.cluster;
	return layout;
}

// By holes in what describes an image QEMU takes it for one with preallocated metadata, and asks
// the file system at each look at what is allocated.
static int write_zeros(int fd, const struct layout *layout)
{
	static const char zeros[64 << 10];
	unsigned long long left = FIXED_CLUSTERS * layout->cluster + layout->l1_entries * 8;

	while (left) {
		size_t length = left < sizeof(zeros) ? (size_t)left : sizeof(zeros);

		if (file_write_all(fd, zeros, length) < 0)
			return -1;
		left -= length;
	}
	return 0;
}

int qcow2_write(int fd, const struct qcow2_plan *plan, struct error *err)
{
	struct layout layout = layout_of(plan);
	auto_text struct text header = {0};
	char table[8];

	// One refcount block must serve it all, and the header fit its cluster.
	build_header(&header, plan, &layout);
	if (layout.l1_entries * 8 > L1_MOST ||
	    layout.clusters > layout.cluster * 8 >> plan->refcount_order ||
	    header.length > layout.cluster ||
	    (plan->backing_file && strlen(plan->backing_file) > QCOW2_NAME_MOST))
		return 1;
	bytes_put_be64(table, 2 * layout.cluster);
	if (write_zeros(fd, &layout) < 0 || write_at(fd, header.data, header.length, 0) < 0 ||
	    write_at(fd, table, sizeof(table), layout.cluster) < 0 ||
	    write_refcounts(fd, plan, &layout) < 0)
		return error_set_errno(err, errno, "cannot write the image");
	return 0;
}
