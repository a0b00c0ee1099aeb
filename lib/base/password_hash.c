// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/password_hash.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/text.h"

enum { FILE_MOST = 4096, SALT_LENGTH = 16 };

// "$6$" and 16 random characters; the caller's.
static char *make_salt(struct error *err)
{
	static const char characters[] =
		"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	unsigned char random[SALT_LENGTH];
	struct text salt = {0};

	if (getrandom(random, sizeof(random), 0) != sizeof(random)) {
		error_set_errno(err, errno, "cannot get random bytes");
		return NULL;
	}
	text_append(&salt, "$6$");
	for (size_t i = 0; i < sizeof(random); i++)
		text_append_char(&salt, characters[random[i] % 64]);
	return text_take(&salt);
}

// The library is loaded here alone: at the start of the program it would cost every command.
char *password_hash(const char *password, struct error *err)
{
	typedef char *crypt_function(const char *, const char *);
	void *library = dlopen("libcrypt.so.1", RTLD_NOW | RTLD_LOCAL);
	auto_free char *salt = make_salt(err);
	crypt_function *function;
	const char *hashed;

	if (!library)
		library = dlopen("libcrypt.so.2", RTLD_NOW | RTLD_LOCAL);
	if (!salt)
		return NULL;
	*(void **)&function = library ? dlsym(library, "crypt") : NULL;
	hashed = function ? function(password, salt) : NULL;
	if (hashed && text_begins(hashed, "$6$"))
		return text_copy(hashed);
	error_set(err, STATUS_FAILED, "libcrypt, which hashes passwords, cannot be used");
	return NULL;
}

char *password_hash_of_file(const char *path, struct error *err)
{
	char *content = file_read(path, FILE_MOST, NULL, err), *hashed = NULL;

	if (!content)
		return NULL;
	content[strcspn(content, "\r\n")] = '\0';
	if (*content)
		hashed = password_hash(content, err);
	else
		error_set(err, STATUS_USAGE, "the first line of '%s' is empty: no password", path);
	explicit_bzero(content, strlen(content));
	free(content);
	return hashed;
}
