#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# vm-img's seeds and downloads: seeds read back from the ISO, downloads from a real HTTP server here.
. "$(dirname "$0")/harness.sh"
cd "$WORK" || exit 1

# Seeds.
command -v xorriso >/dev/null || skip_all "xorriso is not installed"
inside() {
	rm -rf "$WORK/iso"
	xorriso -osirrox on -indev "$1" -extract / "$WORK/iso" >/dev/null 2>&1
	chmod -R u+rwX "$WORK/iso"
	cat "$WORK/iso/$2"
}
printf 'geheim "x": y\nsecond line\n' >password
echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIFu75XgK0clbtwMw6wzBwGsUuAWqk71fJwZKohzDC+0 me@here' >key.pub
check a_seed_is_made vm-img seed seed.iso --hostname web1 --user anna --ssh-key key.pub --password-file password --packages nginx,curl --run 'echo "a: b" >/made' --instance-id i-1
check_output only_its_owner_can_read_it '^-rw-------' ls -l seed.iso
check_output its_label_is_cidata 'Volume Id +: cidata' xorriso -indev seed.iso -pvd_info
check_output it_is_an_iso_image '"content": "iso9660"' vm-img info --json seed.iso
check_output the_user_data_are_a_cloud_config '^#cloud-config$' inside seed.iso user-data
check_output with_the_user '"name": "anna"' inside seed.iso user-data
check_output with_the_key 'ssh-ed25519 AAAA' inside seed.iso user-data
check_output and_the_packages '"nginx"' inside seed.iso user-data
check_output and_the_command 'echo ."a: b." >/made' inside seed.iso user-data
check_output and_the_name '"local-hostname": "web1"' inside seed.iso meta-data
check_output and_the_id '"instance-id": "i-1"' inside seed.iso meta-data
check_output the_password_is_only_there_as_a_hash '^0$' sh -c 'grep -c geheim seed.iso'
# The hash is that of the password: openssl makes the same of it with the same salt.
hash=$(inside seed.iso user-data | sed -n 's/.*"passwd": "\(.*\)".*/\1/p')
salt=$(echo "$hash" | cut -d'$' -f3)
if command -v openssl >/dev/null; then
	check the_hash_is_right test "$hash" = "$(head -n 1 password | openssl passwd -6 -salt "$salt" -stdin)"
else
	skip the_hash_is_right "openssl is not installed"
fi
# cloud-init is not installed for this: it would act at the next boot of whoever's machine this is.
# shellcheck disable=SC2046 # names of packages
if unpack_packages "$CACHE/cloud-init" cloud-init $(apt-cache depends --recurse --no-recommends --no-suggests \
	--no-conflicts --no-breaks --no-replaces --no-enhances cloud-init 2>/dev/null | grep '^python3-' | sort -u); then
	cloud_init() { PYTHONPATH=$CACHE/cloud-init/usr/lib/python3/dist-packages /usr/bin/python3 -m cloudinit.cmd.main "$@"; }
	check_output cloud_init_takes_it '^Valid (cloud-config|schema)' cloud_init schema --config-file iso/user-data
	printf '#cloud-config\n{"users": 7}\n' >wrong
	check_status as_it_does_not_take_everything 1 cloud_init schema --config-file wrong
else
	skip cloud_init_takes_it "cloud-init could not be fetched"
fi
for name in web_1 -web web- a..b .web 'web 1' "$(printf 'x%.0s' {1..64})"; do
	refused_here "no_host_name_$name" 2 "is not a valid host name" vm-img seed bad.iso --hostname="$name"
done
check_status an_existing_seed_is_kept 4 vm-img seed seed.iso --hostname web2
chmod 644 seed.iso
check unless_forced vm-img seed -q seed.iso --hostname web2 --force
check_output and_is_private_again '^-rw-------' ls -l seed.iso
# shellcheck disable=SC2016 # the pattern has a dollar sign
check_output the_default_user_gets_the_password '^ *"password": "\$6\$' \
	sh -c "vm-img seed --force -q p.iso --password-file password && xorriso -osirrox on -indev p.iso -extract /user-data u 2>/dev/null && cat u"
printf '#cloud-config\nlocale: de_DE\n' >user
printf 'instance-id: x\n' >meta
printf 'version: 2\n' >network
printf '#cloud-config\n{}\n' >vendor
check files_are_taken_as_they_are vm-img seed files.iso --user-data user --meta-data meta --network-config network --vendor-data vendor --json
check_output all_of_them 'version: 2' inside files.iso network-config
check each sh -c 'cmp user iso/user-data && cmp meta iso/meta-data && cmp vendor iso/vendor-data'
check_output user_data_that_cloud_init_would_ignore 'may be ignored' vm-img seed odd.iso --user-data meta
check_status options_and_files_exclude_each_other 2 vm-img seed x.iso --user-data user --user anna
echo '-----BEGIN OPENSSH PRIVATE KEY-----' >key
check_status a_private_key_is_refused 2 vm-img seed x.iso --ssh-key key
: >empty
check_status an_empty_password_too 2 vm-img seed x.iso --password-file empty
check_status a_file_that_is_not_there 3 vm-img seed x.iso --user-data nosuch
check_output without_a_program_that_writes_isos 'xorriso is in the package|neither xorriso nor genisoimage' \
	env PATH="$WORK/nothing" "$BUILD/bin/vm-img" seed x.iso
check nothing_is_left_of_failures sh -c '! ls x.iso .x.iso* /tmp/vmkit-??????/user-data 2>/dev/null'

# Downloads.
command -v curl >/dev/null || skip_all "curl is not installed"
busybox httpd --help >/dev/null 2>&1 || skip_all "busybox has no httpd"
export NO_PROXY='*' no_proxy='*'
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY all_proxy
mkdir www
port=$((20000 + $$ % 20000))
busybox httpd -f -p "127.0.0.1:$port" -h "$WORK/www" &
server=$!
trap 'kill $server 2>/dev/null; finish' EXIT
web=http://127.0.0.1:$port
wait_for 5 curl -s -o index "$web/" || true
file=debian-12-genericcloud-amd64.qcow2
publish() {
	qemu-img create -q -f qcow2 "www/$file" 64M
	qemu-io -c "write -P $1 0 ${2:-6}M" "www/$file" >/dev/null
	(cd www && sha512sum "$file" other >SHA512SUMS 2>/dev/null)
}
fetch() { vm-img fetch --cache "$WORK/cache" "$@"; }
publish 1
check_output the_catalogue_is_shown '^ debian-12 +Debian 12 .* https://cloud.debian.org/' vm-img fetch --list
check_output for_another_architecture 'debian-12-genericcloud-arm64' vm-img fetch --list --arch aarch64
check_output an_image_is_fetched "^$WORK/cache/debian-12-genericcloud-amd64-[0-9a-f]{12}.qcow2$" \
	fetch debian-12 --mirror "$web" --arch x86_64
first=$(fetch debian-12 --mirror "$web" --arch x86_64)
check it_is_the_one_that_was_published cmp "www/$file" "$first"
check_output guests_may_read_it '^-rw-r--r--' ls -l "$first"
check_output it_is_fetched_once '"cached": true' fetch --json debian-12 --mirror "$web/" --arch x86_64
vm-img clone -q --method overlay "$first" web.qcow2
cp "www/$file" old.qcow2
publish 2
second=$(fetch -q debian-12 --mirror "$web" --arch x86_64)
check a_new_version_gets_a_name_of_its_own test "$first" != "$second"
check the_old_one_stays_for_its_overlays qemu-img compare -q web.qcow2 old.qcow2
check_output offline_the_youngest_is_used "^$second$" fetch debian-12 --offline --arch x86_64
check_output without_a_network_too "^$second$" fetch debian-12 --mirror "http://127.0.0.1:1" --arch x86_64
check_output and_it_says_so 'what is in the cache is used' fetch debian-12 --mirror "http://127.0.0.1:1" --arch x86_64
check_status offline_what_is_not_there 3 fetch ubuntu-24.04 --offline
check_status an_unknown_name 3 fetch nosuch-1
check_status no_name 2 fetch

# What is not what was published.
publish 3
sha512sum </dev/null | sed "s/-/$file/" >www/SHA512SUMS
check_status a_wrong_checksum_is_refused 8 fetch debian-12 --mirror "$web" --arch x86_64
check_output and_nothing_is_left_of_it '^2$' sh -c 'ls cache | wc -l; ls -A cache/.*.part'
echo nothing >www/SHA512SUMS
check_output without_a_checksum_the_cache_is_used 'has no checksum of' fetch debian-12 --mirror "$web" --arch x86_64
cp "www/$file" www/plain.qcow2
sum=$(sha256sum <www/plain.qcow2 | cut -d' ' -f1)
check_output a_url_is_fetched_with_a_warning 'no checksum' fetch "$web/plain.qcow2"
check_output with_a_checksum_without_one "plain-${sum:0:12}.qcow2" fetch "$web/plain.qcow2" --checksum "sha256:$sum"
echo "SHA256 (plain.qcow2) = $sum" >www/SUMS
check_output with_published_ones '"cached": true' fetch --json "$web/plain.qcow2" --sums SUMS
check_output from_elsewhere "plain-${sum:0:12}.qcow2" fetch "$web/plain.qcow2" --sums "file://$WORK/www/SUMS" --force
check_output files_can_be_fetched '"cached": false' fetch --json --force "file://$WORK/www/plain.qcow2" --checksum "$sum"
check_status a_checksum_that_is_none 2 fetch "$web/plain.qcow2" --checksum sha256:12
check_status a_missing_file 3 fetch "$web/none.qcow2"
check_status no_server 1 fetch "http://127.0.0.1:1/x.qcow2"
check_status a_directory_is_no_image 2 fetch "$web/"

# --- What a download may be led to, and what is trusted in the cache.
mkdir home
echo 'max-filesize = 1' >home/.curlrc
check no_curlrc_is_read env HOME="$WORK/home" CURL_HOME="$WORK/home" vm-img fetch -q --cache "$WORK/c2" "$web/plain.qcow2" --checksum "$sum"
cached=c2/plain-${sum:0:12}.qcow2
with_password=http://anna:secret@127.0.0.1:$port/plain.qcow2
check_output a_password_is_not_shown '"url": "http://\*\*\*@127' vm-img fetch --json --cache c2 "$with_password" --checksum "$sum"
check nor_in_an_error sh -c "! vm-img fetch --cache c2 ${with_password/plain/none} 2>&1 | grep secret"
check what_is_verified_once_is_recorded grep -q "^$sum " "c2/.${cached#c2/}.verified"
printf X | dd of="$cached" bs=1 seek=200 conv=notrunc status=none
check_status a_changed_image_is_not_used 8 vm-img fetch --cache c2 "$web/plain.qcow2" --checksum "$sum"
check unless_it_is_fetched_again vm-img fetch -q --force --cache c2 "$web/plain.qcow2" --checksum "$sum"
if [ "$(id -u)" = 0 ]; then
	mkdir c3
	chown 12345 c3
	check_output a_cache_of_somebody_else_is_not_used "the cache 'c3' belongs to user 12345" \
		vm-img fetch --cache c3 "$web/plain.qcow2" --checksum "$sum"
	mkdir -m 777 c4
	check_output nor_one_that_others_may_write_to "others may write" vm-img fetch --cache c4 "$web/plain.qcow2" --checksum "$sum"
	mkdir c5
	: >"c5/.${cached#c2/}.part"
	chown 12345 "c5/.${cached#c2/}.part"
	check_output nor_a_part_of_somebody_else "belongs to another user" vm-img fetch --cache c5 "$web/plain.qcow2" --checksum "$sum"
fi
image=ubuntu-24.04-server-cloudimg-amd64.img
cp "www/$file" "www/$image"
(cd www && sha256sum "$image" >SHA256SUMS)
check_output without_the_keys_it_is_said 'signature of the checksums of .* is not verified' \
	vm-img fetch --cache c2 ubuntu-24.04 --arch x86_64 --mirror "$web"
if command -v gpg >/dev/null && command -v gpgv >/dev/null && unshare --mount true 2>/dev/null && [ "$(id -u)" = 0 ]; then
	mkdir -m 700 keys
	mkdir keyrings
	gpg --homedir keys --batch -q --passphrase '' --quick-generate-key images@example.org default sign never 2>/dev/null
	gpg --homedir keys --batch -q --export >keyrings/ubuntu-cloudimage-keyring.gpg
	gpg --homedir keys --batch -q --yes -o www/SHA256SUMS.gpg --detach-sign www/SHA256SUMS
	signed() {
		unshare --mount sh -c 'mount --bind keyrings /usr/share/keyrings && exec "$@"' sh \
			vm-img fetch --json --cache c6 ubuntu-24.04 --arch x86_64 --mirror "$web"
	}
	check_output a_signature_is_verified '"signed": true' signed
	echo >>www/SHA256SUMS
	check_status one_of_other_sums_is_refused 8 signed
	gpgconf --homedir keys --kill all 2>/dev/null
else
	skip a_signature_is_verified "no gpg or gpgv, or no namespaces"
fi
if command -v openssl >/dev/null && command -v python3 >/dev/null; then
	openssl req -x509 -newkey rsa:2048 -nodes -keyout tls.key -out tls.crt -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost 2>/dev/null
	cat >redirect.py <<-END
		import http.server, ssl
		class H(http.server.BaseHTTPRequestHandler):
		    def do_GET(self):
		        self.send_response(302)
		        self.send_header("Location", "$web" + self.path)
		        self.end_headers()
		    do_HEAD = do_GET
		    def log_message(self, *words): pass
		s = http.server.HTTPServer(("127.0.0.1", $((port + 1))), H)
		c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
		c.load_cert_chain("tls.crt", "tls.key")
		s.socket = c.wrap_socket(s.socket, server_side=True)
		s.serve_forever()
	END
	python3 redirect.py >redirect.log 2>&1 &
	redirect=$!
	wait_for 10 curl -s -o redirected --cacert tls.crt "https://localhost:$((port + 1))/"
	check the_redirection_is_there sh -c "curl -sL --cacert tls.crt https://localhost:$((port + 1))/SUMS | grep -q '$sum'"
	check_output from_encrypted_to_plain_there_is_no_way 'cannot fetch .*https' env CURL_CA_BUNDLE="$WORK/tls.crt" \
		vm-img fetch --cache c2 "$web/plain.qcow2" --sums "https://localhost:$((port + 1))/SUMS" --force
	kill $redirect
fi

# A download that is killed is gone on with. Less than some megabytes curl does not slow down.
publish 4 60
rm -rf cache
vm-img fetch --cache cache debian-12 --mirror "$web" --arch x86_64 --limit-rate 10M >fetch.log 2>&1 &
grown() { test "$(stat -c %s cache/.debian*.part 2>/dev/null || echo 0)" -gt 500000; }
wait_for 10 grown
kill -KILL $!
wait $! 2>/dev/null
check a_killed_download_leaves_its_part grown
check and_no_image test -z "$(find cache -name '*.qcow2')"
# What is there already is not fetched again: a wrong byte in it would be noticed only then.
part=$(ls cache/.debian*.part)
check only_a_part test "$(stat -c %s "$part")" -lt 60000000
cp "$part" good.part
printf 'X' | dd of="$part" bs=1 seek=100 conv=notrunc status=none
check_status the_part_is_used 8 fetch debian-12 --mirror "$web" --arch x86_64
check a_spoiled_part_goes test ! -e "$part"
cp good.part "$part"
check it_is_gone_on_with fetch -q debian-12 --mirror "$web" --arch x86_64
check and_is_whole sh -c "cmp 'www/$file' cache/debian-12*.qcow2"
vm-img fetch --cache i debian-12 --mirror "$web" --arch x86_64 --limit-rate 10M >fetch.log 2>&1 &
wait_for 5 sh -c 'ls i/.debian*.part'
kill -INT $!
wait $!
check an_interrupted_download_says_so test $? -eq 130
