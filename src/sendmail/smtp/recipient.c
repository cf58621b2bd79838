/*
 * recipient - whether a recipient's mailbox exists (recipient(), alias(), finduser()).
 *
 * Only mailers with certain flags look: A for aliases, 5 for ruleset 5, w for an account.
 */
#include "base/ascii.h"
#include "sendmail/smtp/session.h"

enum { ALIAS_DEPTH = 10 };

static bool has_domain(const char *name)
{
	return strchr(name, '@') != NULL;
}

/* Whether the name is an alias: with its detail first ("user+detail", "user+*"), then alone. */
static enum mp_found find_alias(struct sm_session *s, const struct sm_address *a)
{
	const char *keys[3] = {0};
	size_t n = 0;

	if (sm_cf_option(s->cf, "AliasFile") == NULL || a->user[0] == '\0' || has_domain(a->user)) {
		return MP_NONE;
	}
	if (a->host[0] != '\0') {
		keys[n++] = mp_arena_printf(s->arena, "%s+%s", a->user, a->host);
		keys[n++] = mp_arena_printf(s->arena, "%s+*", a->user);
	}
	keys[n++] = a->user;
	for (size_t i = 0; i < n; i++) {
		enum mp_found found = sm_aliases_find(s->engine->aliases, s->world, keys[i], NULL);

		if (found != MP_NONE) {
			return found;
		}
	}
	return MP_NONE;
}

/* Ruleset 5: true when it leads to another address, which *a is then. */
static bool redirected(struct sm_session *s, struct sm_address *a, const char **error)
{
	static const char *const rulesets[] = {"5", NULL};
	struct sm_tokens w = {0};
	struct sm_address other;

	if (!sm_delivery_has(a->mailer, '5') || sm_cf_ruleset(s->cf, "5") == NULL ||
		sm_run_scan(&s->run, mp_slice_str(a->user), &w) != SM_SCAN_OK) {
		return false;
	}
	sm_run_set(&s->run, "h", a->host);
	sm_run_set(&s->run, "u", a->user);
	sm_run_set(&s->run, "addr_type", "e r");
	*error = sm_rewrite(s, &w, rulesets, NULL);
	sm_run_set(&s->run, "addr_type", NULL);
	if (*error != NULL || w.n == 0 || w.v[0].symbol != SM_SYM_NET) {
		return false;
	}
	other = sm_address_build(s, &w, true);
	*error = other.error;
	if (other.error != NULL ||
		(other.mailer == a->mailer && mp_str_eq(other.user, a->user) &&
			mp_str_eq(other.host, a->host))) {
		return false;
	}
	other.deferred = a->deferred;
	*a = other;
	return true;
}

static bool refuses_directly(const struct sm_address *a, const char **error)
{
	*error = mp_str_ieq(a->mailer->name, "prog") ? "550 5.7.1 Cannot mail directly to programs"
		: mp_str_ieq(a->mailer->name, "*include*")
		? "550 5.7.1 Cannot mail directly to :include:s"
		: mp_str_ieq(a->mailer->name, "*file*") ? "550 5.7.1 Cannot mail directly to files"
							: NULL;
	return *error != NULL;
}

/* The account behind a name: "" when there is one, else what is wrong. */
static const char *account(struct sm_session *s, const char *user, const char **state)
{
	const char *name = sm_without_quotes(user, s->arena);

	if (name[0] == '\0') {
		return "550 5.1.1 User unknown";
	}
	switch (mp_ask_user(s->world, name)) {
	case MP_FOUND:
		return NULL;
	case MP_TEMPFAIL:
		*state = " (will queue)";
		return NULL;
	case MP_NONE:
		break;
	}
	return "550 5.1.1 User unknown";
}

/* The recipient that is the same, or NULL. */
static struct sm_recipient *find_same(struct sm_session *s, const struct sm_address *a)
{
	for (size_t i = 0; i < s->recipients.n; i++) {
		struct sm_recipient *r = &s->recipients.v[i];

		if (mp_str_ieq(r->mailer, a->mailer->name) && mp_str_eq(r->host, a->host) &&
			mp_str_eq(r->user, a->user)) {
			return r;
		}
	}
	return NULL;
}

static void find_mailbox(struct sm_session *s, struct sm_address a, struct sm_received *out)
{
	for (int depth = 0; depth < ALIAS_DEPTH; depth++) {
		if (refuses_directly(&a, &out->error)) {
			return;
		}
		if (sm_delivery_has(a.mailer, 'A')) {
			switch (find_alias(s, &a)) {
			case MP_FOUND:
				return;
			case MP_TEMPFAIL:
				out->state = " (will queue)";
				return;
			case MP_NONE:
				break;
			}
		}
		if (!redirected(s, &a, &out->error)) {
			break;
		}
	}
	if (out->error == NULL && sm_delivery_has(a.mailer, 'w')) {
		out->error = account(s, a.user, &out->state);
		out->because = sm_because_mailer(s, a.mailer);
	}
}

static void add_recipient(struct sm_session *s, struct sm_recipient r)
{
	s->recipients.v = mp_arena_room(s->arena, s->recipients.v, s->recipients.n,
		&s->recipients.cap, sizeof *s->recipients.v, 8);
	s->recipients.v[s->recipients.n++] = r;
}

struct sm_received sm_receive(struct sm_session *s, struct sm_address a, const char *said)
{
	struct sm_received out = {
		.state = a.deferred ? " (will queue)" : "",
		.taken = a.mailer->local ? MP_TAKEN_LOCAL : MP_TAKEN_RELAY,
		.said = said,
	};
	struct sm_recipient *same = find_same(s, &a);

	if (same != NULL) {
		out.said = same->said;
		out.state = same->state;
		return out;
	}
	if (!s->discarding && !a.deferred) {
		find_mailbox(s, a, &out);
	}
	if (out.error != NULL) {
		return out;
	}
	add_recipient(s,
		(struct sm_recipient){a.mailer->name, a.host, a.user, said, out.state, out.taken});
	return out;
}
