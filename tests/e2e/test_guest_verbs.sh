#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# wait, await, ip, exec, cp, ssh, run, stop and restart on real guests, one of them with the real agent, one frozen.
# shellcheck disable=SC2016 # much is for other shells
. "$(dirname "$0")/harness.sh"

daemon_start
guest_files
agent_guest_files
vmctl() { command vmctl -c "$URI" "$@"; }
cd "$WORK" || exit 1

agent_guest deb >deb.xml
vmctl -q define deb.xml
vmctl -q start deb
booting=$SECONDS

for name in one two frozen; do
	tiny_guest "$name" >"$name.xml"
	# The console of this one is logged.
	[ $name != two ] || sed -i "s#<serial type='pty'/>#<serial type='pty'><log file='$WORK/two.log'/></serial>#" two.xml
	vmctl -q define "$name.xml"
done
# Until the console is taken, there is nothing to hear. Whoever comes first has it.
wait_for_refusal() {
	until vmctl wait one --for serial:nosuch --timeout 1 2>refusal; [ $? -eq 4 ]; do [ $SECONDS -lt 300 ] || break; done
	cat refusal
}
check_status a_guest_that_is_off_does_not_run 5 vmctl wait one --for running --timeout 1
check_output what_is_missing_is_named "'one': timed out, still missing: running" vmctl wait one --for running,off --timeout 1
check one_of_them_is_enough vmctl wait one --for running --for off --any
vmctl wait one,two --for running --timeout 60 --json >both 2>&1 &
waiting=$!
vmctl wait one --for 'running,serial:guest is (up|down)( ,)?$' --timeout 100 --json >heard &
hearing=$!
sleep 1
vmctl -q start one
vmctl -q start two
check two_are_waited_for_at_once wait $waiting
check_output each_says_what_is_so '^one running$' jq -r '.[] | .name + " " + .met[0]' both
check its_console_is_heard wait $hearing
check_output as_it_was_asked '^serial:guest is' jq -r '.met[1]' heard
check_output what_is_not_written_is_missing 'still missing: serial:nosuch' vmctl wait one --for serial:nosuch --timeout 1
command vmctl -c "$URI" console one --force --until nosuch >/dev/null 2>&1 </dev/null &
taking=$!
check_output a_console_that_is_taken_is_left_alone 'hint: wait until it is free' wait_for_refusal
kill $taking
check one_with_a_log_is_heard_from_its_start vmctl wait two --for 'serial:guest is up' --timeout 100
check_output and_its_last_lines_are_said '^vmkit guest is up' vmctl wait two --for off --timeout 1
check_status no_regular_expression 2 vmctl wait two --for 'serial:('
vmctl wait one --for off --timeout 60 --json >ended &
waiting=$!
sleep 1
vmctl -q destroy one
wait $waiting
# The event wakes it: it does not sit out its next look, 5 s later.
check an_event_ends_the_wait jq -e '.milliseconds < 4000' ended
vmctl -q suspend two
check paused_is_known vmctl wait two --for paused
vmctl -q resume two
check_status nonsense_is_refused 2 vmctl wait two --for nonsense
check_status so_is_no_port 2 vmctl wait two --for port:x
check_status nothing_listens 5 vmctl wait two --for port:80,ssh,ip --timeout 1
check_status a_guest_without_a_network_has_no_address 3 vmctl ip two
check_status nor_has_one_that_is_off 4 vmctl ip one
env --default-signal=INT vmctl -c "$URI" wait two --for off --timeout 0 2>interrupted &
waiting=$!
sleep 1
kill -INT $waiting
wait $waiting
status=$?
check an_interrupt_ends_a_wait [ $status -eq 130 ]
vmctl -q undefine one
vmctl create one.xml >/dev/null
vmctl wait one --for gone --timeout 60 &
waiting=$!
sleep 1
vmctl -q destroy one
check a_guest_that_goes_is_gone wait $waiting

# What TAB offers in bash behind `vmctl cp`.
offered() { vmctl complete --line "vmctl -c '$URI' cp $1" --breaks ' :'; }
check_output tab_offers_the_guests_that_run '^two:$' offered t

# One whose QEMU does not run any more keeps nobody else waiting.
vmctl -q start frozen
qemu=$(pgrep -f "guest=frozen,.*$WORK" | head -n 1)
kill -STOP "$qemu"
begun=$SECONDS
vmctl ip 'frozen,two' --json >/dev/null 2>&1
check a_frozen_guest_is_known_to_run vmctl wait two,frozen --for running --timeout 240
check and_does_not_hang_the_others [ $((SECONDS - begun)) -lt 40 ]
check_status nor_has_tab_much_to_offer 1 offered frozen:
command vmctl -c "$URI" stop 'two,frozen' --grace 60 --json >stopped 2>hangs </dev/null &
stopping=$!
# One to find them, and one for each: what hangs on one is heard by nobody else.
connections() { [ "$(find "/proc/$stopping/fd" -lname 'socket:*' | wc -l)" -ge 3 ]; }
check each_of_many_has_a_connection_of_its_own wait_for 5 connections
wait $stopping
status=$?
check stop_says_that_one_failed sh -c 'cat hangs; [ "$0" -eq 7 ]' $status
check_output which_does_not_answer "'frozen' cannot be asked to shut down: it does not answer" cat hangs
check_output its_power_button_ends_the_other '"how": "acpi"' cat stopped
kill -CONT "$qemu"
vmctl -q destroy frozen

check_output a_guest_that_is_off_is_stopped '"how": "off"' vmctl stop frozen --json
vmctl -q start two --paused
check_status one_that_does_not_listen 5 vmctl stop two --grace 1
check_output is_stopped_by_force_alone '"how": "force"' vmctl stop two --grace 1 --force --json
check_output a_guest_is_restarted 'stopped \(off\) and started' vmctl restart two --grace 5 --force
check and_runs vmctl wait two --for running
vmctl -q destroy two

check the_agent_comes_up vmctl wait deb --for agent --timeout $((400 - SECONDS + booting))
# This Debian asks for no address by itself.
in_deb() { vmctl exec deb "$@" </dev/null; }
# shellcheck disable=SC2016 # for the other shell
in_deb -- sh -c 'set -- $(ls /sys/class/net | grep -v lo); ip link set $1 up; ip addr add 10.0.2.15/24 dev $1' >/dev/null
check it_is_waited_for vmctl wait deb --for ip --timeout 100
check_output the_agent_knows_the_address '^ 10\.0\.2\.15 +24 +52:54:00:11:22:33 +agent' vmctl ip deb
check_output for_scripts_it_stands_alone '^10\.0\.2\.15$' vmctl ip deb --first --ipv4
vmctl wait deb --for cloud-init --timeout 100 &
waiting=$!
vmctl exec deb -- sh -c 'mkdir -p /run/cloud-init && echo {} >/run/cloud-init/result.json' </dev/null
check what_cloud_init_leaves_is_waited_for wait $waiting

# exec: a command in the guest, as if it ran here.
ends_so() { # STATUS...: each of them is the command's own
	local status
	for status in "$@"; do
		in_deb -- sh -c "exit $status"
		[ $? -eq "$status" ] || return 1
	done
}
check its_status_is_the_commands ends_so 0 1 7 125 126 255
check_status a_signal_shows 137 in_deb -- sh -c 'kill -9 $$'
check_status what_is_not_there 127 in_deb -- nosuch
check_status what_cannot_be_run 126 in_deb -- /etc/passwd
check_status a_directory_that_is_not_there 125 vmctl exec deb --cwd /nosuch -- true
check_status no_such_user 125 vmctl exec deb --user nosuch -- true
check_status a_guest_that_is_not_there 125 vmctl exec nosuch -- true
check_status no_command 125 vmctl exec deb
check_status a_guest_that_is_off 125 vmctl exec one -- true
vmctl -q suspend deb
check_output one_that_is_paused "^hint: it is paused; vmctl .* resume 'deb'" vmctl exec deb -- true
vmctl -q resume deb
check_output its_place_and_user '^/tmp guest /home/guest b$' vmctl exec deb --user guest --cwd /tmp --env A=b -- sh -c 'echo $(pwd) $(id -un) $HOME $A'
here=there vmctl exec deb --env here -- sh -c 'echo $here; echo errors >&2' >out 2>err
check its_streams_are_ours eval 'grep -qx there out && grep -qx errors err'
head -c 300000 /dev/urandom >bytes
check what_it_reads_is_what_we_read eval 'vmctl exec deb -- cat <bytes | cmp - bytes'
slowly() { echo a; sleep 1; echo b; }
check what_comes_late_is_read_too eval '[ "$(slowly | vmctl exec deb -- cat)" = "$(printf "a\nb")" ]'
check much_arrives_whole eval '[ "$(in_deb -- head -c 10000000 /dev/zero | wc -c)" -eq 10000000 ]'
as_many_as() { # BYTES...: on either stream
	local bytes
	for bytes in "$@"; do
		in_deb -- sh -c "head -c $bytes /dev/urandom >/run/many; cat /run/many; exec cat /run/many >/dev/stderr" >many 2>errors
		cmp many errors && [ "$(wc -c <many)" -eq "$bytes" ] || return 1
	done
}
check little_and_a_little_more as_many_as 65535 65536
check_status its_time_is_up 124 vmctl exec deb --timeout 1 -- sh -c 'echo begun; sleep 4321'
check_status then_it_has_ended 1 in_deb -- pgrep -f 'sleep 432[1]'
env --default-signal=INT vmctl -c "$URI" exec deb -- sh -c 'echo begun; sleep 4322 & sleep 4322' >begun 2>/dev/null </dev/null &
running=$!
check it_is_heard_while_it_runs wait_for 60 grep -q begun begun
kill -INT $running
wait $running
status=$?
check an_interrupt_ends_it [ $status -eq 130 ]
check_status in_the_guest 1 in_deb -- pgrep -f 'sleep 432[2]'
check_output it_runs_on_by_itself '^[0-9]+$' vmctl exec deb --detach -- sleep 30
check and_so_it_does in_deb -- pgrep -x sleep
check_output for_programs '^143 false "o\\n" "e\\n"$' eval "in_deb --json -- sh -c 'echo o; echo e >&2; kill \$\$' | jq -r '\"\\(.status) \\(.timed_out) \\(.stdout | tojson) \\(.stderr | tojson)\"'"
check nothing_is_left_in_the_guest in_deb -- sh -c 'sleep 2; ! ls -A /tmp | grep vmctl'
vmctl exec 'deb,two' -- echo hello >many 2>why
status=$?
check some_of_many [ $status -eq 7 ]
check each_line_names_its_guest grep -qx 'deb: hello' many

# cp: to the guest and back; what is large passes through a port of its own.
mkdir -p tree/sub
echo one >tree/one
ln -s one tree/link
head -c 3000000 /dev/urandom >tree/sub/large
chmod 750 tree/sub
chmod 640 bytes
touch -d '2021-02-03 04:05:06' bytes
check a_file_is_copied_in vmctl cp bytes deb:/tmp
check_output with_its_mode_and_time '^640 1612325106$' in_deb -- stat -c '%a %Y' /tmp/bytes
check_output in_pieces_too '"via": "agent"' vmctl cp --pieces --json deb:/tmp/bytes back
check it_is_the_same cmp bytes back
check_output and_comes_back_so '^640 1612325106$' stat -c '%a %Y' back
check_output a_large_one_by_a_port '"via": "channel"' vmctl cp --json tree/sub/large deb:/tmp/bytes
check and_back vmctl cp deb:/tmp/bytes back
check it_replaced_the_other cmp tree/sub/large back
check_status no_port_is_left 1 in_deb -- sh -c 'ls /dev/virtio-ports | grep vmkit'
check a_directory_is_copied_in vmctl cp tree deb:/tmp
check_status but_not_over_another 4 vmctl cp tree deb:/tmp
check and_it_comes_back vmctl cp deb:/tmp/tree tree-back
check with_all_that_is_in_it diff -r tree tree-back
check_status none_is_replaced_here 4 vmctl cp deb:/tmp/tree/ ./
check a_stream_is_copied_in eval 'echo streamed | vmctl cp - deb:/tmp/stream'
check_output and_out '^streamed$' vmctl cp deb:/tmp/stream -
check_output what_has_no_size_too '^[0-9.]+ [0-9.]+$' vmctl cp deb:/proc/uptime -
refused_here what_is_not_there 3 "there is no '/nosuch'" vmctl cp deb:/nosuch here
refused_here no_place_for_it 3 "there is no directory '/nosuch'" vmctl cp bytes deb:/nosuch/x
refused_here two_places_here 2 'one of the two must be in a guest' vmctl cp bytes here
collect() { VMCTL_URI=$URI "$ROOT/examples/collect.sh" collected "$@" </dev/null; }
check an_example_collects_of_guests collect /etc/apt deb -- cat /etc/hostname
check what_it_was_asked_for eval 'grep -qx tester collected/deb.txt && [ -d collected/deb/sources.list.d ] && grep -q "^Host deb" collected/ssh_config'
check_status and_says_where_it_could_not 7 collect /nosuch deb
in_deb -- touch '/tmp/a file'
# The agent has 300 ms: a busy machine takes some attempts.
for ((tries = 0, paths = 0; tries < 30; tries++)); do
	paths=$(offered deb:/tmp/a)
	[ -z "$paths" ] || break
	sleep 1
done
if [ -n "$paths" ]; then
	check_output tab_offers_the_paths_in_it '^/tmp/a\\ file$' echo "$paths"
else
	skip tab_offers_the_paths_in_it "the agent does not answer within 300 ms here"
fi
head -c 40000000 /dev/zero >larger
for signal in TERM KILL; do
	command vmctl -c "$URI" cp larger deb:/tmp/larger >/dev/null 2>&1 &
	running=$!
	wait_for 60 in_deb -- sh -c 'ls -d /tmp/.vmctl-*/data'
	kill -$signal $running
	wait $running 2>/dev/null
	gone() { in_deb -- sh -c 'sleep 0.5; ! ls -A /tmp /dev/virtio-ports | grep -E "vmctl|vmkit|larger"'; }
	check "ended_by_${signal}_it_leaves_nothing" wait_for 60 gone
done

# ssh: the guest gets an address that its host can reach, as this test does from the host's network.
cat >near.xml <<END
<network><name>near</name><bridge name='near0'/><ip address='10.78.0.1' netmask='255.255.255.0'><dhcp><range start='10.78.0.5' end='10.78.0.5'/></dhcp></ip></network>
END
vmctl -q net-define near.xml
vmctl -q net-start near
vmctl -q attach-interface deb network near --model virtio --mac 52:54:00:78:00:05 --live
# Another guest has leased the address that this one takes by itself.
tiny_guest twin "<interface type='network'><source network='near'/><mac address='52:54:00:78:00:06'/></interface>" >twin.xml
vmctl -q create twin.xml
daemon_enter daemon sh -c 'ip link add here type veth peer there && ip link set there master near0 up &&
	ip link set here address 52:54:00:78:00:06 up && busybox udhcpc -i here -n -q -f -t 10 -T 1 -s /bin/true; ip link del here' >/dev/null 2>&1
near() { in_deb -- sh -c 'n=$(grep -l 52:54:00:78:00:05 /sys/class/net/*/address | cut -d/ -f5) && ip link set "$n" up && ip addr add 10.78.0.5/24 dev "$n"'; }
check it_has_an_address_there wait_for 60 near
check_output two_with_one_address "warning: 'deb' and 'twin' both have the address 10.78.0.5" vmctl ip deb
check_output where_both_are_asked_too "'deb' and 'twin' both have the address 10.78.0.5" vmctl ip deb,twin
vmctl -q destroy twin
at_host() { daemon_enter daemon env XDG_STATE_HOME="$WORK/state" vmctl -c qemu:///system "$@"; }
ssh-keygen -q -t ed25519 -N '' -f key
vmctl set-user-sshkeys deb guest key.pub
check it_listens wait_for 60 at_host wait deb --for port:22 --timeout 5
check_output a_command_by_ssh '^guest tester$' at_host ssh deb --user guest --identity "$WORK/key" -- 'echo $(id -un) $(hostname)'
check_status its_status_is_its_own 42 at_host ssh deb --user guest --identity "$WORK/key" -- exit 42
check its_key_is_kept_with_its_uuid ssh-keygen -F "$(vmctl domuuid deb | head -n 1)" -f "$WORK/state/vmkit/known_guests"
check_output its_greeting_is_passed_on '^SSH-2.0' at_host proxy deb 22 </dev/null
at_host ssh-config --user guest --identity "$WORK/key" >config
check ssh_itself_reaches_it_by_its_name eval '[ "$(daemon_enter daemon ssh -F "$WORK/config" deb hostname)" = tester ]'
check and_sftp_does eval 'echo "get /etc/hostname $WORK/hostname" | daemon_enter daemon sftp -b - -F "$WORK/config" deb'
check_output for_programs "^deb accept-new guest$" eval 'at_host ssh-config --user guest --json | jq -r ".[] | select(.name == \"deb\") | .name + \" \" + .strict_host_key_checking + \" \" + .user"'
check_status nothing_listens_there 6 at_host proxy deb --port 2222

# Where ssh leads to the host, it leads on to the guest. What stands for ssh connects as it would.
mkdir stand-in
cat >stand-in/ssh <<'END'
#!/usr/bin/env python3
import os, select, socket, sys
with open(os.path.dirname(sys.argv[0]) + '/calls', 'a') as calls:
    calls.write(' '.join(sys.argv[1:]) + '\n')
if sys.argv[1] == '-W':
    peer = socket.create_connection(tuple(sys.argv[2].rsplit(':', 1)))
else:
    peer = socket.socket(socket.AF_UNIX)
    peer.connect('/run/libvirt/libvirt-sock')
ends = [0, peer.fileno()]
while peer.fileno() in ends:
    for end in select.select(ends, [], [])[0]:
        data = os.read(end, 65536)
        if not data:
            ends.remove(end)
        elif end:
            os.write(1, data)
        else:
            peer.sendall(data)
END
chmod +x stand-in/ssh
in_deb -- ip addr del 10.0.2.15/24 dev "$(in_deb -- sh -c 'grep -l 52:54:00:11:22:33 /sys/class/net/*/address | cut -d/ -f5')"
check_output a_remote_guest_is_reached_through_its_host '^SSH-2.0' eval 'daemon_enter daemon env PATH="$WORK/stand-in:$PATH" timeout 20 \
	vmctl -c "qemu+ssh://root@far:2222/system?command=$WORK/stand-in/ssh" proxy deb </dev/null'
check by_ssh_s_own_means grep -qx -e '-W 10.78.0.5:22 -p 2222 root@far' stand-in/calls

check_output by_ssh_when_asked '^guest /tmp b$' at_host exec deb --via ssh --user guest --cwd /tmp --env A=b -- sh -c 'echo $(id -un) $(pwd) $A'
check_status its_status_by_ssh 42 at_host exec deb --via ssh --user guest -- sh -c 'exit 42'
check_output its_streams_by_ssh '^ssh "o\\n" "e\\n"$' eval "at_host exec deb --via auto --json -- true >/dev/null; at_host exec deb --via ssh --user guest --json -- sh -c 'echo o; echo e >&2' | jq -r '\"\\(.via) \\(.stdout | tojson) \\(.stderr | tojson)\"'"
by_ssh() { at_host cp --via ssh --user guest "$@"; }
check_output a_copy_by_ssh '"via": "ssh"' by_ssh --json "$WORK/bytes" deb:/tmp/by-ssh
check_output with_mode_and_time_of_its_user '^640 1612325106 guest$' in_deb -- stat -c '%a %Y %U' /tmp/by-ssh
check a_directory_by_ssh by_ssh "$WORK/tree" deb:/tmp/tree-by-ssh
check and_out_again by_ssh deb:/tmp/tree-by-ssh "$WORK/tree-by-ssh"
check as_it_was diff -r tree tree-by-ssh
check_output a_stream_by_ssh '^streamed$' eval 'echo streamed | by_ssh - deb:/tmp/by-ssh && by_ssh deb:/tmp/by-ssh -'
# Nothing shows a port for it to this guest.
in_deb -- mount -t tmpfs -o ro none /dev/virtio-ports
head -c 9000000 /dev/zero >much
auto() { at_host cp --via auto --user guest --json "$@"; }
check_output by_ssh_where_a_large_file_can_have_no_port '"via": "ssh"' auto "$WORK/much" deb:/tmp/much
in_deb -- umount /dev/virtio-ports
check_output else_by_that '"via": "channel"' auto deb:/tmp/much "$WORK/much-back"
check and_it_is_whole cmp much much-back
check_status what_is_not_there_by_ssh 3 by_ssh deb:/nosuch "$WORK/here"
at_host cp --via ssh --user guest "$WORK/larger" deb:/tmp/larger >/dev/null 2>&1 &
wait_for 60 in_deb -- sh -c 'ls -d /tmp/.vmctl-*/data'
pgrep -f "cp --via ssh --user guest $WORK/larger deb:/tmp/larger" | xargs -r kill -KILL
wait $! 2>/dev/null
clean() { gone && ! vmctl get-user-sshkeys deb guest | grep ' vmctl$'; }
check killed_it_leaves_nothing wait_for 60 clean
# One who was killed, keeper and all, has left a key: it has expired, and goes. Those of others stay.
printf 'expiry-time="202001010000" ssh-ed25519 AAAA vmctl\nssh-ed25519 BBBB vmctl\n' >left
vmctl set-user-sshkeys deb guest left
at_host exec deb --via ssh --user guest -- sh -c 'touch /tmp/begun; exec sleep 4323' >/dev/null 2>&1 </dev/null &
running=$!
has_begun() { vmctl get-user-sshkeys deb guest | grep '^expiry-time="2[0-9]*" .* vmctl$' && in_deb -- ls /tmp/begun; }
check a_command_by_ssh_has_begun wait_for 60 has_begun
check_status what_has_expired_is_gone 1 eval 'vmctl get-user-sshkeys deb guest | grep 202001010000'
pgrep -f 'exec deb --via ssh --user guest -- sh -c touch' | xargs -r kill -KILL
wait $running 2>/dev/null
no_key() { ! vmctl get-user-sshkeys deb guest | grep ^expiry; }
check killed_it_takes_its_key_away wait_for 60 no_key
check_output and_only_that 'BBBB vmctl$' vmctl get-user-sshkeys deb guest
check_status ssh_wants_a_user 125 at_host exec deb --via ssh -- true
# As on RHEL.
in_deb -- sh -c 'printf "[general]\nblacklist = guest-exec\n" >/etc/qemu/qemu-ga.conf'
vmctl exec deb --detach -- sh -c 'sleep 1; systemctl restart qemu-guest-agent' >/dev/null
forbidden() { at_host exec deb -- true 2>&1 | grep -q 'forbids guest-exec'; }
check an_agent_may_not_run_commands wait_for 60 forbidden
check_output then_ssh_does "by ssh, since the guest agent forbids guest-exec" at_host exec deb --via auto --user guest -- true
check_output cp_says_so_too 'forbids guest-exec' vmctl cp bytes deb:/tmp
check_output and_goes_by_ssh_too '"via": "ssh"' at_host cp --via auto --user guest --json "$WORK/bytes" deb:/tmp/by-auto

# run: a guest for one command, on an image that stays as it is.
mkdir image
cp "$AGENT_IMAGE" image/base.qcow2
chmod 644 image/base.qcow2
run() {
	vmctl run --image image/base.qcow2 --memory 384 --network none --virt-type qemu \
		--boot "kernel=$AGENT/vmlinuz,initrd=$AGENT/initrd.img,kernel_args=root=/dev/vda rw console=ttyS0 quiet no_timer_check cloud-init=disabled" "$@" </dev/null
}
check_status the_status_is_the_commands 7 run --boot-timeout 600 --timeout 60 --env A=b --cwd / --user root --via agent -- sh -c 'touch /root/x; exit 7'
check_output nothing_else_is_there '^base\.qcow2$' ls image
check_status and_no_guest 1 eval 'vmctl list --all --name | grep run-'
vmctl run --osinfo linux2022 --vcpus 1 --cpu qemu64 --machine q35 --graphics none --disk none \
	--filesystem /nosuch,x --cloud-init on --image image/base.qcow2 -- true 2>refused
check_status what_vm_install_refuses_is_said 0 grep -q 'vm-install' refused
check_status an_image_that_is_not_there 125 vmctl run --image nosuch -- true
# The kernel finds no disk of that name: no agent comes, and what failed is kept.
vmctl run --image image/base.qcow2 --memory 128 --network none --virt-type qemu --boot "kernel=$AGENT/vmlinuz" \
	--boot-timeout 1 --keep-on-failure -- true 2>kept
kept=$(vmctl list --name | grep run-)
check what_fails_is_kept_when_asked grep -q "'$kept' is kept, and so is its disk $PWD/image/$kept.qcow2" kept
check with_its_disk [ -e "image/$kept.qcow2" ]
vmctl -q destroy "$kept"
rm "image/$kept.qcow2"

# This small Debian cannot end itself at its agent's word: it has no D-Bus.
check_output when_asking_does_not_help_its_power_is_cut '"how": "force"' vmctl stop deb --grace 4 --force --json
check it_is_off vmctl await deb --condition domain-inactive --timeout 100
