// SPDX-License-Identifier: GPL-3.0-or-later
// JSON documents as data: read from text such as a child's output, built, looked at. report_json()
// reports them.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "output/value.h"

struct error;
struct list;
struct json; // an object, an array or a value

// The document that TEXT holds, the caller's; WHAT names its origin in the error. NULL on failure.
struct json *json_read(const char *text, const char *what, struct error *err);
struct json *json_new_object(void);
struct json *json_new_array(void);
// An array of TEXTS.
struct json *json_new_texts(const struct list *texts);
struct json *json_copy(const struct json *json); // another owner of the same document
void json_free(struct json *json);               // also takes NULL

// The document as indented text, the caller's.
char *json_text(const struct json *json);

static inline void cleanup_json(struct json **json)
{
	json_free(*json);
}
#define auto_json __attribute__((cleanup(cleanup_json)))

void json_set(struct json *object, const char *key, struct value value);
void json_append(struct json *array, struct value value);
// These two take over CHILD, which may be NULL for null.
void json_set_json(struct json *object, const char *key, struct json *child);
void json_append_json(struct json *array, struct json *child);

bool json_is_object(const struct json *json);
bool json_is_array(const struct json *json);

// The member KEY, lent; NULL where there is none, or where JSON is no object.
const struct json *json_get(const struct json *json, const char *key);
// The number of elements or members; 0 for anything else.
size_t json_count(const struct json *json);
const struct json *json_at(const struct json *array, size_t index);

// What JSON, which is neither object nor array, says; a text is lent.
struct value json_value(const struct json *json);

// The member KEY in the wanted type: NULL, 0 or false where it is missing or of another type.
const char *json_get_text(const struct json *json, const char *key);
unsigned long long json_get_unsigned(const struct json *json, const char *key);
bool json_get_boolean(const struct json *json, const char *key);

// Calls VISIT for each member, in their order.
void json_visit(const struct json *object,
		void (*visit)(void *data, const char *key, const struct json *member), void *data);

// Whether the keys of objects made from now on are our own. Then they need no hash with a random
// seed, for which json-c asks the processor: that takes 0.2 ms in a virtual machine, as long as all
// the rest of a short command. For lib/output.
void json_trust_keys(bool trust);

// json-c's own type of it, for lib/output: nobody else needs its header.
struct json_object;
struct json_object *json_inner(const struct json *json);
