/* findings_json - findings and the places behind an answer, as members of a JSON report. */
#include "report/findings_json.h"

void mp_place_json(struct mp_json_writer *w, struct mp_loc loc, const char *no_file)
{
	struct mp_position at = mp_loc_position(loc);

	mp_json_string_member(w, "file", loc.source != NULL ? at.file : no_file);
	mp_json_integer_member(w, "line", at.line);
	mp_json_integer_member(w, "column", at.column);

	struct mp_loc origin = mp_loc_origin(loc);

	if (origin.source != NULL) {
		struct mp_position from = mp_loc_position(origin);

		mp_json_key(w, "origin");
		mp_json_begin_object(w);
		mp_json_string_member(w, "file", from.file);
		mp_json_integer_member(w, "line", from.line);
		mp_json_end_object(w);
	}
}

void mp_because_json(struct mp_json_writer *w, struct mp_reasons because)
{
	mp_json_begin_array(w);
	for (size_t i = 0; i < because.n; i++) {
		mp_json_begin_object(w);
		mp_place_json(w, because.v[i].loc, "(default)");
		mp_json_string_member(w, "text", because.v[i].text);
		mp_json_end_object(w);
	}
	mp_json_end_array(w);
}

void mp_findings_json(struct mp_json_writer *w, const struct mp_findings *findings)
{
	mp_json_begin_array(w);
	for (size_t i = 0; i < findings->list.n; i++) {
		const struct mp_finding *f = &findings->list.v[i];
		mp_json_begin_object(w);
		mp_json_string_member(w, "rule", f->rule);
		mp_json_string_member(w, "severity", mp_severity_name(f->severity));
		mp_place_json(w, f->loc, "");
		mp_json_string_member(w, "message", f->message);
		mp_json_string_member(w, "fix", f->fix != NULL ? f->fix : "");
		mp_json_key(w, "because");
		mp_because_json(w, f->because);
		if (f->dialogue_count > 0) {
			mp_json_strings_member(w, "dialogue", f->dialogue, f->dialogue_count);
		}
		mp_json_end_object(w);
	}
	mp_json_end_array(w);
}
