#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a person sees who types: the interactive shell and bash's completion, in a real terminal (tmux).
. "$(dirname "$0")/harness.sh"

# shellcheck source=tests/e2e/terminal.sh
. "$ROOT/tests/e2e/terminal.sh"

# clear_line: takes back what was typed, and what stood above.
clear_line() { type_keys C-a C-k C-l; }

# --- the shell on the test driver -------------------------------------------------------------------
fresh vmctl -c test:///default
check_screen the_prompt_shows_the_connection 'test:///default'
type_keys 'domst' Tab
check_screen tab_completes_a_command 'domstate '
type_keys Tab
check_screen tab_completes_the_only_guest 'domstate test '
type_keys Enter
check_screen and_the_line_runs '^running'
clear_line
type_keys 'list --in' Tab
check_screen tab_completes_an_option 'list --inactive'
clear_line
type_keys 'start te' Tab 'x' Enter
check_screen start_does_not_offer_what_runs "failed to get domain 'tex'"
clear_line
type_keys 'define ' "$WORK/ho" Tab
check_screen tab_completes_files "define $WORK/home/"
clear_line
type_keys 'no-such-thing' Enter
check_screen an_unknown_command_is_named "unknown command: 'no-such-thing'"
type_keys C-l 'half a line' C-c
type_keys 'echo still here' Enter
check_screen control_c_takes_the_line_and_not_the_shell '^still here'
type_keys 'quit' Enter
check quit_leaves wait_for 10 sh -c "! tmux -S '$WORK/tmux' has-session -t vmkit"
check the_history_is_kept grep -rq 'echo still here' "$HOME"
check_output and_it_is_private '^-rw-------' sh -c "find '$HOME' -type f -name '*history*' -exec ls -l {} +"
fresh vmctl -r -c test:///default
check_screen the_prompt_shows_that_it_is_read_only 'test:///default.*(ro|read-only|>)'
type_keys Up
check_screen the_history_comes_back '(quit|echo still here)'

# --- the shell on a daemon --------------------------------------------------------------------------
if [ "$(id -u)" = 0 ]; then
	HOME=/root XDG_CACHE_HOME='' CACHE=/root/.cache/vmkit daemon_start
	fresh vmctl -c "$URI"
	type_keys 'hostname' Enter
	shows "^daemon"
	# A stopped daemon answers nothing: the command hangs until it is interrupted.
	pid=$(daemon_pid)
	kill -STOP "$pid"
	clear_line
	type_keys 'list --all' Enter
	sleep 2
	type_keys C-c
	check_screen control_c_ends_a_command_that_hangs 'did not end and was left behind'
	kill -CONT "$pid"
	clear_line
	type_keys 'echo alive' Enter
	check_screen and_the_shell_goes_on '^alive'
	kill -KILL "$pid"
	# The daemon's namespace lives on without it: another one, as systemd would start it.
	wait_for 10 sh -c "! kill -0 $pid"
	nsenter -t "$(pgrep -f "daemon.sh $WORK/daemon" | tail -n 1)" -m -n -u -p libvirtd -d -p /run/libvirt/libvirtd.pid \
		>"$WORK/restart.log" 2>&1
	clear_line
	type_keys 'list --all' Enter
	check_screen a_lost_daemon_is_connected_again 'Id +Name +State'
fi

# --- bash ---------------------------------------------------------------------------------------------
if [ -r /usr/share/bash-completion/bash_completion ]; then
	cat >"$WORK/bashrc" <<EOF
PS1='ready> '
PATH=$BUILD/bin:\$PATH
. /usr/share/bash-completion/bash_completion
for file in $BUILD/completions/*; do . \$file; done
EOF
	fresh bash --rcfile "$WORK/bashrc" -i
	shows 'ready>'
	# completes NAME TYPED PATTERN
	completes() {
		clear_line
		type_keys "$2" Tab
		check_screen "$1" "$3"
	}
	completes a_command 'vmctl undef' 'vmctl undefine '
	completes an_option 'vmctl undefine --nv' 'undefine --nvram '
	completes a_guest_of_the_named_connection 'vmctl -c test:///default domstate te' 'domstate test '
	completes a_guest_that_an_option_names 'vmctl -c test:///default dominfo --domain te' '--domain test '
	completes an_option_that_takes_a_value 'vm-install --osi' 'vm-install --osinfo'
	completes a_value_of_an_option 'vm-install --osinfo debian1' 'debian1'
	completes a_suboption 'vm-install --disk siz' '--disk size='
	completes a_second_suboption 'vm-install --disk size=1,forma' '--disk size=1,format='
	completes a_subcommand 'vm-img crea' 'vm-img create '
	completes a_format 'vm-img create -f qcow' '-f qcow'
	completes a_file "vm-img info $WORK/bashr" "info $WORK/bashrc "
	completes a_check 'kvm-check devi' 'kvm-check device '
	completes the_program_s_own_option 'kvm-check --no-p' 'kvm-check --no-probe '
else
	skip bash_completion "bash-completion is not installed"
fi
