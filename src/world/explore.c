/*
 * explore - replays a simulation in every world, and says on what each result rests.
 *
 * The worlds form a tree: a node is a question, a branch an answer, a leaf a result. Questions
 * whose branches all end alike are dropped, so that a result names only assumptions that matter.
 */
#include "world/explore_internal.h"

#include "base/alloc.h"
#include "base/limits.h"

#include <stdlib.h>

/* Moves to the next world: the last choice that has another answer takes it, those behind it are
 * forgotten. false when all were seen. */
static bool advance(struct mp_world *w)
{
	while (w->choices.n > 0) {
		struct mp_choice *last = &w->choices.v[w->choices.n - 1];
		if (last->at + 1 < last->n) {
			last->at++;
			return true;
		}
		w->choices.n--;
	}
	return false;
}

/* The number of an equal result; a new one is kept with the memory that holds it. */
static size_t intern_result(struct mp_explorer *x, void *result, struct mp_arena *made_in)
{
	for (size_t i = 0; i < x->results.n; i++) {
		if (x->ops->equal(x->results.v[i], result)) {
			return i;
		}
	}
	mp_arena_adopt(x->keep, made_in);
	mp_vec_push(&x->results, result);
	return x->results.n - 1;
}

size_t mp_explorer_play(struct mp_explorer *x)
{
	x->world.position = 0;
	mp_arena_reset(&x->world.arena);
	mp_arena_reset(&x->made);
	void *value = x->ops->play(x->context, &x->world, &x->made);
	x->trace = x->ops->trace != NULL ? x->ops->trace(value) : 0;
	size_t result = intern_result(x, value, &x->made);
	x->plays++;
	return result;
}

struct mp_path mp_explorer_path(const struct mp_explorer *x)
{
	const struct mp_world *w = &x->world;
	struct mp_arena *arena = (struct mp_arena *)&w->texts;
	struct mp_choice *v = mp_arena_array(arena, w->position, sizeof *v);

	for (size_t i = 0; i < w->position; i++) {
		v[i] = w->choices.v[i];
	}
	return (struct mp_path){v, w->position, 0, 0};
}

void mp_explorer_add_leaf(
	struct mp_explorer *x, const struct mp_choice *choices, size_t n, size_t result)
{
	struct mp_assumption *path = mp_arena_array(&x->world.texts, n, sizeof *path);
	struct mp_leaf leaf = {.path = path, .depth = n, .result = result};

	for (size_t i = 0; i < n; i++) {
		const struct mp_choice *c = &choices[i];
		path[i] = (struct mp_assumption){c->question, c->answers[c->at]};
	}
	mp_vec_push(&x->leaves.list, leaf);
}

/* Whether the world that was played first asks so much that no limit could hold all worlds. */
static bool hopeless(const struct mp_explorer *x, size_t most)
{
	enum { MARGIN = 16 };
	size_t worlds = 1;

	for (size_t i = 0; i < x->world.position && worlds <= most * MARGIN; i++) {
		worlds *= x->world.choices.v[i].n;
	}
	return worlds > most * MARGIN;
}

static void play_all(struct mp_explorer *x)
{
	struct mp_world *w = &x->world;
	size_t most = x->ops->most_plays > 0 ? x->ops->most_plays : MP_LIMIT_REPLAYS;

	do {
		size_t result = mp_explorer_play(x);
		mp_explorer_add_leaf(x, w->choices.v, w->position, result);
		if (x->ops->sampled_plays > 0) {
			mp_vec_push(&x->seen, mp_explorer_path(x));
			if (x->plays == 1 && hopeless(x, most)) {
				x->truncated = true;
				return;
			}
		}
		if (!advance(w)) {
			break;
		}
		x->truncated = x->plays >= most;
	} while (!x->truncated && x->results.n <= MP_LIMIT_WORLDS);
	x->truncated = x->truncated || x->results.n > MP_LIMIT_WORLDS;
}

/* A condition under which a result holds. */
struct cube {
	struct mp_assumptions when;
	size_t result;
};

struct cubes {
	struct cube *v;
	size_t n;
};

static bool same_cube(const struct cube *a, const struct cube *b)
{
	if (a->result != b->result || a->when.n != b->when.n) {
		return false;
	}
	for (size_t i = 0; i < a->when.n; i++) {
		if (!mp_str_eq(a->when.v[i].question, b->when.v[i].question) ||
			!mp_str_eq(a->when.v[i].answer, b->when.v[i].answer)) {
			return false;
		}
	}
	return true;
}

static bool same_cubes(const struct cubes *a, const struct cubes *b)
{
	if (a->n != b->n) {
		return false;
	}
	for (size_t i = 0; i < a->n; i++) {
		if (!same_cube(&a->v[i], &b->v[i])) {
			return false;
		}
	}
	return true;
}

/* The cubes of one branch, with the branch's own assumption in front. */
static void append_branch(struct mp_arena *arena, struct cubes *out, const struct cubes *branch,
	struct mp_assumption own)
{
	for (size_t i = 0; i < branch->n; i++) {
		const struct mp_assumptions *when = &branch->v[i].when;
		struct mp_assumption *path = mp_arena_array(arena, when->n + 1, sizeof *path);
		path[0] = own;
		if (when->n > 0) {
			memcpy(path + 1, when->v, when->n * sizeof *path);
		}
		out->v[out->n++] = (struct cube){{path, when->n + 1}, branch->v[i].result};
	}
}

/* The end of the run of leaves that took the same answer at this depth as leaf `from`. */
static size_t branch_end(const struct mp_leaves *x, size_t from, size_t to, size_t depth)
{
	size_t end = from + 1;

	while (end < to && x->list.v[end].depth > depth &&
		mp_str_eq(x->list.v[end].path[depth].answer, x->list.v[from].path[depth].answer)) {
		end++;
	}
	return end;
}

/* The cubes of leaves from..to-1, which agree on the first `depth` answers. The depth is bounded by
 * MP_LIMIT_CHOICES. */
static struct cubes collapse(struct mp_leaves *x, size_t from, size_t to, size_t depth)
{
	struct mp_arena *arena = &x->scratch;
	const struct mp_leaf *first = &x->list.v[from];

	if (first->depth <= depth) {
		struct cube *one = MP_ARENA_NEW(arena, struct cube);
		one->result = first->result;
		return (struct cubes){one, 1};
	}
	struct cubes all = {mp_arena_array(arena, to - from, sizeof *all.v), 0};
	struct cubes head = {0};
	bool alike = true;
	for (size_t at = from; at < to;) {
		size_t end = branch_end(x, at, to, depth);
		struct cubes branch = collapse(x, at, end, depth + 1);
		if (at == from) {
			head = branch;
		} else {
			alike = alike && same_cubes(&head, &branch);
		}
		append_branch(arena, &all, &branch, x->list.v[at].path[depth]);
		at = end;
	}
	return alike ? head : all;
}

/* The leaves as they are. */
static struct cubes list_cubes(struct mp_leaves *x)
{
	struct cubes all = {mp_arena_array(&x->scratch, x->list.n, sizeof *all.v), x->list.n};

	for (size_t i = 0; i < x->list.n; i++) {
		const struct mp_leaf *leaf = &x->list.v[i];
		all.v[i] = (struct cube){{leaf->path, leaf->depth}, leaf->result};
	}
	return all;
}

/* Copies the texts of the assumptions, which live in the explorer's own memory. */
static struct mp_assumptions keep_assumptions(struct mp_arena *keep, struct mp_assumptions when)
{
	struct mp_assumption *copy = mp_arena_array(keep, when.n, sizeof *copy);

	for (size_t i = 0; i < when.n; i++) {
		copy[i].question = mp_arena_strdup(keep, when.v[i].question);
		copy[i].answer = mp_arena_strdup(keep, when.v[i].answer);
	}
	return (struct mp_assumptions){copy, when.n};
}

static struct mp_strings keep_questions(struct mp_explorer *x)
{
	const struct mp_map *asked = &x->world.asked;
	const char **list = mp_arena_array(x->keep, asked->n, sizeof *list);

	for (size_t i = 0; i < asked->n; i++) {
		list[i] = mp_arena_slicedup(x->keep, asked->entries[i].key);
	}
	return (struct mp_strings){list, asked->n};
}

/* Results with the cases of each, and the cases as they stand in the tree. */
static struct mp_exploration list_cases(
	const struct cubes *cubes, void *const *values, size_t count, struct mp_arena *arena)
{
	struct mp_world_result *results = mp_arena_array(arena, count, sizeof *results);
	struct mp_world_case *cases = mp_arena_array(arena, cubes->n, sizeof *cases);
	struct mp_exploration out = {.v = results, .n = count, .cases = cases};

	for (size_t i = 0; i < cubes->n; i++) {
		if (cubes->v[i].result < count) {
			cases[out.case_count++] =
				(struct mp_world_case){cubes->v[i].when, cubes->v[i].result};
		}
	}
	for (size_t r = 0; r < count; r++) {
		struct mp_assumptions *own = mp_arena_array(arena, out.case_count, sizeof *own);
		size_t n = 0;
		for (size_t i = 0; i < out.case_count; i++) {
			if (cases[i].result == r) {
				own[n++] = cases[i].when;
			}
		}
		results[r] = (struct mp_world_result){values[r], own, n};
	}
	return out;
}

static struct mp_exploration gather(struct mp_explorer *x)
{
	struct cubes cubes =
		x->graph ? list_cubes(&x->leaves) : collapse(&x->leaves, 0, x->leaves.list.n, 0);
	size_t count = x->results.n < MP_LIMIT_WORLDS ? x->results.n : MP_LIMIT_WORLDS;

	for (size_t i = 0; i < cubes.n; i++) {
		cubes.v[i].when = keep_assumptions(x->keep, cubes.v[i].when);
	}
	struct mp_exploration out = list_cases(&cubes, x->results.v, count, x->keep);
	out.truncated = x->truncated || x->world.truncated;
	out.sampled = x->sampled;
	out.graph = x->graph;
	out.asked = keep_questions(x);
	return out;
}

static void release_leaves(struct mp_leaves *leaves)
{
	mp_vec_release(&leaves->list);
	mp_arena_release(&leaves->scratch);
}

struct mp_exploration mp_explore(const struct mp_facts *facts, const struct mp_explore_ops *ops,
	void *context, struct mp_arena *keep)
{
	struct mp_explorer x = {.ops = ops, .context = context, .keep = keep};

	x.world.facts = facts;
	play_all(&x);
	if (x.truncated && ops->sampled_plays > 0) {
		mp_explore_tree(&x);
		x.graph = true;
	}
	struct mp_exploration exploration = gather(&x);
	release_leaves(&x.leaves);
	mp_arena_release(&x.made);
	mp_vec_release(&x.results);
	mp_vec_release(&x.seen);
	mp_world_release(&x.world);
	return exploration;
}

struct mp_exploration mp_exploration_group(const struct mp_exploration *worlds,
	const size_t *groups, size_t group_count, struct mp_arena *arena)
{
	struct mp_leaves leaves = {0};
	void **values = mp_arena_array(arena, group_count, sizeof *values);
	size_t *number = mp_arena_array(arena, group_count, sizeof *number);
	size_t n = 0;

	/* Groups in the order of their first results; those that have none get no number. */
	for (size_t i = 0; i < worlds->n; i++) {
		size_t *at = &number[groups[i]];
		if (*at == 0) {
			values[n++] = worlds->v[i].value;
			*at = n;
		}
	}
	for (size_t i = 0; i < worlds->case_count; i++) {
		const struct mp_world_case *c = &worlds->cases[i];
		struct mp_leaf leaf = {c->when.v, c->when.n, number[groups[c->result]] - 1};
		mp_vec_push(&leaves.list, leaf);
	}
	struct cubes cubes = {0};
	if (worlds->graph) {
		cubes = list_cubes(&leaves);
	} else if (leaves.list.n > 0) {
		cubes = collapse(&leaves, 0, leaves.list.n, 0);
	}
	for (size_t i = 0; i < cubes.n; i++) {
		struct mp_assumptions *when = &cubes.v[i].when;
		struct mp_assumption *copy = mp_arena_array(arena, when->n, sizeof *copy);
		if (when->n > 0) {
			memcpy(copy, when->v, when->n * sizeof *copy);
		}
		when->v = copy;
	}
	struct mp_exploration out = list_cases(&cubes, values, n, arena);
	out.truncated = worlds->truncated;
	out.sampled = worlds->sampled;
	out.graph = worlds->graph;
	out.asked = worlds->asked;
	release_leaves(&leaves);
	return out;
}
