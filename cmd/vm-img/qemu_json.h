// SPDX-License-Identifier: GPL-3.0-or-later
// JSON in the layout of qemu-img, which scripts read line by line.
#pragma once

struct json;

// By four blanks, a member or element a line, ASCII only; with the newline at the end. The
// caller's.
char *qemu_json_text(const struct json *json);
