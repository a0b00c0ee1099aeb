// SPDX-License-Identifier: GPL-3.0-or-later
// `cp`: files and directories to and from guests.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/guest/copy.h"
#include "cmd/vmctl/guest/copy_tree.h"
#include "cmd/vmctl/guest/exec.h"
#include "cmd/vmctl/guest/login.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/hints.h"
#include "virt/kinds.h"
#include "virt/session.h"

// The guest of "GUEST:PATH", the caller's; NULL where WORD is a path here: one that has a slash
// before the colon, or no colon.
static char *guest_of(const char *word, const char **path)
{
	const char *colon = strchr(word, ':'), *slash = strchr(word, '/');

	if (!colon || colon == word || (slash && slash < colon))
		return NULL;
	*path = colon + 1;
	return text_copy_bytes(word, (size_t)(colon - word));
}

static int open_source(const char *path, struct copy_source *source, struct stat *facts,
		       struct error *err)
{
	if (text_equal(path, "-")) {
		source->fd = dup(STDIN_FILENO);
		return source->fd < 0 ? error_set_errno(err, errno, "cannot read") : 0;
	}
	source->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (source->fd < 0 || fstat(source->fd, facts) < 0)
		return error_set_errno(err, errno, "cannot read '%s'", path);
	source->facts = facts;
	source->tree = S_ISDIR(facts->st_mode);
	if (!source->tree)
		return 0;
	close(source->fd);
	source->fd = copy_pack(path, err);
	return source->fd < 0 ? -1 : 0;
}

static int copy_in(struct copy *copy, const char *from, struct error *err)
{
	auto_free char *name = text_equal(from, "-") ? text_copy("") : copy_name(from);
	struct copy_source source = {.fd = -1, .name = name};
	struct stat facts;
	int failed = open_source(from, &source, &facts, err);

	if (!failed)
		failed = copy_to_guest(copy, &source, err);
	if (source.fd >= 0)
		close(source.fd);
	return failed;
}

// From SOURCE to DESTINATION, the way that the copy has. FETCHES: out of the guest.
static int carry(struct copy *copy, bool fetches, struct error *err)
{
	const struct call *call = copy->agent.call;
	const char *to = argument_text(call, "destination");

	if (!fetches)
		return copy_in(copy, argument_text(call, "source"), err);
	return copy_from_guest(copy, text_equal(to, "-") ? NULL : to, err);
}

static int carry_by_ssh(struct copy *copy, bool fetches, struct error *err)
{
	struct call *call = copy->agent.call;
	struct login login = {.call = call,
			      .domain = copy->agent.domain,
			      .user = argument_text(call, "user"),
			      .shares = true};
	int failed = login_begin(&login, err);

	copy->way = &copy_by_ssh;
	copy->login = &login;
	copy->bytes = 0;
	failed = failed ? -1 : carry(copy, fetches, err);
	login_end(&login);
	copy->login = NULL;
	return failed;
}

// The agent would be slow: by ssh, unless that fails.
static int carry_faster(struct copy *copy, bool fetches, struct error *err)
{
	auto_error struct error slow = {0}, failed = {0};
	const char *guest = virDomainGetName(copy->agent.domain);

	error_move(&slow, err);
	call_note(copy->agent.call, "'%s': by ssh, since %s", guest, slow.message);
	if (carry_by_ssh(copy, fetches, &failed) == 0)
		return 0;
	if (failed.status >= STATUS_SIGNAL)
		return error_move(err, &failed);
	call_note(copy->agent.call, "'%s': by the guest agent all the same: %s%s%s", guest,
		  failed.message, failed.reason ? ": " : "", failed.reason ? failed.reason : "");
	copy->way = &copy_by_agent;
	copy->bytes = 0;
	copy->hurries = false;
	return carry(copy, fetches, err);
}

// Goes the way that is asked for.
static int go(struct copy *copy, bool fetches, struct error *err)
{
	struct call *call = copy->agent.call;
	unsigned via = VIA_AGENT;
	bool forbidden;

	if (argument_choice(call, "via", &via, err) < 0)
		return -1;
	if (via == VIA_SSH)
		return carry_by_ssh(copy, fetches, err);
	// What comes from standard input, and is gone then, is not tried in two ways.
	copy->hurries = via == VIA_AUTO && argument_text(call, "user") &&
			!text_equal(argument_text(call, "source"), "-");
	if (carry(copy, fetches, err) == 0)
		return 0;
	if (copy->slow)
		return carry_faster(copy, fetches, err);
	agent_refused(&copy->agent, "guest-exec", &forbidden, err);
	if (!forbidden)
		return -1;
	if (via != VIA_AUTO)
		return error_hint(err, "--via ssh --user NAME copies it by ssh, with a key that is "
				       "there only as long as that takes");
	call_note(call, "'%s': by ssh, since %s", virDomainGetName(copy->agent.domain),
		  err->message);
	error_clear(err);
	return carry_by_ssh(copy, fetches, err);
}

static void report_copy(const struct copy *copy, long long begun)
{
	struct report *report = copy->agent.call->report;

	report_value(report, "name", value_text(virDomainGetName(copy->agent.domain)));
	report_value(report, "path", value_text(copy->path));
	report_value(report, "bytes", value_unsigned(copy->bytes));
	report_value(report, "sha256", value_text(copy->sum));
	report_value(report, "via", value_text(copy->by_channel ? "channel" : copy->way->name));
	report_value(report, "milliseconds", value_integer(clock_milliseconds() - begun));
}

static int copy_it(struct call *call, const char *from, const char *to, struct error *err)
{
	struct copy copy = {.agent = {.call = call},
			    .way = &copy_by_agent,
			    .pieces = argument_flag(call, "pieces")};
	const char *other = NULL;
	auto_free char *source = guest_of(from, &copy.path);
	auto_free char *target = guest_of(to, source ? &other : &copy.path);
	const char *guest = source ? source : target;
	long long begun = clock_milliseconds();
	int failed;

	if (!guest || (source && target)) {
		error_set(err, STATUS_USAGE, "one of the two must be in a guest: GUEST:PATH");
		return error_hint(err, "a file here whose name has a colon is ./NAME");
	}
	if (!*copy.path)
		return error_set(err, STATUS_USAGE, "'%s:' names no file", guest);
	copy.agent.domain =
		kind_find(&kind_domain, session_connection(call), NULL, guest, BY_ANY, err);
	if (!copy.agent.domain)
		return -1;
	failed = go(&copy, source != NULL, err);
	if (failed) {
		domain_hint(err, copy.agent.domain);
		error_wrap(err, "cannot copy '%s' to '%s'", from, to);
	} else if (!text_equal(to, "-") || report_is_json(call->report)) {
		report_copy(&copy, begun);
	}
	virDomainFree(copy.agent.domain);
	return failed;
}

static int cp(struct call *call, struct error *err)
{
	int failed;

	interrupt_hold();
	failed = copy_it(call, argument_text(call, "source"), argument_text(call, "destination"),
			 err);
	interrupt_let();
	return failed;
}

static const struct field results[] = {
	FIELD("name", NULL, FIELD_TEXT, FIELD_ASKED, "the guest"),
	FIELD("path", NULL, FIELD_TEXT, FIELD_ASKED, "the path in it"),
	FIELD("bytes", NULL, FIELD_BYTES, FIELD_ASKED,
	      "what was copied; of a directory its archive"),
	FIELD("sha256", NULL, FIELD_TEXT, FIELD_ASKED, "of that, the same on both sides"),
	FIELD("via", NULL, FIELD_TEXT, FIELD_ASKED,
	      "agent, in pieces, channel, a port that the guest had for this copy, or ssh"),
	FIELD("milliseconds", NULL, FIELD_MILLISECONDS, FIELD_ASKED, "how long it took"),
	FIELDS_END,
};

// clang-format off
#define PLACE(name_, help_) \
	{.kind = OPTION_TEXT, \
	 .traits = REQUIRED | POSITIONAL | OR_FILES, \
	 .name = (name_), \
	 .candidates = copy_places, \
	 .help = (help_)}
// clang-format on

const struct command cp_command = {
	.name = "cp",
	.traits = COMMAND_ALONE | COMMAND_BARE,
	.options =
		(const struct option[]){
			PLACE("source",
			      "what is copied: a path, GUEST:PATH, or - for standard input"),
			PLACE("destination",
			      "where to: a path, GUEST:PATH, or - for standard output"),
			FLAG("pieces", 0,
			     "only by the guest agent, without a port for large files"),
			{.kind = OPTION_TEXT,
			 .name = "via",
			 .value = "WAY",
			 .words = exec_ways,
			 .help = "agent, which is the default, ssh, or auto: ssh where the agent "
				 "may not, or would be slow"},
			NAMED("user", NULL, "user of the guest that ssh logs in as"),
			END},
	.rules = (const struct rule[]){EXCLUSIVE("pieces", "via"), RULES_END},
	.results = results,
	.summary = "copy files and directories to and from a guest",
	.description =
		"Copies a file or a directory with its mode and time by the guest agent; files of "
		"more than 256 KiB pass through a virtio port that the guest has as long as it "
		"takes. What is copied has its name only when it is complete and its SHA-256 is "
		"the same on both sides; a file that is there is replaced then, a directory is "
		"not. Behind a directory's name, it gets the name it had. With --via ssh the same "
		"steps run as --user, who has a key of ours as long as it takes. With --via auto "
		"that is so where the agent may not run programs, and for files of more than "
		"8 MiB where the guest can have no such port.",
	.run = cp,
};
