/* pair_verify - what a live server follows: the .cf, the .mc beside it, or neither. */
#include "cli/pair_verify.h"

#include "verify/between.h"

void mp_pair_verify_begin(struct mp_pair_verify *v, struct mp_pair *pair,
	const struct mp_verify_options *options, struct mp_arena *arena)
{
	*v = (struct mp_pair_verify){.pair = pair, .arena = arena};
	if (mp_pair_differs(pair)) {
		mp_verify_begin(
			&v->verify, pair->other, &pair->view, pair->loaded->facts, options, arena);
	}
}

void mp_pair_verify_judge(struct mp_pair_verify *v, const struct mp_verify_target *target,
	const struct mp_target_seen *seen, const struct mp_reached *reached)
{
	struct mp_verify_target other = *target;

	if (!mp_pair_differs(v->pair)) {
		return;
	}
	other.listener = mp_view_listener(&v->pair->view, &other.address, other.port);
	mp_verify_reach(&v->verify, &other, seen, reached);

	struct mp_target_verdict verdict = mp_verify_judge(&v->verify, &other, seen);

	mp_vec_push(&v->targets, verdict);
}

/* "3 dialogues, the first auth/offered-clear to 192.0.2.10:587"; in the arena. */
static const char *counted(struct mp_arena *arena, const struct mp_between_count *c)
{
	return c->n == 1 ? mp_arena_printf(arena, "1 dialogue, %s to %s", c->scenario, c->target)
			 : mp_arena_printf(arena, "%zu dialogues, the first %s to %s", c->n,
				   c->scenario, c->target);
}

/* Both promise the same, and the server does not keep it. */
static void find_stale(struct mp_pair_verify *v, const struct mp_between *b)
{
	const struct mp_pair *pair = v->pair;
	const struct mp_between_count *c = b->against.n > 0 ? &b->against : &b->other_words;
	struct mp_loaded *l = pair->loaded;

	if (c->n == 0) {
		return;
	}
	mp_finding_add(&l->findings, b->against.n > 0 ? MP_WARNING : MP_NOTE, "mc/not-restarted",
		mp_loc(sm_pair_source(pair->sides.cf), 0, 0),
		"restart sendmail; if it answers so still, look which file it reads (its option "
		"-C), and what else stands behind the port",
		"the server that runs does not follow %s: it was probably not restarted since that "
		"was built, or reads another file. %s and %s promise the same, and it %s otherwise "
		"(%s)",
		pair->sides.cf_name, pair->sides.mc_name, pair->sides.cf_name,
		b->against.n > 0 ? "answers" : "says it", counted(v->arena, c));
}

/* They promise different things: whom the server follows. */
static void find_followed(struct mp_pair_verify *v, const struct mp_between *b)
{
	struct mp_pair *pair = v->pair;
	bool cf_first = mp_input_kind(pair->loaded->input) == MP_CONFIG_CF;
	const struct mp_between_count *cf = cf_first ? &b->first : &b->second;
	const struct mp_between_count *mc = cf_first ? &b->second : &b->first;
	const char *mc_name = pair->sides.mc_name, *cf_name = pair->sides.cf_name;
	size_t told = mp_between_told(b);

	if (told == 0) {
		mp_pair_find(pair, MP_NOTE, "mc/not-told",
			"play more (--suite full), from where the answers differ, or rebuild and "
			"restart",
			mp_arena_printf(v->arena,
				"whether the server follows %s or %s is not known: no dialogue "
				"that was played tells it",
				cf_name, mc_name));
	} else if (cf->n == told) {
		mp_pair_find(pair, MP_WARNING, "mc/not-rebuilt",
			"run make (m4) in its folder and restart sendmail; if the .cf was edited "
			"by hand and is right, write it into the .mc",
			mp_arena_printf(v->arena,
				"%s was edited and %s not rebuilt from it (or edited by hand): the "
				"server answers as the .cf says and not as the .mc promises in all "
				"that tell them apart (%s)",
				mc_name, cf_name, counted(v->arena, cf)));
	} else if (mc->n == told) {
		mp_pair_find(pair, MP_WARNING, "mc/cf-not-running",
			"look which file the server reads (its option -C); build the .cf from the "
			".mc again, since the next restart takes what it says now",
			mp_arena_printf(v->arena,
				"%s was changed after the server started, or is not what it runs: "
				"the server answers as %s promises and not as the .cf says in all "
				"that tell them apart (%s)",
				cf_name, mc_name, counted(v->arena, mc)));
	} else {
		mp_pair_find(pair, MP_WARNING, "mc/neither-running",
			"look which file the server reads (its option -C), build the .cf from the "
			".mc, and restart sendmail",
			mp_arena_printf(v->arena,
				"the server follows neither %s nor %s: of %zu dialogues that tell "
				"them apart %zu went as the .cf says, %zu as the .mc promises, and "
				"%zu as none of them",
				cf_name, mc_name, told, cf->n, mc->n, b->neither.n));
	}
}

void mp_pair_verify_find(struct mp_pair_verify *v, const struct mp_target_verdict *taken, size_t n)
{
	struct mp_between between = {0};
	bool differ = mp_pair_differs(v->pair);

	if (!v->pair->compared) {
		return;
	}
	if (differ) {
		mp_verify_settle(&v->verify);
	}
	for (size_t i = 0; i < n; i++) {
		mp_between_add(&between, &taken[i], differ ? &v->targets.v[i] : &taken[i]);
	}
	if (differ) {
		find_followed(v, &between);
	}
	find_stale(v, &between);
}

void mp_pair_verify_end(struct mp_pair_verify *v)
{
	mp_verify_release(&v->verify);
	mp_vec_release(&v->targets);
}
