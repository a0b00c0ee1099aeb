// SPDX-License-Identifier: GPL-3.0-or-later
// Storage volumes: resized, wiped, deleted.
#include "base/error.h"
#include "base/list.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/engine.h"
#include "virt/failure.h"

ACT(delete, virStorageVolDelete(object, bits))
const struct command vol_delete_command = {
	.name = "vol-delete",
	.summary = "delete a volume and its data",
	.target = MANY_VOLUMES_ASKED,
	.options = (const struct option[]){VOLUME, IN_POOL,
					   FLAG("delete-snapshots",
						VIR_STORAGE_VOL_DELETE_WITH_SNAPSHOTS,
						"its snapshots too, where the pool has such"),
					   END},
	DOES(.act = delete, .failed = "Failed to delete vol %s", .done = "Vol %s deleted",
	     .typed = true),
};

static int vol_resize(struct call *call, struct error *err)
{
	static const struct size_format format = {.unit = 1, .most = ~0ULL};
	virStorageVolPtr volume = call_volume(call);
	const char *size = argument_text(call, "capacity"), *how;
	unsigned flags = argument_bits(call);
	unsigned long long bytes;

	if (*size == '-') {
		if (!argument_flag(call, "shrink"))
			return error_set(err, STATUS_USAGE, "negative size requires --shrink");
		flags |= VIR_STORAGE_VOL_RESIZE_DELTA;
		size++;
	}
	if (size_parse(size, format, &bytes, err) < 0)
		return -1;
	how = flags & VIR_STORAGE_VOL_RESIZE_DELTA ? "by" : "to";
	if (virStorageVolResize(volume, bytes, flags) < 0)
		return virt_failure(err, "Failed to change size of volume '%s' %s %s",
				    virStorageVolGetName(volume), how, size);
	report_value(call->report, "name", value_text(call_name(call)));
	report_message(call->report, "Size of volume '%s' successfully changed %s %s\n",
		       call_name(call), how, size);
	return 0;
}

static const struct option resize_options[] = {
	VOLUME,
	NEEDED("capacity", NULL, "its new size, in bytes or with a unit such as 2G"),
	IN_POOL,
	FLAG("allocate", VIR_STORAGE_VOL_RESIZE_ALLOCATE, "allocate what is added"),
	FLAG("delta", VIR_STORAGE_VOL_RESIZE_DELTA, "the size is added to what it has"),
	FLAG("shrink", VIR_STORAGE_VOL_RESIZE_SHRINK,
	     "it may lose data at its end; a negative size is taken off"),
	END,
};

const struct command vol_resize_command = {
	.name = "vol-resize",
	.summary = "change the size of a volume that no guest uses",
	.target = VOLUME_TARGET,
	.options = resize_options,
	.results = named_results,
	.run = vol_resize,
};

static const char *const algorithms[] = {
	[VIR_STORAGE_VOL_WIPE_ALG_ZERO] = "zero",
	[VIR_STORAGE_VOL_WIPE_ALG_NNSA] = "nnsa",
	[VIR_STORAGE_VOL_WIPE_ALG_DOD] = "dod",
	[VIR_STORAGE_VOL_WIPE_ALG_BSI] = "bsi",
	[VIR_STORAGE_VOL_WIPE_ALG_GUTMANN] = "gutmann",
	[VIR_STORAGE_VOL_WIPE_ALG_SCHNEIER] = "schneier",
	[VIR_STORAGE_VOL_WIPE_ALG_PFITZNER7] = "pfitzner7",
	[VIR_STORAGE_VOL_WIPE_ALG_PFITZNER33] = "pfitzner33",
	[VIR_STORAGE_VOL_WIPE_ALG_RANDOM] = "random",
	[VIR_STORAGE_VOL_WIPE_ALG_TRIM] = "trim",
	NULL,
};

static int vol_wipe(struct call *call, struct error *err)
{
	virStorageVolPtr volume = call_volume(call);
	const char *name = argument_text(call, "algorithm");
	unsigned algorithm = VIR_STORAGE_VOL_WIPE_ALG_ZERO;
	int result;

	while (name && algorithms[algorithm] && !text_equal(algorithms[algorithm], name))
		algorithm++;
	if (!algorithms[algorithm])
		return error_set(err, STATUS_USAGE, "Unsupported algorithm '%s'", name);
	result = name ? virStorageVolWipePattern(volume, algorithm, 0)
		      : virStorageVolWipe(volume, 0);
	if (result < 0)
		return virt_failure(err, "Failed to wipe vol %s", virStorageVolGetName(volume));
	report_value(call->report, "name", value_text(call_name(call)));
	report_message(call->report, "Vol %s wiped\n", call_name(call));
	return 0;
}

const struct command vol_wipe_command = {
	.name = "vol-wipe",
	.summary = "overwrite the data of a volume",
	.description = "Overwrites the whole volume, with zeros unless --algorithm names another "
		       "pattern. What a file system or a disk keeps elsewhere, such as in "
		       "snapshots or spare blocks, is out of its reach.",
	.target = VOLUME_TARGET,
	.options = (const struct option[]){VOLUME,
					   IN_POOL,
					   {.kind = OPTION_TEXT,
					    .traits = POSITIONAL,
					    .name = "algorithm",
					    .words = algorithms,
					    .help = "what it is overwritten with"},
					   END},
	.results = named_results,
	.run = vol_wipe,
};
