/* verification_summary - the first lines of a verification: what was tested, and what it came to.
 */
#include "report/terminal.h"
#include "report/verification_text.h"

const struct mp_check_verdict *mp_common_verdict(const struct mp_target_verdict *t, size_t *n)
{
	const struct mp_check_verdict *first = NULL;

	*n = 0;
	for (size_t i = 0; i < t->check_count; i++) {
		const struct mp_check_verdict *c = &t->checks[i];
		if (c->verdict == MP_VERDICT_SKIPPED) {
			continue;
		}
		first = first == NULL ? c : first;
		(*n)++;
		bool whole = (c->verdict == MP_VERDICT_MISMATCH && c->step == MP_VERB_GREETING) ||
			c->verdict == MP_VERDICT_INCONCLUSIVE;
		if (!whole || c->verdict != first->verdict || c->why != first->why ||
			c->kind != first->kind) {
			return NULL;
		}
	}
	return *n > 1 ? first : NULL;
}

/* Whether anything is known of the target from this class of client. */
static bool was_tested(const struct mp_target_verdict *t)
{
	for (size_t i = 0; i < t->check_count; i++) {
		if (t->checks[i].verdict < MP_VERDICT_INCONCLUSIVE) {
			return true;
		}
	}
	return false;
}

/* The addresses that this class of client had, each once; how many. */
static size_t put_addresses(FILE *out, const struct mp_verification *v, const char *client)
{
	size_t n = 0;

	for (size_t i = 0; i < v->target_count; i++) {
		const struct mp_target_verdict *t = &v->targets[i];
		bool before = false;
		for (size_t k = 0; k < i; k++) {
			before = before ||
				(mp_str_eq(v->targets[k].client, client) &&
					was_tested(&v->targets[k]) &&
					mp_str_eq(v->targets[k].seen_as, t->seen_as));
		}
		if (!before && mp_str_eq(t->client, client) && was_tested(t)) {
			fprintf(out, "%s%s", n == 0 ? "" : ", ",
				t->seen_as[0] != '\0' ? t->seen_as : "?");
			n++;
		}
	}
	return n;
}

static bool class_tested(const struct mp_verification *v, const char *client)
{
	for (size_t i = 0; i < v->target_count; i++) {
		if (mp_str_eq(v->targets[i].client, client) && was_tested(&v->targets[i])) {
			return true;
		}
	}
	return false;
}

/* Why nothing is known of a target that takes this client for an outsider; NULL: there is none. */
static const char *outsider_failed(const struct mp_verification *v)
{
	const char *why = NULL;

	for (size_t i = 0; i < v->target_count; i++) {
		size_t n;
		const struct mp_check_verdict *common = mp_common_verdict(&v->targets[i], &n);
		if (mp_str_eq(v->targets[i].client, "outsider") && why == NULL) {
			why = common != NULL ? mp_why_name(common->why) : "no test came to its end";
		}
	}
	return why;
}

/* The first line: from which viewpoints the answers are, and from which there are none. */
static void put_viewpoints(FILE *out, bool color, const struct mp_verification *v)
{
	static const struct {
		const char *client, *tested;
	} classes[] = {{"outsider", "an outsider"}, {"trusted", "a trusted client"},
		{"server", "the server itself"}};
	bool any = false;

	if (!v->outsider_played) {
		const char *failed = outsider_failed(v);
		mp_print_style(out, color, MP_STYLE_YELLOW);
		fprintf(out, "The outsider's view was not tested: %s.\n",
			failed != NULL ? failed : "no target sees this client as an outsider");
		mp_print_style(out, color, MP_STYLE_PLAIN);
	}
	for (size_t i = 0; i < 3; i++) {
		if (class_tested(v, classes[i].client)) {
			fprintf(out, "%s %s (", any ? "; as" : "Tested as", classes[i].tested);
			put_addresses(out, v, classes[i].client);
			fputc(')', out);
			any = true;
		}
	}
	for (size_t i = 1, n = 0; any && i < 3; i++) {
		if (!class_tested(v, classes[i].client)) {
			fprintf(out, "%s%s", n++ == 0 ? "; not tested as " : " or ",
				classes[i].tested);
		}
	}
	fputs(any ? ".\n" : "", out);
}

/* Targets of which nothing is known, when others were tested. */
static void put_untested(FILE *out, bool color, const struct mp_verification *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->target_count; i++) {
		size_t count;
		const struct mp_check_verdict *common = mp_common_verdict(&v->targets[i], &count);
		if (!v->outsider_played || common == NULL ||
			common->verdict != MP_VERDICT_INCONCLUSIVE) {
			continue;
		}
		mp_print_style(out, color, MP_STYLE_YELLOW);
		fputs(n++ == 0 ? "Not tested: " : ", ", out);
		mp_print_safe_str(out, v->targets[i].seen->target);
		fprintf(out, " (%s)", mp_why_name(common->why));
		mp_print_style(out, color, MP_STYLE_PLAIN);
	}
	fputs(n > 0 ? "\n" : "", out);
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

void mp_verification_summary(FILE *out, bool color, const struct mp_verification *v)
{
	put_viewpoints(out, color, v);
	put_untested(out, color, v);
	for (int i = 0; i <= MP_VERDICT_SKIPPED; i++) {
		fprintf(out, "%s%zu %s", i > 0 ? ", " : "", v->counts[i],
			mp_verdict_name((enum mp_verdict)i));
		if (i == MP_VERDICT_MISMATCH && v->other_words > 0) {
			fprintf(out, " (%zu in words only)", v->other_words);
		}
	}
	fputc('\n', out);
	put_established(out, &v->established);
}
