#!/bin/sh
# embed.sh ROOT [FILE...] - writes C source that holds the bytes of each FILE, named by its path below ROOT.
# Octal escapes in string literals: no tool beyond od and awk, and every byte value is safe in them.
set -eu
root=$1
shift
export LC_ALL=C
echo '/* Made by src/scenario/embed.sh from the data files of the tree; not edited by hand. */'
echo '#include "scenario/builtin.h"'
n=0
for f in "$@"; do
	printf '\nstatic const char data_%d[] =\n' "$n"
	od -An -v -to1 "$f" | awk '{ s = ""; for (i = 1; i <= NF; i++) s = s "\\" $i; print "\t\"" s "\"" }
		END { if (NR == 0) print "\t\"\""; print "\t;" }'
	n=$((n + 1))
done
# An empty array is not C: the last element is a terminator that the count leaves out.
printf '\nconst struct mp_builtin_file mp_builtin_files[] = {\n'
n=0
for f in "$@"; do
	printf '\t{"%s", data_%d, sizeof(data_%d) - 1},\n' "${f#"$root"/}" "$n" "$n"
	n=$((n + 1))
done
printf '\t{0, 0, 0}\n};\nconst size_t mp_builtin_file_count = %d;\n' "$n"
