#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# What a guest may use of its host, on a real libvirtd: vmctl and virsh must print the same.
. "$(dirname "$0")/harness.sh"

daemon_start
guest_files
tiny_guest tiny "<disk type='file' device='cdrom'><target dev='hdc' bus='sata'/></disk>" \
	"<interface type='network'><mac address='52:54:00:dd:00:01'/><source network='default'/></interface>" >"$WORK/tiny.xml"

vmctl() { command vmctl -c "$URI" "$@"; }

# same NAME LINE: both print the same for it, and both succeed or both fail (what is on standard output
# after a failure is each one's own).
same() {
	local wanted got
	virsh -c "$URI" "$2" >"$WORK/virsh.out" 2>"$WORK/virsh.err"
	wanted=$?
	vmctl "$2" >"$WORK/vmctl.out" 2>"$WORK/vmctl.err"
	got=$?
	if [ $((wanted != 0)) -eq $((got != 0)) ] && { [ $wanted -ne 0 ] || cmp -s "$WORK/virsh.out" "$WORK/vmctl.out"; }; then
		ok "$1"
	else
		diff "$WORK/virsh.out" "$WORK/vmctl.out" >"$WORK/.out"
		cat "$WORK/virsh.err" "$WORK/vmctl.err" >>"$WORK/.out"
		not_ok "$1" "$WORK/.out"
	fi
}

check a_guest_is_defined vmctl define "$WORK/tiny.xml"
IFS=$'\n'
while read -r line; do
	same "${line//[^a-z0-9-]/_}" "$line"
done <<'END'
memtune tiny
memtune tiny --hard-limit 5000b --soft-limit 3M --config; memtune tiny --config
memtune tiny --hard-limit -1 --config; memtune tiny --current
memtune tiny --hard-limit 512M --swap-hard-limit 1G --config; memtune tiny
memtune tiny --min-guarantee 5
memtune tiny --live
blkiotune tiny
blkiotune tiny --weight 500 --config; blkiotune tiny --config
blkiotune tiny --device-weights /dev/sda,100 --device-read-iops-sec /dev/sda,1 --device-write-iops-sec /dev/sda,2; blkiotune tiny --current
blkiotune tiny --device-read-bytes-sec /dev/sda,3 --device-write-bytes-sec /dev/sda,4; blkiotune tiny
blkiotune tiny --live
blkdeviotune tiny hdc
blkdeviotune tiny hdc --read-bytes-sec-max-length 5 --read-bytes-sec-max 3k --read-bytes-sec 1k --write-bytes-sec-max-length 3 --write-bytes-sec-max 3k --write-bytes-sec 2k; blkdeviotune tiny hdc
blkdeviotune tiny hdc --read-iops-sec-max-length 5 --read-iops-sec-max 30 --read-iops-sec 10 --write-iops-sec-max-length 3 --write-iops-sec-max 30 --write-iops-sec 20; blkdeviotune tiny hdc
numatune tiny
numatune tiny --mode preferred --nodeset 0 --config; numatune tiny --config
numatune tiny --mode 0; numatune tiny --current
numatune tiny --mode 17
numatune tiny --live
schedinfo tiny
schedinfo tiny --set vcpu_quota=-1 cpu_shares=5 --config
schedinfo tiny cpu_shares=50 --current
schedinfo tiny --live --config
perf tiny
perf tiny --enable cmt; perf tiny
perf tiny --disable cmt,mbml --enable mbmt --config; perf tiny --config
perf tiny --current
perf tiny --live
domiftune tiny 52:54:00:dd:00:01
domiftune tiny 52:54:00:dd:00:01 --inbound 10,20,30,5 --outbound 3,4,5 --config; domiftune tiny 52:54:00:dd:00:01 --current
domiftune tiny 52:54:00:dd:00:01 --inbound 0 --config; domiftune tiny 52:54:00:dd:00:01
node-memory-tune
node-memory-tune --shm-pages-to-scan 100 --shm-sleep-millisecs 20 --shm-merge-across-nodes 1; node-memory-tune
END
unset IFS
check_output no_limit_is_null '"total_bytes_sec": null' vmctl blkdeviotune tiny hdc --json
check_output and_a_limit_is_in_bytes '"swap_hard_limit": 1073741824' vmctl memtune tiny --json
