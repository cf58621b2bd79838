/*
 * builtin.h - the scenarios and suites of rules/, compiled into the program.
 *
 * The build writes the definitions (src/scenario/compile). In the order of the files by their
 * names, byte by byte; all of it is constant and lives as long as the program.
 */
#ifndef MP_SCENARIO_BUILTIN_H
#define MP_SCENARIO_BUILTIN_H

#include "scenario/scenario.h"

#include <stddef.h>

extern const struct mp_scenario *const mp_builtin_scenarios[];
extern const size_t mp_builtin_scenario_count;
extern const struct mp_suite *const mp_builtin_suites[];
extern const size_t mp_builtin_suite_count;

#endif
