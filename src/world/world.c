/*
 * world - one assignment of answers, and the replay of a simulation in every one that matters.
 *
 * A world is a vector of choices, made in the order in which the simulation asks. To explore, the
 * simulation is replayed with the vector advanced like an odometer, last choice first; since it is
 * deterministic, a prefix of equal answers leads to the same questions.
 */
#include "world/world_internal.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "world/facts.h"

#include <stdlib.h>

static bool same_question(const struct mp_choice *c, const char *question, const char *value)
{
	if (!mp_str_eq(c->question, question)) {
		return false;
	}
	return value == NULL ? c->value == NULL : c->value != NULL && mp_str_eq(c->value, value);
}

/* The choice that this world has already made for the question, or NULL. */
static const struct mp_choice *made_choice(
	const struct mp_world *w, const char *question, const char *value)
{
	for (size_t i = 0; i < w->position; i++) {
		if (same_question(&w->choices.v[i], question, value)) {
			return &w->choices.v[i];
		}
	}
	return NULL;
}

static const char *const *copy_answers(struct mp_arena *arena, const char *const *answers, size_t n)
{
	const char **copy = mp_arena_array(arena, n, sizeof *copy);

	for (size_t i = 0; i < n; i++) {
		copy[i] = mp_arena_strdup(arena, answers[i]);
	}
	return copy;
}

/* Keeps the question's text as long as the exploration, once. */
static const char *note_question(struct mp_world *w, const char *question)
{
	char *text = mp_map_get_str(&w->asked, question);

	if (text == NULL) {
		text = mp_arena_strdup(&w->texts, question);
		mp_map_put(&w->asked, mp_slice_str(text), text);
	}
	return text;
}

/* The answer of a new choice. xorshift64 (Marsaglia 2003): the same worlds in every run. */
static size_t pick(struct mp_world *w, const char *question, const char *value, size_t n)
{
	for (size_t i = 0; i < w->hint_count; i++) {
		if (same_question(&w->hints[i], question, value) && w->hints[i].n == n) {
			return w->hints[i].at;
		}
	}
	if (w->random == 0) {
		return 0;
	}
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return (size_t)(w->random % n);
}

/* Makes the next choice: the one that the vector holds, or a new one. */
static const char *choose(struct mp_world *w, const char *question, const char *value,
	const char *const *answers, size_t n)
{
	if (w->position < w->choices.n) {
		const struct mp_choice *c = &w->choices.v[w->position];
		if (!same_question(c, question, value)) {
			MP_BUG("a simulation asked other questions when it was replayed");
		}
		w->position++;
		return c->answers[c->at];
	}
	const char *text = note_question(w, question);
	if (w->choices.n >= MP_LIMIT_CHOICES) {
		w->truncated = true;
		return answers[0];
	}
	struct mp_choice c = {
		.question = text,
		.value = value != NULL ? mp_arena_strdup(&w->texts, value) : NULL,
		.answers = copy_answers(&w->texts, answers, n),
		.n = n,
		.at = pick(w, question, value, n),
	};
	mp_vec_push(&w->choices, c);
	w->position++;
	return c.answers[c.at];
}

void mp_world_grant(struct mp_world *w, const struct mp_assumption *answers, size_t n)
{
	w->granted = answers;
	w->granted_count = n;
}

const char *mp_known_answer(const struct mp_world *w, const char *question)
{
	for (size_t i = 0; i < w->granted_count; i++) {
		if (mp_str_eq(w->granted[i].question, question)) {
			return w->granted[i].answer;
		}
	}
	return mp_map_get_str(&w->facts->answers, question);
}

const char *mp_ask(struct mp_world *w, const char *question, const char *const *answers, size_t n)
{
	const char *fact = mp_known_answer(w, question);

	if (fact != NULL) {
		return fact;
	}
	if (n == 0) {
		MP_BUG("a question without answers");
	}
	const struct mp_choice *c = made_choice(w, question, NULL);
	if (c != NULL) {
		return c->answers[c->at];
	}
	if (w->answer != NULL) {
		const char *answer = w->answer(w->answer_context, question, answers, n);
		return choose(w, question, NULL, &answer, 1);
	}
	return choose(w, question, NULL, answers, n);
}

/* Whether another value was already found to be the answer. */
static bool settled(const struct mp_world *w, const char *question)
{
	for (size_t i = 0; i < w->position; i++) {
		const struct mp_choice *c = &w->choices.v[i];
		if (c->value != NULL && mp_str_eq(c->question, question) &&
			mp_str_eq(c->answers[c->at], c->value)) {
			return true;
		}
	}
	return false;
}

bool mp_ask_is(struct mp_world *w, const char *question, const char *value)
{
	const char *fact = mp_known_answer(w, question);

	if (fact != NULL) {
		return mp_str_ieq(fact, value);
	}
	const struct mp_choice *c = made_choice(w, question, value);
	if (c != NULL) {
		return mp_str_eq(c->answers[c->at], value);
	}
	if (settled(w, question)) {
		return false;
	}
	const char *answers[] = {mp_arena_printf(&w->arena, "not %s", value), value};
	if (w->answer != NULL) {
		const char *answer = w->answer(w->answer_context, question, answers, 2);
		answers[0] = mp_str_ieq(answer, value) ? value : answers[0];
		return mp_str_eq(choose(w, question, value, answers, 1), value);
	}
	return mp_str_eq(choose(w, question, value, answers, 2), value);
}

enum mp_found mp_found_of(const char *answer)
{
	if (mp_str_eq(answer, "none") || mp_str_eq(answer, "no")) {
		return MP_NONE;
	}
	return mp_str_eq(answer, "tempfail") ? MP_TEMPFAIL : MP_FOUND;
}

enum mp_found mp_ask_found(struct mp_world *w, const char *question)
{
	static const char *const answers[] = {"none", "found", "tempfail"};

	return mp_found_of(mp_ask(w, question, answers, 3));
}

struct mp_arena *mp_world_arena(struct mp_world *w)
{
	return &w->arena;
}

struct mp_world *mp_world_new_interactive(
	const struct mp_facts *facts, mp_answer_fn *answer, void *context)
{
	struct mp_world *w = mp_alloc(sizeof *w);

	*w = (struct mp_world){.facts = facts, .answer = answer, .answer_context = context};
	return w;
}

void mp_world_release(struct mp_world *w)
{
	mp_vec_release(&w->choices);
	mp_map_release(&w->asked);
	mp_arena_release(&w->texts);
	mp_arena_release(&w->arena);
}

void mp_world_free(struct mp_world *w)
{
	if (w != NULL) {
		mp_world_release(w);
		free(w);
	}
}
