// SPDX-License-Identifier: GPL-3.0-or-later
// `--rng`
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "guest/character.h"
#include "guest/rows.h"
#include "xml/path.h"

// "/dev/urandom" is a device, any other word a model of backend.
static int set_kind(const struct suboption_call *call, struct error *err)
{
	(void)err;
	if (*call->value == '/') {
		path_set(call->element, "backend/@model", "random");
		path_set(call->element, "backend", call->value);
	} else {
		path_set(call->element, "backend/@model", call->value);
	}
	return 0;
}

static int set_device(const struct suboption_call *call, struct error *err)
{
	(void)err;
	path_set(call->element, "backend", call->value);
	return 0;
}

static int set_backend_host(const struct suboption_call *call, struct error *err)
{
	(void)err;
	character_set_address(call->element, "backend/source/@host", "backend/source/@service",
			      call->value);
	return 0;
}

static int set_backend_bind(const struct suboption_call *call, struct error *err)
{
	(void)err;
	character_set_address(call->element, "backend/source[@mode='bind']/@host",
			      "backend/source[@mode='bind']/@service", call->value);
	return 0;
}

static int set_backend_connect(const struct suboption_call *call, struct error *err)
{
	(void)err;
	character_set_address(call->element, "backend/source[@mode='connect']/@host",
			      "backend/source[@mode='connect']/@service", call->value);
	return 0;
}

static int finish_rng(struct option_edit *edit, struct error *err)
{
	auto_free char *model = path_get(edit->element, "backend/@model");

	(void)err;
	if (edit->added && (!model || text_equal(model, "default")))
		path_set(edit->element, "backend/@model", "random");
	if (edit->added && !path_has(edit->element, "@model"))
		path_set(edit->element, "@model", "virtio");
	return 0;
}

static const struct suboption rng_rows[] = {
	CALL("type", NULL, TEXT, set_kind),
	CALL("device", NULL, TEXT, set_device),
	ROW("model", NULL, NULL, TEXT),
	ROW("backend", NULL, "backend", TEXT),
	ROW("backend.model", NULL, NULL, TEXT),
	ROW("backend.type", AKA("backend_type"), NULL, TEXT),
	ROW("backend.source.path", NULL, NULL, TEXT),
	CALL("backend.source.host", AKA("backend_host"), TEXT, set_backend_host),
	ROW("backend.source.service", AKA("backend_service"), NULL, INTEGER),
	CALL("backend.source.bind_host", NULL, TEXT, set_backend_bind),
	ROW("backend.source.bind_service", NULL, "backend/source[@mode='bind']/@service", INTEGER),
	CALL("backend.source.connect_host", AKA("backend_connect_host"), TEXT, set_backend_connect),
	ROW("backend.source.connect_service", AKA("backend_connect_service"),
	    "backend/source[@mode='connect']/@service", INTEGER),
	ROW("backend.source.mode", AKA("backend_mode"), NULL, TEXT),
	ROW("backend.source.master", NULL, NULL, TEXT),
	ROW("backend.source.slave", NULL, NULL, TEXT),
	ROW("backend.source.seclabel#.model", NULL, NULL, TEXT),
	ROW("backend.source.seclabel#.relabel", NULL, NULL, YES_NO),
	ROW("backend.source.seclabel#.label", NULL, "backend/source/seclabel#/label", COMMAS),
	ROW("backend.protocol.type", NULL, NULL, TEXT),
	ROW("backend.log.file", NULL, NULL, TEXT),
	ROW("backend.log.append", NULL, NULL, ON_OFF),
	ROW("backend.source.clipboard.copypaste", NULL, NULL, YES_NO),
	ROW("backend.source.mouse.mode", NULL, NULL, TEXT),
	ROW("backend.source.channel", NULL, NULL, TEXT),
	ROW("backend.source.tls", NULL, NULL, YES_NO),
	ROW("rate.bytes", AKA("rate_bytes"), NULL, TEXT),
	ROW("rate.period", AKA("rate_period"), NULL, TEXT),
	ROWS_END,
};

const struct guest_option rng_option = {
	.home = "devices/rng",
	.traits = OPTION_REPEATS | OPTION_NONE,
	.table = {.option = "--rng",
		  .leading = AKA("type"),
		  .groups = GROUPS(device_rows, virtio_rows, rng_rows)},
	.finish = finish_rng,
};
