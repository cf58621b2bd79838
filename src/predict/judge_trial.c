/*
 * judge_trial - whether the outcomes of a scenario are what its alarm is about.
 *
 * DESCRIPTION
 *	A prediction holds in worlds. What rests on an answer that the client itself can arrange
 *	(the records of its sender's domain, a name of its own or none, that no list has it) is
 *	open to anybody, so it counts as certain. What rests on the version alone is said as a
 *	warning, and what rests on a party or a file that is not known as a note: it is not shown
 *	to be wrong, and not shown to be fine. A world in which the server does not start at all
 *	proves nothing either way.
 */
#include "predict/behaviour.h"
#include "predict/judge_internal.h"
#include "result/transcript.h"

/* Nothing listens, the server goes away without an answer, or a filter refuses first: it proves
 * nothing either way. */
static bool proves_nothing(const struct mp_predicted *p)
{
	return p->outcome == MP_OUTCOME_NO_SERVICE ||
		(p->outcome == MP_OUTCOME_NOT_REACHED &&
			(p->why == MP_WHY_CUT_OFF || p->why == MP_WHY_TIMEOUT ||
				p->why == MP_WHY_UNREACHABLE)) ||
		mp_assumes_refusing_filter(p);
}

/* Whether another answer to the question means that the server does not start: then the question
 * says nothing of what it does once it runs. */
static bool decides_on_starting(const struct mp_trial *t, struct mp_slice question)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct mp_predicted *p = &t->outcomes[i];
		for (size_t k = 0; proves_nothing(p) && k < p->assumption_count; k++) {
			if (mp_slice_eq(mp_assumption_question(p->assumptions[k]), question)) {
				return true;
			}
		}
	}
	return false;
}

static enum mp_weight weigh(const struct mp_trial *t, const struct mp_predicted *p)
{
	enum mp_weight worst = MP_WEIGHT_CERTAIN;

	for (size_t i = 0; i < p->assumption_count; i++) {
		enum mp_weight w = mp_weigh_assumption(
			p->dialogue, p->dialogue_count, &p->address, p->assumptions[i]);
		if (w < worst &&
			(w == MP_WEIGHT_OTHERS ||
				!decides_on_starting(
					t, mp_assumption_question(p->assumptions[i])))) {
			worst = w;
		}
	}
	return worst;
}

/* ---- the predicted side ---- */

struct suspicion {
	const struct mp_predicted *p; /* that meets the alarm, or NULL */
	enum mp_weight weight;
	bool everywhere; /* no other outcome of a server that runs */
	bool by_name; /* a client of a certain name has it */
};

/* Where mail is taken from nobody who has not logged in, the refusal of an earlier step answers for
 * what was to be tested, too. */
static bool meets(const struct mp_trial *t, const struct mp_predicted *p)
{
	const struct mp_alarm *alarm = &t->scenario->alarm;

	return mp_alarm_names(alarm, mp_outcome_name(p->outcome)) ||
		(t->login && p->outcome == MP_OUTCOME_NOT_REACHED &&
			p->why == MP_WHY_REFUSED_EARLIER &&
			mp_alarm_names(alarm, mp_outcome_name(MP_OUTCOME_REFUSED)));
}

static struct suspicion look_at_prediction(const struct mp_trial *t)
{
	const struct mp_alarm *alarm = &t->scenario->alarm;
	const struct mp_behaviour_rule *rule =
		alarm->rule != NULL ? mp_behaviour_rule_find(alarm->rule) : NULL;
	struct suspicion out = {.everywhere = true};

	for (size_t i = 0; i < t->n; i++) {
		const struct mp_predicted *p = &t->outcomes[i];
		enum mp_weight w;
		if (proves_nothing(p)) {
			continue;
		}
		if (meets(t, p)) {
			w = weigh(t, p);
		} else if (rule != NULL && rule->undecided != NULL &&
			p->outcome == MP_OUTCOME_DEPENDS) {
			w = MP_WEIGHT_UNDECIDED;
			out.everywhere = false;
		} else {
			out.everywhere = false;
			continue;
		}
		out.by_name = out.by_name || w == MP_WEIGHT_OTHERS;
		if (w != MP_WEIGHT_OTHERS && (out.p == NULL || w > out.weight)) {
			out.p = p;
			out.weight = w;
		}
		out.everywhere = out.everywhere && w != MP_WEIGHT_OTHERS && !p->truncated;
	}
	if (out.p != NULL && out.everywhere) {
		out.weight = MP_WEIGHT_CERTAIN;
	}
	if (alarm->certain && !out.everywhere) {
		out.p = NULL;
	}
	return out;
}

/* ---- the live side ---- */

/* Accepted as what it looks like: unless every world that accepts it takes it for a name of its
 * own. */
static bool is_taken_for_local(const struct mp_trial *t)
{
	bool local = false;

	for (size_t i = 0; i < t->n; i++) {
		enum mp_outcome o = t->outcomes[i].outcome;
		if (o == MP_OUTCOME_ACCEPTED_RELAY || o == MP_OUTCOME_ACCEPTED ||
			o == MP_OUTCOME_DEPENDS) {
			return false;
		}
		local = local || o == MP_OUTCOME_ACCEPTED_LOCAL;
	}
	return local;
}

/* Whether the recipient could be a name of the server's own: what stands behind its last @ is not
 * the foreign domain. */
static bool may_be_local(const struct mp_scenario *s)
{
	const char *line = s->dialogue[s->tested];

	return s->tests == MP_VERB_RCPT && strstr(line, "@{foreign.domain}>") == NULL &&
		strstr(line, "@{foreign.domain}.>") == NULL;
}

static bool rings_live(const struct mp_trial *t)
{
	const struct mp_alarm *alarm = &t->scenario->alarm;

	if (t->seen == NULL) {
		return false;
	}
	if (mp_alarm_names(alarm, mp_outcome_name(t->seen->outcome))) {
		return true;
	}
	return t->seen->outcome == MP_OUTCOME_ACCEPTED && mp_alarm_names(alarm, "accepted-relay") &&
		!is_taken_for_local(t);
}

/* ---- AUTH ---- */

/* Mechanisms that show no password to who reads along. */
static bool is_safe_in_clear(struct mp_slice mechanism)
{
	static const char *const safe[] = {"SCRAM-", "GS", "EXTERNAL", "CRAM-MD5", "DIGEST-MD5",
		"NTLM", "OTP", "SRP", "KERBEROS", "ANONYMOUS", "SECURID"};

	for (size_t i = 0; i < sizeof safe / sizeof safe[0]; i++) {
		if (mp_slice_istarts(mechanism, safe[i])) {
			return true;
		}
	}
	return false;
}

/* What the dialogue offers at last: "S: 250-AUTH PLAIN LOGIN". */
static struct mp_slice offered(const struct mp_fault *f)
{
	struct mp_slice list = {0};

	for (size_t i = 0; i < f->dialogue_count; i++) {
		struct mp_slice line = mp_slice_str(f->dialogue[i]);
		if (mp_slice_starts(line, "S: ") &&
			mp_slice_istarts(mp_slice_from(line, 7), "AUTH ")) {
			list = mp_slice_trim(mp_slice_from(line, 12));
		}
	}
	return list;
}

/* Says which mechanisms there are, and lowers the severity where none of them is known to
 * show a password. */
static void look_at_mechanisms(struct mp_judge *judge, struct mp_fault *f)
{
	struct mp_slice list = offered(f);
	struct mp_slice rest = list;
	bool safe = list.n > 0;

	while (rest.n > 0) {
		size_t end = mp_slice_chr(rest, ' ');
		/* A hole: which they are is not known. */
		safe = safe && (rest.p[0] == '{' || is_safe_in_clear(mp_slice_sub(rest, 0, end)));
		rest = mp_slice_trim(mp_slice_from(rest, end));
	}
	if (safe) {
		f->severity = MP_NOTE;
	}
	if (list.n > 0) {
		const char **what = mp_arena_array(judge->arena, 1, sizeof *what);
		what[0] = mp_arena_printf(
			judge->arena, " (%.*s)", MP_SLICE_ARG(mp_slice_sub(list, 0, 200)));
		f->what = what;
		f->what_count = 1;
	}
}

/* ---- the fault ---- */

static const char *who(enum mp_client_class class)
{
	switch (class) {
	case MP_CLIENT_ANY:
	case MP_CLIENT_OUTSIDER:
		break;
	case MP_CLIENT_TRUSTED:
		return "a client of a trusted network";
	case MP_CLIENT_SERVER:
		return "the server itself";
	}
	return "an outsider";
}

/* The lines that stand behind the outcomes, whichever they are. */
static struct mp_reasons any_reasons(const struct mp_trial *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (t->outcomes[i].because.n > 0) {
			return t->outcomes[i].because;
		}
	}
	return (struct mp_reasons){0};
}

static void fill_predicted(struct mp_judge *judge, const struct mp_trial *t, struct mp_fault *f,
	const struct suspicion *found)
{
	const struct mp_behaviour_rule *rule = mp_behaviour_rule_find(f->rule);
	struct mp_transcript talk =
		mp_transcript_said(found->p->dialogue, found->p->dialogue_count, judge->arena);

	f->basis |= MP_BASIS_PREDICTED;
	f->because = found->p->because;
	f->dialogue = talk.lines;
	f->dialogue_count = talk.n;
	mp_fault_weigh(f, found->weight);
	/* What was seen is no longer undecided. */
	if (found->weight != MP_WEIGHT_CERTAIN && !rings_live(t)) {
		f->assumptions = found->p->assumptions;
		f->assumption_count = found->p->assumption_count;
	}
	if (rule == NULL) {
		return;
	}
	if (found->weight == MP_WEIGHT_UNDECIDED && rule->undecided != NULL && !rings_live(t)) {
		f->rule = rule->undecided;
	} else if (found->p->discarded && rule->discarded != NULL) {
		f->rule = rule->discarded;
	}
}

static void fill_seen(const struct mp_trial *t, struct mp_fault *f, const struct suspicion *found)
{
	const struct mp_behaviour_rule *rule = mp_behaviour_rule_find(f->rule);

	f->basis |= MP_BASIS_SEEN;
	f->severity = t->scenario->alarm.severity;
	f->dialogue = t->seen->dialogue;
	f->dialogue_count = t->seen->dialogue_count;
	if (found->p != NULL || rule == NULL || rule->unlisted == NULL) {
		return;
	}
	if (t->n > 0) {
		f->rule = rule->unlisted;
		f->who = t->seen->client[0] != '\0' ? t->seen->client : f->who;
		f->because = any_reasons(t);
	} else if (may_be_local(t->scenario)) {
		f->severity = MP_WARNING;
	}
}

/* The words that the rule's message has room for: mechanisms, on what it depends, or the last
 * reply. */
static void add_words(struct mp_judge *judge, const struct mp_trial *t, struct mp_fault *f,
	const struct suspicion *found)
{
	const char **what = mp_arena_array(judge->arena, 1, sizeof *what);
	bool depends = found->p != NULL && found->p->outcome == MP_OUTCOME_DEPENDS;

	if (f->dialogue_count > 0) {
		f->reply = f->dialogue[f->dialogue_count - 1] + strlen("S: ");
	}
	if (t->scenario->alarm.passwords) {
		look_at_mechanisms(judge, f);
	} else if (depends && found->p->note != NULL && found->p->note[0] != '\0') {
		what[0] = mp_arena_printf(judge->arena, " (%s)", found->p->note);
		f->what = what;
		f->what_count = 1;
	}
}

bool mp_judge_trial(struct mp_judge *judge, const struct mp_trial *t)
{
	const struct mp_alarm *alarm = &t->scenario->alarm;

	if (alarm->outcome_count == 0 || (alarm->services & (unsigned)t->service) == 0 ||
		(alarm->port != 0 && t->port != 0 && alarm->port != t->port) ||
		!mp_client_plays(t->class, alarm->client)) {
		return false;
	}
	struct suspicion found = look_at_prediction(t);
	bool live = rings_live(t);
	if (found.p == NULL && (!live || found.by_name)) {
		return false;
	}
	struct mp_fault f = {.rule = alarm->rule != NULL ? alarm->rule : t->scenario->id,
		.message = alarm->message,
		.severity = alarm->severity,
		.who = who(t->class),
		.where = t->where,
		.client = t->client,
		.listener = t->listener,
		.scenario = t->scenario->id};
	if (found.p != NULL) {
		fill_predicted(judge, t, &f, &found);
	}
	if (live) {
		fill_seen(t, &f, &found);
	}
	if (mp_str_eq(f.rule, "relay/discarded") && f.severity > MP_WARNING) {
		f.severity = MP_WARNING;
	}
	add_words(judge, t, &f, &found);
	mp_judge_add(judge, &f);
	return true;
}
