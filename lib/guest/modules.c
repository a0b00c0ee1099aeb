// SPDX-License-Identifier: GPL-3.0-or-later
// `--tpm`, `--panic`, `--memdev`.
#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "guest/rows.h"
#include "xml/path.h"

static void set_default(struct xml_element *element, const char *path, const char *value)
{
	if (!path_has(element, path))
		path_set(element, path, value);
}

// "/dev/tpm0" is the host's own, any other word a kind of backend.
static int set_tpm(const struct suboption_call *call, struct error *err)
{
	(void)err;
	if (*call->value == '/') {
		path_set(call->element, "backend/@type", "passthrough");
		path_set(call->element, "backend/device/@path", call->value);
	} else if (!*call->value) {
		path_clear(call->element, "backend/@type");
	} else if (!text_equal(call->value, "default")) {
		path_set(call->element, "backend/@type", call->value);
	}
	return 0;
}

static int finish_tpm(struct option_edit *edit, struct error *err)
{
	auto_free char *type = NULL;

	(void)err;
	if (!edit->added)
		return 0;
	set_default(edit->element, "backend/@type",
		    path_has(edit->element, "backend/device/@path") ? "passthrough" : "emulator");
	type = path_get(edit->element, "backend/@type");
	if (text_equal(type, "passthrough"))
		set_default(edit->element, "backend/device/@path", "/dev/tpm0");
	return 0;
}

// "0x505" is where the device is, any other word a model.
static int set_panic(const struct suboption_call *call, struct error *err)
{
	(void)err;
	if (!text_begins(call->value, "0x")) {
		if (*call->value)
			path_set(call->element, "@model", call->value);
		else
			path_clear(call->element, "@model");
		return 0;
	}
	path_set(call->element, "@model", "isa");
	path_set(call->element, "address/@iobase", call->value);
	return 0;
}

static int finish_panic(struct option_edit *edit, struct error *err)
{
	(void)err;
	if (path_has(edit->element, "address/@iobase"))
		set_default(edit->element, "address/@type", "isa");
	return 0;
}

// MiB, which the XML has in KiB.
static int set_mebibytes(const struct suboption_call *call, const char *path, struct error *err)
{
	long long mebibytes;
	auto_free char *kibibytes = NULL;

	if (!*call->value) {
		path_clear(call->element, path);
		return 0;
	}
	if (number_parse(call->value, 0, 1LL << 40, &mebibytes, err) < 0)
		return -1;
	kibibytes = text_format("%lld", mebibytes * 1024);
	path_set(call->element, path, kibibytes);
	return 0;
}

static int set_target_size(const struct suboption_call *call, struct error *err)
{
	return set_mebibytes(call, "target/size", err);
}

static int set_label_size(const struct suboption_call *call, struct error *err)
{
	return set_mebibytes(call, "target/label/size", err);
}

static int set_alignment(const struct suboption_call *call, struct error *err)
{
	return set_mebibytes(call, "source/alignsize", err);
}

static const struct suboption tpm_rows[] = {
	ROW("model", NULL, NULL, TEXT),
	CALL("backend.type", AKA("type"), TEXT, set_tpm),
	ROW("backend.version", AKA("version"), NULL, TEXT),
	ROW("backend.device.path", AKA("path"), NULL, TEXT),
	ROW("backend.encryption.secret", NULL, NULL, TEXT),
	ROW("backend.persistent_state", NULL, NULL, YES_NO),
	ROW("backend.debug", NULL, NULL, TEXT),
	ROW("backend.source.type", NULL, NULL, TEXT),
	ROW("backend.source.path", NULL, NULL, TEXT),
	ROW("backend.profile.source", NULL, NULL, TEXT),
	ROW("backend.profile.removeDisabled", NULL, NULL, TEXT),
	ROW("backend.active_pcr_banks.sha1", NULL, "backend/active_pcr_banks/sha1", ELEMENT),
	ROW("backend.active_pcr_banks.sha256", NULL, "backend/active_pcr_banks/sha256", ELEMENT),
	ROW("backend.active_pcr_banks.sha384", NULL, "backend/active_pcr_banks/sha384", ELEMENT),
	ROW("backend.active_pcr_banks.sha512", NULL, "backend/active_pcr_banks/sha512", ELEMENT),
	ROWS_END,
};

const struct guest_option tpm_option = {
	.home = "devices/tpm",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--tpm",
		  .leading = AKA("backend.type"),
		  .groups = GROUPS(device_rows, tpm_rows)},
	.finish = finish_tpm,
};

static const struct suboption panic_rows[] = {
	ROW("address.iobase", AKA("iobase"), NULL, TEXT),
	CALL("model", NULL, TEXT, set_panic),
	ROWS_END,
};

const struct guest_option panic_option = {
	.home = "devices/panic",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--panic",
		  .leading = AKA("model"),
		  .groups = GROUPS(device_rows, panic_rows)},
	.finish = finish_panic,
};

static const struct suboption memory_device_rows[] = {
	ROW("model", NULL, NULL, TEXT),
	ROW("access", NULL, NULL, TEXT),
	ROW("discard", NULL, NULL, YES_NO),
	ROW("uuid", NULL, "uuid", TEXT),
	CALL("target.size", AKA("target_size"), TEXT, set_target_size),
	ROW("target.node", AKA("target_node"), "target/node", INTEGER),
	CALL("target.label_size", AKA("target_label_size"), TEXT, set_label_size),
	ROW("target.block", NULL, "target/block", INTEGER),
	ROW("target.current", NULL, "target/current", INTEGER),
	ROW("target.requested", NULL, "target/requested", INTEGER),
	ROW("target.readonly", NULL, "target/readonly", ELEMENT),
	ROW("target.address_base", NULL, "target/address/@base", TEXT),
	ROW("source.pagesize", AKA("source_pagesize"), "source/pagesize", INTEGER),
	ROW("source.path", AKA("source_path"), "source/path", TEXT),
	ROW("source.nodemask", AKA("source_nodemask"), "source/nodemask", COMMAS),
	ROW("source.pmem", NULL, "source/pmem", ELEMENT),
	CALL("source.alignsize", NULL, TEXT, set_alignment),
	ROW("target.dynamicMemslots", NULL, NULL, YES_NO),
	ROWS_END,
};

const struct guest_option memory_device_option = {
	.home = "devices/memory",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--memdev",
		  .leading = AKA("model"),
		  .groups = GROUPS(device_rows, memory_device_rows)},
};
