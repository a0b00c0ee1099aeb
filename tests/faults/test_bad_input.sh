#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Bad input to each program: the message names it, the status tells the cause, nothing is left behind.
. "$(dirname "$0")/../e2e/harness.sh"
cd "$WORK" || exit 1

# refused NAME STATUS PATTERN COMMAND...: ends with STATUS, says PATTERN on standard error and nothing on
# standard output.
refused() {
	local name=$1 want=$2 pattern=$3 status
	shift 3
	"$@" >.stdout 2>.stderr </dev/null
	status=$?
	if [ $status -eq "$want" ] && grep -qE -- "$pattern" .stderr && [ ! -s .stdout ]; then
		ok "$name"
	else
		{
			echo "exit status $status, wanted $want; wanted to read: $pattern"
			head -c 500 .stdout
			cat .stderr
		} >.why
		not_ok "$name" .why
	fi
}

test="vmctl -c test:///default"
install="--connect test:///default --name x --osinfo linux2022 --memory 64"

# shellcheck disable=SC2086 # the variables are commands with their first arguments
{
	refused vmctl_unknown_option 2 '--bogus' vmctl --bogus list
	refused vmctl_unknown_option_of_a_command 2 '--bogus' $test list --bogus
	refused vmctl_unknown_command 2 "'strat'" $test strat
	refused vmctl_missing_value 2 '--domain' $test 'dominfo --domain'
	refused vmctl_empty_command 2 'empty' $test ''
	refused vmctl_empty_mode 2 "mode ''" $test 'reboot test --mode=acpi,,agent'
	refused vmctl_bad_escape 2 "'\^1'" vmctl -e ^1 list
	refused vmctl_missing_argument 2 '<size>' $test 'setmem test'
	refused vmctl_absurd_size 2 '99999999999E' $test 'setmem test 99999999999E'
	refused vmctl_no_such_file 3 'nosuch.xml' $test 'define nosuch.xml'
	refused vmctl_directory_for_a_file 1 "$WORK" $test "define $WORK"
	refused vmctl_no_such_guest 3 "'nosuch'" $test 'start nosuch'
	refused vmctl_no_such_daemon 6 'failed to connect' vmctl -c "qemu+unix:///system?socket=$WORK/none" list
	refused vmctl_bad_uri 6 'failed to connect|bogus' vmctl -c bogus:///x list
	refused vmctl_unterminated_quote 2 'missing "' $test 'echo "a'
	echo '<domain><name>' >broken.xml
	refused vmctl_malformed_xml 1 'broken.xml' $test 'define broken.xml'
	head -c 20000000 /dev/zero | tr '\0' 'x' >huge.xml
	refused vmctl_huge_file 1 'too large' $test 'define huge.xml'
	rm -f huge.xml
	refused install_unknown_option 2 '--bogus' vm-install $install --bogus
	refused install_unknown_suboption 2 "'colour'" vm-install $install --import --disk none,colour=red
	refused install_missing_value 2 '--disk' vm-install $install --import --disk
	refused install_part_without_value 2 "'size'" vm-install $install --import --disk /a,size
	refused install_absurd_memory 2 "'lots'" vm-install --connect test:///default --name x --osinfo linux2022 --import --disk none --memory lots
	refused install_absurd_size 2 '9999999999999' vm-install $install --import --disk size=9999999999999
	refused install_no_such_disk 3 "$WORK/none.qcow2" vm-install $install --import --disk "$WORK/none.qcow2"
	refused install_no_such_system 3 "'nosuchos'" vm-install --connect test:///default --name x --osinfo nosuchos --import --disk none
	refused install_no_such_type 3 'xen' vm-install $install --import --disk none --virt-type xen
	refused install_no_method 2 'install method' vm-install $install --disk none
	refused install_bad_name 2 'a/b' vm-install --connect test:///default --name a/b --osinfo linux2022 --memory 64 --import --disk none
	refused install_no_such_tree 3 "$WORK/none" vm-install $install --location "$WORK/none" --disk none
	refused install_empty_tree 3 "$WORK" vm-install $install --location "$WORK" --disk none
	refused install_no_daemon 6 'failed to connect' vm-install --connect "qemu+unix:///system?socket=$WORK/none" --name x --osinfo linux2022 --import --disk none
	refused install_exclusive_options 2 'exclusive' vm-install $install --cdrom x.iso --pxe --disk none
}

# A disk that is full is an error, also when only the last line does not fit.
check_status vmctl_full_disk 1 sh -c "$test list >/dev/full"
check_status vmctl_full_disk_for_json 1 sh -c "$test --json list >/dev/full"
check_status install_full_disk 1 sh -c "vm-install $install --import --disk none --print-xml >/dev/full"
check_output it_is_named 'cannot write the output' sh -c "$test list >/dev/full"
check_output and_once '^1$' bash -c 'exec -a virsh vmctl -c test:///default list 2>&1 >/dev/full | grep -c "cannot write"'
check_output with_the_true_reason 'No space left on device' sh -c "$test help >/dev/full"
check it_is_said_once test "$($test list 2>&1 >/dev/full | grep -c ^error)" -eq 2
check it_is_one_object_in_json test "$($test --json list 2>&1 >/dev/full | jq -s length)" -eq 1

# Credentials come from standard input where there is no terminal.
cat >auth.xml <<END
<node><auth><user password="123456">astrochicken</user></auth>
<domain type="test"><name>x</name><memory>1024</memory><os><type>hvm</type></os></domain></node>
END
# with_credentials PASSWORD COMMAND...
with_credentials() {
	local password=$1
	shift
	printf 'astrochicken\n%s\n' "$password" | setsid --wait "$@"
}
auth="test://$WORK/auth.xml"
check_output credentials_are_read "^Enter username for localhost: Enter astrochicken's password for localhost: $auth" \
	with_credentials 123456 vmctl -c "$auth" uri
check_status wrong_ones_are_refused 6 with_credentials 654321 vmctl -c "$auth" uri
check_status none_are_refused 6 vmctl -c "$auth" uri
check json_is_not_mixed_with_questions [ "$(with_credentials 123456 vmctl -c "$auth" uri --json 2>/dev/null | jq -r .uri)" = "$auth" ]
rm auth.xml

# A batch as other systems and other programs write it.
check_output a_batch_may_have_carriage_returns '^1$' sh -c "printf 'domid test\r\n' | $test"
check_status a_nul_in_a_batch_is_an_error 2 sh -c "printf 'domid te\0st\n' | $test"
check_output and_its_line_is_named 'line 2: .*NUL' sh -c "printf 'pwd\ndomid te\0st\n' | $test"
check_output the_lines_after_it_run '^1$' sh -c "printf 'domid te\0st\ndomid test\n' | $test"
check nobody_left_anything_behind test "$(find . -type f ! -name '.*' ! -name broken.xml | wc -l)" -eq 0
