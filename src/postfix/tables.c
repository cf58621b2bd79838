/* tables - what the settings of a process mean for the tables that it opens. */
#include "postfix/tables.h"

#include "postfix/list.h"
#include "postfix/proxymap.h"

static const char *without_proxy(const char *spec)
{
	while (strncmp(spec, "proxy:", 6) == 0) {
		spec += 6;
	}
	return spec;
}

static void name_aliases(
	struct pf_engine *engine, const struct pf_settings *settings, const char *parameter)
{
	struct pf_text *tokens;
	size_t n = pf_split(engine->arena, pf_value(settings, parameter), &tokens);

	for (size_t i = 0; i < n; i++) {
		mp_tables_name_alias(engine->tables, without_proxy(tokens[i].s));
	}
}

void pf_tables_prepare(struct pf_engine *engine, const struct pf_settings *settings)
{
	unsigned version = pf_settings_environment(settings)->version;

	name_aliases(engine, settings, "alias_maps");
	name_aliases(engine, settings, "alias_database");
	mp_tables_set_utf8(
		engine->tables, version >= PF_VERSION_3_0 && pf_bool(settings, "smtputf8_enable"));
}

/* Where the proxymap service looks for the tables that it may open (proxy_read_maps, postconf(5));
 * the parameters of other programs that stand there too name no table of ours. */
static const char approved[] =
	"$local_recipient_maps $mydestination $virtual_alias_maps $virtual_alias_domains "
	"$virtual_mailbox_maps $virtual_mailbox_domains $relay_recipient_maps $relay_domains "
	"$canonical_maps $sender_canonical_maps $recipient_canonical_maps $relocated_maps "
	"$transport_maps $mynetworks $smtpd_sender_login_maps $sender_bcc_maps $recipient_bcc_maps "
	"$smtp_generic_maps $lmtp_generic_maps $alias_maps $smtpd_client_restrictions "
	"$smtpd_helo_restrictions $smtpd_sender_restrictions $smtpd_relay_restrictions "
	"$smtpd_recipient_restrictions $address_verify_sender_dependent_default_transport_maps "
	"$address_verify_sender_dependent_relayhost_maps $address_verify_transport_maps "
	"$fallback_transport_maps $mailbox_command_maps $mailbox_transport_maps "
	"$postscreen_discard_ehlo_keyword_address_maps $rbl_reply_maps "
	"$sender_dependent_default_transport_maps $sender_dependent_relayhost_maps "
	"$smtpd_discard_ehlo_keyword_address_maps $smtpd_milter_maps $virtual_gid_maps "
	"$virtual_uid_maps $local_login_sender_maps $postscreen_reject_footer_maps "
	"$smtpd_reject_footer_maps $tls_server_sni_maps $postscreen_command_filter "
	"$smtpd_command_filter $smtpd_dns_reply_filter $body_checks $header_checks "
	"$milter_header_checks $mime_header_checks $nested_header_checks";

/* Whether the proxymap service opens the table: it must be named with "proxy:" in proxy_read_maps,
 * as main.cf alone has it. */
static bool is_approved(
	struct pf_engine *engine, const struct pf_settings *settings, const char *spec)
{
	const struct pf_settings *main_cf = pf_settings_new(
		engine->arena, engine->config, NULL, PF_SMTPD, pf_settings_environment(settings));
	bool own = pf_is_set(main_cf, "proxy_read_maps");
	struct pf_text list = pf_text_plain(own ? "$proxy_read_maps" : approved);
	struct pf_text expanded, *tokens;
	const char *why;

	if (!pf_expand(main_cf, list, engine->arena, &expanded, &why)) {
		return true; /* the service ends; what then happens is another matter */
	}
	size_t n = pf_split(engine->arena, expanded, &tokens);
	for (size_t i = 0; i < n; i++) {
		if (strncmp(tokens[i].s, "proxy:", 6) == 0 &&
			strcmp(without_proxy(tokens[i].s), without_proxy(spec)) == 0) {
			return true;
		}
	}
	return false;
}

struct mp_table *pf_table_open(struct pf_engine *engine, struct pf_settings *settings,
	const char *parameter, const char *spec, struct mp_loc loc)
{
	pf_proxy_approve(engine, settings, spec, loc);

	struct mp_table *table = mp_table_open(engine->tables, spec, loc);

	if (strncmp(spec, "proxy:", 6) == 0 && !is_approved(engine, settings, spec)) {
		struct pf_fatal fatal = {
			mp_arena_printf(engine->arena,
				"proxymap service is not configured for table \"%s\"",
				without_proxy(spec)),
			loc, parameter};
		pf_settings_set_fatal(settings, &fatal);
	}
	if (mp_table_fatal(table) != NULL) {
		struct pf_fatal fatal = {mp_table_fatal(table), loc, parameter};
		pf_settings_set_fatal(settings, &fatal);
	}
	return table;
}
