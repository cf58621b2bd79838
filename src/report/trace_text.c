/*
 * trace_text - how an answer came about, for a person.
 *
 *     | > check_rcpt  <a@b.example>
 *     |   sendmail.cf:1043  $*  ->  $: $1 $| $>"Local_check_rcpt" $1
 *     |       => <a@b.example> $|
 *     |   ? access  To:b.example  =  (nothing)
 *     | < check_rcpt  $#error $@ 5.7.1 $: "550 Relaying denied"
 */
#include "report/findings_text.h"
#include "report/terminal.h"
#include "report/trace.h"

static void margin(FILE *out, const struct mp_trace_step *s, const char *mark)
{
	fprintf(out, "   | %*s%s", (int)(s->depth > 0 ? (s->depth - 1) * 2 : 0), "", mark);
}

static void put(FILE *out, const char *before, const char *text)
{
	if (text != NULL) {
		fputs(before, out);
		mp_print_safe_str(out, text);
	}
}

/* The line of a rule without its letter and its comment: both sides. */
static void put_rule(FILE *out, struct mp_loc loc)
{
	struct mp_slice line = mp_loc_line(loc), right;
	size_t tab = mp_slice_chr(line, '\t');

	if (tab == MP_NOT_FOUND || line.p[0] != 'R' || loc.source->outside) {
		return;
	}
	right = mp_slice_trim(mp_slice_from(line, tab));
	right = mp_slice_sub(right, 0, mp_slice_chr(right, '\t'));
	mp_print_safe(out, mp_slice_sub(line, 1, tab));
	fputs("  ->  ", out);
	mp_print_safe(out, right);
}

static void put_lookup(FILE *out, const struct mp_trace_step *s)
{
	margin(out, s, "  ? ");
	mp_print_safe_str(out, s->name);
	put(out, "  ", s->before);
	put(out, "  =  ", s->after != NULL ? s->after : "(nothing)");
	if (s->loc.source != NULL) {
		fputs("  <- ", out);
		mp_print_place(out, s->loc, "");
	}
}

static void put_step(FILE *out, const struct mp_trace_step *s)
{
	switch (s->kind) {
	case MP_TRACE_BEGINS:
		margin(out, s, "> ");
		mp_print_safe_str(out, s->name);
		put(out, "  ", s->before);
		break;
	case MP_TRACE_RULE:
		margin(out, s, "  ");
		mp_print_place(out, s->loc, "");
		put_rule(out, s->loc);
		fputc('\n', out);
		margin(out, s, "      ");
		put(out, "=> ", s->after);
		break;
	case MP_TRACE_LOOKUP:
		put_lookup(out, s);
		break;
	case MP_TRACE_ENDS:
		margin(out, s, "< ");
		mp_print_safe_str(out, s->name);
		put(out, "  ", s->after);
		break;
	case MP_TRACE_SAID:
		margin(out, s, "  ! ");
		put(out, "", s->after);
		break;
	}
	fputc('\n', out);
}

void mp_trace_text(FILE *out, bool color, const struct mp_trace *trace)
{
	mp_print_style(out, color, MP_STYLE_DIM);
	for (size_t i = 0; i < trace->n; i++) {
		put_step(out, &trace->v[i]);
	}
	if (trace->left_out > 0) {
		fprintf(out, "   | (%zu further steps)\n", trace->left_out);
	}
	mp_print_style(out, color, MP_STYLE_PLAIN);
}
