// SPDX-License-Identifier: GPL-3.0-or-later
// The guest that is cloned: one that is defined, what a snapshot of it was, or XML in a file.
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/clone/cloner.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "plan/offer.h"
#include "virt/cleanup.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

// Disks of an internal snapshot are in the images; of an external one they are files that the
// snapshot's own definition names.
static int find_internal(struct cloner *cloner, const struct xml_element *snapshot,
			 struct error *err)
{
	const struct xml_element *disks = xml_child(snapshot, "disks");
	bool internal = !disks, external = false;

	for (struct xml_element *d = disks ? xml_child(disks, "disk") : NULL; d;
	     d = xml_next(d, "disk")) {
		auto_free char *how = path_get(d, "@snapshot");

		internal = internal || text_equal(how, "internal");
		external = external || text_equal(how, "external");
	}
	if (internal && external)
		return error_set(err, STATUS_CONFLICT,
				 "the snapshot '%s' is internal for some disks and external for "
				 "others",
				 argument_text(cloner->call, "from"));
	if (internal)
		cloner->snapshot = text_copy(argument_text(cloner->call, "from"));
	return 0;
}

static struct xml *read_snapshot(struct cloner *cloner, const char *name, struct error *err)
{
	auto_snapshot virDomainSnapshotPtr snapshot =
		virDomainSnapshotLookupByName(cloner->domain, name, 0);
	auto_free char *text =
		snapshot ? virDomainSnapshotGetXMLDesc(snapshot, VIR_DOMAIN_SNAPSHOT_XML_SECURE)
			 : NULL;
	auto_free char *definition = NULL, *state = NULL;
	auto_xml struct xml *xml = NULL;
	struct xml_element *domain;

	if (!text) {
		virt_failure(err, "cannot clone from the snapshot '%s'", name);
		return NULL;
	}
	xml = xml_parse(text, "the snapshot's XML", err);
	if (!xml || find_internal(cloner, xml_root(xml), err) < 0)
		return NULL;
	state = path_get(xml_root(xml), "state");
	if (text_equal(state, "running") || text_equal(state, "paused"))
		list_add(&cloner->notes, "the snapshot was taken while the guest ran: the clone "
					 "starts as after a power failure");
	// What it would have booted with next, where that was another thing.
	domain = xml_child(xml_root(xml), "inactiveDomain");
	if (!domain)
		domain = xml_child(xml_root(xml), "domain");
	if (!domain) {
		error_set(err, STATUS_CONFLICT, "the snapshot '%s' does not say what the guest was",
			  name);
		return NULL;
	}
	xml_rename(domain, "domain");
	definition = xml_element_string(domain);
	return xml_parse(definition, "the guest's XML", err);
}

static struct xml *read_domain(struct cloner *cloner, struct error *err)
{
	const char *snapshot = argument_text(cloner->call, "from");
	auto_free char *text = NULL;

	if (snapshot)
		return read_snapshot(cloner, snapshot, err);
	cloner->running = virDomainIsActive(cloner->domain) == 1;
	text = virDomainGetXMLDesc(cloner->domain, VIR_DOMAIN_XML_SECURE | VIR_DOMAIN_XML_INACTIVE);
	if (text)
		return xml_parse_laid_out(text, "the guest's XML", err);
	virt_failure(err, "cannot read the definition of '%s'", call_name(cloner->call));
	return NULL;
}

static struct xml *read_original(struct cloner *cloner, struct error *err)
{
	const char *path = argument_text(cloner->call, "original-xml");
	auto_free char *text = NULL;

	if (cloner->call->object.kind) {
		cloner->domain = call_domain(cloner->call);
		return read_domain(cloner, err);
	}
	if (!path) {
		error_set(err, STATUS_USAGE,
			  "An original machine name is required, use '--original src_name' and try "
			  "again");
		error_hint(err, "$vmctl list --all --name names the guests");
		return NULL;
	}
	text = definition_read(path, err);
	return text ? xml_parse_laid_out(text, path, err) : NULL;
}

static int find_host(struct cloner *cloner, struct error *err)
{
	const struct offer_files named = offer_files_of(cloner->call);
	auto_free char *uri = NULL;

	cloner->connection = session_connection(cloner->call);
	uri = offer_uri(cloner->connection, &named);
	cloner->planned = offer_is_planned(&named);
	cloner->storage.local = offer_is_local(cloner->connection, &named);
	cloner->host = hypervisor_new(uri, "<capabilities/>", err);
	return cloner->host ? 0 : -1;
}

int original_read(struct cloner *cloner, struct error *err)
{
	auto_xml struct xml *xml = NULL;

	if (find_host(cloner, err) < 0)
		return -1;
	xml = read_original(cloner, err);
	if (!xml)
		return -1;
	cloner->original = path_get(xml_root(xml), "name");
	if (!text_equal(xml_name(xml_root(xml)), "domain") || !cloner->original)
		return error_set(err, STATUS_FAILED, "'%s' is not the XML of a guest",
				 argument_text(cloner->call, "original-xml"));
	cloner->guest = guest_of(xml, cloner->host);
	cloner->storage.connection = cloner->connection;
	cloner->storage.guest = cloner->guest;
	cloner->copying.storage = &cloner->storage;
	cloner->copying.original = cloner->original;
	return 0;
}
