// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of an image as qemu-img tells it (QAPI ImageInfo): the same keys in JSON and the
// same lines for people, whoever found the facts.
#pragma once

struct image;
struct json;
struct report;

// The facts of an image whose header was read here; PATH is how it was named. The caller's.
struct json *facts_of(const char *path, const struct image *image);

// The facts, or an array of them, as all that there is in JSON, in qemu-img's layout.
void facts_report_json(struct report *report, const struct json *facts);

// The lines for people: nothing in JSON.
void facts_show(struct report *report, const struct json *facts);

// The table of internal snapshots, SNAPSHOTS being an array of QAPI SnapshotInfo: likewise.
void facts_show_snapshots(struct report *report, const struct json *snapshots);

// "1.5 GiB" as qemu-img writes it: three digits, a unit before four are needed; the caller's.
char *facts_size(unsigned long long bytes);
