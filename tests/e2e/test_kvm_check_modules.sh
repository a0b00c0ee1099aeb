#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# kvm-check modules says what modinfo says, about the modules of Debian's kernel.
. "$(dirname "$0")/harness.sh"
. "$(dirname "$0")/svm.sh"
svm_files
release=$(ls "$SVM/lib/modules")

# ours MODULE KEY: the values of a key of the JSON, one a line.
ours() {
	kvm-check modules --root "$SVM" "$1" --json | awk -v key="\"$2\":" '
		inside && /^    \]/ { exit }
		inside { gsub(/^ *"|",?$/, ""); print }
		$1 == key && /\[$/ { inside = 1 }
		$1 == key && !/\[$/ && !/(null|\[\]),?$/ { sub(/^[^:]*: "/, ""); sub(/",?$/, ""); print; exit }'
}
theirs() { modinfo -b "$SVM" -k "$release" -F "$2" "$1"; }

same() { diff <(ours "$1" "$2" | sort) <(theirs "$1" "$3" | tr "${4:-\n}" '\n' | sed '/^$/d' | sort); }
parameters() {
	diff <(kvm-check modules --root "$SVM" "$1" --json |
		awk -F '"' '$2 == "name" && /^        / { name = $4 } $2 == "type" { print name ":" $4 }' | sort) \
		<(modinfo -b "$SVM" -k "$release" "$1" | sed -nE 's/^parm: *([^:]*):(.*\()?([a-z]+)\)?$/\1:\3/p' | sort)
}
for module in kvm kvm_intel kvm_amd vhost_net tun cuse; do
	check "file_of_$module" [ "$SVM$(ours $module file)" = "$(theirs $module filename)" ]
	check "license_of_$module" same $module license license
	check "version_of_$module" same $module version version
	check "description_of_$module" same $module description description
	check "authors_of_$module" same $module authors author
	check "dependencies_of_$module" same $module depends depends ,
	check "aliases_of_$module" same $module aliases alias
	check "signer_of_$module" same $module signer signer
	check "parameters_of_$module" parameters $module
	check "there_are_some_of_$module" [ -n "$(theirs $module filename)" ]
done
check_output a_built_in_module_is_known 'State: +built in' kvm-check modules --root "$SVM" nvme_core
check_output with_its_parameters '^ admin_timeout +uint +timeout in seconds' kvm-check modules --root "$SVM" nvme_core
check_status one_that_is_not_there_is_told 3 kvm-check modules --root "$SVM" nonsense
check_output without_a_name_all_are_listed '^ kvm_amd +loadable' kvm-check modules --root "$SVM"
