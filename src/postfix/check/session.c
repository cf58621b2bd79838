/* session - the client's name, asked only when something depends on it; the turns that were taken.
 */
#include "postfix/check/session.h"

/* The four forms that say there is no verified name read "unknown" in Postfix. */
static const char *shown(const char *answer)
{
	if (mp_str_eq(answer, "none") || mp_str_eq(answer, "forged") ||
		mp_str_eq(answer, "tempfail")) {
		return "unknown";
	}
	return answer;
}

static bool without_lookup(const struct pf_session *s)
{
	return !pf_bool(s->smtpd->settings, "smtpd_peername_lookup");
}

void pf_consult(struct pf_session *s, unsigned aspects)
{
	s->consulted |= aspects;
}

const struct mp_ip *pf_client_ip(struct pf_session *s)
{
	pf_consult(s, MP_ASPECT_ADDRESS);
	return &s->said.client;
}

const char *pf_client_address(struct pf_session *s)
{
	pf_consult(s, MP_ASPECT_ADDRESS);
	return s->said.client_text;
}

const char *pf_helo(struct pf_session *s)
{
	pf_consult(s, MP_ASPECT_HELO);
	return s->said.helo;
}

const char *pf_sender(struct pf_session *s)
{
	pf_consult(s, MP_ASPECT_SENDER);
	return s->said.sender;
}

const char *pf_sender_for_resolving(struct pf_session *s)
{
	if (s->said.sender == NULL || !pf_rewrite_looks_at_sender(s->smtpd->rewrite)) {
		return "";
	}
	return pf_sender(s);
}

const char *pf_login(struct pf_session *s)
{
	pf_consult(s, MP_ASPECT_LOGIN);
	return s->said.sasl_user;
}

bool pf_has_tls(struct pf_session *s)
{
	pf_consult(s, MP_ASPECT_TLS);
	return s->said.tls;
}

const struct mp_client_certificate *pf_certificate(struct pf_session *s)
{
	const struct pf_settings *settings = s->smtpd->settings;

	if ((!pf_bool(settings, "smtpd_tls_ask_ccert") &&
		    !pf_bool(settings, "smtpd_tls_req_ccert")) ||
		!pf_has_tls(s)) {
		return NULL;
	}
	pf_consult(s, MP_ASPECT_CERTIFICATE);
	return s->said.certificate;
}

static const char *name_for_list(void *session)
{
	return pf_client_name(session);
}

enum pf_match pf_client_in_list(struct pf_session *s, struct pf_list *list, struct pf_list_hit *hit)
{
	struct pf_list_item first;

	if (!pf_list_item(list, 0, &first)) {
		return PF_NO_MATCH;
	}
	return pf_list_match_client(
		list, s->world, s->arena, pf_client_ip(s), name_for_list, s, hit);
}

const char *pf_client_name(struct pf_session *s)
{
	/* Which name it is, may be known of one address and not of another. */
	if (!without_lookup(s)) {
		pf_consult(s, MP_ASPECT_NAME | MP_ASPECT_ADDRESS);
	}
	if (s->said.client_name_seen == NULL) {
		struct mp_strings patterns = {
			s->smtpd->client_names.v.v, s->smtpd->client_names.v.n};
		s->said.client_name_seen = without_lookup(s)
			? "none"
			: mp_ask_client_name(s->world, &s->said.client, patterns);
	}
	return shown(s->said.client_name_seen);
}

const char *pf_client_name_text(struct pf_session *s)
{
	if (s->said.client_name_seen != NULL) {
		return shown(s->said.client_name_seen);
	}
	if (without_lookup(s)) {
		return "unknown";
	}
	const char *known = mp_known_client_name(s->world, &s->said.client);
	return known != NULL ? shown(known) : "{client.name}";
}

const char *pf_client_namaddr(struct pf_session *s)
{
	return mp_arena_printf(s->arena, "%s[%s]", pf_client_name_text(s), s->said.client_text);
}

/* FNV-1a, 64 bits: no secret, the same in every run. */
static uint64_t digest(uint64_t hash, const char *text)
{
	for (; *text != '\0'; text++) {
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	}
	return (hash ^ 0xff) * 0x100000001b3;
}

void pf_turn(
	struct pf_session *s, const char *rule, const char *argument, unsigned effect, bool refuses)
{
	if (s->turn_count == s->turn_room) {
		size_t room = s->turn_room == 0 ? 64 : 2 * s->turn_room;
		struct mp_turn *more = mp_arena_array(s->arena, room, sizeof *more);
		if (s->turn_count > 0) {
			memcpy(more, s->turns, s->turn_count * sizeof *more);
		}
		s->turns = more;
		s->turn_room = room;
	}
	uint64_t what = digest(digest(0xcbf29ce484222325, rule), argument);
	s->turns[s->turn_count++] = (struct mp_turn){what * 31 + effect, refuses};
}
