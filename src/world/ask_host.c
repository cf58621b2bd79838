/* ask_host - the host's own facts: accounts, logins, names, versions. */
#include "world/world_internal.h"

enum mp_found mp_ask_user(struct mp_world *w, const char *name)
{
	static const char *const answers[] = {"found", "none"};
	const char *question = mp_arena_printf(&w->arena, "user.exists %s", name);

	if (w->facts->have_local_users && mp_known_answer(w, question) == NULL) {
		for (size_t i = 0; i < w->facts->local_users.n; i++) {
			if (mp_str_eq(w->facts->local_users.v[i], name)) {
				return MP_FOUND;
			}
		}
		return MP_NONE;
	}
	return mp_found_of(mp_ask(w, question, answers, 2));
}

const char *mp_known_host_name(const struct mp_world *w)
{
	const char *answer = mp_known_answer(w, "host.name");

	return answer != NULL ? answer : w->facts->hostname;
}

const struct mp_cidr *mp_known_addresses(const struct mp_world *w, size_t *n)
{
	*n = w->facts->address_count;
	return w->facts->have_addresses ? w->facts->addresses : NULL;
}

const char *mp_known_version(const struct mp_world *w)
{
	const char *answer = mp_known_answer(w, "mta.version");

	return answer != NULL ? answer : w->facts->version;
}

const char *mp_known_distribution(const struct mp_world *w)
{
	const char *answer = mp_known_answer(w, "host.distribution");

	return answer != NULL ? answer : w->facts->distribution;
}

bool mp_known_sasl_mechanisms(const struct mp_world *w, struct mp_strings *out)
{
	*out = w->facts->sasl_mechanisms;
	return w->facts->have_sasl_mechanisms;
}

enum mp_found mp_ask_sasl_login(
	struct mp_world *w, const char *user, const char *realm, const char *password)
{
	static const char *const answers[] = {"found", "none", "tempfail"};
	const char *full = strchr(user, '@') != NULL || realm[0] == '\0'
		? user
		: mp_arena_printf(&w->arena, "%s@%s", user, realm);
	const char *question = mp_arena_printf(&w->arena, "sasl.login %s", full);

	if (!w->facts->have_sasl_users || mp_known_answer(w, question) != NULL) {
		return mp_found_of(mp_ask(w, question, answers, 3));
	}
	for (size_t i = 0; i < w->facts->sasl_users.n; i++) {
		const char *known = w->facts->sasl_users.v[i];
		if (mp_str_eq(known, full) || mp_str_eq(known, user)) {
			return mp_str_eq(w->facts->sasl_passwords.v[i], password) ? MP_FOUND
										  : MP_NONE;
		}
	}
	return MP_NONE;
}
