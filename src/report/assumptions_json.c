/* assumptions_json - what a prediction rests on, as members of a JSON report. */
#include "report/assumptions_json.h"

void mp_assumptions_json(struct mp_json_writer *w, const char *const *assumptions, size_t n)
{
	static const char is[] = " = ";

	mp_json_begin_array(w);
	for (size_t i = 0; i < n; i++) {
		/* A question may hold the sign (an inline table's name), an answer of ours does
		 * not. */
		struct mp_slice text = mp_slice_str(assumptions[i]);
		size_t cut = text.n;
		for (size_t at = mp_slice_find(text, is); at != MP_NOT_FOUND;) {
			cut = at;
			size_t next = mp_slice_find(mp_slice_from(text, at + 1), is);
			at = next == MP_NOT_FOUND ? next : at + 1 + next;
		}
		mp_json_begin_object(w);
		mp_json_key(w, "question");
		mp_json_put_slice(w, mp_slice_sub(text, 0, cut));
		mp_json_key(w, "answer");
		mp_json_put_slice(w, mp_slice_from(text, cut + sizeof is - 1));
		mp_json_end_object(w);
	}
	mp_json_end_array(w);
}
