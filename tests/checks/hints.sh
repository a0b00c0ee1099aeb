#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What advises a command of vmctl's calls it $vmctl (lib/cli/hint.h), which is shown with the -c that was
# given and, in the shell, without the program: a plain "vmctl start" in a text would be run on another host.
# Those below are none to be copied from there, each with its reason. Prints TAP.
set -u
. "$(dirname "$0")/../verdict.sh"

exceptions='
cmd/kvm-check/explanations.c        tables of kvm-check, which knows only this host
cmd/kvm-check/checks/can.c          the same
cmd/kvm-check/checks/can_devices.c  the same
cmd/vmctl/why/stopped.c             names what was done, and is nothing to do
cmd/vmctl/why/why.c                 is for another host, without the -c that leads there
'

commands=$(sed -n 's/^\tX(\([a-z_0-9]*\)).*/\1/p' cmd/vmctl/groups.h | tr _ - | paste -sd '|')
# plain FILE...: the texts, put together from their parts, in which a command stands behind a plain vmctl.
plain() {
	COMMANDS=$commands perl -0777 -ne '
		s{//[^\n]*\n}{\n}g;
		s{"\s*\n\s*"}{}g;
		while (/"((?:[^"\\\n]|\\.)*)"/g) {
			my $text = $1;
			print "$ARGV:$text\n" if $text =~ /(?<![\$\w.\/-])vmctl (?:-c \S+ )?(?:$ENV{COMMANDS})(?![\w-])/;
		}' "$@"
}

mapfile -t files < <(find lib cmd -name '*.[ch]')
found=$(plain "${files[@]}")
[ -n "$commands" ] || found="cmd/vmctl/groups.h: no commands are found in it"
verdict_but advice_names_vmctl_by_its_mark "$found" "$exceptions"
# The search itself, on a text in two parts.
example=$(mktemp)
# shellcheck disable=SC2016 # a mark, no variable
printf 'error_hint(err, "it is off; vmctl "\n\t"net-start -- %%s starts it");\nputs("$vmctl net-start; vmctl is there");\n' >"$example"
count=$(plain "$example" | wc -l)
verdict a_command_in_two_parts_is_found_and_nothing_else "$([ "$count" = 1 ] || echo "$count are found")"
rm -f "$example"
echo "1..$number"
