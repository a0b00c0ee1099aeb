// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

#include "base/exit.h"
#include "cli/program.h"
#include "cmd/vm-install/vm_install.h"

int main(int argc, char **argv)
{
	exit_at_own_pipes();
	return exit_status(program_main(&vm_install_program, NULL, argc, argv));
}
