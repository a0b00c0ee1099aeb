// SPDX-License-Identifier: GPL-3.0-or-later
// The snapshot table and the bitmap directory of qcow2.
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "image/bytes.h"
#include "image/qcow2.h"
#include "image/source.h"
#include "output/json.h"

enum {
	TABLE_MOST = 64 << 20, // bytes that are read of a table; QEMU's limit for snapshots
	EXTRA_MOST = 1024,     // bytes of what is unknown here of a snapshot; QEMU's limit too
	BITMAPS_MOST = 65535,
};

// What is left of a table that is walked.
struct rest {
	const char *at;
	size_t length;
};

// Steps over LENGTH bytes and gives where they were; NULL where the table ends before.
static const char *step(struct rest *rest, unsigned long long length)
{
	const char *at = rest->at;

	if (length > rest->length)
		return NULL;
	rest->at += length;
	rest->length -= (size_t)length;
	return at;
}

// Entries are padded to 8 bytes; the last one may lack the padding.
static void step_padding(struct rest *rest, unsigned long long length)
{
	step(rest, (8 - length % 8) % 8);
}

static void set_string(struct json *object, const char *key, const char *bytes, size_t length)
{
	auto_free char *string = text_copy_bytes(bytes, length);

	json_set(object, key, value_text(string));
}

// One entry; NULL where the table ends within it.
static struct json *parse_snapshot(struct rest *rest)
{
	const char *fixed = step(rest, 40), *extra, *id, *name;
	unsigned extra_length, id_length, name_length;
	unsigned long long clock;
	struct json *snapshot;

	if (!fixed)
		return NULL;
	id_length = bytes_be16(fixed + 12);
	name_length = bytes_be16(fixed + 14);
	extra_length = bytes_be32(fixed + 36);
	extra = step(rest, extra_length);
	id = step(rest, id_length);
	name = step(rest, name_length);
	if (!extra || !id || !name || extra_length > EXTRA_MOST)
		return NULL;
	step_padding(rest, 40ULL + extra_length + id_length + name_length);
	clock = bytes_be64(fixed + 24);
	snapshot = json_new_object();
	// All ones: the count of instructions was not recorded.
	if (extra_length >= 24 && bytes_be64(extra + 16) != UINT64_MAX)
		json_set(snapshot, "icount", value_unsigned(bytes_be64(extra + 16)));
	json_set(snapshot, "vm-clock-nsec", value_unsigned(clock % 1000000000));
	set_string(snapshot, "name", name, name_length);
	json_set(snapshot, "date-sec", value_unsigned(bytes_be32(fixed + 16)));
	json_set(snapshot, "date-nsec", value_unsigned(bytes_be32(fixed + 20)));
	json_set(snapshot, "vm-clock-sec", value_unsigned(clock / 1000000000));
	set_string(snapshot, "id", id, id_length);
	json_set(snapshot, "vm-state-size",
		 value_unsigned(extra_length >= 8 ? bytes_be64(extra) : bytes_be32(fixed + 32)));
	return snapshot;
}

// One entry; NULL where the directory ends within it or is senseless.
static struct json *parse_bitmap(struct rest *rest)
{
	const char *fixed = step(rest, 24), *name;
	unsigned flags, granularity_bits, name_length, extra_length;
	struct json *bitmap, *words;

	if (!fixed)
		return NULL;
	flags = bytes_be32(fixed + 12);
	granularity_bits = (unsigned char)fixed[17];
	name_length = bytes_be16(fixed + 18);
	extra_length = bytes_be32(fixed + 20);
	// What QEMU opens no image with.
	if (flags & ~3U || granularity_bits < 9 || granularity_bits > 31 || !name_length ||
	    !step(rest, extra_length))
		return NULL;
	name = step(rest, name_length);
	if (!name)
		return NULL;
	step_padding(rest, 24ULL + extra_length + name_length);
	words = json_new_array();
	if (flags & 1)
		json_append(words, value_text("in-use"));
	if (flags & 2)
		json_append(words, value_text("auto"));
	bitmap = json_new_object();
	json_set_json(bitmap, "flags", words);
	set_string(bitmap, "name", name, name_length);
	json_set(bitmap, "granularity", value_unsigned(1ULL << granularity_bits));
	return bitmap;
}

static struct json *parse_all(struct rest rest, unsigned count,
			      struct json *(*parse)(struct rest *rest), struct error *err)
{
	auto_json struct json *array = json_new_array();

	for (unsigned i = 0; i < count; i++) {
		struct json *entry = parse(&rest);

		if (!entry) {
			qcow2_broken(err, "broken entry", i);
			return NULL;
		}
		json_append_json(array, entry);
	}
	return take(&array);
}

static struct json *snapshots_within(const struct qcow2 *qcow2, unsigned long long most,
				     struct error *err)
{
	unsigned long long end = qcow2->source->size, start = qcow2->snapshots_offset;
	unsigned long long length = start < end ? end - start : 0;
	auto_free char *table = NULL;

	if (length > most)
		length = most;
	table = source_read_new(qcow2->source, start, length, TABLE_MOST, err);
	if (!table)
		return NULL;
	return parse_all((struct rest){table, (size_t)length}, qcow2->snapshots, parse_snapshot,
			 err);
}

// Nothing tells how long the table is. Entries seldom have 200 bytes; only one whose entries are
// longer is read as far as it is allowed to be.
struct json *qcow2_snapshots(const struct qcow2 *qcow2, struct error *err)
{
	auto_error struct error ignored = {0};
	unsigned long long likely = qcow2->snapshots * 512ULL;
	struct json *snapshots = NULL;

	if (likely < TABLE_MOST)
		snapshots = snapshots_within(qcow2, likely, &ignored);
	if (!snapshots)
		snapshots = snapshots_within(qcow2, TABLE_MOST, err);
	if (!snapshots)
		error_wrap(err, "its snapshot table is broken");
	return snapshots;
}

struct json *qcow2_bitmaps(const struct qcow2 *qcow2, struct error *err)
{
	auto_free char *directory = NULL;
	struct json *bitmaps = NULL;

	if (qcow2->bitmaps > BITMAPS_MOST) {
		qcow2_broken(err, "too many bitmaps", qcow2->bitmaps);
		return NULL;
	}
	directory = source_read_new(qcow2->source, qcow2->bitmaps_offset, qcow2->bitmaps_length,
				    TABLE_MOST, err);
	if (directory)
		bitmaps = parse_all((struct rest){directory, (size_t)qcow2->bitmaps_length},
				    qcow2->bitmaps, parse_bitmap, err);
	if (!bitmaps)
		error_wrap(err, "its bitmap directory is broken");
	return bitmaps;
}
