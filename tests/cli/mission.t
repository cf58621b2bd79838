#!/bin/sh
# The mission's example: who answers whom, by which line, and with which words.
set -u
. tests/tap.sh

run "$MTAPROOF" simulate fixtures/mission --facts fixtures/mission/facts.json --script fixtures/mission/dialogues.jsonl
status_is 0 "simulate"
is "no open question" sh -c "! grep -q -e '--- if' $tmp/out"

# The office: mynetworks decides before authentication is looked at.
sed '/client 203/,$d' "$tmp/out" >"$tmp/office"
is "the office may relay" grep -q '^S: 250 2.1.5 Ok$' "$tmp/office"
is "because of permit_mynetworks" grep -qE '<- main.cf:10:32: permit_mynetworks' "$tmp/office"
is "and the network that matched" grep -qE '<- main.cf:6:27: 192.0.2.0/28' "$tmp/office"
is "not because of a login" sh -c "! grep -q 'permit_sasl_authenticated\$' $tmp/office"

# The stranger: smtpd_relay_restrictions answers first, with its default.
sed -n '/client 203/,$p' "$tmp/out" >"$tmp/stranger"
is "a stranger is refused with 454, not 554" grep -q '^S: 454 4.7.1 <b@example.com>: Relay access denied$' "$tmp/stranger"
is "by the default of smtpd_relay_restrictions" grep -q 'default: smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination' "$tmp/stranger"
is "AUTH LOGIN asks for the name" grep -q '^S: 334 VXNlcm5hbWU6$' "$tmp/stranger"
is "and accepts the password" grep -q '^S: 235 2.7.0 Authentication successful$' "$tmp/stranger"
is "after login the same recipient is taken" grep -q '^S: 250 2.1.5 Ok$' "$tmp/stranger"
is "because of permit_sasl_authenticated" grep -qE '<- main.cf:10:51: permit_sasl_authenticated' "$tmp/stranger"

# The same at the prompt.
printf 'EHLO x.example\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<b@example.com>\r\nQUIT\r\n' >"$tmp/typed"
run sh -c "'$MTAPROOF' simulate fixtures/mission --facts fixtures/mission/facts.json --client 203.0.113.5 <'$tmp/typed'"
status_is 0 "prompt"
out_has '454 4.7.1 <b@example.com>: Relay access denied'
out_has '221 2.0.0 Bye'
done_testing
