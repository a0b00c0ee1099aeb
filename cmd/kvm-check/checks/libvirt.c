// SPDX-License-Identifier: GPL-3.0-or-later
// libvirt, seen from its files and sockets: its library is not loaded.
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/process.h"
#include "base/text.h"
#include "cmd/kvm-check/check.h"
#include "cmd/kvm-check/companion.h"
#include "cmd/kvm-check/package.h"
#include "host/account.h"
#include "host/device.h"
#include "host/guard.h"
#include "host/qemu.h"
#include "host/recording.h"
#include "host/socket.h"

enum { PATIENCE = 2000 }; // milliseconds that vmctl may take

// The two ways of running libvirt: one daemon, or one for each kind of thing.
struct daemons {
	const char *program;
	const char *socket;
	const char *unit;
	const char *layout;
};

static const struct daemons layouts[] = {
	{"virtqemud", "/run/libvirt/virtqemud-sock", "virtqemud.socket",
	 "a daemon for each driver"},
	{"libvirtd", "/run/libvirt/libvirt-sock", "libvirtd.socket", "one daemon"},
};

enum { LAYOUTS = sizeof(layouts) / sizeof(*layouts) };

static bool installed(const struct host *host, const struct daemons *daemons)
{
	auto_free char *path = qemu_find_tool(host, daemons->program);

	return path;
}

static void layout(struct examination *x)
{
	for (size_t i = 0; i < LAYOUTS; i++)
		if (installed(x->host, &layouts[i])) {
			// For comparisons with other hosts.
			if (x->host->recording)
				free(qemu_ask_libvirt(x->host));
			check_pass(x, "%s (%s)", layouts[i].layout, layouts[i].program);
			return;
		}
	if (host_is_fragment(x->host))
		check_silent(x);
	else
		check_warn(x, INSTALL(x, PACKAGE_LIBVIRT),
			   "not installed: vmctl and vm-install need it");
}

static bool has_systemd(const struct host *host)
{
	return root_exists(&host->root, "/run/systemd/system");
}

static void stopped(struct examination *x, const struct daemons *daemons)
{
	const struct fix *fix =
		has_systemd(x->host)
			? FIX("start its socket, now and at each boot",
			      .commands = {{"systemctl", "enable", "--now", daemons->unit}})
			: FIX("start it; at each boot too, as your system does that",
			      .commands = {{"virtlogd", "-d"}, {daemons->program, "-d"}});

	check_warn(x, fix, "%s does not run: qemu:///system does not answer", daemons->program);
}

// Guests go on running while the daemon is away.
static void silent(struct examination *x, const char *program)
{
	struct fix fix = {
		.text = check_text(x, "see its log (journalctl -u %s), then restart it", program)};

	if (has_systemd(x->host))
		fix_command(&fix, "systemctl", "restart", program);
	check_warn(x, &fix, "%s takes connections but does not answer", program);
}

static void answers(struct examination *x)
{
	const struct daemons *chosen = NULL;

	for (size_t i = 0; i < LAYOUTS; i++) {
		enum socket_state state = socket_look(x->host, layouts[i].socket);

		if (state == SOCKET_ANSWERS) {
			check_pass(x, "qemu:///system answers (%s)", layouts[i].socket);
			return;
		}
		if (state == SOCKET_SILENT) {
			silent(x, layouts[i].program);
			return;
		}
		if (state == SOCKET_DENIED) {
			check_note(x, "you may not use %s: see group", layouts[i].socket);
			return;
		}
	}
	for (size_t i = 0; !chosen && i < LAYOUTS; i++)
		if (installed(x->host, &layouts[i]))
			chosen = &layouts[i];
	if (chosen && x->host->root.foreign)
		check_silent(x);
	else if (chosen)
		stopped(x, chosen);
}

static void group(struct examination *x)
{
	long long number = account_group(x->host, "libvirt");
	auto_account struct account account = {0};
	auto_free char *name = NULL;
	struct fix fix = {.text = "join it, then log out and in"};

	account_caller(&account, x->host);
	name = account_user_name(x->host, account.uid);
	if (*name != '-')
		fix_command(&fix, "usermod", "-aG", "libvirt", name);
	if (number < 0 || !account.known)
		return;
	if (account.uid == 0)
		check_pass(x, "root may use qemu:///system");
	else if (account_in(&account, (gid_t)number))
		check_pass(x, "you are in libvirt: qemu:///system needs no password");
	else
		check_say(x, VERDICT_NOTE, &fix,
			  "you are not in libvirt: qemu:///system asks for a password or refuses");
}

// A network or pool named default: defined, active, started with the host.
struct standard {
	const char *definition, *state, *autostart;
	const char *source;                 // that it can be made from, NULL for nothing
	const char *commands[3][FIX_WORDS]; // that define it, start it, start it with the host
};

static void add_commands(struct fix *fix, const struct standard *standard, const bool *wanted)
{
	for (size_t i = 0; i < 3; i++)
		if (wanted[i])
			fix_words(fix, standard->commands[i]);
}

static void standard(struct examination *x, const struct standard *standard)
{
	const struct root *root = &x->host->root;
	bool defined = root_exists(root, standard->definition);
	bool active = root_exists(root, standard->state);
	bool automatic = root_exists(root, standard->autostart);
	struct fix fix = {.text = defined ? "start it, now and with the host"
					  : "make and start it, now and with the host"};
	auto_account struct account caller = {0};

	account_caller(&caller, x->host);
	if (host_is_silent(x->host, "/etc/libvirt") || !root_exists(root, "/etc/libvirt"))
		return;
	if (defined || !standard->source || root_exists(root, standard->source))
		add_commands(&fix, standard, (bool[]){!defined, !active, !automatic});
	if (caller.known && caller.uid != 0 && !defined)
		check_note(x, "only root sees whether there is one");
	else if (!defined)
		check_say(x, VERDICT_NOTE, &fix, "there is none called default");
	else if (host_is_silent(x->host, "/run/libvirt"))
		check_note(x, "defined; whether it is active is not in this recording");
	else if (active && automatic)
		check_pass(x, "active, and started with the host");
	else
		check_warn(x, &fix, "%s, and %s", active ? "active" : "not active",
			   automatic ? "started with the host" : "not started with the host");
}

// clang-format off
#define VMCTL(...) {"vmctl", "-c", "qemu:///system", __VA_ARGS__}
// clang-format on

// libvirt brings a definition of the network; of the pool nobody does.
#define DEFINITION "/usr/share/libvirt/networks/default.xml"

static void network(struct examination *x)
{
	standard(x, &(struct standard){
			    .definition = "/etc/libvirt/qemu/networks/default.xml",
			    .state = "/run/libvirt/network/default.xml",
			    .autostart = "/etc/libvirt/qemu/networks/autostart/default.xml",
			    .source = DEFINITION,
			    .commands = {VMCTL("net-define", DEFINITION),
					 VMCTL("net-start", "default"),
					 VMCTL("net-autostart", "default")},
		    });
}

static void pool(struct examination *x)
{
	standard(x, &(struct standard){
			    .definition = "/etc/libvirt/storage/default.xml",
			    .state = "/run/libvirt/storage/default.xml",
			    .autostart = "/etc/libvirt/storage/autostart/default.xml",
			    .commands = {VMCTL("pool-define-as", "default", "dir", "--target",
					       "/var/lib/libvirt/images"),
					 VMCTL("pool-start", "default"),
					 VMCTL("pool-autostart", "default")},
		    });
}

static void addresses(struct examination *x)
{
	auto_free char *path = qemu_find_tool(x->host, "dnsmasq");

	if (path)
		check_pass(x, "%s", path);
	else if (host_is_fragment(x->host))
		check_silent(x);
	else
		check_warn(x, INSTALL(x, PACKAGE_DNSMASQ),
			   "not there: libvirt's own networks, such as default, cannot start");
}

// What libvirt tells about guests, without a word on the type: the best that it believes in.
static char *ask_capabilities(struct error *err)
{
	auto_free char *vmctl = companion_find("vmctl");
	const char *const argv[] = {vmctl, "-c", "qemu:///system", "domcapabilities", NULL};
	struct process process = {.argv = argv, .timeout = PATIENCE};

	if (!vmctl) {
		error_set(err, STATUS_NOT_FOUND, "vmctl, needed to ask libvirt, is not installed");
		return NULL;
	}
	return process_output(&process, err);
}

// "kvm", "tcg", or why it is not known.
static char *ask_offer(void)
{
	auto_error struct error err = {0};
	auto_free char *xml = ask_capabilities(&err);

	if (!xml) {
		const char *why = err.reason ? err.reason : err.message;

		return text_format("not known: %s",
				   why + (text_begins(why, "error: ") ? strlen("error: ") : 0));
	}
	return text_copy(strstr(xml, "<domain>kvm</domain>") ? "kvm" : "tcg");
}

static void capabilities(struct examination *x)
{
	// Where its sockets hang, vmctl would too.
	bool hangs = x->host->root.guard && x->host->root.guard->lost;
	auto_free char *offer = hangs ? text_copy("not asked: this host has hung already")
				: x->host->root.live
					? ask_offer()
					: text_copy(facts_get(&x->host->facts, "libvirt offers"));
	bool offers = text_equal(offer, "kvm");

	if (!offer)
		return;
	recording_note(x->host, "libvirt offers", "%s", offer);
	if (!offers && !text_equal(offer, "tcg")) {
		check_note(x, "%s", offer);
		return;
	}
	if (!examination_judged(x))
		check_note(x, "libvirt offers %s", offers ? "kvm" : "only TCG");
	else if (offers == x->verdict.usable)
		check_pass(x, "libvirt offers %s, as the probe does", offers ? "kvm" : "only TCG");
	else if (offers)
		check_warn(x, FIX("give guests the type qemu: vm-install does so by itself"),
			   "libvirt offers kvm, but the probe found it to be of no use");
	else
		check_warn(x, FIX("let QEMU's user open /dev/kvm, then restart the daemon"),
			   "libvirt offers only TCG, though KVM works");
}

const struct check libvirt_checks[] = {
	CHECK("libvirt", "daemons", PURPOSE_GUESTS, 0, layout),
	CHECK("libvirt_socket", "connection", PURPOSE_GUESTS, 0, answers),
	CHECK("libvirt_group", "group", PURPOSE_GUESTS, 0, group),
	CHECK("dnsmasq", "dnsmasq", 0, 0, addresses),
	CHECK("libvirt_network", "default network", PURPOSE_GUESTS, PURPOSE_GUESTS, network),
	CHECK("libvirt_pool", "default pool", PURPOSE_GUESTS, PURPOSE_GUESTS, pool),
	CHECK_IN(LAYER_OFFER, "libvirt_capabilities", "capabilities", 0, 0, capabilities),
	CHECKS_END,
};
