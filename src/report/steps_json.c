/* steps_json - how an answer came about, as a member of a JSON report. */
#include "report/findings_json.h"
#include "report/steps.h"

static const char *kind_name(enum mp_step_kind kind)
{
	switch (kind) {
	case MP_STEP_BEGINS:
		return "begins";
	case MP_STEP_RULE:
		return "rule";
	case MP_STEP_LOOKUP:
		return "lookup";
	case MP_STEP_ENDS:
		return "ends";
	case MP_STEP_SAID:
		return "said";
	}
	return "";
}

void mp_steps_json(struct mp_json_writer *w, const struct mp_steps *steps)
{
	mp_json_begin_array(w);
	for (size_t i = 0; i < steps->n; i++) {
		const struct mp_step *s = &steps->v[i];

		mp_json_begin_object(w);
		mp_json_string_member(w, "step", kind_name(s->kind));
		mp_json_integer_member(w, "depth", s->depth);
		mp_json_string_member(w, "name", s->name);
		if (s->loc.source != NULL) {
			mp_place_json(w, s->loc, "");
		}
		if (s->before != NULL) {
			mp_json_string_member(w, "before", s->before);
		}
		if (s->after != NULL) {
			mp_json_string_member(w, "after", s->after);
		}
		mp_json_end_object(w);
	}
	mp_json_end_array(w);
}
