// SPDX-License-Identifier: GPL-3.0-or-later
// The header of LUKS version 1: the LUKS On-Disk Format Specification 1.2.3. Numbers are
// big-endian.
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "image/bytes.h"
#include "image/formats.h"
#include "image/image.h"
#include "image/source.h"
#include "output/json.h"

enum {
	HEADER = 592, // bytes
	SLOTS = 208,  // offset of the first key slot
	SLOT = 48,    // bytes of one
	SECTOR = 512,
	SLOT_ACTIVE = 0x00ac71f3,
};

// A string of at most SIZE bytes; the caller's.
static char *string_at(const unsigned char *at, size_t size)
{
	return text_copy_bytes((const char *)at, strnlen((const char *)at, size));
}

static void set_string(struct json *facts, const char *key, const unsigned char *at, size_t size)
{
	auto_free char *string = string_at(at, size);

	json_set(facts, key, value_text(string));
}

// "aes" and a key of 64 bytes for XTS, which has two keys, is what QEMU calls "aes-256".
static void set_cipher(struct json *facts, const unsigned char *header, const char *mode)
{
	auto_free char *cipher = string_at(header + 8, 32);
	unsigned bits = bytes_be32(header + 108) * 8 / (text_equal(mode, "xts") ? 2 : 1);
	auto_free char *shown = text_equal(cipher, "cast5") ? text_format("%s-128", cipher)
							    : text_format("%s-%u", cipher, bits);

	json_set(facts, "cipher-alg", value_text(shown));
}

static struct json *slots(const unsigned char *header)
{
	struct json *array = json_new_array();

	for (int i = 0; i < 8; i++) {
		const unsigned char *slot = header + SLOTS + (ptrdiff_t)i * SLOT;
		bool active = bytes_be32(slot) == SLOT_ACTIVE;
		struct json *facts = json_new_object();

		json_set(facts, "active", value_boolean(active));
		if (active)
			json_set(facts, "iters", value_unsigned(bytes_be32(slot + 4)));
		json_set(facts, "key-offset",
			 value_unsigned(bytes_be32(slot + 40) * (unsigned long long)SECTOR));
		if (active)
			json_set(facts, "stripes", value_unsigned(bytes_be32(slot + 44)));
		json_append_json(array, facts);
	}
	return array;
}

struct json *luks_details(const struct source *source, unsigned long long offset,
			  unsigned long long *payload, struct error *err)
{
	unsigned char header[HEADER];
	auto_free char *mode = NULL;
	char *generator, *hash;
	struct json *facts;

	if (source_read(source, offset, header, sizeof(header), err) < 0)
		return NULL;
	if (memcmp(header, "LUKS\xba\xbe\0\x01", 8) != 0) {
		error_set(err, STATUS_FAILED, "it has no LUKS header of version 1");
		return NULL;
	}
	// The mode is "xts-plain64" or, with a hash for the generator, "cbc-essiv:sha256".
	mode = string_at(header + 40, 32);
	generator = strchr(mode, '-');
	if (!generator) {
		error_set(err, STATUS_FAILED, "unknown cipher mode in its LUKS header");
		return NULL;
	}
	*generator++ = '\0';
	hash = strchr(generator, ':');
	if (hash)
		*hash++ = '\0';
	*payload = bytes_be32(header + 104) * (unsigned long long)SECTOR;
	facts = json_new_object();
	json_set(facts, "ivgen-alg", value_text(generator));
	set_string(facts, "hash-alg", header + 72, 32);
	set_cipher(facts, header, mode);
	set_string(facts, "uuid", header + 168, 40);
	// Others may name one that they do not use.
	if (hash && text_equal(generator, "essiv"))
		json_set(facts, "ivgen-hash-alg", value_text(hash));
	// Within another format it is one of several encryptions.
	if (offset)
		json_set(facts, "format", value_text("luks"));
	json_set(facts, "cipher-mode", value_text(mode));
	json_set_json(facts, "slots", slots(header));
	json_set(facts, "payload-offset", value_unsigned(*payload));
	json_set(facts, "master-key-iters", value_unsigned(bytes_be32(header + 164)));
	return facts;
}

int luks_read(const struct source *source, const unsigned char *head, struct image *image,
	      struct error *err)
{
	unsigned long long payload;

	(void)head;
	image->details = luks_details(source, 0, &payload, err);
	if (!image->details)
		return -1;
	if (payload > source->size)
		return error_set(err, STATUS_FAILED, "its data would begin behind its end");
	image->encrypted = true;
	image->virtual_size = source->size - payload;
	return 0;
}
