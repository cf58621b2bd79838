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

static bool expects_proxy(const struct pf_settings *settings, const char *parameter)
{
	return *pf_str(settings, parameter) != '\0';
}

/* The end of a session in which no proxy's header came; line: NULL where the client begins TLS at
 * once, which cannot be told anything. */
static struct mp_sim_reply turn_away(const struct pf_settings *settings, const char *parameter,
	const char *line, struct mp_arena *arena)
{
	struct mp_sim_reply greeting = {.kind = MP_SIM_TIMEOUT, .closes = true, .note = ""};
	struct mp_reason *because = MP_ARENA_NEW(arena, struct mp_reason);

	*because = pf_reason(settings, parameter, arena);
	greeting.because = (struct mp_reasons){because, 1};
	if (!is_known(pf_str(settings, parameter))) {
		return greeting; /* the process dies, and another after it */
	}
	greeting.kind = line != NULL ? MP_SIM_REPLY : MP_SIM_CLOSED;
	if (line != NULL) {
		const char **lines = mp_arena_array(arena, 1, sizeof *lines);
		lines[0] = line;
		greeting.code = 421;
		greeting.lines = lines;
		greeting.line_count = 1;
	}
	return greeting;
}

bool pf_upstream_smtpd(const struct pf_settings *settings, bool tls, struct mp_arena *arena,
	struct mp_sim_reply *greeting)
{
	static const char parameter[] = "smtpd_upstream_proxy_protocol";

	if (!expects_proxy(settings, parameter)) {
		return false;
	}
	const char *line = tls ? NULL
			       : mp_arena_printf(arena, "421 4.3.0 %s Server local error",
					 pf_str(settings, "myhostname"));
	*greeting = turn_away(settings, parameter, line, arena);
	return true;
}

bool pf_upstream_screen(
	const struct pf_settings *settings, struct mp_arena *arena, struct mp_sim_reply *greeting)
{
	static const char parameter[] = "postscreen_upstream_proxy_protocol";

	if (!expects_proxy(settings, parameter)) {
		return false;
	}
	*greeting = turn_away(settings, parameter, "421 4.3.2 No system resources", arena);
	return true;
}

void pf_upstream_report(struct mp_findings *findings, const struct pf_settings *settings,
	const char *parameter, const struct pf_service *service)
{
	if (service->type != PF_INET || !expects_proxy(settings, parameter)) {
		return;
	}
	mp_finding_add(findings, MP_NOTE, "upstream/proxy", pf_loc(settings, parameter),
		"Let nobody but the proxy reach the port.",
		"service \"%s\" takes its clients from a proxy: what is predicted is what comes to "
		"who "
		"connects without one, and whoever connects can claim to be any client",
		service->name);
}
