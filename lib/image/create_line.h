// SPDX-License-Identifier: GPL-3.0-or-later
// "Formatting 'a.qcow2', fmt=qcow2 ...": what qemu-img says of an image that it makes, for those
// that are made without it. The caller's.
#pragma once

struct qcow2_plan;
struct settings;

// SIZE is that of the disk as it was given, in bytes.
char *create_line_raw(const char *path, const struct settings *settings, unsigned long long size);
char *create_line_qcow2(const char *path, const struct settings *settings,
			const struct qcow2_plan *plan, unsigned long long size);
