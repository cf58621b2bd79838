/*
 * surface_search - the cases that let mail through in one cell of the address space.
 *
 * The search begins with the first values and the first answers, and changes one thing at a time,
 * of those that the play looked at; from each case that went another way it goes on. What went the
 * same way is left: whatever it is combined with, the combination goes another way at some turn
 * first, and is met from there. The same holds for a case that was refused by the very rule that
 * told it apart. Cases with fewer conditions are played first, and what they cover is not played.
 */
#include "predict/surface_internal.h"

/* A case to go on from. */
struct node {
	struct surface_case what;
	const struct surface_play *play; /* without replies */
	bool limited; /* go on only with what is new, below */
	unsigned new_aspects;
	const struct surface_answer *new_asked;
	size_t new_count;
};

struct search {
	struct surface_stage stage;
	struct surface_notes *notes;
	struct surface_finds *finds;
	size_t first; /* of finds: of this cell */
	size_t cell;
	bool reached; /* something listens there, in some world */
	MP_VEC(const struct surface_play *) found; /* plays of the finds, without replies */
	MP_VEC(struct node) nodes; /* in the order of their playing */
	struct mp_map visited; /* cases that are nodes */
	struct mp_arena arena; /* of the nodes */
	struct mp_arena scratch; /* of one play */
};

/* ---- cases ------------------------------------------------------------------------------------
 */

static uint32_t answer_in(const struct surface_case *what, uint32_t question)
{
	for (size_t i = 0; i < what->answer_count; i++) {
		if (what->answers[i].question == question) {
			return what->answers[i].answer;
		}
	}
	return 0;
}

static bool is_set(const struct surface_case *what, uint32_t question)
{
	return answer_in(what, question) != 0;
}

/* The case with another answer, in the arena. */
static struct surface_case with_answer(
	const struct surface_case *what, struct surface_answer answer, struct mp_arena *arena)
{
	struct surface_case out = *what;
	struct surface_answer *v = mp_arena_array(arena, what->answer_count + 1, sizeof *v);
	size_t n = 0;
	bool placed = answer.answer == 0;

	for (size_t i = 0; i < what->answer_count; i++) {
		const struct surface_answer *a = &what->answers[i];
		if (!placed && a->question >= answer.question) {
			v[n++] = answer;
			placed = true;
		}
		if (a->question != answer.question) {
			v[n++] = *a;
		}
	}
	if (!placed) {
		v[n++] = answer;
	}
	out.answers = v;
	out.answer_count = n;
	return out;
}

static struct mp_slice case_key(const struct surface_case *what, struct mp_arena *arena)
{
	size_t head = sizeof what->value, tail = what->answer_count * sizeof *what->answers;
	char *key = mp_arena_alloc(arena, head + tail);

	memcpy(key, what->value, head);
	if (tail > 0) {
		memcpy(key + head, what->answers, tail);
	}
	return mp_slice(key, head + tail);
}

/* ---- covering ---------------------------------------------------------------------------------
 */

static bool same_patterns(const struct surface_value *a, const struct surface_value *b)
{
	if (a->pattern_count != b->pattern_count) {
		return false;
	}
	for (size_t i = 0; i < a->pattern_count; i++) {
		if (!mp_str_eq(a->patterns[i], b->patterns[i])) {
			return false;
		}
	}
	return true;
}

bool surface_value_covers(const struct surface_choice *choice, enum surface_aspect aspect,
	uint32_t wide, uint32_t narrow)
{
	const struct surface_value *w = &choice->of[aspect].v[wide];
	const struct surface_value *n = &choice->of[aspect].v[narrow];

	if (wide == narrow || wide == 0) {
		return true;
	}
	if (narrow == 0) {
		return false;
	}
	switch (aspect) {
	case SURFACE_NAME:
	case SURFACE_CERTIFICATE:
		return (w->any || same_patterns(w, n)) && (w->unverified || !n->unverified);
	case SURFACE_LOGIN:
		return (w->any || same_patterns(w, n)) && (n->tls || !w->tls);
	case SURFACE_HELO:
	case SURFACE_SENDER:
	case SURFACE_RECIPIENT:
	case SURFACE_TLS:
	case SURFACE_ASPECTS:
		break;
	}
	return false;
}

bool surface_values_cover(
	const struct surface_choice *choice, const uint32_t *wide, const uint32_t *narrow)
{
	for (int i = 0; i < SURFACE_ASPECTS; i++) {
		bool tls_by_login = i == SURFACE_TLS && wide[i] != 0 &&
			(choice->of[SURFACE_LOGIN].v[narrow[SURFACE_LOGIN]].tls ||
				narrow[SURFACE_CERTIFICATE] != 0);
		if (!tls_by_login &&
			!surface_value_covers(choice, (enum surface_aspect)i, wide[i], narrow[i])) {
			return false;
		}
	}
	return true;
}

/* Whether what was found holds in the world of the case, and for all that the case is. */
static bool covers(const struct search *s, size_t index, const struct surface_case *what)
{
	const struct surface_found *f = &s->finds->list.v[s->first + index];
	const struct surface_play *play = s->found.v[index];

	if (f->end != SURFACE_RELAYED ||
		!surface_values_cover(s->stage.choice, f->what.value, what->value)) {
		return false;
	}
	for (size_t i = 0; i < play->asked_count; i++) {
		if (answer_in(what, play->asked[i].question) != play->asked[i].answer) {
			return false;
		}
	}
	return true;
}

static bool is_covered(const struct search *s, const struct surface_case *what)
{
	for (size_t i = 0; i < s->found.n; i++) {
		if (covers(s, i, what)) {
			return true;
		}
	}
	return false;
}

/* ---- plays ------------------------------------------------------------------------------------
 */

/* Bytes in the arena; NULL for none. */
static void *keep_bytes(const void *bytes, size_t n, struct mp_arena *arena)
{
	return n > 0 ? mp_arena_memdup(arena, bytes, n) : NULL;
}

static struct surface_case keep_case(const struct surface_case *what, struct mp_arena *arena)
{
	struct surface_case out = *what;

	out.answers = keep_bytes(what->answers, what->answer_count * sizeof *what->answers, arena);
	return out;
}

/* A copy without replies, so that the memory of the session can go. */
static const struct surface_play *keep_play(const struct surface_play *play, struct mp_arena *arena)
{
	struct surface_play *copy = MP_ARENA_NEW(arena, struct surface_play);

	*copy = *play;
	copy->because = (struct mp_reasons){0};
	copy->note = "";
	copy->said = NULL;
	copy->said_count = 0;
	copy->turns = keep_bytes(play->turns, play->turn_count * sizeof *play->turns, arena);
	copy->asked = keep_bytes(play->asked, play->asked_count * sizeof *play->asked, arena);
	return copy;
}

/* Plays into the scratch memory, which lasts until the next play. */
static const struct surface_play *play(struct search *s, const struct surface_case *what)
{
	mp_arena_reset(&s->scratch);
	const struct surface_play *p = surface_play(&s->stage, what, false, &s->scratch);
	s->reached = s->reached || p->end != SURFACE_UNREACHABLE;
	return p;
}

static void note_unknown(struct search *s, const struct surface_play *p)
{
	surface_note(s->notes, "%s: whether mail of %s would be taken is not known: %s",
		s->stage.subject->listener, s->stage.client_text,
		p->note != NULL && p->note[0] != '\0' ? p->note
						      : "the dialogue cannot be followed");
}

static void record(struct search *s, const struct surface_case *what, const struct surface_play *p)
{
	struct mp_arena *arena = s->finds->arena;
	struct surface_found f = {.cell = s->cell,
		.what = keep_case(what, &s->arena),
		.end = p->end,
		.served = p->served,
		.client = s->stage.client};
	struct mp_reason *reasons = mp_arena_array(arena, p->because.n, sizeof *reasons);

	for (size_t i = 0; i < p->because.n; i++) {
		reasons[i].loc = p->because.v[i].loc;
		reasons[i].text = mp_arena_strdup(arena, p->because.v[i].text);
	}
	f.because = (struct mp_reasons){reasons, p->because.n};
	mp_vec_push(&s->finds->list, f);
	mp_vec_push(&s->found, keep_play(p, &s->arena));
}

/* ---- going on ---------------------------------------------------------------------------------
 */

/* What the play looked at and asked beyond what its parent did. */
static void find_new(struct search *s, const struct node *parent, const struct surface_play *p,
	struct node *child)
{
	struct surface_answer *fresh = mp_arena_array(&s->arena, p->asked_count, sizeof *fresh);

	child->new_aspects = p->aspects & ~parent->play->aspects;
	for (size_t i = 0; i < p->asked_count; i++) {
		bool known = false;
		for (size_t k = 0; k < parent->play->asked_count && !known; k++) {
			known = parent->play->asked[k].question == p->asked[i].question;
		}
		if (!known) {
			fresh[child->new_count++] = p->asked[i];
		}
	}
	child->new_asked = fresh;
}

static bool same_turn(const struct mp_turn *a, const struct mp_turn *b)
{
	return a->what == b->what && a->refuses == b->refuses;
}

/* Whether the play went another way than its parent, and not straight into a refusal. */
static bool goes_on(const struct surface_play *parent, const struct surface_play *child)
{
	size_t at = 0;

	while (at < parent->turn_count && at < child->turn_count &&
		same_turn(&parent->turns[at], &child->turns[at])) {
		at++;
	}
	if (at == parent->turn_count && at == child->turn_count) {
		return false;
	}
	if (child->end != SURFACE_REFUSED || at == child->turn_count) {
		return true;
	}
	for (; at < child->turn_count; at++) {
		if (!child->turns[at].refuses) {
			return true;
		}
	}
	return false;
}

static void try_case(struct search *s, size_t parent, const struct surface_case *what)
{
	struct mp_slice key = case_key(what, &s->scratch);

	if (*s->stage.plays_left == 0 || mp_map_get(&s->visited, key) != NULL ||
		is_covered(s, what)) {
		return;
	}
	struct surface_case kept = keep_case(what, &s->arena); /* the scratch memory goes */
	const struct surface_play *p = play(s, &kept);
	struct node node = {.what = kept, .limited = true};
	const struct node *from = &s->nodes.v[parent];
	bool live = s->stage.subject->server->ops->turns == NULL || goes_on(from->play, p);
	if (p->end == SURFACE_RELAYED || p->end == SURFACE_DISCARDED) {
		record(s, &kept, p);
	} else if (p->end == SURFACE_UNKNOWN && live) {
		note_unknown(s, p);
	}
	find_new(s, from, p, &node);
	if (live) {
		node.limited = false;
	} else if (node.new_aspects == 0 && node.new_count == 0) {
		return;
	}
	node.play = keep_play(p, &s->arena);
	key = case_key(&kept, &s->arena);
	mp_map_put(&s->visited, key, s);
	mp_vec_push(&s->nodes, node);
}

/* All values of one aspect. */
static void vary(struct search *s, size_t index, enum surface_aspect aspect)
{
	for (uint32_t i = 1; i < s->stage.choice->of[aspect].n; i++) {
		struct surface_case what = s->nodes.v[index].what;
		what.value[aspect] = i;
		try_case(s, index, &what);
	}
}

/* All other answers to one question. */
static void vary_answer(struct search *s, size_t index, uint32_t question)
{
	size_t n = s->stage.questions.v[question].n;

	for (uint32_t i = 1; i < n; i++) {
		struct surface_case what = with_answer(
			&s->nodes.v[index].what, (struct surface_answer){question, i}, &s->arena);
		try_case(s, index, &what);
	}
}

static void go_on(struct search *s, size_t index)
{
	struct node node = s->nodes.v[index];
	unsigned aspects = node.limited ? node.new_aspects : node.play->aspects;
	const struct surface_answer *asked = node.limited ? node.new_asked : node.play->asked;
	size_t asked_count = node.limited ? node.new_count : node.play->asked_count;

	for (int i = 0; i < SURFACE_ASPECTS; i++) {
		if ((aspects & 1u << i) != 0 && node.what.value[i] == 0) {
			vary(s, index, (enum surface_aspect)i);
		}
	}
	for (size_t i = 0; i < asked_count; i++) {
		if (!is_set(&node.what, asked[i].question)) {
			vary_answer(s, index, asked[i].question);
		}
	}
}

/* ---- the beginning ----------------------------------------------------------------------------
 */

static bool same_way(const struct surface_play *a, const struct surface_play *b)
{
	if (a->turn_count != b->turn_count || a->end != b->end) {
		return false;
	}
	for (size_t i = 0; i < a->turn_count; i++) {
		if (!same_turn(&a->turns[i], &b->turns[i])) {
			return false;
		}
	}
	return true;
}

/* Of three that should be alike, one that is like another one. */
static unsigned majority(const struct surface_play *const plays[SURFACE_SPARES])
{
	if (same_way(plays[0], plays[1]) || same_way(plays[0], plays[2])) {
		return 0;
	}
	return same_way(plays[1], plays[2]) ? 1 : 0;
}

static const struct surface_play *play_first(struct search *s)
{
	struct surface_case first = {0};

	return keep_play(play(s, &first), &s->arena);
}

/* Should a pattern of the configuration match a name that was meant to be like any other, another
 * one is taken. */
static void choose_spares(struct search *s, const struct surface_play *first)
{
	static const enum surface_aspect aspects[] = {
		SURFACE_HELO, SURFACE_SENDER, SURFACE_RECIPIENT};

	for (size_t i = 0; i < sizeof aspects / sizeof aspects[0]; i++) {
		const struct surface_play *plays[SURFACE_SPARES] = {first};
		unsigned *spare = &s->stage.spare[aspects[i]];
		if ((first->aspects & 1u << aspects[i]) == 0) {
			continue;
		}
		for (*spare = 1; *spare < SURFACE_SPARES; ++*spare) {
			plays[*spare] = play_first(s);
			if (same_way(plays[*spare], first)) {
				break;
			}
		}
		*spare = *spare < SURFACE_SPARES ? 0 : majority(plays);
	}
}

/* The same for the client's address, where there are patterns of addresses. */
static void choose_client(struct search *s, const struct mp_ip *examples, size_t n)
{
	const struct surface_play *plays[SURFACE_SPARES];
	const struct surface_subject *subject = s->stage.subject;
	const struct surface_choice *choice = s->stage.choice;
	size_t *left = s->stage.plays_left;

	if (choice->address_count == 0 || n < SURFACE_SPARES) {
		return;
	}
	for (size_t i = 0; i < SURFACE_SPARES; i++) {
		surface_stage_close(&s->stage);
		surface_stage_open(&s->stage, subject, choice, &examples[i], left);
		plays[i] = play_first(s);
	}
	surface_stage_close(&s->stage);
	surface_stage_open(&s->stage, subject, choice, &examples[majority(plays)], left);
}

/* ---- what an opening rests on -----------------------------------------------------------------
 */

/* Questions of one find that are looked at; with more, all are listed. */
enum { ALTERNATIVES_MOST = 200 };

static bool still_open(struct search *s, const struct surface_found *f, struct surface_answer other)
{
	struct surface_case what = with_answer(&f->what, other, &s->arena);
	enum surface_end end = play(s, &what)->end;

	return end == SURFACE_RELAYED || end == f->end;
}

/* Whether with some other answer the case would not let mail through. */
static bool matters(struct search *s, const struct surface_found *f, struct surface_answer asked)
{
	size_t n = s->stage.questions.v[asked.question].n;

	for (uint32_t i = 0; i < n; i++) {
		if (i != asked.answer &&
			!still_open(s, f, (struct surface_answer){asked.question, i})) {
			return true;
		}
	}
	return false;
}

/* The question with the client's address in braces: it is asked of each client. */
static const char *general(struct search *s, const char *text)
{
	const char *at = strstr(text, s->stage.client_text);

	if (at == NULL) {
		return text;
	}
	return mp_arena_printf(&s->arena, "%.*s{client.address}%s", (int)(at - text), text,
		at + strlen(s->stage.client_text));
}

/* host.addresses is about the client: the answers are of the same kind as addresses. */
static bool is_address_pattern(
	struct search *s, struct surface_found *f, const struct surface_answer *asked)
{
	const struct surface_question *q = &s->stage.questions.v[asked->question];

	if (!mp_str_eq(q->text, "host.addresses") || q->n < 2 ||
		!mp_str_eq(q->answers[1], s->stage.client_text)) {
		return false;
	}
	if (asked->answer > 0) {
		f->address_pattern =
			asked->answer == 1 ? "the host's addresses" : "the host's networks";
	}
	return true;
}

static void find_assumptions(struct search *s, size_t index)
{
	struct surface_found *f = &s->finds->list.v[s->first + index];
	const struct surface_play *p = s->found.v[index];
	struct mp_arena *arena = s->finds->arena;
	const char **list = mp_arena_array(arena, p->asked_count, sizeof *list);
	size_t alternatives = 0;

	for (size_t i = 0; i < p->asked_count; i++) {
		alternatives += s->stage.questions.v[p->asked[i].question].n - 1;
	}
	for (size_t i = 0; i < p->asked_count; i++) {
		const struct surface_answer *a = &p->asked[i];
		const struct surface_question *q = &s->stage.questions.v[a->question];
		if (is_address_pattern(s, f, a) ||
			(alternatives <= ALTERNATIVES_MOST && !matters(s, f, *a))) {
			continue;
		}
		list[f->assumption_count++] = mp_arena_printf(
			arena, "%s = %s", general(s, q->text), general(s, q->answers[a->answer]));
	}
	f->assumptions = list;
}

/* ---- the result -------------------------------------------------------------------------------
 */

static bool assumes(const struct surface_found *f, const char *assumption)
{
	for (size_t i = 0; i < f->assumption_count; i++) {
		if (mp_str_eq(f->assumptions[i], assumption)) {
			return true;
		}
	}
	return false;
}

/* The same case let in by the same rule: of what that rests on, the shortest case is told. */
static bool same_rule(const struct surface_found *a, const struct surface_found *b)
{
	return memcmp(a->what.value, b->what.value, sizeof a->what.value) == 0 &&
		a->because.n > 0 && b->because.n > 0 &&
		a->because.v[0].loc.source == b->because.v[0].loc.source &&
		a->because.v[0].loc.start == b->because.v[0].loc.start &&
		mp_str_eq(a->because.v[0].text, b->because.v[0].text);
}

/* Whether a find says all that another says. */
static bool includes(const struct search *s, const struct surface_found *wide,
	const struct surface_found *narrow)
{
	if ((wide->end == SURFACE_DISCARDED && narrow->end != SURFACE_DISCARDED) ||
		!surface_values_cover(s->stage.choice, wide->what.value, narrow->what.value)) {
		return false;
	}
	if (wide->address_pattern != NULL &&
		(narrow->address_pattern == NULL ||
			!mp_str_eq(wide->address_pattern, narrow->address_pattern))) {
		return false;
	}
	if (same_rule(wide, narrow)) {
		return wide->assumption_count <= narrow->assumption_count;
	}
	for (size_t i = 0; i < wide->assumption_count; i++) {
		if (!assumes(narrow, wide->assumptions[i])) {
			return false;
		}
	}
	return true;
}

/* Drops what others include; of two that include each other the first stays. */
static void prune(struct search *s)
{
	size_t count = s->found.n, kept = 0;
	struct surface_found *v = s->finds->list.v + s->first;
	bool *drop = mp_arena_array(&s->arena, count, sizeof *drop);

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < count && !drop[i]; k++) {
			drop[i] = k != i && !drop[k] && includes(s, &v[k], &v[i]) &&
				(k < i || !includes(s, &v[i], &v[k]));
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (!drop[i]) {
			s->found.v[kept] = s->found.v[i];
			v[kept++] = v[i];
		}
	}
	s->found.n = kept;
	s->finds->list.n = s->first + kept;
}

static const char *const *keep_lines(const struct mp_said *said, struct mp_arena *arena)
{
	const char **lines = mp_arena_array(arena, said->line_count, sizeof *lines);

	for (size_t i = 0; i < said->line_count; i++) {
		lines[i] = mp_arena_strdup(arena, said->lines[i]);
	}
	return lines;
}

/* The dialogue of a find, up to the reply to the recipient's DATA. */
static void show(struct search *s, struct surface_found *f)
{
	struct mp_arena *arena = s->finds->arena;

	mp_arena_reset(&s->scratch);
	const struct surface_play *p = surface_play(&s->stage, &f->what, true, &s->scratch);
	size_t n = p->said_count > 0 ? p->said_count - 1 : 0; /* without the content */
	struct mp_said *said = mp_arena_array(arena, n, sizeof *said);
	for (size_t i = 0; i < n; i++) {
		said[i] = p->said[i];
		said[i].sent = mp_arena_strdup(arena, p->said[i].sent);
		said[i].lines = keep_lines(&p->said[i], arena);
		said[i].any = mp_arena_strdup(arena, p->said[i].any);
		said[i].note = mp_arena_strdup(arena, p->said[i].note);
		said[i].because = i + 2 == n ? f->because : (struct mp_reasons){0};
	}
	f->said = said;
	f->said_count = n;
}

static void finish(struct search *s)
{
	for (size_t i = 0; i < s->found.n; i++) {
		find_assumptions(s, i);
	}
	prune(s);
	for (size_t i = 0; i < s->found.n; i++) {
		show(s, &s->finds->list.v[s->first + i]);
		s->finds->list.v[s->first + i].what.answers = NULL; /* they go with the search */
		s->finds->list.v[s->first + i].what.answer_count = 0;
	}
}

static bool run(struct search *s, const struct mp_ip *examples, size_t example_count)
{
	const struct surface_play *first = play_first(s);
	struct node root = {0};

	if (first->end == SURFACE_UNREACHABLE && first->asked_count == 0) {
		return false;
	}
	choose_client(s, examples, example_count);
	choose_spares(s, first);
	const struct surface_play *p = play(s, &root.what);
	if (p->end == SURFACE_RELAYED || p->end == SURFACE_DISCARDED) {
		record(s, &root.what, p);
	} else if (p->end == SURFACE_UNKNOWN) {
		note_unknown(s, p);
	}
	root.play = keep_play(p, &s->arena);
	mp_vec_push(&s->nodes, root);
	for (size_t i = 0; i < s->nodes.n; i++) {
		go_on(s, i);
	}
	finish(s);
	return s->reached;
}

bool surface_search(const struct surface_subject *subject, const struct surface_choice *choice,
	size_t cell, const struct mp_ip *examples, size_t example_count, size_t *plays_left,
	struct surface_notes *notes, struct surface_finds *finds)
{
	struct search s = {.notes = notes, .finds = finds, .first = finds->list.n, .cell = cell};

	surface_stage_open(&s.stage, subject, choice, &examples[0], plays_left);
	bool reachable = run(&s, examples, example_count);
	surface_stage_close(&s.stage);
	mp_vec_release(&s.found);
	mp_vec_release(&s.nodes);
	mp_map_release(&s.visited);
	mp_arena_release(&s.arena);
	mp_arena_release(&s.scratch);
	return reachable;
}
