// SPDX-License-Identifier: GPL-3.0-or-later
#include "virt/failure.h"

#include <libvirt/virterror.h>
#include <stddef.h>

// What a libvirt error code means for the exit status, and the command that helps.
static const struct {
	int code;
	enum status status;
	const char *hint;
} meanings[] = {
	{VIR_ERR_NO_DOMAIN, STATUS_NOT_FOUND, "$vmctl list --all shows the guests there are"},
	{VIR_ERR_NO_NETWORK, STATUS_NOT_FOUND,
	 "$vmctl net-list --all shows the networks there are"},
	{VIR_ERR_NO_STORAGE_POOL, STATUS_NOT_FOUND,
	 "$vmctl pool-list --all shows the pools there are"},
	{VIR_ERR_NO_STORAGE_VOL, STATUS_NOT_FOUND, NULL},
	{VIR_ERR_NO_NODE_DEVICE, STATUS_NOT_FOUND, NULL},
	{VIR_ERR_NO_INTERFACE, STATUS_NOT_FOUND, NULL},
	{VIR_ERR_NO_SECRET, STATUS_NOT_FOUND, NULL},
	{VIR_ERR_NO_NWFILTER, STATUS_NOT_FOUND, NULL},
	{VIR_ERR_NO_DOMAIN_SNAPSHOT, STATUS_NOT_FOUND, NULL},
	{VIR_ERR_NO_DOMAIN_CHECKPOINT, STATUS_NOT_FOUND, NULL},
	{VIR_ERR_NO_DOMAIN_BACKUP, STATUS_NOT_FOUND, NULL},
	{VIR_ERR_NO_DOMAIN_METADATA, STATUS_NOT_FOUND, NULL},
	{VIR_ERR_DEVICE_MISSING, STATUS_NOT_FOUND, NULL},
	{VIR_ERR_OPERATION_INVALID, STATUS_CONFLICT, NULL},
	{VIR_ERR_DOM_EXIST, STATUS_CONFLICT, NULL},
	{VIR_ERR_NETWORK_EXIST, STATUS_CONFLICT, NULL},
	{VIR_ERR_STORAGE_VOL_EXIST, STATUS_CONFLICT, NULL},
	{VIR_ERR_BLOCK_COPY_ACTIVE, STATUS_CONFLICT, NULL},
	{VIR_ERR_RESOURCE_BUSY, STATUS_CONFLICT, NULL},
	{VIR_ERR_OPERATION_TIMEOUT, STATUS_TIMEOUT, NULL},
	{VIR_ERR_AGENT_UNRESPONSIVE, STATUS_TIMEOUT,
	 "is the guest agent installed and running in the guest?"},
#if LIBVIR_CHECK_VERSION(11, 2, 0)
	{VIR_ERR_AGENT_COMMAND_TIMEOUT, STATUS_TIMEOUT,
	 "the guest agent runs but was too slow; guest-agent-timeout sets how long it may take"},
#endif
	{VIR_ERR_NO_CONNECT, STATUS_CONNECTION, "kvm-check libvirt tells what is wrong"},
	{VIR_ERR_INVALID_CONN, STATUS_CONNECTION, NULL},
	{VIR_ERR_AUTH_FAILED, STATUS_CONNECTION,
	 "use sudo, join the group: sudo usermod -aG libvirt $USER, or try -c qemu:///session"},
	{VIR_ERR_AUTH_CANCELLED, STATUS_CONNECTION, NULL},
	{VIR_ERR_AUTH_UNAVAILABLE, STATUS_CONNECTION,
	 "use sudo, join the group: sudo usermod -aG libvirt $USER, or try -c qemu:///session"},
	{VIR_ERR_ACCESS_DENIED, STATUS_CONNECTION, NULL},
	{VIR_ERR_OPERATION_DENIED, STATUS_CONNECTION, "the connection is read-only"},
	{VIR_ERR_NO_SERVER, STATUS_CONNECTION, NULL},
	{VIR_ERR_NO_CLIENT, STATUS_CONNECTION, NULL},
	{VIR_ERR_LIBSSH, STATUS_CONNECTION, NULL},
	{VIR_ERR_SSH, STATUS_CONNECTION, NULL},
};

static void connection_lost(struct error *err)
{
	err->status = STATUS_CONNECTION;
	error_hint(err, "kvm-check libvirt tells what is missing; systemctl start libvirtd.socket "
			"(or virtqemud.socket) starts the daemon");
}

static void set_meaning(struct error *err, const virError *failure)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++) {
		if (meanings[i].code != failure->code)
			continue;
		err->status = meanings[i].status;
		if (meanings[i].hint)
			error_hint(err, "%s", meanings[i].hint);
		return;
	}
	// A broken connection is reported as a system error of the layer that carries it.
	if ((failure->code == VIR_ERR_SYSTEM_ERROR || failure->code == VIR_ERR_INTERNAL_ERROR) &&
	    (failure->domain == VIR_FROM_RPC || failure->domain == VIR_FROM_REMOTE))
		connection_lost(err);
}

int virt_failure_plain(struct error *err)
{
	const virError *failure = virGetLastError();

	if (!failure)
		return error_set(err, STATUS_FAILED, "unknown error");
	error_set(err, STATUS_FAILED, "%s", failure->message ? failure->message : "unknown error");
	err->code = failure->code;
	set_meaning(err, failure);
	return -1;
}

int virt_failed_with(int code)
{
	return virGetLastErrorCode() == code;
}

static void ignore(void *data, virErrorPtr error)
{
	(void)data;
	(void)error;
}

void virt_silence(void)
{
	virSetErrorFunc(NULL, ignore);
}
