// SPDX-License-Identifier: GPL-3.0-or-later
#include <stddef.h>

#include "base/exit.h"
#include "cli/program.h"
#include "cmd/kvm-check/kvm_check.h"

int main(int argc, char **argv)
{
	return exit_status(program_main(&kvm_check_program, NULL, argc, argv));
}
