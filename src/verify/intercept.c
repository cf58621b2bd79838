/*
 * intercept - does the server itself answer?
 *
 * DESCRIPTION
 *	Some networks do not block port 25 but answer it themselves, with a mail relay of their own
 *	that takes everything. What is then seen is said of the wrong server. It is certain where
 *	the target greets in other words than its configuration has, and the reference, another
 *	host, greets in these very words. That port 25 alone greets otherwise, while another port
 *	greets as predicted, may have other causes and is only mentioned.
 */
#include "verify/verify.h"

#include "predict/plan_play.h"
#include "verify/match.h"

enum mp_greets mp_verify_greets(
	struct mp_verify *v, const struct mp_verify_target *t, const struct mp_reply *greeting)
{
	struct mp_exploration worlds = mp_verify_predict(v, t, mp_plan_greeting(t->implicit_tls));
	enum mp_greets greets = worlds.truncated ? MP_GREETS_UNKNOWN : MP_GREETS_OTHERWISE;

	for (size_t i = 0; i < worlds.n; i++) {
		const struct mp_plan_played *played = worlds.v[i].value;
		if (played->opening == MP_SIM_UNKNOWN) {
			greets = MP_GREETS_UNKNOWN;
		} else if (played->report->exchange_count > 0 &&
			mp_reply_matches(&played->replies[0], greeting)) {
			return MP_GREETS_AS_PREDICTED;
		}
	}
	return greets;
}

static const char *greeting_text(const struct mp_reply *greeting, struct mp_arena *arena)
{
	return mp_arena_slicedup(arena, mp_reply_text(greeting->lines[0]));
}

/* Another port of the same host that greets as its configuration says, or NULL. */
static const struct mp_target_seen *faithful_port(struct mp_verify *v,
	const struct mp_verify_target *t, const struct mp_target_seen *seen,
	const struct mp_reached *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct mp_target_seen *other = all->seen[i];
		if (other->port == seen->port || other->greeting == NULL ||
			!mp_reach_same_host(other, seen)) {
			continue;
		}
		struct mp_verify_target there = *t;
		there.port = other->port;
		there.listener = mp_view_listener(v->view, &t->address, other->port);
		there.implicit_tls =
			there.listener != NULL && there.listener->tls == MP_TLS_IMPLICIT;
		if (there.listener != NULL &&
			mp_verify_greets(v, &there, other->greeting) == MP_GREETS_AS_PREDICTED) {
			return other;
		}
	}
	return NULL;
}

static void look_for_interception(struct mp_verify *v, struct mp_verify_target *t,
	const struct mp_target_seen *seen, const struct mp_reached *all)
{
	if (seen->port != 25 || seen->greeting == NULL ||
		mp_verify_greets(v, t, seen->greeting) != MP_GREETS_OTHERWISE) {
		return;
	}
	const char *text = greeting_text(seen->greeting, v->arena);
	if (mp_reach_same_greeting(all, seen)) {
		t->reach = (struct mp_reach_verdict){.why = MP_WHY_PORT_25_BLOCKED,
			.intercepted = true,
			.explanation = mp_arena_printf(v->arena,
				"port 25 of %s and of the reference %s greet with the same words "
				"(%s), which are not those of the configuration: something in "
				"this network answers port 25 in place of the servers; run this "
				"from another network, or test the submission ports",
				seen->host, all->reference->host, text)};
		return;
	}
	const struct mp_target_seen *other = faithful_port(v, t, seen, all);
	if (other != NULL) {
		t->reach.explanation = mp_arena_printf(v->arena,
			"port 25 of %s greets with other words (%s) than the configuration has, "
			"while port %u greets as predicted: it may be that something on the way "
			"answers port 25 in place of the server (--reference HOST tells)",
			seen->host, text, other->port);
	}
}

void mp_verify_reach(struct mp_verify *v, struct mp_verify_target *t,
	const struct mp_target_seen *seen, const struct mp_reached *all)
{
	t->reach = mp_reach_judge(all, seen, t->listener != NULL, v->arena);
	if (seen->reach == MP_REACH_CONNECTED) {
		look_for_interception(v, t, seen, all);
	}
}
