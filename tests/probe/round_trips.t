#!/bin/sh
# What the pairs of the relay test of Nmap cost in turns of the conversation, at a real Postfix.
# shellcheck disable=SC2016 # what stands in single quotes is for awk
. tests/tap.sh

needs_lab

mkdir "$tmp/etc"
cat >"$tmp/etc/main.cf" <<'END'
compatibility_level = 3.6
myhostname = mail.example.org
mydestination = example.org, $myhostname
virtual_alias_domains = hosted.example
relay_domains = relay.example
smtpd_sender_restrictions = check_sender_access inline:{{a.example=OK}, {bad@c.example=REJECT}}
smtpd_helo_restrictions = check_helo_access inline:{{h1.example=OK}, {h2.example=REJECT}}
local_recipient_maps =
END

run "$MTAPROOF" lab "$tmp/etc" --mta-root "$root" --quiet --run python3 tests/probe/round_trips.py 192.0.2.10 \
	"$BUILD/tests/tool/probe_play" "$tmp/etc"
status_is 0 "played through a relay"
out_has '^one at a time: 102 turns, 1 connections, 16 refused$'
out_has '^mtaproof: [0-9]* turns, [0-9]* connections, 16 refused$' "all of the sixteen pairs"
is "at most a fifth of the turns" awk '/^ratio:/ {found = $2 <= 0.2} END {exit !found}' "$tmp/out"
out_has '^suite relay: ' "the suite of all address forms"
is "and no more for each of its pairs" awk '/^relay, ratio for a pair:/ {found = $6 <= 0.2} END {exit !found}' "$tmp/out"
sed "s/^/# /" "$tmp/out"

done_testing
