// SPDX-License-Identifier: GPL-3.0-or-later
// The definition that is changed, as it is.
#include <libvirt/virterror.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/modify/modification.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/os.h"
#include "virt/failure.h"

enum { XML_MOST = 10 * 1024 * 1024 };

static void revision_clear(struct revision *revision)
{
	free(revision->given);
	free(revision->before);
	free(revision->after);
	free(revision->difference);
	changed_clear(&revision->changed);
	guest_free(revision->guest);
}

void modification_clear(struct modification *modification)
{
	list_clear(&modification->texts);
	storage_clear(&modification->storage);
	revision_clear(&modification->lasting);
	revision_clear(&modification->running);
	hypervisor_free(modification->host);
	os_free(modification->os);
}

// With its secrets, which would be lost otherwise; a connection that only reads does not give them,
// and changes nothing either.
static char *definition(virDomainPtr domain, unsigned flags, struct error *err)
{
	char *xml = virDomainGetXMLDesc(domain, flags | VIR_DOMAIN_XML_SECURE);

	if (!xml && virt_failed_with(VIR_ERR_OPERATION_DENIED))
		xml = virDomainGetXMLDesc(domain, flags);
	if (!xml)
		virt_failure(err, "cannot get the definition of '%s'", virDomainGetName(domain));
	return xml;
}

static int read_input(struct modification *modification, struct error *err)
{
	char *given = file_read_fd(STDIN_FILENO, "standard input", XML_MOST, NULL, err);

	if (!given)
		return -1;
	modification->lasting.given = given;
	if (!*text_strip(given))
		return error_set(err, STATUS_USAGE, "A domain must be specified");
	return 0;
}

// A guest that libvirt forgets when it stops has no definition of its own.
static int check_lasting(const struct modification *modification, struct error *err)
{
	bool asked = argument_flag(modification->call, "define");

	if (!modification->defines || asked || modification->call->context->peer ||
	    virDomainIsPersistent(modification->domain) != 0)
		return 0;
	error_set(err, STATUS_CONFLICT, "guest '%s' is transient: it has no definition",
		  modification->name);
	return error_hint(err, "--update --no-define changes it as it runs; --define makes it "
			       "permanent");
}

int look_at_guest(struct modification *modification, struct error *err)
{
	virDomainPtr domain = modification->domain;

	if (!domain && modification->change.verb != CHANGE_BUILD)
		return read_input(modification, err);
	if (!domain) {
		modification->lasting.given = text_copy("<domain/>");
		return 0;
	}
	modification->name = virDomainGetName(domain);
	if (check_lasting(modification, err) < 0)
		return -1;
	modification->lasting.given = definition(domain, VIR_DOMAIN_XML_INACTIVE, err);
	if (!modification->lasting.given)
		return -1;
	if (virDomainIsActive(domain) == 1)
		modification->running.given = definition(domain, 0, err);
	return virDomainIsActive(domain) == 1 && !modification->running.given ? -1 : 0;
}

int look_again(struct modification *modification, struct error *err)
{
	auto_free char *now = NULL;

	if (!modification->domain)
		return 0;
	now = definition(modification->domain, VIR_DOMAIN_XML_INACTIVE, err);
	if (!now)
		return -1;
	if (text_equal(now, modification->lasting.given))
		return 0;
	error_set(err, STATUS_CONFLICT,
		  "the definition of '%s' was changed by somebody else meanwhile",
		  modification->name);
	return error_hint(err, "run the command again: it reads the definition anew");
}
