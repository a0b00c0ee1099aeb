// SPDX-License-Identifier: GPL-3.0-or-later
// What a host wants to know of its user where there is no terminal: read from standard input.
#pragma once

#include <libvirt/libvirt.h>
#include <stdio.h>

// Fills AUTH, which lives as long as the connection is being opened. Each question goes to PROMPTS.
void credentials_prepare(virConnectAuthPtr auth, FILE *prompts);
