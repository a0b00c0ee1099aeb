# SPDX-License-Identifier: GPL-3.0-or-later
# vmkit. Everything is built below build/. `make help` tells what there is to make.

VERSION := 0.1.0
B := build

# --- What must be installed: the one list of Debian packages -------------------------------------
PACKAGES_BUILD := gcc libc6-dev pkg-config libvirt-dev libxml2-dev libjson-c-dev libreadline-dev \
	libkmod-dev libncurses-dev
PACKAGES_RUN := libvirt-daemon-system qemu-system-x86 qemu-utils osinfo-db dnsmasq-base xorriso curl
PACKAGES_GUEST := busybox-static cpio xz-utils
PACKAGES_TEST := attr libcmocka-dev libvirt-clients libxml2-utils bash-completion iproute2 kmod procps tmux jq qemu-guest-agent \
	e2fsprogs xfsprogs python3 mmdebstrap lintian dpkg-dev prometheus ansible-core nftables chafa gpg gpg-agent gpgv strace
PACKAGES_LINT := clang clang-format clang-tidy cppcheck shellcheck libclang-rt-14-dev man-db
PACKAGES_QUICKSTART := $(PACKAGES_BUILD) $(PACKAGES_RUN) $(PACKAGES_GUEST)
PACKAGES_CHECK := $(PACKAGES_QUICKSTART) $(PACKAGES_TEST)

# Short lines unless V=1.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-6s %s\n' '$(1)' '$(2)')

# --- How it is compiled --------------------------------------------------------------------------
ifeq ($(origin CC),default)
CC := gcc
endif
LIBRARIES := libvirt libvirt-qemu libvirt-lxc libxml-2.0 json-c readline tinfo libkmod
PKG_CFLAGS := $(shell pkg-config --cflags $(LIBRARIES) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(LIBRARIES) 2>/dev/null) -lm -lpthread
CMOCKA_LIBS := $(shell pkg-config --libs cmocka 2>/dev/null)

WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla \
	-Wwrite-strings $(if $(WERROR),-Werror)
CFLAGS ?= -O2 -g
# Those of $(1) that the compiler knows; a C library that does not know the level of fortification warns.
known = $(foreach flag,$(1),$(shell $(CC) -O2 -Werror $(flag) -include string.h -x c -c -o /dev/null \
	/dev/null 2>/dev/null && echo '$(flag)'))
FORTIFY := $(firstword $(call known,-D_FORTIFY_SOURCE=3 -D_FORTIFY_SOURCE=2))
HARDENING := -fPIE $(FORTIFY) $(call known,-fstack-protector-strong -fstack-clash-protection \
	-ftrivial-auto-var-init=zero -fcf-protection)
HARDENING_LINK := -pie -Wl,-z,relro -Wl,-z,now
ifdef SANITIZE
B := build/sanitize$(filter-out 1,$(SANITIZE))
CFLAGS := -O1 -g -fno-omit-frame-pointer $(if $(filter thread,$(SANITIZE)),-fsanitize=thread,-fsanitize=address -fsanitize=undefined -fno-sanitize-recover=undefined)
HARDENING := -fPIE
HARDENING_LINK := -pie
endif
ALL_CFLAGS = -std=gnu17 $(WARNINGS) $(CFLAGS) $(HARDENING) -D_GNU_SOURCE \
	-DVMKIT_VERSION='"$(VERSION)"' -Ilib -I. $(PKG_CFLAGS)
ALL_LDFLAGS = $(CFLAGS) $(HARDENING_LINK) -Wl,--as-needed $(LDFLAGS)

# --- Where it is installed -----------------------------------------------------------------------
prefix ?= /usr/local
bindir = $(DESTDIR)$(prefix)/bin
mandir = $(DESTDIR)$(prefix)/share/man/man1
completionsdir = $(DESTDIR)$(prefix)/share/bash-completion/completions
docdir = $(DESTDIR)$(prefix)/share/doc/vmkit
libexecdir = $(DESTDIR)$(prefix)/libexec
# Links by the names of the peers that the programs stand for: for whoever puts it first on PATH.
peersdir = $(libexecdir)/vmkit/peers
# A JSON Schema for each command: PROGRAM/COMMAND.json.
schemasdir = $(DESTDIR)$(prefix)/share/vmkit/schemas

# --- What there is -------------------------------------------------------------------------------
PROGRAMS := $(notdir $(wildcard cmd/*))
LIB_OBJECTS := $(patsubst %.c,$(B)/%.o,$(wildcard lib/*/*.c))
program_objects = $(patsubst %.c,$(B)/%.o,$(wildcard cmd/$(1)/*.c cmd/$(1)/*/*.c))
BINARIES := $(PROGRAMS:%=$(B)/bin/%)
MANUALS := $(PROGRAMS:%=$(B)/man/%.1)
COMPLETIONS := $(PROGRAMS:%=$(B)/completions/%)

SCHEMAS := $(PROGRAMS:%=$(B)/schemas/%)

all: $(BINARIES) $(MANUALS) $(COMPLETIONS)

# Other flags make other objects.
$(B)/flags: FORCE
	@$(shell mkdir -p $(@D))$(file >$@.new,$(CC) $(ALL_CFLAGS))cmp -s $@.new $@ || cp $@.new $@
FORCE:

$(B)/%.o: %.c $(B)/flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/libvmkit.a: $(LIB_OBJECTS)
	@rm -f $@
	$(call say,AR,$@)
	$(Q)$(AR) rcs $@ $^

# Loading libvirt and the fifty libraries behind it is most of what a short command takes, and half of that is
# looking for symbols: each is looked for in all of them in their order. So those with the most symbols of
# their own, among the ones that libvirt brings in anyhow, are named first.
LOADS_LIBVIRT := vmctl vm-install
AHEAD := $(if $(SANITIZE),,$(shell ldd "$$($(CC) -print-file-name=libvirt.so)" 2>/dev/null | \
	grep -oE '/[^ ]*/lib(crypto|stdc[+][+])[.]so[^ ]*'))
LINK_AHEAD := -Wl,--push-state,--no-as-needed -lc $(AHEAD) -Wl,--pop-state
link_ahead = $(if $(and $(AHEAD),$(filter $(LOADS_LIBVIRT),$(1))),$(LINK_AHEAD))

# The others load json-c beside libc, which is a tenth of what it takes to start one: where there is an archive
# of it, it becomes part of them. JSON_ARCHIVE= loads it all the same. Not so beside libvirt, which has its own.
JSON_ARCHIVE ?= $(if $(SANITIZE),,$(filter /%,$(shell $(CC) -print-file-name=libjson-c.a)))
json_archive = $(if $(filter $(LOADS_LIBVIRT),$(1)),,$(JSON_ARCHIVE))

define program_rule
$(B)/bin/$(1): $(call program_objects,$(1)) $(B)/libvmkit.a
	@mkdir -p $$(@D)
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$(call link_ahead,$(1)) $$^ $$(call json_archive,$(1)) $$(PKG_LIBS)
endef
$(foreach program,$(PROGRAMS),$(eval $(call program_rule,$(program))))

# The sections on options and commands come from the tables, the prose around them from man/.
# Our own JSON has one layout: the names of commands stand four blanks deep.
$(B)/schemas/%: $(B)/bin/%
	$(call say,SCHEMA,$@)
	$(Q)rm -rf $@ && mkdir -p $@
	$(Q)for command in $$($< help --schema | sed -n 's/^  "\([^"]*\)": {$$/\1/p'); do \
		$< help --schema $$command >$@/$$command.json || exit; done

$(B)/man/%.1: man/%.1.in $(B)/bin/%
	@mkdir -p $(@D)
	$(call say,MAN,$@)
	$(Q)$(B)/bin/$* help --man >$@.commands
	$(Q)sed -e '/^@COMMANDS@$$/{r $@.commands' -e 'd}' -e 's/@VERSION@/$(VERSION)/' $< >$@
	$(Q)rm $@.commands

$(B)/completions/%: completions/vmkit.bash
	@mkdir -p $(@D)
	$(call say,BASH,$@)
	$(Q){ cat $< && echo 'complete -F _vmkit $*'; } >$@

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# --- Tests ---------------------------------------------------------------------------------------
# The programs without their main(), for tests that run them in their own process.
TESTED := $(filter-out %/main.o,$(foreach program,$(PROGRAMS),$(call program_objects,$(program))))
UNIT_TESTS := $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/*.c))
TRANSCRIPTS := $(wildcard tests/transcripts/*.txt)
RUNNER := $(B)/tests/transcripts/runner
KNOWN := tests/transcripts/differences
FAST_TESTS := $(UNIT_TESTS) "$(RUNNER) --known=$(KNOWN) $(TRANSCRIPTS)" $(wildcard tests/checks/*.sh)
# The longest first.
E2E_TESTS := $(wildcard tests/faults/test_*.sh tests/e2e/test_*.sh)
TEST_ENVIRONMENT := BUILD=$(abspath $(B)) CC="$(CC)" HEADER_CFLAGS='$(ALL_CFLAGS)'

$(UNIT_TESTS): $(B)/tests/unit/%: $(B)/tests/unit/%.o $(TESTED) $(B)/libvmkit.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS) $(CMOCKA_LIBS)

$(RUNNER): $(patsubst %.c,$(B)/%.o,$(wildcard tests/transcripts/*.c)) $(TESTED) $(B)/libvmkit.a
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

# What tests measure with; each file is a program.
INSTRUMENTS := $(patsubst tests/instruments/%.c,$(B)/tests/instruments/%,$(wildcard tests/instruments/*.c))
$(INSTRUMENTS): %: %.o
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^

# What tests put before a program; the sanitizers would have to stand before it.
PRELOADS := $(if $(SANITIZE),,$(patsubst tests/preload/%.c,$(B)/tests/preload/%.so,$(wildcard tests/preload/*.c)))
$(PRELOADS): $(B)/%.so: %.c
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -std=gnu17 $(WARNINGS) -O2 -fPIC -shared -o $@ $< -ldl

tests: $(UNIT_TESTS) $(RUNNER) $(INSTRUMENTS) $(PRELOADS)

check: deps-check
	@$(MAKE) --no-print-directory run-all

check-fast: all tests $(SCHEMAS)
	@printf '%s\n' $(FAST_TESTS) | $(TEST_ENVIRONMENT) tests/run.sh $(B)/tests/log

check-e2e: all tests $(SCHEMAS)
	@printf '%s\n' $(E2E_TESTS) | $(TEST_ENVIRONMENT) tests/run.sh $(B)/tests/log

run-all: all tests $(SCHEMAS)
	@printf '%s\n' $(FAST_TESTS) $(E2E_TESTS) | $(TEST_ENVIRONMENT) tests/run.sh $(B)/tests/log

# The same transcripts, asked of the installed virsh: the proof that vmctl answers like it.
check-virsh: $(RUNNER)
	$(RUNNER) --virsh --known=$(KNOWN) $(TRANSCRIPTS)

# --- Lint ----------------------------------------------------------------------------------------
C_FILES := $(wildcard lib/*/*.[ch] cmd/*/*.[ch] cmd/*/*/*.[ch] tests/*/*.[ch])
SOURCES := $(wildcard lib/*/*.c cmd/*/*.c cmd/*/*/*.c)
SCRIPTS := $(wildcard .ci/run examples/* tests/*.sh tests/*/*.sh completions/*.bash)
LINT_CFLAGS = -std=gnu17 -D_GNU_SOURCE -DVMKIT_VERSION=\"$(VERSION)\" -Ilib -I. $(PKG_CFLAGS)

lint: deps-lint
	@$(MAKE) --no-print-directory lint-run

lint-run: lint-format lint-shell lint-cppcheck lint-analyzer lint-tidy

lint-format:
	@echo '  clang-format'
	@clang-format --dry-run -Werror $(C_FILES)

lint-shell:
	@echo '  shellcheck'
	@shellcheck -x -P SCRIPTDIR -e SC2119,SC2120 $(SCRIPTS)

lint-cppcheck:
	@echo '  cppcheck'
	@cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
		--suppress=missingIncludeSystem --suppress=unknownMacro --suppress=varFuncNullUB \
		--suppress=identicalInnerCondition --error-exitcode=1 \
		$(filter -D% -I%,$(LINT_CFLAGS)) lib cmd

# gcc 12 takes free(NULL) twice for a double free, which owners that free themselves do.
lint-analyzer:
	@echo '  gcc -fanalyzer'
	@printf '%s\n' $(SOURCES) | xargs -P $$(nproc) -I{} gcc $(LINT_CFLAGS) -O1 -fanalyzer -Werror \
		-Wno-analyzer-double-free -c -o /dev/null {}

lint-tidy:
	@echo '  clang-tidy'
	@printf '%s\n' $(SOURCES) | xargs -P $$(nproc) -I{} \
		sh -c 'clang-tidy --quiet "$$1" -- $(LINT_CFLAGS) 2>/dev/null || { echo "$$1"; exit 255; }' - {}

# --- Fuzzing -------------------------------------------------------------------------------------
# Each file of tests/fuzz is a libFuzzer target; what once broke one is kept below tests/fuzz/NAME/.
FUZZ_SECONDS ?= 60
FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(wildcard tests/fuzz/*.c))

fuzz: deps-lint
	@$(MAKE) --no-print-directory B=build/fuzz CC=clang HARDENING=-fPIE HARDENING_LINK=-pie \
		CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined' fuzz-run

$(FUZZERS): $(B)/fuzz/%: $(B)/tests/fuzz/%.o $(TESTED) $(B)/libvmkit.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(PKG_LIBS)

fuzz-run: $(FUZZERS)
	@for fuzzer in $(FUZZERS); do \
		name=$${fuzzer##*/}; mkdir -p $(B)/corpus/$$name; seeds=; \
		[ ! -d tests/fuzz/$$name ] || seeds=tests/fuzz/$$name; \
		echo "  FUZZ   $$name"; \
		$$fuzzer -max_total_time=$(FUZZ_SECONDS) -timeout=5 -rss_limit_mb=2048 -verbosity=0 \
			-print_final_stats=1 -artifact_prefix=$(B)/$$name- \
			$(B)/corpus/$$name $$seeds 2>&1 | grep -E 'ERROR|number_of_executed|SUMMARY|artifact|^Base64' || true; \
		[ -z "$$(ls $(B)/$$name-crash-* $(B)/$$name-leak-* $(B)/$$name-timeout-* $(B)/$$name-oom-* 2>/dev/null)" ] || exit 1; \
	done

# --- The main job on a real guest ---------------------------------------------------------------
quickstart: deps-quickstart
	@$(MAKE) --no-print-directory all
	@examples/quickstart.sh

quickstart-clean:
	@examples/quickstart.sh clean

# --- Figures: ours and the peer's in turn, as a ratio ---------------------------------------------
bench: all tests
	@BUILD=$(abspath $(B)) tests/bench.sh
	@BUILD=$(abspath $(B)) tests/bench_daemon.sh

# --- Installing ----------------------------------------------------------------------------------
install: all $(SCHEMAS)
	install -d $(bindir) $(mandir) $(completionsdir) $(docdir)/examples $(peersdir)
	install -m 755 $(BINARIES) $(bindir)
	install -m 644 $(MANUALS) $(mandir)
	install -m 644 $(COMPLETIONS) $(completionsdir)
	install -m 644 README.md LICENSE $(docdir)
	install -m 755 examples/* $(docdir)/examples
	for program in $(PROGRAMS); do install -d $(schemasdir)/$$program && \
		find $(B)/schemas/$$program -type f -exec install -m 644 -t $(schemasdir)/$$program {} + || exit; done
	for program in $(PROGRAMS); do for peer in $$($(B)/bin/$$program help --peers); do \
		ln -sfr $(bindir)/$$program $(peersdir)/$$peer || exit; done; done

uninstall:
	rm -f $(PROGRAMS:%=$(bindir)/%) $(PROGRAMS:%=$(mandir)/%.1) $(PROGRAMS:%=$(completionsdir)/%)
	rm -rf $(docdir) $(libexecdir)/vmkit $(DESTDIR)$(prefix)/share/vmkit

deb: all
	@.ci/package $(B) $(VERSION)

dist:
	git archive --prefix=vmkit-$(VERSION)/ -o vmkit-$(VERSION).tar.gz HEAD

# --- Debian packages -----------------------------------------------------------------------------
# deps installs all that building, running and testing need; deps-WHAT only what WHAT needs.
deps: deps-check
deps-check: PACKAGES = $(PACKAGES_CHECK)
deps-quickstart: PACKAGES = $(PACKAGES_QUICKSTART)
deps-lint: PACKAGES = $(PACKAGES_CHECK) $(PACKAGES_LINT)
deps-check deps-quickstart deps-lint:
	@missing=; for package in $(PACKAGES); do \
		dpkg-query -W -f='$${Status}' "$$package" 2>/dev/null | grep -q 'ok installed' || \
			missing="$$missing $$package"; \
	done; \
	[ -n "$$missing" ] || exit 0; \
	if ! command -v apt-get >/dev/null; then \
		echo "This is not Debian. Install what it calls:$$missing"; exit 1; \
	fi; \
	sudo=; [ "$$(id -u)" = 0 ] || sudo=sudo; \
	if [ -n "$$sudo" ] && ! command -v sudo >/dev/null; then \
		echo "As root: apt-get install --no-install-recommends$$missing"; exit 1; \
	fi; \
	echo "Installing:$$missing"; \
	$$sudo apt-get update -qq && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing

clean:
	rm -rf build vmkit-*.tar.gz

help:
	@echo 'make            build the programs, their man pages and completions'
	@echo 'make quickstart install what is missing, build, run a real guest'
	@echo 'make check      install what is missing, build, run all tests'
	@echo 'make check-fast run the tests that need neither root nor a daemon'
	@echo 'make install    install below prefix=$(prefix); DESTDIR is heeded'
	@echo 'make deb        a Debian package below $(B)/deb'
	@echo 'also: check-e2e check-virsh lint fuzz bench deps uninstall dist clean quickstart-clean'
	@echo 'with: SANITIZE=1 (address and undefined behaviour), SANITIZE=thread, WERROR=1, CC=clang'

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: FORCE fuzz fuzz-run bench lint lint-run lint-format lint-shell lint-cppcheck lint-analyzer lint-tidy all tests check check-fast check-e2e check-virsh run-all install uninstall deb dist \
	deps deps-check deps-quickstart deps-lint quickstart quickstart-clean clean help
