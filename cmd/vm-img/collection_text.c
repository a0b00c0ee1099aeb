// SPDX-License-Identifier: GPL-3.0-or-later
// What people read of a collection.
#include <stdio.h>
#include <unistd.h>

#include "base/terminal.h"
#include "base/text.h"
#include "cli/call.h"
#include "cmd/vm-img/collection.h"

char *collection_searched(const struct collection *collection)
{
	struct text text = {0};

	for (size_t i = 0; i < collection->place_count; i++) {
		const struct place *place = &collection->places[i];

		text_append_format(&text, "%s%s%s", i ? ", " : "", place->pool ? "pool " : "",
				   place->pool ? place->pool : place->path);
	}
	if (collection->guests_known)
		text_append(&text, "; all guests");
	else
		text_append(&text, collection->libvirt_asked ? "; guests as far as they are known"
							     : "; guests that run");
	text_append(&text,
		    collection->processes_known ? ", all processes" : ", processes of this user");
	return text_take(&text);
}

char *collection_users_text(const struct member *member)
{
	struct text text = {0};

	for (size_t i = 0; i < member->guests.count; i++)
		text_append_format(&text, "%sguest %s%s", text.length ? ", " : "",
				   member->guests.items[i],
				   text_equal(member->states.items[i], "off") ? " (off)" : "");
	for (size_t i = 0; i < member->users.count; i++)
		text_append_format(&text, "%s%s", text.length ? ", " : "", member->users.items[i]);
	return text_take(&text);
}

char *collection_shorten(const struct call *call, const char *text, struct collection_share share)
{
	enum { LEAST = 12 };
	int fd = fileno(call->context->out);
	size_t most;

	if (!isatty(fd))
		return text_copy(text);
	most = (size_t)terminal_width(fd) * share.sixteenths / 16;
	return text_shorten(text, most > share.taken + LEAST ? most - share.taken : LEAST);
}
