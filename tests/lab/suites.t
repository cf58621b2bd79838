#!/bin/sh
# What the suites cost a real Postfix: few refusals for quick, and for full no limit that it enforces.
# shellcheck disable=SC2016 # what stands in single quotes is for the shell in the lab
. tests/tap.sh

needs_lab

mkdir "$tmp/etc"
cat >"$tmp/etc/main.cf" <<'END'
compatibility_level = 3.6
myhostname = mail.example.org
mydestination = example.org, $myhostname
virtual_alias_domains = hosted.example
relay_domains = relay.example
mynetworks = 127.0.0.0/8 10.0.0.0/8 192.0.2.10/32
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = /etc/ssl/certs/mail.pem
smtpd_tls_key_file = /etc/ssl/private/mail.key
smtpd_sender_restrictions = check_sender_access inline:{{a.example=OK}, {bad@c.example=REJECT}}
smtpd_helo_restrictions = check_helo_access inline:{{h1.example=OK}, {h2.example=REJECT}}
# Transactions that are broken off count as mail in flow, for which this server would wait a second each.
in_flow_delay = 0
local_recipient_maps =
END
cat fixtures/demo/postfix/master.cf - >"$tmp/etc/master.cf" <<'END'
smtps inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
END
echo '{"hostname": "mail.example.org", "addresses": ["192.0.2.10/24", "2001:db8::10/64", "127.0.0.1/8", "::1/128"],
  "sasl": {"mechanisms": ["PLAIN", "LOGIN"], "users": {"alice@example.org": "s3cret"}}}' >"$tmp/facts.json"
limits='too many|limit exceeded|COMMAND (COUNT|TIME) LIMIT'

lab() {
	run "$MTAPROOF" lab "$tmp/etc" --mta-root "$root" --facts "$tmp/facts.json" --quiet --log "$@"
}

# Refused commands, by Postfix' own count: of "commands=20/29" nine.
refused() {
	sed -n 's/.*disconnect from .* commands=\([0-9/]*\)$/\1/p' "$tmp/err" |
		awk -F/ '{sum += NF == 2 ? $2 - $1 : 0} END {print sum + 0}'
}

at_most() {
	tap_most=$1
	shift
	tap_got=$("$@")
	is "at most $tap_most: $tap_got" test "$tap_got" -le "$tap_most"
}

rejected() {
	grep -c 'reject:' "$tmp/err"
}

names='--local postmaster@example.org --source 203.0.113.5'
everywhere='$MTAPROOF_SERVER submission://$MTAPROOF_SERVER smtps://$MTAPROOF_SERVER'

lab --run sh -c "$MTAPROOF probe --suite quick --client outsider $names $everywhere"
status_is 0 "quick, by probe"
out_has 'refused      relay/plain'
out_has 'refused      submission/foreign-before-auth'
at_most 4 refused
at_most 4 rejected

lab --run sh -c "$MTAPROOF verify --facts $tmp/facts.json $names $tmp/etc $everywhere"
out_has '^[0-9]* confirmed, [0-9]* possible, 0 mismatch, 0 inconclusive' "quick, by verify"
at_most 4 refused

lab --suite quick
out_has '^[1-9][0-9]* confirmed, 0 possible, 0 mismatch, 0 inconclusive' "quick, from every class of client"
out_has 'skipped: .*enough-refusals' "and what would be too much is skipped"
at_most 4 refused

# With --deliver one message, to the recipient that was named; without it, and without one, none.
for options in '--deliver' '' '--deliver --local example.org'; do
	lab --run sh -c "$MTAPROOF verify $names $options --facts $tmp/facts.json $tmp/etc $everywhere; sleep 1"
	case $options in
	--deliver) tap_messages=1 ;;
	*) tap_messages=0 ;;
	esac
	is "messages with '$options': $tap_messages" test "$(grep -c 'qmgr.* from=.*(queue active)' "$tmp/err")" = $tap_messages
	[ $tap_messages = 0 ] || is "to whom" grep -q 'local.*to=<postmaster@example.org>' "$tmp/err"
done

# A server that refuses everything does so within the same bounds.
cp -R "$tmp/etc" "$tmp/shut"
echo 'smtpd_client_restrictions = reject' >>"$tmp/shut/main.cf"
run "$MTAPROOF" lab "$tmp/shut" --mta-root "$root" --facts "$tmp/facts.json" --quiet --log \
	--run sh -c "$MTAPROOF probe --suite quick --client outsider $names $everywhere"
at_most 4 rejected

full() {
	lab "$@"
	out_has '^[1-9][0-9]* confirmed, 0 possible, 0 mismatch, 0 inconclusive' "full: $*"
	is "no limit was reached" sh -c '! grep -iE "$1" "$2"' sh "$limits" "$tmp/err"
}

full
lab --run sh -c "$MTAPROOF verify --suite full --intrusive --facts $tmp/facts.json $names $tmp/etc $everywhere"
out_has '^[1-9][0-9]* confirmed, [0-9]* possible, 0 mismatch, 0 inconclusive' "full with --intrusive"
is "no limit was reached" sh -c '! grep -iE "$1" "$2"' sh "$limits" "$tmp/err"

cat >>"$tmp/etc/main.cf" <<'END'
smtpd_hard_error_limit = 3
smtpd_junk_command_limit = 2
END
full --suite full

# The last error that a server bears is kept: nothing that may be refused is said, and nothing is called fine.
echo 'smtpd_hard_error_limit = 1' >>"$tmp/etc/main.cf"
lab
out_has '^[1-9][0-9]* confirmed, 0 possible, 0 mismatch, [1-9][0-9]* inconclusive' "an error limit of 1"
is "no limit was reached" sh -c '! grep -iE "$1" "$2"' sh "$limits" "$tmp/err"
sed -i '/_limit = /d' "$tmp/etc/main.cf"

# What anvil counts is not ours to know, but it is no contradiction.
for limit in connection_rate_limit=2 recipient_rate_limit=3 message_rate_limit=3 auth_rate_limit=1 \
	new_tls_session_rate_limit=1; do
	echo "smtpd_client_$limit" >>"$tmp/etc/main.cf"
	lab
	out_has '^[1-9][0-9]* confirmed, 0 possible, 0 mismatch, [1-9][0-9]* inconclusive' "$limit"
	sed -i '/_limit=/d' "$tmp/etc/main.cf"
done

done_testing
