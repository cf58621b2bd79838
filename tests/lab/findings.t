#!/bin/sh
# Findings from behaviour: predict says what the lab sees, with the line and the dialogue; a sane server has none.
set -u
. tests/tap.sh

needs_lab

facts=fixtures/openings/facts.json
open=fixtures/openings/required-word-as-argument/postfix
sane=fixtures/openings/intended

run "$MTAPROOF" predict --isolated --facts "$facts" "$open"
status_is 1 "an open relay, predicted"
out_has '^main.cf:9:.*: error: anyone may have mail carried anywhere through smtp: relay/plain.*\[relay/open\]$' "one finding, at the line that decided"
out_has '^    | C: RCPT TO:<mtaproof@example.com>$' "with the dialogue"
out_has '^    | S: 250 2.1.5 Ok$' "and what is answered"
is "said once" test "$(grep -c '\[relay/' "$tmp/out")" -eq 1
is "without the greeting" sh -c "! grep -q '^    | S: 220' $tmp/out"

run "$MTAPROOF" lab --quiet --mta-root "$root" --facts "$facts" --suite quick "$open"
status_is 1 "an open relay, in the lab"
out_has '^main.cf:9:.*: error: anyone may have mail carried anywhere through .*\(predicted and seen\) \[relay/open\]$' "predicted and seen"

run "$MTAPROOF" lab --quiet --mta-root "$root" --facts "$facts" --suite quick --intended "$sane" "$open"
status_is 1 "a server that is not as intended"
out_has 'error: .* had mail for elsewhere accepted by .*\(seen\) \[relay/unlisted\]$' "seen, though not listed"

for how in predict lab; do
	set -- --facts "$facts" --suite quick "$sane"
	[ $how = lab ] && set -- --quiet --mta-root "$root" "$@"
	run "$MTAPROOF" $how "$@"
	status_is 0 "$how: what was meant"
	is "$how: nothing to be found" sh -c "! grep -Eq '(warning|error): ' $tmp/out"
done
done_testing
