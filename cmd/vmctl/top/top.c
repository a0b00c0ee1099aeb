// SPDX-License-Identifier: GPL-3.0-or-later
// `top`: what guests use now, again and again: on the screen, as plain text, or as JSON.
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/cancel.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/interrupt.h"
#include "base/memory.h"
#include "base/screen.h"
#include "base/staged_file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "cmd/vmctl/top/sample.h"
#include "cmd/vmctl/top/view.h"
#include "output/json.h"
#include "output/json_layout.h"
#include "output/report.h"

enum {
	SECONDS = 2,
	RECORDING_MOST = 1 << 30, // bytes
	PAUSE_MOST = 60000,       // milliseconds between two samples of a recording
	CONTROL_C = 3,
};

struct top {
	struct call *call;
	struct top_view view;
	int interval; // milliseconds
	bool shown;   // on the screen
	struct screen screen;
	struct top_sample now;
	struct list replayed; // lines of a recording that is shown again
	size_t next;          // of them
	bool replays;
	struct staged_file *recording; // NULL: none
};

// Not failed, and a sign to end: what loops do.
enum { GO_ON = 1, END_HERE = 0 };

static int draw(struct top *top, struct error *err)
{
	auto_list struct list lines = {0};

	top_lines(&top->view, &top->now, &lines);
	list_add(&lines, "");
	list_add(&lines,
		 "sort: c cpu, s steal, w wait, m memory, d disk, n network, a name (again: "
		 "reversed)   q quits");
	return screen_draw(&top->screen, &lines, 1, err);
}

// Waits so long; on the screen keys are heeded meanwhile.
static int wait_for(struct top *top, int milliseconds, struct error *err)
{
	long long end = clock_milliseconds() + milliseconds;

	for (;;) {
		struct pollfd typed = {.fd = STDIN_FILENO, .events = POLLIN};
		int ready =
			cancel_poll(top->call->cancel, &typed, top->shown ? 1 : 0, clock_left(end));
		int key = ready > 0 ? screen_key(&top->screen) : 0;

		if (ready < 0 || key == 'q' || key == CONTROL_C || (ready > 0 && !key))
			return END_HERE;
		if (ready == 0)
			return GO_ON;
		if (top_view_key(&top->view, key) && draw(top, err) < 0)
			return -1;
	}
}

// The next line of the recording, on the screen at the pace that it was recorded at.
static int replay(struct top *top, struct error *err)
{
	struct top_sample sample = {0};
	long long pause;

	if (top->next == top->replayed.count)
		return END_HERE;
	if (top_read(top->replayed.items[top->next++], &sample, err) < 0)
		return -1;
	pause = top->now.time ? sample.milliseconds - top->now.milliseconds : 0;
	if (top->shown && pause > 0) {
		int waited = wait_for(top, pause < PAUSE_MOST ? (int)pause : PAUSE_MOST, err);

		if (waited != GO_ON) {
			top_clear(&sample);
			return waited;
		}
	}
	top_clear(&top->now);
	top->now = sample;
	return GO_ON;
}

// What some hosts tell is shown, whatever the others do.
static int ask(struct top *top, struct top_sample *sample, struct error *err)
{
	auto_error struct error failed = {0};

	if (top_ask(top->call, sample, &failed) == 0 ||
	    (failed.status == STATUS_PARTIAL && sample->count))
		return 0;
	top_clear(sample);
	return error_move(err, &failed);
}

static int measure(struct top *top, struct error *err)
{
	struct top_sample sample = {0};
	int waited;

	if (!top->now.time && ask(top, &top->now, err) < 0)
		return -1;
	waited = wait_for(top, top->interval, err);
	if (waited != GO_ON)
		return waited;
	if (ask(top, &sample, err) < 0)
		return -1;
	top_compare(&sample, &top->now);
	top_clear(&top->now);
	top->now = sample;
	return GO_ON;
}

static struct json *json_guests(const struct top_guest *const *guests)
{
	struct json *array = json_new_array();

	for (; *guests; guests++)
		json_append_json(array, top_guest_json(*guests));
	return array;
}

// All guests, whichever are shown.
static int record(struct top *top, struct error *err)
{
	static const struct top_view all = {0};
	auto_free const struct top_guest **guests = top_select(&all, &top->now);
	auto_json struct json *json = json_new_object();
	auto_free char *text = NULL, *line = NULL;

	json_set(json, "time", value_text(top->now.time));
	json_set_json(json, "guests", json_guests(guests));
	text = json_text(json);
	line = json_layout(text, false);
	if (file_write_all(top->recording->fd, line, strlen(line)) < 0 ||
	    file_write_all(top->recording->fd, "\n", 1) < 0)
		return error_set_errno(err, errno, "cannot write '%s'", top->recording->target);
	return 0;
}

static int show(struct top *top, struct error *err)
{
	struct report *report = top->call->report;
	auto_list struct list lines = {0};

	if (top->recording && record(top, err) < 0)
		return -1;
	if (top->shown)
		return draw(top, err);
	if (report_is_json(report)) {
		auto_free const struct top_guest **guests = top_select(&top->view, &top->now);
		auto_json struct json *json = json_guests(guests);

		report_value(report, "time", value_text(top->now.time));
		report_json(report, "guests", json);
		return report_next(report, err);
	}
	top_lines(&top->view, &top->now, &lines);
	for (size_t i = 0; i < lines.count; i++)
		report_heading(report, "%s\n", lines.items[i]);
	report_heading(report, "\n");
	return report_next(report, err);
}

static int show_all(struct top *top, struct error *err)
{
	long long count = argument_integer(top->call, "count");

	for (long long i = 0; !argument_given(top->call, "count") || i < count; i++) {
		int got = top->replays ? replay(top, err) : measure(top, err);

		if (got != GO_ON)
			return got;
		if (show(top, err) < 0)
			return -1;
	}
	return 0;
}

static int read_view(struct top *top, struct error *err)
{
	const struct list *filters = argument_list(top->call, "filter");
	const struct list *names = argument_list(top->call, "domain");

	if (argument_choice(top->call, "sort", &top->view.key, err) < 0)
		return -1;
	top->view.reverse = argument_flag(top->call, "reverse");
	top->view.filters = memory_new(filters->count + 1, sizeof(*top->view.filters));
	for (size_t i = 0; i < filters->count; i++)
		if (top_filter_parse(filters->items[i],
				     &top->view.filters[top->view.filter_count++], err) < 0)
			return -1;
	for (size_t i = 0; i < names->count; i++)
		list_add(&top->view.names, names->items[i]);
	return 0;
}

static int read_recording(struct top *top, struct error *err)
{
	const char *path = argument_text(top->call, "replay");
	auto_free char *text = path ? file_read(path, RECORDING_MOST, NULL, err) : NULL;

	if (path && !text)
		return -1;
	top->replays = path != NULL;
	if (text)
		top->replayed = list_split(text, "\n");
	return 0;
}

static int run(struct top *top, struct error *err)
{
	struct call *call = top->call;
	int output = fileno(call->context->out), failed;

	top->shown = !argument_flag(call, "batch") && !report_is_json(call->report) &&
		     isatty(STDIN_FILENO) && isatty(output);
	interrupt_hold();
	failed = top->shown && screen_open(&top->screen, STDIN_FILENO, output, err) < 0 ? -1 : 0;
	call->context->terminal_taken = top->shown;
	failed = failed ? failed : show_all(top, err);
	call->context->terminal_taken = false;
	screen_close(&top->screen);
	interrupt_let();
	return failed;
}

static int top(struct call *call, struct error *err)
{
	const char *path = argument_text(call, "record");
	auto_staged_file struct staged_file file = STAGED_FILE_NONE;
	long long seconds =
		argument_given(call, "interval") ? argument_integer(call, "interval") : SECONDS;
	struct top top = {.call = call, .interval = (int)seconds * 1000};
	int failed = 0;

	if (path && staged_file_begin(&(struct staging){.target = path}, &file, err) < 0)
		return -1;
	top.recording = path ? &file : NULL;
	failed = read_view(&top, err) < 0 || read_recording(&top, err) < 0 || run(&top, err) < 0
			 ? -1
			 : 0;
	top_clear(&top.now);
	list_clear(&top.replayed);
	top_view_clear(&top.view);
	if (path && !failed)
		failed = staged_file_commit(&file, &(struct staged_commit){0}, err);
	return failed;
}

static const struct option options[] = {
	{.kind = OPTION_TEXT,
	 .name = "sort",
	 .words = top_keys,
	 .help = "by cpu (the default), steal, wait, memory, disk, network or name, the largest "
		 "first"},
	FLAG("reverse", 0, "the smallest first"),
	{.kind = OPTION_TEXT,
	 .traits = REPEATS,
	 .name = "filter",
	 .value = "KEY>NUMBER",
	 .help = "only guests of which this is true, such as 'cpu>10' or 'disk>=1M'"},
	{.kind = OPTION_INTEGER,
	 .name = "interval",
	 .value = "SECONDS",
	 .least = 1,
	 .most = 3600,
	 .help = "between two questions, 2 where it is not given"},
	{.kind = OPTION_INTEGER,
	 .name = "count",
	 .value = "N",
	 .least = 1,
	 .most = 1000000000,
	 .help = "end after this many samples"},
	FLAG("batch", 0, "plain text, one block below the other (as where no terminal is)"),
	NAMED("record", NULL, "write all of it to this new file, a line of JSON each time"),
	NAMED("replay", NULL, "show what was recorded there"),
	{.kind = OPTION_REST,
	 .traits = POSITIONAL,
	 .name = "domain",
	 .object = &kind_domain,
	 .filter = VIR_CONNECT_LIST_DOMAINS_ACTIVE,
	 .help = "guests, such as web1 or 'web*' (default: all that run)"},
	END,
};

static const struct field results[] = {
	FIELD("time", NULL, FIELD_TIME, 0, "when it was measured"),
	FIELD_OF("guests", FIELD_LIST, 0, top_guest_fields, "in the order of --sort"),
	FIELDS_END,
};

const struct command top_command = {
	.name = "top",
	.traits = COMMAND_READS | COMMAND_OFFLINE | COMMAND_BARE,
	.options = options,
	.rules = (const struct rule[]){EXCLUSIVE("record", "replay"),
				       EXCLUSIVE("interval", "replay"), RULES_END},
	.shape = SHAPE_STREAM,
	.results = results,
	.summary = "show what guests use, the busiest first",
	.description =
		"One question to each host an interval, whatever the number of guests; one that "
		"hangs is shown as busy. On the screen c, s, w, m, d, n and a sort by CPU, steal, "
		"wait, memory, disk, network and name, once more the other way round, and q quits. "
		"Steal is the time that vCPUs could run and got no CPU of the host.",
	.run = top,
};
