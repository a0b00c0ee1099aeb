#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A cloud image that is told at its first boot what to become, asked through its guest agent whether it has.
. "$(dirname "$0")/harness.sh"

private_mounts
command -v xorriso >/dev/null || skip_all "xorriso is not installed"
daemon_start
agent_guest_files
# What the daemon sees there we see too.
mkdir -p "$WORK/daemon/lib/boot" /var/lib/libvirt
mount --bind "$WORK/daemon/lib" /var/lib/libvirt
export XDG_CACHE_HOME="$WORK/cache"
vmctl() { command vmctl -c "$URI" "$@"; }
in_guest() { vmctl exec web7 -- "$@" </dev/null; }

echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIFu75XgK0clbtwMw6wzBwGsUuAWqk71fJwZKohzDC+0 root@test' >"$WORK/root.pub"
echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINGnUH2HYXn/Bb/TfQAtwjzHyIz/pwsGu5vAZkgiRgaq user@test' >"$WORK/user.pub"
check a_cloud_image_is_installed vm-install --connect "$URI" --name web7 --osinfo debian11 --memory 512 --vcpus 1 --import \
	--disk "$AGENT/root.qcow2" --network user --graphics none --noautoconsole \
	--boot "kernel=$AGENT/vmlinuz,initrd=$AGENT/initrd.img,cmdline=\"root=/dev/vda rw console=ttyS0 quiet no_timer_check\"" \
	--cloud-init "root-password-generate=on,root-ssh-key=$WORK/root.pub,clouduser-ssh-key=$WORK/user.pub"
cp "$WORK/.out" "$WORK/said"
password=$(sed -n 's/.*login is: //p' "$WORK/said")
check_output it_is_told_when_it_will_be_off "off once it is shut down or rebooted .*vmctl -c '.*' start 'web7'" cat "$WORK/said"
check cloud_init_runs_to_its_end vmctl wait web7 --for agent,cloud-init --timeout 500
check_output and_has_nothing_to_complain_of '"errors": \[\]' in_guest cat /run/cloud-init/result.json
check_status neither_of_what_is_deprecated 1 in_guest grep -i deprecat /var/log/cloud-init.log
check_output it_took_the_seed 'DataSourceNoCloud' in_guest cat /run/cloud-init/result.json
check_output the_guest_is_called_as_asked '^web7$' in_guest hostname
check_output the_user_of_the_image_has_its_key 'AAAAINGnUH2HYXn.* user@test$' in_guest cat /home/debian/.ssh/authorized_keys
check_output and_root_its_own '^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIFu75X.* root@test$' in_guest cat /root/.ssh/authorized_keys
in_guest grep '^root:' /etc/shadow >"$WORK/shadow"
hash=$(cut -d: -f2 "$WORK/shadow")
check root_has_the_password_that_was_told test "$hash" = "$(openssl passwd -6 -salt "$(cut -d'$' -f3 <<<"$hash")" "$password")"
check and_must_change_it_at_once test "$(cut -d: -f3 "$WORK/shadow")" = 0
