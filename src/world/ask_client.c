/* ask_client - the verified name of a client (postconf(5) smtpd_peername_lookup). */
#include "base/ascii.h"
#include "base/limits.h"
#include "world/world_internal.h"

static const char other_client[] = "{client.name}";

/* Whether a client's address is among those of its name. */
static bool confirms(const struct mp_dns_result *forward, const struct mp_ip *client)
{
	for (size_t i = 0; i < forward->values.n; i++) {
		struct mp_ip ip;
		if (mp_ip_parse(mp_slice_str(forward->values.v[i]), &ip) && mp_ip_eq(&ip, client)) {
			return true;
		}
	}
	return false;
}

static const char *client_question(struct mp_world *w, const struct mp_ip *client)
{
	char text[MP_IP_TEXT];

	return mp_arena_printf(&w->arena, "client.name %s", mp_ip_format(client, text));
}

const char *mp_known_client_name(struct mp_world *w, const struct mp_ip *client)
{
	char text[MP_IP_TEXT];
	const char *answer = mp_known_answer(w, client_question(w, client));

	if (answer != NULL) {
		return answer;
	}
	struct mp_dns_result ptr;
	if (!mp_dns_fact(w, MP_DNS_PTR, mp_ip_format(client, text), &ptr)) {
		return NULL;
	}
	if (ptr.status != MP_FOUND || ptr.values.n == 0) {
		return ptr.status == MP_TEMPFAIL ? "tempfail" : "none";
	}
	struct mp_dns_result forward;
	const char *name = mp_canonical_name(w, ptr.values.v[0]);
	if (!mp_dns_fact(w, MP_DNS_ADDRESS, name, &forward)) {
		return NULL;
	}
	if (forward.status == MP_TEMPFAIL) {
		return "tempfail";
	}
	return confirms(&forward, client) ? ptr.values.v[0] : "forged";
}

/* A name that the pattern matches: patterns may begin with a dot. NULL for what is no host name. */
static const char *representative(struct mp_world *w, const char *pattern)
{
	struct mp_ip ip;
	struct mp_slice s = mp_slice_str(pattern);

	if (s.n == 0 || s.n > 200 || mp_ip_parse(s, &ip)) {
		return NULL;
	}
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!mp_is_alnum(c) && c != '-' && c != '.' && c != '_') {
			return NULL;
		}
	}
	return s.p[0] == '.' ? mp_arena_printf(&w->arena, "client%s", pattern) : pattern;
}

const char *mp_ask_client_name(
	struct mp_world *w, const struct mp_ip *client, struct mp_strings patterns)
{
	const char *known = mp_known_client_name(w, client);

	if (known != NULL) {
		return known;
	}
	enum { MOST = MP_LIMIT_WORLDS - 8 };
	const char *answers[MP_LIMIT_WORLDS];
	size_t n = 0;
	answers[n++] = "none";
	answers[n++] = "other";
	for (size_t i = 0; i < patterns.n; i++) {
		const char *name = representative(w, patterns.v[i]);
		if (name != NULL && n < MOST) {
			answers[n++] = name;
		} else if (name != NULL) {
			w->truncated = true;
		}
	}
	answers[n++] = "forged";
	answers[n++] = "tempfail";
	const char *answer = mp_ask(w, client_question(w, client), answers, n);
	return mp_str_eq(answer, "other") ? other_client : answer;
}
