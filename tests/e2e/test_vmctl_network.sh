#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Networks, their leases and ports, network filters and their bindings, on a real libvirtd in a network
# namespace of its own: nothing leaves it.
. "$(dirname "$0")/harness.sh"

daemon_start
vmctl() { command vmctl -c "$URI" "$@"; }

# alike NAME WORDS...: virsh prints the same.
alike() {
	local name=$1
	shift
	virsh -c "$URI" "$@" >"$WORK/theirs" 2>&1
	vmctl "$@" >"$WORK/ours" 2>&1
	check "$name" diff "$WORK/theirs" "$WORK/ours"
}

cat >"$WORK/lab.xml" <<EOF
<network>
  <name>lab</name>
  <forward mode='open'/>
  <bridge name='vmkit0' stp='off' delay='0'/>
  <ip address='10.77.0.1' netmask='255.255.255.0'>
    <dhcp>
      <range start='10.77.0.100' end='10.77.0.199'/>
      <host mac='52:54:00:00:00:0a' name='reserved' ip='10.77.0.10'/>
    </dhcp>
  </ip>
</network>
EOF

# --- a network and its leases ------------------------------------------------------------------------
check a_network_is_defined vmctl net-define "$WORK/lab.xml" --validate
check it_starts vmctl net-start lab
alike its_definition_is_shown net-dumpxml lab
alike it_is_described net-info lab
alike no_lease_is_an_empty_table net-dhcp-leases lab
check_output and_an_empty_list '^\[\]$' vmctl net-dhcp-leases lab --json

# client NAME MAC [WORD...]: a host on the network, in a namespace of its own, takes a lease.
client() {
	local name=$1 mac=$2
	shift 2
	# shellcheck disable=SC2016 # the daemon's namespace expands it
	daemon_enter daemon sh -c '
		name=$1 mac=$2
		shift 2
		unshare --net sleep 600 &
		holder=$!
		until [ "$(readlink /proc/$holder/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
		ip link add "$name" type veth peer name eth0 address "$mac" netns "$holder" &&
		ip link set "$name" master vmkit0 up &&
		nsenter -t "$holder" -n sh -c "ip link set lo up; ip link set eth0 up" &&
		nsenter -t "$holder" -n busybox udhcpc -i eth0 -n -q -f -t 10 -T 1 -s /bin/true "$@"
	' client "$name" "$mac" "$@"
}
check_output a_client_takes_a_lease 'lease of 10.77.0.1[0-9][0-9] obtained' client one 52:54:00:00:00:01 -x hostname:one
check_output a_known_one_its_reserved_address 'lease of 10.77.0.10 obtained' client two 52:54:00:00:00:0a
check_output the_lease_is_listed '52:54:00:00:00:01 +ipv4 +10.77.0.1[0-9][0-9]/24 +one' vmctl net-dhcp-leases lab
alike as_virsh_lists_them net-dhcp-leases lab
alike one_is_chosen_by_its_mac net-dhcp-leases lab --mac 52:54:00:00:00:0a
TZ=Asia/Tokyo alike in_another_time_zone_too net-dhcp-leases lab 52:54:00:00:00:0a
check_output its_mac_is_completed '^52:54:00:00:00:0a$' vmctl complete -- net-dhcp-leases lab --mac 52:54:00:00:00:0
vmctl net-dhcp-leases lab 52:54:00:00:00:0a --json >"$WORK/lease.json"
check_output the_address_has_a_key_of_its_own '"address": "10.77.0.10"' cat "$WORK/lease.json"
check_output and_its_prefix '"prefix": 24' cat "$WORK/lease.json"
check_output the_end_is_a_time_to_come true jq '(.[0].expires | fromdate) > now' "$WORK/lease.json"

# --- updates of what runs ----------------------------------------------------------------------------
check a_host_is_added vmctl net-update lab add ip-dhcp-host \
	"<host mac='52:54:00:00:00:0b' name='added' ip='10.77.0.11'/>" --live --config
check_output and_gets_its_address 'lease of 10.77.0.11 obtained' client three 52:54:00:00:00:0b
alike what_runs_shows_it net-dumpxml lab --xpath //host
alike and_the_definition net-dumpxml lab --inactive --xpath //host
check_output what_it_takes_at_once_is_said 'live state' vmctl net-update lab delete ip-dhcp-host \
	"<host mac='52:54:00:00:00:0b'/>" --current
check_output the_definition_keeps_it 'added' vmctl net-dumpxml lab --inactive
check_status what_is_not_there_cannot_be_changed 4 vmctl net-update lab modify ip-dhcp-host \
	"<host mac='52:54:00:00:00:0c' ip='10.77.0.12'/>" --live
for change in \
	"add dns-host <host~ip='10.77.0.20'><hostname>x</hostname></host>" \
	"add dns-txt <txt~name='a'~value='b'/>" \
	"add-first dns-srv <srv~service='ldap'~protocol='tcp'~target='x'~port='389'/>" \
	"add portgroup <portgroup~name='engineering'/>" \
	"modify portgroup <portgroup~name='engineering'~default='yes'/>" \
	"delete ip-dhcp-range <range~start='10.77.0.100'~end='10.77.0.199'/>"; do
	read -r what section xml <<<"$change"
	check "$what-of-$section" vmctl net-update lab "$what" "$section" "${xml//\~/ }" --config
done
alike the_sections_are_there net-dumpxml lab --inactive

# --- ports -------------------------------------------------------------------------------------------
guest_files
tiny_guest plugged "<interface type='network'><source network='lab'/><mac address='52:54:00:00:00:0d'/>" \
	"</interface>" >"$WORK/guest.xml"
check a_guest_is_plugged_in vmctl create "$WORK/guest.xml"
alike its_port_is_listed net-port-list lab
alike by_its_uuid_alone net-port-list lab --uuid
port=$(vmctl -q net-port-list lab --uuid)
alike what_is_plugged_in_is_shown net-port-dumpxml lab "$port"
alike a_part_of_it_too net-port-dumpxml lab "$port" --xpath //owner/name --wrap
vmctl net-port-dumpxml lab "$port" | sed "s/$port/00000000-0000-4000-8000-0000000000aa/;s/:0d'/:0e'/;/<plug/d" >"$WORK/port.xml"
check_output another_port_is_made '00000000-0000-4000-8000-0000000000aa created from' \
	vmctl net-port-create lab "$WORK/port.xml" --validate
check_output and_listed 0000000000aa vmctl net-port-list lab --table
check_output a_port_is_deleted 'Network port 00000000-0000-4000-8000-0000000000aa deleted' \
	vmctl net-port-delete lab 00000000-0000-4000-8000-0000000000aa
check_status it_is_gone 3 vmctl net-port-dumpxml lab 00000000-0000-4000-8000-0000000000aa
check the_guest_is_stopped vmctl destroy plugged
check_output its_port_is_gone_with_it '^\[\]$' vmctl net-port-list lab --json

# --- filters and bindings ----------------------------------------------------------------------------
cat >"$WORK/filter.xml" <<EOF
<filter name='mine' chain='root'>
  <uuid>00000000-0000-4000-8000-00000000f11e</uuid>
  <filterref filter='no-mac-spoofing'/>
</filter>
EOF
alike filters_are_listed nwfilter-list
check a_filter_is_defined vmctl nwfilter-define "$WORK/filter.xml" --validate
alike it_is_shown nwfilter-dumpxml mine
alike by_its_uuid_too nwfilter-dumpxml 00000000-0000-4000-8000-00000000f11e --xpath //filterref --wrap
check_output nothing_is_bound '^\[\]$' vmctl nwfilter-binding-list --json
EDITOR=true alike an_edit_without_a_change_says_so nwfilter-edit mine
EDITOR='sed -i s,no-mac-spoofing,clean-traffic,' check_output it_is_edited 'Network filter mine XML configuration edited' \
	vmctl nwfilter-edit mine
check_output and_changed clean-traffic vmctl nwfilter-dumpxml mine
sed "s,</interface>,<filterref filter='mine'/>&," "$WORK/guest.xml" >"$WORK/filtered.xml"
check a_guest_with_a_filter_starts vmctl create "$WORK/filtered.xml"
alike its_binding_is_listed nwfilter-binding-list
tap=$(vmctl nwfilter-binding-list --json | jq -r '.[0].name')
alike the_binding_is_shown nwfilter-binding-dumpxml "$tap"
check_output a_part_of_the_binding_too "^  <filterref filter=\"mine\">" \
	vmctl nwfilter-binding-dumpxml "$tap" --xpath //filterref --wrap
check_status a_filter_in_use_stays 4 vmctl nwfilter-undefine mine
vmctl nwfilter-binding-dumpxml "$tap" >"$WORK/binding.xml"
check_output a_binding_is_taken_off "binding on $tap deleted" vmctl nwfilter-binding-delete "$tap"
check_status which_is_gone 3 vmctl nwfilter-binding-dumpxml "$tap"
check_output it_is_bound_again "binding on $tap created from" vmctl nwfilter-binding-create "$WORK/binding.xml" --validate
check the_guest_goes vmctl destroy plugged
check_output the_filter_too 'Network filter mine undefined' vmctl nwfilter-undefine mine
check_status no_such_filter 3 vmctl nwfilter-dumpxml mine

# --- what is written down about it -------------------------------------------------------------------
newer() { printf '%s\n%s\n' "$1" "$(virsh --version)" | sort -V -C; }
if newer 9.7.0; then
	alike it_has_no_title net-desc lab --title
	check_output a_title_is_set 'Network title updated successfully' vmctl net-desc lab --title --config --live The lab
	alike it_is_shown net-desc lab --title
	check a_description_is_set vmctl net-desc lab --current Where things are tried
	alike and_shown net-desc lab
	EDITOR='sed -i s,tried,broken,' check_output and_edited 'description updated' vmctl net-desc lab --edit
	alike titles_are_listed net-list --title
	check_output metadata_is_set 'Metadata modified' vmctl net-metadata lab urn:x --key x --set '<a/>' --live --config
	alike the_metadata_is_shown net-metadata lab urn:x
	EDITOR='sed -i s,a/,b/,' check_output the_metadata_is_edited 'Metadata modified' vmctl net-metadata lab urn:x --key x --edit
	check_output it_was_changed 'b' vmctl net-metadata lab urn:x --current
	check_output metadata_is_removed 'Metadata removed' vmctl net-metadata lab urn:x --remove
	check_status and_gone 1 vmctl net-metadata lab urn:x
else
	check_status titles_need_a_newer_libvirt 2 vmctl net-desc lab --title
	check_output which_is_said 'needs libvirt 9.7.0 or newer' vmctl net-metadata lab urn:x
	check_output of_an_option_too 'option --title needs libvirt 9.7.0' vmctl net-list --title
	# shellcheck disable=SC2317 # called through check
	unnamed() {
		! { vmctl help net-list && vmctl complete --line 'vmctl net-list --t'; } | grep -e '--title' &&
			! vmctl help net-list --json | grep '"name": "title"' &&
			! { vmctl help network && vmctl help --json && vmctl complete --line 'vmctl net-m' && cat "$BUILD/man/vmctl.1"; } |
			grep 'net.*-metadata'
	}
	check and_nothing_offers_them unnamed
fi

# --- taken away --------------------------------------------------------------------------------------
check the_network_is_stopped vmctl net-destroy lab
check and_undefined vmctl net-undefine lab
check a_network_without_a_definition_is_created vmctl net-create "$WORK/lab.xml" --validate
check_output it_is_transient '^ lab +active +no +no$' vmctl net-list --transient
