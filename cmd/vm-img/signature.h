// SPDX-License-Identifier: GPL-3.0-or-later
// Signatures of distributions, by gpgv and the keys that their packages have installed.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct error;

// Whether one of this KEYRING can be verified here: gpgv and the keys are installed.
bool signature_can_be_verified(const char *keyring);

// Fails with STATUS_CHECK unless SIGNATURE (LENGTH bytes) is one of TEXT by a key of KEYRING.
int signature_verify(const char *keyring, const char *text, const char *signature, size_t length,
		     struct error *err);
