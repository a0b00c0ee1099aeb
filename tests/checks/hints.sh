#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What advises a command of vmctl's calls it $vmctl (lib/cli/hint.h), which is shown with the -c that was
# given and, in the shell, without the program: a plain "vmctl start" in a text would be run on another host.
# Those below are none to be copied from there, each with its reason. Prints TAP.
set -u

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
around=$(grep -vFf <(awk 'NF { print $1 ":" }' <<<"$exceptions") <<<"$found")
if [ -n "$commands" ] && [ -z "$around" ]; then
	echo "ok 1 - advice_names_vmctl_by_its_mark"
else
	echo "not ok 1 - advice_names_vmctl_by_its_mark"
	printf '%s\n' "$around" | sed 's/^/#   /'
fi
stale=$(awk 'NF { print $1 }' <<<"$exceptions" | while read -r file; do
	grep -q "^$file:" <<<"$found" || echo "$file"
done)
if [ -z "$stale" ]; then
	echo "ok 2 - each_exception_is_still_needed"
else
	echo "not ok 2 - each_exception_is_still_needed"
	printf '%s\n' "$stale" | sed 's/^/#   /'
fi
# The search itself, on a text in two parts.
example=$(mktemp)
# shellcheck disable=SC2016 # a mark, no variable
printf 'error_hint(err, "it is off; vmctl "\n\t"net-start -- %%s starts it");\nputs("$vmctl net-start; vmctl is there");\n' >"$example"
if [ "$(plain "$example" | wc -l)" = 1 ]; then
	echo "ok 3 - a_command_in_two_parts_is_found_and_nothing_else"
else
	echo "not ok 3 - a_command_in_two_parts_is_found_and_nothing_else"
fi
rm -f "$example"
echo "1..3"
