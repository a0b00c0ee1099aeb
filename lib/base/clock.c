// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"

#include <limits.h>
#include <time.h>

long long clock_nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

long long clock_milliseconds(void)
{
	return clock_nanoseconds() / 1000000;
}

int clock_left(long long deadline)
{
	long long left;

	if (!deadline)
		return -1;
	left = deadline - clock_milliseconds();
	if (left < 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}
