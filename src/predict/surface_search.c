/*
 * surface_search - the cases that let mail through.
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
	unsigned aspects; /* what to vary */
	const struct surface_answer *asked;
	size_t asked_count;
	size_t alike; /* the node before with turns of the same digest, counted from 1; 0: none */
};

struct search {
	struct surface_stage *stage;
	struct surface_notes *notes;
	struct surface_hits *hits;
	MP_VEC(struct node) nodes; /* in the order of their playing */
	struct mp_map visited; /* cases that are nodes */
	struct mp_map ways; /* digest of turns -> number of the last node with it */
	/* Answers in whose worlds nothing listens, "QUESTION ANSWER" as numbers. */
	MP_VEC(struct surface_answer) silent;
	struct mp_arena arena; /* of the nodes */
	struct mp_arena scratch; /* of one play */
};

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
	case SURFACE_ADDRESS:
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
	for (int i = SURFACE_ADDRESS + 1; i < SURFACE_ASPECTS; i++) {
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

/* Whether a hit holds in the world of the case, for all that the case is, and in its place: as long
 * as the place is left open, in every one. */
static bool covers(
	const struct search *s, const struct surface_hit *hit, const struct surface_case *what)
{
	bool here = what->value[SURFACE_ADDRESS] != 0 &&
		hit->what.value[SURFACE_ADDRESS] == what->value[SURFACE_ADDRESS];

	if (hit->play->end != SURFACE_RELAYED || !(here || hit->everywhere) ||
		!surface_values_cover(s->stage->choice, hit->what.value, what->value)) {
		return false;
	}
	for (size_t i = 0; i < hit->play->asked_count; i++) {
		const struct surface_answer *asked = &hit->play->asked[i];
		if (surface_answer_in(what, asked->question) != asked->answer) {
			return false;
		}
	}
	return true;
}

static bool is_covered(const struct search *s, const struct surface_case *what)
{
	for (size_t i = 0; i < s->hits->list.n; i++) {
		if (covers(s, &s->hits->list.v[i], what)) {
			return true;
		}
	}
	return false;
}

/* ---- plays ------------------------------------------------------------------------------------
 */

/* Plays into the scratch memory, which lasts until the next play. */
static const struct surface_play *play(struct search *s, const struct surface_case *what)
{
	mp_arena_reset(&s->scratch);
	return surface_play(s->stage, what, false, &s->scratch);
}

static bool same_reason(const struct surface_play *a, const struct surface_play *b)
{
	if (a->because.n == 0 || b->because.n == 0) {
		return a->because.n == b->because.n;
	}
	return mp_loc_same(a->because.v[0].loc, b->because.v[0].loc) &&
		mp_str_eq(a->because.v[0].text, b->because.v[0].text);
}

/* Keeps a case that lets mail through; what a hit with fewer conditions says of the same values by
 * the same rule is enough. */
static void record(struct search *s, const struct surface_case *what, const struct surface_play *p)
{
	struct mp_arena *arena = &s->hits->arena;

	if (p->end == SURFACE_UNKNOWN) {
		char client[MP_IP_TEXT];
		surface_note(s->notes, "%s: whether mail of %s would be taken is not known: %s",
			s->stage->subject->listener,
			mp_ip_format(surface_client(s->stage, what), client),
			p->note != NULL && p->note[0] != '\0' ? p->note : "it cannot be followed");
	}
	if (!surface_lets_through(p->end)) {
		return;
	}
	for (size_t i = 0; i < s->hits->list.n; i++) {
		const struct surface_hit *hit = &s->hits->list.v[i];
		if (memcmp(hit->what.value, what->value, sizeof what->value) == 0 &&
			hit->play->end == p->end && same_reason(hit->play, p)) {
			return;
		}
	}
	struct surface_hit hit = {
		.what = surface_keep_case(what, arena), .play = surface_keep_play(p, arena)};
	mp_vec_push(&s->hits->list, hit);
}

/* ---- going on ---------------------------------------------------------------------------------
 */

/* What the play looked at and asked beyond what its parent did. */
static void vary_new(struct search *s, const struct surface_play *parent, struct node *child)
{
	const struct surface_play *p = child->play;
	struct surface_answer *fresh = mp_arena_array(&s->arena, p->asked_count, sizeof *fresh);

	child->aspects = p->aspects & ~parent->aspects;
	for (size_t i = 0; i < p->asked_count; i++) {
		bool known = false;
		for (size_t k = 0; k < parent->asked_count && !known; k++) {
			known = parent->asked[k].question == p->asked[i].question;
		}
		if (!known) {
			fresh[child->asked_count++] = p->asked[i];
		}
	}
	child->asked = fresh;
}

static void vary_all(struct node *child)
{
	child->aspects = child->play->aspects;
	child->asked = child->play->asked;
	child->asked_count = child->play->asked_count;
}

/* Whether the play went another way than its parent, and not straight into a refusal. */
static bool goes_on(const struct surface_play *parent, const struct surface_play *child)
{
	size_t at = 0;

	while (at < parent->turn_count && at < child->turn_count &&
		surface_same_turn(&parent->turns[at], &child->turns[at])) {
		at++;
	}
	if (child->end == SURFACE_UNREACHABLE ||
		(at == parent->turn_count && at == child->turn_count)) {
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

static struct mp_slice way_key(const struct surface_play *p, struct mp_arena *arena)
{
	uint64_t hash = 0xcbf29ce484222325 + (uint64_t)p->end;

	for (size_t i = 0; i < p->turn_count; i++) {
		hash = (hash ^ p->turns[i].what ^ p->turns[i].refuses) * 0x100000001b3;
		hash ^= hash >> 29;
	}
	return mp_slice(mp_arena_memdup(arena, (const char *)&hash, sizeof hash), sizeof hash);
}

static bool same_values(const struct surface_case *a, const struct surface_case *b)
{
	return memcmp(a->value, b->value, sizeof a->value) == 0;
}

/* Whether all that one case sets is set the same in another one. */
static bool is_part_of(const struct surface_case *part, const struct surface_case *whole)
{
	for (size_t i = 0; i < SURFACE_ASPECTS; i++) {
		if (part->value[i] != 0 && part->value[i] != whole->value[i]) {
			return false;
		}
	}
	for (size_t i = 0; i < part->answer_count; i++) {
		if (surface_answer_in(whole, part->answers[i].question) !=
			part->answers[i].answer) {
			return false;
		}
	}
	return true;
}

/* A node that went the same way with less, or with other answers to the same end; NULL: none. */
static const struct node *find_alike(struct search *s, const struct node *child)
{
	union {
		void *pointer;
		uintptr_t number;
	} u = {mp_map_get(&s->ways, way_key(child->play, &s->scratch))};

	while (u.number != 0) {
		const struct node *node = &s->nodes.v[u.number - 1];
		if ((same_values(&node->what, &child->what) ||
			    is_part_of(&node->what, &child->what)) &&
			surface_same_way(node->play, child->play)) {
			return node;
		}
		u.number = node->alike;
	}
	return NULL;
}

/* What is to be varied in a case that was just played; nothing where it leads nowhere new. */
static void plan(struct search *s, const struct node *parent, struct node *child)
{
	const struct surface_play *p = child->play;

	if (s->stage->subject->server->ops->turns != NULL) {
		const struct node *alike = find_alike(s, child);
		if (alike != NULL || !goes_on(parent->play, p)) {
			vary_new(s, alike != NULL ? alike->play : parent->play, child);
			return;
		}
	}
	if (p->end == SURFACE_OWN) {
		/* Whoever sends it: another answer may make it somebody else's. */
		if (parent->play->end != SURFACE_OWN) {
			vary_all(child);
			child->aspects = 0;
		}
		return;
	}
	if (!(same_values(&parent->what, &child->what) && surface_lets_through(parent->play->end) &&
		    surface_lets_through(p->end))) {
		vary_all(child);
	}
}

static void add_node(struct search *s, struct node node)
{
	union {
		void *pointer;
		uintptr_t number;
	} u = {.number = s->nodes.n + 1};
	void *before = mp_map_put(&s->ways, way_key(node.play, &s->arena), u.pointer);

	u.pointer = before;
	node.alike = u.number;
	mp_map_put(&s->visited, case_key(&node.what, &s->arena), s);
	mp_vec_push(&s->nodes, node);
}

/* Tries what was hit in the first place in the others, until one says no. */
static void try_everywhere(struct search *s)
{
	for (size_t i = 0; i < s->hits->list.n; i++) {
		struct surface_hit *hit = &s->hits->list.v[i];
		if (hit->tried) {
			continue;
		}
		hit->tried = true;
		hit->everywhere =
			hit->play->end == SURFACE_RELAYED && hit->what.value[SURFACE_ADDRESS] == 0;
		bool looked = (hit->play->aspects & 1u << SURFACE_ADDRESS) != 0;
		size_t places = looked ? s->stage->choice->place_count : 0;
		for (uint32_t k = 1; k < places && hit->everywhere; k++) {
			struct surface_case what = hit->what;
			what.value[SURFACE_ADDRESS] = k;
			hit->everywhere = play(s, &what)->end == SURFACE_RELAYED;
		}
	}
}

static void note_silent(struct search *s, const struct surface_case *what)
{
	if (what->answer_count == 1) {
		mp_vec_push(&s->silent, what->answers[0]);
	}
}

static void try_case(struct search *s, size_t parent, const struct surface_case *what)
{
	struct surface_case kept = surface_keep_case(what, &s->arena);

	try_everywhere(s);
	struct mp_slice key = case_key(what, &s->scratch);
	if (*s->stage->plays_left == 0 || mp_map_get(&s->visited, key) != NULL ||
		is_covered(s, what)) {
		return;
	}
	struct node node = {.what = kept};
	const struct surface_play *p = play(s, &node.what);
	record(s, &node.what, p);
	if (p->end == SURFACE_UNREACHABLE) {
		note_silent(s, &node.what);
	}
	node.play = p;
	plan(s, &s->nodes.v[parent], &node);
	if (node.aspects == 0 && node.asked_count == 0) {
		return;
	}
	bool all = node.asked == p->asked;
	node.play = surface_keep_play(p, &s->arena);
	node.asked = all ? node.play->asked : node.asked;
	add_node(s, node);
}

/* All values of one aspect. */
static void vary(struct search *s, size_t index, enum surface_aspect aspect)
{
	for (uint32_t i = 1; i < s->stage->choice->of[aspect].n; i++) {
		struct surface_case what = s->nodes.v[index].what;
		what.value[aspect] = i;
		try_case(s, index, &what);
	}
}

static bool is_silent(const struct search *s, struct surface_answer answer)
{
	for (size_t i = 0; i < s->silent.n; i++) {
		if (s->silent.v[i].question == answer.question &&
			s->silent.v[i].answer == answer.answer) {
			return true;
		}
	}
	return false;
}

/* All other answers to one question. */
static void vary_answer(struct search *s, size_t index, uint32_t question)
{
	size_t n = s->stage->questions.v[question].n;

	for (uint32_t i = 1; i < n; i++) {
		struct surface_answer answer = {question, i};
		if (!is_silent(s, answer)) {
			struct surface_case what =
				surface_with_answer(&s->nodes.v[index].what, answer, &s->arena);
			try_case(s, index, &what);
		}
	}
}

static void go_on(struct search *s, size_t index)
{
	struct node node = s->nodes.v[index]; /* the list moves */

	for (int i = 0; i < SURFACE_ASPECTS; i++) {
		if ((node.aspects & 1u << i) != 0 && node.what.value[i] == 0) {
			vary(s, index, (enum surface_aspect)i);
		}
	}
	for (size_t i = 0; i < node.asked_count; i++) {
		if (surface_answer_in(&node.what, node.asked[i].question) == 0) {
			vary_answer(s, index, node.asked[i].question);
		}
	}
}

/* ---- the beginning ----------------------------------------------------------------------------
 */

/* Of three that should be alike, one that is like another one. */
static unsigned majority(const struct surface_play *const plays[SURFACE_SPARES])
{
	if (surface_same_way(plays[0], plays[1]) || surface_same_way(plays[0], plays[2])) {
		return 0;
	}
	return surface_same_way(plays[1], plays[2]) ? 1 : 0;
}

static const struct surface_play *play_from(struct search *s, uint32_t place)
{
	struct surface_case first = {.value = {[SURFACE_ADDRESS] = place}};

	return surface_keep_play(play(s, &first), &s->arena);
}

/* Should a pattern of the configuration match what was meant to be like any other, another one is
 * taken. */
static void choose_spare(struct search *s, uint32_t place, unsigned *spare)
{
	const struct surface_play *plays[SURFACE_SPARES] = {play_from(s, place)};

	for (*spare = 1; *spare < SURFACE_SPARES; ++*spare) {
		plays[*spare] = play_from(s, place);
		if (surface_same_way(plays[*spare], plays[0])) {
			*spare = 0;
			return;
		}
	}
	*spare = majority(plays);
}

static void choose_spares(struct search *s)
{
	static const enum surface_aspect aspects[] = {
		SURFACE_HELO, SURFACE_SENDER, SURFACE_RECIPIENT};
	const struct surface_choice *choice = s->stage->choice;
	unsigned looked_at = play_from(s, 0)->aspects;

	for (uint32_t i = 0; choice->has_patterns && i < choice->place_count; i++) {
		if (choice->places[i].example_count == SURFACE_SPARES) {
			choose_spare(s, i, &s->stage->example[i]);
		}
	}
	for (size_t i = 0; i < sizeof aspects / sizeof aspects[0]; i++) {
		if ((looked_at & 1u << aspects[i]) != 0) {
			choose_spare(s, 0, &s->stage->spare[aspects[i]]);
		}
	}
}

void surface_search(
	struct surface_stage *stage, struct surface_notes *notes, struct surface_hits *hits)
{
	struct search s = {.stage = stage, .notes = notes, .hits = hits};
	struct node root = {0};

	choose_spares(&s);
	const struct surface_play *p = play(&s, &root.what);
	record(&s, &root.what, p);
	root.play = surface_keep_play(p, &s.arena);
	vary_all(&root);
	add_node(&s, root);
	for (size_t i = 0; i < s.nodes.n; i++) {
		go_on(&s, i);
	}
	mp_vec_release(&s.nodes);
	mp_vec_release(&s.silent);
	mp_map_release(&s.visited);
	mp_map_release(&s.ways);
	mp_arena_release(&s.arena);
	mp_arena_release(&s.scratch);
}
