#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced after harness.sh by tests of what somebody sees who types, in a real terminal (tmux).

command -v tmux >/dev/null || skip_all "tmux is not installed"
export HOME=$WORK/home XDG_STATE_HOME=$WORK/home/state XDG_CACHE_HOME=$WORK/home/cache
mkdir -p "$HOME"
terminal() { tmux -f /dev/null -S "$WORK/tmux" "$@"; }
trap 'terminal kill-server 2>/dev/null; finish' EXIT

screen() { terminal capture-pane -p -N -t vmkit; }
type_keys() { terminal send-keys -t vmkit "$@"; }

screen_has() { screen | grep -qE -- "$1"; }

# shows PATTERN: the screen has it within some seconds.
shows() { wait_for "${SHOW_SECONDS:-30}" screen_has "$1"; }

# check_screen NAME PATTERN
check_screen() {
	if shows "$2"; then
		ok "$1"
	else
		{ screen | grep -v '^ *$'; echo "the screen does not show: $2"; } >"$WORK/.out"
		not_ok "$1" "$WORK/.out"
	fi
}

# The server would end with its last session, and the next one could find it ending.
terminal new-session -d -s keep sleep 3600

# fresh COMMAND...: a terminal that runs it.
fresh() {
	terminal kill-session -t vmkit 2>/dev/null
	terminal new-session -d -s vmkit -x 140 -y 40 "$@"
}
