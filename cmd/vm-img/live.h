// SPDX-License-Identifier: GPL-3.0-or-later
// Work on an image that is in use, done by the guest that uses it: asked of vmctl.
#pragma once

struct call;
struct error;

// The image PATH, which a running guest of libvirt's writes to, gets what it has from the files
// below it. *GUEST, the caller's, is who it is.
int live_flatten(struct call *call, const char *path, char **guest, struct error *err);

// What the image holds is written into the file below it, or with BASE into that one of its chain,
// and the guest goes on with that.
int live_commit(struct call *call, const char *path, const char *base, char **guest,
		struct error *err);
