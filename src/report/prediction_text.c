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

/* A question; of a table that is not at hand the first, and whether there are more. */
struct open_question {
	struct mp_slice text, table;
	bool more;
};

/* "table.lookup hash:/etc/mail/access to:example.com": the table, or nothing. */
static struct mp_slice table_of(struct mp_slice question)
{
	static const char lookup[] = "table.lookup ";
	struct mp_slice rest = mp_slice_from(question, sizeof lookup - 1);

	return mp_slice_starts(question, lookup) ? mp_slice_sub(rest, 0, mp_slice_chr(rest, ' '))
						 : mp_slice(NULL, 0);
}

static bool is_alike(const struct open_question *a, struct mp_slice text, struct mp_slice table)
{
	return table.n > 0 ? mp_slice_eq(a->table, table) : mp_slice_eq(a->text, text);
}

/* The questions that assumptions answer, each once, and each table once; up to SHOWN_QUESTIONS. */
static size_t open_questions(const struct mp_prediction *p, struct open_question *v)
{
	size_t n = 0;

	for (size_t i = 0; i < p->outcome_count; i++) {
		for (size_t k = 0; k < p->outcomes[i].assumption_count; k++) {
			struct mp_slice text = mp_slice_str(p->outcomes[i].assumptions[k]), table;
			size_t seen = 0;

			text = mp_slice_trim(mp_slice_sub(text, 0, mp_slice_rchr(text, '=')));
			table = table_of(text);
			while (seen < n && !is_alike(&v[seen], text, table)) {
				seen++;
			}
			if (seen < n) {
				v[seen].more = v[seen].more || !mp_slice_eq(v[seen].text, text);
			} else if (n < SHOWN_QUESTIONS) {
				v[n++] = (struct open_question){text, table, false};
			}
		}
	}
	return n;
}

static void put_question(FILE *out, const struct open_question *q)
{
	fputs("  ", out);
	mp_print_safe(out, q->text);
	if (q->more) {
		fputs(", and other keys of this table, which is not at hand", out);
	}
}

static void put_ground(FILE *out, const struct mp_prediction *p)
{
	struct open_question questions[SHOWN_QUESTIONS];
	size_t n = open_questions(p, questions);
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
		put_question(out, &questions[i]);
		fputs(i + 1 == SHOWN_QUESTIONS ? " ...\n" : "\n", out);
	}
	if (truncated) {
		fputs("? more is open than could be tried: there may be other answers\n", out);
	}
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
