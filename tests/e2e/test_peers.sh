#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Called by a peer's name a program is that peer, to scripts that others wrote: libvirt-guests.sh, which
# stops and starts the guests of a host, and the cluster agent VirtualDomain run unchanged on vmctl and say
# what they say on virsh.
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
qemu-img create -q -f raw wrong.raw 1M
# same_words WORDS...: both refuse them and say the same, on either stream.
same_words() {
	local ours theirs status
	ours=$("$peers/qemu-img" "$@" 2>&1 </dev/null)
	status=$?
	theirs=$(qemu-img "$@" 2>&1 </dev/null)
	[ "$status" -eq $? ] && diff <(echo "$ours") <(echo "$theirs")
}
while read -r line; do
	read -ra words <<<"$line"
	check "says_itself_what_is_wrong_about:$(tr -c 'A-Za-z0-9=\n' _ <<<"$line")" same_words "${words[@]}"
done <<-END
	-h
	create --help
	nosuch
	--nosuch
	create
	create --nosuch new.raw 1M
	create -f
	create new.raw 1kilobyte
	create new.raw -- -1k
	create new.raw 1M 2M
	create -o size=1k,size=x new.raw
	create -o size=1M new.raw 2M
	create -f qcow2 -o ,help new.qcow2 1M
	create -f qcow2 -o refcount_bits=-1 new.qcow2 1M
	create -f qcow2 -b missing.raw -F raw new.qcow2 1M
	create -f qcow2 -b missing.raw new.qcow2 1M
	convert -O qcow2 -B wrong.raw wrong.raw new.qcow2
	convert -O qcow2 -B wrong.raw wrong.raw wrong.raw new.qcow2
	convert missing.raw new.raw
	rebase -u -b wrong.raw peer.qcow2
	rebase peer.qcow2
	resize missing.qcow2 1M
	compare missing.raw wrong.raw
	info wrong.raw wrong.raw
	info --output=xml wrong.raw
	check -r nothing peer.qcow2
	dd if=wrong.raw
END
check and_nothing_is_made_of_it test ! -e new.raw -a ! -e new.qcow2
# What somebody writes to is not even looked at, but with -U.
mkfifo "$WORK/hold"
qemu-io -f qcow2 peer.qcow2 <"$WORK/hold" >/dev/null &
exec 7>"$WORK/hold"
is_held() { ! qemu-img info peer.qcow2; }
wait_for 30 is_held
for line in 'info peer.qcow2' 'map peer.qcow2' 'snapshot -l peer.qcow2' 'info -U peer.qcow2' 'resize peer.qcow2 2M' \
	'convert peer.qcow2 new.raw' 'amend -o lazy_refcounts=on peer.qcow2'; do
	read -ra words <<<"$line"
	check "of_one_that_is_written_to_it_says_what_the_other_does:${line// /_}" same_words "${words[@]}"
done
exec 7>&-
wait $!
# Who reads without a lock has said that others may write.
qemu-io -r -U -f qcow2 peer.qcow2 <"$WORK/hold" >/dev/null &
exec 7>"$WORK/hold"
# shellcheck disable=SC2317 # for wait_for
is_open() { readlink /proc/$!/fd/* | grep -q '/peer.qcow2$'; }
wait_for 30 is_open
for line in 'resize peer.qcow2 2M' 'amend -o lazy_refcounts=on peer.qcow2' \
	'bench -U -w -c 1 peer.qcow2'; do
	read -ra words <<<"$line"
	check "of_one_that_is_shared_it_says_what_the_other_does:${line// /_}" same_words "${words[@]}"
done
check_status which_is_no_word_for_those_who_ask_us 4 vm-img resize peer.qcow2 3M
exec 7>&-
wait $!
printf '[inject-error]\nevent = "read_aio"\nerrno = "5"\n' >blkdebug.conf
qemu-img create -q -f qcow2 small.qcow2 64k
qemu-img create -q -f qcow2 large.qcow2 1M
qemu-io -c 'write 0 64k' large.qcow2 >/dev/null
check a_warning_comes_behind_the_failure_where_output_waits same_words compare blkdebug:blkdebug.conf:large.qcow2 small.qcow2

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

# The agent by which Pacemaker runs a guest: it reads states, sentences and errors.
unpack_packages "$CACHE/resource-agents" resource-agents
ocf=$CACHE/resource-agents/usr/lib/ocf
mkdir -m 777 "$WORK/states" "$WORK/rsctmp"
tiny_guest kept >"$WORK/kept.xml"
echo '<domain type="qemu"/>' >"$WORK/nameless.xml"

# agent PATH ACTION [VARIABLE=VALUE...]: with the virsh of that directory.
agent() {
	local path=$1:$PATH action=$2
	shift 2
	echo "--- $action $*"
	env PATH="$path" OCF_ROOT="$ocf" OCF_FUNCTIONS_DIR="$ocf/lib/heartbeat" HA_RSCTMP="$WORK/rsctmp" \
		OCF_RESOURCE_INSTANCE=kept OCF_RESKEY_CRM_meta_timeout=60000 LIBVIRT_DEFAULT_URI="$URI" \
		OCF_RESKEY_config="$WORK/kept.xml" OCF_RESKEY_hypervisor="$URI" OCF_RESKEY_snapshot="$WORK/states" \
		OCF_RESKEY_autoset_utilization_{cpu,host_memory,hv_memory}=false "$@" \
		"$ocf/resource.d/heartbeat/VirtualDomain" "$action" 2>&1
	echo "status $?"
}

# watch PATH: what it says of one guest's life.
watch() {
	local action
	for action in validate-all monitor stop start monitor start; do agent "$1" $action; done
	vmctl -q -c "$URI" suspend kept
	agent "$1" monitor
	vmctl -q -c "$URI" resume kept
	agent "$1" monitor OCF_RESKEY_monitor_scripts=/bin/false
	for action in stop monitor start; do agent "$1" $action; done
	agent "$1" stop OCF_RESKEY_snapshot= OCF_RESKEY_force_stop=1
	vmctl -q -c "$URI" define "$WORK/kept.xml"
	for action in monitor start status; do agent "$1" $action; done
	agent "$1" stop OCF_RESKEY_snapshot= OCF_RESKEY_force_stop=1 OCF_RESKEY_save_config_on_stop=true
	vmctl -c "$URI" undefine kept
	agent "$1" start OCF_RESKEY_config="$WORK/nameless.xml"
} >"$2" 2>&1

# said FILE: without what differs from time to time.
said() { sed -E -e 's/[A-Z][a-z]{2} [0-9 :]+//g; s/[0-9]{4}\/[0-9]{2}\/[0-9]{2}_[0-9:]+//; s/vmcfgsave\.\w+/TMP/g' "$1"; }

if [ -e "$ocf" ]; then
	watch /usr/bin "$WORK/virsh.log"
	watch "$peers" "$WORK/vmctl.log"
	check a_cluster_agent_hears_the_same diff <(said "$WORK/virsh.log") <(said "$WORK/vmctl.log")
	check_output it_saved_its_guest "Domain 'kept' saved to $WORK/states/kept.state" cat "$WORK/vmctl.log"
	check_output and_restored_it "Domain restored from $WORK/states/kept.state" cat "$WORK/vmctl.log"
	check_output and_ended_it 'forced shutdown .destroy. request for domain kept' cat "$WORK/vmctl.log"
else
	skip a_cluster_agent_hears_the_same "resource-agents could not be fetched"
fi
