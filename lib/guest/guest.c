// SPDX-License-Identifier: GPL-3.0-or-later
#include "guest/guest.h"

#include <stdlib.h>

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "xml/document.h"
#include "xml/insert.h"
#include "xml/path.h"

static struct guest *guest_with(struct xml *xml, const struct hypervisor *host)
{
	struct guest *guest = memory_new(1, sizeof(*guest));

	guest->host = host;
	guest->xml = xml;
	guest->domain = xml_root(xml);
	guest->devices = path_create(guest->domain, "devices");
	return guest;
}

struct guest *guest_new(const struct hypervisor *host)
{
	return guest_with(xml_new("domain"), host);
}

struct guest *guest_of(const struct xml *xml, const struct hypervisor *host)
{
	struct guest *guest = guest_with(xml_copy(xml), host);

	guest->exists = true;
	return guest;
}

void guest_free(struct guest *guest)
{
	if (!guest)
		return;
	for (size_t i = 0; i < guest->wish_count; i++)
		disk_wish_clear(&guest->wishes[i]);
	free(guest->wishes);
	free(guest->install_kernel);
	free(guest->install_initrd);
	free(guest->install_arguments);
	list_clear(&guest->install_devices);
	list_clear(&guest->declined);
	list_clear(&guest->boot_devices);
	list_clear(&guest->warnings);
	xml_free(guest->xml);
	free(guest);
}

void guest_cleanup(struct guest **guest)
{
	guest_free(*guest);
}

struct disk_wish *guest_wish(struct guest *guest, struct xml_element *disk)
{
	for (size_t i = 0; i < guest->wish_count; i++)
		if (guest->wishes[i].element == disk)
			return &guest->wishes[i];
	guest->wishes = memory_resize(guest->wishes, guest->wish_count + 1, sizeof(*guest->wishes));
	guest->wishes[guest->wish_count] = (struct disk_wish){.element = disk, .sparse = true};
	return &guest->wishes[guest->wish_count++];
}

void guest_forget(struct guest *guest, const struct xml_element *element)
{
	for (size_t i = 0; i < guest->wish_count; i++) {
		if (guest->wishes[i].element != element)
			continue;
		disk_wish_clear(&guest->wishes[i]);
		for (size_t k = i + 1; k < guest->wish_count; k++)
			guest->wishes[k - 1] = guest->wishes[k];
		guest->wish_count--;
		return;
	}
}

bool guest_declines(const struct guest *guest, const char *option)
{
	return list_has(&guest->declined, option);
}
