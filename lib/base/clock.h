// SPDX-License-Identifier: GPL-3.0-or-later
// Time that only moves forward, for deadlines and durations.
#pragma once

// Milliseconds and nanoseconds since an arbitrary point.
long long clock_milliseconds(void);
long long clock_nanoseconds(void);

// Milliseconds left until DEADLINE, as poll() wants them: at least 0; -1 when DEADLINE is 0, which
// stands for none.
int clock_left(long long deadline);
