/* pair - the .mc beside the .cf, or the .cf beside the .mc, held against what was taken. */
#include "cli/pair.h"

#include "predict/differ.h"
#include "predict/surface.h"
#include "result/transcript.h"
#include "sasl/sasl.h"

/* Of many differences the first are enough to know what was done. */
enum { SHOWN_ANSWERS = 6, SHOWN_SETTINGS = 5, SHOWN_LINES = 8 };

static bool cf_is_taken(const struct mp_pair *pair)
{
	return mp_input_kind(pair->loaded->input) == MP_CONFIG_CF;
}

static void not_compared(struct mp_pair *pair, const char *why)
{
	struct mp_loaded *l = pair->loaded;
	const struct mp_source *taken = NULL;

	/* It was read before: this gives the same source. */
	mp_input_read(l->input, mp_input_main(l->input), &taken, NULL);
	mp_finding_add(&l->findings, MP_NOTE, "mc/cf-not-compared", mp_loc(taken, 0, 0),
		"make it possible to build the .mc here, or build it where the server runs and "
		"compare the two .cf",
		"whether %s is what %s becomes is not known, they were not compared: %s",
		pair->sides.cf_name, pair->sides.mc_name, why);
}

/* The other file as a server; NULL: it was said why not. */
static struct mp_server *load_other(struct mp_pair *pair, const struct mp_load_options *options)
{
	struct mp_loaded *l = pair->loaded;
	struct sm_load_options sendmail = options->sendmail;
	struct mp_err err = {MP_ERR_NONE, ""};
	const struct mp_findings *of_mc = cf_is_taken(pair) ? &pair->unseen : &l->findings;
	struct mp_server *other;

	sendmail.root = options->root;
	other = sm_load_beside(&l->arena, l->input, &pair->unseen, l->facts, &sendmail, &err);
	if (other == NULL) {
		not_compared(pair, err.text);
		return NULL;
	}
	if (!sm_pair_is_whole(of_mc)) {
		not_compared(pair, "m4 does not come to the end of the .mc");
		sm_unload(other);
		return NULL;
	}
	pair->doubt = sm_pair_doubt(of_mc);
	return other;
}

void mp_pair_begin(
	struct mp_pair *pair, struct mp_loaded *loaded, const struct mp_load_options *options)
{
	const char *beside = mp_input_beside(loaded->input);
	bool cf;

	*pair = (struct mp_pair){.loaded = loaded};
	mp_findings_init(&pair->unseen, &loaded->arena);
	if (beside == NULL) {
		return;
	}
	cf = cf_is_taken(pair);
	pair->sides.mc_name = cf ? beside : mp_input_main(loaded->input);
	pair->sides.cf_name = cf ? mp_input_main(loaded->input) : beside;
	pair->other = load_other(pair, options);
	if (pair->other == NULL) {
		return;
	}
	pair->sides.mc = cf ? pair->other : loaded->server;
	pair->sides.cf = cf ? loaded->server : pair->other;
	pair->view = mp_server_survey(pair->other, loaded->facts, &loaded->arena);
	pair->settings = sm_pair_differ(&pair->sides, &loaded->arena);
	pair->compared = true;
}

void mp_pair_end(struct mp_pair *pair)
{
	if (pair->other != NULL) {
		sm_unload(pair->other);
	}
	mp_findings_release(&pair->unseen);
}

bool mp_pair_differs(const struct mp_pair *pair)
{
	return pair->compared && pair->settings.n > 0;
}

/* ---- what differs -----------------------------------------------------------------------------
 */

static struct mp_finding *find(struct mp_pair *pair, enum mp_severity severity, const char *rule,
	const char *fix, const char *message)
{
	struct mp_loaded *l = pair->loaded;
	struct mp_finding *f = mp_finding_add(&l->findings, severity, rule,
		sm_pair_place(&pair->sides, &pair->settings), fix, "%s. Settings that differ: %s%s",
		message, sm_pair_settings(&pair->settings, SHOWN_SETTINGS, &l->arena),
		pair->doubt != NULL ? pair->doubt : "");

	if (f != NULL) {
		f->because = sm_pair_lines(&pair->sides, &pair->settings, SHOWN_LINES, &l->arena);
	}
	return f;
}

void mp_pair_find(struct mp_pair *pair, enum mp_severity severity, const char *rule,
	const char *fix, const char *message)
{
	find(pair, severity, rule, fix, message);
}

/* "A; B; and 5 more". */
static const char *first_of(struct mp_arena *arena, const char *const *told, size_t n)
{
	const char *text = "";

	for (size_t i = 0; i < n && i < SHOWN_ANSWERS; i++) {
		text = mp_arena_printf(arena, "%s%s%s", text, i > 0 ? "; " : "", told[i]);
	}
	return n > SHOWN_ANSWERS
		? mp_arena_printf(arena, "%s; and %zu more", text, n - SHOWN_ANSWERS)
		: text;
}

/* A dialogue in which the .cf relays and the .mc does not. */
static struct mp_transcript shown_relay(const struct mp_differences *d, struct mp_arena *arena)
{
	if (d->opening_count > 0 && d->openings[0].wider) {
		const struct mp_opening *o = d->openings[0].right;
		return mp_transcript_said(o->dialogue, o->dialogue_count, arena);
	}
	for (size_t i = 0; d->outcome_count > 0 && i < d->outcomes[0].right_count; i++) {
		const struct mp_predicted *p = d->outcomes[0].right[i];
		if (p->outcome == MP_OUTCOME_ACCEPTED_RELAY) {
			return mp_transcript_said(p->dialogue, p->dialogue_count, arena);
		}
	}
	return (struct mp_transcript){0};
}

static void say(struct mp_pair *pair, const struct mp_differences *d)
{
	static const char fix[] =
		"write into the .mc what was edited in the .cf, if it is to stay, then build the "
		".cf again (make in its folder, or m4) and restart sendmail";
	struct mp_arena *arena = &pair->loaded->arena;
	const char *const *told;
	size_t n = mp_differences_tell(d, pair->sides.mc_name, pair->sides.cf_name, arena, &told);
	const char *head = mp_arena_printf(
		arena, "%s is not what %s becomes", pair->sides.cf_name, pair->sides.mc_name);
	const char *limit = d->incomplete ? " (not all that can happen was played)" : "";
	struct mp_finding *f;

	if (n == 0) {
		find(pair, MP_NOTE, "mc/cf-differs", fix,
			mp_arena_printf(
				arena, "%s, but no scenario tells them apart%s", head, limit));
		return;
	}
	f = find(pair, d->wider ? MP_ERROR : MP_WARNING,
		d->wider ? "mc/cf-relays" : "mc/cf-differs", fix,
		mp_arena_printf(arena, "%s%s%s: %s", head,
			d->wider ? ", and relays for clients that the .mc refuses" : "", limit,
			first_of(arena, told, n)));
	if (f != NULL && d->wider) {
		struct mp_transcript talk = shown_relay(d, arena);
		f->dialogue = talk.lines;
		f->dialogue_count = talk.n;
	}
}

void mp_pair_predict(struct mp_pair *pair, const struct mp_predict_options *options,
	const struct mp_names *names, const struct mp_prediction *taken)
{
	struct mp_loaded *l = pair->loaded;
	struct mp_prediction other = {0};
	struct mp_predict_options same = *options;
	struct mp_differences d;

	if (!mp_pair_differs(pair)) {
		return;
	}
	same.names = *names;
	mp_outcomes_predict(pair->other, &pair->view, l->facts, &same, &l->arena, &other);
	other.surface = mp_surface_find(pair->other, &pair->view, l->facts, names, &l->arena);
	d = cf_is_taken(pair) ? mp_predictions_differ(&other, taken, &l->arena)
			      : mp_predictions_differ(taken, &other, &l->arena);
	say(pair, &d);
}

void mp_pair_predict_both(
	struct mp_pair *pair, const struct mp_scenarios *scenarios, const struct mp_names *given)
{
	struct mp_loaded *l = pair->loaded;
	struct mp_session_options session = {0};
	struct mp_predict_options options = {.scenarios = scenarios,
		.names = *given,
		.session = &session,
		.client = MP_CLIENT_ANY};
	struct mp_prediction taken = {0};

	if (!mp_pair_differs(pair)) {
		return;
	}
	session.mechanisms = mp_sasl_mechanisms(&session.mechanism_count);

	struct mp_names names = mp_predict_names(&l->view, l->facts, given, &l->arena);

	mp_outcomes_predict(l->server, &l->view, l->facts, &options, &l->arena, &taken);
	taken.surface = mp_surface_find(l->server, &l->view, l->facts, &names, &l->arena);
	mp_pair_predict(pair, &options, &names, &taken);
}
