#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The JSON of the transcripts is as the commands' schemas say. Prints TAP; wants BUILD in the environment.
set -u
build=${BUILD:-$PWD/build}
records=$(mktemp -d)
trap 'rm -rf "$records"' EXIT

"$build/tests/transcripts/runner" --record="$records" tests/transcripts/*.txt >/dev/null
if tests/schema.py "$build/schemas" "$records" >"$records/said" && ! grep -q "^0 documents" "$records/said"; then
	echo "ok 1 - json_is_as_the_schemas_say ($(tail -n 1 "$records/said"))"
else
	echo "not ok 1 - json_is_as_the_schemas_say"
	sed 's/^/#   /' "$records/said"
fi
# What is wrong is found.
mkdir "$records/wrong"
printf 'vmctl\0domid\0test\0--json\0' >"$records/wrong/1.args"
echo '{"id":"1","extra":null}' >"$records/wrong/1.out"
if tests/schema.py "$build/schemas" "$records/wrong" | grep 'is not as vmctl/domid.json says' >/dev/null; then
	echo "ok 2 - what_is_wrong_is_found"
else
	echo "not ok 2 - what_is_wrong_is_found"
fi
echo "1..2"
