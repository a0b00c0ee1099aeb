// SPDX-License-Identifier: GPL-3.0-or-later
// The host of the guest: what it offers, and whether its KVM is worth the name.
#include <libvirt/libvirt.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/plan.h"
#include "guest/guest.h"
#include "guest/host.h"
#include "kvm/kvm_verdict.h"
#include "virt/connection.h"
#include "virt/failure.h"
#include "xml/path.h"

enum { FILE_MOST = 16 * 1024 * 1024 };

// Whether guests on this host should have KVM is decided by running one for a moment; what another
// host offers is believed.
static void judge_accelerator(struct installation *installation)
{
	auto_kvm_verdict struct kvm_verdict verdict = {0};
	struct host *host = installation->host;

	if (installation->planned || !installation->local || !text_equal(host->scheme, "qemu"))
		return;
	kvm_verdict_get(&verdict);
	// A user who may not open the device says nothing about libvirt, which may.
	if (verdict.usable || verdict.kind == KVM_VERDICT_DENIED)
		return;
	host->kvm_refused = take(&verdict.reason);
}

// A URI whose paths are those of this machine.
static bool is_local(const char *uri)
{
	return text_begins(uri, "qemu:///") || text_begins(uri, "qemu+unix:///") ||
	       text_begins(uri, "test:///");
}

int plan_host(struct installation *installation, struct error *err)
{
	struct call *call = installation->call;
	struct connection_options options = {.uri = argument_text(call, "connect")};
	const char *path = argument_text(call, "host-caps");
	const char *other = argument_text(call, "host-uri");
	auto_free char *uri = NULL, *capabilities = NULL;

	installation->connection = connection_open(&options, err);
	if (!installation->connection)
		return -1;
	uri = virConnectGetURI(installation->connection);
	installation->local = is_local(uri);
	installation->planned = path != NULL;
	capabilities = path ? file_read(path, FILE_MOST, NULL, err)
			    : virConnectGetCapabilities(installation->connection);
	if (!capabilities)
		return path ? -1 : virt_failure(err, "cannot ask what the host offers");
	installation->host =
		host_new(path ? (other ? other : "qemu:///system") : uri, capabilities, err);
	if (!installation->host)
		return -1;
	judge_accelerator(installation);
	return 0;
}

int plan_domain_capabilities(struct installation *installation, struct error *err)
{
	const char *path = argument_text(installation->call, "domain-caps");
	struct xml_element *domain = installation->guest->domain;
	auto_free char *emulator = path_get(domain, "devices/emulator");
	auto_free char *arch = path_get(domain, "os/type/@arch");
	auto_free char *machine = path_get(domain, "os/type/@machine");
	auto_free char *type = path_get(domain, "@type"), *text = NULL;

	if (installation->planned) {
		text = path ? file_read(path, FILE_MOST, NULL, err) : NULL;
		if (path && !text)
			return -1;
	} else {
		text = virConnectGetDomainCapabilities(installation->connection, emulator, arch,
						       machine, type, 0);
	}
	return text ? host_set_domain(installation->host, text, err) : 0;
}
