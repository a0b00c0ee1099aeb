#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Backups of a guest that writes: all of it, and then only what was written since a checkpoint.
. "$(dirname "$0")/harness.sh"

daemon_start
guest_files
vmctl() { command vmctl -c "$URI" "$@"; }

# The guest counts its boots on its disk.
mkdir "$WORK/more"
cat >"$WORK/more/extra" <<'END'
#!/bin/sh
boot=$(dd if=/dev/vda bs=1M skip=4 count=1 2>/dev/null | tr -dc 0-9)
echo "boot $((boot + 1))" | dd of=/dev/vda bs=1M seek=4 conv=sync,fsync,notrunc 2>/dev/null
echo "vmkit guest counted $((boot + 1))"
END
chmod 755 "$WORK/more/extra"
(cd "$WORK/more" && find . | cpio -o -H newc --quiet --owner 0:0 | gzip) >>"$GUEST/initrd.gz"
qemu-img create -q -f qcow2 "$WORK/disk.qcow2" 64M
chmod 666 "$WORK/disk.qcow2"
chmod 777 "$WORK" # QEMU's user makes files here
tiny_guest tiny "<disk type='file'><driver name='qemu' type='qcow2'/><source file='$WORK/disk.qcow2'/><target dev='vda' bus='virtio'/></disk>" >"$WORK/guest.xml"
vmctl define "$WORK/guest.xml" >/dev/null
vmctl start tiny >/dev/null
check a_guest_writes vmctl console tiny --until 'counted 1' --timeout 240

# backup_xml FILE [CHECKPOINT]
backup_xml() {
	echo "<domainbackup>${2:+<incremental>$2</incremental>}<disks><disk name='vda' backup='yes' type='file'>"
	echo "<driver type='qcow2'/><target file='$1'/></disk></disks></domainbackup>"
}
at_4M() { qemu-io -U -r -f "$1" -c 'read -v 4M 16' "$2"; }
done_with() { command vmctl -c "$URI" domjobinfo tiny | grep -q None; }

backup_xml "$WORK/full.qcow2" >"$WORK/full.xml"
echo "<domaincheckpoint><name>monday</name></domaincheckpoint>" >"$WORK/monday.xml"
check all_of_it_is_backed_up vmctl backup-begin tiny "$WORK/full.xml" --checkpointxml "$WORK/monday.xml"
check and_the_backup_ends wait_for 30 done_with
check_output the_backup_has_what_was_there 'boot.1' at_4M qcow2 "$WORK/full.qcow2"
check_output its_checkpoint_is_listed '^monday$' vmctl checkpoint-list tiny --name
check_output and_described 'Parent: +-' vmctl checkpoint-info tiny monday

vmctl reset tiny >/dev/null
check the_guest_writes_more vmctl console tiny --until 'counted 2' --timeout 240
check_output the_checkpoint_tells_how_much "size='[1-9]" vmctl checkpoint-dumpxml tiny monday --size --no-domain

backup_xml "$WORK/more.qcow2" monday >"$WORK/more.xml"
echo "<domaincheckpoint><name>tuesday</name></domaincheckpoint>" >"$WORK/tuesday.xml"
check only_that_is_backed_up vmctl backup-begin --domain tiny --backupxml "$WORK/more.xml" --checkpointxml "$WORK/tuesday.xml"
check and_that_backup_ends wait_for 30 done_with
check_output the_new_checkpoint_descends_from_the_old '^  \+- tuesday$' vmctl checkpoint-list tiny --tree
check it_has_little test "$(du --block-size=1 "$WORK/more.qcow2" | cut -f1)" -lt 2000000
check_output and_the_new_data 'boot.2' at_4M qcow2 "$WORK/more.qcow2"
check_output as_which_the_full_one_is_older 'boot.1' at_4M qcow2 "$WORK/full.qcow2"
vmctl suspend tiny >/dev/null
qemu-img rebase -u -f qcow2 -F qcow2 -b "$WORK/full.qcow2" "$WORK/more.qcow2"
check both_together_are_the_disk qemu-img compare -U "$WORK/more.qcow2" "$WORK/disk.qcow2"
vmctl resume tiny >/dev/null

# One that others read from us: it runs until it is ended.
cat >"$WORK/pull.xml" <<END
<domainbackup mode='pull'><server transport='unix' socket='$WORK/nbd.sock'/>
<disks><disk name='vda' type='file'><scratch file='$WORK/scratch'/></disk></disks></domainbackup>
END
qemu-img create -q -f qcow2 "$WORK/scratch" 64M
chmod 666 "$WORK/scratch"
check a_backup_can_be_pulled vmctl backup-begin tiny "$WORK/pull.xml" --reuse-external
check_output it_is_described "<domainbackup mode='pull'" vmctl backup-dumpxml tiny
check_output or_a_part_of_it 'nbd.sock' vmctl backup-dumpxml tiny --xpath //server --wrap
check_output its_data_are_there 'boot.2' at_4M raw "nbd+unix:///vda?socket=$WORK/nbd.sock"
check it_is_ended virsh -c "$URI" domjobabort tiny
no_backup() { ! command vmctl -c "$URI" backup-dumpxml tiny; }
check and_is_gone wait_for 10 no_backup
check_status of_which_nothing_is_told 3 vmctl backup-dumpxml tiny

check a_checkpoint_goes vmctl checkpoint-delete tiny monday
check_output its_child_stays '^tuesday$' vmctl checkpoint-list tiny --roots --name
check one_is_made_without_a_backup vmctl checkpoint-create-as tiny wednesday --diskspec vda,checkpoint=bitmap
check_output on_the_disk "bitmap='wednesday'" vmctl checkpoint-dumpxml tiny wednesday --no-domain
check_status a_guest_without_an_agent_is_not_quiesced 1 vmctl checkpoint-create-as tiny thursday --quiesce
check one_is_forgotten vmctl checkpoint-delete tiny wednesday --metadata
check the_guest_ends vmctl destroy tiny
check_status a_guest_that_is_off_has_no_backup 4 vmctl backup-begin tiny "$WORK/full.xml"
check it_goes_with_its_checkpoints vmctl undefine tiny --checkpoints-metadata
