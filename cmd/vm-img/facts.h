// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of an image as qemu-img tells it (QAPI ImageInfo): the same keys in JSON and the
// same lines for people, whoever found the facts.
#pragma once

#include "output/field.h"

struct error;
struct image;
struct json;
struct report;

// The results of commands that tell of images: what is always known, and where an image is made or
// changed nothing but its name, since only QEMU may be able to open it.
extern const struct field facts_results[], facts_changed[];

// What is known of a snapshot.
extern const struct field facts_snapshot[];

// The facts of an image whose header was read here; PATH is how it was named. The caller's.
struct json *facts_of(const char *path, const struct image *image);

// The facts, or an array of them, as all that there is in JSON, in qemu-img's layout.
int facts_report_json(struct report *report, const struct json *facts, struct error *err);

// The same of one that was made or changed and is called NAME; IMAGE is NULL where only QEMU can
// open it.
int facts_report_changed(struct report *report, const char *name, const struct image *image,
			 struct error *err);

// The lines for people: nothing in JSON.
void facts_show(struct report *report, const struct json *facts);

// The table of internal snapshots, SNAPSHOTS being an array of QAPI SnapshotInfo: likewise.
void facts_show_snapshots(struct report *report, const struct json *snapshots);
