// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/path.h"

#include <string.h>

#include "base/text.h"

bool path_is_remote(const char *name)
{
	size_t length = strcspn(name, ":/");

	return length > 0 && name[length] == ':';
}

char *path_beside(const char *image, const char *name)
{
	const char *slash = strrchr(image, '/');

	// "file:" is a protocol too, that of local files.
	if (text_begins(name, "file:"))
		name += strlen("file:");
	else if (path_is_remote(name))
		return text_copy(name);
	if (*name == '/' || !slash)
		return text_copy(name);
	return text_format("%.*s/%s", (int)(slash - image), image, name);
}

char *path_for_qemu(const char *name)
{
	if (*name == '-' || path_is_remote(name))
		return text_format("./%s", name);
	return text_copy(name);
}
