// SPDX-License-Identifier: GPL-3.0-or-later
// What differs between two texts, line by line, as people and patch(1) read it.
#pragma once

// The unified difference with three lines around each change, under the names of the two; the
// caller's. "" where they are equal. Lines are matched as Python's difflib does it, the longest run
// of equal lines first, so that the tools written with it show the same.
char *difference_unified(const char *before, const char *after, const char *before_name,
			 const char *after_name);
