// SPDX-License-Identifier: GPL-3.0-or-later
// Child processes, always by an argument array, never by a shell line.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct confinement;
struct error;

struct process {
	const char *const *argv; // [0] is looked up in PATH; ends with NULL
	long long timeout;       // milliseconds, 0 for none: then it is killed
	size_t most; // bytes of output kept of each stream, 0 for 1 MiB; the rest is lost
	// Called with each piece of standard output instead of keeping it.
	void (*output)(void *data, const char *bytes, size_t length);
	void *data;
	const bool
		*enough; // looked at after each piece: once it is true, the child is killed; NULL
	void (*tick)(void *data); // called several times a second while it runs; NULL
	bool bound;               // it is killed when this process ends, even by SIGKILL
	const char *input;        // what it reads, with `bound`: 60 KiB at most; NULL: nothing
	int reads;                // with `bound`: what it reads instead, lent; 0: `input`
	bool heedless;            // a signal for us does not end it: it undoes something
	// What it may do, with `bound`; NULL: as much as we.
	const struct confinement *confinement;
};

struct process_result {
	int exit_status; // 128+N when signal N ended it
	char *output;    // standard output and standard error, NUL-terminated
	char *errors;
};

// Runs the child to its end with standard input from /dev/null. Succeeds whatever its exit status
// is; fails when it cannot be started (STATUS_NOT_FOUND when there is no such program), takes too
// long (STATUS_TIMEOUT) or a signal came for us (see interrupt.h): then it is killed first.
int process_run(const struct process *process, struct process_result *result, struct error *err);

// The same, but an exit status other than 0 fails too, with the last line of what the child wrote
// to standard error as the reason. The output is the caller's; NULL on failure.
char *process_output(const struct process *process, struct error *err);

// Runs ARGV on the caller's own terminal and waits for it; gives its exit status as above, or -1.
int process_run_attached(const char *const *argv, struct error *err);

// The same for a program that somebody types in: ^C is for it alone. SIGTERM and SIGHUP, where they
// are caught, are passed on to it: it has two seconds to end before it is killed, and the call
// fails as interrupt_check() does.
int process_run_interactive(const char *const *argv, struct error *err);

// Whether NAME is an executable file in PATH; its path in *PATH (the caller's) unless that is NULL.
bool process_find(const char *name, char **path);

// The same, passing over the program that runs, which may be linked by that name; the caller's, or
// NULL.
char *process_find_other(const char *name);

// The same in the system's own directories, whatever PATH is: for what runs as root.
bool process_find_system(const char *name, char **path);

// The path of the program that runs, the caller's; NULL where nobody can tell.
char *process_self(void);
// The path of the program NAME beside it, the caller's; NULL where there is none that can be run.
char *process_sibling(const char *name);

// The letter that the kernel has for its state (proc(5): R, S, D, Z, ...); 0 where it is gone.
char process_state(pid_t process);

void process_result_clear(struct process_result *result);
#define auto_process_result __attribute__((cleanup(process_result_clear)))
