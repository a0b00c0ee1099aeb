// SPDX-License-Identifier: GPL-3.0-or-later
// Replays transcripts: commands of vmctl and exactly what they answer, all in this one process.
// With
// --virsh the installed virsh is asked instead, which proves that both answer alike. With --update
// the answers are written into the file.
//
//   == NAME           begins a transcript: each command below starts from fresh state
//   uri: URI          instead of test:///default; @TMP@ is the transcript's own directory, @HERE@
//                     the one that the file of transcripts is in
//   env: NAME=VALUE   for all of its commands
//   mask: RE => TEXT  what matches (an extended regular expression, by line) is TEXT on both sides
//   as: NAME          vmctl is called by this name
//   virsh: no, WHY    virsh is known to answer otherwise
//   file NAME         a file in the directory, its lines up to a line "."
//   $ STRING          vmctl -c URI STRING        (one argument: a command string)
//   % WORDS           vmctl -c URI WORDS         (parted at blanks)
//   < WORDS           the same with the lines up to a line "." on standard input
//   | LINE            standard output; "|" is an empty line, a final "\" means no newline there
//   ! LINE            standard error, of which virsh only has to have some
//   ? N               exit status, left out when it is 0; virsh must only agree whether it is 0
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <json-c/json.h>
#include <libvirt/libvirt.h>
#include <locale.h>
#include <regex.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"
#include "cmd/vmctl/vmctl.h"
#include "output/json.h"

struct answer {
	char *output;
	char *errors;
	int status;
};

struct transcript {
	char *name;
	char *uri;
	char *called; // NULL: vmctl
	struct list environment;
	struct list masks; // pattern, replacement, pattern, ...
	bool not_virsh;
	int passed, failed;
	struct text differences;
};

struct run {
	bool virsh;
	bool update;
	const char *only;
	char *directory; // made for the transcript
	char *here;      // of the file
	struct text updated;
	int number, failures;
};

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

static char *mask_all(const struct transcript *transcript, char *string)
{
	for (size_t i = 0; i + 1 < transcript->masks.count; i += 2) {
		struct text masked = {0};
		const char *next = string;
		regmatch_t match;
		regex_t regex;

		if (regcomp(&regex, transcript->masks.items[i], REG_EXTENDED | REG_NEWLINE) != 0) {
			fprintf(stderr, "bad mask: %s\n", transcript->masks.items[i]);
			exit(2);
		}
		while (*next && regexec(&regex, next, 1, &match, 0) == 0 && match.rm_eo > 0) {
			text_append_bytes(&masked, next, (size_t)match.rm_so);
			text_append(&masked, transcript->masks.items[i + 1]);
			next += match.rm_eo;
		}
		text_append(&masked, next);
		regfree(&regex);
		free(string);
		string = text_take(&masked);
	}
	return string;
}

static int private_input(const char *input)
{
	FILE *file = tmpfile();
	int fd;

	if (!file)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	fputs(input ? input : "", file);
	fflush(file);
	rewind(file);
	fd = dup(fileno(file));
	fclose(file);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void ask_vmctl(const struct list *arguments, const char *input, struct answer *answer)
{
	size_t size;
	FILE *out = open_memstream(&answer->output, &size);
	size_t error_size;
	FILE *errors = open_memstream(&answer->errors, &error_size);
	auto_close int fd = private_input(input);

	answer->status = vmctl_run((int)arguments->count, arguments->items, fd, out, errors);
	fclose(out);
	fclose(errors);
}

static void ask_virsh(const struct list *arguments, const char *input, struct answer *answer)
{
	int out = open("out", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int errors = open("err", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int in = private_input(input), status;
	struct error err = {0};
	pid_t pid = fork();

	if (pid == 0) {
		dup2(in, 0);
		dup2(out, 1);
		dup2(errors, 2);
		execvp(arguments->items[0], arguments->items);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	close(in);
	close(out);
	close(errors);
	answer->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
	answer->output = file_read("out", 10000000, NULL, &err);
	answer->errors = file_read("err", 10000000, NULL, &err);
}

static void default_environment(const struct run *run)
{
	clearenv();
	setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	setenv("EDITOR", "true", 1);
	setenv("HOME", run->directory, 1);
	setenv("TMPDIR", run->directory, 1);
}

static void ask(const struct run *run, const struct transcript *transcript, const char *command,
		const char *input, struct answer *answer)
{
	struct list arguments = {0}, words = {0};

	list_add(&arguments, run->virsh           ? "virsh"
			     : transcript->called ? transcript->called
						  : "vmctl");
	list_add(&arguments, "-c");
	list_add(&arguments, transcript->uri);
	if (*command == '$') {
		list_add(&arguments, command + 2);
	} else {
		words = list_split(command + 1, " ");
		for (size_t i = 0; i < words.count; i++)
			list_add(&arguments, words.items[i]);
		list_clear(&words);
	}
	for (size_t i = 0; i < transcript->environment.count; i++)
		putenv(transcript->environment.items[i]); // until default_environment()
	if (run->virsh)
		ask_virsh(&arguments, input, answer);
	else
		ask_vmctl(&arguments, input, answer);
	default_environment(run);
	list_clear(&arguments);
	answer->output = mask_all(transcript, answer->output);
	answer->errors = mask_all(transcript, answer->errors);
}

static void append_lines(struct text *out, char mark, const char *string)
{
	while (*string) {
		size_t length = strcspn(string, "\n");

		text_append_char(out, mark);
		if (length)
			text_append_char(out, ' ');
		text_append_bytes(out, string, length);
		string += length;
		text_append(out, *string ? "\n" : "\\\n");
		string += *string == '\n';
	}
}

// The answer as a transcript writes it.
static char *written(const struct answer *answer)
{
	struct text out = {0};

	append_lines(&out, '|', answer->output);
	append_lines(&out, '!', answer->errors);
	if (answer->status)
		text_append_format(&out, "? %d\n", answer->status);
	return text_take(&out);
}

// Of a transcript's answer only what virsh has to agree with: virsh prints a stray newline after a
// failure, and its messages and its exit status are its own.
static char *agreed(const char *answer, bool failed)
{
	struct list lines = list_split(answer, "\n");
	struct text out = {0};
	bool errors = false;

	for (size_t i = 0; i < lines.count; i++) {
		const char *line = lines.items[i];

		errors = errors || *line == '!';
		if (*line == '|' && !(failed && !line[1]))
			text_append_format(&out, "%s\n", line);
	}
	text_append_format(&out, "%s%s", errors ? "! something\n" : "",
			   failed ? "? failure\n" : "");
	list_clear(&lines);
	return text_take(&out);
}

// The lines that begin with MARK, without it.
static char *marked(const char *answer, char mark)
{
	struct list lines = list_split(answer, "\n");
	struct text out = {0};

	for (size_t i = 0; i < lines.count; i++)
		if (lines.items[i][0] == mark)
			text_append_format(&out, "%s\n", lines.items[i] + 1);
	list_clear(&lines);
	return text_take(&out);
}

// Whether both are JSON documents of the same value, however they are laid out.
static bool same_json(const char *a, const char *b)
{
	struct error err = {0};
	auto_json struct json *first = json_read(a, "", &err);
	auto_json struct json *second = first ? json_read(b, "", &err) : NULL;

	error_clear(&err);
	return first && second && json_object_equal(json_inner(first), json_inner(second));
}

static bool same(const char *a, const char *b)
{
	static const char marks[] = "|!?";

	for (const char *mark = marks; *mark; mark++) {
		auto_free char *first = marked(a, *mark), *second = marked(b, *mark);

		if (!text_equal(first, second) && !same_json(first, second))
			return false;
	}
	return true;
}

static void judge(struct run *run, struct transcript *transcript, const char *command,
		  const char *expected, const struct answer *answer)
{
	char *got = written(answer), *want = text_copy(expected);

	if (run->virsh) {
		bool want_failure = strstr(expected, "\n? ") || text_begins(expected, "? ");
		char *shorter = agreed(want, want_failure || strstr(want, "\n!") || *want == '!');

		free(want);
		want = shorter;
		shorter = agreed(got, answer->status != 0);
		if (answer->status == 0 && strstr(got, "\n!")) {
			free(shorter);
			shorter = agreed(got, true);
		}
		free(got);
		got = shorter;
	}
	if (same(got, want)) {
		transcript->passed++;
	} else {
		transcript->failed++;
		text_append_format(&transcript->differences, "%s\nwanted:\n%sgot:\n%s", command,
				   want, got);
	}
	free(got);
	free(want);
}

static void finish(struct run *run, struct transcript *transcript)
{
	struct list lines;

	if (!transcript->name)
		return;
	if (transcript->passed + transcript->failed > 0) {
		run->failures += transcript->failed > 0;
		printf("%sok %d - %s\n", transcript->failed ? "not " : "", ++run->number,
		       transcript->name);
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
	bool skip = (run->virsh && transcript->not_virsh) ||
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

static void begin(struct run *run, struct transcript *transcript, const char *name)
{
	finish(run, transcript);
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
		else if (text_begins(argv[first], "--only="))
			run.only = argv[first] + 7;
	}
	run.directory = mkdtemp(directory);
	default_environment(&run);
	setlocale(LC_ALL, "");
	for (int i = first; i < argc; i++)
		replay(&run, argv[i]);
	nftw(run.directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	rmdir(run.directory);
	printf("1..%d\n", run.number);
	return run.failures ? 1 : 0;
}
