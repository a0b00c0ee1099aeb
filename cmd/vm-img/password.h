// SPDX-License-Identifier: GPL-3.0-or-later
// Passwords as guests keep them.
#pragma once

struct error;

// The hash of the password that is the first line of the file PATH, as crypt(3) writes it (SHA-512,
// which all systems know), the caller's; NULL on failure. The password itself is wiped.
char *password_hash_of_file(const char *path, struct error *err);
