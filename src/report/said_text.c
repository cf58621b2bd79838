/* said_text - simulated dialogues as the telnet sessions that they stand for. */
#include "report/findings_text.h"
#include "report/said.h"
#include "report/terminal.h"
#include "report/trace.h"

static void put_reason(FILE *out, bool color, const char *indent, const struct mp_reason *r)
{
	mp_print_style(out, color, MP_STYLE_DIM);
	fprintf(out, "%s        <- ", indent);
	mp_print_place(out, r->loc, "default: ");
	mp_print_safe_str(out, r->text);
	mp_print_style(out, color, MP_STYLE_PLAIN);
	fputc('\n', out);
}

static void put_line(FILE *out, bool color, const char *indent, unsigned code, const char *line)
{
	enum mp_style style = code >= 500 ? MP_STYLE_RED
		: code >= 400             ? MP_STYLE_YELLOW
					  : MP_STYLE_GREEN;

	fprintf(out, "%sS: ", indent);
	mp_print_style(out, color, style);
	mp_print_safe_str(out, line);
	mp_print_style(out, color, MP_STYLE_PLAIN);
	fputc('\n', out);
}

void mp_said_reply_text(FILE *out, bool color, const char *indent, const struct mp_said *said)
{
	mp_trace_text(out, color, &said->trace);
	switch (said->kind) {
	case MP_SAID_REPLY:
		for (size_t i = 0; i < said->line_count; i++) {
			put_line(out, color, indent, said->code, said->lines[i]);
		}
		break;
	case MP_SAID_ANY:
		fprintf(out,
			"%sS: (a reply beginning with one of %s, worded by an outside party)\n",
			indent, said->any);
		break;
	case MP_SAID_UNKNOWN:
		fprintf(out, "%sS: (unknown: ", indent);
		mp_print_safe_str(out, said->note);
		fputs(")\n", out);
		break;
	case MP_SAID_CLOSED:
		fprintf(out, "%sS: (connection closed)\n", indent);
		break;
	case MP_SAID_REFUSED:
		fprintf(out, "%sS: (connection refused: nothing listens)\n", indent);
		break;
	case MP_SAID_TIMEOUT:
		fprintf(out, "%sS: (connected, but no greeting ever comes)\n", indent);
		break;
	}
	for (size_t i = 0; i < said->because.n; i++) {
		put_reason(out, color, indent, &said->because.v[i]);
	}
}

void mp_said_text(FILE *out, bool color, const char *indent, const struct mp_said *said, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (said[i].sent[0] != '\0') {
			fprintf(out, "%sC: ", indent);
			mp_print_safe_str(out, said[i].sent);
			fputc('\n', out);
		}
		mp_said_reply_text(out, color, indent, &said[i]);
	}
}
