/* prediction_text - a prediction for a person. */
#include "base/arena.h"
#include "report/assumptions_text.h"
#include "report/prediction.h"
#include "report/prediction_table.h"
#include "report/said.h"
#include "report/surface_text.h"
#include "report/terminal.h"

enum { SHOWN_QUESTIONS = 8 };

static void put_title(FILE *out, bool color, const char *title)
{
	fputc('\n', out);
	mp_print_style(out, color, MP_STYLE_BOLD);
	fputs(title, out);
	mp_print_style(out, color, MP_STYLE_PLAIN);
	fputc('\n', out);
}

/* ---- listeners --------------------------------------------------------------------------------
 */

static void put_words(FILE *out, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		fputs(i > 0 ? " " : "", out);
		mp_print_safe_str(out, words[i]);
	}
	if (n == 0) {
		fputs("none", out);
	}
}

static const char *place_of(struct mp_arena *arena, const struct mp_listener_outline *l)
{
	return mp_arena_printf(
		arena, strchr(l->address, ':') != NULL ? "[%s]:%u" : "%s:%u", l->address, l->port);
}

static size_t width_of(const struct mp_prediction *p, struct mp_arena *arena, bool place)
{
	size_t width = 0;

	for (size_t i = 0; i < p->listener_count; i++) {
		const char *text = place ? place_of(arena, &p->listeners[i]) : p->listeners[i].name;
		width = strlen(text) > width ? strlen(text) : width;
	}
	return width;
}

static void put_listeners(FILE *out, bool color, const struct mp_prediction *p)
{
	struct mp_arena arena = {0};
	size_t names = width_of(p, &arena, false);
	size_t places = width_of(p, &arena, true);

	put_title(out, color, "where it listens:");
	for (size_t i = 0; i < p->listener_count; i++) {
		const struct mp_listener_outline *l = &p->listeners[i];
		fputs("  ", out);
		mp_print_cell(out, l->name, names);
		fputs("  ", out);
		mp_print_cell(out, place_of(&arena, l), places);
		fprintf(out, "  TLS %-8s  AUTH: ", l->tls);
		if (strcmp(l->tls, "implicit") != 0) {
			put_words(out, l->auth_clear, l->auth_clear_count);
			fputs(" in clear, ", out);
		}
		put_words(out, l->auth_tls, l->auth_tls_count);
		fputs(" under TLS", out);
		fputs(l->auth_required ? "; takes no mail without login" : "", out);
		fputs(l->certain ? "\n" : " (depends on open questions)\n", out);
	}
	if (p->listener_count == 0) {
		fputs("  nowhere\n", out);
	}
	mp_arena_release(&arena);
}

/* ---- outcomes ---------------------------------------------------------------------------------
 */

static void put_details(FILE *out, bool color, const struct mp_predicted *p)
{
	char ip[MP_IP_TEXT];

	fputs("  ", out);
	mp_print_style(out, color, MP_STYLE_BOLD);
	mp_print_safe_str(out, p->scenario);
	mp_print_style(out, color, MP_STYLE_PLAIN);
	if (p->with[0] != '\0') {
		fputs(" (", out);
		mp_print_safe_str(out, p->with);
		fputc(')', out);
	}
	fprintf(out, ", %s %s: %s%s at %s", p->client, mp_ip_format(&p->address, ip),
		mp_outcome_name(p->outcome), p->discarded ? ", discarded" : "",
		mp_verb_name(p->step));
	if (p->why != MP_WHY_NONE) {
		fprintf(out, " (%s)", mp_why_name(p->why));
	}
	fputs(p->control_failed ? " [the control is refused, too]" : "", out);
	fputc('\n', out);
	if (p->note[0] != '\0') {
		fputs("    note: ", out);
		mp_print_safe_str(out, p->note);
		fputc('\n', out);
	}
	mp_assumptions_text(out, "    if ", "    and ", p->assumptions, p->assumption_count);
	mp_said_text(out, color, "      ", p->dialogue, p->dialogue_count);
}

static void put_outcomes(FILE *out, bool color, const struct mp_prediction *p, enum mp_show show)
{
	for (size_t i = 0; i < p->outcome_count;) {
		const struct mp_predicted *first = &p->outcomes[i];
		size_t n = 1;
		while (i + n < p->outcome_count &&
			strcmp(p->outcomes[i + n].listener, first->listener) == 0) {
			n++;
		}
		fputc('\n', out);
		mp_print_style(out, color, MP_STYLE_BOLD);
		fputs("what ", out);
		mp_print_safe_str(out, first->listener);
		fputs(" answers to", out);
		mp_print_style(out, color, MP_STYLE_PLAIN);
		fputs(":\n", out);
		mp_prediction_table(out, color, first, n, show != MP_SHOW_DIFFERENCES);
		for (size_t k = 0; k < n && show == MP_SHOW_TRANSCRIPTS; k++) {
			put_details(out, color, &first[k]);
		}
		i += n;
	}
}

/* ---- what it rests on -------------------------------------------------------------------------
 */

/* The questions that assumptions answer, each once. */
static size_t open_questions(
	const struct mp_prediction *p, struct mp_arena *arena, const char *const **out)
{
	const char **v = mp_arena_array(arena, SHOWN_QUESTIONS, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < p->outcome_count; i++) {
		for (size_t k = 0; k < p->outcomes[i].assumption_count; k++) {
			struct mp_slice question = mp_slice_str(p->outcomes[i].assumptions[k]);
			size_t seen = 0;
			question = mp_slice_sub(question, 0, mp_slice_rchr(question, '='));
			question = mp_slice_trim(question);
			while (seen < n && !mp_slice_eq_str(question, v[seen])) {
				seen++;
			}
			if (seen == n && n < SHOWN_QUESTIONS) {
				v[n++] = mp_arena_slicedup(arena, question);
			}
		}
	}
	*out = v;
	return n;
}

static void put_ground(FILE *out, const struct mp_prediction *p)
{
	struct mp_arena arena = {0};
	const char *const *questions;
	size_t n = open_questions(p, &arena, &questions);
	bool truncated = false;

	for (size_t i = 0; i < p->outcome_count; i++) {
		truncated = truncated || p->outcomes[i].truncated;
	}
	if (n > 0) {
		fputs("\nsome answers depend on what is not in the configuration (--facts, "
		      "--assume):\n",
			out);
	}
	for (size_t i = 0; i < n; i++) {
		fputs("  ", out);
		mp_print_safe_str(out, questions[i]);
		fputs(i + 1 == SHOWN_QUESTIONS ? " ...\n" : "\n", out);
	}
	if (truncated) {
		fputs("? more is open than could be tried: there may be other answers\n", out);
	}
	mp_arena_release(&arena);
}

void mp_prediction_text(FILE *out, bool color, const struct mp_prediction *p, enum mp_show show)
{
	put_listeners(out, color, p);
	fputc('\n', out);
	mp_surface_text(out, color, &p->surface);
	put_outcomes(out, color, p, show);
	put_ground(out, p);
	fputc('\n', out);
}
