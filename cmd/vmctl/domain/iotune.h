// SPDX-License-Identifier: GPL-3.0-or-later
// How much a disk may transfer: libvirt's parameters for one disk, and for a group of them.
#pragma once

#include "virt/parameters.h"

// clang-format off
#define IOTUNE_RATES(SET, SHOW) \
	SET("total-bytes-sec", VIR_DOMAIN_BLOCK_IOTUNE_TOTAL_BYTES_SEC, BYTES, "most bytes a second, 0: no limit") \
	SET("read-bytes-sec", VIR_DOMAIN_BLOCK_IOTUNE_READ_BYTES_SEC, BYTES, "most bytes read a second") \
	SET("write-bytes-sec", VIR_DOMAIN_BLOCK_IOTUNE_WRITE_BYTES_SEC, BYTES, "most bytes written a second") \
	SET("total-iops-sec", VIR_DOMAIN_BLOCK_IOTUNE_TOTAL_IOPS_SEC, RATE, "most operations a second, 0: no limit") \
	SET("read-iops-sec", VIR_DOMAIN_BLOCK_IOTUNE_READ_IOPS_SEC, RATE, "most reads a second") \
	SET("write-iops-sec", VIR_DOMAIN_BLOCK_IOTUNE_WRITE_IOPS_SEC, RATE, "most writes a second") \
	SET("total-bytes-sec-max", VIR_DOMAIN_BLOCK_IOTUNE_TOTAL_BYTES_SEC_MAX, BYTES, "most bytes a second in a burst") \
	SET("read-bytes-sec-max", VIR_DOMAIN_BLOCK_IOTUNE_READ_BYTES_SEC_MAX, BYTES, "most bytes read a second in a burst") \
	SET("write-bytes-sec-max", VIR_DOMAIN_BLOCK_IOTUNE_WRITE_BYTES_SEC_MAX, BYTES, "most bytes written a second in a burst") \
	SET("total-iops-sec-max", VIR_DOMAIN_BLOCK_IOTUNE_TOTAL_IOPS_SEC_MAX, RATE, "most operations a second in a burst") \
	SET("read-iops-sec-max", VIR_DOMAIN_BLOCK_IOTUNE_READ_IOPS_SEC_MAX, RATE, "most reads a second in a burst") \
	SET("write-iops-sec-max", VIR_DOMAIN_BLOCK_IOTUNE_WRITE_IOPS_SEC_MAX, RATE, "most writes a second in a burst") \
	SET("size-iops-sec", VIR_DOMAIN_BLOCK_IOTUNE_SIZE_IOPS_SEC, LONG, "bytes that count as one operation")
#define IOTUNE_BURSTS(SET, SHOW) \
	SET("total-bytes-sec-max-length", VIR_DOMAIN_BLOCK_IOTUNE_TOTAL_BYTES_SEC_MAX_LENGTH, LONG, "seconds that a burst may last") \
	SET("read-bytes-sec-max-length", VIR_DOMAIN_BLOCK_IOTUNE_READ_BYTES_SEC_MAX_LENGTH, LONG, "seconds that a burst of reading may last") \
	SET("write-bytes-sec-max-length", VIR_DOMAIN_BLOCK_IOTUNE_WRITE_BYTES_SEC_MAX_LENGTH, LONG, "seconds that a burst of writing may last") \
	SET("total-iops-sec-max-length", VIR_DOMAIN_BLOCK_IOTUNE_TOTAL_IOPS_SEC_MAX_LENGTH, LONG, "seconds that a burst of operations may last") \
	SET("read-iops-sec-max-length", VIR_DOMAIN_BLOCK_IOTUNE_READ_IOPS_SEC_MAX_LENGTH, LONG, "seconds that a burst of reads may last") \
	SET("write-iops-sec-max-length", VIR_DOMAIN_BLOCK_IOTUNE_WRITE_IOPS_SEC_MAX_LENGTH, LONG, "seconds that a burst of writes may last")
// clang-format on
