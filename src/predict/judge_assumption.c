/*
 * judge_assumption - how likely what a prediction rests on is.
 *
 * DESCRIPTION
 *	What rests on an answer that the client itself can arrange (the records of its sender's
 *	domain, a name of its own or none, that no list has it) is open to anybody, so it counts as
 *	certain. What rests on the version alone is said as a warning, and what rests on a party or
 *	a file that is not known as a note: it is not shown to be wrong, and not shown to be fine.
 */
#include "predict/judge_internal.h"

struct assumption {
	struct mp_slice question, kind, about, answer;
};

/* "dns.mx example.org = none" */
static struct assumption parse(const char *text)
{
	struct mp_slice all = mp_slice_str(text);
	struct assumption a = {.question = all};

	for (size_t i = all.n; i-- > 0;) {
		if (mp_slice_starts(mp_slice_from(all, i), " = ")) {
			a.question = mp_slice_sub(all, 0, i);
			a.answer = mp_slice_from(all, i + 3);
			break;
		}
	}
	size_t space = mp_slice_chr(a.question, ' ');
	a.kind = mp_slice_sub(a.question, 0, space);
	if (space != MP_NOT_FOUND) {
		a.about = mp_slice_from(a.question, space + 1);
	}
	return a;
}

static bool mentions(const char *line, struct mp_slice word)
{
	struct mp_slice s = mp_slice_str(line);

	for (size_t i = 0; word.n > 0 && i + word.n <= s.n; i++) {
		if (mp_slice_ieq(mp_slice_sub(s, i, i + word.n), word)) {
			return true;
		}
	}
	return false;
}

/* Whether the client says the name of itself or of its sender: then it can be one of its own. */
static bool is_clients_own(const struct mp_said *dialogue, size_t count, struct mp_slice name)
{
	for (size_t i = 0; i < count; i++) {
		const char *sent = dialogue[i].sent;
		enum mp_verb verb = mp_command_verb(mp_slice_str(sent));
		bool own = verb == MP_VERB_EHLO || verb == MP_VERB_HELO || verb == MP_VERB_MAIL;
		if (own && mentions(sent, name)) {
			return true;
		}
	}
	return false;
}

/* client.name: "none", "forged", "tempfail", the hole for any other name; else a certain name. */
static bool is_any_name(struct mp_slice answer)
{
	return mp_slice_eq_str(answer, "none") || mp_slice_eq_str(answer, "forged") ||
		mp_slice_eq_str(answer, "tempfail") || mp_slice_starts(answer, "{");
}

/* What holds for most servers and clients most of the time: a filter lets the mail pass, what the
 * configuration names is there, no limit is reached. */
static bool is_usual(const struct assumption *a)
{
	if (mp_slice_eq_str(a->kind, "milter.reply")) {
		return mp_slice_eq_str(a->answer, "permit") ||
			mp_slice_eq_str(a->answer, "neutral");
	}
	if (mp_slice_eq_str(a->kind, "sasl.mechanisms")) {
		return !mp_slice_eq_str(a->answer, "none");
	}
	if (mp_slice_eq_str(a->kind, "tls.usable")) {
		return mp_slice_eq_str(a->answer, "found");
	}
	return mp_slice_eq_str(a->kind, "limit") || mp_slice_eq_str(a->kind, "postscreen.seen") ||
		mp_slice_eq_str(a->kind, "address.verified");
}

enum mp_weight mp_weigh_assumption(const struct mp_said *dialogue, size_t count,
	const struct mp_ip *client, const char *assumption)
{
	struct assumption a = parse(assumption);
	char text[MP_IP_TEXT];

	if (mp_slice_eq_str(a.kind, "client.name")) {
		return is_any_name(a.answer) ? MP_WEIGHT_CERTAIN : MP_WEIGHT_OTHERS;
	}
	if (mp_slice_eq_str(a.kind, "host.addresses") && client->family != 0) {
		/* With the client's own address, or a network that it is in, it is one of them. */
		return mentions(assumption + a.question.n, mp_slice_str(mp_ip_format(client, text)))
			? MP_WEIGHT_OTHERS
			: mp_slice_eq_str(a.answer, "other") ? MP_WEIGHT_CERTAIN
							     : MP_WEIGHT_UNDECIDED;
	}
	if (mp_slice_eq_str(a.kind, "dns.list")) {
		return mp_slice_eq_str(a.answer, "found") ? MP_WEIGHT_UNDECIDED : MP_WEIGHT_CERTAIN;
	}
	if (mp_slice_starts(a.kind, "dns.")) {
		bool own = mp_slice_eq_str(a.kind, "dns.ptr") ||
			is_clients_own(dialogue, count, a.about);
		return own ? MP_WEIGHT_CERTAIN : MP_WEIGHT_UNDECIDED;
	}
	if (mp_slice_eq_str(a.kind, "mta.version") ||
		mp_slice_eq_str(a.kind, "host.distribution")) {
		return MP_WEIGHT_VERSION;
	}
	return is_usual(&a) ? MP_WEIGHT_CERTAIN : MP_WEIGHT_UNDECIDED;
}

struct mp_slice mp_assumption_question(const char *assumption)
{
	return parse(assumption).question;
}

void mp_fault_weigh(struct mp_fault *fault, enum mp_weight weight)
{
	if (weight == MP_WEIGHT_VERSION && fault->severity > MP_WARNING) {
		fault->severity = MP_WARNING;
	} else if (weight < MP_WEIGHT_VERSION) {
		fault->severity = MP_NOTE;
	}
}

bool mp_assumes_refusing_filter(const struct mp_predicted *p)
{
	for (size_t i = 0; i < p->assumption_count; i++) {
		struct assumption a = parse(p->assumptions[i]);
		if (mp_slice_eq_str(a.kind, "milter.reply") && !is_usual(&a)) {
			return true;
		}
	}
	return false;
}
