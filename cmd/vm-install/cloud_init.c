// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vm-install/cloud_init.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/password_hash.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cli/call.h"
#include "cmd/vm-install/installation.h"
#include "cmd/vm-install/media.h"
#include "cmd/vm-install/scratch.h"
#include "guest/complete.h"
#include "guest/guest.h"
#include "guest/identity.h"
#include "guest/os.h"
#include "guest/rows.h"
#include "image/seed.h"
#include "output/json.h"
#include "xml/path.h"

enum { CONTENT_MOST = 16 << 20, PASSWORD_LENGTH = 16 };

static const struct suboption cloud_init_rows[] = {
	KEEP_BOOL("root-password-generate", NULL, struct cloud_init, generate),
	KEEP("root-password-file", NULL, TEXT, struct cloud_init, password_file),
	KEEP_BOOL("disable", NULL, struct cloud_init, disable),
	KEEP("root-ssh-key", AKA("ssh-key"), TEXT, struct cloud_init, root_key),
	KEEP("clouduser-ssh-key", NULL, TEXT, struct cloud_init, user_key),
	KEEP("user-data", NULL, TEXT, struct cloud_init, user_data),
	KEEP("meta-data", NULL, TEXT, struct cloud_init, meta_data),
	KEEP("network-config", NULL, TEXT, struct cloud_init, network_config),
	ROWS_END,
};

const struct suboption_table cloud_init_table = {
	.option = "--cloud-init", .leading = AKA(NULL), .groups = GROUPS(cloud_init_rows)};

int cloud_init_read(struct installation *installation, struct error *err)
{
	struct cloud_init *wish = &installation->cloud_init;
	const char *text = argument_text(installation->call, "cloud-init");
	struct suboption_target target = {.data = wish};

	wish->wanted = argument_given(installation->call, "cloud-init");
	if (!wish->wanted)
		return 0;
	if (text)
		return suboptions_apply(&cloud_init_table, text, &target, err);
	wish->generate = wish->disable = true;
	return 0;
}

// Letters and digits that cannot be taken for one another.
static char *make_password(void)
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	char password[PASSWORD_LENGTH + 1] = "";
	unsigned char byte;

	for (int i = 0; i < PASSWORD_LENGTH;) {
		// What would make some letters likelier than others is thrown away.
		if (getrandom(&byte, 1, 0) == 1 &&
		    byte < 256 / (sizeof(letters) - 1) * (sizeof(letters) - 1))
			password[i++] = letters[byte % (sizeof(letters) - 1)];
	}
	return text_copy(password);
}

// The content of a file or of what a URL gives, the caller's.
static char *read_content(struct installation *installation, const char *path, struct error *err)
{
	auto_free char *copy = NULL;

	if (!strstr(path, "://"))
		return file_read(path, CONTENT_MOST, NULL, err);
	copy = scratch_get(installation, path, err);
	return copy ? file_read(copy, CONTENT_MOST, NULL, err) : NULL;
}

static int read_line(struct installation *installation, const char *path, char **line,
		     struct error *err)
{
	*line = NULL;
	if (!path)
		return 0;
	*line = read_content(installation, path, err);
	if (!*line)
		return -1;
	(*line)[strcspn(*line, "\r\n")] = '\0';
	return 0;
}

static struct json *list_of(const char *text)
{
	struct json *list = json_new_array();

	json_append(list, value_text(text));
	return list;
}

// Root's password stands as a hash at the user: the list of chpasswd is deprecated since cloud-init
// 22.2, and its successor is not known before.
static int set_password(struct installation *installation, struct json *root, struct error *err)
{
	struct cloud_init *wish = &installation->cloud_init;
	auto_free char *given = NULL, *hash = NULL;

	if (read_line(installation, wish->password_file, &given, err) < 0)
		return -1;
	if (wish->generate && !given)
		wish->password = make_password();
	if (!given && !wish->password)
		return 0;
	hash = password_hash(given ? given : wish->password, err);
	if (!hash)
		return -1;
	json_set(root, "hashed_passwd", value_text(hash));
	json_set(root, "lock_passwd", value_boolean(false));
	return 0;
}

static int set_root(struct installation *installation, struct json *config, struct error *err)
{
	auto_free char *key = NULL;
	auto_json struct json *root = json_new_object();
	struct json *users;

	if (set_password(installation, root, err) < 0 ||
	    read_line(installation, installation->cloud_init.root_key, &key, err) < 0)
		return -1;
	if (key) {
		json_set_json(root, "ssh_authorized_keys", list_of(key));
		json_set(config, "disable_root", value_boolean(false));
	}
	if (!json_count(root))
		return 0;
	json_set(root, "name", value_text("root"));
	users = json_new_array();
	json_append(users, value_text("default"));
	json_append_json(users, take(&root));
	json_set_json(config, "users", users);
	return 0;
}

static int set_user_key(struct installation *installation, struct json *config, struct error *err)
{
	auto_free char *key = NULL;

	if (read_line(installation, installation->cloud_init.user_key, &key, err) < 0)
		return -1;
	if (key)
		json_set_json(config, "ssh_authorized_keys", list_of(key));
	return 0;
}

static void set_commands(const struct cloud_init *wish, struct json *config)
{
	auto_json struct json *commands = json_new_array();

	// A password that was made up is only for the first login.
	if (wish->password)
		json_append(commands, value_text("chage -d 0 root"));
	if (wish->disable)
		json_append(commands, value_text("touch /etc/cloud/cloud-init.disabled"));
	if (json_count(commands))
		json_set_json(config, "runcmd", take(&commands));
}

// The user data, the caller's: JSON, which YAML contains.
static char *user_data(struct installation *installation, struct error *err)
{
	const struct cloud_init *wish = &installation->cloud_init;
	auto_json struct json *config = json_new_object();
	auto_free char *text = NULL;

	if (wish->user_data)
		return read_content(installation, wish->user_data, err);
	if (set_root(installation, config, err) < 0 || set_user_key(installation, config, err) < 0)
		return NULL;
	set_commands(wish, config);
	text = json_text(config);
	return text_format("#cloud-config\n%s\n", text);
}

static char *meta_data(struct installation *installation, struct error *err)
{
	const struct cloud_init *wish = &installation->cloud_init;
	auto_json struct json *meta = NULL;
	auto_free char *instance = NULL;

	if (wish->meta_data)
		return read_content(installation, wish->meta_data, err);
	meta = json_new_object();
	instance = identity_uuid();
	json_set(meta, "instance-id", value_text(instance));
	json_set(meta, "local-hostname", value_text(installation->name));
	return json_text(meta);
}

static int write_seed(struct installation *installation, const char *path, struct error *err)
{
	const struct cloud_init *wish = &installation->cloud_init;
	auto_free char *user = user_data(installation, err);
	auto_free char *meta = user ? meta_data(installation, err) : NULL;
	auto_free char *network = NULL;
	struct seed seed = {.user_data = user, .meta_data = meta};

	if (!meta)
		return -1;
	if (wish->network_config) {
		network = read_content(installation, wish->network_config, err);
		if (!network)
			return -1;
	}
	seed.network_config = network;
	return seed_write(path, true, &seed, err);
}

// Debian's cloud kernel has no driver of AHCI: a CD on SATA is not seen there, a disk of virtio is.
static bool needs_disk(const struct guest *guest)
{
	auto_free char *distribution = os_distribution(guest->os);

	return text_equal(distribution, "debian") && complete_is_x86(guest) &&
	       complete_is_pcie(guest) && complete_virtio(guest, OS_VIRTIO_BLOCK);
}

int cloud_init_attach(struct installation *installation, struct error *err)
{
	struct guest *guest = installation->guest;
	auto_close int fd = -1;
	auto_free char *path = NULL;
	struct disk_wish *seed;

	if (!installation->cloud_init.wanted)
		return 0;
	path = scratch_new(installation, "cloudinit.iso", &fd, err);
	if (!path || write_seed(installation, path, err) < 0)
		return -1;
	seed = media_add_image(guest, path,
			       needs_disk(guest) ? "disk,bus=virtio,readonly=on" : "cdrom", err);
	if (!seed)
		return -1;
	seed->seeds = true;
	return 0;
}
