// SPDX-License-Identifier: GPL-3.0-or-later
// An image of a stock as JSON: the same keys in `list` and `tree`.
#pragma once

#include <stddef.h>

#include "output/field.h"

struct json;
struct stock;

// The results of commands that list images: what stock_json() tells, and in a tree what stands on
// them.
extern const struct field stock_results[];

// The caller's.
struct json *stock_json(const struct stock *stock, size_t index);

// The file below it that cannot be read, lent; NULL where all can.
const char *stock_damage(const struct stock *stock, size_t index);

// What may be done with it, in one word: used, needed (backing file of something that is used),
// part (of another image), base (backing file of something unused), other (not like an image),
// unused, unknown (not all users are known).
const char *stock_verdict(const struct stock *stock, size_t index);
