// SPDX-License-Identifier: GPL-3.0-or-later
// Memory pages that the host shares between guests (KSM).
#include "base/error.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/parameters.h"
#include "virt/session.h"

// clang-format off
#define SHARING(SET, SHOW) \
	SET("shm-pages-to-scan", VIR_NODE_MEMORY_SHARED_PAGES_TO_SCAN, NUMBER, "pages to scan before the scanner sleeps") \
	SET("shm-sleep-millisecs", VIR_NODE_MEMORY_SHARED_SLEEP_MILLISECS, NUMBER, "milliseconds that it sleeps then") \
	SHOW(VIR_NODE_MEMORY_SHARED_PAGES_SHARED, LONG, "shared pages") \
	SHOW(VIR_NODE_MEMORY_SHARED_PAGES_SHARING, LONG, "pages that were saved by sharing") \
	SHOW(VIR_NODE_MEMORY_SHARED_PAGES_UNSHARED, LONG, "pages that are looked at again and again") \
	SHOW(VIR_NODE_MEMORY_SHARED_PAGES_VOLATILE, LONG, "pages that change too fast to be shared") \
	SHOW(VIR_NODE_MEMORY_SHARED_FULL_SCANS, LONG, "how often all memory was scanned") \
	SET("shm-merge-across-nodes", VIR_NODE_MEMORY_SHARED_MERGE_ACROSS_NODES, NUMBER, "1: share between NUMA nodes too, 0: do not")
// clang-format on

PARAMETERS_ASK(ask_sharing, virNodeGetMemoryParameters(session_connection(call), values, count, 0))
PARAMETERS_SET(set_sharing, virNodeSetMemoryParameters(session_connection(call), values, count, 0))

static void report_head(struct call *call)
{
	report_heading(call->report, "Shared memory:\n");
}

static const struct parameter sharing_rows[] = {PARAMETER_ROWS(SHARING) PARAMETERS_END};
static const struct field sharing_results[] = {PARAMETER_RESULTS(SHARING) FIELDS_END};
static const struct option sharing_options[] = {PARAMETER_OPTIONS(SHARING) END};

const struct command node_memory_tune_command = {
	.name = "node-memory-tune",
	.options = sharing_options,
	TUNES(sharing_results, .rows = sharing_rows, .titles = "\t", .ask = ask_sharing,
	      .set = set_sharing, .head = report_head, .getting = "Unable to get memory parameters",
	      .setting = "Unable to change memory parameters"),
	.summary = "show or set how the host shares equal memory pages of guests",
};
