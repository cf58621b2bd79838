/*
 * reach - what it means that a server cannot be reached.
 *
 * DESCRIPTION
 *	Of port 25 the reference decides, where there is one: it does not answer, so the network
 *	keeps us from port 25, and nothing is known of the target whatever is predicted; or it
 *	answers, so it is the server or its own packet filter. Without a reference another port of
 *	the same host is the witness that the host is there. A reset from port 25 may come from the
 *	server or from a box on the way, so without a reference it proves as little as silence does.
 *	Of other ports, which nobody blocks as a rule, a reset is the server's own.
 */
#include "verify/reach.h"

#include <string.h>

enum { SMTP_PORT = 25 };

bool mp_reach_same_host(const struct mp_target_seen *a, const struct mp_target_seen *b)
{
	return mp_str_ieq(a->host, b->host) ||
		(a->address.family != 0 && b->address.family != 0 &&
			mp_ip_eq(&a->address, &b->address));
}

/* Another port of the same host that answers, or NULL. */
static const struct mp_target_seen *witness(
	const struct mp_reached *all, const struct mp_target_seen *target)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct mp_target_seen *other = all->seen[i];
		if (other->port != target->port && other->reach == MP_REACH_CONNECTED &&
			mp_reach_same_host(other, target)) {
			return other;
		}
	}
	return NULL;
}

/* Whether ports of the host were tried beside this one, and none gave any sign of life. */
static bool all_silent(const struct mp_reached *all, const struct mp_target_seen *target)
{
	size_t tried = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct mp_target_seen *other = all->seen[i];
		if (other->port == target->port || !mp_reach_same_host(other, target) ||
			other->reach == MP_REACH_UNTRIED) {
			continue;
		}
		if (other->reach == MP_REACH_CONNECTED || other->reach == MP_REACH_REFUSED) {
			return false;
		}
		tried++;
	}
	return tried > 0;
}

/* Nothing stands between us and our own addresses. */
static bool is_this_machine(const struct mp_target_seen *target)
{
	return mp_ip_is_loopback(&target->address) ||
		(target->source.family != 0 && mp_ip_eq(&target->source, &target->address));
}

static const char *how(const struct mp_target_seen *t)
{
	switch (t->reach) {
	case MP_REACH_REFUSED:
		return "refuses the connection";
	case MP_REACH_UNREACHABLE:
		return "is said to be unreachable";
	default:
		return "does not answer";
	}
}

static const char advice[] =
	"run this from another network, give --source an address that may connect to port 25, or "
	"test the submission ports";

/* The reference was tried, and says what port 25 is worth from here. */
static bool reference_blocked(const struct mp_reached *all)
{
	return all->reference != NULL && all->reference->reach != MP_REACH_CONNECTED &&
		all->reference->reach != MP_REACH_UNTRIED;
}

static bool reference_answers(const struct mp_reached *all)
{
	return all->reference != NULL && all->reference->reach == MP_REACH_CONNECTED;
}

static struct mp_reach_verdict blocked_by_reference(const struct mp_reached *all,
	const struct mp_target_seen *t, bool predicted, struct mp_arena *arena)
{
	return (struct mp_reach_verdict){.why = MP_WHY_PORT_25_BLOCKED,
		.explanation = mp_arena_printf(arena,
			"port 25 of %s %s, and that of the reference %s cannot be reached, either: "
			"this "
			"network keeps its clients from port 25, %s; %s",
			t->host, how(t), all->reference->host,
			predicted ? "which says nothing of the server"
				  : "so silence does not show that nothing listens there",
			advice)};
}

static struct mp_reach_verdict closed(
	const struct mp_target_seen *t, const struct mp_target_seen *other, struct mp_arena *arena)
{
	return (struct mp_reach_verdict){.closed = true,
		.explanation = mp_arena_printf(arena,
			"port %u of %s refuses the connection while port %u answers: nothing "
			"listens where the configuration has a listener (was the server restarted "
			"since?), or a packet filter of the server turns this client away",
			t->port, t->host, other->port)};
}

static struct mp_reach_verdict judge_port_25(
	const struct mp_reached *all, const struct mp_target_seen *t, struct mp_arena *arena)
{
	const struct mp_target_seen *other = witness(all, t);
	struct mp_reach_verdict v = {.why = MP_WHY_UNREACHABLE, .explanation = ""};

	if (other != NULL && t->reach == MP_REACH_REFUSED &&
		(reference_answers(all) || is_this_machine(t))) {
		return closed(t, other, arena);
	}
	if (reference_answers(all)) {
		v.explanation = mp_arena_printf(arena,
			"port 25 of %s %s, and port 25 of the reference %s answers: this network "
			"does not keep us from port 25; the server is down, or a packet filter "
			"before it turns this client away",
			t->host, how(t), all->reference->host);
	} else if (other == NULL) {
		v.explanation = mp_arena_printf(arena,
			"port 25 of %s %s, and no other port of it was seen to answer: the server "
			"is down, or this network keeps its clients from port 25 (--reference HOST "
			"tells, with a HOST that is known to answer there)",
			t->host, how(t));
	} else if (t->reach == MP_REACH_REFUSED) {
		v.explanation = mp_arena_printf(arena,
			"port 25 of %s refuses the connection while port %u answers: nothing "
			"listens there, or this network keeps its clients from port 25 "
			"(--reference HOST tells, with a HOST that is known to answer there)",
			t->host, other->port);
	} else {
		v.why = MP_WHY_PORT_25_BLOCKED;
		v.explanation = mp_arena_printf(arena,
			"port 25 of %s %s while port %u answers: most likely this network keeps "
			"its clients from port 25, as many providers do (--reference HOST tells it "
			"from a packet filter of the server); %s",
			t->host, how(t), other->port, advice);
	}
	return v;
}

struct mp_reach_verdict mp_reach_judge(const struct mp_reached *all,
	const struct mp_target_seen *target, bool predicted, struct mp_arena *arena)
{
	struct mp_reach_verdict nothing = {.explanation = ""};

	if (target->reach == MP_REACH_CONNECTED || target->reach == MP_REACH_UNTRIED) {
		return nothing;
	}
	if (target->port == SMTP_PORT && reference_blocked(all) && !is_this_machine(target)) {
		return blocked_by_reference(all, target, predicted, arena);
	}
	if (!predicted) {
		/* Silence is what the configuration promises, unless the whole host is silent. */
		if (target->reach != MP_REACH_REFUSED && all_silent(all, target)) {
			return (struct mp_reach_verdict){.why = MP_WHY_UNREACHABLE,
				.explanation = mp_arena_printf(arena,
					"no port of %s answers: that port %u does not either shows "
					"nothing",
					target->host, target->port)};
		}
		return nothing;
	}
	if (target->port == SMTP_PORT) {
		return judge_port_25(all, target, arena);
	}
	const struct mp_target_seen *other = witness(all, target);
	return other != NULL && target->reach == MP_REACH_REFUSED ? closed(target, other, arena)
								  : nothing;
}

bool mp_reach_same_greeting(const struct mp_reached *all, const struct mp_target_seen *target)
{
	const struct mp_target_seen *reference = all->reference;

	if (reference == NULL || target->port != SMTP_PORT || reference->greeting == NULL ||
		target->greeting == NULL || mp_reach_same_host(reference, target) ||
		reference->greeting->line_count != target->greeting->line_count) {
		return false;
	}
	for (size_t i = 0; i < target->greeting->line_count; i++) {
		if (!mp_slice_eq(reference->greeting->lines[i], target->greeting->lines[i])) {
			return false;
		}
	}
	return true;
}

bool mp_reach_needs_more(const struct mp_reached *all, const struct mp_target_seen *target)
{
	return target->port == SMTP_PORT && target->reach != MP_REACH_CONNECTED &&
		target->reach != MP_REACH_UNTRIED && !reference_blocked(all) &&
		witness(all, target) == NULL && !all_silent(all, target);
}
