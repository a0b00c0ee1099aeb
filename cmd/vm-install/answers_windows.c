// SPDX-License-Identifier: GPL-3.0-or-later
// autounattend.xml, which the setup of Windows Vista and later looks for on every drive. Elements
// and their meaning: "Unattended Windows Setup Reference" (Microsoft).
#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "cmd/vm-install/answers.h"

static const char wcm[] = "http://schemas.microsoft.com/WMIConfig/2002/State";

static void element(struct text *out, const char *name, const char *value)
{
	text_append_format(out, "<%s>", name);
	text_append_xml(out, value);
	text_append_format(out, "</%s>\n", name);
}

static void open_component(const struct answers *answers, const char *name, struct text *out)
{
	static const char *const known[][2] = {
		{"x86_64", "amd64"}, {"i686", "x86"}, {"aarch64", "arm64"}};
	const char *architecture = "amd64";

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (text_equal(answers->architecture, known[i][0]))
			architecture = known[i][1];
	text_append_format(out,
			   "<component name=\"%s\" processorArchitecture=\"%s\" "
			   "publicKeyToken=\"31bf3856ad364e35\" language=\"neutral\" "
			   "versionScope=\"nonSxS\" xmlns:wcm=\"%s\">\n",
			   name, architecture, wcm);
}

static void close_component(struct text *out)
{
	text_append(out, "</component>\n");
}

static void write_language(const struct answers *answers, const char *name, struct text *out)
{
	open_component(answers, name, out);
	if (text_ends(name, "WinPE"))
		text_append(out,
			    "<SetupUILanguage><UILanguage>en-US</UILanguage></SetupUILanguage>\n");
	element(out, "InputLocale", "en-US");
	element(out, "SystemLocale", "en-US");
	element(out, "UILanguage", "en-US");
	element(out, "UserLocale", "en-US");
	close_component(out);
}

// A partition of the disk that is wiped; the last takes what is left.
struct partition {
	const char *type, *size, *format; // MiB
};

// UEFI starts from a FAT partition and wants a reserved one before that of Windows.
static const struct partition uefi_partitions[] = {
	{"EFI", "260", "FAT32"}, {"MSR", "16", NULL}, {"Primary", NULL, "NTFS"}};
static const struct partition bios_partitions[] = {{"Primary", NULL, "NTFS"}};

static void write_partition(const struct partition *partition, size_t number, struct text *out)
{
	text_append_format(out,
			   "<CreatePartition wcm:action=\"add\"><Order>%zu</Order>"
			   "<Type>%s</Type>",
			   number, partition->type);
	if (partition->size)
		text_append_format(out, "<Size>%s</Size>", partition->size);
	else
		text_append(out, "<Extend>true</Extend>");
	text_append(out, "</CreatePartition>\n");
}

static void write_disk(bool uefi, struct text *out)
{
	const struct partition *partitions = uefi ? uefi_partitions : bios_partitions;
	const size_t count = uefi ? sizeof(uefi_partitions) / sizeof(*uefi_partitions) : 1;

	text_append(out, "<DiskConfiguration><WillShowUI>OnError</WillShowUI>\n"
			 "<Disk wcm:action=\"add\"><DiskID>0</DiskID>"
			 "<WillWipeDisk>true</WillWipeDisk>\n<CreatePartitions>\n");
	for (size_t i = 0; i < count; i++)
		write_partition(&partitions[i], i + 1, out);
	text_append(out, "</CreatePartitions>\n<ModifyPartitions>\n");
	for (size_t i = 0, order = 1; i < count; i++) {
		if (!partitions[i].format)
			continue;
		text_append_format(out,
				   "<ModifyPartition wcm:action=\"add\"><Order>%zu</Order>"
				   "<PartitionID>%zu</PartitionID><Format>%s</Format>%s"
				   "</ModifyPartition>\n",
				   order++, i + 1, partitions[i].format,
				   uefi ? "" : "<Active>true</Active>");
	}
	text_append_format(out,
			   "</ModifyPartitions>\n</Disk></DiskConfiguration>\n"
			   "<ImageInstall><OSImage><InstallTo><DiskID>0</DiskID>"
			   "<PartitionID>%zu</PartitionID></InstallTo>\n"
			   "<WillShowUI>OnError</WillShowUI>",
			   count);
}

// Which edition is meant the product key says; without one the first on the medium is taken.
static void write_edition(const struct answers *answers, struct text *out)
{
	if (!answers->product_key)
		text_append(out,
			    "<InstallFrom><MetaData wcm:action=\"add\">"
			    "<Key>/IMAGE/INDEX</Key><Value>1</Value></MetaData></InstallFrom>");
	text_append(out, "</OSImage></ImageInstall>\n"
			 "<UserData><AcceptEula>true</AcceptEula><ProductKey>");
	if (answers->product_key)
		element(out, "Key", answers->product_key);
	text_append(out, "<WillShowUI>OnError</WillShowUI></ProductKey></UserData>\n");
}

static void write_setup(const struct answers *answers, struct text *out)
{
	text_append(out, "<settings pass=\"windowsPE\">\n");
	write_language(answers, "Microsoft-Windows-International-Core-WinPE", out);
	open_component(answers, "Microsoft-Windows-Setup", out);
	write_disk(answers->uefi, out);
	write_edition(answers, out);
	close_component(out);
	text_append(out, "</settings>\n");
}

// At most 15 characters, of those that a NetBIOS name may have.
static void write_computer_name(const char *guest, struct text *out)
{
	enum { MOST = 15 };
	char name[MOST + 1] = "";
	size_t length = 0;

	for (; *guest && length < MOST; guest++)
		if (isalnum((unsigned char)*guest) || (*guest == '-' && length > 0))
			name[length++] = *guest;
	// Digits alone are refused.
	element(out, "ComputerName", strspn(name, "0123456789-") == length ? "*" : name);
}

// The built-in administrator is switched off where an edition is for clients.
static void write_specialize(const struct answers *answers, struct text *out)
{
	text_append(out, "<settings pass=\"specialize\">\n");
	open_component(answers, "Microsoft-Windows-Shell-Setup", out);
	write_computer_name(answers->host, out);
	element(out, "TimeZone", "UTC");
	close_component(out);
	if (answers->admin) {
		open_component(answers, "Microsoft-Windows-Deployment", out);
		text_append(out, "<RunSynchronous><RunSynchronousCommand wcm:action=\"add\">"
				 "<Order>1</Order><Path>net user Administrator /active:yes</Path>"
				 "</RunSynchronousCommand></RunSynchronous>\n");
		close_component(out);
	}
	text_append(out, "</settings>\n");
}

static void write_password(const char *name, const char *password, struct text *out)
{
	text_append_format(out, "<%s>", name);
	element(out, "Value", password);
	text_append_format(out, "<PlainText>true</PlainText></%s>\n", name);
}

static void write_accounts(const struct answers *answers, struct text *out)
{
	text_append(out, "<UserAccounts>\n");
	if (answers->admin)
		write_password("AdministratorPassword", answers->admin, out);
	if (answers->user) {
		text_append(out, "<LocalAccounts><LocalAccount wcm:action=\"add\">\n");
		write_password("Password", answers->user_password, out);
		element(out, "Name", answers->user);
		element(out, "DisplayName", answers->user);
		text_append(out, "<Group>Administrators</Group></LocalAccount></LocalAccounts>\n");
	}
	text_append(out, "</UserAccounts>\n");
}

// Where no account is made, Windows asks for one.
static void write_first_start(const struct answers *answers, struct text *out)
{
	bool account = answers->admin || answers->user;

	text_append(out, "<settings pass=\"oobeSystem\">\n");
	write_language(answers, "Microsoft-Windows-International-Core", out);
	open_component(answers, "Microsoft-Windows-Shell-Setup", out);
	if (account)
		write_accounts(answers, out);
	text_append(out, "<OOBE><HideEULAPage>true</HideEULAPage>"
			 "<HideWirelessSetupInOOBE>true</HideWirelessSetupInOOBE>"
			 "<NetworkLocation>Work</NetworkLocation><ProtectYourPC>3</ProtectYourPC>");
	if (account)
		text_append(out, "<HideOnlineAccountScreens>true</HideOnlineAccountScreens>"
				 "<SkipMachineOOBE>true</SkipMachineOOBE>"
				 "<SkipUserOOBE>true</SkipUserOOBE>");
	text_append(out, "</OOBE>\n");
	close_component(out);
	text_append(out, "</settings>\n");
}

void answers_windows(const struct answers *answers, struct text *out)
{
	text_append(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
			 "<unattend xmlns=\"urn:schemas-microsoft-com:unattend\">\n");
	write_setup(answers, out);
	write_specialize(answers, out);
	write_first_start(answers, out);
	text_append(out, "</unattend>\n");
}
