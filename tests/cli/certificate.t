#!/bin/sh
# A client's own certificate: what cannot be used is said before anything is played.
. tests/tap.sh

command -v openssl >/dev/null || skip_all "there is no openssl"
make_pair() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \
		-keyout "$tmp/$1.key" -out "$tmp/$1.pem" 2>"$tmp/openssl" || cat "$tmp/openssl"
}
make_pair one
make_pair two
cat "$tmp/one.pem" "$tmp/one.key" >"$tmp/both.pem"
openssl ec -aes128 -passout pass:secret -in "$tmp/one.key" -out "$tmp/locked.key" 2>/dev/null
echo nonsense >"$tmp/nonsense.pem"

probe() { run "$MTAPROOF" probe --timeout 2 --allow-inconclusive "$@" 127.0.0.1:9; }

probe --certificate "$tmp/both.pem"
status_is 0 "certificate and key in one file"
probe --certificate "$tmp/one.pem" --key "$tmp/one.key"
status_is 0 "and in two"
probe --key "$tmp/one.key"
status_is 2 "a key alone"
err_has 'without --certificate'
probe --certificate "$tmp/one.pem"
status_is 3 "no key"
err_has 'one.pem'
probe --certificate "$tmp/one.pem" --key "$tmp/two.key"
status_is 3 "another's key"
err_has 'two.key'
probe --certificate "$tmp/one.pem" --key "$tmp/locked.key"
status_is 3 "a key with a passphrase is not asked about"
err_has 'passphrase'
probe --certificate "$tmp/nonsense.pem"
status_is 3 "no certificate"
err_has 'nonsense.pem'
probe --certificate "$tmp/absent.pem"
status_is 3 "no file"
err_has 'absent.pem'

done_testing
