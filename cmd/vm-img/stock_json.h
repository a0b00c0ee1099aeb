// SPDX-License-Identifier: GPL-3.0-or-later
// An image of a stock as JSON: the same keys in `list` and `tree`.
#pragma once

#include <stddef.h>

struct json;
struct stock;

// The caller's.
struct json *stock_json(const struct stock *stock, size_t index);

// What may be done with it, in one word: used, needed (something used stands on it), part (of
// another image), base (something unused stands on it), unused, unknown (not all users are known).
const char *stock_verdict(const struct stock *stock, size_t index);
