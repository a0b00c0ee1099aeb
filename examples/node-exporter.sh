#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The figures of all guests for Prometheus' node exporter, once: into the directory that it is told by
# --collector.textfile.directory. To be called by a timer, such as this line of /etc/cron.d/vmkit:
#
#   * * * * * root /usr/share/doc/vmkit/examples/node-exporter.sh /var/lib/prometheus/node-exporter
#
# VMCTL_URI names the hypervisor.
set -euo pipefail

directory=${1:?the directory of the node exporter}
# Replaced as a whole, so that no half file is read. A host that does not answer leaves the old file: its
# age is the metric node_textfile_mtime_seconds.
exec vmctl metrics --timeout 5 --output "$directory/libvirt.prom"
