/*
 * pattern - tables of regular expressions, whatever the engine that matches them.
 */
#ifndef MP_TABLE_PATTERN_H
#define MP_TABLE_PATTERN_H

#include "table/engine.h"
#include "table/private.h"

/* Reads the rules of the table and makes it one of patterns. */
void mp_open_patterns(
	struct mp_table *table, const char *name, const struct mp_pattern_engine *engine);

#endif
