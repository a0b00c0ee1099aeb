// SPDX-License-Identifier: GPL-3.0-or-later
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#include "base/exit.h"
#include "cmd/vmctl/vmctl.h"

int main(int argc, char **argv)
{
	exit_at_own_pipes();
	setlocale(LC_ALL, "");
	return exit_status(vmctl_run(argc, argv, STDIN_FILENO, stdout, stderr));
}
