#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Shuts all guests down, in parallel, before the host goes down: asks each, waits, and stops those
# that are still running after SECONDS (default 60) by force, with what QEMU has not written yet written.
#
#   examples/shutdown-all.sh [SECONDS]
#
# VMCTL_URI names the hypervisor. Exit status 0 when all went by themselves, 7 when some had to be stopped.
set -uo pipefail

patience=${1:-60}
status=0
running() { vmctl -q list --name | sed "/^$/d"; }

running | while IFS= read -r guest; do
	echo "asking $guest"
	vmctl -q shutdown "$guest"
done
until [ -z "$(running)" ] || [ $SECONDS -ge "$patience" ]; do
	sleep 0.5
done
while IFS= read -r guest; do
	echo "stopping $guest by force"
	# 4: it went just now.
	vmctl -q destroy "$guest" --graceful || [ $? -eq 4 ] || vmctl -q destroy "$guest"
	status=7
done < <(running)
exit $status
