#!/bin/sh
# The prober at a real Postfix: STARTTLS, TLS from the first byte, logins, reject budget, relay suite.
. tests/tap.sh

needs_lab
play=$BUILD/tests/tool/probe_play

mkdir "$tmp/etc"
cat >"$tmp/etc/main.cf" <<'END'
compatibility_level = 3.6
myhostname = mail.example.org
mydestination = example.org, $myhostname
mynetworks = 127.0.0.0/8 10.0.0.0/8
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = /etc/ssl/certs/mail.pem
smtpd_tls_key_file = /etc/ssl/private/mail.key
local_recipient_maps =
END
cat fixtures/demo/postfix/master.cf - >"$tmp/etc/master.cf" <<'END'
smtps inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
END
echo '{"sasl": {"mechanisms": ["PLAIN", "LOGIN"], "users": {"alice@example.org": "s3cret"}}}' >"$tmp/facts.json"

at_postfix() {
	run "$MTAPROOF" lab "$tmp/etc" --mta-root "$root" --facts "$tmp/facts.json" --quiet --run sh -c "$1"
}

# How many lines of the output match.
lines_are() {
	tap_expected=$1
	shift
	is "$*: $tap_expected lines" test "$(grep -Ec "$*" "$tmp/out")" = "$tap_expected"
}

at_postfix "$play --local example.org --source 203.0.113.5 --scenario auth/login-answered-clear \
--scenario relay/data-after-refusal \$MTAPROOF_SERVER"
status_is 0 "an outsider at port 25"
out_has '^check tls/starttls-offered offered'
out_has '^check auth/offered-clear not-offered'
out_has '^check auth/offered-tls offered'
out_has '^check auth/login-answered-clear refused AUTH 503'
out_has '^check local/recipient accepted RCPT 250'
out_has '^check relay/plain refused RCPT 454'
out_has '^check relay/data-after-refusal refused DATA 554'
out_has '^session failure none anomalies 0 rejects 3 tls 1'

at_postfix "$play --local example.org --source 203.0.113.5 --suite relay --pipelining \$MTAPROOF_SERVER"
lines_are 40 '^check relay/.* refused RCPT 454$'
lines_are 1 '^check relay/data-after-refusal refused DATA 554$'
lines_are 0 '^check relay/.* (accepted|not-reached|no-service)'
lines_are 0 '^session failure none .* rejects [0-9][0-9]'
lines_are 0 '^session failure [^n]'

at_postfix "$play --local example.org --client trusted --source 10.1.2.3 \$MTAPROOF_SERVER"
out_has '^check trusted/foreign accepted RCPT 250' "a trusted network is served"

at_postfix "PROBE_PASSWORD=s3cret $play --user alice@example.org --source 203.0.113.5 --transcript \
--scenario submission/foreign-before-auth-clear submission://\$MTAPROOF_SERVER smtps://\$MTAPROOF_SERVER"
lines_are 2 '^check login/foreign accepted RCPT 250'
lines_are 2 '^check submission/foreign-before-auth refused RCPT 554'
out_has '^check submission/foreign-before-auth-clear refused MAIL 530'
lines_are 2 '^> AUTH PLAIN \*\*\*$'
lines_are 0 's3cret|czNjcmV0'

at_postfix "PROBE_PASSWORD=wrong $play --user alice@example.org --source 203.0.113.5 submission://\$MTAPROOF_SERVER"
out_has '^check login/foreign not-reached refused-earlier AUTH 535' "a wrong password proves nothing"

done_testing
