/*
 * postscreen - who is handed to smtpd, and who is not (postscreen(8); reference 11).
 *
 * The tests before the greeting are an access list, DNS lists and patience; a client that a
 * dialogue plays is patient. What the cache remembers of an earlier visit is a question.
 */
#include "postfix/screen/postscreen.h"

#include "base/ascii.h"
#include "base/number.h"
#include "postfix/lookup/list.h"
#include "postfix/screen/postscreen_internal.h"
#include "postfix/smtpd/upstream.h"

enum action { IGNORE, ENFORCE, DROP };

static enum action action_of(const struct pf_settings *settings, const char *name)
{
	const char *value = pf_str(settings, name);

	if (mp_str_ieq(value, "drop")) {
		return DROP;
	}
	return mp_str_ieq(value, "enforce") ? ENFORCE : IGNORE;
}

struct pf_screen *pf_screen_new(struct pf_engine *engine, const struct pf_service *service,
	const struct pf_environment *environment)
{
	struct pf_screen *screen = MP_ARENA_NEW(engine->arena, struct pf_screen);

	screen->engine = engine;
	screen->service = service;
	screen->settings =
		pf_settings_new(engine->arena, engine->config, service, PF_POSTSCREEN, environment);
	pf_upstream_report(
		engine->findings, screen->settings, "postscreen_upstream_proxy_protocol", service);
	if (service->maxproc != 1) {
		struct pf_fatal fatal = {
			.text = mp_arena_printf(engine->arena,
				"service %s requires a process limit of 1", service->name),
			.loc = service->at,
			.parameter = "",
		};
		pf_settings_set_fatal(screen->settings, &fatal);
	}
	return screen;
}

const struct pf_fatal *pf_screen_fatal(const struct pf_screen *screen)
{
	return pf_settings_fatal(screen->settings);
}

const char *pf_screen_smtpd_service(const struct pf_screen *screen)
{
	return pf_str(screen->settings, "smtpd_service_name");
}

const char *pf_screen_teaser(const struct pf_screen *screen)
{
	return pf_str(screen->settings, "postscreen_greet_banner");
}

/* ---- the access list --------------------------------------------------------------------------
 */

enum access { DUNNO, PERMIT, REJECT };

static const char *no_name(void *context)
{
	(void)context;
	return "unknown";
}

static enum access word_access(const char *word)
{
	if (mp_str_ieq(word, "permit") || mp_str_ieq(word, "permit_mynetworks")) {
		return PERMIT;
	}
	return mp_str_ieq(word, "reject") ? REJECT : DUNNO;
}

static bool in_networks(struct pf_screen *screen, struct mp_world *world, struct mp_arena *arena,
	const struct mp_ip *client)
{
	if (screen->networks == NULL) {
		screen->networks = pf_list_new(screen->engine, screen->settings, "mynetworks",
			pf_value(screen->settings, "mynetworks"), PF_CLIENT_LIST);
	}
	return pf_list_match_client(screen->networks, world, arena, client, no_name, NULL, NULL) ==
		PF_MATCH;
}

static enum access table_access(struct pf_screen *screen, struct mp_world *world,
	struct mp_arena *arena, struct pf_text item, const char *address)
{
	struct mp_table *table =
		mp_table_open(screen->engine->tables, item.s, pf_text_loc(item, 0, item.n));
	struct mp_table_result found =
		mp_table_lookup(table, world, address, MP_ROLE_ACTION, arena);

	return found.status == MP_TABLE_FOUND ? word_access(found.value) : DUNNO;
}

static enum access check_access(struct pf_screen *screen, struct mp_world *world,
	struct mp_arena *arena, const struct mp_ip *client, struct mp_reasons *because)
{
	char address[MP_IP_TEXT];
	struct pf_text *items;
	size_t n = pf_split(arena, pf_value(screen->settings, "postscreen_access_list"), &items);

	mp_ip_format(client, address);
	for (size_t i = 0; i < n; i++) {
		enum access access = DUNNO;
		if (strchr(items[i].s, ':') != NULL) {
			access = table_access(screen, world, arena, items[i], address);
		} else if (mp_str_ieq(items[i].s, "permit_mynetworks")) {
			access = in_networks(screen, world, arena, client) ? PERMIT : DUNNO;
		} else {
			access = word_access(items[i].s);
		}
		if (access != DUNNO) {
			struct mp_reason *reason = MP_ARENA_NEW(arena, struct mp_reason);
			reason->loc = pf_text_loc(items[i], 0, items[i].n);
			reason->text = items[i].s;
			*because = (struct mp_reasons){reason, 1};
			return access;
		}
	}
	return DUNNO;
}

/* ---- DNS lists --------------------------------------------------------------------------------
 */

/* "zone=filter*weight": the zone and the weight; a filter is taken as met when the list has the
 * client. */
static const char *site_zone(struct mp_arena *arena, const char *site, long *weight)
{
	const char *star = strrchr(site, '*');

	*weight = 1;
	if (star != NULL) {
		(void)mp_parse_int(mp_slice_str(star + 1), -1000, 1000, weight);
	}
	return mp_arena_memdup(arena, site, strcspn(site, "=*"));
}

/* The first list that counts against the client once the threshold is reached; NULL when it is
 * not. */
static const char *blocked_by(struct pf_screen *screen, struct mp_world *world,
	struct mp_arena *arena, const struct mp_ip *client)
{
	char address[MP_IP_TEXT];
	struct pf_text *sites;
	size_t n = pf_split(arena, pf_value(screen->settings, "postscreen_dnsbl_sites"), &sites);
	const char *first = NULL;
	long score = 0;

	mp_ip_format(client, address);
	for (size_t i = 0; i < n; i++) {
		long weight;
		const char *zone = site_zone(arena, sites[i].s, &weight);
		if (mp_ask_dns_list(world, address, zone, NULL).status != MP_FOUND) {
			continue;
		}
		score += weight;
		if (first == NULL && weight > 0) {
			first = zone;
		}
	}
	return score >= pf_int(screen->settings, "postscreen_dnsbl_threshold") ? first : NULL;
}

/* ---- the whole --------------------------------------------------------------------------------
 */

static struct mp_sim_reply one_line(
	struct mp_arena *arena, const char *text, struct mp_reasons because, bool closes)
{
	const char **lines = mp_arena_array(arena, 1, sizeof *lines);
	unsigned long code = 0;

	lines[0] = text;
	(void)mp_parse_uint(mp_slice_sub(mp_slice_str(text), 0, 3), 0, 999, &code);
	return (struct mp_sim_reply){.kind = MP_SIM_REPLY,
		.code = (unsigned)code,
		.lines = lines,
		.line_count = 1,
		.because = because,
		.closes = closes,
		.note = ""};
}

static struct mp_reasons parameter_reason(
	struct pf_screen *screen, struct mp_arena *arena, const char *parameter)
{
	struct mp_reason *reason = MP_ARENA_NEW(arena, struct mp_reason);

	*reason = pf_reason(screen->settings, parameter, arena);
	return (struct mp_reasons){reason, 1};
}

/* What a refused client gets: a line instead of the greeting, or the engine that accepts nobody. */
static struct pf_screened refuse(struct pf_screen *screen, struct mp_world *world,
	struct mp_arena *arena, enum action action, const char *words, struct mp_reasons because,
	bool teased)
{
	struct pf_screened out = {.teased = teased};

	if (action == DROP) {
		out.greeting =
			one_line(arena, mp_arena_printf(arena, "521 %s", words), because, true);
		return out;
	}
	out.dummy = pf_dummy_new(
		screen, world, arena, mp_arena_printf(arena, "550 %s", words), because);
	out.greeting = pf_dummy_greeting(out.dummy, teased);
	return out;
}

static bool deep_tests(const struct pf_settings *settings)
{
	return pf_bool(settings, "postscreen_pipelining_enable") ||
		pf_bool(settings, "postscreen_non_smtp_command_enable") ||
		pf_bool(settings, "postscreen_bare_newline_enable");
}

/* What the cache says; the client may have passed only the tests before the greeting. */
static const char *ask_seen(struct pf_screen *screen, struct mp_world *world,
	struct mp_arena *arena, const char *address)
{
	static const char *const answers[] = {"none", "found", "partly"};

	return mp_ask(world, mp_arena_printf(arena, "postscreen.seen %s", address), answers,
		deep_tests(screen->settings) ? 3 : 2);
}

struct pf_screened pf_screen_client(struct pf_screen *screen, struct mp_world *world,
	struct mp_arena *arena, const struct mp_ip *client)
{
	const struct pf_settings *settings = screen->settings;
	struct mp_reasons because = {0};
	char address[MP_IP_TEXT];
	enum access access = check_access(screen, world, arena, client, &because);
	const char *deny = pf_is_set(settings, "postscreen_blacklist_action")
		? "postscreen_blacklist_action"
		: "postscreen_denylist_action";
	bool teaser = *pf_screen_teaser(screen) != '\0';

	struct pf_screened away = {.pass = false};
	if (pf_upstream_screen(settings, arena, &away.greeting)) {
		return away;
	}
	mp_ip_format(client, address);
	if (access == PERMIT) {
		return (struct pf_screened){.pass = true};
	}
	if (access == REJECT && action_of(settings, deny) != IGNORE) {
		return refuse(screen, world, arena, action_of(settings, deny),
			"5.3.2 Service currently unavailable", because, teaser);
	}
	const char *seen = ask_seen(screen, world, arena, address);
	if (mp_str_eq(seen, "found")) {
		return (struct pf_screened){.pass = true};
	}
	teaser = teaser && !mp_str_eq(seen, "partly");
	enum action dnsbl = action_of(settings, "postscreen_dnsbl_action");
	const char *zone = dnsbl != IGNORE ? blocked_by(screen, world, arena, client) : NULL;
	if (zone != NULL) {
		return refuse(screen, world, arena, dnsbl,
			mp_arena_printf(arena,
				"5.7.1 Service unavailable; client [%s] blocked using %s", address,
				zone),
			parameter_reason(screen, arena, "postscreen_dnsbl_sites"), teaser);
	}
	if (deep_tests(settings)) {
		struct pf_screened out = {.teased = teaser};
		out.dummy = pf_dummy_new(screen, world, arena,
			"450 4.3.2 Service currently unavailable",
			parameter_reason(screen, arena,
				pf_bool(settings, "postscreen_pipelining_enable")
					? "postscreen_pipelining_enable"
					: pf_bool(settings, "postscreen_non_smtp_command_enable")
					? "postscreen_non_smtp_command_enable"
					: "postscreen_bare_newline_enable"));
		out.greeting = pf_dummy_greeting(out.dummy, teaser);
		return out;
	}
	return (struct pf_screened){.pass = true, .teased = teaser};
}
