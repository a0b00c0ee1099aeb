// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/shrink.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/confirm.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/operand.h"
#include "output/json.h"

// What says how the image is opened.
static const char *const opening[] = {"object", "image-opts", NULL};

int shrink_find_size(struct call *call, struct operand *operand, struct error *err)
{
	auto_engine struct engine engine = {0};
	auto_json struct json *facts = NULL;

	if (operand->known && !operand->image.opaque)
		return 0;
	engine_begin_as(call, "info", opening, &engine);
	engine_add(&engine, "--output=json");
	engine_add_option(&engine, "-f", operand->told);
	engine_add_file(call, &engine, operand->name);
	facts = engine_json(call, &engine, err);
	if (!facts)
		return -1;
	operand->image.virtual_size = json_get_unsigned(facts, "virtual-size");
	return 0;
}

// The bytes behind SIZE that hold something: what shrinking loses.
static int count_lost(struct call *call, const struct operand *operand, unsigned long long size,
		      unsigned long long *lost, struct error *err)
{
	auto_engine struct engine engine = {0};
	auto_json struct json *map = NULL;
	auto_free char *offset = text_format("--start-offset=%llu", size);

	engine_begin_as(call, "map", opening, &engine);
	engine_add(&engine, "--output=json");
	engine_add(&engine, offset);
	engine_add_option(&engine, "-f", operand->known ? operand->image.format : operand->told);
	engine_add_file(call, &engine, operand->name);
	map = engine_json(call, &engine, err);
	if (!map)
		return -1;
	*lost = 0;
	for (size_t i = 0; i < json_count(map); i++)
		if (json_get_boolean(json_at(map, i), "data"))
			*lost += json_get_unsigned(json_at(map, i), "length");
	return 0;
}

// What is no data is not missed.
static int confirm_loss(struct call *call, const struct operand *operand, unsigned long long size,
			struct error *err)
{
	unsigned long long lost;
	auto_free char *what = NULL, *scaled = NULL, *from = NULL, *to = NULL;

	if (count_lost(call, operand, size, &lost, err) < 0)
		return -1;
	if (!lost)
		return 0;
	scaled = size_text(lost);
	from = size_text(operand->image.virtual_size);
	to = size_text(size);
	what = text_format("%s of data would be lost: '%s' shrinks from %s to %s", scaled,
			   operand->name, from, to);
	return confirm(call, what, err);
}

int shrink_check(struct call *call, const struct operand *operand, unsigned long long size,
		 struct error *err)
{
	if (size >= operand->image.virtual_size)
		return 0;
	if (argument_flag(call, "shrink"))
		return confirm_loss(call, operand, size, err);
	error_set(err, STATUS_CONFLICT, "'%s' has %llu bytes: what is behind %llu is lost",
		  operand->name, operand->image.virtual_size, size);
	return error_hint(err, "--shrink does it; file systems on it have to be shrunk before");
}
