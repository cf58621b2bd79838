/*
 * builtin.h - the data files of rules/, compiled into the program.
 *
 * The build writes the definitions (src/scenario/embed.sh). The array is sorted by path, byte by
 * byte; paths are relative to rules/ ("suites/quick.json"). The bytes are those of the file,
 * followed by a NUL that size does not count. All of it is constant and lives as long as the
 * program.
 */
#ifndef MP_SCENARIO_BUILTIN_H
#define MP_SCENARIO_BUILTIN_H

#include <stddef.h>

struct mp_builtin_file {
	const char *path;
	const char *bytes;
	size_t size;
};

extern const struct mp_builtin_file mp_builtin_files[];
extern const size_t mp_builtin_file_count;

#endif
