// SPDX-License-Identifier: GPL-3.0-or-later
// The answers for the installers of Linux: Debian's preseed.cfg and Fedora's kickstart.
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/vm-install/answers.h"

// Whether the kernel's arguments answer the question that LINE begins with, perhaps with its owner
// ("tasksel:tasksel/first="): the file is read after them and would win.
static bool is_answered(const char *arguments, const char *line)
{
	auto_free char *given = text_format(" %s", arguments ? arguments : "");
	auto_free char *wanted = text_format("%.*s=", (int)strcspn(line, " "), line);

	for (const char *at = given; (at = strstr(at, wanted)); at++)
		if (at[-1] == ' ' || at[-1] == ':')
			return true;
	return false;
}

// debconf: preseed/file is read from the top of the initrd.
void answers_preseed(const struct answers *answers, struct text *out)
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
	if (!is_answered(answers->arguments, "tasksel/first"))
		text_append_format(out, "tasksel tasksel/first multiselect standard%s\n",
				   answers->desktop ? ", desktop" : ", ssh-server");
}

void answers_kickstart(const struct answers *answers, struct text *out)
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
