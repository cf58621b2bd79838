# shellcheck shell=sh
# tap.sh - what shell tests share; sourced, not run. Prints TAP.
#
#   . tests/tap.sh              (from the top of the tree, where tests/run starts every test)
#   is NAME COMMAND...          passes when the command succeeds
#   run COMMAND...              runs it; its output is in $tmp/out, $tmp/err, its status in $status
#   status_is N NAME            the last run ended with status N
#   out_has / err_has REGEX [NAME]   the last run printed that (grep -E)
#   needs_lab                   ends the test as skipped where no lab can be; else $root is the unpacked Postfix
#   needs_lab_of SERVER         the same for another server
#   skip_all WHY                ends the test as skipped
#   done_testing                the plan; the last line of a test
#
# $tmp is an empty folder that is gone afterwards. MTAPROOF is the program.

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM HUP
: "${MTAPROOF:=build/release/mtaproof}"
tap_n=0
status=0

tap_fail() {
	printf 'not ok %d - %s\n' "$tap_n" "$1"
	for tap_f in "$tmp/why" "$tmp/out" "$tmp/err"; do
		[ ! -s "$tap_f" ] || sed "s/^/# $(basename "$tap_f"): /" "$tap_f" | head -n 12
	done
}

is() {
	tap_n=$((tap_n + 1))
	tap_name=$1
	shift
	if "$@" >"$tmp/why" 2>&1; then printf 'ok %d - %s\n' "$tap_n" "$tap_name"; else tap_fail "$tap_name"; fi
	: >"$tmp/why"
}

run() {
	"$@" >"$tmp/out" 2>"$tmp/err"
	status=$?
}

status_is() {
	is "$2: exit status $1, got $status" test "$status" -eq "$1"
}

out_has() {
	is "${2:-prints: $1}" grep -qE -e "$1" "$tmp/out"
}

err_has() {
	is "${2:-says: $1}" grep -qE -e "$1" "$tmp/err"
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

needs_lab() {
	needs_lab_of postfix
}

needs_lab_of() {
	root=${MTA:-build/mta}/$1
	[ "$(id -u)" = 0 ] || skip_all "the lab needs root"
	[ -d "$root/usr" ] || skip_all "no unpacked server in $root (.ci/mta $1)"
	unshare -m -n -u -p -f true 2>/dev/null || skip_all "no private namespaces here"
}

done_testing() {
	echo "1..$tap_n"
}
