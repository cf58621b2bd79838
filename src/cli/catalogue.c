/* catalogue - what has a name that a user may meet. */
#include "cli/catalogue.h"

#include "base/edits.h"
#include "postfix/finding_rules.h"
#include "predict/behaviour.h"
#include "sendmail/finding_rules.h"
#include "table/finding_rules.h"

static void add_rules(struct mp_catalogue *c, struct mp_rules rules)
{
	for (size_t i = 0; i < rules.n; i++) {
		mp_vec_push(&c->rules, rules.v[i]);
	}
}

int mp_catalogue_load(struct mp_catalogue *c, const char *folder, struct mp_err *err)
{
	size_t n;
	const struct mp_behaviour_rule *behaviour = mp_behaviour_rules(&n);
	struct mp_rules sendmail[MP_SENDMAIL_RULES];

	*c = (struct mp_catalogue){0};
	for (size_t i = 0; i < n; i++) {
		struct mp_rule rule = {
			behaviour[i].id, behaviour[i].title, behaviour[i].why, behaviour[i].fix};
		mp_vec_push(&c->rules, rule);
	}
	add_rules(c, mp_postfix_rules());
	mp_sendmail_rules(sendmail);
	for (size_t i = 0; i < MP_SENDMAIL_RULES; i++) {
		add_rules(c, sendmail[i]);
	}
	add_rules(c, mp_table_rules());
	if (mp_scenarios_builtin(&c->scenarios, err) < 0) {
		return -1;
	}
	return folder != NULL ? mp_scenarios_folder(&c->scenarios, folder, err) : 0;
}

void mp_catalogue_release(struct mp_catalogue *c)
{
	mp_scenarios_release(&c->scenarios);
	mp_vec_release(&c->rules);
}

const struct mp_rule *mp_catalogue_rule(const struct mp_catalogue *c, const char *id)
{
	for (size_t i = 0; i < c->rules.n; i++) {
		if (mp_str_eq(c->rules.v[i].id, id)) {
			return &c->rules.v[i];
		}
	}
	return NULL;
}

/* ---- near matches ---- */

struct near_name {
	const char *name;
	size_t distance;
};

struct near_names {
	const char *word;
	MP_VEC(struct near_name) list;
};

/* What follows the last '/' or '.': who forgets the group finds it, too. */
static struct mp_slice last_part(const char *name)
{
	struct mp_slice s = mp_slice_str(name);
	size_t slash = mp_slice_rchr(s, '/');
	size_t dot = mp_slice_rchr(s, '.');
	size_t at = slash != MP_NOT_FOUND ? slash : dot;

	return mp_slice_from(s, at == MP_NOT_FOUND ? 0 : at + 1);
}

static void consider(struct near_names *near, const char *name)
{
	struct mp_slice word = mp_slice_str(near->word), whole = mp_slice_str(name);
	struct mp_slice part = last_part(name);

	if (word.n > MP_EDITS_MAX || whole.n > MP_EDITS_MAX) {
		return;
	}
	size_t distance = mp_edits(word, whole);
	if (part.n < whole.n) {
		size_t partly = mp_edits(word, part) + 1;
		distance = partly < distance ? partly : distance;
	}
	bool within = word.n >= 3 && mp_slice_find(whole, near->word) != MP_NOT_FOUND;
	if (within || distance <= 1 + word.n / 3) {
		struct near_name found = {name, within && distance > 2 ? 2 : distance};
		mp_vec_push(&near->list, found);
	}
}

static int compare_near(const void *a, const void *b)
{
	const struct near_name *x = a, *y = b;

	return x->distance != y->distance ? (x->distance < y->distance ? -1 : 1)
					  : strcmp(x->name, y->name);
}

size_t mp_catalogue_near(const struct mp_catalogue *c, const char *word, struct mp_arena *arena,
	const char **out, size_t most)
{
	struct mp_slice text = mp_slice_str(word);
	struct near_names near = {0};
	size_t kinds, n = 0;
	const struct mp_question_kind *questions = mp_question_kinds(&kinds);

	/* A question's word alone counts. */
	near.word = mp_arena_lower(arena, mp_slice_sub(text, 0, mp_slice_chr(text, ' ')));
	for (size_t i = 0; i < c->scenarios.list.n; i++) {
		consider(&near, c->scenarios.list.v[i]->id);
	}
	for (size_t i = 0; i < c->rules.n; i++) {
		if (mp_scenario_find(&c->scenarios, c->rules.v[i].id) == NULL) {
			consider(&near, c->rules.v[i].id);
		}
	}
	for (size_t i = 0; i < kinds; i++) {
		consider(&near, questions[i].word);
	}
	if (near.list.n > 0) {
		qsort(near.list.v, near.list.n, sizeof *near.list.v, compare_near);
	}
	for (size_t i = 0; i < near.list.n && n < most; i++) {
		out[n++] = near.list.v[i].name;
	}
	mp_vec_release(&near.list);
	return n;
}
