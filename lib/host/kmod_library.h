// SPDX-License-Identifier: GPL-3.0-or-later
// libkmod, which knows modules' files, compressed or not, their dependencies and modprobe.d. It is
// loaded when it is first needed: it takes 0.8 ms, a third of a whole kvm-check without a probe.
#pragma once

#include <libkmod.h>

struct error;
struct host;

// clang-format off
#define KMOD_LIBRARY_CALLS(call_) \
	call_(new) call_(unref) call_(set_log_priority) call_(list_next) \
	call_(module_new_from_name) call_(module_unref) call_(module_unref_list) \
	call_(module_get_module) call_(module_get_name) call_(module_get_path) \
	call_(module_get_info) call_(module_info_get_key) call_(module_info_get_value) \
	call_(module_info_free_list) call_(module_get_dependencies) call_(module_get_holders) \
	call_(module_get_refcnt) call_(module_get_initstate) call_(module_get_install_commands) \
	call_(module_probe_insert_module) call_(module_remove_module)
// clang-format on

// kmod_list_foreach() by the pointer of LIBRARY_.
#define kmod_list_foreach_with(library_, entry_, list_)                                            \
	for ((entry_) = (list_); (entry_); (entry_) = (library_)->list_next((list_), (entry_)))

struct kmod_library {
	void *handle;
	int directory; // of the modules of a recorded machine, -1 for this one
	struct kmod_ctx *context;
#define KMOD_LIBRARY_MEMBER(name_) __typeof__(kmod_##name_) *name_;
	KMOD_LIBRARY_CALLS(KMOD_LIBRARY_MEMBER)
};

// For the modules of HOST.
int kmod_library_open(struct kmod_library *library, const struct host *host, struct error *err);
void kmod_library_close(struct kmod_library *library);
#define auto_kmod_library __attribute__((cleanup(kmod_library_close)))
