// SPDX-License-Identifier: GPL-3.0-or-later
// How much a network interface may transfer, as it is typed: "average,peak,burst,floor".
#pragma once

struct error;

struct rate {
	unsigned average, peak; // KiB a second
	unsigned burst;         // KiB
	unsigned floor;         // KiB a second, incoming only
};

// Reads TEXT, the value of --OPTION ("inbound" or "outbound"). What is left out is 0.
int rate_parse(const char *text, const char *option, struct rate *rate, struct error *err);
