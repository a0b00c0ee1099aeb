// SPDX-License-Identifier: GPL-3.0-or-later
// What inside of a clone must not be the original's: two guests with one machine-id get one DHCP
// address. cloud-init is told by a seed; what an agent does is in reset_agent.c.
#include "cmd/vmctl/clone/reset.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vmctl/clone/cloner.h"
#include "guest/guest.h"
#include "guest/identity.h"
#include "image/image.h"
#include "image/seed.h"
#include "image/source.h"
#include "output/json.h"
#include "xml/document.h"
#include "xml/insert.h"
#include "xml/path.h"

enum { HOSTNAME_MOST = 63 };

static const char forget_machine_id[] =
	"rm -f /etc/machine-id\n"
	"[ -L /var/lib/dbus/machine-id ] || rm -f /var/lib/dbus/machine-id\n"
	"systemd-machine-id-setup >/dev/null 2>&1 ||\n"
	"  tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id\n"
	"rm -f /var/lib/dhcp/*.leases /var/lib/NetworkManager/*.lease\n";

static const struct reset resets[] = {
	{"machine-id", forget_machine_id},
	{"ssh-host-keys",
	 "rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub\n"
	 "if command -v ssh-keygen >/dev/null; then ssh-keygen -A >/dev/null; fi\n"},
	{"hostname", "old=$(cat /etc/hostname)\n"
		     "echo \"$1\" >/etc/hostname\n"
		     "hostname \"$1\" || :\n"
		     "[ -z \"$old\" ] || [ ! -e /etc/hosts ] ||\n"
		     "  sed -i \"s/\\b$old\\b/$1/g\" /etc/hosts\n"},
	{NULL, NULL},
};

void reset_candidates(struct call *call, struct list *found)
{
	(void)call;
	for (const struct reset *r = resets; r->name; r++)
		list_add(found, r->name);
}

const struct reset *reset_named(const char *name)
{
	for (const struct reset *r = resets; r->name; r++)
		if (text_equal(r->name, name))
			return r;
	return NULL;
}

char *reset_hostname(const char *guest)
{
	struct text name = {0};

	for (; *guest; guest++) {
		bool sound = isalnum((unsigned char)*guest) || (*guest == '-' && name.length);

		if (sound || (*guest == '.' && name.length))
			text_append_char(&name, *guest);
		else if (name.length)
			text_append_char(&name, '-');
	}
	if (name.length > HOSTNAME_MOST)
		name.data[name.length = HOSTNAME_MOST] = '\0';
	while (name.length && !isalnum((unsigned char)name.data[name.length - 1]))
		name.data[--name.length] = '\0';
	if (!name.length)
		text_append(&name, "clone");
	return text_take(&name);
}

static bool is_wanted(const struct cloner *cloner, const char *name)
{
	return list_has(&cloner->reset, name);
}

static int read_names(struct cloner *cloner, struct error *err)
{
	const struct list *values = argument_list(cloner->call, "reset");
	auto_list struct list known = {0};
	auto_free char *all = NULL;

	for (size_t i = 0; i < values->count; i++) {
		auto_list struct list names = list_split(values->items[i], ",");

		for (size_t j = 0; j < names.count; j++) {
			if (reset_named(names.items[j])) {
				list_add(&cloner->reset, names.items[j]);
				continue;
			}
			reset_candidates(cloner->call, &known);
			all = list_join(&known, ", ");
			return error_set(err, STATUS_USAGE, "--reset takes %s, not '%s'", all,
					 names.items[j]);
		}
	}
	return 0;
}

static bool target_taken(const struct guest *guest, const char *target)
{
	for (struct xml_element *d = xml_child(guest->devices, "disk"); d;
	     d = xml_next(d, "disk")) {
		auto_free char *name = path_get(d, "target/@dev");

		if (text_equal(name, target))
			return true;
	}
	return false;
}

// On the bus of the first disk, whose driver the guest has: a cloud kernel may have no other.
static void attach_seed(struct cloner *cloner)
{
	struct guest *guest = cloner->guest;
	const struct xml_element *first = xml_child(guest->devices, "disk");
	auto_free char *bus = first ? path_get(first, "target/@bus") : NULL;
	auto_free char *target = first ? path_get(first, "target/@dev") : NULL;
	bool drive = text_equal(bus, "sata") || text_equal(bus, "ide");
	struct xml_element *disk = xml_insert(guest->devices, "disk");

	if (!target || strlen(target) < 3)
		target = text_copy("vda");
	while (target_taken(guest, target))
		target[2]++;
	path_set(disk, "@type", "file");
	path_set(disk, "@device", drive ? "cdrom" : "disk");
	path_set(disk, "driver/@name", "qemu");
	path_set(disk, "driver/@type", IMAGE_RAW);
	path_set(disk, "source/@file", cloner->seed);
	path_set(disk, "target/@dev", target);
	path_set(disk, "target/@bus", bus ? bus : "virtio");
	path_create(disk, "readonly");
}

// Whether the image PATH is one from which cloud-init would learn what another guest is to be: the
// name of its volume (ECMA-119, 8.4: the primary descriptor).
static bool is_seed(const char *path)
{
	enum { DESCRIPTOR = 16 * 2048, NAME = 40, LENGTH = 32 };
	auto_error struct error ignored = {0};
	auto_source struct source source = {0};
	char name[LENGTH + 1] = "";

	return source_open(path, &source, &ignored) == 0 &&
	       source_read(&source, DESCRIPTOR + NAME, name, LENGTH, &ignored) == 0 &&
	       strncasecmp(text_strip(name), "cidata", LENGTH) == 0;
}

// A seed that the original has would be taken for the clone's.
static bool take_place(struct cloner *cloner)
{
	for (size_t i = 0; i < cloner->copying.count; i++) {
		struct copy *copy = &cloner->copying.copies[i];

		if (copy->action != COPY_SHARE || !copy->readable || !is_seed(copy->source))
			continue;
		disk_source_set(copy->element, cloner->seed, "file");
		copy->action = COPY_PRESERVE;
		copy->path = text_copy(cloner->seed);
		return true;
	}
	return false;
}

static int plan_seed(struct cloner *cloner, struct error *err)
{
	const struct copying *copying = &cloner->copying;
	auto_free char *directory = NULL;

	for (size_t i = 0; i < copying->count && !directory; i++)
		if (copying->copies[i].target && copying->copies[i].path)
			directory = file_directory(copying->copies[i].path);
	if (!cloner->storage.local || !directory)
		return error_set(err, STATUS_CONFLICT,
				 "cloud-init's seed is put beside the clone's disks, and here that "
				 "cannot be");
	cloner->seed = text_format("%s/%s-seed.iso", directory, cloner->name);
	if (cloner->storage.real && file_exists(cloner->seed))
		return error_set(err, STATUS_CONFLICT,
				 "'%s', the seed that would tell the clone, is there already",
				 cloner->seed);
	if (!take_place(cloner))
		attach_seed(cloner);
	if (is_wanted(cloner, "machine-id"))
		list_add(&cloner->notes,
			 "its first boot restarts it once, with its own machine-id");
	return 0;
}

int reset_plan(struct cloner *cloner, struct error *err)
{
	const char *by = argument_text(cloner->call, "reset-by");
	bool has_agent;

	if (read_names(cloner, err) < 0 || !cloner->reset.count)
		return err->status ? -1 : 0;
	has_agent = reset_has_agent(cloner);
	if (text_equal(by, "agent") && !has_agent)
		return error_set(err, STATUS_CONFLICT,
				 "'%s' has no channel of a guest agent: nobody in it can reset it",
				 cloner->original);
	if (!by)
		by = has_agent ? "agent" : "cloud-init";
	cloner->reset_by = by;
	return text_equal(by, "cloud-init") ? plan_seed(cloner, err) : 0;
}

// Done by cloud-init once for each new guest; JSON, which YAML contains.
static char *user_data(const struct cloner *cloner)
{
	auto_json struct json *config = json_new_object();
	auto_free char *text = NULL;

	json_set(config, "ssh_deletekeys", value_boolean(is_wanted(cloner, "ssh-host-keys")));
	json_set(config, "preserve_hostname", value_boolean(!is_wanted(cloner, "hostname")));
	// The users are those of the original.
	json_set_json(config, "users", json_new_array());
	if (is_wanted(cloner, "machine-id")) {
		static const char *const words[] = {"cloud-init-per", "instance", "machine-id",
						    "sh", "-c"};
		struct json *command = json_new_array(), *commands = json_new_array();
		struct json *power = json_new_object();

		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			json_append(command, value_text(words[i]));
		json_append(command, value_text(forget_machine_id));
		json_append_json(commands, command);
		json_set_json(config, "bootcmd", commands);
		json_set(power, "mode", value_text("reboot"));
		json_set_json(config, "power_state", power);
	}
	text = json_text(config);
	return text_format("#cloud-config\n%s\n", text);
}

static char *meta_data(const struct cloner *cloner)
{
	auto_json struct json *meta = json_new_object();
	auto_free char *instance = identity_uuid(), *hostname = reset_hostname(cloner->name);

	json_set(meta, "instance-id", value_text(instance));
	if (is_wanted(cloner, "hostname"))
		json_set(meta, "local-hostname", value_text(hostname));
	return json_text(meta);
}

int reset_make_seed(struct cloner *cloner, struct error *err)
{
	auto_free char *user = NULL, *meta = NULL;

	if (!cloner->seed)
		return 0;
	user = user_data(cloner);
	meta = meta_data(cloner);
	if (seed_write(cloner->seed, false, &(struct seed){.user_data = user, .meta_data = meta},
		       err) < 0)
		return -1;
	storage_made(&cloner->storage, (struct made){.path = text_copy(cloner->seed)});
	return 0;
}
