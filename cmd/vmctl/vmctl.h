// SPDX-License-Identifier: GPL-3.0-or-later
// vmctl without its main(), so that tests can run it in their own process.
#pragma once

#include <stdio.h>

#include "cli/command.h"

extern const struct program vmctl_program;

// Runs vmctl with these arguments, its output going to OUT and ERRORS and a batch coming from INPUT
// (a descriptor). Gives the exit status.
int vmctl_run(int argc, char **argv, int input, FILE *out, FILE *errors);
