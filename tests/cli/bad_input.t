#!/bin/sh
# shellcheck disable=SC2016 # dollar signs of main.cf
# Bad input: a clear error or finding in its place, within seconds; no crash, no hang.
set -u
. tests/tap.sh

facts=$tmp/facts.json
script=$tmp/script.jsonl
cat >"$facts" <<'F'
{"version": "3.7.11", "hostname": "mail.example.org", "config_complete": true, "dns_complete": true, "local_users": []}
F
cat >"$script" <<'F'
{"client": "203.0.113.5", "send": ["EHLO x.example", "MAIL FROM:<a@example.net>", "RCPT TO:<b@example.com>"]}
F

# make NAME TEXT: a configuration folder whose main.cf ends in TEXT (printf format)
make() {
	mkdir -p "$tmp/$1"
	printf 'compatibility_level = 3.6\nmyhostname = mail.example.org\nmynetworks = 127.0.0.0/8\nalias_maps =\nlocal_recipient_maps =\n' >"$tmp/$1/main.cf"
	# shellcheck disable=SC2059
	printf "$2" >>"$tmp/$1/main.cf"
}

simulate() {
	run timeout 20 "$MTAPROOF" simulate "$tmp/$1" --facts "$facts" --script "$script" --format json
}

make equals 'smtpd_banner hello\n= 3\nother = 1\n'
simulate equals
status_is 0 "missing ="
err_has '^main.cf:6:1: error: no "=" after "smtpd_banner"'
err_has '^main.cf:7:[0-9]+: error:' "the second error of the file is reported, too"
out_has '"refused": true' "nothing listens then"
out_has 'missing .=. after attribute name' "with Postfix' own words"

make type 'smtpd_client_restrictions = check_client_access nosuch:/x\n'
simulate type
status_is 0 "unknown table type"
err_has '^main.cf:6:49: error: .*table type "nosuch"'
out_has '451 4.3.5 <.*>: Client host rejected: Server configuration error'

make absent 'smtpd_client_restrictions = check_client_access hash:/etc/postfix/nosuch\n'
simulate absent
status_is 0 "absent table"
err_has '^main.cf:6:49: error: /etc/postfix/nosuch does not exist'
out_has '451 4.3.5 '

make loop 'a = $b\nb = $a\nsmtpd_banner = $a\n'
simulate loop
status_is 0 "macros that call each other"
err_has '^main.cf:8:[0-9]+: error: smtpd_banner:.*unreasonable macro call nesting'
out_has '"timeout": true' "no greeting ever comes"

make bool 'smtpd_delay_reject = maybe\n'
simulate bool
err_has '^main.cf:6:[0-9]+: error: smtpd_delay_reject:.*bad boolean configuration'
out_has '"timeout": true'

make class 'smtpd_restriction_classes = mine\n'
simulate class
err_has '^main.cf:6:[0-9]+: error: .*restriction class .mine. needs a definition'

make nul 'smtpd_banner = x\000y\n'
simulate nul
status_is 0 "a NUL"
err_has '^main.cf:6:17: warning: a NUL byte'
out_has '"220 x"'

make cr 'smtpd_banner = x\r\nsmtpd_delay_reject = yes\r\n'
simulate cr
status_is 0 "CR LF line ends"
out_has '"220 x"'

mkdir "$tmp/binary"
head -c 30000 "$MTAPROOF" >"$tmp/binary/main.cf"
simulate binary
status_is 3 "a binary file"
err_has 'main.cf: is not a text file'

mkdir "$tmp/large"
head -c 104857600 /dev/zero | tr '\0' 'a' >"$tmp/large/main.cf"
simulate large
status_is 3 "a file of 100 MB"
err_has 'main.cf: has 104857600 bytes, more than the limit'
rm "$tmp/large/main.cf"

mkdir "$tmp/fifo"
mkfifo "$tmp/fifo/main.cf"
simulate fifo
status_is 3 "a FIFO"
err_has 'not a regular file'

mkdir "$tmp/empty"
simulate empty
status_is 3 "an empty folder"
err_has 'holds no configuration'

simulate nosuch
status_is 3 "no such folder"
err_has 'no such file or folder'

mkdir "$tmp/template"
printf 'myhostname = {{ hostname }}\n' >"$tmp/template/main.cf"
simulate template
status_is 3 "a template"
err_has 'main.cf:1: "\{\{" marks a template'

make master ''
printf 'smtp inet n - y -\n127.0.0.1:25 inet y - n - - smtpd\n' >"$tmp/master/master.cf"
simulate master
err_has '^master.cf:1:[0-9]+: error:'
err_has '^master.cf:2:[0-9]+: error:'
out_has '"refused": true' "an error in master.cf: nothing listens"

# Facts and scripts
make good ''
for bad in '{' '[]' '{"hostnam": "x"}' '{"dns": {"mx x": 3}}'; do
	printf '%s' "$bad" >"$tmp/bad.json"
	run timeout 20 "$MTAPROOF" simulate "$tmp/good" --facts "$tmp/bad.json" --script "$script"
	status_is 3 "facts $bad"
	err_has 'bad\.json'
done
for bad in '{"client": "x", "send": []}' '{"send": []}' '{"client": "192.0.2.1"}' '{"client": "192.0.2.1", "send": ["a\nb"]}' 'nonsense'; do
	printf '\n%s\n' "$bad" >"$tmp/bad.jsonl"
	run timeout 20 "$MTAPROOF" simulate "$tmp/good" --facts "$facts" --script "$tmp/bad.jsonl"
	status_is 3 "script $bad"
	err_has 'bad\.jsonl:2:'
	is "no output before the script is valid" test ! -s "$tmp/out"
done

# Words of the command line
run "$MTAPROOF" simulate
status_is 2 "no CONFIG"
run "$MTAPROOF" simulate "$tmp/good" --client nowhere
status_is 2 "--client nowhere"
err_has "--client: 'nowhere' is not an IPv4 or IPv6 address"
run "$MTAPROOF" simulate "$tmp/good" --format yaml
status_is 2 "--format yaml"
err_has "--format takes text or json, not 'yaml'"
# shellcheck disable=SC2046 # a word each
run "$MTAPROOF" lab "$tmp/good" $(seq -f '--client=192.0.2.%g' 65)
status_is 2 "more clients than the lab has room for"
err_has '--client: 64 addresses are the most'
run "$MTAPROOF" simulate "$tmp/good" --nosuch
status_is 2 "--nosuch"
run "$MTAPROOF" nosuch
status_is 2 "an unknown command"
run "$MTAPROOF" simulate "$tmp/good" --assume nonsense --script "$script"
status_is 2 "--assume nonsense"
run "$MTAPROOF" simulate "$tmp/good" --facts "$facts" --script "$script" --output /dev/full
status_is 3 "a full disk"

# ---- what a terminal would obey --------------------------------------------------------------------
# no_escapes NAME: nothing that the last run wrote has an escape character in it.
escape=$(printf '\033')
no_escapes() {
	is "$1" sh -c "! cat '$tmp/out' '$tmp/err' | grep -q '$escape'"
}

mkdir -p "$tmp/rules/scenarios"
cat >"$tmp/rules/scenarios/x.json" <<'F'
{"scenarios": [{"id": "x/a\u001b[31m", "title": "t\u001b[31m", "why": "w\u001b[31m", "group": "g\u001b[31m",
  "client": "any", "impact": "quiet", "tests": "RCPT", "dialogue": ["EHLO {helo}", "MAIL FROM:<{sender}>", "RCPT TO:<{foreign.user}@{foreign.domain}>"],
  "alarm": {"outcome": ["refused"], "rule": "x/r\u001b[31m", "severity": "error", "message": "m\u001b[31m"}}]}
F
for show in differences checks all; do
	run "$MTAPROOF" predict "$tmp/good" --facts "$facts" --rules "$tmp/rules" --show $show
	status_is 1 "the alarm of a scenario of one's own"
	out_has 'error: m.x1B.31m .*\[x/r.x1B.31m\]$' "its rule and message are shown"
	no_escapes "predict --show $show"
done
run "$MTAPROOF" rules --rules "$tmp/rules"
no_escapes "rules"
run "$MTAPROOF" explain --rules "$tmp/rules" 'x/a'"$escape"'[31m'
status_is 0 "a scenario's own id"
no_escapes "explain"
printf '{"hostn\\u001b[31mame": "x"}' >"$tmp/bad-facts.json"
run "$MTAPROOF" predict "$tmp/good" --facts "$tmp/bad-facts.json"
status_is 3 "facts that are none"
err_has 'unknown facts member "hostn.x1B.31mame"' "says which member"
no_escapes "an error that quotes a file"
done_testing
