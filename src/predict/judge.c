/* judge - from faults to findings: what has one cause is one. */
#include "predict/judge_internal.h"

#include "base/buf.h"
#include "predict/behaviour.h"

#include <stdlib.h>

enum { NAMED = 3, MESSAGE_MAX = 4000 };

void mp_judge_begin(struct mp_judge *judge, struct mp_arena *arena, bool live)
{
	*judge = (struct mp_judge){.arena = arena, .live = live};
}

void mp_judge_end(struct mp_judge *judge)
{
	mp_vec_release(&judge->faults);
}

static const char *text(const char *s)
{
	return s != NULL ? s : "";
}

void mp_judge_add(struct mp_judge *judge, const struct mp_fault *fault)
{
	struct mp_fault f = *fault;

	f.message = text(f.message);
	f.who = text(f.who);
	f.to = text(f.to);
	f.where = text(f.where);
	f.scenario = text(f.scenario);
	f.reply = text(f.reply);
	f.listener = text(f.listener);
	mp_vec_push(&judge->faults, f);
}

/* ---- causes ---- */

/* The line that decided, most direct first; NULL where all are defaults, or there are none. */
static const struct mp_reason *line_in(const struct mp_reasons *because)
{
	for (size_t i = 0; i < because->n; i++) {
		if (because->v[i].loc.source != NULL) {
			return &because->v[i];
		}
	}
	return NULL;
}

static const struct mp_reason *line_of(const struct mp_fault *f)
{
	return line_in(&f->because);
}

bool mp_same_cause(struct mp_reasons a, struct mp_reasons b)
{
	const struct mp_reason *x = line_in(&a);
	const struct mp_reason *y = line_in(&b);

	if (x != NULL && y != NULL) {
		return mp_loc_same(x->loc, y->loc);
	}
	return x == NULL && y == NULL && a.n > 0 && b.n > 0 && mp_str_eq(a.v[0].text, b.v[0].text);
}

static bool same_cause(const struct mp_fault *a, const struct mp_fault *b)
{
	if (a->because.n == 0 && b->because.n == 0) {
		return mp_str_eq(a->where, b->where);
	}
	return mp_same_cause(a->because, b->because);
}

/* ---- groups: the faults of one finding, as indices ---- */

struct group {
	const struct mp_behaviour_rule *rule; /* NULL: a scenario's own */
	MP_VEC(const struct mp_fault *) faults;
	bool dropped; /* another finding says it */
};

struct groups {
	MP_VEC(struct group) v;
};

static void put_into_group(struct groups *groups, const struct mp_fault *f)
{
	for (size_t i = 0; i < groups->v.n; i++) {
		const struct mp_fault *first = groups->v.v[i].faults.v[0];
		if (mp_str_eq(first->rule, f->rule) && same_cause(first, f)) {
			mp_vec_push(&groups->v.v[i].faults, f);
			return;
		}
	}
	struct group g = {.rule = mp_behaviour_rule_find(f->rule)};
	mp_vec_push(&g.faults, f);
	mp_vec_push(&groups->v, g);
}

/* A fault of which no line is known belongs to the finding that its rule has at the same place
 * already: AUTH that is answered, beside AUTH that is offered. */
static bool joins_known_cause(struct groups *groups, const struct mp_fault *f)
{
	for (size_t i = 0; i < groups->v.n; i++) {
		struct group *g = &groups->v.v[i];
		for (size_t k = 0; k < g->faults.n; k++) {
			const struct mp_fault *other = g->faults.v[k];
			if (other->because.n > 0 && mp_str_eq(other->rule, f->rule) &&
				mp_str_eq(other->where, f->where)) {
				mp_vec_push(&g->faults, f);
				return true;
			}
		}
	}
	return false;
}

/* Leaves out what a graver finding with the same cause says, too. */
static void drop_what_is_within(struct groups *groups)
{
	for (size_t i = 0; i < groups->v.n; i++) {
		struct group *inner = &groups->v.v[i];
		if (inner->rule == NULL || inner->rule->within == NULL) {
			continue;
		}
		for (size_t k = 0; k < groups->v.n && !inner->dropped; k++) {
			const struct group *outer = &groups->v.v[k];
			inner->dropped = mp_str_eq(outer->faults.v[0]->rule, inner->rule->within) &&
				same_cause(outer->faults.v[0], inner->faults.v[0]);
		}
	}
}

/* Whether the reader of the configuration has said why the server does not start. */
static bool is_about_start(const struct mp_finding *f)
{
	static const char *const readers[] = {"maincf/", "mastercf/", "settings/"};

	for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
		if (mp_slice_starts(mp_slice_str(f->rule), readers[i])) {
			return f->severity == MP_ERROR;
		}
	}
	return false;
}

/* A server that does not answer at all is said once, by who knows why. */
static bool said_already(const struct mp_findings *findings, const struct group *g)
{
	const struct mp_reason *line = line_of(g->faults.v[0]);
	bool nothing = mp_str_eq(g->faults.v[0]->rule, "listen/nothing");

	if (!nothing && !mp_str_eq(g->faults.v[0]->rule, "start/refused")) {
		return false;
	}
	for (size_t i = 0; i < findings->list.n; i++) {
		const struct mp_finding *f = &findings->list.v[i];
		bool there = line != NULL && f->loc.source == line->loc.source &&
			f->loc.start <= line->loc.start && line->loc.start <= f->loc.end;
		if (is_about_start(f) && (line == NULL || there)) {
			return true;
		}
	}
	return false;
}

/* ---- words ---- */

enum field { WHO, TO, WHERE, WHAT, REPLY, SCENARIOS, IF, NAMES };

static size_t values_of(const struct mp_fault *f, enum field field, const char *const **out)
{
	switch (field) {
	case WHO:
		*out = &f->who;
		break;
	case TO:
		*out = &f->to;
		break;
	case WHERE:
		*out = &f->where;
		break;
	case WHAT:
		*out = f->what;
		return f->what_count;
	case REPLY:
		*out = &f->reply;
		break;
	case SCENARIOS:
		*out = &f->scenario;
		break;
	case IF:
		*out = f->assumptions;
		return f->assumption_count;
	case NAMES:
		return 0;
	}
	return (*out)[0][0] != '\0';
}

struct words {
	MP_VEC(const char *) v;
};

static void add_word(struct words *words, const char *word)
{
	for (size_t i = 0; i < words->v.n; i++) {
		if (mp_str_eq(words->v.v[i], word)) {
			return;
		}
	}
	mp_vec_push(&words->v, word);
}

/* "a, b and c", "a, b, c and 7 more" */
static void put_words(struct mp_buf *out, const struct words *words)
{
	size_t n = words->v.n;
	size_t named = n > NAMED + 1 ? NAMED : n;

	for (size_t i = 0; i < named; i++) {
		bool last = i + 1 == n;
		mp_buf_printf(out, "%s%s", i == 0 ? "" : last ? " and " : ", ", words->v.v[i]);
	}
	if (named < n) {
		mp_buf_printf(out, " and %zu more", n - named);
	}
}

/* Whoever it may be, where no better word is known. */
static const char outsider[] = "an outsider";

static bool has_trial(const struct group *g)
{
	for (size_t i = 0; i < g->faults.n; i++) {
		if (!g->faults.v[i]->of_surface) {
			return true;
		}
	}
	return false;
}

static void collect(const struct group *g, bool live, enum field field, struct words *words)
{
	bool better = false;

	for (size_t i = 0; i < g->faults.n; i++) {
		const char *const *v;
		/* Of an opening the name of the listener: not where a server was tried. */
		if (field == WHERE && live && g->faults.v[i]->of_surface && has_trial(g)) {
			continue;
		}
		size_t n = values_of(g->faults.v[i], field, &v);
		for (size_t k = 0; k < n; k++) {
			better = better || !mp_str_eq(v[k], outsider);
			add_word(words, v[k]);
		}
	}
	for (size_t i = 0; better && field == WHO && i < words->v.n; i++) {
		if (mp_str_eq(words->v.v[i], outsider)) {
			words->v.v[i] = words->v.v[--words->v.n];
		}
	}
}

static const char *const field_names[] = {[WHO] = "{who}",
	[TO] = "{to}",
	[WHERE] = "{where}",
	[WHAT] = "{what}",
	[REPLY] = "{reply}",
	[SCENARIOS] = "{scenarios}",
	[IF] = "{if}"};

static void put_field(struct mp_buf *out, const struct group *g, bool live, enum field field)
{
	struct words words = {0};

	collect(g, live, field, &words);
	if (words.v.n == 0) {
		/* A scenario's alarm names nobody: its dialogue is shown below. */
		mp_buf_puts(out,
			field == WHO          ? outsider
				: field == TO ? "an address elsewhere"
					      : "");
	} else if (field == IF) {
		mp_buf_puts(out, " (it is so if ");
		put_words(out, &words);
		mp_buf_puts(out, ")");
	} else {
		mp_buf_puts(out, field == SCENARIOS ? ": " : "");
		put_words(out, &words);
	}
	mp_vec_release(&words.v);
}

static void put_template(struct mp_buf *out, const struct group *g, bool live, const char *template)
{
	while (*template != '\0') {
		enum field field = NAMES;
		for (int i = 0; i < NAMES && *template == '{'; i++) {
			if (mp_slice_starts(mp_slice_str(template), field_names[i])) {
				field = (enum field)i;
			}
		}
		if (field == NAMES) {
			mp_buf_putc(out, *template ++);
		} else {
			put_field(out, g, live, field);
			template += strlen(field_names[field]);
		}
	}
}

static const char *basis_words(unsigned basis)
{
	if (basis == (MP_BASIS_PREDICTED | MP_BASIS_SEEN)) {
		return "predicted and seen";
	}
	return basis == MP_BASIS_SEEN ? "seen" : "predicted";
}

/* The message of a finding, on the heap. */
static char *message_of(const struct mp_judge *judge, const struct group *g, unsigned basis)
{
	const struct mp_fault *first = g->faults.v[0];
	struct mp_buf out;

	mp_buf_init(&out, MESSAGE_MAX);
	if (g->rule != NULL) {
		put_template(&out, g, judge->live, g->rule->message);
	} else {
		mp_buf_puts(&out, first->message);
		put_template(&out, g, judge->live, " ({where})");
	}
	if (line_of(first) == NULL && first->because.n > 0 && (basis & MP_BASIS_PREDICTED) != 0) {
		struct mp_slice by = mp_slice_str(first->because.v[0].text);
		if (mp_slice_ends(by, " (default)")) {
			by.n -= strlen(" (default)");
		}
		mp_buf_puts(&out, "; decided by the default: ");
		mp_buf_put(&out, by);
	}
	if (judge->live) {
		mp_buf_printf(&out, " (%s)", basis_words(basis));
	}
	char *message = mp_buf_detach(&out);
	mp_buf_release(&out);
	return message;
}

/* ---- findings ---- */

/* The fault that speaks for its group: the gravest, and of those one that was seen. */
static const struct mp_fault *speaker(const struct group *g)
{
	const struct mp_fault *best = g->faults.v[0];

	for (size_t i = 1; i < g->faults.n; i++) {
		const struct mp_fault *f = g->faults.v[i];
		if (f->severity > best->severity ||
			(f->severity == best->severity && best->dialogue_count == 0)) {
			best = f;
		}
	}
	return best;
}

static void report(
	const struct mp_judge *judge, const struct group *g, struct mp_findings *findings)
{
	const struct mp_fault *best = speaker(g);
	const struct mp_reason *line = line_of(g->faults.v[0]);
	struct mp_loc loc = {0};
	unsigned basis = 0;

	if (line != NULL) {
		loc = line->loc;
	}
	for (size_t i = 0; i < g->faults.n; i++) {
		basis |= g->faults.v[i]->basis;
	}
	char *message = message_of(judge, g, basis);
	struct mp_finding *f = mp_finding_add(findings, best->severity, best->rule, loc,
		g->rule != NULL ? g->rule->fix : "", "%s", message);
	free(message);
	if (f != NULL) {
		f->because = best->because.n > 0 ? best->because : g->faults.v[0]->because;
		f->dialogue = best->dialogue;
		f->dialogue_count = best->dialogue_count;
	}
}

/* Whether the fault is none, because the client is one whom the surface lists by its address. */
static bool is_of_known_client(const struct mp_judge *judge, const struct mp_fault *f)
{
	bool relays = mp_slice_starts(mp_slice_str(f->rule), "relay/");

	return relays && judge->surface != NULL && f->client.family != 0 &&
		mp_surface_knows(judge->surface, f->listener, &f->client, f->because);
}

/* Groups the faults: first those with a line that decided, then those that join them. */
static void make_groups(const struct mp_judge *judge, struct groups *groups)
{
	for (size_t i = 0; i < judge->faults.n; i++) {
		const struct mp_fault *f = &judge->faults.v[i];
		if (f->because.n > 0 && !is_of_known_client(judge, f)) {
			put_into_group(groups, f);
		}
	}
	for (size_t i = 0; i < judge->faults.n; i++) {
		const struct mp_fault *f = &judge->faults.v[i];
		if (f->because.n == 0 && !joins_known_cause(groups, f)) {
			put_into_group(groups, f);
		}
	}
	drop_what_is_within(groups);
}

void mp_judge_findings(struct mp_judge *judge, struct mp_findings *findings)
{
	struct groups groups = {0};

	make_groups(judge, &groups);
	/* What is said here for the first time does not count as said already. */
	size_t before = findings->list.n;
	for (size_t i = 0; i < groups.v.n; i++) {
		struct group *g = &groups.v.v[i];
		struct mp_findings known = *findings;
		known.list.n = before;
		if (!g->dropped && !said_already(&known, g)) {
			report(judge, g, findings);
		}
		mp_vec_release(&g->faults);
	}
	mp_vec_release(&groups.v);
}
