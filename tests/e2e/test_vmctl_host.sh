#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The host group of vmctl on a real libvirtd: it and virsh must print the same.
. "$(dirname "$0")/harness.sh"
. "$(dirname "$0")/same.sh"

daemon_start
vmctl() { command vmctl -c "$URI" "$@"; }
cd "$WORK" || exit 1
echo '<cpu><model>Nehalem</model></cpu>' >model.xml
echo '<cpu><model>Nehalem</model><vendor>Intel</vendor><feature name="3dnow"/></cpu>' >odd.xml
echo '<nothing/>' >none.xml
vmctl capabilities >host.xml
vmctl domcapabilities --virttype qemu >hypervisor.xml
{
	echo '<?xml version="1.0"?>'
	cat host.xml
} >declared.xml

same_lines <<END
nodecpumap
nodecpumap --pretty
nodecpustats 99
nodememstats 9
freecell 9
freepages --all --pagesize 2M
freepages 0 1G
freepages --cellno -1 --pagesize 2M
allocpages 2M 0
allocpages 2M 0 --all
allocpages 2M 0 0 --add
allocpages 4 10
maxvcpus
maxvcpus qemu
maxvcpus bogus
nodesevinfo
sysinfo
nodesuspend mem 60
cpu-models x86_64
cpu-models aarch64
cpu-models s390x
cpu-baseline model.xml
cpu-baseline host.xml
cpu-baseline declared.xml --features --migratable
cpu-baseline none.xml
cpu-compare model.xml
cpu-compare host.xml
cpu-compare odd.xml
cpu-compare odd.xml --error
cpu-compare host.xml --validate
hypervisor-cpu-baseline hypervisor.xml --virttype qemu
hypervisor-cpu-baseline hypervisor.xml --virttype qemu --features --migratable --arch x86_64 --machine q35 --emulator /usr/bin/qemu-system-x86_64
hypervisor-cpu-baseline --model Nehalem --virttype qemu
hypervisor-cpu-compare hypervisor.xml --virttype qemu
hypervisor-cpu-compare model.xml --virttype qemu --arch x86_64 --machine q35 --emulator /usr/bin/qemu-system-x86_64 --error --validate
END
check_status what_is_incompatible_is_a_failed_check 8 vmctl cpu-compare odd.xml
check_output its_json_says_so '"result": "incompatible"' vmctl cpu-compare odd.xml --json
check_output memory_is_shown '^total  : +[0-9]+ KiB$' vmctl nodememstats
check_output that_of_a_node_too '^free   : +[0-9]+ KiB$' vmctl nodememstats --cell 0
check_output cpu_time_is_shown '^user: +[0-9]+$' vmctl nodecpustats
check_output and_in_per_cent '^idle: +[0-9.]+%$' vmctl nodecpustats --percent
check_output pages_are_counted '^4KiB: [0-9]+$' vmctl freepages --all
check_output free_memory_of_all_nodes '^Total: +[0-9]+ KiB$' vmctl freecell --all
check_output the_hypervisor_has_models '^qemu64$' vmctl hypervisor-cpu-models --virttype qemu
check_output and_more_that_cannot_run_here '^Haswell$' vmctl hypervisor-cpu-models --virttype qemu --all --arch x86_64 --machine q35 --emulator /usr/bin/qemu-system-x86_64
check_output of_no_time_at_all_no_part_is_known '"idle_percent": null' command vmctl -c test:///default nodecpustats --percent --json

newer 11.0.0 domcapabilities --disable-deprecated-features
newer 12.2.0 domcapabilities --expand-cpu-features
newer 12.5.0 domcapabilities --supported-cpu-features
newer 11.6.0 hypervisor-cpu-baseline --model Nehalem --virttype qemu --ignore-host
! has_libvirt 11.0.0 || check_output deprecated_features_are_left_out "<feature policy='disable'|<domainCapabilities>" vmctl domcapabilities --virttype qemu --disable-deprecated-features
