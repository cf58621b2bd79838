/*
 * check - what the rulesets say (rscheck): reference 2.2, 4.9, 4.10.
 *
 * Only a workspace that begins with $#error or $#discard has an effect; all else means: go on. What
 * rules make sendmail itself say (a value that is not balanced, say) fails the command, too.
 */
#include "base/ascii.h"
#include "sendmail/smtp/session.h"
#include "smtp/reply.h"

/* ---- watching ---------------------------------------------------------------------------------
 */

static void add_turn(struct sm_session *s, struct mp_turn turn)
{
	s->turns = mp_arena_room(
		s->arena, s->turns, s->turn_count, &s->turn_cap, sizeof *s->turns, 256);
	s->turns[s->turn_count++] = turn;
}

static void add_step(struct sm_session *s, struct mp_loc loc, bool rule)
{
	s->steps = mp_arena_room(
		s->arena, s->steps, s->step_count, &s->step_cap, sizeof *s->steps, 64);
	s->steps[s->step_count++] = (struct sm_step){loc, rule};
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	h ^= v + 0x9e3779b97f4a7c15u + (h << 6) + (h >> 2);
	return h * 0xff51afd7ed558ccdu;
}

static uint64_t mix_text(uint64_t h, const char *text)
{
	for (; *text != '\0'; text++) {
		h = mix(h, (unsigned char)*text);
	}
	return h;
}

static bool is_error(const struct sm_tokens *w)
{
	return w->n > 1 && w->v[0].symbol == SM_SYM_NET && mp_str_eq(w->v[1].text, "error");
}

/* A rule that lets pass: its result is RELAY, or $#something that is no error. */
static bool lets_pass(const struct sm_tokens *w)
{
	return (w->n == 1 && mp_str_ieq(w->v[0].text, "RELAY")) ||
		(w->n > 1 && w->v[0].symbol == SM_SYM_NET && !is_error(w));
}

static void applied(void *context, const struct sm_matched *m, const struct sm_tokens *after)
{
	struct sm_session *s = context;
	uint64_t h = mix_text(mix(m->rule->number, 1), m->ruleset->name);

	add_turn(
		s, (struct mp_turn){.what = h, .refuses = is_error(after) && !is_error(m->before)});
	if (lets_pass(after) && !lets_pass(m->before)) {
		const struct sm_class_word *word = sm_matched_word(&s->run, m);

		if (word != NULL && word->loc.source != NULL) {
			add_step(s, word->loc, false);
		}
		add_step(s, m->rule->loc, true);
	}
}

static void looked_up(void *context, const struct sm_map *map, const char *key,
	const struct sm_map_result *result, unsigned depth)
{
	struct sm_session *s = context;
	uint64_t h = mix_text(mix((uint64_t)result->status, 2), sm_map_name(map));

	(void)key, (void)depth;
	if (result->status == SM_MAP_FOUND && result->loc.source != NULL) {
		h = mix_text(h, result->value);
		add_step(s, result->loc, false);
	}
	add_turn(s, (struct mp_turn){.what = h});
}

const struct sm_trace sm_session_trace = {.applied = applied, .looked_up = looked_up};

/* ---- running ----------------------------------------------------------------------------------
 */

/* What rules made sendmail say, as an error; NULL when nothing. The list is empty afterwards. */
static const char *take_said(struct sm_session *s)
{
	const char *error = NULL;

	for (size_t i = 0; i < s->run.said.n && error == NULL; i++) {
		const struct sm_said *said = &s->run.said.v[i];

		if (said->text[0] == '4' || said->text[0] == '5') {
			error = said->text;
			s->scanned = said->scanned;
		}
	}
	mp_vec_release(&s->run.said);
	return error;
}

const char *sm_rewrite(struct sm_session *s, struct sm_tokens *workspace,
	const char *const *rulesets, bool *deferred)
{
	const char *error = NULL;

	s->scanned = NULL;
	for (; *rulesets != NULL && error == NULL; rulesets++) {
		enum sm_status status = sm_run_named(&s->run, *rulesets, workspace);

		error = take_said(s);
		if (status == SM_EXHAUSTED) {
			s->lost = "the rules of this configuration do not come to an end";
		}
		if (status == SM_TEMPORARY && deferred != NULL) {
			*deferred = true;
		}
	}
	return error;
}

/* "first $| second" as tokens; false where it is too long. */
static bool scan(struct sm_session *s, const char *first, const char *second, unsigned flags,
	struct sm_tokens *out)
{
	struct sm_text a = sm_text_of(mp_slice_str(first), s->arena);
	struct sm_text b = sm_text_of(mp_slice_str(second != NULL ? second : ""), s->arena);
	sm_unit *units = mp_arena_array(s->arena, a.n + b.n + 4, sizeof *units);
	size_t n = a.n;

	memcpy(units, a.p, a.n * sizeof *units);
	if (second != NULL) {
		units[n++] = ' ';
		units[n++] = SM_SYM_ELSE;
		units[n++] = ' ';
		memcpy(units + n, b.p, b.n * sizeof *units);
		n += b.n;
	}

	enum sm_scan scan = sm_tokens_scan(
		out, (struct sm_text){units, n}, &s->cf->chars, flags, NULL, s->arena);

	/* What has no partner was mended, and is no error here. */
	return scan <= SM_SCAN_UNANGLE;
}

static bool is_code(const char *text)
{
	return mp_is_digit(text[0]) && mp_is_digit(text[1]) && mp_is_digit(text[2]) &&
		text[3] == ' ';
}

/* The words of an error as one text, quotes and all, cut where sendmail's buffer for it ends: a
 * blank between words may still have its place there. */
static const char *error_words(struct sm_session *s, const struct sm_tokens *w, size_t from)
{
	enum { ROOM = 256 };
	const char *text = "";

	/* Of the symbols only $| can come so far: in sendmail it is a byte, of which seven bits are
	 * shown. */
	for (size_t i = from; i < w->n; i++) {
		size_t end = i;

		while (end < w->n && w->v[end].symbol == 0) {
			end++;
		}
		text = mp_arena_printf(s->arena, "%s%s%s", text,
			sm_tokens_join(w->v, i, end, ' ', &s->cf->chars, s->arena),
			end < w->n && w->v[end].symbol == SM_SYM_ELSE ? "\x1b" : "");
		i = end;
	}
	return strlen(text) < ROOM
		? text
		: mp_arena_memdup(s->arena, text, text[ROOM - 1] == ' ' ? ROOM : ROOM - 1);
}

bool sm_resolved_host(const struct sm_tokens *w)
{
	return w->n > 3 && w->v[2].symbol == SM_SYM_HOST && w->v[3].symbol != SM_SYM_USER;
}

const char *sm_resolved_error(struct sm_session *s, const struct sm_tokens *w)
{
	size_t user = sm_tokens_find(w, 2, SM_SYM_USER);
	const char *status = "", *text;

	if (user >= w->n) {
		return "554 5.3.5 buildaddr: no user";
	}
	if (sm_resolved_host(w)) {
		status = sm_tokens_join(w->v, 3, user, s->cf->blank, &s->cf->chars, s->arena);
	}
	text = sm_without_quotes(error_words(s, w, user + 1), s->arena);
	if (!is_code(text)) {
		return mp_arena_printf(s->arena, "553 5.3.0 %s", text);
	}
	if (mp_enhanced_parse(mp_slice_str(text + 4)).present ||
		!mp_enhanced_parse(mp_slice_str(status)).present) {
		return text;
	}
	return mp_arena_printf(s->arena, "%.3s %s %s", text, status, text + 4);
}

/* ---- reasons ----------------------------------------------------------------------------------
 */

struct reasons {
	struct mp_reason v[8];
	size_t n;
};

/* The line as a person reads it: a rule as "left -> right", without its remark. */
static const char *shown_line(struct sm_session *s, struct mp_loc loc)
{
	struct mp_slice line = mp_slice_sub(mp_slice_trim(mp_loc_line(loc)), 0, 200);
	size_t tab = mp_slice_chr(line, '\t');
	struct mp_slice right =
		mp_slice_trim(mp_slice_from(line, tab == MP_NOT_FOUND ? line.n : tab));

	if (!mp_slice_starts(line, "R") || tab == MP_NOT_FOUND) {
		char *text = mp_arena_slicedup(s->arena, line);

		for (char *p = text; *p != '\0'; p++) {
			*p = (char)(*p == '\t' ? ' ' : *p);
		}
		return text;
	}
	right = mp_slice_trim(mp_slice_sub(right, 0, mp_slice_chr(right, '\t')));
	return mp_arena_printf(
		s->arena, "%.*s -> %.*s", (int)(tab - 1), line.p + 1, MP_SLICE_ARG(right));
}

static void add_reason(struct sm_session *s, struct reasons *out, const struct mp_loc *loc)
{
	if (loc == NULL || loc->source == NULL) {
		return;
	}
	for (size_t i = 0; i < out->n; i++) {
		if (out->v[i].loc.source == loc->source && out->v[i].loc.start == loc->start) {
			return;
		}
	}
	if (out->n < sizeof out->v / sizeof *out->v) {
		out->v[out->n++] = (struct mp_reason){*loc, shown_line(s, *loc)};
	}
}

static struct mp_reasons keep(struct sm_session *s, const struct reasons *r)
{
	struct mp_reason *v = mp_arena_array(s->arena, r->n + 1, sizeof *v);

	memcpy(v, r->v, r->n * sizeof *v);
	return (struct mp_reasons){v, r->n};
}

struct mp_reasons sm_because_tokens(struct sm_session *s, const struct sm_tokens *w)
{
	struct reasons out = {0};
	size_t text = sm_tokens_find(w, 0, SM_SYM_USER);

	for (size_t i = text; i < w->n; i++) {
		add_reason(s, &out, w->v[i].from);
	}
	for (size_t i = 0; i < w->n && i < text; i++) {
		add_reason(s, &out, w->v[i].from);
	}
	return keep(s, &out);
}

/* Whether a step is a rule that let pass, and stands where rules are written. */
static bool is_rule(const struct sm_step *step)
{
	return step->rule && mp_slice_starts(mp_loc_line(step->loc), "R");
}

/* Why a check let pass: the first rule that made RELAY or $# of something decided, by what was
 * found just before; rules that only handed it on come behind. */
static struct mp_reasons because_steps(struct sm_session *s)
{
	struct reasons out = {0};
	size_t first = 0;

	while (first < s->step_count && !is_rule(&s->steps[first])) {
		first++;
	}
	if (first > 0) {
		add_reason(s, &out, &s->steps[first - 1].loc);
	}
	for (size_t i = first; i < s->step_count && out.n < 4; i++) {
		add_reason(s, &out, &s->steps[i].loc);
	}
	return keep(s, &out);
}

static struct sm_checked check(struct sm_session *s, const char *ruleset, const char *first,
	const char *second, unsigned flags)
{
	const struct sm_ruleset *r = sm_cf_ruleset(s->cf, ruleset);
	struct sm_checked out = {.kind = SM_CHECK_PASSED, .text = ""};
	const char *names[] = {ruleset, NULL}, *error;

	s->step_count = 0;
	/* What is too long to be taken apart passes, as sendmail has it. */
	if (r == NULL || !scan(s, first, second, flags, &out.result)) {
		return out;
	}
	error = sm_rewrite(s, &out.result, names, NULL);
	if (error != NULL) {
		out.kind = SM_CHECK_ERROR;
		out.text = error;
		return out;
	}
	if (is_error(&out.result)) {
		bool quarantine = out.result.n > 3 && out.result.v[2].symbol == SM_SYM_HOST &&
			mp_str_eq(out.result.v[3].text, "quarantine");

		out.because = sm_because_tokens(s, &out.result);
		if (!quarantine) {
			out.kind = SM_CHECK_ERROR;
			out.text = sm_resolved_error(s, &out.result);
		}
	} else if (out.result.n > 1 && out.result.v[0].symbol == SM_SYM_NET &&
		mp_str_eq(out.result.v[1].text, "discard")) {
		out.kind = SM_CHECK_DISCARD;
		out.because = sm_because_tokens(s, &out.result);
	} else {
		out.because = because_steps(s);
	}
	return out;
}

struct sm_checked sm_check(
	struct sm_session *s, const char *ruleset, const char *first, const char *second)
{
	return check(s, ruleset, first, second, 0);
}

bool sm_obey(struct sm_session *s, const struct sm_checked *c)
{
	if (c->kind == SM_CHECK_ERROR) {
		sm_usrerr(s, c->because, "%s", c->text);
		return false;
	}
	s->discarding = s->discarding || c->kind == SM_CHECK_DISCARD;
	return true;
}

struct sm_checked sm_check_whole(
	struct sm_session *s, const char *ruleset, const char *first, const char *second)
{
	return check(s, ruleset, first, second, SM_SCAN_RULES);
}

bool sm_check_other(struct sm_session *s, const char *command, const char *digit)
{
	struct sm_checked c = sm_check_whole(s, "check_other", command, digit);

	if (c.kind == SM_CHECK_ERROR) {
		sm_usrerr(s, c.because, "%s", c.text);
	}
	return c.kind == SM_CHECK_ERROR;
}
