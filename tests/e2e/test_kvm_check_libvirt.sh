#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# kvm-check beside a real libvirtd: in the namespaces of a private one.
. "$(dirname "$0")/harness.sh"

daemon_start
pid=$(daemon_pid)
inside() { nsenter --target "$pid" --mount --net --uts --pid -- env PATH="$PATH" "$@"; }

check_output the_daemon_answers 'PASS +connection +qemu:///system answers' inside kvm-check -v libvirt
check_output its_layout_is_told 'PASS +daemons +one daemon \(libvirtd\)' inside kvm-check -v libvirt
check_output what_it_offers_is_compared '(PASS|WARN) +capabilities +libvirt offers' inside kvm-check -v libvirt probe
offers_and_probe_are_compared_rightly() {
	local offers usable
	offers=$(inside virsh -c qemu:///system domcapabilities | grep -c '<domain>kvm</domain>')
	usable=$(inside kvm-check --json libvirt probe | grep -c '"accelerator": "kvm"')
	inside kvm-check -v libvirt probe >"$WORK/report"
	cat "$WORK/report"
	if [ "$offers" = "$usable" ]; then
		grep -q 'PASS  capabilities ' "$WORK/report"
	else
		grep -q 'WARN  capabilities ' "$WORK/report"
	fi
}
check as_virsh_tells_it offers_and_probe_are_compared_rightly

# The private daemon has the files of the packages; what is defined and not active is started.
inside virsh -c qemu:///system net-destroy default >/dev/null 2>&1
check_output a_network_that_is_not_active_warns 'WARN +default network +not active' inside kvm-check -v libvirt
check_output and_a_missing_pool_is_told 'default pool +there is none called default' inside kvm-check -v libvirt
check_output the_fix_starts_the_network '^vmctl -c qemu:///system net-start default$' inside kvm-check libvirt --fix
if command -v dnsmasq >/dev/null; then
	check_output dnsmasq_is_found 'PASS +dnsmasq ' inside kvm-check -v libvirt
	check_output applied_it_is_done 'done: vmctl -c qemu:///system net-start default' \
		inside kvm-check libvirt --apply --yes
	check_output and_passes_then 'PASS +default network +active, and started with the host' inside kvm-check -v libvirt
	check_output virsh_sees_it_too 'default +active +yes' inside virsh -c qemu:///system net-list --all
	inside virsh -c qemu:///system net-destroy default >/dev/null 2>&1
else
	check_output without_dnsmasq_it_says_so 'WARN +dnsmasq +not there' inside kvm-check -v libvirt
	skip the_network_is_started "dnsmasq is not installed"
fi

# A guest that it knows.
printf "<domain type='qemu'><name>asked</name><memory>65536</memory><os><type arch='x86_64' machine='q35'>hvm</type></os></domain>" >"$WORK/asked.xml"
inside virsh -c qemu:///system define "$WORK/asked.xml" >/dev/null
check_output a_guest_of_libvirt_is_asked_about '^asked can start here, with TCG' inside kvm-check can asked
check_status one_that_it_does_not_know_is_told 1 inside kvm-check can nobody
inside virsh -c qemu:///system undefine asked >/dev/null

kill -STOP "$pid"
check_output one_that_hangs_does_not_answer 'WARN +connection +libvirtd takes connections but does not answer' inside kvm-check -v libvirt
check_output one_that_hangs_cannot_keep_it 'capabilities +not known' inside kvm-check -v libvirt
kill -CONT "$pid"
daemon_stop
