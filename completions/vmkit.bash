# SPDX-License-Identifier: GPL-3.0-or-later
# Bash completion for the programs of vmkit. Commands and options stand below, written at build time
# from the programs' own tables; names that exist only now (guests, disks, images) are asked of the
# program itself, which reads only and gives up after a few seconds.
declare -gA _vmkit_words _vmkit_options

# The functions below work on the caller's `words` and `cword`: the line parted at blanks alone, not at
# the colons and equals signs that COMP_WORDS is parted at.

# Which word of the line is the command; 0 when none is typed yet.
_vmkit_command_index() {
	local i program=$1
	for ((i = 1; i < cword; i++)); do
		case ${words[i]} in
		-c | --connect | -d | --debug | -e | --escape | -k | --keepalive-interval | -K | \
			--keepalive-count | -l | --log)
			[ "$program" = vmctl ] && i=$((i + 1))
			;;
		-*) ;;
		*)
			[[ " ${_vmkit_words[$program]} " == *" ${words[i]} "* ]] && echo "$i" && return
			;;
		esac
	done
	echo 0
}

# What the program itself says may stand here; vmctl asks the hypervisor that the line names.
_vmkit_live() {
	local program=$1 index=$2 i
	local -a globals=()
	if [ "$program" = vmctl ]; then
		for ((i = 1; i < index; i++)); do
			case ${words[i]} in
			-c | --connect) globals+=(-c "${words[i + 1]}") ;;
			--connect=*) globals+=("${words[i]}") ;;
			esac
		done
	fi
	command "${words[0]}" "${globals[@]}" complete -- "${words[@]:index:cword-index+1}" 2>/dev/null
}

_vmkit() {
	local program=${1##*/} cur words cword index key candidate before
	local -a candidates=()
	COMPREPLY=()
	_get_comp_words_by_ref -n := cur words cword
	index=$(_vmkit_command_index "$program")
	key=$program
	[ "$index" -eq 0 ] || key="$program ${words[index]}"

	if [[ $cur == -* && $cur != *=* ]]; then
		mapfile -t candidates < <(compgen -W "${_vmkit_options[$key]}" -- "$cur")
		COMPREPLY=("${candidates[@]/%=/}")
		return
	fi
	if [ "$index" -eq 0 ] && [ -n "${_vmkit_words[$program]}" ]; then
		mapfile -t COMPREPLY < <(compgen -W "${_vmkit_words[$program]}" -- "$cur")
		[ ${#COMPREPLY[@]} -eq 0 ] || return
	fi
	[ "$index" -gt 0 ] || index=1
	# readline replaces only what stands behind the last colon or equals sign.
	before=${cur%"${cur##*[:=]}"}
	while IFS= read -r candidate; do
		[ -z "$candidate" ] || COMPREPLY+=("${candidate#"$before"}")
	done < <(_vmkit_live "$program" "$index")
	if [ ${#COMPREPLY[@]} -eq 0 ]; then
		compopt -o default 2>/dev/null
	elif [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
		compopt -o nospace 2>/dev/null
	fi
}
