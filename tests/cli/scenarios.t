#!/bin/sh
# The file of scenarios that the manual page shows is one that can be played.
. tests/tap.sh

mkdir -p "$tmp/ours/scenarios"
sed -n '/^\.Bd -literal/,/^\.Ed/p' doc/mtaproof-scenarios.5 | sed '1d;$d' >"$tmp/ours/scenarios/mine.json"

run "$MTAPROOF" rules --rules "$tmp/ours"
status_is 0 "the example of the manual page is read"
out_has 'mine/forged'
out_has 'our own questions' "its suite, too"

run "$MTAPROOF" predict --rules "$tmp/ours" --suite mine --show checks --facts fixtures/demo/facts.json fixtures/demo/postfix
out_has 'mine/sales  *refused'
out_has 'mine/forged .lists.example.org.  *refused' "played with each domain of the configuration"

sed 's/"control": "local\/recipient"/"control": "local\/nothing"/' "$tmp/ours/scenarios/mine.json" >"$tmp/ours/scenarios/wrong.json"
run "$MTAPROOF" rules --rules "$tmp/ours"
status_is 3 "a control that does not exist"
err_has 'local/nothing'

done_testing
