// SPDX-License-Identifier: GPL-3.0-or-later
// Rules of the host's firewall that cut a guest off.
#pragma once

struct why;

// Looks at what the firewall does with packets from and to BRIDGE, whose libvirt network forwards
// by MODE ("nat", "route", "open", ...; NULL: not at all, or the bridge is somebody's own), and
// prints the one rule that lets them through.
void firewall_look(struct why *why, const char *bridge, const char *mode);
