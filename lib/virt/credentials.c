// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/credentials.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

// A line, byte by byte: what follows it is not ours.
static char *read_answer(void)
{
	struct text answer = {0};
	char byte;

	while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
		text_append_char(&answer, byte);
	return text_take(&answer);
}

static int answer_one(virConnectCredentialPtr credential, FILE *prompts)
{
	// That one libvirt settles with polkit.
	if (credential->type == VIR_CRED_EXTERNAL)
		return virConnectAuthPtrDefault->cb(credential, 1,
						    virConnectAuthPtrDefault->cbdata);
	fprintf(prompts, "%s: ", credential->prompt);
	fflush(prompts);
	credential->result = read_answer();
	if (!*credential->result && credential->defresult) {
		free(credential->result);
		credential->result = text_copy(credential->defresult);
	}
	credential->resultlen = (unsigned)strlen(credential->result);
	return 0;
}

static int answer_all(virConnectCredentialPtr credentials, unsigned count, void *prompts)
{
	for (unsigned i = 0; i < count; i++)
		if (answer_one(&credentials[i], prompts) < 0)
			return -1;
	return 0;
}

void credentials_prepare(virConnectAuthPtr auth, FILE *prompts)
{
	*auth = *virConnectAuthPtrDefault;
	auth->cb = answer_all;
	auth->cbdata = prompts;
}
