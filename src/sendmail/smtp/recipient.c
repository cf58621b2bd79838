/*
 * recipient - whether a recipient's mailbox exists (recipient(), alias(), finduser()).
 *
 * Only mailers with certain flags look: A for aliases, 5 for ruleset 5, w for an account.
 */
#include "base/ascii.h"
#include "sendmail/smtp/session.h"

static bool has_domain(const char *name)
{
	return strchr(name, '@') != NULL;
}

/* Ruleset 5: where it leads to another address that is *to, and the recipient is replaced. */
static bool redirected(
	struct sm_session *s, struct sm_recipient *r, struct sm_address *to, const char **error)
{
	static const char *const rulesets[] = {"5", NULL};
	struct sm_tokens w = {0};
	bool deferred = false;

	if (!sm_delivery_has(r->mailer, '5') || sm_cf_ruleset(s->cf, "5") == NULL ||
		sm_run_scan(&s->run, mp_slice_str(r->user), &w) != SM_SCAN_OK) {
		return false;
	}
	sm_run_set(&s->run, "h", r->host);
	sm_run_set(&s->run, "u", r->user);
	sm_run_set(&s->run, "addr_type", "e r");
	*error = sm_rewrite(s, &w, rulesets, &deferred);
	sm_run_set(&s->run, "addr_type", NULL);
	if (deferred) {
		r->state = SM_RECIPIENT_QUEUED;
	}
	if (deferred || *error != NULL || w.n == 0 || w.v[0].symbol != SM_SYM_NET) {
		return false;
	}
	*to = sm_address_build(s, &w, true);
	*error = to->error;
	if (to->error != NULL ||
		(to->mailer == r->mailer && mp_str_eq(to->user, r->user) &&
			mp_str_eq(to->host, r->host))) {
		return false;
	}
	r->state = SM_RECIPIENT_REPLACED;
	return true;
}

/* Programs, lists and files are only for aliases. Where mail is thrown away or queued, only
 * programs are refused. */
static const char *refusal_of(const struct sm_recipient *r)
{
	const char *name = r->mailer->name;

	if (mp_str_ieq(name, "prog")) {
		return "550 5.7.1 Cannot mail directly to programs";
	}
	if (r->state != SM_RECIPIENT_OK) {
		return NULL;
	}
	return mp_str_ieq(name, "*include*") ? "550 5.7.1 Cannot mail directly to :include:s"
		: mp_str_ieq(name, "*file*") ? "550 5.7.1 Cannot mail directly to files"
					     : NULL;
}

/* The account behind a name: NULL when there is one, else what is wrong. */
static const char *account(struct sm_session *s, struct sm_recipient *r)
{
	const char *name = sm_without_quotes(r->user, s->arena);

	if (name[0] == '\0') {
		return "550 5.1.1 User unknown";
	}
	switch (mp_ask_user(s->world, name)) {
	case MP_FOUND:
		r->account = true;
		return NULL;
	case MP_TEMPFAIL:
		r->state = SM_RECIPIENT_QUEUED;
		return NULL;
	case MP_NONE:
		break;
	}
	return "550 5.1.1 User unknown";
}

/* The recipient of this transaction that is the same, or NULL. One that was refused is none. */
static struct sm_recipient *find_same(struct sm_session *s, const struct sm_recipient *of)
{
	for (size_t i = 0; i < s->recipients.n; i++) {
		struct sm_recipient *r = s->recipients.v[i];

		if (r->settled && r->mailer == of->mailer && mp_str_eq(r->host, of->host) &&
			mp_str_eq(r->user, of->user)) {
			return r;
		}
	}
	return NULL;
}

static void list(struct sm_session *s, struct sm_recipient *r)
{
	s->recipients.v = mp_arena_room(s->arena, s->recipients.v, s->recipients.n,
		&s->recipients.cap, sizeof(struct sm_recipient *), 8);
	s->recipients.v[s->recipients.n++] = r;
}

/* Whether a name is an alias. */
static enum mp_found find_alias(struct sm_session *s, const char *user)
{
	const struct sm_aliases *aliases = s->engine->aliases;
	const char *to = s->to;
	bool found = sm_aliases_has(aliases, user, s->arena);

	for (size_t i = 0; i < aliases->addresses.n && !found; i++) {
		struct sm_address a = sm_address_parse(s, aliases->addresses.v[i], true);

		found = a.error == NULL && sm_delivery_has(a.mailer, 'A') &&
			mp_str_ieq(a.user, user);
	}
	s->to = to;
	return found ? MP_FOUND : sm_aliases_ask(aliases, s->world, user);
}

/* What an alias leads to is left to delivery. */
static void look_for_alias(struct sm_session *s, struct sm_recipient *r)
{
	if (!sm_delivery_has(r->mailer, 'A') || r->user[0] == '\0' || has_domain(r->user) ||
		strchr(r->user, '\\') != NULL || sm_cf_option(s->cf, "AliasFile") == NULL) {
		return;
	}
	switch (find_alias(s, r->user)) {
	case MP_FOUND:
		r->state = SM_RECIPIENT_VERIFIED;
		r->alias = true;
		return;
	case MP_TEMPFAIL:
		r->state = SM_RECIPIENT_QUEUED;
		return;
	case MP_NONE:
		return;
	}
}

static struct sm_recipient *receive(
	struct sm_session *s, struct sm_recipient r, long level, struct sm_received *out);

/* Whether the mailbox exists. */
static void find_mailbox(
	struct sm_session *s, struct sm_recipient *r, long level, struct sm_received *out)
{
	struct sm_address to;

	look_for_alias(s, r);
	if (r->state == SM_RECIPIENT_OK && redirected(s, r, &to, &out->error)) {
		struct sm_recipient other = {
			.mailer = to.mailer,
			.host = to.host,
			.user = to.user,
			.said = r->said,
		};

		r->by = receive(s, other, level + 1, out);
		return;
	}
	if (out->error == NULL && r->state == SM_RECIPIENT_OK && sm_delivery_has(r->mailer, 'w')) {
		out->error = account(s, r);
		out->because = sm_because_mailer(s, r->mailer);
	}
}

/* Takes a recipient to the list, and looks for its mailbox; the recipient that stands for it, which
 * may be an earlier one; NULL where out->error is set. */
static struct sm_recipient *receive(
	struct sm_session *s, struct sm_recipient r, long level, struct sm_received *out)
{
	struct sm_recipient *same, *new;

	if (level > s->settings->alias_depth) {
		out->error = mp_arena_printf(s->arena,
			"554 5.4.6 aliasing/forwarding loop broken (%ld aliases deep; %ld max)",
			level, s->settings->alias_depth);
		out->because = sm_because_option(s, "MaxAliasRecursion");
		return NULL;
	}
	out->error = refusal_of(&r);
	if (out->error != NULL) {
		return NULL;
	}
	same = find_same(s, &r);
	if (same != NULL) {
		return same;
	}
	new = MP_ARENA_NEW(s->arena, struct sm_recipient);
	*new = r;
	list(s, new);
	if (new->state == SM_RECIPIENT_OK) {
		find_mailbox(s, new, level, out);
	}
	new->settled = out->error == NULL;
	return new->settled ? new : NULL;
}

const struct sm_recipient *sm_recipient_last(const struct sm_recipient *r)
{
	while (r->by != NULL) {
		r = r->by;
	}
	return r;
}

struct sm_received sm_receive(
	struct sm_session *s, struct sm_address a, const char *said, bool discarding)
{
	struct sm_received out = {.recipient = NULL};

	out.recipient = receive(s,
		(struct sm_recipient){
			.mailer = a.mailer,
			.host = a.host,
			.user = a.user,
			.said = said,
			.state = discarding  ? SM_RECIPIENT_VERIFIED
				: a.deferred ? SM_RECIPIENT_QUEUED
					     : SM_RECIPIENT_OK,
			.taken = a.mailer->local ? MP_TAKEN_LOCAL : MP_TAKEN_RELAY,
		},
		0, &out);
	return out;
}
