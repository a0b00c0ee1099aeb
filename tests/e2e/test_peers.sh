#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Called by a peer's name a program is that peer, to scripts that others wrote: libvirt-guests.sh, which
# stops and starts the guests of a host, runs unchanged on vmctl and says what it says on virsh.
. "$(dirname "$0")/harness.sh"

script=/usr/lib/libvirt/libvirt-guests.sh
[ -x "$script" ] || skip_all "$script is not installed"
daemon_start
guest_files

# The links that `make install` makes.
peers=$WORK/peers
mkdir "$peers"
for program in vmctl vm-install vm-img; do
	for peer in $("$program" help --peers); do
		ln -s "$BUILD/bin/$program" "$peers/$peer"
	done
done
check_output virsh_is_one_of_them "^$(virsh --version)\$" "$peers/virsh" --version
check_output virt_install_is_another "^virt-install " "$peers/virt-install" --version
check_status virt_install_ends_with_2_for_words_that_it_cannot_parse 2 "$peers/virt-install" --nosuch
check_status and_with_1_for_what_fails 1 "$peers/virt-install" --connect "$URI" --name x --osinfo linux2022 \
	--memory 64 --disk "$WORK/nosuch.qcow2" --import

# The engine is the qemu-img behind it on PATH, not the link.
PATH=$peers:$PATH check_output qemu_img_is_a_third "^$(qemu-img --version | head -1 | sed 's/[().+]/./g')\$" "$peers/qemu-img" --version
cd "$WORK" || exit
for _ in 1 2; do check it_makes_an_image_whatever_is_there "$peers/qemu-img" create -q -f qcow2 -o preallocation=metadata peer.qcow2 1M; done
check_status and_ends_with_1_for_words_that_it_cannot_parse 1 "$peers/qemu-img" create
check_output its_errors_are_a_line_with_its_name '^qemu-img: .*missing.qcow2' "$peers/qemu-img" resize missing.qcow2 1M

for name in one two; do
	tiny_guest $name >"$WORK/$name.xml"
	check "${name}_is_defined" vmctl -c "$URI" define "$WORK/$name.xml"
done
cat >"$WORK/settings" <<END
ON_BOOT=start
SHUTDOWN_TIMEOUT=60
END

# guests PATH ACTION: the script with the virsh of that directory, where the daemon is the host's own.
guests() {
	daemon_enter daemon unshare --mount sh -c "mount --bind '$WORK/settings' /etc/default/libvirt-guests &&
		mkdir -p /var/lock && PATH='$1':\$PATH exec '$script' '$2'" 2>&1
}

# day PATH: what it says of one day: all guests go down with the host and come up with it.
day() {
	for name in one two; do
		vmctl -c "$URI" start $name
		vmctl -c "$URI" console $name --until 'is up' --timeout 240 >"$WORK/console.log"
	done
	for action in gueststatus stop status gueststatus start status; do
		echo "--- $action"
		guests "$1" $action
		echo "status $?"
	done | grep -v '^Waiting for guest'
	vmctl -c "$URI" destroy one,two --yes
} >"$2"

# ids FILE: the numbers of running guests differ from day to day.
ids() { sed -E -e 's/^ [0-9]+ /  N /' "$1"; }

day /usr/bin "$WORK/virsh.log"
day "$peers" "$WORK/vmctl.log"
check both_say_the_same diff <(ids "$WORK/virsh.log") <(ids "$WORK/vmctl.log")
check_output a_guest_shut_down 'Shutdown of guest one complete' cat "$WORK/vmctl.log"
check_output and_was_started_again 'Resuming guest one: done' cat "$WORK/vmctl.log"
check_output no_guest_is_left_running 'stopped, with saved guests' cat "$WORK/vmctl.log"
