// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/agent_file.h"

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "output/json.h"
#include "virt/agent.h"

long long agent_file_open(const struct agent *agent, const char *path, const char *mode,
			  struct error *err)
{
	auto_json struct json *command = json_new_object(), *answer = NULL;
	struct json *arguments = json_new_object();
	auto_free char *text = NULL;

	json_set(command, "execute", value_text("guest-file-open"));
	json_set(arguments, "path", value_text(path));
	json_set(arguments, "mode", value_text(mode));
	json_set_json(command, "arguments", arguments);
	text = json_text(command);
	answer = agent_ask(agent, text, err);
	return answer ? json_value(answer).integer : -1;
}

// Asks EXECUTE about HANDLE; MORE are further arguments, beginning with a comma.
static struct json *ask(const struct agent *agent, const char *execute, long long handle,
			const char *more, struct error *err)
{
	auto_free char *text = text_format("{\"execute\":\"%s\",\"arguments\":{\"handle\":%lld%s}}",
					   execute, handle, more);

	return agent_ask(agent, text, err);
}

long long agent_file_read(const struct agent *agent, long long handle, size_t most,
			  struct text *data, struct error *err)
{
	auto_free char *count = text_format(",\"count\":%zu", most), *bytes = NULL;
	auto_json struct json *answer = ask(agent, "guest-file-read", handle, count, err);
	const char *encoded = answer ? json_get_text(answer, "buf-b64") : NULL;
	size_t length = 0;

	if (!answer)
		return -1;
	bytes = base64_decode(encoded ? encoded : "", &length, err);
	if (!bytes)
		return -1;
	text_append_bytes(data, bytes, length);
	return (long long)length;
}

int agent_file_write(const struct agent *agent, long long handle, const void *data, size_t length,
		     struct error *err)
{
	auto_free char *encoded = base64_encode(data, length);
	auto_free char *more = text_format(",\"buf-b64\":\"%s\"", encoded);
	auto_json struct json *answer = ask(agent, "guest-file-write", handle, more, err);

	if (!answer)
		return -1;
	if (json_get_unsigned(answer, "count") != length)
		return error_set(err, STATUS_FAILED,
				 "the guest took %llu of %zu bytes: is its disk full?",
				 json_get_unsigned(answer, "count"), length);
	return 0;
}

int agent_file_flush(const struct agent *agent, long long handle, struct error *err)
{
	auto_json struct json *answer = ask(agent, "guest-file-flush", handle, "", err);

	return answer ? 0 : -1;
}

int agent_file_close(const struct agent *agent, long long handle, struct error *err)
{
	auto_json struct json *answer =
		handle < 0 ? NULL : ask(agent, "guest-file-close", handle, "", err);

	return answer || handle < 0 ? 0 : -1;
}
