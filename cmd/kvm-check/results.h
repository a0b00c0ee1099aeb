// SPDX-License-Identifier: GPL-3.0-or-later
// What kvm-check's answers may hold.
#pragma once

#include "output/field.h"

extern const struct field check_results[], finding_fields[], modules_results[], load_results[];
