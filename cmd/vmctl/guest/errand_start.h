// SPDX-License-Identifier: GPL-3.0-or-later
// How a program begins in a guest that its agent runs.
#pragma once

struct agent;
struct errand;
struct error;

// Names in the directory PLACE of a guest that nobody can guess; the caller's.
char *errand_file_names(const char *place);

// Starts it; gives the process id of what attends to it, or -1. Unless it is detached, it writes
// into FILES.1 and FILES.2, which are made; where it has an input, it reads what is written into
// FILES.0, until that has no name any more. SIGTERM and SIGUSR1 to that process end it by TERM and
// by KILL.
//
// At its end that process tells its status, and, where the files still have their names, what is in
// them. A dot behind that says that it is all, and that they are removed; a plus that it is not.
long long errand_start(const struct agent *agent, const struct errand *errand, const char *files,
		       struct error *err);
