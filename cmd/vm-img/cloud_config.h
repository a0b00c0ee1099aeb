// SPDX-License-Identifier: GPL-3.0-or-later
// What cloud-init is told, from the options of `seed`. It is written as JSON, which YAML contains:
// nothing that stands in a value can be taken for anything else.
#pragma once

struct call;
struct error;

// A "#cloud-config" document, the caller's; NULL on failure.
char *cloud_config_user_data(struct call *call, struct error *err);

// The caller's; HOSTNAME may be NULL.
char *cloud_config_meta_data(const char *instance, const char *hostname);
