#!/bin/sh
# The lab with the real sendmail: a .mc becomes what runs, and what runs answers as predicted.
# shellcheck disable=SC2016 # what stands in single quotes is for the shell in the lab
. tests/tap.sh

needs_lab_of sendmail
library=$root/usr/share/sendmail/cf
fixtures=fixtures/sendmail

lab() {
	run "$MTAPROOF" lab --mta-root "$root" --cf-dir "$library" "$@"
}

# nothing_differs WHAT: no mismatch, and nothing that an open question decides.
nothing_differs() {
	is "$1: nothing differs" grep -q ' 0 mismatch' "$tmp/out"
	# How much room the disk has is the one thing that a configuration cannot tell.
	is "$1: nothing else is open" sh -c '! grep "possible  " "$1" | grep -v size/above' - "$tmp/out"
}

greet='import os,socket,sys
s=socket.create_connection((os.environ["MTAPROOF_SERVER"],int(sys.argv[1])),5)
print(s.recv(99).decode().strip())'

cp -r $fixtures/mission "$tmp/mission"
lab "$tmp/mission" --facts $fixtures/mission/facts.json --log --print-facts "$tmp/facts" --run python3 -c "$greet" 587
status_is 0 "a .mc"
out_has '^220 mail.example.org ESMTP Sendmail 8' "the daemon of port 587 greets"
err_has 'supplied: table /etc/mail/aliases'
err_has 'supplied: authentication /etc/sasldb2'
err_has 'starting daemon \(8' "the log is collected"
is "nothing is written into the configuration" test ! -e "$tmp/mission/sendmail.cf"
is "the facts name the version" python3 -c 'import json,sys; f=json.load(open(sys.argv[1])); assert f["version"][:2] == "8." and "alice" in f["local_users"]' "$tmp/facts"

lab "$tmp/mission" --facts $fixtures/mission/facts.json --quiet --run sh -c 'echo "$MTAPROOF_STARTED $MTAPROOF_LISTENERS"; exit 7'
status_is 7 "the command's own status"
out_has '^yes 0.0.0.0:25 0.0.0.0:587$'

# Every scenario from every class of client, to the letter.
for name in mission mission-swapped mission-smtps relay; do
	lab $fixtures/$name --facts $fixtures/$name/facts.json --quiet
	nothing_differs $name
	is "$name: much was played" awk '/ confirmed, / { ok = $1 >= 70 } END { exit !ok }' "$tmp/out"
done

# A and a exchanged, and the server still runs the other file: seen in both directions.
for pair in 'mission mission-swapped' 'mission-swapped mission'; do
	runs=${pair% *} wanted=${pair#* }
	lab $fixtures/"$runs" --facts $fixtures/"$runs"/facts.json --intended $fixtures/"$wanted" --quiet --format json
	status_is 1 "$wanted is wanted, $runs runs"
	is "$wanted is wanted, $runs runs: who may send without a login, and who must have one" python3 -c 'import json,sys
seen = {(m["listener"], m["scenario"], m["kind"]) for m in json.load(open(sys.argv[1]))["mismatches"]}
strict, loose = ("MTA", "MSA") if sys.argv[2] == "mission" else ("MSA", "MTA")
assert (loose, "local/recipient", "stricter") in seen or (loose, "auth/offered-clear", "stricter") in seen or (loose, "helo/required", "stricter") in seen, seen
assert any(l == strict and k == "more-permissive" for l, s, k in seen), seen' "$tmp/out" "$wanted"
done

# probe and verify, as an administrator runs them, at a server that was booted for them.
at_server() {
	lab "$fixtures/$1" --facts "$fixtures/$1/facts.json" --print-facts "$tmp/booted" --quiet --run \
		env PASSWORD=secret PROGRAM="$MTAPROOF" LIBRARY="$library" FACTS="$tmp/booted" sh -c "$2"
}
login='--login alice --password-env PASSWORD --local alice@example.org --sender alice@example.org'
at_server mission-smtps '"$PROGRAM" probe '"$login"' smtp://$MTAPROOF_SERVER submission://$MTAPROOF_SERVER smtps://$MTAPROOF_SERVER'
out_has 'refused +relay/plain .*550 5.7.1 .*Proper authentication required'
out_has 'refused +submission/foreign-before-auth +MAIL: 530 5.7.0 Authentication required'
is "who has logged in may relay, on 587 and 465" test "$(grep -Ec 'accepted +login/foreign +RCPT: 250 2.1.5' "$tmp/out")" = 2
is "the password is nowhere" sh -c '! grep -E "secret|c2VjcmV0" "$1"' - "$tmp/out"
verify='"$PROGRAM" verify --cf-dir "$LIBRARY" --suite full '"$login"' --facts "$FACTS"'
at_server mission-smtps "$verify"' fixtures/sendmail/mission-smtps smtp://$MTAPROOF_SERVER submission://$MTAPROOF_SERVER smtps://$MTAPROOF_SERVER'
nothing_differs "verify"
at_server mission "$verify"' fixtures/sendmail/mission-swapped smtp://$MTAPROOF_SERVER submission://$MTAPROOF_SERVER'
status_is 1 "A and a were swapped, and the server still runs the old file"
out_has 'error: more-permissive +helo/required, at MAIL' "port 25 takes what the file refuses"
out_has 'stricter +submission/local-before-auth-clear, at MAIL' "port 587 refuses what the file takes"
at_server mission-swapped "$verify"' fixtures/sendmail/mission smtp://$MTAPROOF_SERVER submission://$MTAPROOF_SERVER'
status_is 1 "and the other way round"
out_has 'error: more-permissive +auth/offered-clear' "port 25 asks for passwords"
out_has 'warning: stricter +local/recipient, at MAIL' "port 25 refuses the server's own mail"
out_has 'error: more-permissive +submission/local-before-auth-clear, at MAIL' "port 587 wants no login"

# The host's own name is looked up as an IPv6 host first: its IPv4 address is none of its own then, unless the
# interfaces are asked.
mkdir "$tmp/both"
for probe in True False; do
	sed "s/^MAILER(\`local')/define(\`confDONT_PROBE_INTERFACES', \`$probe')dnl\n&/" $fixtures/mission/sendmail.mc >"$tmp/both/sendmail.mc"
	lab "$tmp/both" --quiet --suite local/literal --show all
	nothing_differs "interfaces, DontProbeInterfaces=$probe"
	out_has "$(if [ $probe = True ]; then echo '550 5.7.1 <postmaster@.192.0.2.10.>'; else echo '250 2.1.5 <postmaster@.192.0.2.10.>'; fi)"
done

# A configuration that does not start is predicted not to, and does not.
lab $fixtures/mission-default-msa --facts $fixtures/mission-default-msa/facts.json
status_is 1 "a configuration that does not start"
err_has 'the server does not start with this configuration'
err_has 'daemon MSA: cannot listen: Address already in use' "the log says why"
out_has 'error: sendmail does not start: daemon MSA: cannot listen: Address already in use' "and so does the prediction"
out_has ' 0 mismatch'

# m4 gives up in the middle: nobody would install that.
mkdir "$tmp/half"
{ cat $fixtures/mission/sendmail.mc; echo 'FEATURE(`nosuchfeature'; } >"$tmp/half/sendmail.mc"
lab "$tmp/half" --run sh -c 'echo "$MTAPROOF_STARTED"'
out_has '^no$' "a .mc that m4 does not finish"

cp -r $fixtures/relay "$tmp/open"
chmod 0666 "$tmp/open/local-host-names" "$tmp/open/access"
lab "$tmp/open" --facts $fixtures/relay/facts.json --quiet --suite quick
nothing_differs "files that everybody may write to in the checkout"

# A key from a checkout that everybody may read there.
cp -r $fixtures/mission-smtps "$tmp/keys"
openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=mail.example.org -days 30 -keyout "$tmp/keys/server.key" -out "$tmp/keys/server.crt" 2>/dev/null
cp "$tmp/keys/server.crt" "$tmp/keys/ca.crt"
chmod 0644 "$tmp/keys/server.key"
lab "$tmp/keys" --facts $fixtures/mission-smtps/facts.json --suite quick
err_has 'supplied: file mode 0600 of /etc/mail/server.key' "a key is made one that only the server reads"
nothing_differs "certificates of the configuration's own"

lab $fixtures/relay --as-is --run true
err_has 'missing: hash:/etc/mail/access' "--as-is supplies nothing, and says so"

# The .cf that runs, by itself and beside its .mc.
m4 -D_CF_DIR_="$library/" "$library/m4/cf.m4" $fixtures/mission-swapped/sendmail.mc >"$tmp/mission/sendmail.cf"
for config in "$tmp/mission/sendmail.cf" "$tmp/mission --type cf"; do
	# shellcheck disable=SC2086 # two words
	lab $config --facts $fixtures/mission/facts.json --quiet --run python3 -c "$greet" 25
	out_has '^220 ' "$(basename "$config")"
done
lab "$tmp/mission/sendmail.cf" --facts $fixtures/mission/facts.json --quiet --suite quick
nothing_differs "a .cf"
lab "$tmp/mission" --facts $fixtures/mission/facts.json --intended $fixtures/mission --quiet --suite quick
nothing_differs "a folder with both: the .mc is what is tried"
lab "$tmp/mission/sendmail.mc" --facts $fixtures/mission/facts.json --quiet --suite quick
nothing_differs "the .mc by its name"

# Facts that can be read once only.
lab $fixtures/mission --facts - --quiet --suite quick <$fixtures/mission/facts.json
nothing_differs "facts from standard input"

lab "$tmp/mission" --mta-root "$tmp"
status_is 4 "no sendmail there"
err_has 'no sendmail on this machine'
done_testing
