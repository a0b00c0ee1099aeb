// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/exit.h"
#include "base/interrupt.h"
#include "cli/program.h"
#include "cmd/vm-img/vm_img.h"

int main(int argc, char **argv)
{
	// ^C is asked about where something is to be undone.
	interrupt_catch();
	return exit_status(program_main(&vm_img_program, NULL, argc, argv));
}
