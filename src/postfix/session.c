/* session - the client's name, asked only when something depends on it; the turns that were taken.
 */
#include "postfix/session.h"

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

const char *pf_client_name(struct pf_session *s)
{
	if (s->client_name_seen == NULL) {
		struct mp_strings patterns = {
			s->smtpd->client_names.v.v, s->smtpd->client_names.v.n};
		s->client_name_seen = without_lookup(s)
			? "none"
			: mp_ask_client_name(s->world, &s->client, patterns);
	}
	return shown(s->client_name_seen);
}

const char *pf_client_name_text(struct pf_session *s)
{
	if (s->client_name_seen != NULL) {
		return shown(s->client_name_seen);
	}
	if (without_lookup(s)) {
		return "unknown";
	}
	const char *known = mp_known_client_name(s->world, &s->client);
	return known != NULL ? shown(known) : "{client.name}";
}

const char *pf_client_namaddr(struct pf_session *s)
{
	return mp_arena_printf(s->arena, "%s[%s]", pf_client_name_text(s), s->client_text);
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
