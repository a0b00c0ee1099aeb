// SPDX-License-Identifier: GPL-3.0-or-later
// Making the clone, and taking it back.
#include <libvirt/libvirt.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/interrupt.h"
#include "cli/argument.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cmd/vmctl/clone/cloner.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "output/progress.h"
#include "virt/cleanup.h"
#include "virt/definition.h"
#include "virt/failure.h"

enum {
	// What of the guest's belongs to libvirt goes with it; its NVRAM may be the clone's.
	UNDEFINE = VIR_DOMAIN_UNDEFINE_MANAGED_SAVE | VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA |
		   VIR_DOMAIN_UNDEFINE_CHECKPOINTS_METADATA,
};

void cloner_clear(struct cloner *cloner)
{
	copying_clear(&cloner->copying);
	storage_clear(&cloner->storage);
	guest_free(cloner->guest);
	hypervisor_free(cloner->host);
	list_clear(&cloner->notes);
	list_clear(&cloner->reset);
	if (cloner->made)
		virDomainFree(cloner->made);
	free(cloner->original);
	free(cloner->name);
	free(cloner->snapshot);
	free(cloner->seed);
	free(cloner->replaced);
	*cloner = (struct cloner){0};
}

static void hear(void *data, unsigned long long done)
{
	progress_bytes(data, done);
}

static struct progress *bar(struct cloner *cloner)
{
	if (cloner->call->arguments->quiet)
		return NULL;
	return progress_new(cloner->call->context->errors, "Clone",
			    copying_total(&cloner->copying));
}

static int make_disks(struct cloner *cloner, struct error *err)
{
	struct copying *copying = &cloner->copying;
	auto_progress struct progress *progress = bar(cloner);
	bool live = false;

	copying->listener = (struct sparse_listener){progress ? hear : NULL, progress};
	if (copying_make(copying, err) < 0)
		return -1;
	for (size_t i = 0; i < copying->count; i++)
		live = live || copying->copies[i].method == METHOD_BACKUP;
	return live ? live_copy(cloner, err) : 0;
}

static int undefine(virDomainPtr domain)
{
	// Not every driver knows all of that.
	return virDomainUndefineFlags(domain, UNDEFINE | VIR_DOMAIN_UNDEFINE_KEEP_NVRAM) == 0
		       ? 0
		       : virDomainUndefine(domain);
}

// The guest that --replace means goes when all that can fail before is done.
static int remove_old(struct cloner *cloner, struct error *err)
{
	auto_domain virDomainPtr old = NULL;

	if (!argument_flag(cloner->call, "replace"))
		return 0;
	old = virDomainLookupByName(cloner->connection, cloner->name);
	if (!old)
		return 0;
	cloner->replaced =
		virDomainGetXMLDesc(old, VIR_DOMAIN_XML_SECURE | VIR_DOMAIN_XML_INACTIVE);
	if (virDomainIsActive(old) == 1 && virDomainDestroy(old) < 0)
		return virt_failure(err, "Could not remove old vm '%s'", cloner->name);
	if (virDomainIsPersistent(old) == 1 && undefine(old) < 0)
		return virt_failure(err, "Could not remove old vm '%s'", cloner->name);
	return 0;
}

static int define(struct cloner *cloner, struct error *err)
{
	auto_free char *xml = guest_xml(cloner->guest, PHASE_LASTING);

	cloner->made = virDomainDefineXML(cloner->connection, xml);
	if (cloner->made)
		return 0;
	virt_failure(err, "cannot define the clone '%s'", cloner->name);
	definition_hint(err, cloner->connection, xml);
	return -1;
}

static int make(struct cloner *cloner, struct error *err)
{
	if (make_disks(cloner, err) < 0 || reset_make_seed(cloner, err) < 0 ||
	    interrupt_check(err) < 0 || remove_old(cloner, err) < 0 || define(cloner, err) < 0)
		return -1;
	return reset_by_agent(cloner, err);
}

static void undo(struct cloner *cloner)
{
	if (cloner->made) {
		if (virDomainIsActive(cloner->made) == 1)
			virDomainDestroy(cloner->made);
		if (virDomainUndefineFlags(cloner->made, VIR_DOMAIN_UNDEFINE_NVRAM) < 0)
			virDomainUndefine(cloner->made);
		virDomainFree(cloner->made);
		cloner->made = NULL;
	}
	storage_undo(&cloner->storage);
	if (cloner->replaced) {
		virDomainPtr old = virDomainDefineXML(cloner->connection, cloner->replaced);

		if (old)
			virDomainFree(old);
	}
}

int make_clone(struct cloner *cloner, struct error *err)
{
	int failed;

	interrupt_hold();
	failed = make(cloner, err);
	// A signal that came with the last step means: not this guest.
	if (!failed)
		failed = interrupt_check(err);
	if (failed)
		undo(cloner);
	interrupt_let();
	return failed;
}
