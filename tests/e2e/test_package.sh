#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# `make deb`: lintian finds no error in the package, and it installs, works and goes on a bare Debian: on the
# release that it was built on and on the next.
. "$(dirname "$0")/harness.sh"

[ -z "${SANITIZE:-}" ] || skip_all "what a package has is built without the sanitizers"

[ "$(id -u)" = 0 ] || skip_all "needs root"
for tool in mmdebstrap lintian dpkg-shlibdeps; do
	command -v $tool >/dev/null || skip_all "$tool is not installed"
done
cd "$ROOT" || exit 1
# A build of its own, whatever options the tests were made with.
package=$ROOT/$(env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -s deb 2>"$WORK/make.log" | tail -n 1)
if [ -s "$package" ]; then ok a_package_is_made; else not_ok a_package_is_made "$WORK/make.log"; fi
check lintian_finds_no_error lintian --fail-on error --no-tag-display-limit "$package"
check_output it_wants_the_libraries_that_it_loads '^ Depends: .*libvirt0.*sensible-utils' dpkg --info "$package"
check nothing_is_beside_its_places \
	[ -z "$(dpkg --contents "$package" | grep -oE ' \./[^ ]+' | grep -vE ' \./usr/((bin|libexec|share)/.*)?$')" ]

# in_root COMMAND...
in_root() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
release=$(. /etc/os-release && echo "$VERSION_CODENAME")
for suite in $(printf '%s\n' "$release" trixie | sort -u); do
	root=$WORK/$suite
	if ! mmdebstrap --quiet --skip=cleanup/apt --variant=apt --include=ca-certificates "$suite" "$root" 2>"$WORK/mmdebstrap.log"; then
		not_ok "${suite}_is_there" "$WORK/mmdebstrap.log"
		continue
	fi
	cp "$package" "$root/vmkit.deb"
	check "${suite}_installs_it" in_root apt-get install -y -q --no-install-recommends /vmkit.deb
	for program in kvm-check vm-img vm-install vmctl; do
		check_output "${suite}_runs_$program" '[0-9]+\.[0-9]+\.[0-9]+' in_root $program --version
	done
	check_output "${suite}_has_a_test_driver" '^ 1 +test +running' in_root vmctl -c test:///default list
	check_output "${suite}_has_virsh_for_who_wants_it" '^[0-9]+\.[0-9]+\.[0-9]+$' in_root /usr/libexec/vmkit/peers/virsh --version
	check "${suite}_removes_it" in_root apt-get purge -y -q vmkit
	check "${suite}_keeps_nothing_of_it" [ -z "$(cd "$root" && find usr etc -path '*vmkit*' -o -name vmctl)" ]
done
