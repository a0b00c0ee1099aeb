// SPDX-License-Identifier: GPL-3.0-or-later
// Running qemu-img: what it answers, and what its failures mean.
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/command.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/waiting.h"
#include "image/chain.h"
#include "image/users.h"
#include "output/json.h"
#include "output/progress.h"
#include "output/report.h"

enum { OUTPUT_MOST = 1 << 28 }; // bytes that an answer may have: a map can be long

// As qemu-img prints it, for programs that read that.
static void print_part(void *data, double part)
{
	struct call *call = data;

	fprintf(call->context->out, "    (%.2f/100%%)\r", part * 100);
	fflush(call->context->out);
}

int engine_ask(struct call *call, struct engine *engine, struct qemu_img_answer *answer,
	       struct error *err)
{
	auto_progress struct progress *progress =
		engine->progress
			? progress_new(call->context->errors, call->command->name, engine->total)
			: NULL;
	struct qemu_img *qemu_img = &engine->qemu_img;
	int status;

	qemu_img->most = OUTPUT_MOST;
	if (engine->progress) {
		qemu_img->progress = progress ? waiting_hear_part : print_part;
		qemu_img->data = progress ? (void *)progress : call;
	}
	status = qemu_img_run(qemu_img, answer, err);
	// The end of the line of figures comes where qemu-img has put it.
	if (qemu_img->progress == print_part && status == 0 && *answer->output == '\n') {
		fputc('\n', call->context->out);
		memmove(answer->output, answer->output + 1, strlen(answer->output));
	}
	return status;
}

static void warn_lines(struct call *call, const char *text)
{
	auto_list struct list lines = list_split(text ? text : "", "\n");

	for (size_t i = 0; i < lines.count; i++)
		call_warning(call, "%s", lines.items[i]);
}

void engine_warn(struct call *call, const struct qemu_img_answer *answer)
{
	warn_lines(call, answer->warnings);
}

void engine_pass(struct call *call, const struct qemu_img_answer *answer)
{
	auto_text struct text shown = {0};

	if (!answer->messages)
		return;
	if (call->context->peer) {
		text_append_harmless(&shown, answer->said, true);
	} else {
		text_append_harmless(&shown, answer->messages, true);
		text_append_char(&shown, '\n');
	}
	fputs(text_string(&shown), call->context->errors);
	fflush(call->context->errors);
}

// "unrecognized option '--limits'", "invalid option -- 'c'": an option that is declared here is one
// of another version.
static int refuse_option(const struct qemu_img_answer *answer, struct error *err)
{
	const char *line = answer->failure ? strstr(answer->failure, " option ") : NULL;
	const char *quote = line ? strchr(line, '\'') : NULL;
	size_t length = quote ? strcspn(quote + 1, "'") : 0;

	if (!quote || !(strstr(answer->failure, "unrecognized option '") ||
			strstr(answer->failure, "invalid option -- '")))
		return 0;
	error_set(err, STATUS_USAGE, "the installed qemu-img is too old: it does not know %s%.*s",
		  quote[1] == '-' ? "" : "-", (int)length, quote + 1);
	return error_hint(err, "'qemu-img --version' shows its version");
}

int engine_failure(struct call *call, const struct engine *engine,
		   const struct qemu_img_answer *answer, struct error *err)
{
	auto_list struct list paths = {0};

	if (call->context->peer)
		return qemu_img_failure(answer, err);
	if (refuse_option(answer, err) < 0)
		return -1;
	// QEMU only knows that somebody holds a lock, on one of the files or of those below them.
	for (size_t i = 0;
	     i < engine->files.count && answer->failure && strstr(answer->failure, " lock"); i++) {
		auto_error struct error ignored = {0};
		auto_chain struct chain chain = {0};

		list_add(&paths, engine->files.items[i]);
		if (chain_read(engine->files.items[i], NULL, &chain, &ignored) == 0)
			for (size_t k = 1; k < chain.count; k++)
				list_add(&paths, chain.links[k].path);
	}
	if (paths.count == 0 ||
	    users_check_all((const char *const *)paths.items, paths.count, err) == 0)
		return qemu_img_failure(answer, err);
	if (options_declared(call, "force-share"))
		error_hint(err, "-U reads it anyway, but may see half-written data");
	return -1;
}

static int must(struct call *call, struct engine *engine, struct qemu_img_answer *answer,
		struct error *err)
{
	if (engine_ask(call, engine, answer, err) < 0)
		return -1;
	if (answer->exit_status != 0 &&
	    !(engine->ends_falsely && answer->exit_status == 1 && !answer->failure))
		return engine_failure(call, engine, answer, err);
	engine_warn(call, answer);
	if (call->context->peer)
		engine_pass(call, answer);
	else
		warn_lines(call, answer->messages);
	return 0;
}

int engine_run(struct call *call, struct engine *engine, struct error *err)
{
	auto_qemu_img_answer struct qemu_img_answer answer = {0};

	if (must(call, engine, &answer, err) < 0)
		return -1;
	return 0;
}

int engine_report_json(struct call *call, const struct qemu_img_answer *answer, struct error *err)
{
	auto_json struct json *json = json_read(answer->output, "what qemu-img answers", err);

	return json ? report_json_text(call->report, json, answer->output, err) : -1;
}

int engine_tell(struct call *call, struct engine *engine, struct error *err)
{
	auto_qemu_img_answer struct qemu_img_answer answer = {0};

	if (report_is_json(call->report))
		engine_add(engine, "--output=json");
	if (must(call, engine, &answer, err) < 0)
		return -1;
	if (report_is_json(call->report))
		return engine_report_json(call, &answer, err);
	report_heading(call->report, "%s", answer.output);
	return 0;
}

int engine_help(struct call *call, const struct list *files, struct error *err)
{
	static const char *const kept[] = {"format", "target-format", "options", NULL};
	auto_engine struct engine engine = {0};
	auto_qemu_img_answer struct qemu_img_answer answer = {0};

	engine_begin_as(call, call->command->name, kept, &engine);
	for (size_t i = 0; i < files->count; i++)
		engine_add_file(call, &engine, files->items[i]);
	if (must(call, &engine, &answer, err) < 0)
		return -1;
	report_document(call->report, "text", answer.output);
	return 0;
}

struct json *engine_json(struct call *call, struct engine *engine, struct error *err)
{
	auto_qemu_img_answer struct qemu_img_answer answer = {0};

	if (must(call, engine, &answer, err) < 0)
		return NULL;
	return json_read(answer.output, "what qemu-img answers", err);
}
