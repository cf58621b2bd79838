/*
 * trace_text - how an answer came about, for a person. What a rule makes of its workspace stands
 * behind what it looked up and called for it.
 *
 *     | > Relay_ok  <b@elsewhere.example>
 *     |   sendmail.cf:1276 (sendmail.mc:13)  $*  ->  $: $>A <$1> <?> <+ Connect> <$1>
 *     |     > A  <198.51.100.7><?><+Connect><198.51.100.7>
 *     |       ...
 *     |     < A  <RELAY><198.51.100.7>
 *     |   => <RELAY><198.51.100.7>
 *     | < Relay_ok  RELAY
 */
#include "report/terminal.h"
#include "report/trace.h"

/* Rulesets call each other less deep than this. */
enum { DEPTH = 64 };

struct printer {
	FILE *out;
	const char *made[DEPTH]; /* by depth: what the rule under way will have made */
};

static void margin_at(FILE *out, unsigned depth, const char *mark)
{
	fprintf(out, "   | %*s%s", (int)(depth > 0 ? (depth - 1) * 4 : 0), "", mark);
}

static void margin(FILE *out, const struct mp_trace_step *s, const char *mark)
{
	margin_at(out, s->depth, mark);
}

/* The rule of that depth has done all that it had to do. */
static void end_rule(struct printer *p, unsigned depth)
{
	const char **made = &p->made[depth % DEPTH];

	if (*made != NULL) {
		margin_at(p->out, depth, "  => ");
		mp_print_safe_str(p->out, *made);
		fputc('\n', p->out);
	}
	*made = NULL;
}

/* "sendmail.cf:1276 (sendmail.mc:13)" */
static void put_place(FILE *out, struct mp_loc loc)
{
	struct mp_position at = mp_loc_position(loc), from = mp_loc_position(mp_loc_origin(loc));

	mp_print_safe_str(out, at.file);
	fprintf(out, ":%u", at.line);
	if (from.line > 0) {
		fputs(" (", out);
		mp_print_safe_str(out, from.file);
		fprintf(out, ":%u)", from.line);
	}
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
		put_place(out, s->loc);
	}
}

static void put_step(struct printer *p, const struct mp_trace_step *s)
{
	FILE *out = p->out;

	if (s->kind == MP_TRACE_RULE || s->kind == MP_TRACE_ENDS) {
		end_rule(p, s->depth);
	}
	switch (s->kind) {
	case MP_TRACE_BEGINS:
		margin(out, s, "> ");
		mp_print_safe_str(out, s->name);
		put(out, "  ", s->before);
		break;
	case MP_TRACE_RULE:
		margin(out, s, "  ");
		put_place(out, s->loc);
		fputs("  ", out);
		put_rule(out, s->loc);
		p->made[s->depth % DEPTH] = s->after != NULL ? s->after : "(it broke off)";
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
	struct printer p = {.out = out};

	mp_print_style(out, color, MP_STYLE_DIM);
	for (size_t i = 0; i < trace->n; i++) {
		put_step(&p, &trace->v[i]);
	}
	if (trace->left_out > 0) {
		fprintf(out, "   | (%zu further steps)\n", trace->left_out);
	}
	mp_print_style(out, color, MP_STYLE_PLAIN);
}
