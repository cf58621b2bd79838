/*
 * smtpd_setup - what the command loop derives from the settings, and the start-up checks that come
 * behind the restrictions' (SASL type, TLS level).
 */
#include "postfix/smtpd/smtpd.h"

#include "base/ascii.h"

static void set_fatal(struct pf_smtpd *smtpd, const char *parameter, const char *text)
{
	struct pf_fatal fatal = {
		.text = text,
		.loc = pf_loc(smtpd->settings, parameter),
		.parameter = parameter,
	};

	pf_settings_set_fatal(smtpd->settings, &fatal);
}

/* The level as a word; false when Postfix does not know it. */
static bool take_level(struct pf_loop *loop, const char *level)
{
	static const char *const encrypt[] = {"encrypt", "fingerprint", "verify", "secure"};

	if (mp_str_ieq(level, "none")) {
		loop->tls_use = loop->tls_enforce = false;
		return true;
	}
	if (mp_str_ieq(level, "may")) {
		loop->tls_use = true;
		loop->tls_enforce = false;
		return true;
	}
	for (size_t i = 0; i < sizeof encrypt / sizeof encrypt[0]; i++) {
		if (mp_str_ieq(level, encrypt[i])) {
			loop->tls_use = loop->tls_enforce = true;
			return true;
		}
	}
	return false;
}

static void setup_tls(struct pf_smtpd *smtpd, struct pf_loop *loop)
{
	const struct pf_settings *settings = smtpd->settings;
	const char *level = pf_str(settings, "smtpd_tls_security_level");
	bool only = pf_bool(settings, "smtpd_tls_auth_only");

	loop->wrapper = pf_bool(settings, "smtpd_tls_wrappermode");
	loop->tls_enforce = pf_bool(settings, "smtpd_enforce_tls");
	loop->tls_use = loop->tls_enforce || pf_bool(settings, "smtpd_use_tls");
	loop->tls_parameter = loop->tls_enforce ? "smtpd_enforce_tls" : "smtpd_use_tls";
	if (!loop->wrapper && *level != '\0') {
		loop->tls_parameter = "smtpd_tls_security_level";
		if (!take_level(loop, level)) {
			set_fatal(smtpd, "smtpd_tls_security_level",
				mp_arena_printf(
					smtpd->engine->arena, "invalid TLS level \"%s\"", level));
		}
	}
	if (loop->wrapper) {
		loop->tls_parameter = "smtpd_tls_wrappermode";
		loop->tls_use = true;
	}
	loop->tls_auth_only = only || loop->tls_enforce || loop->wrapper;
	loop->auth_only_parameter = only ? "smtpd_tls_auth_only"
		: loop->tls_auth_only    ? loop->tls_parameter
					 : "";
}

static void setup_sasl(struct pf_smtpd *smtpd, struct pf_loop *loop)
{
	const struct pf_settings *settings = smtpd->settings;
	const char *type = pf_str(settings, "smtpd_sasl_type");

	loop->sasl = pf_bool(settings, "smtpd_sasl_auth_enable");
	loop->dovecot = mp_str_eq(type, "dovecot");
	if (loop->sasl && !loop->dovecot && !mp_str_eq(type, "cyrus")) {
		set_fatal(smtpd, "smtpd_sasl_type", "SASL per-process initialization failed");
	}
}

/* The words of smtpd_forbid_bare_newline; "note" came with 3.9. */
static void check_bare_newline(struct pf_smtpd *smtpd, unsigned version)
{
	static const char *const words[] = {"no", "yes", "normalize", "reject", "note"};
	const char *value = pf_str(smtpd->settings, "smtpd_forbid_bare_newline");
	size_t n = version >= PF_VERSION_3_9 ? 5 : 4;

	for (size_t i = 0; i < n; i++) {
		if (mp_str_ieq(value, words[i])) {
			return;
		}
	}
	if (*value != '\0') {
		set_fatal(smtpd, "smtpd_forbid_bare_newline",
			mp_arena_printf(smtpd->engine->arena,
				"bad parameter value: 'smtpd_forbid_bare_newline = %s'", value));
	}
}

static struct pf_list *string_list(struct pf_smtpd *smtpd, const char *parameter)
{
	struct pf_text value = pf_value(smtpd->settings, parameter);

	return value.n == 0
		? NULL
		: pf_list_new(smtpd->engine, smtpd->settings, parameter, value, PF_STRING_LIST);
}

static struct pf_maps *maps(struct pf_smtpd *smtpd, const char *parameter)
{
	return *pf_str(smtpd->settings, parameter) == '\0'
		? NULL
		: pf_maps_new(smtpd->engine, smtpd->settings, parameter);
}

/* "inet:host:port" of an item that may be "{ inet:host:port, attribute = value, ... }". */
static const char *milter_name(struct mp_arena *arena, const char *item)
{
	while (*item == '{' || mp_is_space(*item)) {
		item++;
	}
	size_t n = 0;
	while (item[n] != '\0' && item[n] != ',' && item[n] != '}' && !mp_is_space(item[n])) {
		n++;
	}
	return mp_arena_memdup(arena, item, n);
}

static void setup_milters(struct pf_smtpd *smtpd, struct pf_loop *loop)
{
	struct mp_arena *arena = smtpd->engine->arena;
	struct pf_text *items;
	size_t n = pf_split(arena, pf_value(smtpd->settings, "smtpd_milters"), &items);
	const char **names = mp_arena_array(arena, n + 1, sizeof *names);

	for (size_t i = 0; i < n; i++) {
		names[i] = milter_name(arena, items[i].s);
	}
	loop->milters = names;
	loop->milter_count = n;
}

struct pf_loop *pf_loop_new(struct pf_smtpd *smtpd)
{
	struct pf_loop *loop = MP_ARENA_NEW(smtpd->engine->arena, struct pf_loop);
	const struct pf_settings *settings = smtpd->settings;

	loop->version = pf_settings_environment(settings)->version;
	setup_sasl(smtpd, loop);
	setup_tls(smtpd, loop);
	loop->smtputf8 = loop->version >= PF_VERSION_3_0 && pf_bool(settings, "smtputf8_enable");
	loop->noop = string_list(smtpd, "smtpd_noop_commands");
	loop->forbidden = string_list(smtpd, "smtpd_forbidden_commands");
	if (loop->version >= PF_VERSION_3_6) {
		loop->mechanism_filter = string_list(smtpd, "smtpd_sasl_mechanism_filter");
	}
	loop->flush_domains = pf_list_new(smtpd->engine, smtpd->settings, "fast_flush_domains",
		pf_value(settings, "fast_flush_domains"), PF_DOMAIN_LIST);
	loop->command_filter = maps(smtpd, "smtpd_command_filter");
	loop->discard_maps = maps(smtpd, "smtpd_discard_ehlo_keyword_address_maps");
	loop->discard = pf_ehlo_mask(pf_str(settings, "smtpd_discard_ehlo_keywords"));
	setup_milters(smtpd, loop);
	check_bare_newline(smtpd, loop->version);
	return loop;
}
