// SPDX-License-Identifier: GPL-3.0-or-later
// Where the partitions of a disk lie: MBR with its logical ones, and GPT.
#pragma once

#include <stddef.h>

struct partition {
	unsigned number;               // as Linux counts them; 0: the disk itself
	unsigned long long start, end; // bytes of the disk
};

enum { PARTITIONS_MOST = 196 };

// Those of the raw disk that FD is open for, SIZE bytes long, the disk itself first; how many there
// are. What the tables say is not trusted further than that nothing lies outside the disk.
size_t partitions_find(int fd, unsigned long long size,
		       struct partition partitions[PARTITIONS_MOST]);
