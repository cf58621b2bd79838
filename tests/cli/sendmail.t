#!/bin/sh
# sendmail's configurations on the command line: .mc and .cf, the trace, what is hostile, what is broken.
. tests/tap.sh

lib=${MTA:-build/mta}/sendmail/usr/share/sendmail/cf
command -v m4 >/dev/null || skip_all "there is no m4"
[ -f "$lib/m4/cf.m4" ] || skip_all "no cf library in $lib (.ci/mta sendmail)"
f=fixtures/sendmail/relay

simulate() { run "$MTAPROOF" simulate --cf-dir "$lib" --facts $f/facts.json --script $f/dialogues.jsonl "$@"; }

# ---- a .mc, and the .cf that it becomes ----
simulate $f
status_is 0 "a folder with a .mc"
is "no open question" sh -c "! grep -q -e '^--- ' '$tmp/out'"
out_has '^S: 550 5.7.1 <b@elsewhere.example>... Relaying denied. Proper authentication required.$'
out_has '\(from sendmail.mc:10\).*Relaying denied' "the text is TRUST_AUTH_MECH's"
out_has '<- access:2:1: Connect:198.51.100' "an entry of the access map lets relay"
out_has '^S: 550 5.7.1 <a@banned.example>... Go away$' "a rule of the administrator's own"
out_has '\(from sendmail.mc:20\)' "stands in the .mc"
out_has '^S: 550 5.7.1 <spammer@example.com>... Access denied$'
err_has 'note: .*makemap' "what stands for a compiled map is said"
grep -v '<-' "$tmp/out" >"$tmp/mc.out"

mkdir "$tmp/cf"
cp $f/access $f/local-host-names "$tmp/cf"
m4 -D_CF_DIR_="$lib/" -D_NO_MAKEINFO_ "$lib/m4/cf.m4" $f/sendmail.mc >"$tmp/cf/sendmail.cf" 2>/dev/null
simulate "$tmp/cf"
status_is 0 "the same as a .cf"
grep -v '<-' "$tmp/out" >"$tmp/cf.out"
is "and answers alike" diff "$tmp/mc.out" "$tmp/cf.out"

# ---- the trace ----
simulate --trace $f
status_is 0 "--trace"
out_has '^   \| > check_rcpt  <b@elsewhere.example>$' "a ruleset begins"
out_has 'Connect:198.51.100  =  RELAY' "a lookup"
out_has '\(sendmail.mc:13\)  .*  ->  ' "a rule, with the line of its FEATURE"
simulate --trace --format json $f
is "the trace in JSON" python3 - "$tmp/out" <<'EOF'
import json, sys
sys.path.insert(0, "tests")
import tap
worlds = [json.loads(line) for line in open(sys.argv[1])]
for w in worlds:
    errors = tap.schema_errors(w, "simulation")
    assert not errors, errors
rcpt = worlds[1]["worlds"][0]["replies"][3]
assert rcpt["code"] == 250
found = [s for s in rcpt["trace"] if s["step"] == "lookup" and s.get("after") == "RELAY"]
assert found and found[0]["file"] == "access" and found[0]["line"] == 2, found
rules = [s for s in rcpt["trace"] if s["step"] == "rule"]
assert any(s.get("origin", {}).get("line") == 13 for s in rules)
assert [s["name"] for s in rcpt["trace"] if s["step"] == "begins"][0] == "canonify"
EOF
run "$MTAPROOF" simulate --trace fixtures/mission </dev/null
status_is 2 "--trace of Postfix"
err_has "follows sendmail's rules"

# ---- overlay, git, the prompt ----
sed 's/`relay'"'"'/`other'"'"'/; s/FEATURE(`access_db.*/dnl/' $f/sendmail.mc >"$tmp/other.mc"
simulate --overlay sendmail.mc="$tmp/other.mc" $f
status_is 0 "an overlay of the .mc"
is "is what was read" sh -c "! grep -q 'access:2' '$tmp/out'"
if command -v git >/dev/null; then
	cp -r $f "$tmp/git"
	(cd "$tmp/git" && git init -q . && git add . && git -c user.name=x -c user.email=x@example.com commit -qm x &&
		echo 'FEATURE(`promiscuous_relay'"'"')' >>sendmail.mc) >/dev/null 2>&1
	lib_abs=$(cd "$lib" && pwd)
	prog=$(cd "$(dirname "$MTAPROOF")" && pwd)/$(basename "$MTAPROOF")
	top=$PWD
	run sh -c "cd '$tmp/git' && '$prog' simulate --cf-dir '$lib_abs' --facts $top/$f/facts.json \
		--script $top/$f/dialogues.jsonl HEAD:sendmail.mc"
	status_is 0 "a version in git"
	out_has 'Relaying denied. Proper' "without the change of the work tree"
fi
run sh -c "printf 'HELO x\nMAIL FROM:<a@example.com>\nRCPT TO:<alice@example.org>\nQUIT\n' |
	'$MTAPROOF' simulate --trace --cf-dir '$lib' --facts $f/facts.json $f"
status_is 0 "the prompt"
out_has '^S: 250 2.1.5 <alice@example.org>... Recipient ok'

# ---- what is broken is understood, and said ----
mkdir "$tmp/broken"
printf 'OSTYPE(`linux'"'"')\ndefine(`confLOG_LEVEL, `9'"'"')\nMAILER(`smtp'"'"')\n' >"$tmp/broken/sendmail.mc"
simulate "$tmp/broken"
status_is 0 "a quote that is never closed"
err_has '^sendmail.mc:2:8: error' "its place"
out_has 'connection refused' "the server does not start"
printf 'V10/Berkeley\nSt\nRa b\n' >"$tmp/broken/sendmail.cf"
simulate --type cf "$tmp/broken/sendmail.cf"
status_is 0 "a rule without a tab"
err_has '^sendmail.cf:3:1: error: .*tab expected'
out_has 'connection refused'
run "$MTAPROOF" simulate --cf-dir "$tmp/nowhere" --script $f/dialogues.jsonl $f
status_is 3 "no library"
err_has 'm4/cf.m4' "what --cf-dir lacks"
run "$MTAPROOF" simulate --cf-dir "$lib" --script $f/dialogues.jsonl "$tmp/absent.mc"
status_is 3 "no such file"

# ---- predict and lab ----
run "$MTAPROOF" predict --cf-dir "$lib" --facts $f/facts.json $f
is "predict: exit status below 2" test "$status" -lt 2
out_has '198.51.100.0/24.* anywhere' "the access map's network is an opening"
out_has 'ANYONE .*partner.example.net' "and so is the domain that is relayed for"

# What lets a stranger through in one world only is not what lets the host itself through in all.
run "$MTAPROOF" predict --isolated --cf-dir "$lib" fixtures/sendmail/mission-swapped/sendmail.mc
is "without facts nobody is said to relay for sure" sh -c '! grep "relay/open" "$1"' - "$tmp/out"

# A client with a verified name is not the host, nor is a foreign domain: no opening rests on that.
run "$MTAPROOF" predict --isolated --cf-dir "$lib" $f
is "no opening is the host's own" sh -c '! grep -E "^ +(if|and) host.name = (not )?(example.com|host.partner|host.UUCP)( |$)" "$1"' - "$tmp/out"

# A table that is not at hand is one question to a person, and each of its keys to a program.
mkdir "$tmp/absent"
sed 's/dnl *$//' $f/sendmail.mc >"$tmp/absent/sendmail.mc"
run "$MTAPROOF" predict --isolated --cf-dir "$lib" "$tmp/absent"
out_has '^  table.lookup hash:/etc/mail/access [^ ]*, and other keys of this table, which is not at hand'
out_has '^ +and hash:/etc/mail/access has none of [^ ]+, [^ ]+, [^ ]+ and [0-9]+ more$' "keys that it has not share a line"

# ---- a daemon that does without its socket ----
mkdir "$tmp/optional"
{
	cat fixtures/sendmail/mission/sendmail.mc
	echo 'DAEMON_OPTIONS(`Family=inet6, Name=MTA6, M=O'"'"')dnl'
} >"$tmp/optional/sendmail.mc"
run "$MTAPROOF" predict --cf-dir "$lib" --facts fixtures/sendmail/mission/facts.json "$tmp/optional"
out_has 'warning: the daemon MTA6 cannot have port 25, which MTA has; it is optional \(M=O\).*\[cf/daemon-optional\]' "an optional daemon without a socket"
sed 's/"debian"/"freebsd"/' fixtures/sendmail/mission/facts.json >"$tmp/freebsd.json"
run "$MTAPROOF" predict --cf-dir "$lib" --facts "$tmp/freebsd.json" "$tmp/optional"
is "elsewhere it has one" sh -c '! grep -q daemon-optional "$1"' - "$tmp/out"

# ---- what is hostile is harmless, and named ----
mkdir "$tmp/hostile"
{
	printf 'syscmd(`touch %s/witness'"'"')\nesyscmd(`touch %s/witness'"'"')\n' "$tmp" "$tmp"
	printf 'include(`/etc/passwd'"'"')\n'
	cat $f/sendmail.mc
} >"$tmp/hostile/sendmail.mc"
for off in "" --no-seccomp --no-landlock "--no-seccomp --no-landlock"; do
	# shellcheck disable=SC2086 # options, or nothing
	simulate $off "$tmp/hostile"
	err_has 'sendmail.mc:1:1: error: .*touch.*\[mc/command\]' "a command is named${off:+ ($off)}"
	err_has 'sendmail.mc:3:1: error: .*/etc/passwd.*\[mc/include-outside\]' "a file outside is named${off:+ ($off)}"
	is "nothing was run${off:+ ($off)}" test ! -e "$tmp/witness"
	is "nothing was shown${off:+ ($off)}" sh -c "! grep -q root:x: '$tmp/out' '$tmp/err'"
done

done_testing
