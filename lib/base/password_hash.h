// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords as guests keep them.
#pragma once

struct error;

// The hash of PASSWORD as crypt(3) writes it (SHA-512, which all systems know), the caller's; NULL
// where there is no libcrypt.
char *password_hash(const char *password, struct error *err);

// That of the first line of the file PATH, which must not be empty. The password itself is wiped.
char *password_hash_of_file(const char *path, struct error *err);
