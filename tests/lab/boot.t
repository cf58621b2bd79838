#!/bin/sh
# The lab: a real Postfix boots with a configuration, answers, and leaves nothing behind.
# shellcheck disable=SC2016 # what stands in single quotes is for the shell in the lab
. tests/tap.sh

needs_lab

lab() {
	run "$MTAPROOF" lab "$@"
}

# Without blanks in it, so that it can be given to a shell in the lab.
answer='import os,socket,sys
s=socket.create_connection((os.environ["MTAPROOF_SERVER"],int(sys.argv[1])),5)
print(s.recv(99).decode().strip())'

mounts_before=$(wc -l </proc/self/mounts)

mkdir "$tmp/good" "$tmp/dead" "$tmp/tls"
cat >"$tmp/good/main.cf" <<'END'
compatibility_level = 3.6
myhostname = mx.lab.example
mydestination = lab.example
smtpd_recipient_restrictions = check_recipient_access hash:/etc/postfix/access
END
echo 'refused@ REJECT' >"$tmp/good/access"
lab "$tmp/good" --mta-root "$root" --log --print-facts "$tmp/facts" --run python3 -c "$answer" 25
status_is 0 "a good configuration"
out_has '^220 mx.lab.example ESMTP Postfix$'
err_has 'supplied: table hash:/etc/postfix/access'
err_has 'supplied: file /etc/postfix/master.cf' "a missing master.cf is the stock one"
err_has 'daemon started -- version' "the log is collected"
is "nothing is written into the configuration" test ! -e "$tmp/good/access.db"
is "the facts are valid JSON" python3 -c 'import json,sys; f=json.load(open(sys.argv[1])); assert f["version"] and f["dns_complete"] and "postfix" in f["local_users"]' "$tmp/facts"

lab "$tmp/good" --mta-root "$root" --quiet --run sh -c 'echo "$MTAPROOF_LISTENERS"; exit 7'
status_is 7 "the command's own status"
out_has '^0.0.0.0:25 \[::\]:25$'

lab "$tmp/good" --mta-root "$root" --as-is --run true
err_has 'missing: hash:/etc/postfix/access' "--as-is supplies nothing, and says so"

echo 'myhostname' >"$tmp/dead/main.cf"
lab "$tmp/dead" --mta-root "$root" --run sh -c 'echo "$MTAPROOF_STARTED"'
status_is 0 "a configuration that does not start"
out_has '^no$'
err_has "missing '=' after attribute name" "the log says why"

cat >"$tmp/tls/main.cf" <<'END'
compatibility_level = 3.6
smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/lab/cert.pem
smtpd_tls_key_file = /etc/lab/private/key.pem
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
END
echo '{"sasl": {"mechanisms": ["PLAIN"], "users": {"alice": "secret"}}}' >"$tmp/sasl.json"
echo '{"send": ["EHLO x", "STARTTLS", "EHLO x", "AUTH PLAIN AGFsaWNlAHNlY3JldA=="]}' >"$tmp/script"
lab "$tmp/tls" --mta-root "$root" --facts "$tmp/sasl.json" --run python3 tests/truth/play "$tmp/script"
status_is 0 "certificates and authentication"
out_has '220 2.0.0 Ready to start TLS'
out_has '235 2.7.0 Authentication successful'
err_has 'supplied: certificate /etc/lab/private/key.pem'
err_has 'supplied: authentication /var/spool/postfix/private/auth'
is "no certificate is left on the machine" test ! -e /etc/lab

# Names and addresses are those of the facts, and nothing else is reachable.
cat >"$tmp/dns.json" <<'END'
{"hostname": "other.example", "addresses": ["198.51.100.4/24"],
 "dns": {"ptr 203.0.113.5": "client.example", "address client.example": ["203.0.113.5"]}}
END
echo '{"client": "203.0.113.5", "send": ["EHLO x", "MAIL FROM:<a@b.example>", "RCPT TO:<refused@lab.example>"]}' >"$tmp/script"
lab "$tmp/good" --mta-root "$root" --log --facts "$tmp/dns.json" --run python3 tests/truth/play "$tmp/script"
err_has 'connect from client.example\[203.0.113.5\]' "the client's name comes from the facts"
out_has '554 5.7.1 <refused@lab.example>: Recipient address rejected: Access denied' "compiled tables answer"
lab "$tmp/good" --mta-root "$root" --quiet --run python3 -c 'import socket
for net in ("192.88.99.1", "8.8.8.8"):
    s = socket.socket(); s.settimeout(2)
    assert s.connect_ex((net, 25)) != 0'
status_is 0 "no way out"

# An owner that is killed takes everything with it.
"$MTAPROOF" lab "$tmp/good" --mta-root "$root" --quiet --run sleep 30 >/dev/null 2>&1 &
owner=$!
sleep 1
init=$(pgrep -P "$owner" mtaproof-lab)
is "process 1 of the lab runs" test -n "$init"
kill -9 "$owner"
wait "$owner" 2>/dev/null
i=0
while [ $i -lt 50 ] && kill -0 "$init" 2>/dev/null; do
	sleep 0.1
	i=$((i + 1))
done
is "a killed owner takes the lab with it" test ! -d "/proc/$init"
is "no mounts are left" test "$(wc -l </proc/self/mounts)" -eq "$mounts_before"

lab "$tmp/nosuch" --mta-root "$root" --run true
status_is 3 "no such configuration"
lab "$tmp/good" --mta-root "$tmp/nosuch" --run true
err_has 'nosuch: No such file or directory' "no such MTA"
lab --mta-root "$root"
status_is 2 "no configuration"
done_testing
