#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Starts a guest and waits until it says TEXT on its console, for scripts that go on with what is in the
# guest. A guest that was started for this and does not say it in time is stopped again.
#
#   examples/start-and-wait.sh GUEST TEXT [SECONDS]
#
# Exit status: 0 it said so; 3 there is no such guest; 5 it did not in SECONDS (default 120).
set -uo pipefail

guest=${1:?usage: start-and-wait.sh GUEST TEXT [SECONDS]}
text=${2:?usage: start-and-wait.sh GUEST TEXT [SECONDS]}

# Left paused until the console is read, so that nothing that it says is missed.
vmctl -q start "$guest" --paused || exit
vmctl -q console "$guest" --resume --until "$text" --timeout "${3:-120}"
status=$?
[ $status -eq 0 ] || vmctl -q destroy "$guest"
exit $status
