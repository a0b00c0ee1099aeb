// SPDX-License-Identifier: GPL-3.0-or-later
// Why a daemon does not let its user in.
#pragma once

struct error;

// Where ERR, of a connection to URI (NULL: the default one), comes of missing rights, its hint
// becomes the command that gives them. Groups, the socket and polkit are looked at. Where URI names
// another machine, the hint says where to look.
void access_hint(struct error *err, const char *uri);
