// SPDX-License-Identifier: GPL-3.0-or-later
#include "cmd/vmctl/guest/errand_start.h"

#include "base/cleanup.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/text.h"
#include "cmd/vmctl/guest/errand.h"
#include "guest/identity.h"
#include "virt/agent_process.h"

// $1: how the files are called, to which .0, .1 and .2 is added; "" for none; $2: "1" where it
// reads what is appended to the first, as long as that is there; $3: its user; $4: its directory.
//
// The files are made anew, for us alone. The program leads a session of its own, so that all of it
// can be ended: by SIGTERM and SIGUSR1 to this script, which stands for TERM and KILL. What it
// wrote is told, unless somebody has opened and unlinked it, and then a dot where that was all.
// Each program that is started here for that costs the guest as much as a small one of the user's.
static const char wrapper[] =
	"f=$1 reads=$2 user=$3 directory=$4 in=/dev/null able=1 p=; shift 4\n"
	"if [ -n \"$f\" ]; then\n"
	"  set -C; umask 077\n"
	"  if [ -n \"$reads\" ]; then : >\"$f.0\"; mkfifo \"$f.f\" || exit 125; fi\n"
	"  exec 3>\"$f.1\" 4>\"$f.2\" 5>&1 6>&2\n"
	"  exec 2>&4; set +C; umask 022\n"
	"fi\n"
	"if [ -n \"$reads\" ]; then\n"
	"  {\n"
	"    exec 7<\"$f.0\" >\"$f.f\"; rm -f \"$f.f\"\n"
	"    while cat <&7; do\n"
	"      [ -e \"$f.0\" ] || { cat <&7; break; }\n"
	"      kill -0 $$ || break\n"
	"      sleep 0.1 || sleep 1\n"
	"    done\n"
	"    rm -f \"$f.0\"\n"
	"  } </dev/null 2>/dev/null 3>&- 4>&- 5>&- 6>&- &\n"
	"  in=$f.f\n"
	"fi\n"
	"if [ -n \"$user\" ]; then\n"
	"  group=$(id -g -- \"$user\") || able=\n"
	"  chown -- \"$user\" /proc/self/fd/3 /proc/self/fd/4\n"
	"  : \"${HOME:=$(getent passwd \"$user\" | cut -d: -f6)}\"\n"
	"  export HOME USER=\"$user\" LOGNAME=\"$user\"\n"
	"  if command -v setpriv >/dev/null; then\n"
	"    set -- setpriv --reuid \"$user\" --regid \"$group\" --init-groups -- \"$@\"\n"
	"  else set -- runuser -u \"$user\" -- \"$@\"; fi\n"
	"fi\n"
	"[ -z \"$directory\" ] || cd -- \"$directory\" || able=\n"
	"if command -v setsid >/dev/null; then set -- setsid -- \"$@\"; fi\n"
	"if [ -z \"$f\" ]; then [ -n \"$able\" ] || exit 125; exec \"$@\" >/dev/null 2>&1; fi\n"
	"trap 'hit=1; [ -z \"$p\" ] || kill -s TERM -- \"-$p\" || kill -s TERM \"$p\"' TERM\n"
	"trap 'hit=1; [ -z \"$p\" ] || kill -s KILL -- \"-$p\" || kill -s KILL \"$p\"' USR1\n"
	"status=125 hit=$able\n"
	"if [ -n \"$able\" ]; then\n"
	"  \"$@\" <\"$in\" >&3 2>&4 3>&- 4>&- 5>&- 6>&- &\n"
	"  p=$!\n"
	"fi\n"
	"exec 2>/dev/null 3>&- 4>&-\n"
	"while [ -n \"$hit\" ]; do hit=; wait \"$p\"; status=$?; done\n"
	"some() { LC_ALL=C head -c 65536 <&7 >&\"$1\" && read -r _ at </proc/self/fdinfo/7; }\n"
	"all() { [ ! -s \"$1\" ] || { some \"$2\" && [ \"$at\" -lt 65536 ]; } 7<\"$1\"; }\n"
	"if [ -e \"$f.1\" ] && all \"$f.1\" 5 && all \"$f.2\" 6; then\n"
	"  printf . >&5\n"
	"  LC_ALL=C rm -f \"$f.1\" \"$f.2\" >/dev/null 5>&- 6>&- &\n"
	"elif [ -e \"$f.1\" ]; then printf + >&5; fi\n"
	"exit \"$status\"\n";

char *errand_file_names(const char *place)
{
	auto_free char *tag = identity_tag();

	return text_format("%s/.vmctl-%s", place, tag);
}

static void add_environment(const struct errand *errand, struct list *environment)
{
	list_add(environment, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
	list_add(environment, "SHELL=/bin/sh");
	if (!errand->user) {
		list_add(environment, "HOME=/root");
		list_add(environment, "USER=root");
		list_add(environment, "LOGNAME=root");
	}
	// The last one counts.
	for (size_t i = 0; i < errand->environment.count; i++)
		list_add(environment, errand->environment.items[i]);
}

long long errand_start(const struct agent *agent, const struct errand *errand, const char *files,
		       struct error *err)
{
	auto_list struct list environment = {0};
	auto_free const char **argv = memory_new(errand->words->count + 9, sizeof(char *));
	size_t count = 0;

	add_environment(errand, &environment);
	argv[count++] = "/bin/sh";
	argv[count++] = "-c";
	argv[count++] = wrapper;
	argv[count++] = "sh";
	argv[count++] = errand->detached ? "" : files;
	argv[count++] = errand->input.fd >= 0 ? "1" : "";
	argv[count++] = errand->user ? errand->user : "";
	argv[count++] = errand->directory ? errand->directory : "";
	for (size_t i = 0; i < errand->words->count; i++)
		argv[count++] = errand->words->items[i];
	return agent_process_start(agent,
				   &(struct agent_process){.argv = argv,
							   .environment = &environment,
							   .output = !errand->detached},
				   err);
}
