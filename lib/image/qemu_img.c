// SPDX-License-Identifier: GPL-3.0-or-later
#include "image/qemu_img.h"

#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/confinement.h"
#include "base/error.h"
#include "base/list.h"
#include "base/process.h"
#include "base/text.h"
#include "image/path.h"
#include "image/resolve.h"

enum { MESSAGES_MOST = 64 << 20 }; // bytes; a check can find much

void qemu_img_begin(struct qemu_img *qemu_img, const char *command)
{
	*qemu_img = (struct qemu_img){0};
	resolve_begin(&qemu_img->confinement);
	if (command)
		qemu_img_word(qemu_img, command);
}

void qemu_img_word(struct qemu_img *qemu_img, const char *word)
{
	list_add(&qemu_img->arguments, word);
}

void qemu_img_option(struct qemu_img *qemu_img, const char *option, const char *value)
{
	if (!value)
		return;
	qemu_img_word(qemu_img, option);
	qemu_img_word(qemu_img, value);
}

void qemu_img_file(struct qemu_img *qemu_img, const char *path)
{
	list_add_owned(&qemu_img->arguments, path_for_qemu(path));
}

void qemu_img_hear(struct qemu_img *qemu_img, void (*hear)(void *data, double part), void *data)
{
	if (!hear || !data)
		return;
	qemu_img->progress = hear;
	qemu_img->data = data;
	qemu_img_word(qemu_img, "-p");
}

struct listener {
	const struct qemu_img *qemu_img;
	struct text output;
	size_t most;
	bool too_much;
};

// Steps over "    (12.34/100%)\r", which is progress; NULL where PIECE does not begin with it.
static const char *step_progress(const char *piece, double *part)
{
	static const char begin[] = "    (", end[] = "/100%)\r";
	char *behind;

	if (!text_begins(piece, begin))
		return NULL;
	*part = strtod(piece + strlen(begin), &behind) / 100;
	return text_begins(behind, end) ? behind + strlen(end) : NULL;
}

static void keep(struct listener *listener, const char *bytes, size_t length)
{
	if (listener->output.length + length > listener->most)
		listener->too_much = true;
	else
		text_append_bytes(&listener->output, bytes, length);
}

static void tick(void *data)
{
	const struct qemu_img *qemu_img = ((struct listener *)data)->qemu_img;

	qemu_img->tick(qemu_img->data);
}

static void hear(void *data, const char *bytes, size_t length)
{
	struct listener *listener = data;
	auto_free char *piece = NULL;
	const char *at, *next;
	double part = 0;

	if (!listener->qemu_img->progress) {
		keep(listener, bytes, length);
		return;
	}
	piece = text_copy_bytes(bytes, length);
	for (at = piece; *at; at = next) {
		next = step_progress(at, &part);
		if (next) {
			listener->qemu_img->progress(listener->qemu_img->data, part);
			continue;
		}
		next = at + 1;
		keep(listener, at, 1);
	}
}

// Parts what it wrote to standard error: warnings, and the first message that is none.
static void sort_messages(const char *errors, struct qemu_img_answer *answer)
{
	static const char name[] = "qemu-img: ", warning[] = "warning: ";
	auto_list struct list lines = list_split(errors, "\n");
	struct text warnings = {0}, messages = {0}, said = {0};

	for (size_t i = 0; i < lines.count; i++) {
		const char *line = lines.items[i], *whole = line;

		if (text_begins(line, name))
			line += strlen(name);
		if (text_begins(line, warning)) {
			text_append_format(&warnings, "%s%s", warnings.length ? "\n" : "",
					   line + strlen(warning));
			continue;
		}
		text_append_format(&messages, "%s%s", messages.length ? "\n" : "", line);
		text_append_format(&said, "%s\n", whole);
	}
	if (messages.length) {
		answer->messages = text_take(&messages);
		answer->said = text_take(&said);
		answer->failure =
			text_copy_bytes(answer->messages, strcspn(answer->messages, "\n"));
	}
	if (warnings.length)
		answer->warnings = text_take(&warnings);
}

static void allow_objects(struct qemu_img *qemu_img)
{
	const struct list *words = &qemu_img->arguments;

	for (size_t i = 0; i + 1 < words->count; i++)
		if (text_equal(words->items[i], "--object"))
			resolve_object(words->items[i + 1], &qemu_img->confinement);
}

static int check_time(const struct qemu_img *qemu_img, int exit_status, struct error *err)
{
	if (exit_status != STATUS_SIGNAL + SIGXCPU)
		return 0;
	return error_set(err, STATUS_TIMEOUT,
			 "qemu-img was stopped after %llu seconds of processor time, more than "
			 "images of this size take",
			 qemu_img->confinement.seconds);
}

// The caller's; NULL on failure.
static char *find_program(struct error *err)
{
	char *program = process_find_other("qemu-img");

	if (!program) {
		error_set(err, STATUS_NOT_FOUND, "there is no qemu-img, which does this");
		error_hint(err, "qemu-img is in the package qemu-utils (or qemu-img)");
	}
	return program;
}

int qemu_img_run_itself(const struct list *words, struct error *err)
{
	auto_free char *program = find_program(err);
	auto_list struct list argv = {0};

	if (!program)
		return -1;
	list_add(&argv, program);
	for (size_t i = 0; i < words->count; i++)
		list_add(&argv, words->items[i]);
	return process_run_attached((const char *const *)argv.items, err);
}

int qemu_img_say(struct error *err, const char *format, ...)
{
	struct text said = {0};
	va_list list;

	text_append(&said, "qemu-img: ");
	va_start(list, format);
	text_append_list(&said, format, list);
	va_end(list);
	text_append_char(&said, '\n');
	free(err->said);
	err->said = text_take(&said);
	return -1;
}

int qemu_img_run(struct qemu_img *qemu_img, struct qemu_img_answer *answer, struct error *err)
{
	auto_process_result struct process_result result = {0};
	struct listener listener = {.qemu_img = qemu_img,
				    .most = qemu_img->most ? qemu_img->most : 1 << 20};
	auto_list struct list argv = {0};
	auto_free char *program = NULL;
	// Bound, so that nobody goes on writing to an image whose maker was killed.
	struct process process = {.output = hear,
				  .data = &listener,
				  .most = MESSAGES_MOST,
				  .tick = qemu_img->tick ? tick : NULL,
				  .bound = true,
				  .confinement = &qemu_img->confinement};

	allow_objects(qemu_img);
	program = find_program(err);
	if (!program)
		return -1;
	list_add(&argv, program);
	for (size_t i = 0; i < qemu_img->arguments.count; i++)
		list_add(&argv, qemu_img->arguments.items[i]);
	process.argv = (const char *const *)argv.items;
	if (process_run(&process, &result, err) < 0) {
		text_clear(&listener.output);
		return -1;
	}
	if (check_time(qemu_img, result.exit_status, err) < 0) {
		text_clear(&listener.output);
		return -1;
	}
	if (listener.too_much) {
		text_clear(&listener.output);
		return error_set(err, STATUS_FAILED, "qemu-img printed more than %zu bytes",
				 listener.most);
	}
	*answer = (struct qemu_img_answer){.exit_status = result.exit_status,
					   .output = text_take(&listener.output)};
	sort_messages(result.errors, answer);
	return 0;
}

int qemu_img_failure(const struct qemu_img_answer *answer, struct error *err)
{
	const char *rest;

	if (!answer->failure)
		return error_set(err, STATUS_FAILED, "qemu-img ended with status %d",
				 answer->exit_status);
	rest = answer->messages + strlen(answer->failure);
	error_set(err, STATUS_FAILED, "%s", *rest ? rest + 1 : answer->failure);
	if (*rest)
		error_wrap(err, "%s", answer->failure);
	err->said = text_copy(answer->said);
	return -1;
}

int qemu_img_must(struct qemu_img *qemu_img, struct qemu_img_answer *answer, struct error *err)
{
	struct qemu_img_answer own = {0};

	if (qemu_img_run(qemu_img, &own, err) < 0)
		return -1;
	if (own.exit_status != 0) {
		qemu_img_failure(&own, err);
		qemu_img_answer_clear(&own);
		return -1;
	}
	*answer = own;
	return 0;
}

void qemu_img_clear(struct qemu_img *qemu_img)
{
	list_clear(&qemu_img->arguments);
	confinement_clear(&qemu_img->confinement);
}

void qemu_img_answer_clear(struct qemu_img_answer *answer)
{
	free(answer->output);
	free(answer->failure);
	free(answer->messages);
	free(answer->said);
	free(answer->warnings);
	*answer = (struct qemu_img_answer){0};
}
