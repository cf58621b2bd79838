#!/bin/sh
# A sendmail.mc and the sendmail.cf beside it: built from it, built from another version, edited by hand.
. tests/tap.sh

lib=${MTA:-build/mta}/sendmail/usr/share/sendmail/cf
command -v m4 >/dev/null || skip_all "there is no m4"
[ -f "$lib/m4/cf.m4" ] || skip_all "no cf library in $lib (.ci/mta sendmail)"
f=fixtures/sendmail/mission

# build FOLDER: its .cf as make does it; predict CONFIG [OPTION...]
build() { m4 -D_CF_DIR_="$lib/" "$lib/m4/cf.m4" "$1/sendmail.mc" >"$1/sendmail.cf" 2>/dev/null; }
predict() { run "$MTAPROOF" predict --isolated --cf-dir "$lib" --facts $f/facts.json "$@"; }
make_pair() {
	rm -rf "$tmp/mail"
	mkdir "$tmp/mail"
	cp $f/sendmail.mc $f/aliases "$tmp/mail"
	build "$tmp/mail"
}
edit() { sed "$1" "$tmp/mail/sendmail.$2" >"$tmp/edited" && cp "$tmp/edited" "$tmp/mail/sendmail.$2"; }
nothing_said() { is "$1" sh -c "! grep -q 'mc/cf-' '$tmp/out'"; }

# ---- the same ----
make_pair
predict "$tmp/mail"
out_has '^note: both sendmail.mc and sendmail.cf are here: sendmail.mc is taken'
nothing_said "just built: nothing is said"
edit '1i# edited by hand' cf
echo '#####  $Id: sendmail.cf,v 8.1 2020/01/01 $' >>"$tmp/mail/sendmail.cf"
predict "$tmp/mail"
nothing_said "a comment, and an id of a version"
edit 's/^dnl.*//; 1idnl a comment' mc
predict "$tmp/mail"
nothing_said "a comment in the .mc"

# ---- A and a have changed places in the .mc since the .cf was built ----
make_pair
edit 's/M=A/M=tmp/; s/M=Ea/M=A/; s/M=tmp/M=Ea/' mc
predict "$tmp/mail"
status_is 1 "another version of the .mc"
out_has 'sendmail.cf:[0-9]*:1: warning: sendmail.cf is not what sendmail.mc becomes: .*\[mc/cf-differs\]$' "is a warning at the line of the .cf"
out_has 'anyone who has logged in \(any\) may have mail carried anywhere by sendmail.mc through MTA, by sendmail.cf through MSA' \
	"who may relay comes first"
out_has 'MSA \(0.0.0.0:587\): sendmail.mc has no AUTH in clear, mail without login; sendmail.cf has AUTH .* in clear, no mail without login' \
	"what the daemons are"
out_has 'and [0-9]* more\. Settings that differ: option DaemonPortOptions ' "the setting, and how much more there is"
out_has '^    see sendmail.mc:9:1: option DaemonPortOptions: sendmail.mc: Port=smtp, Name=MTA, M=Ea$' "the line of the .mc"
out_has '^    see sendmail.cf:[0-9]*:1: option DaemonPortOptions: sendmail.cf: Port=submission, Name=MSA, M=Ea$' "a line of the .cf"
out_has '^    to do: .*build the .cf again'
predict --listener MSA --client outsider "$tmp/mail"
out_has 'MSA, outsider: auth/offered-clear' "a scenario by name"
out_has 'MSA, outsider: auth/offered-clear: sendmail.mc does not offer it, sendmail.cf offers it' "and what both make of it"
predict "$tmp/mail/sendmail.cf"
status_is 1 "the .cf, with its .mc beside it"
out_has '^sendmail, read from sendmail.cf'
out_has '\[mc/cf-differs\]$' "is held against it, too"
predict --format json "$tmp/mail"
is "in JSON" python3 - "$tmp/out" <<'PY'
import json, sys
sys.path.insert(0, "tests")
import tap
report = json.load(open(sys.argv[1]))
errors = tap.schema_errors(report, "prediction")
assert not errors, errors
[found] = [f for f in report["findings"] if f["rule"].startswith("mc/cf-")]
assert (found["rule"], found["severity"], found["file"]) == ("mc/cf-differs", "warning", "sendmail.cf"), found
assert {(b["file"], b["line"]) for b in found["because"]} >= {("sendmail.mc", 9), ("sendmail.mc", 10)}, found
assert {c["file"] for c in report["config"]} >= {"sendmail.mc", "sendmail.cf"}, report["config"]
PY

# ---- edited by hand: it relays ----
make_pair
edit 's/^C{w}example.org$/&\
C{R}partner.example/' cf
predict "$tmp/mail"
out_has 'error: sendmail.cf is not what sendmail.mc becomes, and relays for clients that the .mc refuses: .*\[mc/cf-relays\]$' \
	"a domain that only the .cf relays for is an error"
out_has 'Settings that differ: class R ' "the class"
out_has '\| C: RCPT TO:<.*@partner.example>' "a dialogue that shows it"
make_pair
edit 's/^O DeliveryMode=.*/O DeliveryMode=deferred/' cf
predict "$tmp/mail"
out_has 'anyone may have mail carried anywhere only by sendmail.cf, through MTA' "an open relay"
# The other way round the .cf is only the stricter one.
make_pair
printf 'FEATURE(`promiscuous_relay'"'"')dnl\n' >"$tmp/line"
edit "/FEATURE(.no_default_msa/r $tmp/line" mc
predict "$tmp/mail"
out_has 'warning: .*anyone may have mail carried anywhere only by sendmail.mc.*\[mc/cf-differs\]$' "a .cf that relays less is a warning"

# ---- what no scenario sees ----
make_pair
edit 's/^O LogLevel=.*/O LogLevel=14/' cf
predict "$tmp/mail"
out_has 'note: sendmail.cf is not what sendmail.mc becomes, but no scenario tells them apart. Settings that differ: option LogLevel \[mc/cf-differs\]$' \
	"another log level is a note"
edit '/^O LogLevel=/d' cf
edit 's/^VERSIONID.*/&\
define(`confLOG_LEVEL'"'"', `14'"'"')dnl/' mc
predict "$tmp/mail"
out_has '^sendmail.mc:5:1: note: .*Settings that differ: option LogLevel ' "a setting that the .mc has alone: its line"

# ---- what cannot be built here as on the server ----
for line in "include(\`/nonexistent/local.m4')" "esyscmd(\`date')" "patsubst(\`a', \`a', \`b')" "indir(\`define', \`a', \`b')" "FEATURE(\`local')" \
	"OSTYPE(\`local')" "MAILER(\`local2')" "HACK(\`local')" "DOMAIN(\`local')"; do
	make_pair
	edit 's/^O LogLevel=.*/O LogLevel=14/' cf
	echo "$line" >>"$tmp/mail/sendmail.mc"
	predict "$tmp/mail"
	out_has 'Settings that differ: .*; the .mc could not be built here as on the server' "with $line the difference may come from here"
done

# ---- what cannot be compared ----
make_pair
run "$MTAPROOF" predict --isolated --cf-dir "$tmp" --facts $f/facts.json "$tmp/mail/sendmail.cf"
out_has 'note: whether sendmail.cf is what sendmail.mc becomes is not known, they were not compared: .*\[mc/cf-not-compared\]$' "no library"
echo 'define(`confLOG_LEVEL, `9'"'"')' >>"$tmp/mail/sendmail.mc"
predict "$tmp/mail"
out_has 'not compared: m4 does not come to the end of the .mc.*\[mc/cf-not-compared\]$' "a .mc that breaks off"
predict "$tmp/mail/sendmail.cf"
out_has 'not compared: m4 does not come to the end of the .mc.*\[mc/cf-not-compared\]$' "and beside its .cf"
make_pair
rm "$tmp/mail/sendmail.cf"
mkdir "$tmp/mail/sendmail.cf"
predict "$tmp/mail/sendmail.mc"
out_has '^sendmail.mc:1:1: note: .*not compared: sendmail.cf: is a folder.*\[mc/cf-not-compared\]$' "a .cf that cannot be read"
make_pair
: >"$tmp/mail/sendmail.cf"
predict "$tmp/mail"
out_has 'only by sendmail.mc something listens at 0.0.0.0:587 \(MSA\)' "a .cf that is empty"
make_pair
sed 's/M=Ea/M=E/' $f/sendmail.mc >"$tmp/new.mc"
predict --overlay sendmail.mc="$tmp/new.mc" "$tmp/mail"
nothing_said "a .mc that is about to be installed is no other version"
out_has '^note: sendmail.mc and sendmail.cf are not held against each other'

# ---- no library ----
make_pair
mkdir "$tmp/empty"
run "$MTAPROOF" predict --root "$tmp/empty" --facts $f/facts.json "$tmp/mail"
status_is 3 "a .mc where there is no cf library"
err_has 'name its folder with --cf-dir, or take sendmail.cf beside it, which is what the server reads \(--type cf\)$' "names the .cf beside it"
run "$MTAPROOF" predict --root "$tmp/empty" --facts $f/facts.json --type cf "$tmp/mail"
out_has '^sendmail, read from sendmail.cf' "which can be taken"
rm "$tmp/mail/sendmail.cf"
run "$MTAPROOF" predict --root "$tmp/empty" --facts $f/facts.json "$tmp/mail"
err_has 'name its folder with --cf-dir$' "and does not where there is none"

# ---- the submission program ----
make_pair
printf 'OSTYPE(`linux'"'"')dnl\nFEATURE(`msp'"'"')dnl\n' >"$tmp/mail/submit.mc"
m4 -D_CF_DIR_="$lib/" "$lib/m4/cf.m4" "$tmp/mail/submit.mc" >"$tmp/mail/submit.cf" 2>/dev/null
predict "$tmp/mail"
out_has '^sendmail, read from sendmail.mc' "submit.mc and submit.cf are not the server"
nothing_said "and are not compared with it"
predict "$tmp/mail/submit.cf"
out_has '^note: submit.cf is of the submission program' "submit.cf alone"
nothing_said "is of submit.mc"
rm "$tmp/mail/sendmail.cf" "$tmp/mail/submit.mc"
predict "$tmp/mail"
nothing_said "submit.cf is not of sendmail.mc"
predict "$tmp/mail/submit.cf"
nothing_said "nor the other way round"

done_testing
