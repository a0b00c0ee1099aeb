// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/unattended.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/answers.h"
#include "cmd/vm-install/install_option.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/media.h"
#include "cmd/vm-install/scratch.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/os.h"
#include "guest/rows.h"
#include "image/seed.h"
#include "xml/path.h"

enum { PASSWORD_MOST = 4096 };

static const struct suboption unattended_rows[] = {
	KEEP("profile", NULL, TEXT, struct unattended, profile),
	KEEP("admin-password-file", NULL, TEXT, struct unattended, admin_password_file),
	KEEP("user-login", NULL, TEXT, struct unattended, user_login),
	KEEP("user-password-file", NULL, TEXT, struct unattended, user_password_file),
	KEEP("product-key", NULL, TEXT, struct unattended, product_key),
	KEEP("reg-login", NULL, TEXT, struct unattended, registration),
	ROWS_END,
};

const struct suboption_table unattended_table = {
	.option = "--unattended", .leading = AKA(NULL), .groups = GROUPS(unattended_rows)};

int unattended_read(struct installation *installation, struct error *err)
{
	struct unattended *wish = &installation->unattended;
	const char *text = argument_text(installation->call, "unattended");
	struct suboption_target target = {.data = wish};

	wish->wanted = argument_given(installation->call, "unattended");
	if (!wish->wanted || !text)
		return 0;
	if (suboptions_apply(&unattended_table, text, &target, err) < 0)
		return -1;
	if (text_equal(wish->user_login, "root"))
		return error_set(err, STATUS_USAGE,
				 "--unattended user-login cannot be 'root': that is the "
				 "administrator");
	return 0;
}

// The first line of a file; the caller's.
static int read_password(const char *path, char **password, struct error *err)
{
	*password = NULL;
	if (!path)
		return 0;
	*password = file_read(path, PASSWORD_MOST, NULL, err);
	if (!*password)
		return -1;
	(*password)[strcspn(*password, "\r\n")] = '\0';
	return 0;
}

static void answers_clear(struct answers *answers)
{
	free(answers->admin);
	free(answers->user_password);
}
#define auto_answers __attribute__((cleanup(answers_clear)))

static const struct method {
	const char *distribution, *file;
	const char *arguments; // of the installer's kernel; NULL: it finds the file on a CD
	void (*write)(const struct answers *answers, struct text *out);
} methods[] = {
	{"debian", "preseed.cfg", "auto=true priority=critical file=/preseed.cfg", answers_preseed},
	{"ubuntu", "preseed.cfg", "auto=true priority=critical file=/preseed.cfg", answers_preseed},
	{"fedora", "fedora.ks", "ks=file:/fedora.ks", answers_kickstart},
	{"rhel", "rhel.ks", "ks=file:/rhel.ks", answers_kickstart},
	{"centos", "centos.ks", "ks=file:/centos.ks", answers_kickstart},
	{"win", "autounattend.xml", NULL, answers_windows},
};

static const struct method *find_method(const struct os *os)
{
	auto_free char *distribution = os_distribution(os);

	// Before Vista the setup of Windows read another file, from a floppy.
	if (os_is_windows(os) && os_version(os) < 6)
		return NULL;
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (text_equal(methods[i].distribution, distribution))
			return &methods[i];
	return NULL;
}

static int read_answers(struct installation *installation, struct answers *answers,
			struct error *err)
{
	const struct unattended *wish = &installation->unattended;

	answers->host = installation->name;
	answers->product_key = wish->product_key;
	answers->arguments = installation->guest->install_arguments;
	answers->desktop = text_equal(wish->profile, "desktop");
	answers->uefi = complete_has_uefi(installation->guest);
	if (read_password(wish->admin_password_file, &answers->admin, err) < 0 ||
	    read_password(wish->user_password_file, &answers->user_password, err) < 0)
		return -1;
	answers->user = wish->user_login;
	if (answers->user && !answers->user_password)
		return error_set(err, STATUS_USAGE,
				 "--unattended user-login needs user-password-file too");
	// Windows asks for an account where it has none.
	if (!answers->user && !answers->admin && !installation->planned &&
	    !os_is_windows(installation->guest->os))
		return error_set(err, STATUS_USAGE,
				 "--unattended needs admin-password-file, or "
				 "user-login with user-password-file: nobody could log in");
	return 0;
}

static void add_published_tree(struct guest *guest, const char *arch)
{
	auto_free char *url = os_tree_url(guest->os, arch);
	auto_free char *argument = url ? text_format("method=%s", url) : NULL;

	if (argument)
		install_add_arguments(guest, argument);
}

// Into the top of the initrd.
static void inject(struct installation *installation, const struct method *method,
		   const struct text *content)
{
	struct guest *guest = installation->guest;
	auto_free char *arguments =
		guest->install_arguments
			? text_format("%s %s", method->arguments, guest->install_arguments)
			: text_copy(method->arguments);

	free(guest->install_arguments);
	guest->install_arguments = take(&arguments);
	installation->answers.name = text_copy(method->file);
	installation->answers.content = text_copy(content->data);
}

// On a CD of its own, which is gone once the system is installed.
static int attach(struct installation *installation, const struct method *method,
		  const struct text *content, struct error *err)
{
	const struct seed_file files[] = {{method->file, content->data}, {NULL, NULL}};
	auto_close int fd = -1;
	auto_free char *path = scratch_new(installation, "unattended.iso", &fd, err);
	struct disk_wish *image;

	if (!path || seed_write_files(path, true, "ANSWERS", files, err) < 0)
		return -1;
	image = media_add_image(installation->guest, path, "cdrom", err);
	if (!image)
		return -1;
	image->answers = true;
	return 0;
}

static const char linux_hint[] =
	"it is there for Debian, Ubuntu, Fedora, CentOS and Red Hat with --location";
static const char windows_hint[] = "it is there for Windows Vista and later with --cdrom";

int unattended_prepare(struct installation *installation, struct error *err)
{
	auto_answers struct answers answers = {0};
	auto_text struct text content = {0};
	auto_free char *arch = NULL;
	const struct method *method;
	struct guest *guest = installation->guest;

	if (!installation->unattended.wanted)
		return 0;
	method = find_method(guest->os);
	if (!method || guest->install != (method->arguments ? INSTALL_TREE : INSTALL_MEDIA)) {
		error_set(err, STATUS_USAGE,
			  "The media does not support unattended installation of "
			  "'%s'",
			  os_short_id(guest->os));
		return error_hint(err, "%s", os_is_windows(guest->os) ? windows_hint : linux_hint);
	}
	arch = path_get(guest->domain, "os/type/@arch");
	answers.architecture = arch;
	// Packages come from where the system is published, unless the tree says otherwise.
	if (method->write == answers_kickstart && !guest->install_arguments)
		add_published_tree(guest, arch);
	if (read_answers(installation, &answers, err) < 0)
		return -1;
	method->write(&answers, &content);
	if (!method->arguments)
		return attach(installation, method, &content, err);
	inject(installation, method, &content);
	return 0;
}
