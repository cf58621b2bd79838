/* said_json - simulated replies as members of a JSON report. */
#include "report/findings_json.h"
#include "report/said.h"
#include "report/trace.h"
#include "smtp/reply.h"

static void put_known_reply(struct mp_json_writer *w, const struct mp_said *said)
{
	struct mp_slice first =
		said->line_count > 0 ? mp_slice_str(said->lines[0]) : mp_slice("", 0);
	struct mp_enhanced enhanced = mp_enhanced_parse(mp_slice_from(first, 4));
	char text[MP_ENHANCED_TEXT];

	mp_json_integer_member(w, "code", said->code);
	mp_json_string_member(w, "enhanced", mp_enhanced_format(&enhanced, text));
	mp_json_strings_member(w, "lines", said->lines, said->line_count);
}

static void put_any(struct mp_json_writer *w, const char *digits)
{
	mp_json_key(w, "any");
	mp_json_begin_array(w);
	for (const char *p = digits; *p != '\0'; p++) {
		mp_json_put_slice(w, mp_slice(p, 1));
	}
	mp_json_end_array(w);
}

void mp_said_json(struct mp_json_writer *w, const struct mp_said *said, bool with_sent)
{
	mp_json_begin_object(w);
	if (with_sent) {
		mp_json_string_member(w, "send", said->sent);
	}
	switch (said->kind) {
	case MP_SAID_REPLY:
		put_known_reply(w, said);
		break;
	case MP_SAID_ANY:
		put_any(w, said->any);
		break;
	case MP_SAID_UNKNOWN:
		mp_json_bool_member(w, "unknown", true);
		mp_json_string_member(w, "note", said->note);
		break;
	case MP_SAID_CLOSED:
		mp_json_bool_member(w, "closed", true);
		break;
	case MP_SAID_REFUSED:
		mp_json_bool_member(w, "refused", true);
		break;
	case MP_SAID_TIMEOUT:
		mp_json_bool_member(w, "timeout", true);
		break;
	}
	mp_json_key(w, "because");
	mp_because_json(w, said->because);
	if (said->trace.n > 0) {
		mp_json_key(w, "trace");
		mp_trace_json(w, &said->trace);
	}
	mp_json_end_object(w);
}
