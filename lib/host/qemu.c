// SPDX-License-Identifier: GPL-3.0-or-later
#include "host/qemu.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"
#include "host/host.h"
#include "host/recording.h"

enum { PATIENCE = 1500 }; // milliseconds

// What QEMU calls an architecture where that is not uname's name.
static const char *own_name(const struct host *host)
{
	static const struct {
		const char *architecture, *name;
	} names[] = {{"i686", "i386"},
		     {"i586", "i386"},
		     {"ppc64le", "ppc64"},
		     {"armv7l", "arm"},
		     {"armv8l", "aarch64"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (host_is(host, names[i].architecture))
			return names[i].name;
	return host->architecture;
}

char *qemu_find_tool(const struct host *host, const char *name)
{
	static const char *const directories[] = {"/usr/bin",     "/usr/local/bin",
						  "/usr/libexec", "/usr/lib/qemu",
						  "/usr/sbin",    "/usr/local/sbin"};

	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
		auto_free char *path = text_format("%s/%s", directories[i], name);

		if (root_exists(&host->root, path))
			return take(&path);
	}
	return NULL;
}

char *qemu_find(const struct host *host)
{
	auto_free char *name = text_format("qemu-system-%s", own_name(host));
	char *path = qemu_find_tool(host, name);

	// Red Hat's name, for the one architecture that it is built for.
	if (!path)
		path = qemu_find_tool(host, "qemu-kvm");
	return path ? path : qemu_find_tool(host, "kvm");
}

static char *run(const char *path, const char *option, const char *value)
{
	const char *const argv[] = {path, option, value, NULL};
	struct process process = {.argv = argv, .timeout = PATIENCE};
	auto_error struct error ignored = {0};

	return process_output(&process, &ignored);
}

// The first word that begins with a digit: "QEMU emulator version 7.2.22 (Debian ...)".
static char *find_version(const char *text)
{
	for (const char *word = text; *word; word++)
		if (isdigit((unsigned char)*word))
			return text_copy_bytes(word, strspn(word, "0123456789."));
	return NULL;
}

// One accelerator a line, below a heading with blanks in it.
static char *find_accelerators(const char *text)
{
	auto_list struct list lines = list_split(text, "\n"), names = {0};

	for (size_t i = 0; i < lines.count; i++)
		if (!strchr(text_strip(lines.items[i]), ' '))
			list_add(&names, lines.items[i]);
	list_sort(&names);
	return list_join(&names, " ");
}

// The lines "NAME  description (alias of VERSIONED)", and those of the default.
static char *find_machines(const char *text)
{
	auto_list struct list lines = list_split(text, "\n"), names = {0};

	for (size_t i = 0; i < lines.count; i++) {
		char *line = lines.items[i];

		if (!strstr(line, "(alias of") && !strstr(line, "(default)"))
			continue;
		line[strcspn(line, " ")] = '\0';
		if (!list_has(&names, line))
			list_add(&names, line);
	}
	return list_join(&names, " ");
}

// All names: the first word of each line below the heading.
static char *find_types(const char *text)
{
	auto_list struct list lines = list_split(text, "\n"), names = {0};

	for (size_t i = 1; i < lines.count; i++) {
		lines.items[i][strcspn(lines.items[i], " ")] = '\0';
		if (*lines.items[i])
			list_add(&names, lines.items[i]);
	}
	return list_join(&names, " ");
}

// "x86 EPYC-Milan  (alias of ...)", newer ones without the first word; then flags below a heading.
static char *find_models(const char *text)
{
	auto_list struct list lines = list_split(text, "\n");
	struct text names = {0};

	text_append_char(&names, ' ');
	for (size_t i = 0; i < lines.count && !text_begins(lines.items[i], "Recognized"); i++) {
		auto_list struct list words = list_split(lines.items[i], " ");
		size_t first = words.count > 1 && text_equal(words.items[0], "x86");

		if (words.count > first)
			text_append_format(&names, "%s ", words.items[first]);
	}
	return text_take(&names);
}

// Runs the program and keeps what FIND makes of its answer.
static char *asked(const char *path, const char *option, const char *value,
		   char *(*find)(const char *text))
{
	auto_free char *text = run(path, option, value);

	return text ? find(text) : NULL;
}

void qemu_ask(struct qemu *qemu, const struct host *host, const char *path)
{
	auto_free char *machines = NULL;

	if (!host->root.live) {
		*qemu = (struct qemu){
			.version = text_copy(facts_get(&host->facts, "qemu version")),
			.accelerators = text_copy(facts_get(&host->facts, "qemu accelerators")),
			.machines = text_copy(facts_get(&host->facts, "qemu machines")),
			.types = text_copy(facts_get(&host->facts, "qemu machine types")),
		};
		return;
	}
	*qemu = (struct qemu){
		.version = asked(path, "--version", NULL, find_version),
	};
	if (!qemu->version) // what does not answer that does not answer the rest
		return;
	qemu->accelerators = asked(path, "-accel", "help", find_accelerators);
	machines = run(path, "-machine", "help");
	qemu->machines = machines ? find_machines(machines) : NULL;
	qemu->types = machines ? find_types(machines) : NULL;
	recording_note(host, "qemu version", "%s", qemu->version);
	if (qemu->accelerators)
		recording_note(host, "qemu accelerators", "%s", qemu->accelerators);
	if (qemu->machines)
		recording_note(host, "qemu machines", "%s", qemu->machines);
	if (qemu->types)
		recording_note(host, "qemu machine types", "%s", qemu->types);
}

void qemu_clear(struct qemu *qemu)
{
	free(qemu->version);
	free(qemu->accelerators);
	free(qemu->machines);
	free(qemu->types);
	*qemu = (struct qemu){0};
}

char *qemu_ask_models(const char *path)
{
	return asked(path, "-cpu", "help", find_models);
}

char *qemu_ask_libvirt(const struct host *host)
{
	static const char *const daemons[] = {"virtqemud", "libvirtd"};

	if (!host->root.live)
		return text_copy(facts_get(&host->facts, "libvirt version"));
	for (size_t i = 0; i < sizeof(daemons) / sizeof(*daemons); i++) {
		auto_free char *path = qemu_find_tool(host, daemons[i]);
		char *version = path ? asked(path, "--version", NULL, find_version) : NULL;

		if (version) {
			recording_note(host, "libvirt version", "%s", version);
			return version;
		}
	}
	return NULL;
}
