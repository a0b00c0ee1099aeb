#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# An inventory script for Ansible: the guests of VMCTL_URI's hypervisor, grouped by host, state, operating
# system and label.
#
#   ansible -i examples/ansible-inventory.sh label_web -m ping
#   ansible-playbook -i examples/ansible-inventory.sh --limit state_running site.yml
#
# Several hypervisors: put `-c URI` or `-c @GROUP` before the command, as often as there are.
exec vmctl inventory "$@"
