// SPDX-License-Identifier: GPL-3.0-or-later
// A seed for cloud-init, from files or from a few options.
#include "image/seed.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/cloud_config.h"
#include "cmd/vm-img/groups.h"
#include "cmd/vm-img/options.h"
#include "cmd/vm-img/ownership.h"
#include "image/location.h"
#include "output/report.h"

enum { CONTENT_MOST = 16 << 20 }; // bytes of one file

// The content of the file that OPTION names, the caller's; without the option *CONTENT is NULL.
static int read_content(struct call *call, const char *option, char **content, struct error *err)
{
	const char *path = argument_text(call, option);
	size_t length = 0;

	*content = NULL;
	if (!path)
		return 0;
	*content = file_read(path, CONTENT_MOST, &length, err);
	if (!*content)
		return -1;
	if (strlen(*content) != length)
		return error_set(err, STATUS_USAGE, "'%s' is not a text file", path);
	return 0;
}

// cloud-init takes user data by its first line, and silently ignores what it does not know.
static void warn_of_unknown(struct call *call, const char *user_data)
{
	static const char *const begins[] = {"#cloud-config", "#!",
					     "#include",      "#cloud-boothook",
					     "#part-handler", "## template: jinja",
					     "Content-Type:", "MIME-Version:"};

	for (size_t i = 0; user_data && i < sizeof(begins) / sizeof(*begins); i++)
		if (text_begins(user_data, begins[i]))
			return;
	if (user_data)
		call_warning(call, "the user data does not begin with \"#cloud-config\" or "
				   "another line that cloud-init knows: it may be ignored");
}

// RFC 1123: labels of letters, digits and hyphens, which stand at neither end, separated by dots.
static bool is_label(const char *label, size_t length)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";

	return length > 0 && length <= 63 && strspn(label, letters) >= length && label[0] != '-' &&
	       label[length - 1] != '-';
}

static int check_hostname(const char *name, struct error *err)
{
	const char *label = name;
	size_t length = strlen(name);
	bool sound = length <= 253;

	for (; sound && label; label = strchr(label, '.') ? strchr(label, '.') + 1 : NULL)
		sound = is_label(label, strcspn(label, "."));
	if (sound)
		return 0;
	error_set(err, STATUS_USAGE, "'%s' is not a valid host name", name);
	return error_hint(err,
			  "letters, digits and hyphens, 63 at most, in parts separated by dots: "
			  "web1.example.org");
}

// Another instance for cloud-init is what makes it do its work again.
static char *make_meta_data(struct call *call, struct error *err)
{
	const char *instance = argument_text(call, "instance-id");
	const char *hostname = argument_text(call, "hostname");
	auto_free char *random = NULL;

	if (!instance) {
		random = file_read("/proc/sys/kernel/random/uuid", 64, NULL, err);
		if (!random)
			return NULL;
		instance = text_strip(random);
	}
	return cloud_config_meta_data(instance, hostname);
}

static int write_seed(struct call *call, const char *path, struct error *err)
{
	auto_free char *user = NULL, *meta = NULL, *network = NULL, *vendor = NULL;
	struct seed content;

	if (argument_given(call, "hostname") &&
	    check_hostname(argument_text(call, "hostname"), err) < 0)
		return -1;
	if (read_content(call, "user-data", &user, err) < 0 ||
	    read_content(call, "meta-data", &meta, err) < 0 ||
	    read_content(call, "network-config", &network, err) < 0 ||
	    read_content(call, "vendor-data", &vendor, err) < 0)
		return -1;
	warn_of_unknown(call, user);
	if (!user && !(user = cloud_config_user_data(call, err)))
		return -1;
	if (!meta && !(meta = make_meta_data(call, err)))
		return -1;
	content = (struct seed){user, meta, network, vendor};
	return seed_write(path, argument_flag(call, "force"), &content, err);
}

static int seed(struct call *call, struct error *err)
{
	auto_location struct location location = {0};

	if (location_find_local(argument_text(call, "file"), &location, err) < 0 ||
	    write_seed(call, location.path, err) < 0)
		return -1;
	ownership_tell(call, location.path);
	report_value(call->report, "file", value_text(location.path));
	if (!report_is_json(call->report))
		report_message(call->report,
			       "'%s' is a seed for a guest's first boot: vm-install ... --disk "
			       "%s,readonly=on\n",
			       location.path, location.path);
	return 0;
}

// clang-format off
#define CONTENT(name_, help_) \
	{ .kind = OPTION_TEXT, .name = (name_), .value = "file", .help = (help_) }
// clang-format on

static const struct option seed_options[] = {
	CONTENT("user-data", "user data as it is, such as a #cloud-config"),
	CONTENT("meta-data", "meta data as it is"),
	CONTENT("network-config", "network configuration as it is (version 1 or 2)"),
	CONTENT("vendor-data", "vendor data as it is"),
	NAMED("hostname", NULL, "name of the guest"),
	NAMED("instance-id", NULL, "id of this instance (default: a new one)"),
	NAMED("user", NULL, "user to create, who may become root (default: that of the image)"),
	{.kind = OPTION_TEXT,
	 .traits = REPEATS,
	 .name = "ssh-key",
	 .value = "file",
	 .help = "public keys that may log in, such as ~/.ssh/id_ed25519.pub"},
	{.kind = OPTION_TEXT,
	 .name = "password-file",
	 .value = "file",
	 .help = "file whose first line is the user's password; only its hash is in the seed"},
	{.kind = OPTION_TEXT,
	 .traits = REPEATS,
	 .name = "packages",
	 .value = "names",
	 .help = "packages to install, separated by commas"},
	{.kind = OPTION_TEXT,
	 .traits = REPEATS,
	 .name = "run",
	 .value = "command",
	 .help = "command of a shell to run at the end of the first boot"},
	FORCE("replace a file of that name"),
	QUIET,
	IMAGE_FILE("seed to make"),
	END,
};

static const struct rule seed_rules[] = {
	EXCLUSIVE("user-data", "user"),          EXCLUSIVE("user-data", "ssh-key"),
	EXCLUSIVE("user-data", "password-file"), EXCLUSIVE("user-data", "packages"),
	EXCLUSIVE("user-data", "run"),           EXCLUSIVE("meta-data", "hostname"),
	EXCLUSIVE("meta-data", "instance-id"),   RULES_END,
};

// clang-format off
static const struct field seed_results[] = {
	FIELD("file", NULL, FIELD_TEXT, 0, "the seed that was made"),
	FIELDS_END,
};
// clang-format on

const struct command img_seed_command = {
	.name = "seed",
	.options = seed_options,
	.rules = seed_rules,
	.results = seed_results,
	.summary = "make the CD from which cloud-init sets up a guest at its first boot",
	.description =
		"Makes an ISO image for the NoCloud data source of cloud-init, from files or from "
		"options. It can be read by its owner only. xorriso or genisoimage is needed.",
	.run = seed,
};
