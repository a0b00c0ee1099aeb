# SPDX-License-Identifier: GPL-3.0-or-later
# Bash completion for the programs of vmkit. The program itself reads the line up to the cursor and says what
# may stand there: commands and options from its tables, guests, disks and images from the hypervisor that the
# line names, which it only reads, and not for long.
_vmkit() {
	local candidates
	COMPREPLY=()
	candidates=$(command "$1" complete --line "${COMP_LINE:0:COMP_POINT}" --breaks "$COMP_WORDBREAKS" 2>/dev/null) ||
		return
	if [ -z "$candidates" ]; then
		compopt -o default 2>/dev/null
		return
	fi
	mapfile -t COMPREPLY <<<"$candidates"
	if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/:] ]]; then
		compopt -o nospace 2>/dev/null
	fi
}
