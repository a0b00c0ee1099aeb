// SPDX-License-Identifier: GPL-3.0-or-later
// Objects by what a person calls them: found, and in order.
#include <assert.h>
#include <libvirt/virterror.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/suggest.h"
#include "virt/definition.h"
#include "virt/failure.h"
#include "virt/kinds.h"
#include "xml/document.h"
#include "xml/path.h"

static void *by_id(const struct kind *kind, virConnectPtr connection, const char *name)
{
	auto_error struct error ignored = {0};
	long long id;

	if (number_parse(name, 0, INT_MAX, &id, &ignored) < 0)
		return NULL;
	return kind->by_id(connection, (int)id);
}

static void *try_all(const struct kind *kind, virConnectPtr connection, void *within,
		     const char *name, unsigned by)
{
	void *object = NULL;

	if (by & BY_ID && kind->by_id)
		object = by_id(kind, connection, name);
	if (!object && by & BY_UUID && kind->by_uuid && strlen(name) == VIR_UUID_STRING_BUFLEN - 1)
		object = kind->by_uuid(connection, name);
	if (!object && by & BY_NAME && kind->by_name)
		object = kind->by_name(connection, within, name);
	if (!object && by & BY_OTHER && kind->by_other)
		object = kind->by_other(connection, within, name);
	return object;
}

const char *kind_label(const struct kind *kind, void *object, char *uuid)
{
	if (kind->name)
		return kind->name(object);
	return kind->uuid(object, uuid) == 0 ? uuid : "";
}

// An object with what it is called: libvirt is slow to tell its name, for each time it writes a
// line to its debug log.
struct labelled {
	void *object;
	char *label;
};

static int by_label(const void *a, const void *b)
{
	return strcasecmp(((const struct labelled *)a)->label, ((const struct labelled *)b)->label);
}

void kind_sort(const struct kind *kind, void **objects, size_t count)
{
	struct labelled *all = memory_new(count, sizeof(*all));
	char uuid[VIR_UUID_STRING_BUFLEN];

	for (size_t i = 0; i < count; i++)
		all[i] = (struct labelled){
			.object = objects[i],
			.label = text_copy(kind_label(kind, objects[i], uuid)),
		};
	qsort(all, count, sizeof(*all), by_label);
	for (size_t i = 0; i < count; i++) {
		objects[i] = all[i].object;
		free(all[i].label);
	}
	free(all);
}

void kind_release_all(const struct kind *kind, void **objects)
{
	for (void **object = objects; object && *object; object++)
		kind->release(*object);
	free(objects);
}

static void hint_at_close_name(const struct kind *kind, virConnectPtr connection, void *within,
			       const char *name, unsigned by, struct error *err)
{
	auto_list struct list names = {0};
	void **objects = NULL;
	const char *close;

	if (kind->name && (within || !kind->within) &&
	    kind->list(connection, within, &objects, 0) >= 0)
		for (void **object = objects; *object; object++)
			list_add(&names, kind->name(*object));
	kind_release_all(kind, objects);
	close = suggest_name(&names, name);
	if (text_equal(close, name) && !(by & BY_NAME))
		error_hint(err, "'%s' is a name; this command wants its %s", name,
			   by & BY_ID      ? "id or UUID"
			   : kind->by_uuid ? "UUID"
					   : kind->other);
	else if (close)
		error_hint(err, "did you mean '%s'?", close);
	else if (kind->within_optional && !(by & BY_NAME))
		error_hint(err, "this command wants its %s", kind->other);
	else if (kind->within_optional && !within)
		error_hint(err, "name its %s: --%s NAME", kind->within->noun, kind->within_option);
	else if (within && kind->within->name)
		error_hint(err, "$vmctl %s -- '%s' shows what there is", kind->command,
			   kind->within->name(within));
	else
		error_hint(err, "$vmctl %s shows what there is", kind->command);
}

// libvirt has nothing to add to what is just not there.
static bool is_missing(const struct kind *kind)
{
	return virGetLastErrorCode() == VIR_ERR_OK || virt_failed_with(kind->missing);
}

void *kind_find(const struct kind *kind, virConnectPtr connection, void *within, const char *name,
		unsigned by, struct error *err)
{
	int renewed = 0;
	bool missing;
	void *object;

	// What an earlier call left behind says nothing of this one.
	virResetLastError();
	object = try_all(kind, connection, within, name, by);
	missing = is_missing(kind);
	if (!object && missing && kind->renew)
		renewed = kind->renew(connection, within, name, err);
	if (renewed < 0) {
		error_wrap(err, "failed to get %s '%s'", kind->noun, name);
		return NULL;
	}
	if (renewed) {
		object = try_all(kind, connection, within, name, by);
		missing = is_missing(kind);
	}
	if (object)
		return object;
	if (!missing) {
		virt_failure(err, "failed to get %s '%s'", kind->noun, name);
		return NULL;
	}
	error_set(err, STATUS_NOT_FOUND, "failed to get %s '%s'", kind->noun, name);
	err->code = kind->missing;
	hint_at_close_name(kind, connection, within, name, by, err);
	return NULL;
}

int kind_refused(const struct kind *kind, virConnectPtr connection, const char *xml,
		 struct error *err)
{
	auto_error struct error ignored = {0};
	auto_xml struct xml *document = NULL;
	auto_free char *name = NULL, *uuid = NULL;
	void *there = NULL;

	if (kind == &kind_domain)
		definition_hint(err, connection, xml);
	// libvirt has no code for this, and shares this one with much else.
	if (err->code != VIR_ERR_OPERATION_FAILED)
		return -1;
	document = xml_parse(xml, "definition", &ignored);
	if (!document)
		return -1;
	name = path_get(xml_root(document), "name");
	uuid = path_get(xml_root(document), "uuid");
	if (name)
		there = try_all(kind, connection, NULL, name, BY_NAME);
	if (!there && uuid)
		there = try_all(kind, connection, NULL, uuid, BY_UUID);
	if (there) {
		err->status = STATUS_CONFLICT;
		kind->release(there);
	}
	return -1;
}

static void *object_of(const struct call *call, const struct kind *kind)
{
	assert(call->object.kind == kind && "the handler acts on another kind than its target");
	return call->object.handle;
}

virDomainPtr call_domain(const struct call *call)
{
	return object_of(call, &kind_domain);
}

virNetworkPtr call_network(const struct call *call)
{
	return object_of(call, &kind_network);
}

virStoragePoolPtr call_pool(const struct call *call)
{
	return object_of(call, &kind_pool);
}

virStorageVolPtr call_volume(const struct call *call)
{
	return object_of(call, &kind_volume);
}

virDomainSnapshotPtr call_snapshot(const struct call *call)
{
	return object_of(call, &kind_snapshot);
}

virInterfacePtr call_interface(const struct call *call)
{
	return object_of(call, &kind_interface);
}

virNodeDevicePtr call_nodedev(const struct call *call)
{
	return object_of(call, &kind_nodedev);
}

virSecretPtr call_secret(const struct call *call)
{
	return object_of(call, &kind_secret);
}

virDomainPtr call_within_domain(const struct call *call)
{
	if (call->within.kind == &kind_domain)
		return call->within.handle;
	return call_domain(call);
}

const char *call_name(const struct call *call)
{
	const struct kind *kind = call->object.kind;

	return kind->name ? kind->name(call->object.handle) : call->object.typed;
}
