/* builtin - the scenarios that are compiled in. */
#include "scenario/builtin.h"

int mp_scenarios_builtin(struct mp_scenarios *s, struct mp_err *err)
{
	(void)err;
	for (size_t i = 0; i < mp_builtin_suite_count; i++) {
		mp_vec_push(&s->suites, mp_builtin_suites[i]);
	}
	for (size_t i = 0; i < mp_builtin_scenario_count; i++) {
		mp_vec_push(&s->list, mp_builtin_scenarios[i]);
	}
	return 0;
}
