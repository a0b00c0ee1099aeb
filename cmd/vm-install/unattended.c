// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/unattended.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/install_option.h"
#include "cmd/vm-install/installation.h"
#include "guest/guest.h"
#include "guest/os.h"
#include "guest/rows.h"
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

struct answers {
	char *admin, *user_password;
	const char *user, *host, *arguments; // arguments: of the kernel, or NULL
	bool desktop;
};

static void answers_clear(struct answers *answers)
{
	free(answers->admin);
	free(answers->user_password);
}
#define auto_answers __attribute__((cleanup(answers_clear)))

// Whether the kernel's arguments answer the question that LINE begins with: the file is read after
// them and would win.
static bool is_answered(const char *arguments, const char *line)
{
	auto_free char *given = text_format(" %s", arguments ? arguments : "");
	auto_free char *wanted = text_format(" %.*s=", (int)strcspn(line, " "), line);

	return strstr(given, wanted) != NULL;
}

// debconf: preseed/file is read from the top of the initrd.
static void write_preseed(const struct answers *answers, struct text *out)
{
	static const char *const lines[] = {
		"debian-installer/locale string en_US.UTF-8",
		"keyboard-configuration/xkb-keymap select us",
		"netcfg/choose_interface select auto",
		"netcfg/get_domain string",
		"mirror/country string manual",
		"mirror/http/hostname string deb.debian.org",
		"mirror/http/directory string /debian",
		"mirror/http/proxy string",
		"clock-setup/utc boolean true",
		"time/zone string UTC",
		"partman-auto/method string regular",
		"partman-auto/choose_recipe select atomic",
		"partman-partitioning/confirm_write_new_label boolean true",
		"partman/choose_partition select finish",
		"partman/confirm boolean true",
		"partman/confirm_nooverwrite boolean true",
		"popularity-contest/participate boolean false",
		"grub-installer/only_debian boolean true",
		"grub-installer/bootdev string default",
		"finish-install/reboot_in_progress note",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		if (!is_answered(answers->arguments, lines[i]))
			text_append_format(out, "d-i %s\n", lines[i]);
	text_append_format(out, "d-i netcfg/get_hostname string %s\n", answers->host);
	text_append_format(out, "d-i passwd/root-login boolean %s\n",
			   answers->admin ? "true" : "false");
	if (answers->admin)
		text_append_format(out,
				   "d-i passwd/root-password password %s\n"
				   "d-i passwd/root-password-again password %s\n",
				   answers->admin, answers->admin);
	text_append_format(out, "d-i passwd/make-user boolean %s\n",
			   answers->user ? "true" : "false");
	if (answers->user)
		text_append_format(out,
				   "d-i passwd/user-fullname string %s\n"
				   "d-i passwd/username string %s\n"
				   "d-i passwd/user-password password %s\n"
				   "d-i passwd/user-password-again password %s\n",
				   answers->user, answers->user, answers->user_password,
				   answers->user_password);
	text_append_format(out, "tasksel tasksel/first multiselect standard%s\n",
			   answers->desktop ? ", desktop" : ", ssh-server");
}

static void write_kickstart(const struct answers *answers, struct text *out)
{
	text_append(out, "text\nlang en_US.UTF-8\nkeyboard us\ntimezone --utc UTC\n"
			 "bootloader --location=mbr\nzerombr\nclearpart --all --initlabel\n"
			 "autopart\nreboot\n");
	text_append_format(out, "network --bootproto=dhcp --hostname=%s\n", answers->host);
	if (answers->admin)
		text_append_format(out, "rootpw %s\n", answers->admin);
	else
		text_append(out, "rootpw --lock\n");
	if (answers->user)
		text_append_format(out, "user --name=%s --password=%s --groups=wheel\n",
				   answers->user, answers->user_password);
	text_append_format(out, "%%packages\n%s\n%%end\n",
			   answers->desktop ? "@^workstation-product-environment" : "@core");
}

static const struct method {
	const char *distribution, *file, *arguments;
	void (*write)(const struct answers *answers, struct text *out);
} methods[] = {
	{"debian", "preseed.cfg", "auto=true priority=critical file=/preseed.cfg", write_preseed},
	{"ubuntu", "preseed.cfg", "auto=true priority=critical file=/preseed.cfg", write_preseed},
	{"fedora", "fedora.ks", "ks=file:/fedora.ks", write_kickstart},
	{"rhel", "rhel.ks", "ks=file:/rhel.ks", write_kickstart},
	{"centos", "centos.ks", "ks=file:/centos.ks", write_kickstart},
};

static const struct method *find_method(const struct os *os)
{
	auto_free char *distribution = os_distribution(os);

	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++)
		if (text_equal(methods[i].distribution, distribution))
			return &methods[i];
	return NULL;
}

// A private directory, so that the file has the name that the installer looks for.
static int write_answers(struct installation *installation, const struct method *method,
			 const struct text *content, struct error *err)
{
	const char *temporary = getenv("TMPDIR");
	auto_free char *directory =
		text_format("%s/vm-install-XXXXXX", temporary && *temporary ? temporary : "/tmp");
	auto_free char *path = NULL;

	if (!mkdtemp(directory))
		return error_set(err, STATUS_FAILED,
				 "cannot make a directory for the installer's "
				 "answers in '%s'",
				 directory);
	path = text_format("%s/%s", directory, method->file);
	list_add(&installation->scratch, path);
	list_add(&installation->scratch_directories, directory);
	list_add(&installation->injected, path);
	return file_replace(path, content->data, content->length, 0600, err);
}

static int read_answers(struct installation *installation, struct answers *answers,
			struct error *err)
{
	const struct unattended *wish = &installation->unattended;

	answers->host = installation->name;
	answers->arguments = installation->guest->install_arguments;
	answers->desktop = text_equal(wish->profile, "desktop");
	if (read_password(wish->admin_password_file, &answers->admin, err) < 0 ||
	    read_password(wish->user_password_file, &answers->user_password, err) < 0)
		return -1;
	answers->user = wish->user_login;
	if (answers->user && !answers->user_password)
		return error_set(err, STATUS_USAGE,
				 "--unattended user-login needs user-password-file too");
	if (!answers->user && !answers->admin && !installation->planned)
		return error_set(err, STATUS_USAGE,
				 "--unattended needs admin-password-file, or "
				 "user-login with user-password-file: nobody could log in");
	return 0;
}

static void add_published_tree(struct installation *installation)
{
	struct guest *guest = installation->guest;
	auto_free char *arch = path_get(guest->domain, "os/type/@arch");
	auto_free char *url = os_tree_url(guest->os, arch);
	auto_free char *argument = url ? text_format("method=%s", url) : NULL;

	if (argument)
		install_add_arguments(guest, argument);
}

static const char linux_hint[] =
	"it is there for Debian, Ubuntu, Fedora, CentOS and Red Hat with --location";
// The setup of Windows looks for the file on every drive.
static const char windows_hint[] =
	"write its answers to autounattend.xml, put that into an image (xorriso -as mkisofs -J -o "
	"answers.iso autounattend.xml) and give it with --disk answers.iso,device=cdrom";

int unattended_prepare(struct installation *installation, struct error *err)
{
	auto_answers struct answers answers = {0};
	auto_text struct text content = {0};
	const struct method *method;
	auto_free char *arguments = NULL;
	struct guest *guest = installation->guest;

	if (!installation->unattended.wanted)
		return 0;
	method = find_method(guest->os);
	if (guest->install != INSTALL_TREE || !method) {
		error_set(err, STATUS_USAGE,
			  "The media does not support unattended installation of "
			  "'%s'",
			  os_short_id(guest->os));
		return error_hint(err, "%s", os_is_windows(guest->os) ? windows_hint : linux_hint);
	}
	// Packages come from where the system is published, unless the tree says otherwise.
	if (method->write == write_kickstart && !guest->install_arguments)
		add_published_tree(installation);
	if (read_answers(installation, &answers, err) < 0)
		return -1;
	method->write(&answers, &content);
	arguments = guest->install_arguments
			    ? text_format("%s %s", method->arguments, guest->install_arguments)
			    : text_copy(method->arguments);
	free(guest->install_arguments);
	guest->install_arguments = take(&arguments);
	return write_answers(installation, method, &content, err);
}
