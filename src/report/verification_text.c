/* verification_text - a verification for a person. */
#include "report/verification_text.h"
#include "report/assumptions_text.h"
#include "report/findings_text.h"
#include "report/terminal.h"
#include "smtp/capability.h"

#include <stdlib.h>
#include <string.h>

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

/* The keyword of EHLO's reply that the check is about, or NULL. */
static const char *keyword_of(const struct mp_check_verdict *c)
{
	return c->seen != NULL ? c->seen->check->keyword : NULL;
}

/* "454 4.7.1 Relay access denied, or 250 2.1.5 Ok"; "AUTH PLAIN" of a keyword. */
static void put_replies(FILE *out, const struct mp_check_verdict *c)
{
	const struct mp_expected *e = &c->expected;
	size_t n = 0;

	for (size_t i = 0; i < e->reply_count; i++) {
		char enhanced[MP_ENHANCED_TEXT];
		const struct mp_expected_reply *r = &e->replies[i];
		bool keyword = keyword_of(c) != NULL && r->code / 100 == 2;
		if (keyword && r->text[0] == '\0') {
			continue;
		}
		fputs(n++ == 0 ? ": " : ", or ", out);
		if (r->code == 0) {
			fputs("a reply worded by an outside party", out);
			continue;
		}
		mp_enhanced_format(&r->enhanced, enhanced);
		if (!keyword) {
			fprintf(out, "%u %s%s", r->code, enhanced, enhanced[0] != '\0' ? " " : "");
		}
		mp_print_safe_str(out, r->text);
	}
}

/* "refused: 454 4.7.1 Relay access denied", "AUTH not-offered" */
static void put_expected(FILE *out, const struct mp_check_verdict *c)
{
	const struct mp_expected *e = &c->expected;

	if (keyword_of(c) != NULL) {
		fprintf(out, "%s ", keyword_of(c));
	}
	fputs(mp_outcome_name(e->outcome), out);
	if (e->service[0] != '\0') {
		fprintf(out, " (%s)", e->service);
	} else if (e->outcome == MP_OUTCOME_NOT_REACHED && e->why != MP_WHY_NONE) {
		fprintf(out, " (%s)", mp_why_name(e->why));
	}
	put_replies(out, c);
}

static void put_seen(FILE *out, const struct mp_check_verdict *c)
{
	const struct mp_seen *seen = &c->seen->seen;
	const char *keyword = keyword_of(c);
	bool answered = c->observed != NULL && c->observed->answered;

	if (keyword != NULL) {
		fprintf(out, "%s ", keyword);
	}
	fputs(mp_outcome_name(seen->outcome), out);
	if (answered &&
		(seen->outcome == MP_OUTCOME_OFFERED || seen->outcome == MP_OUTCOME_NOT_OFFERED)) {
		struct mp_slice line = mp_capability_line(&c->observed->reply, keyword);
		fputs(line.n > 0 ? ": " : "", out);
		mp_print_safe(out, line);
	} else if (answered) {
		fputs(": ", out);
		mp_print_safe(out, c->observed->reply.lines[0]);
	} else if (seen->why != MP_WHY_NONE) {
		fprintf(out, " (%s)", mp_why_name(seen->why));
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

bool mp_shown_names(const struct mp_shown *shown, const char *scenario)
{
	for (size_t i = 0; i < shown->scenario_count; i++) {
		const char *name = shown->scenarios[i];
		size_t n = strlen(name);
		if (mp_str_eq(name, scenario) ||
			(n > 0 && strncmp(name, scenario, n) == 0 &&
				(name[n - 1] == '/' || scenario[n] == '/'))) {
			return true;
		}
	}
	return false;
}

/* "tested here: as predicted"; to be freed. */
static char *mark_of(const struct mp_check_verdict *c)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL) {
		return NULL;
	}
	switch (c->verdict) {
	case MP_VERDICT_CONFIRMED:
	case MP_VERDICT_POSSIBLE:
		fputs(c->verdict == MP_VERDICT_CONFIRMED ? "tested here: as predicted"
							 : "tested here: as may be predicted",
			out);
		break;
	case MP_VERDICT_MISMATCH:
		fputs(c->kind == MP_MISMATCH_STRICTER && c->observed != NULL &&
					c->observed->step != c->seen->check->step
				? "refused here; predicted: "
				: "predicted here: ",
			out);
		put_expected(out, c);
		break;
	case MP_VERDICT_INCONCLUSIVE:
	case MP_VERDICT_SKIPPED:
		fprintf(out, "it ended here (%s)%s", mp_why_name(c->why),
			c->as_predicted ? ", as predicted" : "");
		break;
	}
	fclose(out);
	return text;
}

static void put_transcript(
	FILE *out, const struct mp_target_seen *target, const struct mp_check_verdict *c)
{
	if (c->seen == NULL || c->seen->session == NULL) {
		return;
	}
	char *mark = mark_of(c);
	int step = c->observed != NULL ? c->observed->step : c->seen->check->step;
	mp_transcript_text(out, "        ", target, c->seen, step, mark != NULL ? mark : "");
	free(mark);
}

static void put_assumptions(FILE *out, const struct mp_check_verdict *c)
{
	mp_assumptions_text(
		out, "      if        ", "      and       ", c->assumptions, c->assumption_count);
}

/* A difference in full, or any check with its transcript. */
static void put_detail(
	FILE *out, const struct mp_target_seen *target, const struct mp_check_verdict *c)
{
	fputs("      predicted ", out);
	put_expected(out, c);
	fputc('\n', out);
	if (c->seen != NULL) {
		fputs("      observed  ", out);
		put_seen(out, c);
	}
	put_because(out, c->because);
	put_assumptions(out, c);
	if (c->explanation[0] != '\0') {
		fputs("      because   ", out);
		mp_print_safe_str(out, c->explanation);
		fputc('\n', out);
	}
	put_transcript(out, target, c);
}

static bool is_shown(const struct mp_check_verdict *c, const struct mp_shown *shown)
{
	if (shown->scenario_count > 0) {
		return mp_shown_names(shown, c->scenario);
	}
	return shown->level != MP_SHOW_DIFFERENCES ||
		(c->verdict != MP_VERDICT_CONFIRMED && c->verdict != MP_VERDICT_SKIPPED);
}

/* "error: more-permissive  relay/plain, at RCPT" */
static void put_verdict(
	FILE *out, bool color, const struct mp_check_verdict *c, const char *scenario)
{
	fputs("    ", out);
	mp_print_style(out, color, style_of(c));
	if (c->verdict == MP_VERDICT_MISMATCH) {
		fprintf(out, "%s: %s", mp_severity_name(c->severity),
			mp_mismatch_kind_name(c->kind));
	} else {
		fputs(mp_verdict_name(c->verdict), out);
	}
	mp_print_style(out, color, MP_STYLE_PLAIN);
	fputs("  ", out);
	mp_print_safe_str(out, scenario);
	if (c->why != MP_WHY_NONE) {
		fprintf(out, " (%s%s)", mp_why_name(c->why),
			c->as_predicted ? ", as predicted" : "");
	}
	if (c->verdict == MP_VERDICT_MISMATCH) {
		fprintf(out, ", at %s", mp_verb_name(c->step));
	}
	fputc('\n', out);
}

static void put_check(FILE *out, bool color, const struct mp_target_seen *target,
	const struct mp_check_verdict *c, const struct mp_shown *shown)
{
	struct mp_arena scratch = {0};
	const char *name = c->scenario;

	if (c->with[0] != '\0') {
		name = mp_arena_printf(&scratch, "%s with %s", name, c->with);
	}
	put_verdict(out, color, c, name);
	if (c->verdict == MP_VERDICT_MISMATCH ||
		(c->seen != NULL &&
			(shown->level == MP_SHOW_TRANSCRIPTS || shown->scenario_count > 0))) {
		put_detail(out, target, c);
	} else if (c->verdict == MP_VERDICT_POSSIBLE) {
		put_assumptions(out, c);
	}
	mp_arena_release(&scratch);
}

static void put_checks(
	FILE *out, bool color, const struct mp_target_verdict *t, const struct mp_shown *shown)
{
	size_t n;
	const struct mp_check_verdict *common =
		shown->level == MP_SHOW_DIFFERENCES && shown->scenario_count == 0
		? mp_common_verdict(t, &n)
		: NULL;

	if (common != NULL) {
		char text[64];
		snprintf(text, sizeof text, "all %zu checks", n);
		put_verdict(out, color, common, text);
		if (common->verdict == MP_VERDICT_MISMATCH) {
			put_detail(out, t->seen, common);
		}
		return;
	}
	for (size_t i = 0; i < t->check_count; i++) {
		if (is_shown(&t->checks[i], shown)) {
			put_check(out, color, t->seen, &t->checks[i], shown);
		}
	}
}

/* What was not played, counted by the reason. */
static void put_skipped(FILE *out, const struct mp_target_verdict *t)
{
	size_t counts[MP_WHY_COUNT] = {0};
	size_t n = 0;

	for (size_t i = 0; i < t->check_count; i++) {
		counts[t->checks[i].why] += t->checks[i].verdict == MP_VERDICT_SKIPPED;
	}
	for (int why = 0; why < MP_WHY_COUNT; why++) {
		if (counts[why] > 0) {
			fprintf(out, "%s%zu %s", n++ == 0 ? "    skipped: " : ", ", counts[why],
				mp_why_name((enum mp_why)why));
		}
	}
	fputs(n > 0 ? "\n" : "", out);
}

static void put_target(
	FILE *out, bool color, const struct mp_target_verdict *t, const struct mp_shown *shown)
{
	char address[MP_IP_TEXT];
	size_t confirmed = 0;
	size_t skipped = 0;

	for (size_t i = 0; i < t->check_count; i++) {
		confirmed += t->checks[i].verdict == MP_VERDICT_CONFIRMED;
		skipped += t->checks[i].verdict == MP_VERDICT_SKIPPED;
	}
	mp_print_style(out, color, MP_STYLE_BOLD);
	mp_print_safe_str(out, t->seen->target);
	mp_print_style(out, color, MP_STYLE_PLAIN);
	if (t->seen->address.family != 0) {
		fprintf(out, " [%s]", mp_ip_format(&t->seen->address, address));
	}
	fprintf(out, ", seen as %s (%s): %zu of %zu confirmed\n",
		t->seen_as[0] != '\0' ? t->seen_as : "?", t->client, confirmed,
		t->check_count - skipped);
	if (t->seen->failure != MP_FAIL_NONE) {
		fprintf(out, "    %s: ", mp_failure_name(t->seen->failure));
		mp_print_safe_str(out, t->seen->failure_text);
		fputc('\n', out);
	}
	if (t->explanation[0] != '\0') {
		mp_print_paragraph(out, "    ", MP_REPORT_WIDTH, t->explanation);
	}
	if (t->listener[0] == '\0' && t->seen->reach != MP_REACH_CONNECTED &&
		t->explanation[0] == '\0' && confirmed > 0) {
		fputs("    no listener is predicted there, and none answers\n", out);
	}
	put_checks(out, color, t, shown);
	if (shown->level == MP_SHOW_DIFFERENCES && shown->scenario_count == 0) {
		put_skipped(out, t);
	}
}

void mp_verification_text(
	FILE *out, bool color, const struct mp_verification *v, const struct mp_shown *shown)
{
	mp_verification_summary(out, color, v);
	for (size_t i = 0; i < v->target_count; i++) {
		put_target(out, color, &v->targets[i], shown);
	}
}
