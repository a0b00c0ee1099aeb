// SPDX-License-Identifier: GPL-3.0-or-later
// How fast an image is.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/confirm.h"
#include "cmd/vm-img/engine.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/operand.h"
#include "cmd/vm-img/options.h"
#include "output/report.h"

// The number behind WORD in qemu-img's two lines: "Sending 75000 read requests, 4096 bytes each, 64
// in parallel (...)", "Run completed in 1.234 seconds."
static double number_behind(const char *output, const char *word)
{
	const char *at = strstr(output, word);

	return at ? strtod(at + strlen(word), NULL) : 0;
}

static void report_run(struct call *call, const char *output)
{
	double requests = number_behind(output, "Sending ");
	double bytes = number_behind(output, "requests, ");
	double seconds = number_behind(output, "completed in ");

	report_value(call->report, "requests", value_unsigned((unsigned long long)requests));
	report_value(call->report, "bytes_each", value_unsigned((unsigned long long)bytes));
	report_value(call->report, "seconds", value_real(seconds));
	report_value(call->report, "bytes_per_second",
		     seconds > 0 ? value_real(requests * bytes / seconds) : value_absent());
	report_message(call->report, "%s", output);
}

static int run(struct call *call, struct operand *operand, struct error *err)
{
	auto_engine struct engine engine = {0};
	auto_qemu_img_answer struct qemu_img_answer answer = {0};

	engine_begin(call, NULL, &engine);
	operand_add(call, &engine, operand);
	if (engine_ask(call, &engine, &answer, err) < 0)
		return -1;
	if (answer.exit_status != 0)
		return engine_failure(call, &engine, &answer, err);
	engine_warn(call, &answer);
	report_run(call, answer.output);
	return 0;
}

static int bench(struct call *call, struct error *err)
{
	const char *name = argument_text(call, "file");
	bool writes = argument_flag(call, "write"), shared = argument_flag(call, "force-share");
	auto_free char *what = text_format("what is in '%s' would be overwritten", name);
	auto_operand struct operand operand = OPERAND_NONE;

	// QEMU says why it does not write to what is shared.
	if ((writes && !shared ? operand_open_to_change : operand_open)(
		    call, name, argument_text(call, "format"), &operand, err) < 0 ||
	    (writes && confirm(call, what, err) < 0) || run(call, &operand, err) < 0)
		return error_wrap(err, "cannot measure the speed of '%s'", name);
	return 0;
}

static const char *const backends[] = {"threads", "native", "io_uring", NULL};

static const struct option bench_options[] = {
	VALUE('c', "count", "number", "requests (default: 75000)"),
	VALUE('d', "depth", "number", "requests at the same time (default: 64)"),
	FORMAT,
	NAMED("flush-interval", NULL, "flush after that many writes"),
	{.kind = OPTION_TEXT,
	 .letter = 'i',
	 .name = "aio",
	 .value = "backend",
	 .words = backends,
	 .help = "how requests reach the kernel (default: threads)"},
	SWITCH('n', "native", "the same as --aio native"),
	FLAG("no-drain", 0, "do not wait for requests before a flush"),
	VALUE('o', "offset", "bytes", "where to begin"),
	NAMED("pattern", NULL, "the byte that is written (default: 0)"),
	VALUE('s', "buffer-size", "bytes", "of each request (default: 4096)"),
	VALUE('S', "step-size", "bytes", "from one request to the next (default: its size)"),
	CACHE_AS('t', "cache", "how the image is opened (default: writeback)"),
	SWITCH('w', "write", "write instead of reading: what is in the image is lost"),
	FORCE_SHARE,
	IMAGE_OPTS,
	OBJECT,
	YES,
	QUIET,
	IMAGE_FILE("image to use"),
	END,
};

static const struct field bench_results[] = {
	FIELD("requests", NULL, FIELD_INTEGER, 0, "how many were made"),
	FIELD("bytes_each", NULL, FIELD_BYTES, 0, "what each of them read or wrote"),
	FIELD("seconds", NULL, FIELD_SECONDS, 0, "how long all of them took"),
	FIELD("bytes_per_second", NULL, FIELD_REAL, FIELD_NULL, "what that comes to"),
	FIELDS_END,
};

const struct command img_bench_command = {
	.name = "bench",
	.options = bench_options,
	.results = bench_results,
	.summary = "measure how fast an image is read or written",
	.run = bench,
};
