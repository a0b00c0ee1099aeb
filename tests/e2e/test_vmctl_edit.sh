#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Editing a definition: what was typed is never lost, and nothing is left behind that was not typed.
. "$(dirname "$0")/harness.sh"

# shellcheck source=tests/e2e/terminal.sh
. "$ROOT/tests/e2e/terminal.sh"

export TMPDIR=$WORK/tmp
mkdir "$TMPDIR"

# editor NAME: its script, on standard input, is the editor from now on.
editor() {
	cat >"$WORK/$1"
	chmod +x "$WORK/$1"
	export EDITOR=$WORK/$1
}
nothing_left() { [ -z "$(ls -A "$TMPDIR")" ]; }

# one TEXT: the only file left holds it.
one_left() { [ "$(find "$TMPDIR" -type f | wc -l)" = 1 ] && grep -rqF -- "$1" "$TMPDIR"; }
begun() { [ -e "$WORK/begun" ]; }

# ended_by SIGNAL NAME: the edit of a guest, its editor being open, is ended; sets $status.
edit_ended_by() {
	rm -f "$WORK/begun"
	vmctl -c test:///default edit test </dev/null >"$WORK/edit.out" 2>&1 &
	wait_for 20 begun
	kill "-$1" $!
	wait $!
	status=$?
}

# --- signals ----------------------------------------------------------------------------------------
editor reader <<EOF
#!/bin/sh
touch $WORK/begun
exec sleep 60
EOF
edit_ended_by TERM
check a_terminated_edit_says_so [ $status = 143 ]
check and_leaves_nothing_that_was_not_typed nothing_left
edit_ended_by HUP
check a_lost_terminal_ends_it_too [ $status = 129 ]
check and_nothing_is_left_either nothing_left

editor writer <<EOF
#!/bin/sh
echo '<!-- half a thought -->' >>"\$1"
touch $WORK/begun
exec sleep 60
EOF
edit_ended_by TERM
check what_was_typed_stays one_left 'half a thought'
check_output and_it_is_said_where "what you typed is in $TMPDIR/vmkit-.*/edit.xml" cat "$WORK/edit.out"
check_output and_nobody_else_may_read_it '^drwx------' sh -c "ls -ld $TMPDIR/*"
rm -rf "${TMPDIR:?}"/*

editor saver <<EOF
#!/bin/sh
echo '<!-- from memory -->' >"\$1.save"
touch $WORK/begun
exec sleep 60
EOF
edit_ended_by TERM
check_output the_copy_that_an_editor_saves_stays "what you typed is in $TMPDIR/vmkit-[^/]*\$" cat "$WORK/edit.out"
rm -rf "${TMPDIR:?}"/*

# --- in a terminal ----------------------------------------------------------------------------------
editor talker <<'EOF'
#!/bin/bash
trap 'echo "^C is mine"' INT
echo 'type q'
while read -r line || [ $? -gt 128 ]; do
	[ "$line" != q ] || exit 0
done
EOF
for command in "$EDITOR" ": && $EDITOR"; do
	fresh env TMPDIR="$TMPDIR" EDITOR="$command" vmctl -c test:///default
	shows 'test:///default'
	type_keys 'edit test' Enter
	shows 'type q'
	type_keys C-c
	check_screen control_c_is_the_editor_s '\^C is mine'
	type_keys q Enter
	check_screen and_the_edit_goes_on 'XML configuration not changed'
	check and_no_file_stays nothing_left
done
type_keys quit Enter

editor breaker <<EOF
#!/bin/sh
echo again >>$WORK/rounds
[ "\$(wc -l <$WORK/rounds)" = 2 ] && sed -i 's,</domain>broken,</domain>,;s,hd,network,' "\$1" || echo broken >>"\$1"
EOF
fresh env TMPDIR="$TMPDIR" EDITOR="$EDITOR" bash -c "vmctl -c test:///default edit test; echo status \$?; sleep 60"
check_screen a_refused_text_is_asked_about 'Try again\? \[y,n,i,f,\?\]:'
type_keys '?'
check_screen the_answers_are_explained 'y - yes, start the editor again'
type_keys 'x' 'f'
refused_twice() { [ "$(screen | grep -c 'was not accepted')" -ge 2 ]; }
check forced_it_is_refused_again wait_for 30 refused_twice
type_keys 'i'
check_screen without_the_schema_too 'Try again\? \[y,n,f,\?\]:'
type_keys 'n'
check_screen giving_up_says_where_the_text_is "what you typed is in $TMPDIR"
check_screen and_it_is_a_failure 'status 1'
check the_text_is_there one_left broken
rm -rf "${TMPDIR:?}"/* "$WORK/rounds"

# --- changed meanwhile ------------------------------------------------------------------------------
HOME=/root XDG_CACHE_HOME='' CACHE=/root/.cache/vmkit daemon_start
network() {
	cat <<EOF
<network><name>lab</name><uuid>00000000-0000-4000-8000-00000000000a</uuid><bridge name='vmkit9'/><domain name='$1'/></network>
EOF
}
network old >"$WORK/lab.xml"
network theirs >"$WORK/theirs.xml"
virsh -q -c "$URI" net-define "$WORK/lab.xml" >/dev/null
editor rival <<EOF
#!/bin/sh
sed -i 's,old,mine,' "\$1"
virsh -c "$URI" net-define $WORK/theirs.xml
EOF
check_status a_network_changed_meanwhile_is_a_conflict 4 vmctl -c "$URI" net-edit lab </dev/null
check and_the_text_is_kept one_left "domain name='mine'"
check_output and_theirs_stands "theirs" vmctl -c "$URI" net-dumpxml lab
rm -rf "${TMPDIR:?}"/*
virsh -q -c "$URI" net-define "$WORK/lab.xml" >/dev/null
fresh env TMPDIR="$TMPDIR" EDITOR="$EDITOR" bash -c "vmctl -c '$URI' net-edit lab; echo status \$?; sleep 60"
check_screen it_is_asked_about 'was changed by somebody else meanwhile'
shows 'Try again\? \[y,n,f,\?\]:'
type_keys 'f'
check_screen and_can_be_forced 'status 0'
check_output mine_stands_now 'mine' vmctl -c "$URI" net-dumpxml lab
check nothing_stays_of_an_accepted_text nothing_left
