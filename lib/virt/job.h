// SPDX-License-Identifier: GPL-3.0-or-later
// Long operations on a guest, waited for: with a bar where someone looks, an end by ^C or a
// timeout, and without hanging when the operation ends in another way than it should.
#pragma once

#include <libvirt/libvirt.h>
#include <stdbool.h>

struct call;
struct error;

// What libvirt does in one call that blocks: save, dump, migrate.
struct job {
	const char *label; // of the bar
	bool verbose;      // a bar is wanted
	long long timeout; // milliseconds, 0 for none
	// The libvirt call; it runs in a thread of its own.
	int (*work)(void *data, struct error *err);
	// What happens when the time is up, once; NULL: the job is aborted.
	void (*late)(struct call *call, void *data);
	// Looks every half second whether something is to be done meanwhile; NULL: nothing.
	void (*look)(struct call *call, void *data);
	void *data;                  // of all of them: on the heap,
	void (*release)(void *data); // and released when `work` has ended
};

// Does JOB on DOMAIN. ^C and the timeout abort it and wait for its end; an operation that does not
// end even then is left behind and said to go on. Takes JOB's data over.
int job_run(struct call *call, virDomainPtr domain, const struct job *job, struct error *err);

// How a block job ended.
enum block_end {
	BLOCK_COMPLETED,
	BLOCK_READY, // a mirror is in step and waits for pivot or abort
	BLOCK_FAILED,
	BLOCK_CANCELED,
};

struct block_wait {
	const char *disk;  // as the user calls it
	const char *label; // of the bar
	bool verbose;
	bool async;        // at an abort, do not wait for the job's end
	long long timeout; // milliseconds, 0 for none
	struct event_queue *queue;
};

// Begins to watch, before the job is started.
int block_wait_begin(struct call *call, virDomainPtr domain, struct block_wait *wait,
		     struct error *err);

// Waits until the job ends. ^C and the timeout abort it: *END is BLOCK_CANCELED then.
int block_wait_end(struct call *call, virDomainPtr domain, struct block_wait *wait,
		   enum block_end *end, struct error *err);

void block_wait_clear(struct block_wait *wait);
#define auto_block_wait __attribute__((cleanup(block_wait_clear)))
