/*
 * upstream - services that take clients from a proxy only.
 *
 * The client of the session is the one that the proxy's header names. Who connects without a header
 * is told to go, after smtpd_upstream_proxy_timeout at the latest; seen with 3.7.11.
 */
#include "postfix/smtpd/upstream.h"

#include "postfix/config/config.h"

/* Of the protocols that a release could know there is one so far. */
static bool is_known(const char *protocol)
{
	return mp_str_eq(protocol, "haproxy");
}

static bool turn_away(const struct pf_settings *settings, const char *parameter, bool tls,
	const char *line, struct mp_arena *arena, struct mp_sim_reply *greeting)
{
	const char *protocol = pf_str(settings, parameter);
	struct mp_reason *because = mp_arena_array(arena, 1, sizeof *because);

	if (*protocol == '\0') {
		return false;
	}
	*because = pf_reason(settings, parameter, arena);
	*greeting = (struct mp_sim_reply){.kind = MP_SIM_TIMEOUT, .closes = true, .note = ""};
	greeting->because = (struct mp_reasons){because, 1};
	if (!is_known(protocol)) {
		return true; /* the process dies, and another after it */
	}
	greeting->kind = tls ? MP_SIM_CLOSED : MP_SIM_REPLY;
	if (!tls) {
		const char **lines = mp_arena_array(arena, 1, sizeof *lines);
		lines[0] = line;
		greeting->code = 421;
		greeting->lines = lines;
		greeting->line_count = 1;
	}
	return true;
}

bool pf_upstream_smtpd(const struct pf_settings *settings, bool tls, struct mp_arena *arena,
	struct mp_sim_reply *greeting)
{
	return turn_away(settings, "smtpd_upstream_proxy_protocol", tls,
		mp_arena_printf(
			arena, "421 4.3.0 %s Server local error", pf_str(settings, "myhostname")),
		arena, greeting);
}

bool pf_upstream_screen(const struct pf_settings *settings, bool tls, struct mp_arena *arena,
	struct mp_sim_reply *greeting)
{
	return turn_away(settings, "postscreen_upstream_proxy_protocol", tls,
		"421 4.3.2 No system resources", arena, greeting);
}

void pf_upstream_report(struct mp_findings *findings, const struct pf_settings *settings,
	const char *parameter, const struct pf_service *service)
{
	if (service->type != PF_INET || *pf_str(settings, parameter) == '\0') {
		return;
	}
	mp_finding_add(findings, MP_NOTE, "upstream/proxy", pf_loc(settings, parameter),
		"Let nobody but the proxy reach the port.",
		"service \"%s\" takes its clients from a proxy: what is predicted is what comes to "
		"who "
		"connects without one, and whoever connects can claim to be any client",
		service->name);
}
