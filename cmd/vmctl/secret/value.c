// SPDX-License-Identifier: GPL-3.0-or-later
// Values of secrets, which pass through here and are wiped.
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cli/password.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"

enum { VALUE_MOST = 1024 * 1024 }; // bytes of a file

// Bytes that are wiped with their scope.
struct secret {
	char *bytes;
	size_t length;
};

static void secret_wipe(struct secret *secret)
{
	if (secret->bytes)
		explicit_bzero(secret->bytes, secret->length);
	free(secret->bytes);
	*secret = (struct secret){0};
}
#define auto_secret __attribute__((cleanup(secret_wipe)))

static int decode(struct secret *secret, struct error *err)
{
	auto_secret struct secret text = *secret;

	*secret = (struct secret){0};
	secret->bytes = base64_decode(text.bytes, &secret->length, err);
	if (!secret->bytes)
		return error_wrap(err, "the value of the secret was not set");
	return 0;
}

static int read_value(struct call *call, struct secret *secret, struct error *err)
{
	const char *file = argument_text(call, "file"), *base64 = argument_text(call, "base64");
	bool plain = argument_flag(call, "plain");

	if (argument_flag(call, "interactive")) {
		secret->bytes = password_ask(call, "Enter new value for secret:", err);
		secret->length = secret->bytes ? strlen(secret->bytes) : 0;
		plain = true;
	} else if (file) {
		secret->bytes = file_read(file, VALUE_MOST, &secret->length, err);
	} else if (base64) {
		call_warning(call, "others on this host can see a value on the command line: "
				   "--file or --interactive keep it to you");
		secret->bytes = text_copy(base64);
		secret->length = strlen(base64);
	}
	if (!secret->bytes)
		return -1;
	return plain ? 0 : decode(secret, err);
}

static int secret_set_value(struct call *call, struct error *err)
{
	auto_secret struct secret secret = {0};

	if (read_value(call, &secret, err) < 0)
		return -1;
	if (virSecretSetValue(call_secret(call), (const unsigned char *)secret.bytes, secret.length,
			      0) < 0)
		return virt_failure(err, "Failed to set secret value");
	report_value(call->report, "uuid", value_text(call->object.typed));
	report_message(call->report, "Secret value set\n");
	return 0;
}

static const struct option set_options[] = {
	SECRET,
	NAMED("file", NULL, "file with the value, in base64 unless --plain is given"),
	FLAG("plain", 0, "the file's bytes are the value"),
	FLAG("interactive", 0, "type the value, unseen; or a line of standard input"),
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL | CONFIDENTIAL,
	 .name = "base64",
	 .help = "the value in base64; others on the host can see it"},
	END,
};

const struct command secret_set_value_command = {
	.name = "secret-set-value",
	.summary = "give a secret its value",
	.target = SECRET_TARGET,
	.options = set_options,
	.rules = (const struct rule[]){ONE_OF("file", "interactive", "base64"),
				       EXCLUSIVE("plain", "base64"),
				       EXCLUSIVE("plain", "interactive"), RULES_END},
	.results = identified_results,
	.run = secret_set_value,
};

static int secret_get_value(struct call *call, struct error *err)
{
	auto_secret struct secret secret = {0}, base64 = {0};

	secret.bytes = (char *)virSecretGetValue(call_secret(call), &secret.length, 0);
	if (!secret.bytes)
		return virt_failure(err, "Failed to get the value of secret %s",
				    call->object.typed);
	if (argument_flag(call, "plain")) {
		report_bytes(call->report, "value", secret.bytes, secret.length);
		return 0;
	}
	base64.bytes = base64_encode(secret.bytes, secret.length);
	base64.length = strlen(base64.bytes);
	report_document(call->report, "value", base64.bytes);
	return 0;
}

const struct command secret_get_value_command = {
	.name = "secret-get-value",
	.summary = "show the value of a secret",
	.target = SECRET_TARGET,
	.options = (const struct option[]){SECRET,
					   FLAG("plain", 0, "its bytes, instead of their base64"),
					   END},
	.results = (const struct field[]){FIELD("value", NULL, FIELD_TEXT, 0,
						"the value in base64, with --plain too"),
					  FIELDS_END},
	.run = secret_get_value,
};
