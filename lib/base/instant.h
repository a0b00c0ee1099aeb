// SPDX-License-Identifier: GPL-3.0-or-later
// Points in time as text. SECONDS count from 1970, UTC. What is returned is the caller's, NULL
// where no calendar has such a year.
#pragma once

char *instant_exact(long long seconds);  // as RFC 3339 and JSON have it: "2026-01-31T12:00:00Z"
char *instant_minute(long long seconds); // as authorized_keys has it: "202601311200"
char *instant_utc(long long seconds);    // "2026-01-31 12:00:00"
char *instant_local(long long seconds);  // the same in the local time
char *instant_zoned(long long seconds);  // and with its offset: "2026-01-31 13:00:00 +0100"
