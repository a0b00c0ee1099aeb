// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/kvm-check/profile.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/guard.h"
#include "host/qemu.h"
#include "output/json.h"

static void ask_qemu(struct profile *profile, const struct host *host)
{
	auto_free char *path = qemu_find(host);
	auto_qemu struct qemu qemu = {0};

	if (!path && host->root.live)
		return;
	qemu_ask(&qemu, host, path);
	profile->qemu = text_copy(qemu.version);
	profile->machine_types = list_split(qemu.types ? qemu.types : "", " ");
}

int profile_look(struct profile *profile, const char *name, const char *path, struct error *err)
{
	auto_guard struct guard guard = {0};
	auto_host struct host host = {.root = {.fd = -1, .guard = &guard}};
	auto_examination struct examination x = {
		.host = &host, .probing = true, .all_purposes = PURPOSE_GUESTS};
	auto_list struct list groups = list_split("cpu kernel device probe", " ");

	if (examination_open_and_run(&x, path, &groups, err) < 0)
		return -1;
	*profile = (struct profile){
		.name = text_copy(name),
		.architecture = text_copy(host.architecture),
		.vendor = text_copy(host.cpu.vendor),
		.cpu = text_copy(host.cpu.model),
		.flags = text_copy(host.cpu.flags),
		.kernel = text_copy(host.release),
		.libvirt = qemu_ask_libvirt(&host),
		.accelerator = text_copy(accelerator_word(x.decision.accelerator)),
	};
	ask_qemu(profile, &host);
	return 0;
}

// The texts of a list, each with a blank behind it, one in front.
static char *words_of(const struct json *list)
{
	struct text text = {0};

	text_append_char(&text, ' ');
	for (size_t i = 0; i < json_count(list); i++) {
		struct value value = json_value(json_at(list, i));

		if (value.type == VALUE_TEXT)
			text_append_format(&text, "%s ", value.text);
	}
	return text_take(&text);
}

static void read_one(struct profile *profile, const struct json *json)
{
	auto_free char *types = words_of(json_get(json, "machine_types"));
	const char *architecture = json_get_text(json, "architecture");
	const char *accelerator = json_get_text(json, "accelerator");

	*profile = (struct profile){
		.name = text_copy(json_get_text(json, "name")),
		.architecture = text_copy(architecture ? architecture : "unknown"),
		.vendor = text_copy(json_get_text(json, "vendor")),
		.cpu = text_copy(json_get_text(json, "cpu")),
		.flags = words_of(json_get(json, "flags")),
		.kernel = text_copy(json_get_text(json, "kernel")),
		.qemu = text_copy(json_get_text(json, "qemu")),
		.libvirt = text_copy(json_get_text(json, "libvirt")),
		.accelerator = text_copy(accelerator ? accelerator : "unknown"),
		.machine_types = list_split(types, " "),
	};
	if (!profile->name)
		profile->name = text_copy("unnamed");
}

int profile_read(const char *text, const char *what, struct profile **profiles, size_t *count,
		 struct error *err)
{
	auto_json struct json *json = json_read(text, what, err);
	const struct json *hosts = json ? json_get(json, "hosts") : NULL;

	if (!json)
		return -1;
	if (!json_count(hosts))
		return error_set(err, STATUS_USAGE,
				 "%s is not what kvm-check compare --json writes", what);
	for (size_t i = 0; i < json_count(hosts); i++) {
		*profiles = memory_resize(*profiles, *count + 1, sizeof(**profiles));
		read_one(&(*profiles)[(*count)++], json_at(hosts, i));
	}
	return 0;
}

void profile_clear(struct profile *profile)
{
	char *const texts[] = {profile->name, profile->architecture, profile->vendor,
			       profile->cpu,  profile->flags,        profile->kernel,
			       profile->qemu, profile->libvirt,      profile->accelerator};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		free(texts[i]);
	list_clear(&profile->machine_types);
	*profile = (struct profile){0};
}
