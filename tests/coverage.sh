#!/bin/sh
# tests/coverage.sh BUILD - line coverage by file, from what the tests of a V=cov build left behind.
set -u
export LC_ALL=C
cd "$(dirname "$0")/.." || exit 2
find "$1/src" -name '*.gcda' | sort | while read -r f; do
	gcov -n "$f" 2>/dev/null
done | awk '
	/^File / { f = $2; gsub(/\047/, "", f) }
	/^Lines executed:/ {
		split($0, a, /[:% ]+/)
		if (f ~ /^src\/.*\.c$/ && !(f in seen)) {
			seen[f] = 1
			printf "%6.1f %%  %5d  %s\n", a[3], a[5], f
			hit += a[3] * a[5] / 100; all += a[5]
		}
		f = ""
	}
	END { if (all) printf "%6.1f %%  %5d  all\n", 100 * hit / all, all }'
