// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/guest/serial.h"

#include <fcntl.h>
#include <libvirt/virterror.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmd/vmctl/domain/device.h"
#include "virt/cleanup.h"
#include "virt/connection.h"
#include "virt/console.h"
#include "virt/definition.h"
#include "xml/document.h"
#include "xml/path.h"

enum { KEPT = 64 << 10, LAST = 4 << 10, PIECE = 4096 }; // bytes

struct serial {
	virDomainPtr domain; // lent
	bool logged;         // only the last of the log is wanted
	bool appended;       // the log has what earlier runs of the guest wrote
	bool begun;          // something has been opened
	char *path;          // of the log
	int log;             // -1: not open
	virStreamPtr stream; // NULL: not open
	struct text text;
};

struct serial *serial_new(virDomainPtr domain, bool logged)
{
	struct serial *serial = memory_new(1, sizeof(*serial));

	serial->domain = domain;
	serial->logged = logged;
	serial->log = -1;
	return serial;
}

static void close_stream(struct serial *serial)
{
	if (!serial->stream)
		return;
	virStreamAbort(serial->stream);
	virStreamFree(serial->stream);
	serial->stream = NULL;
	virResetLastError();
}

static void close_log(struct serial *serial)
{
	if (serial->log >= 0)
		close(serial->log);
	serial->log = -1;
}

void serial_free(struct serial *serial)
{
	if (!serial)
		return;
	close_stream(serial);
	close_log(serial);
	free(serial->path);
	text_clear(&serial->text);
	free(serial);
}

void serial_cleanup(struct serial **serial)
{
	serial_free(*serial);
}

static void take_in(struct serial *serial, const char *bytes, size_t length)
{
	struct text *text = &serial->text;

	for (size_t i = 0; i < length; i++)
		if (bytes[i] && bytes[i] != '\r')
			text_append_char(text, bytes[i]);
	if (text->length > KEPT)
		text_drop(text, text->length - KEPT);
}

// Once it writes to its log: before, what an earlier run of it wrote may still be there.
static bool is_up(virDomainPtr domain)
{
	int state = VIR_DOMAIN_NOSTATE, reason;

	if (virDomainGetState(domain, &state, &reason, 0) < 0)
		virResetLastError();
	return state == VIR_DOMAIN_RUNNING;
}

// Where its console is logged; NULL in `path` where it is not, or not here.
static void find_log(struct serial *serial)
{
	static const char *const devices[] = {"serial", "console"};
	auto_error struct error ignored = {0};
	auto_xml struct xml *xml = connection_is_local(virDomainGetConnect(serial->domain))
					   ? definition_xml(serial->domain, 0, &ignored)
					   : NULL;

	for (size_t i = 0; xml && !serial->path && i < sizeof(devices) / sizeof(*devices); i++) {
		const struct xml_element *device = xml_child(device_list(xml), devices[i]);
		auto_free char *append = device ? path_get(device, "log/@append") : NULL;

		serial->path = device ? path_get(device, "log/@file") : NULL;
		serial->appended = text_equal(append, "on");
	}
}

static bool open_log(struct serial *serial)
{
	struct stat facts;
	off_t from = 0;

	if (!serial->path)
		find_log(serial);
	serial->log = serial->path ? open(serial->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
	if (serial->log < 0)
		return false;
	if (!serial->begun && fstat(serial->log, &facts) == 0) {
		if (serial->logged)
			from = facts.st_size > LAST ? facts.st_size - LAST : 0;
		else if (serial->appended)
			from = facts.st_size;
	}
	lseek(serial->log, from, SEEK_SET);
	return true;
}

static int open_console(struct serial *serial, struct error *err)
{
	auto_error struct error failure = {0};

	serial->stream = console_open(&(struct console){.domain = serial->domain}, &failure);
	// It may just have ended.
	if (serial->stream || failure.code == VIR_ERR_OPERATION_INVALID)
		return 0;
	if (failure.status == STATUS_CONFLICT)
		error_hint(&failure,
			   "wait until it is free; several can read a log of it, which "
			   "$vmctl edit -- '%s' gives it: <log file='...'/> in its <serial>",
			   virDomainGetName(serial->domain));
	return error_move(err, &failure);
}

// A log that was turned has another file by its name, one that was begun anew is shorter.
static void read_log(struct serial *serial)
{
	char buffer[PIECE];
	struct stat facts;
	ssize_t got;

	if (fstat(serial->log, &facts) == 0 && facts.st_size < lseek(serial->log, 0, SEEK_CUR))
		lseek(serial->log, 0, SEEK_SET);
	while ((got = read(serial->log, buffer, sizeof(buffer))) > 0)
		take_in(serial, buffer, (size_t)got);
	if (!file_is_at(serial->log, AT_FDCWD, serial->path))
		close_log(serial);
}

static void read_stream(struct serial *serial)
{
	char buffer[PIECE];
	int got;

	while ((got = virStreamRecv(serial->stream, buffer, sizeof(buffer))) > 0)
		take_in(serial, buffer, (size_t)got);
	// -2: nothing more yet.
	if (got >= -1)
		close_stream(serial);
}

int serial_hear(struct serial *serial, struct error *err)
{
	if (serial->log < 0 && !serial->stream) {
		if (!serial->logged && !is_up(serial->domain))
			return 0;
		if (!open_log(serial) && !serial->logged && open_console(serial, err) < 0)
			return -1;
		serial->begun = true;
	}
	if (serial->log >= 0)
		read_log(serial);
	else if (serial->stream)
		read_stream(serial);
	return 0;
}

const char *serial_text(const struct serial *serial)
{
	return text_string(&serial->text);
}

const char *serial_last_lines(struct serial *serial, size_t count)
{
	struct text *text = &serial->text;
	size_t at;

	while (text->length && text->data[text->length - 1] == '\n')
		text_cut(text, 1);
	for (at = text->length; at > 0; at--)
		if (text->data[at - 1] == '\n' && --count == 0)
			break;
	return text_string(text) + at;
}
