#!/bin/sh
# Cases on which the simulation once disagreed, held against what the real Postfix 3.7.11 answered then.
# Needs neither root nor a Postfix.
set -u
cd "${TOP:-$(dirname "$0")/../..}" || exit 2
exec tests/truth/truth --against tests/truth/cases/*.json --show 20
