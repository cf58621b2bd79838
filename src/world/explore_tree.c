/*
 * explore_tree - worlds explored by differences, where there are too many to play them all.
 *
 * DESCRIPTION
 *	A node is a point at which the simulation asks. Of each, the path that gives the first
 *	answer to all that follows is played, and then each other answer to it, with first answers
 *	behind it again. Where what such a path asks from some point on, and its end with what can
 *	be seen of how it came about, are what was seen before, that point is taken for the node
 *	that was there, and is not explored again: the worlds are then a graph whose size is that
 *	of the simulation's differences, not of their combinations.
 *
 *	That the rest is alike on one path does not prove that it is on all. So the worlds that
 *	differ in one answer from one of each result, and worlds with random answers are played,
 *	and must end as the graph says; where one does not, the first point on its way that was
 *	taken for another gets a node of its own, and what follows from it is explored apart from
 *	the rest. The random numbers are the same in every run.
 */
#include "base/alloc.h"
#include "base/limits.h"
#include "world/explore_internal.h"

#include <stdlib.h>

enum {
	SURPRISES = 2, /* so far it is looked around a world that ends otherwise than expected */
	SAMPLES = 24, /* so many random worlds in a row must be as expected */
	CASES = 32 /* so many ways to one result are told */
};

struct node {
	const char *question; /* NULL: the end */
	const char *value;
	const char *const *answers;
	size_t n;
	struct node **child; /* NULL: not explored */
	bool *own; /* the child was made for this answer; else it is taken for another node */
	size_t result;
	uint64_t part; /* points are only taken for others of their own part */
	/* For the question whether its answers matter: the node that it is as good as. */
	struct node *same;
	bool visited;
};

struct graph {
	struct mp_explorer *x;
	struct mp_arena arena;
	struct node *root;
	struct mp_map rests; /* hash of a rest of a path -> the node at its beginning */
	MP_VEC(struct mp_path) open; /* paths whose nodes from..to-1 are to be varied */
	size_t next; /* of them */
	size_t most;
	uint64_t parts;
	struct node **ends; /* of the first node of each result, for the comparison of ends */
};

/* ---- rests ------------------------------------------------------------------------------------
 */

static uint64_t mix(uint64_t hash, uint64_t more)
{
	hash = (hash ^ more) * 0xff51afd7ed558ccdu;
	return hash ^ (hash >> 32);
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
	while (*text != '\0') {
		hash = (hash ^ (unsigned char)*text++) * 0x100000001b3u;
	}
	return mix(hash, 1);
}

/* What is asked from each point of the path on, and the end, as one number: hashes[i] for the rest
 * that begins with question i, hashes[n] for the end. */
static void hash_rests(
	const struct graph *g, const struct mp_path *path, size_t result, uint64_t *hashes)
{
	hashes[path->n] = mix(mix(0x9e3779b97f4a7c15u, result), g->x->trace);
	for (size_t i = path->n; i > 0; i--) {
		const struct mp_choice *c = &path->v[i - 1];
		uint64_t hash = mix_text(mix(hashes[i], c->n), c->question);
		hashes[i - 1] = c->value != NULL ? mix_text(hash, c->value) : hash;
	}
}

static struct node *find_rest(const struct graph *g, uint64_t hash)
{
	return mp_map_get(&g->rests, mp_slice((const char *)&hash, sizeof hash));
}

static void note_rest(struct graph *g, uint64_t hash, struct node *node)
{
	char *key = mp_arena_memdup(&g->arena, (const char *)&hash, sizeof hash);

	mp_map_put(&g->rests, mp_slice(key, sizeof hash), node);
}

/* ---- the graph --------------------------------------------------------------------------------
 */

static struct node *new_node(
	struct graph *g, const struct mp_path *path, size_t at, size_t result, uint64_t part)
{
	struct node *node = MP_ARENA_NEW(&g->arena, struct node);

	node->part = part;
	if (at == path->n) {
		node->result = result;
		return node;
	}
	const struct mp_choice *c = &path->v[at];
	node->question = c->question;
	node->value = c->value;
	node->answers = c->answers;
	node->n = c->n;
	node->child = mp_arena_array(&g->arena, c->n, sizeof *node->child);
	node->own = mp_arena_array(&g->arena, c->n, sizeof *node->own);
	return node;
}

/* Makes the nodes of a path from a depth on, up to the first that is there already; the parent is
 * the node before it, NULL at the root. With `apart`, in a part of their own. */
static void add_path(struct graph *g, struct node *parent, const struct mp_path *path, size_t from,
	size_t result, bool apart)
{
	uint64_t *hashes = mp_arena_array(&g->arena, path->n + 1, sizeof *hashes);
	uint64_t part = parent != NULL ? parent->part : 0;
	size_t at = from;

	part = apart ? ++g->parts : part;
	hash_rests(g, path, result, hashes);
	for (; at <= path->n; at++) {
		uint64_t hash = mix(hashes[at], part);
		struct node *node = find_rest(g, hash);
		bool old = node != NULL;
		if (!old) {
			node = new_node(g, path, at, result, part);
			note_rest(g, hash, node);
		}
		if (parent == NULL) {
			g->root = node;
		} else {
			size_t answer = path->v[at - 1].at;
			parent->child[answer] = node;
			parent->own[answer] = !old || node->question == NULL;
			g->x->sampled = g->x->sampled || !parent->own[answer];
		}
		if (old) {
			break;
		}
		parent = node;
	}
	struct mp_path open = {path->v, path->n, from, at < path->n ? at : path->n};
	if (open.to > open.from) {
		mp_vec_push(&g->open, open);
	}
}

/* Where a path comes to in the graph, after so many answers; NULL where it is not explored. */
static struct node *node_at(const struct graph *g, const struct mp_path *path, size_t depth)
{
	struct node *node = g->root;

	for (size_t i = 0; i < depth && node != NULL && node->question != NULL; i++) {
		node = node->child[path->v[i].at];
	}
	return node;
}

/* Plays the beginning of a path with this answer to the question behind it. */
static size_t play_deviation(
	struct graph *g, const struct mp_path *path, size_t at, size_t answer, struct mp_path *out)
{
	struct mp_world *w = &g->x->world;

	w->choices.n = 0;
	for (size_t i = 0; i <= at; i++) {
		mp_vec_push(&w->choices, path->v[i]);
	}
	w->choices.v[at].at = answer;
	size_t result = mp_explorer_play(g->x);
	*out = mp_explorer_path(g->x);
	return result;
}

/* Gives the question at this depth of the path each answer that it has not had. */
static void vary(struct graph *g, const struct mp_path *path, size_t depth)
{
	struct node *node = node_at(g, path, depth);

	for (size_t a = 0; node != NULL && a < node->n && g->x->plays < g->most; a++) {
		struct mp_path other;
		if (node->child[a] == NULL) {
			size_t result = play_deviation(g, path, depth, a, &other);
			add_path(g, node, &other, depth + 1, result, false);
		}
	}
}

static void grow(struct graph *g)
{
	while (g->next < g->open.n && g->x->plays < g->most) {
		struct mp_path path = g->open.v[g->next++];
		for (size_t i = path.from; i < path.to; i++) {
			vary(g, &path, i);
		}
	}
	g->x->truncated = g->next < g->open.n || g->x->plays >= g->most;
}

/* ---- samples ----------------------------------------------------------------------------------
 */

static bool same_question(const struct node *node, const struct mp_choice *c)
{
	return node->question != NULL && mp_str_eq(node->question, c->question) &&
		(node->value == NULL) == (c->value == NULL) &&
		(node->value == NULL || mp_str_eq(node->value, c->value)) && node->n == c->n;
}

/* Follows a path that was played. True when it ends as the graph says, or where that is not
 * explored; else *depth is the first question whose answer led to what was taken for another node.
 */
static bool as_expected(
	const struct graph *g, const struct mp_path *path, size_t result, size_t *depth)
{
	const struct node *node = g->root;

	*depth = path->n;
	for (size_t i = 0; i < path->n && node != NULL; i++) {
		size_t answer = path->v[i].at;
		if (!same_question(node, &path->v[i])) {
			return false;
		}
		if (!node->own[answer] && *depth == path->n) {
			*depth = i;
		}
		node = node->child[answer];
	}
	return node == NULL || (node->question == NULL && node->result == result);
}

/* Puts a path into the graph as it is, with nodes of its own. */
static void force(struct graph *g, const struct mp_path *path, size_t result)
{
	struct node *node = g->root;
	size_t i = 0;

	while (i < path->n && node->own[path->v[i].at] && node->child[path->v[i].at] != NULL) {
		node = node->child[path->v[i++].at];
	}
	for (; i < path->n; i++) {
		struct node *next = new_node(g, path, i + 1, result, ++g->parts);
		node->child[path->v[i].at] = next;
		node->own[path->v[i].at] = true;
		node = next;
	}
}

/* Brings a world into the graph that does not end as the graph says, or where it is not explored.
 */
static void correct(struct graph *g, const struct mp_path *path, size_t result)
{
	size_t depth;

	while (g->x->plays < g->most && !as_expected(g, path, result, &depth)) {
		struct mp_path own;
		if (depth == path->n) {
			MP_BUG("a simulation answered otherwise when it was replayed");
		}
		size_t first = play_deviation(g, path, depth, path->v[depth].at, &own);
		add_path(g, node_at(g, path, depth), &own, depth + 1, first, true);
		grow(g);
	}
	const struct node *end = node_at(g, path, path->n);
	if (end == NULL || end->question != NULL || end->result != result) {
		force(g, path, result); /* there is no room to explore it */
		g->x->truncated = true;
	}
}

/* A path that was played and has this result, in the order of the graph. */
static bool find_witness(
	const struct node *node, size_t result, struct mp_choice *path, size_t depth, size_t *n)
{
	if (node->question == NULL) {
		*n = depth;
		return node->result == result;
	}
	for (size_t i = 0; i < node->n; i++) {
		if (node->own[i] && node->child[i] != NULL) {
			path[depth] = (struct mp_choice){.question = node->question,
				.value = node->value,
				.answers = node->answers,
				.n = node->n,
				.at = i};
			if (find_witness(node->child[i], result, path, depth + 1, n)) {
				return true;
			}
		}
	}
	return false;
}

/* Whether the graph takes the path all the way through points that were made for it. */
static bool was_played(const struct graph *g, const struct mp_path *path)
{
	const struct node *node = g->root;

	for (size_t i = 0; i < path->n && node != NULL && node->question != NULL; i++) {
		if (!same_question(node, &path->v[i]) || !node->own[path->v[i].at]) {
			return false;
		}
		node = node->child[path->v[i].at];
	}
	return node != NULL;
}

/* Plays the world with the answers of this path, where they are asked for. */
static size_t play_hinted(struct graph *g, const struct mp_path *hints, struct mp_path *out)
{
	struct mp_world *w = &g->x->world;

	w->choices.n = 0;
	w->hints = hints->v;
	w->hint_count = hints->n;
	size_t result = mp_explorer_play(g->x);
	w->hint_count = 0;
	*out = mp_explorer_path(g->x);
	return result;
}

/* Plays the worlds that differ in one answer from this one, and so on from those that end otherwise
 * than the graph says. */
static void check_around(struct graph *g, const struct mp_path *path, unsigned deeper)
{
	struct mp_choice *v = mp_arena_array(&g->arena, path->n, sizeof *v);
	struct mp_path near = {v, path->n, 0, 0};

	for (size_t i = 0; i < path->n; i++) {
		v[i] = path->v[i];
	}
	for (size_t i = 0; i < path->n; i++) {
		for (size_t a = 0; a < v[i].n && g->x->plays < g->most; a++) {
			struct mp_path played;
			size_t depth;
			v[i].at = a;
			if (a == path->v[i].at || was_played(g, &near)) {
				continue;
			}
			size_t result = play_hinted(g, &near, &played);
			bool surprise = !as_expected(g, &played, result, &depth);
			correct(g, &played, result);
			if (surprise && deeper > 0) {
				check_around(g, &played, deeper - 1);
			}
		}
		v[i].at = path->v[i].at;
	}
}

/* Of each result, the neighbourhood of a world that has it: what makes no difference on a first
 * path often does where much else is as it must be. Results that turn up there follow. */
static void check_neighbours(struct graph *g)
{
	for (size_t r = 0; r < g->x->results.n && g->x->plays < g->most; r++) {
		struct mp_choice *path =
			mp_arena_array(&g->arena, MP_LIMIT_CHOICES + 1, sizeof *path);
		struct mp_path witness = {path, 0, 0, 0};
		if (find_witness(g->root, r, path, 0, &witness.n)) {
			check_around(g, &witness, SURPRISES);
		}
	}
}

static void check_samples(struct graph *g)
{
	struct mp_world *w = &g->x->world;
	size_t good = 0;

	/* Those that were played before need not be played again. */
	for (size_t i = 0; i < g->x->seen.n; i++) {
		struct mp_path path = g->x->seen.v[i];
		correct(g, &path, g->x->leaves.list.v[i].result);
	}
	check_neighbours(g);
	w->random = 0x9e3779b97f4a7c15u;
	while (good < SAMPLES && g->x->plays < g->most) {
		size_t depth;
		w->choices.n = 0;
		size_t result = mp_explorer_play(g->x);
		struct mp_path path = mp_explorer_path(g->x);
		uint64_t random = w->random;
		good = as_expected(g, &path, result, &depth) ? good + 1 : 0;
		w->random = 0; /* all others begin as they are told */
		correct(g, &path, result);
		w->random = random;
	}
	w->random = 0;
	g->x->truncated = g->x->truncated || good < SAMPLES;
}

/* ---- what the results rest on -----------------------------------------------------------------
 */

/* The node that this one is as good as: where all answers lead to one, that one. A node that is
 * still being looked at (points may be taken for one another in circles) is itself. */
static struct node *reduce(const struct graph *g, struct node *node)
{
	if (node == NULL || node->visited) {
		return node != NULL && node->same != NULL ? node->same : node;
	}
	if (node->question == NULL) {
		struct node **end = &g->ends[node->result];
		*end = *end != NULL ? *end : node;
		return *end;
	}
	node->visited = true;
	struct node *first = reduce(g, node->child[0]);
	bool alike = first != NULL;
	for (size_t i = 1; i < node->n; i++) {
		alike = reduce(g, node->child[i]) == first && alike;
	}
	node->same = alike ? first : node;
	return node->same;
}

/* Adds the worlds below a node, each with the answers that matter on its way. */
static void list_leaves(struct graph *g, const struct node *node, struct mp_choice *path,
	size_t depth, size_t *told)
{
	if (node->question == NULL) {
		if (told[node->result]++ < CASES) {
			mp_explorer_add_leaf(g->x, path, depth, node->result);
		}
		return;
	}
	bool matters = node->same == node;
	for (size_t i = 0; i < node->n; i++) {
		if (node->own[i] && node->child[i] != NULL) {
			path[depth] = (struct mp_choice){.question = node->question,
				.answers = node->answers,
				.n = node->n,
				.at = i};
			list_leaves(g, node->child[i], path, depth + matters, told);
		}
	}
}

void mp_explore_tree(struct mp_explorer *x)
{
	struct graph g = {.x = x};

	x->truncated = false;
	x->world.choices.n = 0;
	size_t result = mp_explorer_play(x);
	struct mp_path first = mp_explorer_path(x);
	add_path(&g, NULL, &first, 0, result, false);
	g.most = x->plays + x->ops->sampled_plays / 5 * 3;
	grow(&g);

	bool cut = x->truncated;

	/* Where there is too much, worlds that are far from each other tell more than the next. */
	g.most = x->plays + x->ops->sampled_plays / 5 * 2;
	check_samples(&g);
	x->truncated = x->truncated || cut;
	struct mp_choice *path = mp_arena_array(&g.arena, MP_LIMIT_CHOICES + 1, sizeof *path);
	size_t *told = mp_arena_array(&g.arena, x->results.n, sizeof *told);
	g.ends = mp_arena_array(&g.arena, x->results.n, sizeof *g.ends);
	reduce(&g, g.root);
	x->leaves.list.n = 0;
	list_leaves(&g, g.root, path, 0, told);
	mp_map_release(&g.rests);
	mp_vec_release(&g.open);
	mp_arena_release(&g.arena);
}
