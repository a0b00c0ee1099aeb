// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/hints.h"

#include <libvirt/virterror.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "virt/agent_channel.h"
#include "virt/definition.h"
#include "virt/words.h"

// The job that a guest is in; false where there is none.
static bool hint_job(struct error *err, virDomainPtr domain)
{
	const char *name = virDomainGetName(domain);
	unsigned long long elapsed = 0;
	virTypedParameterPtr items = NULL;
	int type = VIR_DOMAIN_JOB_NONE, count = 0, operation = 0;

	if (virDomainGetJobStats(domain, &type, &items, &count, 0) < 0)
		return false;
	virTypedParamsGetInt(items, count, VIR_DOMAIN_JOB_OPERATION, &operation);
	virTypedParamsGetULLong(items, count, VIR_DOMAIN_JOB_TIME_ELAPSED, &elapsed);
	virTypedParamsFree(items, count);
	if (type != VIR_DOMAIN_JOB_BOUNDED && type != VIR_DOMAIN_JOB_UNBOUNDED)
		return false;
	error_hint(err,
		   "a job (%s) has had it for %.1f s: $vmctl domjobinfo -- '%s' shows how far it "
		   "is, $vmctl domjobabort -- '%s' ends it",
		   word_job_operation(operation), (double)elapsed / 1000.0, name, name);
	return true;
}

// Who keeps a guest to himself, so that others waited in vain.
static void hint_holder(struct error *err, virDomainPtr domain)
{
	const char *name = virDomainGetName(domain);
	virDomainControlInfo info;

	// Asks libvirt alone, which does not wait for the guest to be free.
	if (virDomainGetControlInfo(domain, &info, 0) < 0)
		return;
	if (info.state == VIR_DOMAIN_CONTROL_OCCUPIED)
		error_hint(err,
			   "another command has talked with its hypervisor for %.1f s: try again "
			   "later; $vmctl domcontrol -- '%s' tells whether it is free; where the "
			   "hypervisor hangs, $vmctl destroy -- '%s' ends it",
			   (double)info.stateTime / 1000.0, name, name);
	// A job that only waits, such as a backup that others fetch, leaves the guest free.
	else if (!hint_job(err, domain))
		error_hint(err, "it was busy for too long and is free now: try again");
}

// What a guest's definition, taken from elsewhere or made before an upgrade, asks for in vain.
static void hint_definition(struct error *err, virDomainPtr domain)
{
	auto_free char *xml = virDomainGetXMLDesc(domain, VIR_DOMAIN_XML_INACTIVE);

	if (xml)
		definition_hint_changed(err, domain, xml);
}

// Libvirt says of a paused guest, too, that it is not running.
static bool is_only_paused(const struct error *err, virDomainPtr domain)
{
	const char *said = err->reason ? err->reason : err->message;
	int state = VIR_DOMAIN_NOSTATE, why;

	return err->code == VIR_ERR_OPERATION_INVALID && strstr(said, "not running") &&
	       virDomainGetState(domain, &state, &why, 0) == 0 && state == VIR_DOMAIN_PAUSED &&
	       why == VIR_DOMAIN_PAUSED_USER;
}

int domain_hint(struct error *err, virDomainPtr domain)
{
	if (err->status == STATUS_CONFLICT && virDomainIsActive(domain) == 0)
		error_hint(err, "it is shut off; $vmctl start -- '%s' starts it",
			   virDomainGetName(domain));
	else if (is_only_paused(err, domain))
		error_hint(err, "it is paused; $vmctl resume -- '%s' lets it go on",
			   virDomainGetName(domain));
	else if (err->code == VIR_ERR_OPERATION_TIMEOUT)
		hint_holder(err, domain);
	else if (err->code == VIR_ERR_CONFIG_UNSUPPORTED)
		hint_definition(err, domain);
	else
		agent_channel_hint(err, domain);
	return -1;
}

int domain_hint_start(struct error *err, virDomainPtr domain)
{
	// What was asked of libvirt was wrong, and no guest.
	if (err->code == VIR_ERR_INVALID_ARG || err->code == VIR_ERR_NO_SUPPORT)
		return -1;
	if (!err->hint)
		hint_definition(err, domain);
	if (!err->hint)
		error_hint(err, "$vmctl why -- '%s' looks for the cause", virDomainGetName(domain));
	return -1;
}

int domain_refuse_off(virDomainPtr domain, struct error *err)
{
	if (virDomainIsActive(domain) != 0)
		return 0;
	error_set(err, STATUS_CONFLICT, "'%s' is not running", virDomainGetName(domain));
	return domain_hint(err, domain);
}

int pool_hint(struct error *err, virStoragePoolPtr pool)
{
	if (err->status == STATUS_CONFLICT && virStoragePoolIsActive(pool) == 0)
		error_hint(err, "it is not active; $vmctl pool-start -- '%s' starts it",
			   virStoragePoolGetName(pool));
	return -1;
}
