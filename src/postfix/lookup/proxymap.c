/* proxymap - which tables the proxymap(8) service reads for others (proxy_read_maps). */
#include "postfix/lookup/proxymap.h"

#include "postfix/lookup/list.h"

/* postconf(5): every parameter that names tables and that a delivery or an SMTP decision reads. */
static const char stock[] =
	"$local_recipient_maps $mydestination $virtual_alias_maps $virtual_alias_domains "
	"$virtual_mailbox_maps $virtual_mailbox_domains $relay_recipient_maps $relay_domains "
	"$canonical_maps $sender_canonical_maps $recipient_canonical_maps $relocated_maps "
	"$transport_maps $mynetworks $smtpd_sender_login_maps $sender_bcc_maps "
	"$recipient_bcc_maps $smtp_generic_maps $lmtp_generic_maps $alias_maps "
	"$smtpd_client_restrictions $smtpd_helo_restrictions $smtpd_sender_restrictions "
	"$smtpd_relay_restrictions $smtpd_recipient_restrictions "
	"$address_verify_sender_dependent_default_transport_maps "
	"$address_verify_sender_dependent_relayhost_maps $address_verify_transport_maps "
	"$fallback_transport_maps $mailbox_command_maps $mailbox_transport_maps "
	"$postscreen_discard_ehlo_keyword_address_maps $rbl_reply_maps "
	"$sender_dependent_default_transport_maps $sender_dependent_relayhost_maps "
	"$smtp_sasl_password_maps $smtp_tls_policy_maps "
	"$smtpd_discard_ehlo_keyword_address_maps $smtpd_milter_maps $virtual_gid_maps "
	"$virtual_uid_maps $local_login_sender_maps $postscreen_reject_footer_maps "
	"$smtpd_reject_footer_maps $tls_server_sni_maps $postscreen_command_filter "
	"$smtpd_command_filter $smtpd_dns_reply_filter $body_checks $header_checks "
	"$milter_header_checks $mime_header_checks $nested_header_checks";

static const char *strip(const char *spec)
{
	while (strncmp(spec, "proxy:", 6) == 0) {
		spec += 6;
	}
	return spec;
}

/* The settings of the proxymap process: main.cf alone. */
static struct pf_settings *own_settings(
	struct pf_engine *engine, struct mp_arena *arena, const struct pf_settings *settings)
{
	return pf_settings_new(
		arena, engine->config, NULL, PF_SMTPD, pf_settings_environment(settings));
}

static bool approved(
	struct pf_engine *engine, const struct pf_settings *settings, const char *table)
{
	struct mp_arena scratch = {0};
	struct pf_settings *own = own_settings(engine, &scratch, settings);
	struct pf_text value = pf_value(own, "proxy_read_maps");
	struct pf_text *tokens;
	const char *why;
	bool found = false;

	if (!pf_is_set(own, "proxy_read_maps") &&
		!pf_expand(own, pf_text_plain(stock), &scratch, &value, &why)) {
		value = pf_text_plain("");
	}
	size_t n = pf_split(&scratch, value, &tokens);
	for (size_t i = 0; i < n && !found; i++) {
		found = strncmp(tokens[i].s, "proxy:", 6) == 0 &&
			mp_str_eq(strip(tokens[i].s), table);
	}
	mp_arena_release(&scratch);
	return found;
}

void pf_proxy_approve(
	struct pf_engine *engine, struct pf_settings *settings, const char *spec, struct mp_loc loc)
{
	if (strncmp(spec, "proxy:", 6) != 0 || approved(engine, settings, strip(spec))) {
		return;
	}
	struct pf_fatal fatal = {
		.text = mp_arena_printf(engine->arena,
			"proxymap service is not configured for table \"%s\"", strip(spec)),
		.loc = loc,
		.parameter = "proxy_read_maps",
	};
	pf_settings_set_fatal(settings, &fatal);
	mp_finding_add(engine->findings, MP_ERROR, "maps/proxy-unlisted", loc,
		"Add it to proxy_read_maps in main.cf, or write it without \"proxy:\".",
		"proxy_read_maps does not list %s: the process that opens it dies", spec);
}
