#!/bin/sh
# predict: who gets which answer, in text and in JSON; broken configurations; filters and errors.
set -u
. tests/tap.sh

demo="fixtures/demo/postfix --facts fixtures/demo/facts.json"
# json EXPRESSION NAME: a Python expression about the JSON of the last run, d
json() {
	is "$2" python3 -c 'import json, sys
d = json.load(open(sys.argv[1]))
o = d["outcomes"]
def of(scenario, client, listener="smtp"):
    return [x for x in o if (x["scenario"], x["client"], x["listener"]) == (scenario, client, listener)]
def came(*what):
    return [x["outcome"] for x in of(*what)]
sys.exit(not eval(sys.argv[2]))' "$tmp/out" "$1"
}

# ---- text ----------------------------------------------------------------------------------------
# shellcheck disable=SC2086
run "$MTAPROOF" predict $demo
status_is 0 "a sound configuration"
out_has '^postfix, read from main.cf, master.cf' "says what was read"
out_has '^played with HELO probe.example.net, sender <postmaster@probe.example.net>, own recipient postmaster@mail.example.org, foreign recipient mtaproof@example.com$' "says the names"
out_has '^  smtp +0.0.0.0:25 +TLS starttls +AUTH: none in clear' "lists the listeners"
out_has '192.0.2.0/28.* anywhere .*main.cf:32:2: permit_mynetworks' "says who may relay, by which line"
out_has '^what submission answers to:$' "one table for each listener"
out_has '^ +outsider +trusted +server$' "with a column for each class of client"
out_has '^  relay \([0-9]+\) +refused +- +-$' "a group that goes alike is one line"
out_has '^  trusted \([0-9]+\) +- +accepted-relay +accepted-relay$' "what a class does not play is a dash"
is "no colour in a file" sh -c "! grep -q '$(printf '\033')' $tmp/out"
is "what goes as its group does is left out" sh -c "! grep -q '^ *relay/plain' $tmp/out"
is "no dialogues" sh -c "! grep -q 'C: EHLO' $tmp/out"

# shellcheck disable=SC2086
run "$MTAPROOF" predict $demo --show checks
out_has '^    relay/plain +refused +- +-$' "--show checks lists every scenario"
# shellcheck disable=SC2086
run "$MTAPROOF" predict $demo --show all --suite quick
out_has '^  relay/plain, outsider 203.0.113.5: refused at RCPT$' "--show all says each outcome"
out_has '^      C: RCPT TO:<mtaproof@example.com>$' "with its dialogue"
out_has '<- main.cf:34:2: reject_unauth_destination$' "and the line that decided"

# ---- JSON ----------------------------------------------------------------------------------------
# shellcheck disable=SC2086
run "$MTAPROOF" predict $demo --format json
status_is 0 "JSON"
json 'd["schema"] == "mtaproof.prediction/1" and d["mta"] == "postfix"' "its schema"
json 'came("relay/plain", "outsider") == ["refused"]' "an outsider may not relay"
json 'of("relay/plain", "outsider")[0]["because"][0]["text"] == "reject_unauth_destination"' "because of that restriction"
json 'of("relay/plain", "outsider")[0]["replies"][-1]["lines"] == ["554 5.7.1 <mtaproof@example.com>: Relay access denied"]' "with those words"
json '[r["send"] for r in of("relay/plain", "outsider")[0]["replies"]] == ["", "EHLO probe.example.net", "MAIL FROM:<postmaster@probe.example.net>", "RCPT TO:<mtaproof@example.com>"]' "after that dialogue"
json 'came("trusted/foreign", "trusted") == ["accepted-relay"]' "a trusted network may"
json 'of("trusted/foreign", "trusted")[0]["network"] == "192.0.2.0/28"' "which is named"
json 'came("local/recipient", "outsider") == ["accepted-local"]' "own mail is taken"
json 'came("tls/starttls-offered", "outsider") == ["offered"] and came("auth/offered-clear", "outsider") == ["not-offered"]' "keywords of EHLO"
json 'not of("relay/plain", "outsider", "submission")' "scenarios of port 25 are not played to submission"
json '[l["port"] for l in d["listeners"]] == [25, 25, 587, 587]' "listeners"
json 'all(not x["assumptions"] for x in o)' "with these facts nothing is open"
json 'len({(x["listener"], x["client"], x["address"], x["scenario"], x.get("with"), x["outcome"], x.get("reason"), x["step"], x.get("note")) for x in o}) == len(o)' "one entry for each distinct outcome"

run "$MTAPROOF" predict fixtures/mission --isolated --facts fixtures/mission/facts.json --format json
status_is 1 "the mission: AUTH in clear is a warning"
json 'came("relay/plain", "outsider") == ["refused"] and of("relay/plain", "outsider")[0]["replies"][-1]["code"] == 454' "a stranger gets 454"
json 'of("relay/plain", "outsider")[0]["because"][0]["file"] == "(default)"' "by a default"
json 'len([x for x in of("trusted/foreign", "trusted") if x["outcome"] == "accepted-relay"]) == 1' "the office may relay"

# ---- what is not known ---------------------------------------------------------------------------
run "$MTAPROOF" predict fixtures/demo/postfix --isolated --format json
status_is 0 "without facts"
json 'sorted(set(came("local/recipient", "outsider"))) == ["accepted-local", "no-service"]' "whether the version knows the compatibility level is open"
json 'all(x["assumptions"] for x in of("local/recipient", "outsider"))' "and both say on what they rest"
mkdir "$tmp/policy"
cat >"$tmp/policy/main.cf" <<'EOF'
compatibility_level = 3.6
myhostname = mail.example.org
smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:10023, reject_unauth_destination
smtpd_relay_restrictions =
EOF
run "$MTAPROOF" predict --isolated --facts fixtures/demo/facts.json --format json "$tmp/policy"
json 'came("relay/plain", "outsider") != ["refused"]' "an outside party that decides is no refusal"
json 'all("replies" in x for x in o if x["outcome"] == "depends")' "what depends has its dialogue"

# ---- the login -----------------------------------------------------------------------------------
mkdir "$tmp/login"
cat >"$tmp/login/main.cf" <<'EOF'
compatibility_level = 3.6
myhostname = mail.example.org
smtpd_sasl_auth_enable = yes
smtpd_tls_security_level = may
EOF
printf 'smtp inet n - n - - smtpd\nsubmission inet n - n - - smtpd\n  -o smtpd_tls_security_level=none -o smtpd_client_restrictions=permit_sasl_authenticated,reject\n' >"$tmp/login/master.cf"
run "$MTAPROOF" predict --isolated --format json --assume 'sasl.mechanisms=PLAIN' "$tmp/login"
json '[l["auth"] for l in d["listeners"] if l["name"] == "submission"][0] == {"clear": ["PLAIN"], "tls": [], "required": True}' "what is offered where, and whether it is needed"
json '[l["auth"]["required"] for l in d["listeners"] if l["name"] == "smtp"][0] is False' "port 25 needs no login"

# ---- what would not start ------------------------------------------------------------------------
run "$MTAPROOF" predict --isolated fixtures/demo/broken.cf
status_is 1 "a server that would not start is an error finding"
out_has 'error: ' "that is shown"
mkdir "$tmp/none"
printf 'inet_protocols = nothing\n' >"$tmp/none/main.cf"
run "$MTAPROOF" predict --isolated --format json "$tmp/none"
status_is 1 "nothing starts"
json 'not o and not d["listeners"] and [f for f in d["findings"] if f["severity"] == "error"]' "and nothing is called refused"
mkdir "$tmp/subnet"
printf 'compatibility_level = 3.6\nmynetworks_style = subnet\nmydestination = example.org\n' >"$tmp/subnet/main.cf"
run "$MTAPROOF" predict --isolated --format json --assume mta.version=3.7.11 "$tmp/subnet"
json 'came("relay/plain", "outsider") == ["refused"]' "an outsider is not the host, nor its neighbour"

# ---- networks between which nothing makes a difference -------------------------------------------
mkdir "$tmp/alike"
cat >"$tmp/alike/main.cf" <<'EOF'
compatibility_level = 3.6
myhostname = mail.example.org
mynetworks = 127.0.0.0/8 !10.0.0.5 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 198.51.100.0/24 [2001:db8:1::]/48 [2001:db8:2::]/48
smtpd_client_restrictions = check_client_access inline:{198.51.100=REJECT}
EOF
run "$MTAPROOF" predict --isolated --facts fixtures/demo/facts.json --format json --client trusted "$tmp/alike"
json '{(x["address"], x["network"], tuple(x.get("alike", []))) for x in o} == {("10.0.0.1", "10.0.0.0/8", ("172.16.0.0/12", "192.168.0.0/16")), ("198.51.100.1", "198.51.100.0/24", ()), ("2001:db8:1::1", "[2001:db8:1::]/48", ("[2001:db8:2::]/48",))}' "one plays for all, and names them; what a table tells apart plays itself"
json '{x["network"] for x in of("trusted/foreign", "trusted") if x["outcome"] == "refused"} == {"198.51.100.0/24"}' "and is answered by it"
json 'len(of("trusted/foreign", "trusted")) == 3' "a scenario is played once for each kind of client"
run "$MTAPROOF" predict --isolated --facts fixtures/demo/facts.json --client trusted "$tmp/alike"
out_has '10.0.0.0/8 \+4' "the column says for how many"

# ---- an open relay -------------------------------------------------------------------------------
mkdir "$tmp/open"
printf 'compatibility_level = 3.6\nmyhostname = mail.example.org\nmynetworks = 0.0.0.0/0\nmydestination = example.org\n' >"$tmp/open/main.cf"
run "$MTAPROOF" predict --isolated --facts fixtures/demo/facts.json "$tmp/open"
status_is 1 "an open relay is an error"
out_has 'main.cf:3:.* error: ' "at the line that opens it"
run "$MTAPROOF" predict --isolated --facts fixtures/demo/facts.json --fail-on error --format json "$tmp/open"
status_is 1 "--fail-on error"

# ---- options -------------------------------------------------------------------------------------
# shellcheck disable=SC2086
run "$MTAPROOF" predict $demo --format json --client trusted --listener smtp --suite relay
json '{(x["listener"], x["client"]) for x in o} == {("smtp", "trusted")}' "--client and --listener leave out the rest"
# shellcheck disable=SC2086
run "$MTAPROOF" predict $demo --format json --suite quick --foreign you@foreign.example --sender me@own.example --helo h.example --local root@mail.example.org --output "$tmp/file.json"
status_is 0 "--output"
is "prints nothing" test ! -s "$tmp/out"
cp "$tmp/file.json" "$tmp/out"
json 'd["names"] == {"foreign": "you@foreign.example", "sender": "me@own.example", "helo": "h.example", "local": "root@mail.example.org"}' "the names of the options"
json 'of("relay/plain", "outsider")[0]["replies"][-1]["send"] == "RCPT TO:<you@foreign.example>"' "are used"
# shellcheck disable=SC2086
run "$MTAPROOF" predict $demo --listener nosuch
status_is 2 "no such listener"
err_has "has no service 'nosuch'" "is said"
# shellcheck disable=SC2086
run "$MTAPROOF" predict $demo --suite nosuch
status_is 2 "no such suite"
run "$MTAPROOF" predict --client everybody fixtures/demo/postfix
status_is 2 "no such class of client"
run "$MTAPROOF" predict
status_is 2 "no configuration"
run "$MTAPROOF" predict fixtures/demo/postfix fixtures/mission
status_is 2 "two configurations"
run "$MTAPROOF" predict "$tmp/nothing-here"
status_is 3 "no such file"
run "$MTAPROOF" predict --help
status_is 0 "--help"
out_has '^usage: mtaproof predict \[OPTION...\] CONFIG$'
done_testing
