/* probing_text - what a probe saw, for a person. */
#include "report/probing.h"
#include "report/terminal.h"

static void put_outcome(FILE *out, bool color, const struct mp_probed_check *c)
{
	bool proved = c->seen != NULL && c->seen->seen.outcome != MP_OUTCOME_NOT_REACHED &&
		c->seen->seen.outcome != MP_OUTCOME_NO_SERVICE;

	mp_print_style(out, color,
		c->alarm         ? MP_STYLE_RED
			: proved ? MP_STYLE_PLAIN
				 : MP_STYLE_DIM);
	fprintf(out, "%-12s", c->seen != NULL ? mp_outcome_name(c->seen->seen.outcome) : "skipped");
	mp_print_style(out, color, MP_STYLE_PLAIN);
}

static void put_check(FILE *out, bool color, const struct mp_target_seen *target,
	const struct mp_probed_check *c, const struct mp_shown *shown)
{
	bool named = mp_shown_names(shown, c->scenario);

	if (shown->scenario_count > 0 && !named) {
		return;
	}
	fputs("    ", out);
	put_outcome(out, color, c);
	const struct mp_exchange *e = c->seen == NULL ? NULL : c->seen->seen.exchange;
	bool reply = e != NULL && e->answered && c->seen->check->keyword == NULL;
	fputc(' ', out);
	mp_print_cell(out, c->scenario, reply || c->why != MP_WHY_NONE ? 38 : 0);
	if (c->with[0] != '\0') {
		fputs(" with ", out);
		mp_print_safe_str(out, c->with);
	}
	if (c->why != MP_WHY_NONE) {
		fprintf(out, " (%s)", mp_why_name(c->why));
	}
	if (reply) {
		fprintf(out, " %s: ", mp_verb_name(c->seen->seen.step));
		mp_print_safe(out, e->reply.lines[0]);
	}
	if (c->seen != NULL && c->seen->seen.outcome == MP_OUTCOME_REFUSED &&
		!c->seen->seen.control_ok) {
		fputs(" [the control was refused, too]", out);
	}
	fputc('\n', out);
	if ((named || shown->level == MP_SHOW_TRANSCRIPTS) && c->seen != NULL) {
		mp_transcript_text(
			out, "        ", target, c->seen, c->seen->check->step, "tested here");
	}
}

static void put_tls(FILE *out, const struct mp_tls_facts *tls)
{
	fprintf(out, "    TLS          %s %s, certificate ", tls->protocol, tls->cipher);
	if (tls->verified) {
		fputs("verified", out);
	} else {
		fputs("not verified: ", out);
		mp_print_safe_str(out, tls->problem);
	}
	if (tls->chain_count > 0) {
		fputs("; ", out);
		mp_print_safe_str(out, tls->chain[0].subject);
		fprintf(out, " until %s", tls->chain[0].not_after);
	}
	fputc('\n', out);
}

static void put_target(
	FILE *out, bool color, const struct mp_probed_target *t, const struct mp_shown *shown)
{
	const struct mp_target_seen *s = t->seen;
	char address[MP_IP_TEXT];

	mp_print_style(out, color, MP_STYLE_BOLD);
	mp_print_safe_str(out, s->target);
	mp_print_style(out, color, MP_STYLE_PLAIN);
	if (s->address.family != 0) {
		fprintf(out, " [%s]", mp_ip_format(&s->address, address));
	}
	if (t->seen_as[0] != '\0') {
		fprintf(out, ", seen as %s", t->seen_as);
	}
	fprintf(out, " (%s)", t->client);
	if (s->failure != MP_FAIL_NONE) {
		fprintf(out, ": %s: ", mp_failure_name(s->failure));
		mp_print_safe_str(out, s->failure_text);
	}
	fputc('\n', out);
	if (t->explanation[0] != '\0') {
		mp_print_paragraph(out, "    ", MP_REPORT_WIDTH, t->explanation);
	}
	for (size_t i = 0; i < s->session_count; i++) {
		if (s->sessions[i].tls != NULL) {
			put_tls(out, s->sessions[i].tls);
			break;
		}
	}
	for (size_t i = 0; i < t->check_count; i++) {
		put_check(out, color, s, &t->checks[i], shown);
	}
}

void mp_probing_text(FILE *out, bool color, const struct mp_probed_target *targets, size_t count,
	const struct mp_shown *shown)
{
	for (size_t i = 0; i < count; i++) {
		put_target(out, color, &targets[i], shown);
	}
}
