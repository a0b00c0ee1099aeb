// SPDX-License-Identifier: GPL-3.0-or-later
// Where the screen and the console of a guest are.
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/argument.h"
#include "cmd/vmctl/domain/device.h"
#include "cmd/vmctl/groups.h"
#include "cmd/vmctl/options.h"
#include "output/report.h"
#include "virt/definition.h"
#include "virt/engine.h"
#include "virt/failure.h"
#include "virt/hints.h"
#include "virt/session.h"
#include "xml/document.h"
#include "xml/path.h"

enum { VNC_BASE = 5900, PORT_MOST = 65535 };

// One <graphics>.
struct display {
	char *type, *listen, *password, *socket, *address;
	long long port, tls_port; // 0: none
};

static void display_clear(struct display *display)
{
	free(display->type);
	free(display->listen);
	free(display->password);
	free(display->socket);
	free(display->address);
	*display = (struct display){0};
}
#define auto_display __attribute__((cleanup(display_clear)))

static long long port_at(const struct xml_element *graphics, const char *path)
{
	auto_error struct error ignored = {0};
	auto_free char *text = path_get(graphics, path);
	long long port = 0;

	if (text)
		number_parse(text, 1, PORT_MOST, &port, &ignored);
	return port;
}

static bool is_wildcard(const char *address)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, address, &four) == 1)
		return four.s_addr == htonl(INADDR_ANY);
	return inet_pton(AF_INET6, address, &six) == 1 && IN6_IS_ADDR_UNSPECIFIED(&six);
}

static void display_read(const struct xml_element *graphics, struct display *display)
{
	display->type = path_get(graphics, "@type");
	display->listen = path_get(graphics, "@listen");
	if (!display->listen)
		display->listen = path_get(graphics, "listen/@address");
	display->password = path_get(graphics, "@passwd");
	display->socket = path_get(graphics, "listen[@type='socket']/@socket");
	display->address = path_get(graphics, "@address");
	display->port = port_at(graphics, "@port");
	display->tls_port = port_at(graphics, "@tlsPort");
}

// The XML of a guest, which must run.
static struct xml *running_xml(struct call *call, unsigned flags, struct error *err)
{
	virDomainPtr domain = call_domain(call);

	if (virDomainIsActive(domain) == 1)
		return definition_xml(domain, flags, err);
	error_set(err, STATUS_CONFLICT, "Domain is not running");
	error_hint(err, "$vmctl start -- '%s' starts it", virDomainGetName(domain));
	return NULL;
}

static struct xml_element *graphics_of(const struct xml *xml, const char *type)
{
	struct xml_element *g = xml_child(device_list(xml), "graphics");

	for (; g; g = xml_next(g, "graphics")) {
		auto_free char *own = path_get(g, "@type");

		if (text_equal(own, type))
			return g;
	}
	return NULL;
}

static int vncdisplay(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = running_xml(call, 0, err);
	const struct xml_element *graphics = xml ? graphics_of(xml, "vnc") : NULL;
	auto_display struct display display = {0};
	auto_free char *shown = NULL;

	if (!xml)
		return -1;
	if (graphics)
		display_read(graphics, &display);
	if (!display.port)
		return error_set(err, STATUS_FAILED,
				 "Failed to get VNC port. Is this domain using VNC?");
	if (display.listen && is_wildcard(display.listen)) {
		free(display.listen);
		display.listen = NULL;
	}
	shown = text_format("%s:%lld", display.listen ? display.listen : "",
			    display.port - VNC_BASE);
	report_value(call->report, "display", value_text(shown));
	report_value(call->report, "listen", value_text(display.listen));
	report_value(call->report, "port", value_integer(display.port));
	return 0;
}

static const struct field vncdisplay_results[] = {
	FIELD("display", "", FIELD_TEXT, 0, "address and display number"),
	FIELD("listen", NULL, FIELD_TEXT, FIELD_NULL, "address it listens on, null for all"),
	FIELD("port", NULL, FIELD_INTEGER, 0, "TCP port"),
	FIELDS_END,
};

const struct command vncdisplay_command = {
	.name = "vncdisplay",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	ONLY_DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose screen is wanted"),
	.results = vncdisplay_results,
	.summary = "show the VNC display of a guest",
	.run = vncdisplay,
};

// What a client reaches, where the guest listens on all addresses: the host that the connection
// names, NULL for this one. The caller's.
static char *server_of(struct call *call)
{
	auto_free char *uri = virConnectGetURI(session_connection(call));
	const char *start = uri ? strstr(uri, "://") : NULL, *at;
	size_t length;

	if (!start)
		return NULL;
	start += 3;
	length = strcspn(start, "/?");
	at = memchr(start, '@', length);
	if (at) {
		length -= (size_t)(at + 1 - start);
		start = at + 1;
	}
	if (*start == '[')
		return text_copy_bytes(start + 1, strcspn(start + 1, "]"));
	length = strcspn(start, ":") < length ? strcspn(start, ":") : length;
	return length ? text_copy_bytes(start, length) : NULL;
}

static void append_place(struct text *uri, const struct display *display, const char *server)
{
	if (display->socket)
		text_append(uri, display->socket);
	else if (!server)
		text_append(uri, "localhost");
	else
		text_append_format(uri, strchr(server, ':') ? "[%s]" : "%s", server);
}

// The URI of a display, the caller's; NULL where it has none.
static char *display_uri(struct call *call, const struct display *display)
{
	bool vnc = text_equal(display->type, "vnc"), spice = text_equal(display->type, "spice");
	auto_free char *own = NULL;
	const char *server = display->listen;
	struct text uri = {0};

	if (text_equal(display->type, "dbus"))
		return display->address ? text_format("dbus+%s", display->address) : NULL;
	if (!display->port && !display->tls_port && !display->socket)
		return NULL;
	if (server && is_wildcard(server))
		server = own = server_of(call);
	text_append_format(&uri, "%s%s://", display->type, display->socket ? "+unix" : "");
	if (vnc && display->password)
		text_append_format(&uri, ":%s@", display->password);
	append_place(&uri, display, server);
	if (display->port)
		text_append_format(&uri, ":%lld", display->port - (vnc ? VNC_BASE : 0));
	if (display->tls_port)
		text_append_format(&uri, "?tls-port=%lld", display->tls_port);
	if (spice && display->password)
		text_append_format(&uri, "%spassword=%s", display->tls_port ? "&" : "?",
				   display->password);
	return text_take(&uri);
}

static const char *const schemes[] = {"vnc", "spice", "rdp", "dbus", NULL};

static void report_display(struct report *report, const struct display *display, const char *uri)
{
	report_open(report, NULL);
	report_field(report, NULL, "uri", value_text(uri));
	report_field(report, NULL, "type", value_text(display->type));
	report_field(report, NULL, "listen", value_text(display->listen));
	report_field(report, NULL, "port",
		     display->port ? value_integer(display->port) : value_absent());
	report_field(report, NULL, "tls_port",
		     display->tls_port ? value_integer(display->tls_port) : value_absent());
	report_field(report, NULL, "socket", value_text(display->socket));
	report_close(report);
}

static int domdisplay(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = running_xml(call, argument_bits(call), err);
	const char *type = argument_text(call, "type");
	bool all = argument_flag(call, "all"), found = false;

	if (!xml)
		return -1;
	report_open_list(call->report, NULL);
	for (const char *const *scheme = schemes; *scheme && (all || !found); scheme++) {
		const struct xml_element *graphics = graphics_of(xml, *scheme);
		auto_display struct display display = {0};
		auto_free char *uri = NULL;

		if (!graphics || (!all && type && !text_equal(type, *scheme)))
			continue;
		display_read(graphics, &display);
		uri = display_uri(call, &display);
		// As in virsh a single one has no newline of its own.
		if (uri)
			report_heading(call->report, "%s%s", uri, all ? "\n" : "");
		if (uri)
			report_display(call->report, &display, uri);
		found = found || uri;
	}
	if (found)
		return 0;
	return type ? error_set(err, STATUS_NOT_FOUND, "No graphical display with type '%s' found",
				type)
		    : error_set(err, STATUS_NOT_FOUND, "No graphical display found");
}

static const struct option domdisplay_options[] = {
	DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose screen is wanted"),
	{.kind = OPTION_FLAG,
	 .traits = WRITES,
	 .name = "include-password",
	 .bit = VIR_DOMAIN_XML_SECURE,
	 .help = "with the password of the screen"},
	{.kind = OPTION_TEXT,
	 .traits = POSITIONAL,
	 .name = "type",
	 .words = schemes,
	 .help = "only this kind: vnc, spice, rdp or dbus"},
	FLAG("all", 0, "all of its screens"),
	END,
};

static const struct field domdisplay_results[] = {
	FIELD("uri", NULL, FIELD_TEXT, 0, "what a viewer is given"),
	FIELD("type", NULL, FIELD_TEXT, 0, "vnc, spice, rdp or dbus"),
	FIELD("listen", NULL, FIELD_TEXT, FIELD_NULL, "address it listens on"),
	FIELD("port", NULL, FIELD_INTEGER, FIELD_NULL, "TCP port"),
	FIELD("tls_port", NULL, FIELD_INTEGER, FIELD_NULL, "TCP port for TLS"),
	FIELD("socket", NULL, FIELD_TEXT, FIELD_NULL, "path of a UNIX socket"),
	FIELDS_END,
};

const struct command domdisplay_command = {
	.name = "domdisplay",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	.options = domdisplay_options,
	.rules = (const struct rule[]){EXCLUSIVE("all", "type"), RULES_END},
	.shape = SHAPE_LIST,
	.results = domdisplay_results,
	.summary = "show where a viewer finds the screen of a guest",
	.run = domdisplay,
};

// virsh knows them by libvirt's numbers.
static const char *const reload_types[] = {"0", "1", "any", "vnc", NULL};
enum { RELOAD_TYPES = 2 };

static int domdisplay_reload(struct call *call, struct error *err)
{
	virDomainPtr domain = call_domain(call);
	unsigned type = 0;

	if (argument_choice(call, "type", &type, err) < 0)
		return -1;
	if (virDomainGraphicsReload(domain, type % RELOAD_TYPES, 0) < 0)
		return domain_failure(err, domain,
				      "Failed to reload the certificates of domain '%s'",
				      call->object.typed);
	report_value(call->report, "name", value_text(call_name(call)));
	return 0;
}

const struct command domdisplay_reload_command = {
	.name = "domdisplay-reload",
	.since = 10002000,
	.target = MANY_DOMAINS(BY_ANY),
	.options = (const struct option[]){DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE,
						  "guest with the screen"),
					   {.kind = OPTION_TEXT,
					    .traits = POSITIONAL,
					    .name = "type",
					    .value = "number",
					    .words = reload_types,
					    .help = "only this kind: any (0) or vnc (1)"},
					   END},
	.results = named_results,
	.summary = "have the screens of a guest read their TLS certificates again",
	.run = domdisplay_reload,
};

// Without one virsh fails and says nothing.
static int ttyconsole(struct call *call, struct error *err)
{
	auto_xml struct xml *xml = definition_xml(call_domain(call), 0, err);
	auto_free char *tty = xml ? path_get(device_list(xml), "console/@tty") : NULL;

	if (!xml)
		return -1;
	report_field(call->report, tty ? "" : NULL, "tty", value_text(tty));
	call->status = tty ? STATUS_OK : STATUS_NOT_FOUND;
	return 0;
}

static const struct field ttyconsole_results[] = {
	FIELD("tty", "", FIELD_TEXT, FIELD_NULL, "the terminal device"),
	FIELDS_END,
};

const struct command ttyconsole_command = {
	.name = "ttyconsole",
	.traits = COMMAND_READS,
	.target = MANY_DOMAINS(BY_ANY),
	ONLY_DOMAIN(VIR_CONNECT_LIST_DOMAINS_ACTIVE, "guest whose console is wanted"),
	.results = ttyconsole_results,
	.summary = "show the terminal device of a guest's console",
	.run = ttyconsole,
};
