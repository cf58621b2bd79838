/* verification_text - a verification for a person. */
#include "report/findings_text.h"
#include "report/terminal.h"
#include "report/verification.h"

static enum mp_style style_of(const struct mp_check_verdict *c)
{
	switch (c->verdict) {
	case MP_VERDICT_CONFIRMED:
		return MP_STYLE_GREEN;
	case MP_VERDICT_MISMATCH:
		return c->severity == MP_ERROR      ? MP_STYLE_RED
			: c->severity == MP_WARNING ? MP_STYLE_YELLOW
						    : MP_STYLE_DIM;
	case MP_VERDICT_POSSIBLE:
	case MP_VERDICT_INCONCLUSIVE:
		return MP_STYLE_YELLOW;
	case MP_VERDICT_SKIPPED:
		break;
	}
	return MP_STYLE_DIM;
}

/* "refused 454 4.7.1 Relay access denied or accepted 250" */
static void put_expected(FILE *out, const struct mp_expected *e)
{
	fputs(mp_outcome_name(e->outcome), out);
	if (e->service[0] != '\0') {
		fprintf(out, " (%s)", e->service);
	}
	for (size_t i = 0; i < e->reply_count; i++) {
		char enhanced[MP_ENHANCED_TEXT];
		const struct mp_expected_reply *r = &e->replies[i];
		fputs(i == 0 ? ": " : " or ", out);
		if (r->code == 0) {
			fputs("a reply worded by an outside party", out);
			continue;
		}
		mp_enhanced_format(&r->enhanced, enhanced);
		fprintf(out, "%u %s%s", r->code, enhanced, enhanced[0] != '\0' ? " " : "");
		mp_print_safe_str(out, r->text);
	}
	fputc('\n', out);
}

static void put_seen(FILE *out, const struct mp_check_seen *seen)
{
	fputs(mp_outcome_name(seen->seen.outcome), out);
	if (seen->seen.exchange != NULL && seen->seen.exchange->answered) {
		fputs(": ", out);
		mp_print_safe(out, seen->seen.exchange->reply.lines[0]);
	} else if (seen->seen.why != MP_WHY_NONE) {
		fprintf(out, " (%s)", mp_why_name(seen->seen.why));
	}
	fputc('\n', out);
}

static void put_because(FILE *out, struct mp_reasons because)
{
	for (size_t i = 0; i < because.n; i++) {
		fputs("      because   ", out);
		mp_print_place(out, because.v[i].loc, "default: ");
		mp_print_safe_str(out, because.v[i].text);
		fputc('\n', out);
	}
}

/* A difference in full, or any check with its transcript. */
static void put_detail(FILE *out, const struct mp_check_verdict *c)
{
	fputs("      predicted ", out);
	put_expected(out, &c->expected);
	if (c->seen != NULL) {
		fputs("      observed  ", out);
		put_seen(out, c->seen);
	}
	put_because(out, c->because);
	for (size_t i = 0; i < c->assumption_count; i++) {
		fputs("      if        ", out);
		mp_print_safe_str(out, c->assumptions[i]);
		fputc('\n', out);
	}
	if (c->explanation[0] != '\0') {
		fputs("      ", out);
		mp_print_safe_str(out, c->explanation);
		fputc('\n', out);
	}
	if (c->seen != NULL && c->seen->session != NULL) {
		mp_transcript_text(out, "        ", c->seen->session->report,
			c->seen->session->plan, c->seen->check);
	}
}

/* A check that another class of client plays. */
static bool for_others(const struct mp_check_verdict *c)
{
	return c->verdict == MP_VERDICT_SKIPPED && c->why == MP_WHY_NOT_FROM_HERE;
}

static void put_check(FILE *out, bool color, const struct mp_check_verdict *c, enum mp_show show)
{
	bool detail = c->verdict == MP_VERDICT_MISMATCH || show == MP_SHOW_TRANSCRIPTS;

	if (show == MP_SHOW_DIFFERENCES && (c->verdict == MP_VERDICT_CONFIRMED || for_others(c))) {
		return;
	}
	fputs("    ", out);
	mp_print_style(out, color, style_of(c));
	if (c->verdict == MP_VERDICT_MISMATCH) {
		fprintf(out, "%s: %s", mp_severity_name(c->severity),
			mp_mismatch_kind_name(c->kind));
	} else {
		fputs(mp_verdict_name(c->verdict), out);
	}
	mp_print_style(out, color, MP_STYLE_PLAIN);
	fprintf(out, "  %s", c->scenario);
	if (c->with[0] != '\0') {
		fputs(" with ", out);
		mp_print_safe_str(out, c->with);
	}
	if (c->why != MP_WHY_NONE) {
		fprintf(out, " (%s)", mp_why_name(c->why));
	}
	if (c->verdict == MP_VERDICT_MISMATCH) {
		fprintf(out, ", at %s", mp_verb_name(c->step));
	}
	fputc('\n', out);
	if (detail) {
		put_detail(out, c);
	}
}

static void put_target(FILE *out, bool color, const struct mp_target_verdict *t, enum mp_show show)
{
	char address[MP_IP_TEXT];
	size_t confirmed = 0;
	size_t others = 0;

	for (size_t i = 0; i < t->check_count; i++) {
		confirmed += t->checks[i].verdict == MP_VERDICT_CONFIRMED;
		others += for_others(&t->checks[i]);
	}
	mp_print_style(out, color, MP_STYLE_BOLD);
	mp_print_safe_str(out, t->seen->target);
	mp_print_style(out, color, MP_STYLE_PLAIN);
	fprintf(out, " [%s], seen as %s (%s): %zu of %zu confirmed\n",
		mp_ip_format(&t->seen->address, address), t->seen_as[0] != '\0' ? t->seen_as : "?",
		t->client, confirmed, t->check_count - others);
	if (t->seen->failure != MP_FAIL_NONE) {
		fprintf(out, "    %s: ", mp_failure_name(t->seen->failure));
		mp_print_safe_str(out, t->seen->failure_text);
		fputc('\n', out);
	}
	if (t->explanation[0] != '\0') {
		fputs("    ", out);
		mp_print_safe_str(out, t->explanation);
		fputc('\n', out);
	}
	for (size_t i = 0; i < t->check_count; i++) {
		put_check(out, color, &t->checks[i], show);
	}
	if (others > 0 && show == MP_SHOW_DIFFERENCES) {
		fprintf(out, "    not from here: %zu checks of other clients\n", others);
	}
}

static void put_summary(FILE *out, bool color, const struct mp_verification *v)
{
	if (!v->outsider_played) {
		mp_print_style(out, color, MP_STYLE_YELLOW);
		fputs("The outsider's view was not tested: no target sees this client as an "
		      "outsider.\n",
			out);
		mp_print_style(out, color, MP_STYLE_PLAIN);
	}
	for (int i = 0; i <= MP_VERDICT_SKIPPED; i++) {
		fprintf(out, "%s%zu %s", i > 0 ? ", " : "", v->counts[i],
			mp_verdict_name((enum mp_verdict)i));
	}
	fputc('\n', out);
}

static void put_established(FILE *out, const struct mp_established *e)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct mp_settled *s = &e->v[i];
		fputs(i == 0 ? "Known now: " : "           ", out);
		mp_print_safe_str(out, s->question);
		fputs(" = ", out);
		mp_print_safe_str(out, s->answer);
		fputs(s->told ? ", told by " : ", not proved: it fits ", out);
		mp_print_safe_str(out, s->by[0] != '\0' ? s->by : "all that was seen");
		fputc('\n', out);
	}
}

void mp_verification_text(FILE *out, bool color, const struct mp_verification *v, enum mp_show show)
{
	put_summary(out, color, v);
	put_established(out, &v->established);
	for (size_t i = 0; i < v->target_count; i++) {
		put_target(out, color, &v->targets[i], show);
	}
}
