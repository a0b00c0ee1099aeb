// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-img/wanted.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-img/catalogue.h"
#include "cmd/vm-img/signature.h"
#include "download/checksum.h"
#include "download/curl.h"

// Where the distribution signs its checksums and its keys are here, the mirror need not be trusted.
static int check_signature(struct call *call, struct wanted *wanted, const char *sums,
			   struct error *err)
{
	const struct catalogue_entry *entry = wanted->entry;
	auto_free char *url = NULL, *signature = NULL;
	size_t length = 0;

	if (!entry || !entry->signature) {
		call_warning(call,
			     "no signature of the checksums of '%s' is published: whoever "
			     "serves them is trusted",
			     wanted->file);
		return 0;
	}
	if (!signature_can_be_verified(entry->keyring)) {
		call_warning(call,
			     "the signature of the checksums of '%s' is not verified: that "
			     "needs the packages gpgv and %s",
			     wanted->file, entry->package);
		return 0;
	}
	url = text_format("%.*s/%s", (int)(strrchr(wanted->sums_url, '/') - wanted->sums_url),
			  wanted->sums_url, entry->signature);
	signature = curl_bytes(url, &length, err);
	if (!signature || signature_verify(entry->keyring, sums, signature, length, err) < 0)
		return -1;
	wanted->is_signed = true;
	return 0;
}

int wanted_find_checksum(struct call *call, struct wanted *wanted, struct error *err)
{
	const char *given = argument_text(call, "checksum");
	auto_free char *sums = NULL, *masked = NULL;

	if (given) {
		wanted->checksum = checksum_canonical(given);
		return wanted->checksum ? 0
					: error_set(err, STATUS_USAGE,
						    "'%s' is neither SHA-256 nor SHA-512", given);
	}
	if (!wanted->sums_url || argument_flag(call, "offline"))
		return 0;
	sums = curl_bytes(wanted->sums_url, NULL, err);
	if (!sums || check_signature(call, wanted, sums, err) < 0)
		return -1;
	wanted->checksum = checksum_find(sums, wanted->file);
	if (wanted->checksum)
		return 0;
	masked = curl_masked(wanted->sums_url);
	return error_set(err, STATUS_FAILED, "'%s' has no checksum of '%s'", masked, wanted->file);
}

void wanted_clear(struct wanted *wanted)
{
	free(wanted->url);
	free(wanted->sums_url);
	free(wanted->checksum);
	free(wanted->cache);
	free(wanted->name);
	free(wanted->path);
	if (wanted->directory >= 0)
		close(wanted->directory);
}
