#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# why: guests that are really broken, each in one way, and the cause is the first thing that is said. That
# they do not start is seen first.
# shellcheck disable=SC2016 # some is for other shells
. "$(dirname "$0")/harness.sh"

guest_files
cd "$WORK" || exit 1

# These are no longer what libvirt would define, as after an update: they are found at its start.
mkdir -p daemon/etc/qemu
old() { tiny_guest "$1" | sed "$2" >"daemon/etc/qemu/$1.xml"; }
old old-machine "s/machine='q35'/machine='pc-q35-1.0'/"
old no-emulator 's,<devices>,<devices><emulator>/usr/bin/qemu-nosuch</emulator>,'
old no-swtpm "s,<serial,<tpm model='tpm-tis'><backend type='emulator' version='2.0'/></tpm><serial,"
old no-hypervisor "s/arch='x86_64' machine='q35'/arch='mips' machine='malta'/"
daemon_start
vmctl() { daemon_enter daemon vmctl -c qemu:///system "$@"; }

# says NAME CHECK PATTERN: in found.json, first of all.
says() {
	if [ -s found.json ] && jq -e --arg c "$2" --arg p "$3" '.findings[0] | .check == $c and (.what | test($p)) and .seen != null and
		.mend != null and .weight != "note"' found.json >/dev/null; then
		ok "$1"
	else
		not_ok "$1" found.json
	fi
}
# first NAME CHECK PATTERN [OPTION...]: what is said first about the guest.
first() {
	local name=$1 check=$2 pattern=$3
	shift 3
	vmctl why "$name" "$@" --json >found.json 2>&1
	says "$name" "$check" "$pattern"
}
# broken NAME CHECK PATTERN: it does not start, and that is why. All of them are asked together.
broken() { printf '%s\t%s\t%s\n' "$@" >>broken; }
judge_broken() {
	local name check pattern names
	names=$(cut -f 1 broken | paste -sd ,)
	vmctl start "$names" >started 2>&1
	vmctl list --name >running
	vmctl why "$names" --json >all.json 2>errors
	while IFS=$'\t' read -r name check pattern; do
		jq --arg n "$name" '.[] | select(.name == $n)' all.json >found.json
		if grep -qx "$name" running; then
			not_ok "$name"
		else
			says "$name" "$check" "$pattern"
		fi
	done <broken
	rm broken
}
# define NAME SED [DEVICE...]
define() {
	local name=$1 change=$2
	shift 2
	tiny_guest "$name" "$@" | sed "$change" >"$name.xml"
	vmctl -q define "$WORK/$name.xml" || not_ok "$name.xml"
}
disk() { echo "<disk type='file'><driver name='qemu' type='${2:-qcow2}'/><source file='$WORK/$1'>${3:-}</source><target dev='vda' bus='virtio'/></disk>"; }
volume() { echo "<disk type='volume'><driver name='qemu' type='raw'/><source pool='$1' volume='$2'/><target dev='vda' bus='virtio'/></disk>"; }
image() { qemu-img create -q -f qcow2 "$@"; }

# --- It does not start
broken old-machine machine_type 'no machine type pc-q35-1.0'
broken no-emulator emulator 'qemu-nosuch is not here'
broken no-hypervisor hypervisor 'cannot run such a guest'
define cpu-mode "s,<features>,<cpu mode='host-passthrough'/><features>,"
broken cpu-mode cpu 'host-passthrough needs KVM'
define cpu-model "s,<features>,<cpu mode='custom'><model>NoSuch</model></cpu><features>,"
broken cpu-model cpu 'NoSuch is known to nobody'
define memory "s,<memory.*,<memory unit='GiB'>9000</memory>,"
broken memory memory 'wants 8.79 TiB of memory'
define huge-pages 's,<os>,<memoryBacking><hugepages/></memoryBacking><os>,'
[ "$(cat /sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages)" -ge 64 ] || broken huge-pages huge_pages 'wants 64 huge pages'
define no-kernel "s,<kernel>.*,<kernel>$WORK/nosuch</kernel>,"
broken no-kernel boot_files 'kernel .*nosuch does not exist'
define no-firmware "s,<kernel>,<loader readonly='yes' type='pflash'>$WORK/nosuch.fd</loader><kernel>,"
broken no-firmware boot_files 'firmware .*nosuch.fd does not exist'

define no-disk '' "$(disk nosuch.qcow2)"
broken no-disk disks 'vda: .*nosuch.qcow2 does not exist'
mkdir -m 700 closed
image closed/disk.qcow2 1M
define closed '' "$(disk closed/disk.qcow2)"
broken closed disks "cannot enter $WORK/closed, "
image denied.qcow2 1M
chmod 600 denied.qcow2
define denied '' "$(disk denied.qcow2 qcow2 "<seclabel model='dac' relabel='no'/>")"
broken denied disks 'may not write to .*denied.qcow2'
image base.qcow2 1M
image -b base.qcow2 -F qcow2 overlay.qcow2
mv base.qcow2 gone.qcow2
define no-backing '' "$(disk overlay.qcow2)"
broken no-backing disks 'has the backing file .*base.qcow2, which does not exist'
image -b closed/disk.qcow2 -F qcow2 above.qcow2
define closed-backing '' "$(disk above.qcow2)"
broken closed-backing disks 'cannot enter .*closed, and so not get to .*closed/disk.qcow2'
truncate -s 1M raw.img
define format '' "$(disk raw.img)"
broken format disks 'raw.img is raw, its definition says qcow2'
image loop1.qcow2 1M
image -b loop1.qcow2 -F qcow2 loop2.qcow2
qemu-img rebase -u -b loop2.qcow2 -F qcow2 loop1.qcow2
define loop '' "$(disk loop2.qcow2)"
broken loop disks 'chain of backing files is broken'
image shared.qcow2 1M
define holder '' "$(disk shared.qcow2)"
define held '' "$(disk shared.qcow2)"
vmctl -q start holder
broken held disks "in use by guest 'holder'"

image taken.qcow2 1M
define taken '' "$(disk taken.qcow2)"
mkfifo hold
daemon_enter daemon qemu-io -f qcow2 "$WORK/taken.qcow2" <hold >/dev/null 2>&1 &
exec 7>hold
is_taken() { ! qemu-img info taken.qcow2; }
wait_for 20 is_taken
broken taken disks "in use by 'qemu-io'"

define no-pool '' "$(volume nosuch disk.img)"
broken no-pool disks "there is no pool 'nosuch'"
vmctl -q pool-define-as images dir --target "$WORK/images"
vmctl -q pool-build images
define idle-pool '' "$(volume images disk.img)"
broken idle-pool disks "pool 'images' is not active"
mkdir others
vmctl -q pool-define-as others dir --target "$WORK/others"
vmctl -q pool-start others
define no-volume '' "$(volume others disk.img)"
broken no-volume disks "has no volume 'disk.img'"
secret=$(cat /proc/sys/kernel/random/uuid)
image locked.qcow2 1M
define no-secret '' "$(disk locked.qcow2 qcow2 "<encryption format='luks'><secret type='passphrase' uuid='$secret'/></encryption>")"
broken no-secret secrets "needs the secret $secret"

cat >net.xml <<'XML'
<network><name>lan</name><bridge name='vmkit0'/><forward mode='nat'/>
  <ip address='192.168.77.1' netmask='255.255.255.0'><dhcp><range start='192.168.77.10' end='192.168.77.20'/></dhcp></ip></network>
XML
vmctl -q net-define "$WORK/net.xml"
define idle-network '' "<interface type='network'><source network='lan'/><model type='virtio'/></interface>"
broken idle-network networks "network 'lan' is not active"
define no-network '' "<interface type='network'><source network='nosuch'/></interface>"
broken no-network networks "no network 'nosuch'"
define no-bridge '' "<interface type='bridge'><source bridge='nosuch0'/></interface>"
broken no-bridge networks 'no bridge nosuch0'
define no-pci '' "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0' bus='0xfe' slot='0x1f' function='7'/></source></hostdev>"
broken no-pci host_devices 'no PCI device 0000:fe:1f.7'
define port-of-screen '' "<graphics type='vnc' port='5977' listen='127.0.0.1'/>"
define port-of-console '' "<serial type='tcp'><source mode='bind' host='127.0.0.1' service='5977'/></serial>"
daemon_enter daemon python3 -c 'import socket,time
s=socket.socket(); s.bind(("127.0.0.1",5977)); s.listen(); time.sleep(600)' &
listener=$!
wait_for 20 daemon_enter daemon grep -q :1759 /proc/net/tcp
broken port-of-screen ports 'port 5977, which its screen wants, is taken'
broken port-of-console ports 'port 5977, which its serial wants, is taken'
define no-directory '' "<filesystem type='mount'><source dir='$WORK/nosuch'/><target dir='share'/></filesystem>"
broken no-directory shared_directories 'directory .*nosuch, which it shares, does not exist'
command -v swtpm >/dev/null || broken no-swtpm helpers 'swtpm is not installed'
define no-random '' "<rng model='virtio'><backend model='random'>/dev/nosuch</backend></rng>"
broken no-random device_files 'source of random numbers /dev/nosuch does not exist'
define no-log '' "<serial type='file'><source path='$WORK/nosuch/serial.log'/></serial>"
broken no-log device_files 'directory of the file for its serial line, .*/nosuch, does not exist'
define no-usb '' "<controller type='usb' model='qemu-xhci'/><hostdev mode='subsystem' type='usb'><source><vendor id='0x1234'/><product id='0xabcd'/></source></hostdev>"
broken no-usb usb 'USB device 0x1234:0xabcd is not plugged in'
define no-vsock '' "<vsock model='virtio'><cid auto='yes'/></vsock>"
[ -e /dev/vhost-vsock ] || broken no-vsock vsock 'needs /dev/vhost-vsock'
define no-cpu-pin "s,<features>,<cputune><vcpupin vcpu='0' cpuset='999'/></cputune><features>,"
broken no-cpu-pin pinning 'pinned to CPU 999'
image corrupt.qcow2 1M
printf '\002' | dd of=corrupt.qcow2 bs=1 seek=79 conv=notrunc status=none
define corrupt '' "$(disk corrupt.qcow2)"
broken corrupt disks 'corrupt.qcow2 is marked as corrupt'
define saved ''
vmctl -q start saved
vmctl -q managedsave saved
printf 'LibvirtQemudPlum' | dd of=daemon/lib/qemu/save/saved.save conv=notrunc status=none
broken saved saved_state 'saved state is broken'
judge_broken
kill $listener
exec 7>&-
vmctl why idle-network --json >found.json
mend() { daemon_enter daemon env VMCTL_URI=qemu:///system sh -c "$(jq -r '.findings[0].mend' found.json)" >mended 2>&1; }
mend
check_status the_command_that_is_named_mends_it 0 vmctl why idle-network
vmctl why 'no-disk,closed' >many 2>&1
check several_are_asked_at_once [ "$(grep -c 'cause ' many)" = 2 ]

# --- It has stopped
define no-option "s,^<domain ,&xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0' ,; s,</domain>,<q:commandline><q:arg value='-nosuch'/></q:commandline>&,"
check_status qemu_does_not_take_it 1 vmctl start no-option
first no-option failed 'QEMU said: -nosuch: invalid option'
qemu_of() { pgrep -f "guest=$1,.*$WORK" | head -n 1; }
is_off() { vmctl domstate "$1" | grep -q 'shut off'; }
define stopped ''
vmctl -q start stopped
kill -TERM "$(qemu_of stopped)"
wait_for 20 is_off stopped
first stopped killed 'somebody ended its QEMU: terminating on signal 15'
vmctl -q start stopped
kill -KILL "$(qemu_of stopped)"
wait_for 20 is_off stopped
first stopped crashed 'QEMU ended without a word'
group=/sys/fs/cgroup/memory/vmkit-why-$$
if mkdir $group 2>/dev/null && echo 20M >$group/memory.limit_in_bytes; then
	vmctl -q start stopped --paused
	qemu_of stopped >$group/cgroup.procs
	vmctl -q resume stopped
	wait_for 60 is_off stopped
	first stopped out_of_memory 'out of memory and killed its QEMU'
	rmdir $group
else
	skip out_of_memory "no memory group can be made here"
fi

# --- It is paused
vmctl -q suspend holder
first holder reason 'somebody paused it'
mkdir full
daemon_enter daemon mount -t tmpfs -o size=1M,mode=755 tmpfs "$WORK/full"
daemon_enter daemon truncate -s 64M "$WORK/full/disk.img"
define full '' "$(disk full/disk.img raw)"
daemon_enter daemon dd if=/dev/zero of="$WORK/full/rest" bs=4k status=none 2>/dev/null
vmctl -q start full
is_paused() { vmctl domstate full | grep -q paused; }
wait_for 60 is_paused
first full disk_errors 'no space left for .*full/disk.img: 0 B are free'
vmctl -q destroy full
define served '' "<disk type='network'><driver name='qemu' type='raw' error_policy='stop'/><source protocol='nbd'><host transport='unix' socket='$WORK/nbd.sock'/></source><target dev='vda' bus='virtio'/></disk>"
truncate -s 1M served.img
daemon_enter daemon qemu-nbd -t -f raw -k "$WORK/nbd.sock" "$WORK/served.img" &
wait_for 20 chmod 666 nbd.sock
vmctl -q start served --paused
pkill -KILL -f "qemu-nbd -t -f raw -k $WORK"
vmctl -q resume served
wait_for 60 eval 'vmctl domstate served | grep -q ^paused'
first served disk_errors 'disk vda: the nbd server that has it failed'
vmctl -q destroy served
check_output one_that_was_stopped_is_no_fault 'note +its power was cut' vmctl why full --about stop

# --- It has no network
vmctl -q start idle-network
tap=$(vmctl domiflist idle-network | awk '/network/ { print $1 }')
mac=$(vmctl domiflist idle-network | awk '/network/ { print $5 }')
# The files in /sys are those of the network namespace that mounted them.
no_network() {
	daemon_enter daemon unshare --mount sh -c 'mount -t sysfs sysfs /sys && exec vmctl -c qemu:///system "$@"' sh \
		why idle-network --about network --json >found.json 2>&1
	says "no_network:_$1" network_cards "$1"
}
no_network 'has no lease'
vmctl -q domif-setlink idle-network "$mac" down
no_network 'cable is unplugged'
vmctl -q domif-setlink idle-network "$mac" up
daemon_enter daemon ip link set "$tap" nomaster
no_network 'is not in the bridge vmkit0'
daemon_enter daemon ip link set "$tap" master vmkit0
daemon_enter daemon ip link set vmkit0 down
no_network 'bridge vmkit0 is down'
daemon_enter daemon ip link set vmkit0 up
daemon_enter daemon sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'
no_network 'forwards nothing'
daemon_enter daemon sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
if command -v nft >/dev/null; then
	in_nft() { daemon_enter daemon nft "$@"; }
	in_nft add table inet guard
	in_nft 'add chain inet guard forward { type filter hook forward priority 0; policy drop; }'
	no_network 'drops what the bridge vmkit0 forwards'
	mend
	no_network 'has no lease'
	in_nft delete table inet guard
	daemon_enter daemon iptables -t nat -F
	daemon_enter daemon iptables -t nat -X
	no_network 'rules for NAT are gone'
	daemon_enter daemon iptables -F
	daemon_enter daemon iptables -t nat -N LIBVIRT_PRT
	daemon_enter daemon iptables -N DOCKER-USER
	daemon_enter daemon iptables -A FORWARD -j DOCKER-USER
	daemon_enter daemon iptables -P FORWARD DROP
	no_network 'Docker set it'
	mend
	no_network 'has no lease'
else
	skip firewalls "nftables is not installed"
fi
# Its number is one of the daemon's namespace.
daemon_enter daemon pkill -KILL -F /run/libvirt/network/lan.pid
no_network 'DHCP server .* is gone'
first held network_cards 'has no network card' --about network

# --- It is slow
found() { check_output "$1" "$2" vmctl why slow --about speed; }
define slow 's,<vcpu>1<,<vcpu>64<,; s,<features>,<cputune><quota>20000</quota></cputune><features>,' \
	"$(disk held.qcow2 | sed "s,type='qcow2'/,type='qcow2' cache='writethrough'/,; s,<target,<iotune><total_iops_sec>50</total_iops_sec></iotune><target,")"
found cpu_limits_slow_it_down '^cause +each of its vCPUs may use 20 %'
found disk_limits_slow_it_down '^cause +disk vda is limited: total_iops_sec is 50'
found each_write_waits '^likely +disk vda: each write waits'
found it_has_more_vcpus_than_the_host '^likely +it has 64 vCPUs on a host of'
found emulation_is_named 'emulated \(TCG\)'
define small "s,<vcpu>,<currentMemory unit='MiB'>32</currentMemory><vcpu>,"
first small balloon 'balloon leaves it' --about speed

# Two loops want the CPU that its vCPU is pinned to, while it boots.
define crowded "s,<vcpu>1<,<vcpu cpuset='0'>1<,"
for _ in 1 2; do
	timeout 20 taskset -c 0 sh -c 'while :; do :; done' &
	loops="${loops:-} $!"
done
vmctl -q start crowded
check_output others_want_its_cpu 'likely +its vCPUs wait for a CPU of the host [0-9]+ % of the time' vmctl why crowded --about speed
# shellcheck disable=SC2086 # two of them
kill $loops
# No test may make its host swap: what the kernel says of its QEMU is changed for whoever looks here.
sed 's/^VmSwap:.*/VmSwap:\t  409600 kB/' "/proc/$(qemu_of crowded)/status" >status
check_output swap_is_seen 'likely +the host has swapped out 400 MiB of it' daemon_enter daemon unshare --mount sh -c \
	'mount --bind "$1" "/proc/$(cat /run/libvirt/qemu/crowded.pid)/status" && exec vmctl -c qemu:///system why crowded --about speed' sh "$WORK/status"
vmctl -q destroy crowded

# --- Where libvirt leaves files to their owners
echo 'dynamic_ownership = 0' >>daemon/etc/qemu.conf
daemon_enter daemon sh -c 'pid=$(cat /run/libvirt/libvirtd.pid); kill "$pid"
	while kill -0 "$pid"; do sleep 0.1; done; libvirtd -d -p /run/libvirt/libvirtd.pid' 2>/dev/null
wait_for 60 vmctl list
image owned.qcow2 1M
chmod 600 owned.qcow2
define owned '' "$(disk owned.qcow2)"
check_status it_does_not_start 1 vmctl start owned
first owned disks 'may not write to .*owned.qcow2'

# --- Where its host is another machine, or none
elsewhere() { command vmctl -c test:///default why test "$@"; }
check_output what_cannot_be_looked_at_is_unknown '^unknown +files, permissions, locks' elsewhere
check and_nothing_is_made_up jq -e '.found == false' <(elsewhere --about start --json)

# --- KVM, last: libvirt distrusts what it knows once QEMU's user cannot open it.
if [ -e /dev/kvm ]; then
	define kvm "s,type='qemu',type='kvm',"
	daemon_enter daemon chmod 600 /dev/kvm
	first kvm kvm 'cannot open /dev/kvm'
fi
check_status nobody_is_asked_about_nothing 2 vmctl why slow --about colour
