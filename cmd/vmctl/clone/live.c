// SPDX-License-Identifier: GPL-3.0-or-later
// The disks of a guest that runs, as they were at one moment: QEMU copies them itself by a backup
// job, which begins at once for all of them. Where an agent answers, the file systems stand still
// at that moment.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/arguments.h"
#include "cli/call.h"
#include "cmd/vmctl/clone/cloner.h"
#include "cmd/vmctl/domain/device.h"
#include "image/image.h"
#include "virt/failure.h"
#include "virt/job.h"
#include "xml/document.h"
#include "xml/path.h"

enum { INTERVAL = 200 }; // milliseconds between looks at the job

// <domainbackup> with the disks that are copied; those it does not name would be copied too.
static char *backup_xml(const struct cloner *cloner)
{
	auto_xml struct xml *xml = xml_new("domainbackup");
	struct xml_element *disks = path_create(xml_root(xml), "disks");

	path_set(xml_root(xml), "@mode", "push");
	for (size_t i = 0; i < cloner->copying.count; i++) {
		const struct copy *copy = &cloner->copying.copies[i];
		struct xml_element *disk;

		if (!copy->target)
			continue;
		disk = xml_append(disks, "disk");
		path_set(disk, "@name", copy->target);
		path_set(disk, "@backup", copy->method == METHOD_BACKUP ? "yes" : "no");
		if (copy->method != METHOD_BACKUP)
			continue;
		path_set(disk, "@type", text_begins(copy->path, "/dev/") ? "block" : "file");
		path_set(disk, text_begins(copy->path, "/dev/") ? "target/@dev" : "target/@file",
			 copy->path);
		path_set(disk, "driver/@type", copy->format ? copy->format : IMAGE_RAW);
	}
	return xml_string(xml);
}

// A copy that is being made, of two owners: who waits for it, and the thread that is at it.
struct live {
	atomic_int owners;
	virDomainPtr domain;
	char *xml;
	bool freeze;
	long long frozen; // milliseconds; -1: not at all
};

static void drop(void *data)
{
	struct live *live = data;

	if (atomic_fetch_sub(&live->owners, 1) > 1)
		return;
	virDomainFree(live->domain);
	free(live->xml);
	free(live);
}

static int begin(struct live *live, struct error *err)
{
	virDomainPtr domain = live->domain;
	long long begun = clock_milliseconds();
	bool frozen = live->freeze && virDomainFSFreeze(domain, NULL, 0, 0) >= 0;
	int failed = virDomainBackupBegin(domain, live->xml, NULL,
					  VIR_DOMAIN_BACKUP_BEGIN_REUSE_EXTERNAL);

	if (failed)
		virt_failure(err, "the disks of '%s' cannot be copied while it runs",
			     virDomainGetName(domain));
	// The moment is over as soon as the job has begun.
	if (frozen && virDomainFSThaw(domain, NULL, 0, 0) < 0) {
		if (!failed)
			virDomainAbortJob(domain);
		virt_failure(err, "the file systems of '%s' stay frozen", virDomainGetName(domain));
		return error_hint(err, "$vmctl domfsthaw -- '%s'", virDomainGetName(domain));
	}
	live->frozen = frozen ? clock_milliseconds() - begun : -1;
	return failed;
}

// How the job that is over has ended.
static int judge(virDomainPtr domain, struct error *err)
{
	virTypedParameterPtr statistics = NULL;
	int type, count = 0, success = 0;
	const char *message = NULL;

	if (virDomainGetJobStats(domain, &type, &statistics, &count,
				 VIR_DOMAIN_JOB_STATS_COMPLETED) < 0)
		return virt_failure(err, "it cannot be told how the copy ended");
	virTypedParamsGetBoolean(statistics, count, VIR_DOMAIN_JOB_SUCCESS, &success);
	virTypedParamsGetString(statistics, count, VIR_DOMAIN_JOB_ERRMSG, &message);
	if (!success)
		error_set(err, STATUS_FAILED, "the guest's disks were not copied: %s",
			  message ? message : "the job was ended");
	virTypedParamsFree(statistics, count);
	return success ? 0 : -1;
}

static int copy(void *data, struct error *err)
{
	struct live *live = data;
	virDomainJobInfo info;

	if (begin(live, err) < 0)
		return -1;
	do {
		poll(NULL, 0, INTERVAL);
		if (virDomainGetJobInfo(live->domain, &info) < 0)
			return virt_failure(err, "it cannot be told how the copy ended");
	} while (info.type == VIR_DOMAIN_JOB_BOUNDED || info.type == VIR_DOMAIN_JOB_UNBOUNDED);
	return judge(live->domain, err);
}

int live_copy(struct cloner *cloner, struct error *err)
{
	struct live *live = memory_new(1, sizeof(*live));
	struct job job = {.label = "Clone",
			  .verbose = !cloner->call->arguments->quiet &&
				     isatty(fileno(cloner->call->context->errors)),
			  .work = copy,
			  .data = live,
			  .release = drop};
	int failed;

	*live = (struct live){.owners = 2,
			      .domain = cloner->domain,
			      .xml = backup_xml(cloner),
			      .freeze = device_agent_connected(cloner->domain),
			      .frozen = -1};
	virDomainRef(cloner->domain);
	failed = job_run(cloner->call, cloner->domain, &job, err);
	if (!failed)
		cloner->frozen = live->frozen;
	drop(live);
	return failed;
}
