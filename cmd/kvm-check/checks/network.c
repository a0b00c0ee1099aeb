// SPDX-License-Identifier: GPL-3.0-or-later
// What guests' networks need of the host.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "host/device.h"
#include "host/module.h"
#include "host/platform.h"

// A device that a module makes: there, to be had, or not.
static void by_module(struct examination *x, const char *path, const char *module,
		      const char *without)
{
	auto_device struct device device = {0};
	enum module_state state;

	device_look(&device, x->host, path);
	state = module_look(x->host, module);
	if (device.present) {
		check_pass(x, "%s", path);
	} else if (!device.known && state == MODULE_UNKNOWN) {
		check_silent(x);
	} else if (state == MODULE_LOADABLE) {
		check_warn(x, FIX("load it now and at each boot", .commands = {LOAD(module)}),
			   "%s is not loaded: %s", module, without);
	} else if (module_serves(state) && device.known) {
		check_warn(x,
			   FIX(examination_platform(x)->container
				       ? "let this container have the device"
				       : "see why udev has not made it"),
			   "%s is there, but no %s: %s", module, path, without);
	} else if (module_serves(state)) {
		check_pass(x, "%s is %s", module, module_word(state));
	} else {
		check_warn(x,
			   FIX(check_text(x,
					  "boot a kernel that has %s; in a container, let it have "
					  "the device",
					  module)),
			   "no %s: %s", path, without);
	}
}

static void tun(struct examination *x)
{
	by_module(x, "/dev/net/tun", "tun",
		  "guests cannot join libvirt's networks or a bridge, only QEMU's user network");
}

static void vhost(struct examination *x)
{
	by_module(x, "/dev/vhost-net", "vhost_net", "networks of guests are slower");
}

static void bridge(struct examination *x)
{
	enum module_state state = module_look(x->host, "bridge");

	if (module_serves(state))
		check_pass(x, "the module is %s", module_word(state));
	else if (state == MODULE_LOADABLE)
		check_note(x, "the module is loaded when the first bridge is made");
	else if (state == MODULE_MISSING)
		check_warn(x, FIX("boot a kernel built with CONFIG_BRIDGE"),
			   "this kernel has no bridges: libvirt's networks cannot start");
	else
		check_note(x, "nothing tells whether this kernel has them");
}

static void forwarding(struct examination *x)
{
	long long on = root_number(&x->host->root, "/proc/sys/net/ipv4/ip_forward", -1);

	if (on < 0)
		return;
	if (on)
		check_pass(x, "on");
	else
		check_note(x,
			   "off: libvirt switches it on with its first network; your own bridges "
			   "to other networks need it");
}

// With br_netfilter the host's firewall also judges what its bridges pass on.
static void filtered_bridges(struct examination *x)
{
	if (root_number(&x->host->root, "/proc/sys/net/bridge/bridge-nf-call-iptables", 0) != 1)
		return;
	check_warn(x,
		   FIX("allow the bridge in the firewall's FORWARD chain. Setting "
		       "net.bridge.bridge-nf-call-iptables to 0 instead breaks Kubernetes, "
		       "Docker's networks between containers and libvirt's filters on bridges"),
		   "the host's firewall filters what bridges pass on (bridge-nf-call-iptables=1): "
		   "guests on a bridge may be cut off where Docker or Kubernetes runs");
}

const struct check network_checks[] = {
	CHECK("tun", "tun", PURPOSE_GUESTS | PURPOSE_QEMU, 0, tun),
	CHECK("vhost_net", "vhost-net", PURPOSE_GUESTS | PURPOSE_QEMU, 0, vhost),
	CHECK("bridge", "bridges", 0, 0, bridge),
	CHECK("ip_forward", "forwarding", 0, 0, forwarding),
	CHECK("bridge_filter", "filtered bridges", 0, 0, filtered_bridges),
	CHECKS_END,
};

static void vsock(struct examination *x)
{
	by_module(x, "/dev/vhost-vsock", "vhost_vsock",
		  "guests get no vsock, the socket between guest and host");
}

static void vsock_below(struct examination *x)
{
	auto_device struct device device = {0};

	device_look(&device, x->host, "/dev/vsock");
	if (device.present)
		check_pass(x, "/dev/vsock is there");
	else if (!device.known)
		check_silent(x);
	else
		check_note(x, "no /dev/vsock: programs on this host cannot name their own address");
}

const struct check vsock_checks[] = {
	CHECK("vhost_vsock", "vhost-vsock", 0, 0, vsock),
	CHECK("vsock", "vsock", 0, 0, vsock_below),
	CHECKS_END,
};
