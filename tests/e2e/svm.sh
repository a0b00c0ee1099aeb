#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by tests after harness.sh: a machine on which KVM works and whose modules can be loaded, wherever
# the tests run. QEMU's TCG emulates AMD's SVM; in it run Debian's kernel, its real kvm.ko and kvm-amd.ko,
# busybox and our kvm-check.

# Unpacks Debian's cloud kernel, once: $SVM/vmlinuz and $SVM/lib/modules/RELEASE.
svm_files() {
	local package
	SVM=$CACHE/svm
	command -v qemu-system-x86_64 >/dev/null || skip_all "qemu-system-x86_64 is not installed"
	command -v busybox >/dev/null || skip_all "busybox is not installed"
	command -v cpio >/dev/null || skip_all "cpio is not installed"
	command -v depmod >/dev/null || skip_all "kmod is not installed"
	package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null |
		sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -n 1)
	unpack_packages "$SVM" "${package:-linux-image-cloud-amd64}" || skip_all "no kernel could be fetched"
	[ -e "$SVM/vmlinuz" ] || {
		# Since Debian 13 modules are compressed, and below /usr.
		[ -d "$SVM/lib/modules" ] || { mkdir -p "$SVM/lib" && mv "$SVM/usr/lib/modules" "$SVM/lib/"; }
		find "$SVM/lib/modules" -name '*.ko.xz' -exec xz -d {} +
		depmod -b "$SVM" "$(ls "$SVM/lib/modules")" 2>/dev/null
		ln "$SVM"/boot/vmlinuz-* "$SVM/vmlinuz"
	}
}

# svm_image DIRECTORY: what the machine boots, but for its /test.sh: busybox, kvm-check with its
# libraries, those modules that have to do with guests.
svm_image() {
	local release file library
	release=$(ls "$SVM/lib/modules")
	mkdir -p "$1"/{bin,dev,etc,proc,sys,run,tmp,sbin,usr,"lib/modules/$release"}
	cp "$(command -v busybox)" "$1/bin/busybox"
	cp "$BUILD/bin/kvm-check" "$1/bin/"
	for library in $(ldd "$BUILD/bin/kvm-check" | grep -o '/[^ ]*') \
		$(ldconfig -p | sed -n 's/.*libkmod\.so\.2 .*=> //p' | head -n 1); do
		for file in "$library" $(ldd "$library" 2>/dev/null | grep -o '/[^ ]*'); do
			[ -e "$1/$file" ] || install -D "$file" "$1/$file"
		done
	done
	(
		cd "$SVM/lib/modules/$release" || exit 1
		cp modules.builtin modules.builtin.modinfo modules.order "$1/lib/modules/$release/"
		find . -name 'kvm*.ko' -o -name irqbypass.ko -o -name 'tun.ko' -o -name 'tap.ko' \
			-o -name 'vhost*.ko' | cpio -pdm --quiet "$1/lib/modules/$release"
	)
	depmod -b "$1" "$release" 2>/dev/null
	printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n' >"$1/etc/passwd"
	printf 'root:x:0:\nkvm:x:108:\nuser:x:1000:\n' >"$1/etc/group"
	cat >"$1/init" <<'END'
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin:/sbin:/usr/bin LC_ALL=C.UTF-8
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mount -t debugfs debugfs /sys/kernel/debug
ip link set lo up
stty -onlcr </dev/ttyS0 >/dev/ttyS0
echo "=== begin"
sh /test.sh 2>&1
echo "=== end"
poweroff -f
END
	chmod 755 "$1/init"
}

# svm_run SCRIPT: boots the machine, in which SCRIPT (a file) runs as root; what it prints goes to
# $WORK/svm.out.
#
# QEMU changes a processor's pending interrupts without a lock where it emulates SVM, and now and then
# (3 of 75 runs on a busy host with a thread for each processor, none in 75 with one for all) such a
# machine never gets on; that is not what is tested, so it gets a second chance.
svm_run() {
	local image=$WORK/svm-image attempt
	[ -d "$image" ] || svm_image "$image"
	cp "$1" "$image/test.sh"
	(cd "$image" && find . | cpio -o -H newc --quiet --owner 0:0) | gzip -1 >"$WORK/svm.gz"
	for attempt in 1 2; do
		timeout 120 qemu-system-x86_64 -accel tcg,thread=single -cpu EPYC,+svm,+npt -smp 2 -m 1024 \
			-nodefaults -no-reboot -display none -serial "file:$WORK/svm.log" -kernel "$SVM/vmlinuz" \
			-initrd "$WORK/svm.gz" -append "console=ttyS0 quiet no_timer_check panic=-1" </dev/null 2>"$WORK/svm.err"
		sed -n '/^=== begin/,/^=== end/{//!p}' "$WORK/svm.log" | tr -d '\r' >"$WORK/svm.out"
		grep -q '^=== end' "$WORK/svm.log" && return
		echo "# attempt $attempt: the machine did not come to its end; its last line: $(tail -n 1 "$WORK/svm.log" | cut -c 1-100)"
	done
	return 1
}
