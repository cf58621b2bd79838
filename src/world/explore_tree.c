/*
 * explore_tree - worlds explored by differences, where there are too many to play them all.
 *
 * DESCRIPTION
 *	The tree holds what was played. Of a path, each question behind its beginning is given each
 *	of its other answers, and the first answer to all that follows. Where that asks the same
 *	questions as the sibling's own first path, and ends alike, the answer counts as `like` that
 *	sibling, and what is below is not explored twice. All others are paths to go on from, those
 *	with the fewest deviations first.
 *
 *	That two answers are alike on one path does not prove that they are on all. So worlds with
 *	random answers are played, and must end as the tree says; where one does not, the topmost
 *	likeness on its way is given up. The random numbers are the same in every run.
 */
#include "base/alloc.h"
#include "base/limits.h"
#include "world/explore_internal.h"

#include <stdlib.h>

/* So many random worlds in a row must be as expected. */
enum { SAMPLES = 24 };

struct node {
	const char *question; /* NULL: a leaf */
	const char *value;
	const char *const *answers;
	size_t n;
	struct node **child; /* NULL: not explored, or: */
	size_t *like; /* the sibling that stands for it; its own index otherwise */
	size_t result;
};

struct tree {
	struct mp_explorer *x;
	struct mp_arena arena;
	struct node *root;
	MP_VEC(struct mp_path) open; /* from: the first question that is varied */
	size_t next; /* of them */
	size_t most;
};

static struct node *new_node(struct tree *t, const struct mp_path *path, size_t at, size_t result)
{
	struct node *node = MP_ARENA_NEW(&t->arena, struct node);

	if (at == path->n) {
		node->result = result;
		return node;
	}
	const struct mp_choice *c = &path->v[at];
	node->question = c->question;
	node->value = c->value;
	node->answers = c->answers;
	node->n = c->n;
	node->child = mp_arena_array(&t->arena, c->n, sizeof *node->child);
	node->like = mp_arena_array(&t->arena, c->n, sizeof *node->like);
	for (size_t i = 0; i < c->n; i++) {
		node->like[i] = i;
	}
	return node;
}

/* Puts a path into the tree, below what it has in common with others. */
static void insert(struct tree *t, const struct mp_path *path, size_t result)
{
	struct node **at = &t->root;

	for (size_t i = 0;; i++) {
		if (*at == NULL) {
			*at = new_node(t, path, i, result);
		}
		if (i == path->n || (*at)->question == NULL) {
			return;
		}
		at = &(*at)->child[path->v[i].at];
	}
}

/* The node that the answer to this one leads to, by way of the sibling that stands for it. */
static struct node *follow(const struct node *node, size_t answer)
{
	return node->child[node->like[answer]];
}

static bool same_question(const struct node *node, const struct mp_choice *c)
{
	return node->question != NULL && mp_str_eq(node->question, c->question) &&
		(node->value == NULL) == (c->value == NULL) &&
		(node->value == NULL || mp_str_eq(node->value, c->value)) && node->n == c->n;
}

/* Whether the rest of the path asks what the first path below the node asks, and ends alike. */
static bool like_first_path(
	const struct node *node, const struct mp_path *path, size_t from, size_t result)
{
	for (size_t i = from; i < path->n; i++) {
		if (node == NULL || !same_question(node, &path->v[i])) {
			return false;
		}
		node = follow(node, 0);
	}
	return node != NULL && node->question == NULL && node->result == result;
}

/* Plays the beginning of a path with another answer to the question behind it. */
static size_t play_deviation(
	struct tree *t, const struct mp_path *path, size_t at, size_t answer, struct mp_path *out)
{
	struct mp_world *w = &t->x->world;

	w->choices.n = 0;
	for (size_t i = 0; i <= at; i++) {
		mp_vec_push(&w->choices, path->v[i]);
	}
	w->choices.v[at].at = answer;
	size_t result = mp_explorer_play(t->x);
	*out = mp_explorer_path(t->x);
	return result;
}

static struct node *node_at(const struct tree *t, const struct mp_path *path, size_t depth)
{
	struct node *node = t->root;

	for (size_t i = 0; i < depth && node != NULL && node->question != NULL; i++) {
		node = follow(node, path->v[i].at);
	}
	return node;
}

/* Gives the question at this depth of the path each answer that it has not had. */
static void vary(struct tree *t, const struct mp_path *path, size_t depth)
{
	struct node *node = node_at(t, path, depth);

	for (size_t a = 0; node != NULL && a < node->n && t->x->plays < t->most; a++) {
		struct mp_path other;
		if (node->child[a] != NULL || node->like[a] != a) {
			continue;
		}
		size_t result = play_deviation(t, path, depth, a, &other);
		size_t like = a;
		for (size_t k = 0; k < node->n && like == a; k++) {
			if (k != a && node->like[k] == k && node->child[k] != NULL &&
				like_first_path(node->child[k], &other, depth + 1, result)) {
				like = k;
			}
		}
		if (like != a) {
			node->like[a] = like;
			t->x->sampled = t->x->sampled || other.n > depth + 1;
			continue;
		}
		insert(t, &other, result);
		other.from = depth + 1;
		mp_vec_push(&t->open, other);
	}
}

static void grow(struct tree *t)
{
	while (t->next < t->open.n && t->x->plays < t->most) {
		struct mp_path path = t->open.v[t->next++];
		for (size_t i = path.from; i < path.n; i++) {
			vary(t, &path, i);
		}
	}
	t->x->truncated = t->next < t->open.n;
}

/* Follows a path that was played through the tree. True when it ends as the tree says, or where
 * nothing is known of it; else *depth is where it first took an answer for another. */
static bool as_expected(
	const struct tree *t, const struct mp_path *path, size_t result, size_t *depth)
{
	const struct node *node = t->root;

	*depth = path->n;
	for (size_t i = 0; i < path->n && node != NULL; i++) {
		if (!same_question(node, &path->v[i])) {
			return false;
		}
		if (node->like[path->v[i].at] != path->v[i].at && *depth == path->n) {
			*depth = i;
		}
		node = follow(node, path->v[i].at);
	}
	return node == NULL || (node->question == NULL && node->result == result);
}

/* Puts a path into the tree as it is, whatever was taken for something else on its way. */
static void force(struct tree *t, const struct mp_path *path, size_t result)
{
	struct node *node = t->root;

	for (size_t i = 0; i < path->n && node != NULL; i++) {
		size_t answer = path->v[i].at;
		node->like[answer] = answer;
		node = node->child[answer];
	}
	insert(t, path, result);
}

/* Brings a world into the tree that does not end as the tree says. */
static void correct(struct tree *t, const struct mp_path *path, size_t result)
{
	size_t depth;

	while (t->x->plays < t->most && !as_expected(t, path, result, &depth)) {
		struct node *node = node_at(t, path, depth);
		struct mp_path own;
		if (depth == path->n || node == NULL) {
			MP_BUG("a simulation answered otherwise when it was replayed");
		}
		size_t answer = path->v[depth].at;
		node->like[answer] = answer;
		size_t first = play_deviation(t, path, depth, answer, &own);
		insert(t, &own, first);
		own.from = depth + 1;
		mp_vec_push(&t->open, own);
		grow(t);
	}
	/* There was no room to explore it. */
	const struct node *end = node_at(t, path, path->n);
	if (end == NULL || end->question != NULL || end->result != result) {
		force(t, path, result);
	}
}

static void check_samples(struct tree *t)
{
	struct mp_world *w = &t->x->world;
	size_t good = 0;

	for (size_t i = 0; i < t->x->seen.n; i++) {
		/* Played before: the answer is the same, the world need not be played again. */
		struct mp_path path = t->x->seen.v[i];
		correct(t, &path, t->x->leaves.list.v[i].result);
	}
	w->random = 0x9e3779b97f4a7c15u;
	while (good < SAMPLES && t->x->plays < t->most) {
		size_t depth;
		w->choices.n = 0;
		size_t result = mp_explorer_play(t->x);
		struct mp_path path = mp_explorer_path(t->x);
		uint64_t random = w->random;
		good = as_expected(t, &path, result, &depth) ? good + 1 : 0;
		w->random = 0; /* all others begin as they are told */
		correct(t, &path, result);
		w->random = random;
	}
	w->random = 0;
	t->x->truncated = t->x->truncated || good < SAMPLES;
}

/* Leaves in the order of the tree, likenesses left out. */
static void list_leaves(
	struct tree *t, const struct node *node, struct mp_choice *path, size_t depth)
{
	if (node->question == NULL) {
		mp_explorer_add_leaf(t->x, path, depth, node->result);
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		if (node->like[i] == i && node->child[i] != NULL) {
			path[depth] = (struct mp_choice){.question = node->question,
				.answers = node->answers,
				.n = node->n,
				.at = i};
			list_leaves(t, node->child[i], path, depth + 1);
		}
	}
}

void mp_explore_tree(struct mp_explorer *x)
{
	struct tree t = {.x = x, .most = x->plays + x->ops->sampled_plays};
	struct mp_path first;

	x->truncated = false;
	x->world.choices.n = 0;
	size_t result = mp_explorer_play(x);
	first = mp_explorer_path(x);
	insert(&t, &first, result);
	mp_vec_push(&t.open, first);
	grow(&t);
	check_samples(&t);
	struct mp_choice *path = mp_arena_array(&t.arena, MP_LIMIT_CHOICES + 1, sizeof *path);
	x->leaves.list.n = 0;
	list_leaves(&t, t.root, path, 0);
	mp_vec_release(&t.open);
	mp_arena_release(&t.arena);
}
