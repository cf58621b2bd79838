/*
 * engine - what matches regular expressions, behind one interface.
 */
#ifndef MP_TABLE_ENGINE_H
#define MP_TABLE_ENGINE_H

#include <stdbool.h>

/* The bytes that a group matched; start is -1 when it took no part. */
struct mp_group {
	long start, end;
};

enum mp_match { MP_MATCH_NO, MP_MATCH_YES, MP_MATCH_FAILED };

enum mp_flag { MP_FLAG_UNKNOWN, MP_FLAG_SET, MP_FLAG_OBSOLETE };

enum { MP_PATTERN_WHY = 160 };

struct mp_pattern_engine {
	unsigned default_flags;
	/* "/one/!/two/ value" is known: matches one and not two. */
	bool has_second;
	/* Toggles the flag that a letter behind the pattern stands for. */
	enum mp_flag (*flag)(char letter, unsigned *flags);
	/* The compiled expression, owned by the caller, and its number of groups; NULL and why. */
	void *(*compile)(
		const char *expression, unsigned flags, unsigned *groups, char why[MP_PATTERN_WHY]);
	/* Matches, and fills groups[0..count-1] (the whole match is 0). */
	enum mp_match (*match)(
		const void *compiled, const char *text, struct mp_group *groups, unsigned count);
	void (*free)(void *compiled);
};

/* POSIX expressions, matched by the C library; flags are those of regcomp(3). */
const struct mp_pattern_engine *mp_regexp_engine(void);

#endif
