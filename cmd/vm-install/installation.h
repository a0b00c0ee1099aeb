// SPDX-License-Identifier: GPL-3.0-or-later
// One run of vm-install: what it works with, and what it must take away again if it fails.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"
#include "cmd/vm-install/initrd.h"
#include "storage/storage.h"

struct call;
struct error;
struct guest;
struct hypervisor;
struct os;

// What --cloud-init asks for.
struct cloud_init {
	bool wanted;
	bool generate, disable;
	char *password_file, *root_key, *user_key, *user_data, *meta_data, *network_config;
	char *password; // that was made up for root
};

// What --unattended asks for.
struct unattended {
	bool wanted;
	char *profile, *admin_password_file, *user_login, *user_password_file, *product_key,
		*registration;
};

struct installation {
	struct call *call;
	virConnectPtr connection;
	struct hypervisor *host;
	struct os *os;
	struct guest *guest;
	char *name;
	struct storage storage;
	virDomainPtr domain;        // the guest, once it was made
	bool asked;                 // the daemon was asked to make the guest
	bool defined;               // it was there before: only what this run made is taken away
	struct list scratch;        // files that only the first boot needs
	struct list injected;       // files for the top of the initrd
	struct initrd_text answers; // the same for the installer
	struct cloud_init cloud_init;
	struct unattended unattended;
	char *detected;   // id of the system that the medium holds; NULL: not known
	char *install_os; // --install NAME: the system whose tree is fetched
	bool no_install;  // --install no_install=yes: what is installed is there already
	bool local;       // the connection is to this machine's daemon: paths are ours
	bool planned;     // for a host that files describe: nothing can be made there
};

void installation_clear(struct installation *installation);
#define auto_installation __attribute__((cleanup(installation_clear)))

// Takes away all that was made, the last first.
void installation_undo(struct installation *installation);
