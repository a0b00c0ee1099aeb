// SPDX-License-Identifier: GPL-3.0-or-later
// Replays transcripts: commands of vmctl and exactly what they answer, all in this one process.
// With
// --virsh the installed virsh is asked instead, which proves that both answer alike. With --update
// the answers are written into the file. --known=FILE names what this libvirt answers otherwise.
// --record=DIR keeps what was answered there, for tests/schema.py.
//
//   == NAME           begins a transcript: each command below starts from fresh state
//   uri: URI          instead of test:///default; @TMP@ is the transcript's own directory, @HERE@
//                     the one that the file of transcripts is in
//   env: NAME=VALUE   for all of its commands
//   mask: RE => TEXT  what matches (an extended regular expression, by line) is TEXT on both sides
//   as: NAME          vmctl is called by this name
//   virsh: no, WHY    virsh is known to answer otherwise
//   file NAME         a file in the directory, its lines up to a line "."
//   $ STRING          VMCTL_URI=URI vmctl STRING (one argument: a command string), or
//                     virsh -c URI STRING, also where vmctl is called by another name
//   % WORDS           the same of words, which are parted at blanks
//   < WORDS           the same with the lines up to a line "." on standard input
//   | LINE            standard output; "|" is an empty line, a final "\" means no newline there
//   ! LINE            standard error, of which virsh only has to have some
//   ? N               exit status, left out when it is 0; virsh must only agree whether it is 0
#include <errno.h>
#include <ftw.h>
#include <libvirt/libvirt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "tests/transcripts/transcript.h"

static void answer_clear(struct answer *answer)
{
	free(answer->output);
	free(answer->errors);
	*answer = (struct answer){0};
}

static char *replace(const char *string, const char *what, const char *with)
{
	struct text text = {0};
	const char *next;

	while ((next = strstr(string, what))) {
		text_append_bytes(&text, string, (size_t)(next - string));
		text_append(&text, with);
		string = next + strlen(what);
	}
	text_append(&text, string);
	return text_take(&text);
}

// STRING with the names of directories put in.
static char *placed(const struct run *run, const char *string)
{
	char *own = replace(string, "@TMP@", run->directory);
	char *all = replace(own, "@HERE@", run->here);

	free(own);
	return all;
}

static void finish(struct run *run, struct transcript *transcript)
{
	struct list lines;

	if (!transcript->name)
		return;
	if (transcript->passed + transcript->failed > 0) {
		bool known = list_has(&run->differences, transcript->name) ||
			     list_has(&run->driver_differs, transcript->name);
		bool good = known == (transcript->failed > 0);

		run->failures += !good;
		printf("%sok %d - %s%s\n", good ? "" : "not ", ++run->number, transcript->name,
		       known ? " (known to differ)" : "");
		if (good)
			text_clear(&transcript->differences);
		lines = list_split(text_string(&transcript->differences), "\n");
		for (size_t i = 0; i < lines.count; i++)
			printf("#   %s\n", lines.items[i]);
		list_clear(&lines);
	}
	free(transcript->name);
	free(transcript->uri);
	free(transcript->called);
	list_clear(&transcript->environment);
	list_clear(&transcript->masks);
	text_clear(&transcript->differences);
	*transcript = (struct transcript){0};
}

struct reader {
	struct list lines;
	size_t next;
};

// Empty lines count here, so list_split() does not do.
static struct list all_lines(const char *string)
{
	struct list lines = {0};

	while (*string) {
		size_t length = strcspn(string, "\n");

		list_add_owned(&lines, text_copy_bytes(string, length));
		string += length + (string[length] == '\n');
	}
	return lines;
}

static const char *peek(const struct reader *reader)
{
	return reader->next < reader->lines.count ? reader->lines.items[reader->next] : NULL;
}

// The lines up to a line ".".
static char *read_body(struct run *run, struct reader *reader)
{
	struct text body = {0};
	const char *line;

	while ((line = peek(reader)) && strcmp(line, ".") != 0) {
		text_append_format(&body, "%s\n", line);
		reader->next++;
	}
	reader->next++;
	text_append_format(&run->updated, "%s.\n", text_string(&body));
	return text_take(&body);
}

static void do_command(struct run *run, struct transcript *transcript, struct reader *reader,
		       const char *line)
{
	char *command = placed(run, line), *input = NULL, *shown;
	struct answer answer = {0};
	struct text expected = {0};
	bool skip = (run->virsh &&
		     (transcript->not_virsh || list_has(&run->driver_differs, transcript->name))) ||
		    (run->only && !strstr(transcript->name, run->only));

	if (*line == '<')
		input = read_body(run, reader);
	while (peek(reader) && *peek(reader) && strchr("|!?", *peek(reader)))
		text_append_format(&expected, "%s\n", reader->lines.items[reader->next++]);
	if (skip) {
		text_append(&run->updated, text_string(&expected));
	} else {
		ask(run, transcript, command, input, &answer);
		shown = replace(answer.output, run->directory, "@TMP@");
		free(answer.output);
		answer.output = shown;
		shown = replace(answer.errors, run->directory, "@TMP@");
		free(answer.errors);
		answer.errors = shown;
		judge(run, transcript, line, text_string(&expected), &answer);
		shown = written(&answer);
		text_append(&run->updated, shown);
		free(shown);
	}
	answer_clear(&answer);
	text_clear(&expected);
	free(command);
	free(input);
}

static void do_file(struct run *run, struct reader *reader, const char *name)
{
	struct error err = {0};
	char *body = read_body(run, reader), *content = placed(run, body);

	if (file_replace(name, content, strlen(content), 0644, &err) < 0)
		fprintf(stderr, "%s\n", err.message);
	error_clear(&err);
	free(body);
	free(content);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	return walk->level ? remove(path) : 0;
}

// libvirt's versions name the place of an error in XML each in its way.
static void mask_versions(struct transcript *transcript)
{
	static const char *const masks[] = {
		"error: (at line [0-9]+|\\([a-z_]+\\):[0-9]+): ",
		"error: LINE: ",
		"^-*\\^$",
		"^",
	};

	for (size_t i = 0; i < sizeof(masks) / sizeof(*masks); i++)
		list_add(&transcript->masks, masks[i]);
}

static void begin(struct run *run, struct transcript *transcript, const char *name)
{
	finish(run, transcript);
	mask_versions(transcript);
	transcript->name = text_copy(name);
	transcript->uri = text_copy("test:///default");
	nftw(run->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void do_mask(struct transcript *transcript, const char *mask)
{
	const char *arrow = strstr(mask, " => ");

	if (!arrow) {
		fprintf(stderr, "bad mask: %s\n", mask);
		exit(2);
	}
	list_add_owned(&transcript->masks, text_copy_bytes(mask, (size_t)(arrow - mask)));
	list_add(&transcript->masks, arrow + 4);
}

static void do_line(struct run *run, struct transcript *transcript, struct reader *reader)
{
	const char *line = reader->lines.items[reader->next++];

	text_append_format(&run->updated, "%s\n", line);
	if (text_begins(line, "== ")) {
		begin(run, transcript, line + 3);
	} else if (text_begins(line, "uri: ")) {
		free(transcript->uri);
		transcript->uri = placed(run, line + 5);
	} else if (text_begins(line, "as: ")) {
		free(transcript->called);
		transcript->called = text_copy(line + 4);
	} else if (text_begins(line, "env: ")) {
		list_add_owned(&transcript->environment, placed(run, line + 5));
	} else if (text_begins(line, "mask: ")) {
		do_mask(transcript, line + 6);
	} else if (text_begins(line, "virsh: no, ")) {
		transcript->not_virsh = true;
	} else if (text_begins(line, "file ")) {
		do_file(run, reader, line + 5);
	} else if (*line && strchr("$%<", *line)) {
		do_command(run, transcript, reader, line);
	} else if (*line && *line != '#') {
		fprintf(stderr, "cannot read: %s\n", line);
		exit(2);
	}
}

// The names behind VERSION at the start of LINES.
static void take_names(struct list *names, const struct list *lines, const char *version)
{
	for (size_t i = 0; i < lines->count; i++) {
		const char *name = lines->items[i] + strlen(version);

		if (text_begins(lines->items[i], version))
			list_add_owned(names, text_copy_bytes(name, strcspn(name, ":")));
	}
}

// Reads what is known to differ with this version of libvirt.
static void read_differences(struct run *run, const char *path)
{
	auto_error struct error err = {0};
	auto_free char *content = file_read(path, 1000000, NULL, &err), *virsh = NULL,
		       *driver = NULL;
	auto_list struct list lines = list_split(content ? content : "", "\n");
	unsigned long number = 0;

	virGetVersion(&number, NULL, NULL);
	virsh = text_format("virsh %lu.%lu ", number / 1000000, number / 1000 % 1000);
	driver = text_format("driver %lu.%lu ", number / 1000000, number / 1000 % 1000);
	if (run->virsh)
		take_names(&run->differences, &lines, virsh);
	take_names(&run->driver_differs, &lines, driver);
}

static void replay(struct run *run, const char *path)
{
	struct transcript transcript = {0};
	struct reader reader = {0};
	struct error err = {0};
	char *content = file_read(path, 10000000, NULL, &err), *here = getcwd(NULL, 0);

	run->here = realpath(path, NULL);
	if (run->here)
		*strrchr(run->here, '/') = '\0';
	if (!content || chdir(run->directory) < 0) {
		fprintf(stderr, "%s: %s\n", path, err.message ? err.message : strerror(errno));
		exit(2);
	}
	reader.lines = all_lines(content);
	while (peek(&reader))
		do_line(run, &transcript, &reader);
	finish(run, &transcript);
	if (chdir(here) < 0)
		exit(2);
	if (run->update && !text_equal(content, text_string(&run->updated)) &&
	    file_replace(path, run->updated.data, run->updated.length, 0644, &err) < 0)
		fprintf(stderr, "%s\n", err.message);
	text_clear(&run->updated);
	list_clear(&reader.lines);
	free(content);
	free(run->here);
	free(here);
}

int main(int argc, char **argv)
{
	struct run run = {0};
	char directory[] = "/tmp/vmkit-transcripts-XXXXXX";
	int first = 1;

	for (; first < argc && argv[first][0] == '-'; first++) {
		if (strcmp(argv[first], "--virsh") == 0)
			run.virsh = true;
		else if (strcmp(argv[first], "--update") == 0)
			run.update = true;
		else if (text_begins(argv[first], "--known="))
			read_differences(&run, argv[first] + 8);
		else if (text_begins(argv[first], "--record="))
			run.records = argv[first] + 9;
		else if (text_begins(argv[first], "--only="))
			run.only = argv[first] + 7;
	}
	run.directory = mkdtemp(directory);
	ask_environment(&run);
	setlocale(LC_ALL, "");
	for (int i = first; i < argc; i++)
		replay(&run, argv[i]);
	nftw(run.directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	rmdir(run.directory);
	list_clear(&run.differences);
	list_clear(&run.driver_differs);
	printf("1..%d\n", run.number);
	return run.failures ? 1 : 0;
}
