// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "cmd/vmctl/vmctl.h"
#include "tests/transcripts/transcript.h"

char *mask_all(const struct transcript *transcript, char *string)
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

static void write_record(const char *path, const char *data, size_t size)
{
	auto_error struct error err = {0};

	if (file_replace(path, data, size, 0644, &err) < 0) {
		fprintf(stderr, "%s\n", err.message);
		exit(2);
	}
}

// Keeps the answer for tests/schema.py.
static void record(const struct run *run, const struct list *arguments, const struct answer *answer)
{
	auto_free char *args = text_format("%s/%d.args", run->records, run->recorded);
	auto_free char *out = text_format("%s/%d.out", run->records, run->recorded);
	auto_text struct text words = {0};

	for (size_t i = 0; i < arguments->count; i++)
		text_append_bytes(&words, i ? arguments->items[i] : "vmctl",
				  strlen(i ? arguments->items[i] : "vmctl") + 1);
	write_record(args, words.data, words.length);
	write_record(out, answer->output, strlen(answer->output));
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

void ask_environment(const struct run *run)
{
	clearenv();
	setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TZ", "UTC", 1);
	setenv("EDITOR", "true", 1);
	setenv("HOME", run->directory, 1);
	setenv("TMPDIR", run->directory, 1);
}

void ask(struct run *run, const struct transcript *transcript, const char *command,
	 const char *input, struct answer *answer)
{
	struct list arguments = {0}, words = {0};

	list_add(&arguments, run->virsh           ? "virsh"
			     : transcript->called ? transcript->called
						  : "vmctl");
	// The commands that vmctl's own hints name then stand there as they are short.
	if (run->virsh || transcript->called) {
		list_add(&arguments, "-c");
		list_add(&arguments, transcript->uri);
	} else {
		setenv("VMCTL_URI", transcript->uri, 1);
	}
	if (*command == '$') {
		list_add(&arguments, command + 2);
	} else {
		words = list_split(command + 1, " ");
		for (size_t i = 0; i < words.count; i++)
			list_add(&arguments, words.items[i]);
		list_clear(&words);
	}
	for (size_t i = 0; i < transcript->environment.count; i++)
		putenv(transcript->environment.items[i]); // until ask_environment()
	tzset();
	if (run->virsh)
		ask_virsh(&arguments, input, answer);
	else
		ask_vmctl(&arguments, input, answer);
	if (run->records) {
		run->recorded++;
		record(run, &arguments, answer);
	}
	ask_environment(run);
	list_clear(&arguments);
	answer->output = mask_all(transcript, answer->output);
	answer->errors = mask_all(transcript, answer->errors);
}
