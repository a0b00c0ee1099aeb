// SPDX-License-Identifier: GPL-3.0-or-later
// A mirror of a running guest's disk.
#include <libvirt/libvirt.h>
#include <limits.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/domain/block_operation.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/markup.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/kinds.h"
#include "virt/parameters.h"

enum { XML_MOST = 10 << 20 };

// The XML of the disk that is written to; the caller's.
static char *target_xml(const struct call *call, struct error *err)
{
	const char *file = argument_text(call, "xml");
	bool block = argument_flag(call, "blockdev");
	auto_markup struct markup xml = {0};
	size_t length;

	if (file)
		return file_read(file, XML_MOST, &length, err);
	markup_add(&xml,
		   block ? "<disk type='block'>\n  <source dev='%s'/>\n"
			 : "<disk type='file'>\n  <source file='%s'/>\n",
		   argument_text(call, "dest"));
	markup_add(&xml, "  <driver type='%s'/>\n", argument_text(call, "format"));
	markup_add(&xml, "</disk>\n");
	return text_take(&xml.text);
}

static int begin_copy(struct call *call, const char *disk, unsigned long bandwidth,
		      struct error *err)
{
	auto_free char *xml = target_xml(call, err);
	auto_parameters struct parameter_values values = {0};
	long long granularity = argument_integer(call, "granularity");
	unsigned long long size = (unsigned long long)argument_integer(call, "buf-size");

	if (!xml)
		return -1;
	if (bandwidth && !argument_flag(call, "bytes")) {
		if (bandwidth > ULONG_MAX >> 20)
			return error_set(err, STATUS_USAGE, "bandwidth must be less than %lu",
					 ULONG_MAX >> 20);
		bandwidth <<= 20;
	}
	if (bandwidth)
		virTypedParamsAddULLong(&values.values, &values.count, &values.most,
					VIR_DOMAIN_BLOCK_COPY_BANDWIDTH, bandwidth);
	if (granularity)
		virTypedParamsAddUInt(&values.values, &values.count, &values.most,
				      VIR_DOMAIN_BLOCK_COPY_GRANULARITY, (unsigned)granularity);
	if (size)
		virTypedParamsAddULLong(&values.values, &values.count, &values.most,
					VIR_DOMAIN_BLOCK_COPY_BUF_SIZE, size);
	if (virDomainBlockCopy(call_domain(call), disk, xml, values.values, values.count,
			       argument_bits(call)) < 0)
		return virt_failure_plain(err);
	return 0;
}

static int blockcopy(struct call *call, struct error *err)
{
	static const struct operation copy = {
		.label = "Block Copy",
		.name = "Copy",
		.started = "Block Copy started",
		.kept = "finish",
		.kept_done = "\nSuccessfully copied",
		.in_step = "\nNow in mirroring phase",
		.waits = {"wait", "timeout", "pivot", "finish", NULL},
		.begin = begin_copy,
	};
	auto_free char *xml = NULL;

	if (!argument_flag(call, "print-xml"))
		return block_operate(call, &copy, err);
	xml = target_xml(call, err);
	if (!xml)
		return -1;
	report_document(call->report, "xml", xml);
	return 0;
}

static const struct option options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that is running"),
	BLOCK_DISK,
	TEXT("dest", NULL, "file or block device that is made"),
	BLOCK_BANDWIDTH,
	FLAG("shallow", VIR_DOMAIN_BLOCK_COPY_SHALLOW, "the copy has the same backing image"),
	FLAG("reuse-external", VIR_DOMAIN_BLOCK_COPY_REUSE_EXT, "the file is there already"),
	FLAG("blockdev", 0, "the copy is a block device"),
	BLOCK_WAIT("wait until the mirror is in step"),
	BLOCK_VERBOSE,
	BLOCK_TIMEOUT("longest time to wait before the job is aborted"),
	FLAG("pivot", 0, "wait, and let the guest use the copy then"),
	FLAG("finish", 0, "wait, and leave the copy as it is then"),
	BLOCK_ASYNC(0),
	TEXT("xml", NULL, "file with the XML of the disk that is written to"),
	CHOICE("format", image_formats, "format of the copy; default: that of the disk"),
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "granularity",
	 .most = UINT_MAX,
	 .help = "bytes that are copied at least at once, a power of two"},
	{.kind = OPTION_INTEGER,
	 .traits = POSITIONAL,
	 .name = "buf-size",
	 .most = LLONG_MAX,
	 .help = "bytes that are under way at most"},
	BLOCK_BYTES(0),
	FLAG("transient-job", VIR_DOMAIN_BLOCK_COPY_TRANSIENT_JOB,
	     "the job ends with the guest's run"),
	FLAG("synchronous-writes", VIR_DOMAIN_BLOCK_COPY_SYNCHRONOUS_WRITES,
	     "the guest's writes are done when both have them"),
	FLAG("print-xml", 0, "show the XML of the copy, and begin nothing"),
	NEWER_FLAG("dest-is-zero", VIR_DOMAIN_BLOCK_COPY_TARGET_ZEROED, 12002000,
		   "what is written to reads as zeroes already"),
	ALIAS("raw", "format=raw"),
	END,
};

static const struct field results[] = {
	FIELD("name", NULL, FIELD_TEXT, FIELD_ASKED, "its name"),
	FIELD("disk", NULL, FIELD_TEXT, FIELD_ASKED, "the disk, as it was called"),
	FIELD("state", NULL, FIELD_TEXT, FIELD_ASKED,
	      "of the job: started, ready, pivoted or finished"),
	FIELD("xml", NULL, FIELD_TEXT, FIELD_ASKED, "of the copy, with --print-xml"),
	FIELDS_END,
};

const struct command blockcopy_command = {
	.name = "blockcopy",
	.target = ONE_DOMAIN(BY_ANY),
	.options = options,
	.rules = (const struct rule[]){EXCLUSIVE("dest", "xml"), EXCLUSIVE("format", "xml"),
				       EXCLUSIVE("blockdev", "xml"), EXCLUSIVE("pivot", "finish"),
				       ANY_OF("dest", "xml"),
				       BLOCK_WAITED("timeout", "wait", "pivot", "finish"),
				       RULES_END},
	.results = results,
	.summary = "copy a disk of a running guest, and keep the copy in step",
	.run = blockcopy,
};
