#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The ways to install a guest: trees in images and behind URLs, files in the initrd, seeds.
. "$(dirname "$0")/harness.sh"

private_mounts
daemon_start
guest_files
# What the daemon sees there we see too.
mkdir -p "$WORK/daemon/lib/boot" /var/lib/libvirt
mount --bind "$WORK/daemon/lib" /var/lib/libvirt
mkdir "$WORK/disks" "$WORK/tree"
chmod 755 "$WORK/disks" "$WORK/tree"
export XDG_CACHE_HOME="$WORK/cache" TMPDIR="$WORK/tmp"
mkdir "$TMPDIR"

vm-install() { command vm-install --connect "$URI" --osinfo linux2022 --memory 128 --vcpus 1 --network none --graphics none "$@"; }
vmctl() { command vmctl -c "$URI" "$@"; }
remove() { vmctl -q destroy "$1"; vmctl -q undefine "$1"; }
nothing_of_ours_in() { [ ! -d "$1" ] || [ -z "$(find "$1" -name 'vm-install-*')" ]; }

# A tree as Fedora has it, in an ISO image and behind a URL.
mkdir -p "$WORK/tree/images/pxeboot"
cp "$GUEST/vmlinuz" "$GUEST/initrd.gz" "$WORK/tree/images/pxeboot"
cat >"$WORK/tree/.treeinfo" <<-'END'
	[general]
	family = Fedora
	version = 17
	arch = x86_64
	[images-x86_64]
	kernel = images/pxeboot/vmlinuz
	initrd = images/pxeboot/initrd.gz
END
xorriso -as mkisofs -quiet -r -V TREE -o "$WORK/disks/tree.iso" "$WORK/tree" 2>/dev/null
check a_tree_in_an_image_is_installed vm-install --name iso --location "$WORK/disks/tree.iso" -x 'console=ttyS0 quiet no_timer_check' \
	--disk "path=$WORK/disks/iso.qcow2,size=0.1" --until 'is up' --wait 2
check_output its_image_is_a_drive 'tree.iso' vmctl domblklist iso
remove iso
check_output its_system_is_detected 'fedoraproject.org/fedora/17' command vm-install --connect "$URI" --memory 128 \
	--network none --graphics none --disk none --location "$WORK/disks/tree.iso" --print-xml 1
# A mirror of Debian beside it, whose server breaks the connection in the middle of the first initrd.
debian=$WORK/tree/debian/dists/bullseye/main/installer-amd64/current/images
mkdir -p "$debian/netboot/debian-installer/amd64"
cp "$GUEST/vmlinuz" "$debian/netboot/debian-installer/amd64/linux"
cp "$GUEST/initrd.gz" "$debian/netboot/debian-installer/amd64/"
(cd "$debian" && sha256sum ./netboot/debian-installer/amd64/* >SHA256SUMS)
cat >"$WORK/server.py" <<-'END'
	import http.server, os, re, sys, time
	os.chdir(sys.argv[1])
	broken = set()
	class Handler(http.server.SimpleHTTPRequestHandler):
	    def do_GET(self):
	        path = self.translate_path(self.path)
	        if not path.endswith("/amd64/initrd.gz"):
	            return super().do_GET()
	        content = open(path, "rb").read()
	        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
	        first = int(asked.group(1)) if asked else 0
	        self.send_response(206 if asked else 200)
	        if asked:
	            self.send_header("Content-Range", "bytes %d-%d/%d" % (first, len(content) - 1, len(content)))
	        self.send_header("Content-Length", str(len(content) - first))
	        self.end_headers()
	        middle = max(first, len(content) // 2)
	        self.wfile.write(content[first:middle])
	        if path in broken: # slowly enough for a bar
	            time.sleep(0.5)
	            self.wfile.write(content[middle:])
	        broken.add(path)
	server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
	print("port", server.server_port, flush=True)
	server.serve_forever()
END
python3 "$WORK/server.py" "$WORK/tree" >"$WORK/http.log" 2>&1 &
server=$!
wait_for 20 grep -q port "$WORK/http.log"
url=http://127.0.0.1:$(sed -n 's/^port \([0-9]*\)$/\1/p' "$WORK/http.log")
check a_tree_behind_a_url_is_installed vm-install --name url --location "$url" -x 'console=ttyS0 quiet no_timer_check' \
	--disk "path=$WORK/disks/url.qcow2,size=0.1" --until 'is up' --wait 2
remove url
check_output the_installer_is_told_where_it_is "<cmdline>method=$url a=b</cmdline>" \
	vm-install --name url --location "$url" -x a=b --disk none --print-xml 1
check_status a_url_that_is_not_there 3 vm-install --name url --location "$url/none" --disk none --print-xml 1
mirror=$url/debian/dists/bullseye/main/installer-amd64/
from_mirror() {
	command vm-install --connect "$URI" --memory 128 --network none --graphics none --disk none --location "$mirror" "$@"
}
check_output a_mirror_of_debian_is_known 'debian.org/debian/11' from_mirror --print-xml 1
check it_was_asked_for_the_rest grep -q 'amd64/initrd.gz HTTP/1.1" 206' "$WORK/http.log"
check_output a_bar_shows_how_far_it_is 'initrd.gz +[0-9]+%' script -qec \
	"$(printf '%q ' vm-install --connect "$URI" --memory 128 --network none --graphics none --disk none --location "$mirror" --print-xml 1)" /dev/null
echo more >>"$debian/netboot/debian-installer/amd64/linux"
check_status what_is_not_what_was_published_is_refused 8 from_mirror --print-xml 1
printf '[checksums]\nimages/pxeboot/vmlinuz = sha256:%064d\n' 0 >>"$WORK/tree/.treeinfo"
check_output a_tree_that_differs_from_what_it_tells_is_named 'checksum that was published' vm-install --name url --location "$url" --disk none --print-xml 1
kill "$server"
wait "$server"
check_output that_no_server_answers_is_said 'Failed to connect' vm-install --name url --location "$url" --disk none --print-xml 1
check nothing_is_left_of_what_was_fetched nothing_of_ours_in /var/lib/libvirt/boot
check nor_in_the_cache nothing_of_ours_in "$WORK/cache"

# What is injected is what the kernel finds.
printf '#!/bin/busybox sh\n/bin/busybox mount -t devtmpfs dev /dev 2>/dev/null\n/bin/busybox echo what was injected runs >/dev/console\nexec /init\n' >"$WORK/probe"
chmod 755 "$WORK/probe"
check_output a_file_in_the_initrd_runs 'what was injected runs' vm-install --name inject --location "$GUEST" \
	--initrd-inject "$WORK/probe" -x 'console=ttyS0 quiet no_timer_check rdinit=/probe' --disk none --until 'is up' --wait 2
remove inject
check the_initrd_itself_is_as_it_was sh -c "! zcat '$GUEST/initrd.gz' | grep -q injected"

# A seed is there while the guest is new, and not later.
echo 'ssh-ed25519 AAAA key@test' >"$WORK/key"
qemu-img create -q -f qcow2 "$WORK/disks/cloud.qcow2" 16M
(exec vm-install --connect "$URI" --osinfo linux2022 --memory 128 --network none --graphics none --name cloud \
	--disk "$WORK/disks/cloud.qcow2" --cloud-init "root-password-generate=yes,clouduser-ssh-key=$WORK/key" \
	--noautoconsole --wait >"$WORK/cloud.log" 2>&1) &
waiting=$!
wait_for 20 grep -q started "$WORK/cloud.log"
seed=$(vmctl dumpxml cloud | sed -n "s/.*file='\(.*cloudinit.iso\)'.*/\1/p")
check a_seed_is_attached test -s "$seed"
mkdir "$WORK/seed"
for file in user-data meta-data; do
	xorriso -osirrox on -indev "$seed" -extract_single "/$file" "$WORK/seed/$file" >"$WORK/xorriso.log" 2>&1
done
check_output it_has_the_key 'ssh-ed25519 AAAA key@test' cat "$WORK/seed/user-data"
check_output and_the_name '"local-hostname": "cloud"' cat "$WORK/seed/meta-data"
check_output the_password_is_told 'Password for first root login is: [A-Za-z0-9]{16}' cat "$WORK/cloud.log"
password=$(sed -n 's/.*login is: //p' "$WORK/cloud.log")
hash=$(sed -n 's/.*"hashed_passwd": "\([^"]*\)".*/\1/p' "$WORK/seed/user-data")
check the_seed_has_its_hash test "$hash" = "$(openssl passwd -6 -salt "$(echo "$hash" | cut -d'$' -f3)" "$password")"
check and_not_the_password_itself sh -c "! grep -q '$password' '$WORK/seed/user-data'"
check later_it_is_gone sh -c "! command vmctl -c '$URI' dumpxml cloud --inactive | grep -q cloudinit"
kill -INT "$waiting"
wait "$waiting"
check and_the_file_too test ! -e "$seed"
remove cloud
check_output debian_gets_a_disk_that_its_cloud_kernel_sees '<target dev="vdb" bus="virtio"/>|<target bus="virtio" dev="vdb"/>' \
	command vm-install --connect "$URI" --osinfo debian11 --memory 128 --network none --graphics none --name d \
	--machine q35 --disk "$WORK/disks/cloud.qcow2" --cloud-init --print-xml 1

# The answers for an installer.
echo secret >"$WORK/password"
check_output debian_is_told_all 'auto=true priority=critical file=/preseed.cfg' command vm-install --connect "$URI" \
	--osinfo debian11 --memory 128 --network none --graphics none --name d --disk none --location "$GUEST" \
	--unattended "admin-password-file=$WORK/password" --print-xml 1
(exec vm-install --connect "$URI" --osinfo debian11 --memory 128 --network none --graphics none --name answers \
	--disk none --location "$GUEST" --unattended "admin-password-file=$WORK/password" --noautoconsole --wait \
	-x 'console=ttyS0 mirror/http/hostname=mirror.example tasksel:tasksel/first=minimal' >"$WORK/answers.log" 2>&1) &
waiting=$!
wait_for 20 grep -q started "$WORK/answers.log"
initrd=$(vmctl dumpxml answers | sed -n 's,.*<initrd>\(.*\)</initrd>.*,\1,p')
check the_installer_gets_the_answers grep -qa 'd-i passwd/root-password password secret' "$initrd"
check but_what_its_kernel_is_told_stands sh -c "! grep -qaE 'd-i mirror/http/hostname|tasksel/first' '$initrd'"
vmctl -q destroy answers
wait "$waiting"
check_status what_was_forced_off_is_not_installed 1 sh -c "exit $?"
check_output and_that_is_said "'answers' was forced off before its installation had ended" cat "$WORK/answers.log"
vmctl -q undefine answers
check_status nobody_could_log_in 2 command vm-install --connect "$URI" --osinfo debian11 --memory 128 --network none \
	--graphics none --name d --disk none --location "$GUEST" --unattended --print-xml 1
check no_answers_are_left nothing_of_ours_in "$TMPDIR"

# Windows finds them on a CD of their own. (Only what it would read is looked at: no Windows is here.)
echo 'a<&>b' >"$WORK/password"
(exec vm-install --connect "$URI" --osinfo win10 --memory 128 --network none --graphics none --name windows-of-mine.too \
	--disk "$WORK/disks/windows.qcow2,size=0.1" --cdrom "$WORK/disks/tree.iso" --noautoconsole --wait --unattended \
	"product-key=AAAA-BBBB,admin-password-file=$WORK/password,user-login=me,user-password-file=$WORK/password" \
	>"$WORK/windows.log" 2>&1) &
waiting=$!
wait_for 20 grep -q started "$WORK/windows.log"
answers=$(vmctl dumpxml windows-of-mine.too | sed -n "s/.*file='\(.*unattended.iso\)'.*/\1/p")
check_output others_cannot_read_it '^600$' stat -c %a "$answers"
xorriso -osirrox on -indev "$answers" -extract_single /autounattend.xml "$WORK/unattend.xml" >"$WORK/xorriso.log" 2>&1
answer() { xmllint --xpath "string(//*[local-name()='$1'])" "$WORK/unattend.xml"; }
check_output its_setup_is_told_the_key '^AAAA-BBBB$' answer Key
check_output and_the_passwords '^a<&>b$' answer Value
check_output and_a_name_that_it_takes '^windows-of-mine$' answer ComputerName
check_output and_the_user '^me$' answer Name
check later_the_cd_is_gone sh -c "! command vmctl -c '$URI' dumpxml windows-of-mine.too --inactive | grep -q unattended"
remove windows-of-mine.too
wait "$waiting"
check and_its_file_too test ! -e "$answers"
check_status older_ones_are_refused 2 command vm-install --connect "$URI" --osinfo winxp --memory 128 --network none \
	--graphics none --name d --disk none --cdrom "$WORK/disks/tree.iso" --unattended --print-xml 1

# Installed again.
check a_guest_that_is_off vm-install --name old --import --disk "path=$WORK/disks/old.qcow2,size=0.01" --noautoconsole
vmctl -q destroy old
check_output is_installed_again_from_a_tree 'vmlinuz</kernel>' command vm-install --connect "$URI" --reinstall old \
	--location "$GUEST" --print-xml 1
check_output and_is_as_it_was '<source file=.*old.qcow2' command vm-install --connect "$URI" --reinstall old \
	--location "$GUEST" --print-xml 2
check for_real command vm-install --connect "$URI" --reinstall old --location "$GUEST" -x 'console=ttyS0 quiet no_timer_check' \
	--until 'is up' --wait 2
vmctl -q destroy old
check it_is_still_there vmctl domstate old
