// SPDX-License-Identifier: GPL-3.0-or-later
// A guest moves to another host.
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <limits.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/connection.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/job.h"
#include "virt/kinds.h"
#include "virt/parameters.h"

enum { XML_MOST = 10 << 20 };

// clang-format off
#define MIGRATION(SET, SHOW) \
	SET("migrateuri", VIR_MIGRATE_PARAM_URI, TEXT, "where the hypervisor there listens, such as tcp://HOST") \
	SET("graphicsuri", VIR_MIGRATE_PARAM_GRAPHICS_URI, TEXT, "where clients of the display find it then") \
	SET("listen-address", VIR_MIGRATE_PARAM_LISTEN_ADDRESS, TEXT, "address on which the other host listens") \
	SET("dname", VIR_MIGRATE_PARAM_DEST_NAME, TEXT, "the guest's name there")
#define MIGRATION_DISKS(SET, SHOW) \
	SET("disks-port", VIR_MIGRATE_PARAM_DISKS_PORT, INTEGER, "port of the other host for disks") \
	SET("disks-uri", VIR_MIGRATE_PARAM_DISKS_URI, TEXT, "where the other host listens for disks")
#define MIGRATION_PACKING(SET, SHOW) \
	SET("comp-mt-level", VIR_MIGRATE_PARAM_COMPRESSION_MT_LEVEL, INTEGER, "level of compression by threads") \
	SET("comp-mt-threads", VIR_MIGRATE_PARAM_COMPRESSION_MT_THREADS, INTEGER, "threads that compress") \
	SET("comp-mt-dthreads", VIR_MIGRATE_PARAM_COMPRESSION_MT_DTHREADS, INTEGER, "threads that decompress") \
	SET("comp-xbzrle-cache", VIR_MIGRATE_PARAM_COMPRESSION_XBZRLE_CACHE, LONG, "bytes of the cache of xbzrle") \
	SET("auto-converge-initial", VIR_MIGRATE_PARAM_AUTO_CONVERGE_INITIAL, INTEGER, "percent that the CPUs are first slowed down by") \
	SET("auto-converge-increment", VIR_MIGRATE_PARAM_AUTO_CONVERGE_INCREMENT, INTEGER, "percent that is added each time")
#define MIGRATION_SPEED(SET, SHOW) \
	SET("postcopy-bandwidth", VIR_MIGRATE_PARAM_BANDWIDTH_POSTCOPY, LONG, "MiB a second at most, after the switch to post-copy")
#define MIGRATION_LANES(SET, SHOW) \
	SET("parallel-connections", VIR_MIGRATE_PARAM_PARALLEL_CONNECTIONS, INTEGER, "connections side by side") \
	SET("bandwidth", VIR_MIGRATE_PARAM_BANDWIDTH, LONG, "MiB a second at most") \
	SET("tls-destination", VIR_MIGRATE_PARAM_TLS_DESTINATION, TEXT, "host name that the certificate there must have")
// Each with the libvirt that it needs.
#define MIGRATION_NEWER(NEW) \
	NEW("comp-zlib-level", VIR_MIGRATE_PARAM_COMPRESSION_ZLIB_LEVEL, INTEGER, 9004000, "level of compression by zlib") \
	NEW("comp-zstd-level", VIR_MIGRATE_PARAM_COMPRESSION_ZSTD_LEVEL, INTEGER, 9004000, "level of compression by zstd") \
	NEW("available-switchover-bandwidth", VIR_MIGRATE_PARAM_BANDWIDTH_AVAIL_SWITCHOVER, LONG, 11001000, "MiB a second that there will be for the rest, for QEMU to reckon with")
#define NEWER_OPTION(option_, field_, form_, since_, help_) \
	{ PARAMETER_TYPED_##form_, .name = (option_), .since = (since_), .help = (help_) },
#define NEWER_ROW(option_, field_, form_, since_, help_) PARAMETER_SET(option_, field_, form_, help_)
// clang-format on

static const struct parameter rows[] = {
	PARAMETER_ROWS(MIGRATION) PARAMETER_ROWS(MIGRATION_DISKS) PARAMETER_ROWS(MIGRATION_PACKING)
		PARAMETER_ROWS(MIGRATION_SPEED) PARAMETER_ROWS(MIGRATION_LANES)
			MIGRATION_NEWER(NEWER_ROW) PARAMETERS_END};

// What the thread that migrates uses.
struct migration {
	virDomainPtr domain;
	virConnectPtr there; // NULL: the host here connects to it
	char *uri;
	struct parameter_values parameters;
	unsigned flags;
	bool switches; // to post-copy after the first pass
	bool switched;
	bool by_time; // the timeout switches to post-copy; else it suspends the guest
};

static void release(void *data)
{
	struct migration *migration = data;

	parameters_clear(&migration->parameters);
	if (migration->there)
		virConnectClose(migration->there);
	virDomainFree(migration->domain);
	free(migration->uri);
	free(migration);
}

static int work(void *data, struct error *err)
{
	struct migration *migration = data;
	struct parameter_values *parameters = &migration->parameters;
	virDomainPtr moved;

	if (!migration->there) {
		if (virDomainMigrateToURI3(migration->domain, migration->uri, parameters->values,
					   (unsigned)parameters->count, migration->flags) < 0)
			return virt_failure_plain(err);
		return 0;
	}
	moved = virDomainMigrate3(migration->domain, migration->there, parameters->values,
				  (unsigned)parameters->count, migration->flags);
	if (!moved)
		return virt_failure_plain(err);
	virDomainFree(moved);
	return 0;
}

static void start_postcopy(struct call *call, struct migration *migration)
{
	auto_error struct error failed = {0};

	if (migration->switched)
		return;
	migration->switched = true;
	if (virDomainMigrateStartPostCopy(migration->domain, 0) == 0)
		return;
	virt_failure(&failed, "switching to post-copy failed");
	call_error(call, &failed);
}

static void late(struct call *call, void *data)
{
	struct migration *migration = data;

	if (migration->by_time) {
		call_note(call, "migration timed out; switching to post-copy");
		start_postcopy(call, migration);
		return;
	}
	call_note(call, "migration timed out; suspending domain");
	// With its CPUs stopped the rest of its memory stays as it is.
	if (virDomainSuspend(migration->domain) < 0)
		virResetLastError();
}

static void look(struct call *call, void *data)
{
	struct migration *migration = data;
	virTypedParameterPtr values = NULL;
	unsigned long long iteration = 0;
	int type, count = 0;

	if (!migration->switches || migration->switched)
		return;
	if (virDomainGetJobStats(migration->domain, &type, &values, &count, 0) < 0)
		virResetLastError();
	virTypedParamsGetULLong(values, count, VIR_DOMAIN_JOB_MEMORY_ITERATION, &iteration);
	virTypedParamsFree(values, count);
	if (iteration > 1)
		start_postcopy(call, migration);
}

// Each of the names in the option's list.
static int add_names(const struct call *call, const char *option, const char *field,
		     struct parameter_values *parameters, struct error *err)
{
	const char *typed = argument_text(call, option);
	auto_list struct list names = {0};

	if (!typed)
		return 0;
	names = list_split(typed, ",");
	for (size_t i = 0; i < names.count; i++)
		if (parameters_text(parameters, field, VIR_TYPED_PARAM_STRING, names.items[i],
				    err) < 0)
			return -1;
	return 0;
}

static int add_file(const struct call *call, const char *option, const char *field,
		    struct parameter_values *parameters, struct error *err)
{
	const char *path = argument_text(call, option);
	auto_free char *xml = NULL;
	size_t length;

	if (!path)
		return 0;
	xml = file_read(path, XML_MOST, &length, err);
	if (!xml)
		return error_wrap(err, "cannot read file '%s'", path);
	return parameters_text(parameters, field, VIR_TYPED_PARAM_STRING, xml, err);
}

static int collect(struct call *call, struct parameter_values *parameters, struct error *err)
{
	if (parameters_collect(parameters, call, rows, err) < 0 ||
	    add_names(call, "migrate-disks", VIR_MIGRATE_PARAM_MIGRATE_DISKS, parameters, err) <
		    0 ||
	    add_names(call, "migrate-disks-detect-zeroes",
		      VIR_MIGRATE_PARAM_MIGRATE_DISKS_DETECT_ZEROES, parameters, err) < 0 ||
	    add_names(call, "comp-methods", VIR_MIGRATE_PARAM_COMPRESSION, parameters, err) < 0 ||
	    add_file(call, "xml", VIR_MIGRATE_PARAM_DEST_XML, parameters, err) < 0 ||
	    add_file(call, "persistent-xml", VIR_MIGRATE_PARAM_PERSIST_XML, parameters, err) < 0)
		return -1;
	return 0;
}

static int open_there(struct call *call, struct migration *migration, struct error *err)
{
	struct connection_options options = {.uri = migration->uri,
					     .ask = !call->context->line,
					     .cancel = call->cancel,
					     .keepalive_interval = 5,
					     .keepalive_count = 6};

	if (migration->flags & VIR_MIGRATE_PEER2PEER || argument_flag(call, "direct"))
		return 0;
	migration->there = connection_open(&options, err);
	return migration->there ? 0 : error_wrap(err, "cannot connect to the other host");
}

static int migrate(struct call *call, struct error *err)
{
	struct migration *migration = memory_new(1, sizeof(*migration));
	struct job job = {.label = "Migration",
			  .verbose = argument_flag(call, "verbose"),
			  .timeout = argument_integer(call, "timeout") * 1000,
			  .work = work,
			  .late = late,
			  .look = look,
			  .data = migration,
			  .release = release};

	migration->domain = call_domain(call);
	virDomainRef(migration->domain);
	migration->uri = text_copy(argument_text(call, "desturi"));
	migration->flags = argument_bits(call);
	migration->switches = argument_flag(call, "postcopy-after-precopy");
	migration->by_time = argument_flag(call, "timeout-postcopy");
	if (collect(call, &migration->parameters, err) < 0 ||
	    open_there(call, migration, err) < 0) {
		release(migration);
		return -1;
	}
	report_value(call->report, "name", value_text(call_name(call)));
	report_value(call->report, "destination", value_text(argument_text(call, "desturi")));
	return job_run(call, call_domain(call), &job, err);
}

// clang-format off
static const struct option options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest that moves"),
	NEEDED("desturi", NULL, "URI of the other host: as it is called here, or with --p2p by the host of the guest"),
	FLAG("live", VIR_MIGRATE_LIVE, "keep it running while it moves"),
	FLAG("offline", VIR_MIGRATE_OFFLINE, "move the definition of a guest that is shut off"),
	FLAG("p2p", VIR_MIGRATE_PEER2PEER, "its host speaks with the other one"),
	FLAG("direct", 0, "the hypervisor does it alone"),
	FLAG("tunnelled", VIR_MIGRATE_TUNNELLED, "over the connection of the two libvirt daemons"),
	ALIAS("tunneled", "tunnelled"),
	FLAG("persistent", VIR_MIGRATE_PERSIST_DEST, "define it on the other host"),
	FLAG("undefinesource", VIR_MIGRATE_UNDEFINE_SOURCE, "undefine it here"),
	FLAG("suspend", VIR_MIGRATE_PAUSED, "leave it paused there"),
	FLAG("copy-storage-all", VIR_MIGRATE_NON_SHARED_DISK, "copy its disks"),
	FLAG("copy-storage-inc", VIR_MIGRATE_NON_SHARED_INC, "copy what is above the backing images that both hosts have"),
	FLAG("copy-storage-synchronous-writes", VIR_MIGRATE_NON_SHARED_SYNCHRONOUS_WRITES, "its writes are done when both hosts have them"),
	FLAG("change-protection", VIR_MIGRATE_CHANGE_PROTECTION, "nobody changes its configuration meanwhile"),
	FLAG("unsafe", VIR_MIGRATE_UNSAFE, "even where it may lose data"),
	FLAG("verbose", 0, "show a bar"),
	FLAG("compressed", VIR_MIGRATE_COMPRESSED, "compress its memory"),
	FLAG("auto-converge", VIR_MIGRATE_AUTO_CONVERGE, "slow its CPUs down until its memory can be followed"),
	FLAG("rdma-pin-all", VIR_MIGRATE_RDMA_PIN_ALL, "pin all memory for RDMA"),
	FLAG("abort-on-error", VIR_MIGRATE_ABORT_ON_ERROR, "end it when a disk of the guest fails meanwhile"),
	FLAG("postcopy", VIR_MIGRATE_POSTCOPY, "allow that it runs there before all its memory has come"),
	FLAG("postcopy-after-precopy", 0, "let it run there after the first pass"),
	FLAG("postcopy-resume", VIR_MIGRATE_POSTCOPY_RESUME, "go on with a post-copy that broke"),
	FLAG("zerocopy", VIR_MIGRATE_ZEROCOPY, "send its memory without copies"),
	PARAMETER_OPTIONS(MIGRATION)
	{ .kind = OPTION_INTEGER, .traits = POSITIONAL, .name = "timeout", .least = 1, .most = 2147483, .help = "seconds until the guest is suspended, so that its migration can end" },
	FLAG("timeout-suspend", 0, "suspend it after the timeout"),
	FLAG("timeout-postcopy", 0, "let it run there after the timeout"),
	TEXT("xml", NULL, "file with its XML as it is to be there"),
	TEXT("migrate-disks", domain_disks, "disks to copy, comma-separated"),
	PARAMETER_OPTIONS(MIGRATION_DISKS)
	CHOICE("comp-methods", compression_methods, "methods of compression, comma-separated"),
	PARAMETER_OPTIONS(MIGRATION_PACKING)
	TEXT("persistent-xml", NULL, "file with the XML of its definition there"),
	FLAG("tls", VIR_MIGRATE_TLS, "encrypt it"),
	PARAMETER_OPTIONS(MIGRATION_SPEED)
	FLAG("parallel", VIR_MIGRATE_PARALLEL, "over several connections"),
	PARAMETER_OPTIONS(MIGRATION_LANES)
	MIGRATION_NEWER(NEWER_OPTION)
	{ .kind = OPTION_TEXT, .name = "migrate-disks-detect-zeroes", .since = 10009000, .candidates = domain_disks, .help = "disks whose zeroes are not sent, comma-separated" },
	END,
};
// clang-format on

static const struct rule rules[] = {
	EXCLUSIVE("live", "offline"),
	EXCLUSIVE("timeout-suspend", "timeout-postcopy"),
	REQUIRES("postcopy-after-precopy", "postcopy"),
	REQUIRES("postcopy-resume", "postcopy"),
	REQUIRES("timeout-postcopy", "postcopy"),
	REQUIRES("timeout-suspend", "timeout"),
	REQUIRES("timeout-postcopy", "timeout"),
	REQUIRES("timeout", "live"),
	REQUIRES("persistent-xml", "persistent"),
	REQUIRES("tls-destination", "tls"),
	REQUIRES_ANY("copy-storage-synchronous-writes", "copy-storage-all", "copy-storage-inc"),
	RULES_END,
};

static const struct field results[] = {
	NAME_FIELD,
	FIELD("destination", NULL, FIELD_TEXT, 0, "URI of the host that it is on now"),
	FIELDS_END,
};

const struct command migrate_command = {
	.name = "migrate",
	.target = ONE_DOMAIN(BY_ANY),
	.options = options,
	.rules = rules,
	.results = results,
	.summary = "move a guest to another host",
	.description = "Moves a guest to another host, running with --live. ^C ends the migration, "
		       "and the "
		       "guest stays where it is.",
	.run = migrate,
};
