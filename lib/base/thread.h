// SPDX-License-Identifier: GPL-3.0-or-later
// Threads that get no signals: those are for the ones that wait for them.
#pragma once

#include <pthread.h>

// As pthread_create(): 0, or the number of the error.
int thread_start(pthread_t *thread, void *(*run)(void *data), void *data);
