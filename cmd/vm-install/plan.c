// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/plan.h"

#include <libvirt/libvirt.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/cloud_init.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/reinstall.h"
#include "cmd/vm-install/unattended.h"
#include "guest/guest.h"
#include "guest/hypervisor.h"
#include "guest/identity.h"
#include "guest/option.h"
#include "guest/os.h"
#include "plan/offer.h"
#include "virt/cleanup.h"
#include "xml/document.h"
#include "xml/path.h"

static int read_option(struct installation *installation, const struct guest_option *option,
		       struct error *err)
{
	const struct list *values = argument_list(installation->call, option_name(option));

	for (size_t i = 0; i < values->count; i++)
		if (option_apply(option, OPTION_ADD, installation->guest, NULL, values->items[i],
				 err) < 0)
			return -1;
	// An option that may stand alone then means its default.
	if (argument_given(installation->call, option_name(option)) && !values->count)
		return option_apply(option, OPTION_ADD, installation->guest, NULL, "default", err);
	return 0;
}

// What has an option of its own beside the one of the registry.
static void read_simple(struct installation *installation)
{
	static const struct {
		const char *option, *path;
	} texts[] = {{"arch", "os/type/@arch"},
		     {"uuid", "uuid"},
		     {"description", "description"},
		     {"init", "os/init"}};
	struct call *call = installation->call;
	struct xml_element *domain = installation->guest->domain;

	if (argument_flag(call, "hvm"))
		path_set(domain, "os/type", "hvm");
	if (argument_flag(call, "paravirt"))
		path_set(domain, "os/type", "xen");
	if (argument_flag(call, "container") || argument_given(call, "init"))
		path_set(domain, "os/type", "exe");
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (argument_given(call, texts[i].option))
			path_set(domain, texts[i].path, argument_text(call, texts[i].option));
}

static int read_options(struct installation *installation, struct error *err)
{
	const struct guest_option *option;

	read_simple(installation);
	for (unsigned i = 0; (option = option_at(i)); i++)
		if (!text_equal(option_name(option), "xml") &&
		    read_option(installation, option, err) < 0)
			return -1;
	return plan_old_options(installation, err);
}

// A guest that is installed needs a disk for that; the drive that it is installed from is none.
// Whoever names disks knows what he needs: a live CD, or a drive alone.
static bool has_disk(const struct installation *installation)
{
	const struct guest *guest = installation->guest;

	if (argument_list(installation->call, "disk")->count)
		return true;
	for (size_t i = 0; i < guest->wish_count; i++) {
		auto_free char *device = path_get(guest->wishes[i].element, "@device");

		if (!guest->wishes[i].seeds && !text_equal(device, "cdrom") &&
		    !text_equal(device, "floppy"))
			return true;
	}
	return false;
}

static int add_default_disk(struct installation *installation, struct error *err)
{
	struct guest *guest = installation->guest;
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	auto_free char *type = path_get(guest->domain, "os/type");
	unsigned long long storage = os_resource(guest->os, arch, OS_STORAGE);
	auto_free char *size = text_format("size=%llu", storage >> 30);

	if (has_disk(installation) || guest_declines(guest, "disk") || text_equal(type, "exe"))
		return 0;
	if (storage) {
		struct xml_element *first = xml_child(guest->devices, "disk");

		if (option_apply(option_named("disk"), OPTION_ADD, guest, NULL, size, err) < 0)
			return -1;
		// It is the disk of the guest: what it is installed from comes behind.
		if (first)
			xml_move_before(guest->wishes[guest->wish_count - 1].element, first);
		return 0;
	}
	error_set(err, STATUS_USAGE,
		  "--disk storage must be specified: the guest has no disk to be "
		  "installed on");
	return error_hint(err, "--disk size=10 makes one of 10 GiB, --disk none goes without");
}

// BASE, with a number where a guest is called so already; NUMBERED begins with 1 at once.
static char *free_name(const struct installation *installation, const char *base, bool numbered)
{
	for (int i = 1;; i++) {
		auto_free char *name = numbered ? text_format("%s%d", base, i)
				       : i == 1 ? text_copy(base)
						: text_format("%s-%d", base, i);
		auto_domain virDomainPtr domain =
			virDomainLookupByName(installation->connection, name);

		if (!domain)
			return take(&name);
	}
}

// After the operating system, and the architecture where it is not the host's: "debian12",
// "debian12-arm".
static char *default_name(const struct installation *installation)
{
	auto_free char *host = hypervisor_architecture(installation->host);
	auto_free char *arch = path_get(installation->guest->domain, "os/type/@arch");
	auto_free char *type = path_get(installation->guest->domain, "os/type");
	const char *system = os_short_id(installation->os);
	auto_free char *base = NULL;
	size_t length;

	if (text_equal(type, "exe"))
		return free_name(installation, "container", true);
	if (text_equal(system, "generic") && text_equal(arch, host))
		return free_name(installation, "vm", true);
	if (text_equal(system, "generic"))
		system = "vm";
	length = strlen(system) - (text_ends(system, "-unknown") ? strlen("-unknown") : 0);
	if (text_equal(arch, host))
		base = text_copy_bytes(system, length);
	else
		base = text_format("%.*s-%s", (int)length, system,
				   text_equal(arch, "armv7l") ? "arm" : arch);
	return free_name(installation, base, false);
}

static int choose_name(struct installation *installation, struct error *err)
{
	auto_free char *given = path_get(installation->guest->domain, "name");
	const char *wanted = given ? given : argument_text(installation->call, "name");

	if (wanted && !identity_is_name(wanted))
		return error_set(err, STATUS_USAGE, "invalid guest name '%s'", wanted);
	installation->name = wanted ? text_copy(wanted) : default_name(installation);
	path_set(installation->guest->domain, "name", installation->name);
	return 0;
}

static int plan_disks(struct installation *installation, struct error *err)
{
	struct storage *storage = &installation->storage;

	storage->connection = installation->connection;
	storage->guest = installation->guest;
	storage->name = installation->name;
	storage->local = installation->local;
	storage->real = !installation->planned && !text_equal(installation->host->scheme, "test");
	return add_default_disk(installation, err) < 0 ? -1 : storage_resolve(storage, err);
}

// What some hypervisors cannot do.
static int check_kind(struct installation *installation, struct error *err)
{
	auto_free char *type = path_get(installation->guest->domain, "@type");

	if (argument_flag(installation->call, "transient") && text_equal(type, "vz"))
		return error_set(err, STATUS_USAGE,
				 "Domain type '%s' doesn't support transient installs.", type);
	return 0;
}

int plan_guest(struct installation *installation, struct error *err)
{
	struct call *call = installation->call;

	if (argument_given(call, "reinstall"))
		return reinstall_plan(installation, err);
	installation->guest = guest_new(installation->host);
	installation->guest->look_up = offer_look_up(installation->connection);
	if (plan_os_check(installation, err) < 0 || read_options(installation, err) < 0 ||
	    guest_choose_offer(installation->guest, argument_text(call, "virt-type"),
			       argument_text(call, "machine"), err) < 0 ||
	    plan_method(installation, err) < 0 || plan_os(installation, err) < 0 ||
	    guest_choose_machine(installation->guest, argument_text(call, "machine"), err) < 0 ||
	    check_kind(installation, err) < 0 || plan_domain_capabilities(installation, err) < 0 ||
	    choose_name(installation, err) < 0 || cloud_init_attach(installation, err) < 0 ||
	    guest_complete_platform(installation->guest, err) < 0 ||
	    unattended_prepare(installation, err) < 0 || plan_disks(installation, err) < 0 ||
	    guest_complete(installation->guest, err) < 0)
		return -1;
	return read_option(installation, option_named("xml"), err);
}
