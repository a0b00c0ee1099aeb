// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine may open for an image: the files that were found to belong to it by us. A header
// that names others, or that was changed since, leads nowhere.
#pragma once

struct confinement;
struct staged_file;

enum resolve_access {
	RESOLVE_READ = 0,   // all of it is read
	RESOLVE_CHANGE = 1, // it is changed, and where it keeps its data; the rest is read
	RESOLVE_WHOLE = 2,  // all of its chain is changed
	RESOLVE_FAR = 4,    // with any: files far from the image that its header names too
};

// The bounds of an engine that has no file yet: memory for the largest tables that make sense, time
// to begin with.
void resolve_begin(struct confinement *confinement);

// Allows the image PATH, and gives the time that its data take; FORMAT as for image_read().
void resolve_image(const char *path, const char *format, unsigned access,
		   struct confinement *confinement);

// Allows to make a staged file, which is named to the engine by its `inner` path.
void resolve_staged(const struct staged_file *file, struct confinement *confinement);

// Allows what the definitions of objects (of --object) name.
void resolve_object(const char *definition, struct confinement *confinement);
