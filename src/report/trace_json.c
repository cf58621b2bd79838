/* trace_json - how an answer came about, as a member of a JSON report. */
#include "report/findings_json.h"
#include "report/trace.h"

static const char *kind_name(enum mp_trace_kind kind)
{
	switch (kind) {
	case MP_TRACE_BEGINS:
		return "begins";
	case MP_TRACE_RULE:
		return "rule";
	case MP_TRACE_LOOKUP:
		return "lookup";
	case MP_TRACE_ENDS:
		return "ends";
	case MP_TRACE_SAID:
		return "said";
	}
	return "";
}

void mp_trace_json(struct mp_json_writer *w, const struct mp_trace *trace)
{
	mp_json_begin_array(w);
	for (size_t i = 0; i < trace->n; i++) {
		const struct mp_trace_step *s = &trace->v[i];

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
