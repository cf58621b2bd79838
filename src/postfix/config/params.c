/*
 * params - the built-in parameters of Postfix, their defaults by version, and the order in which
 * the programs read them.
 *
 * The order matters: a default that is not set anywhere becomes visible to $name only once the
 * program has read that parameter.
 */
#include "postfix/config/params.h"

#include "base/alloc.h"

static const struct pf_past past_address_verify_poll_count[] = {
	{30000, PF_T_NINT, 1, 0, "${stress?1}${stress:3}"}, {0}};
static const struct pf_past past_alias_database[] = {
	{31100, PF_T_STR, 0, 0, "hash:/etc/aliases"}, {0}};
static const struct pf_past past_alias_maps[] = {
	{31100, PF_T_STR, 0, 0, "hash:/etc/aliases, nis:mail.aliases"}, {0}};
static const struct pf_past past_append_dot_mydomain[] = {{30000, PF_T_BOOL, 0, 0, "yes"},
	{30600, PF_T_NBOOL, 0, 0, "${{$compatibility_level} < {1} ? {yes} : {no}}"}, {0}};
static const struct pf_past past_compatibility_level[] = {{30600, PF_T_INT, 0, 0, "0"}, {0}};
static const struct pf_past past_import_environment[] = {
	{30400, PF_T_STR, 0, 0, "MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ XAUTHORITY DISPLAY LANG=C"},
	{31100, PF_T_STR, 0, 0,
		"MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ XAUTHORITY DISPLAY LANG=C POSTLOG_SERVICE "
		"POSTLOG_HOSTNAME"},
	{0}};
static const struct pf_past past_milter_connect_macros[] = {
	{30200, PF_T_STR, 0, 0, "j {daemon_name} v"},
	{30500, PF_T_STR, 0, 0, "j {daemon_name} {daemon_addr} v"}, {0}};
static const struct pf_past past_milter_default_action[] = {
	{30800, PF_T_STR, 1, 0, "tempfail"}, {0}};
static const struct pf_past past_mynetworks_style[] = {{30000, PF_T_STR, 1, 0, "subnet"},
	{30600, PF_T_STR, 1, 0, "${{$compatibility_level} < {2} ? {subnet} : {host}}"}, {0}};
static const struct pf_past past_postscreen_cache_map[] = {
	{31100, PF_T_STR, 0, 0, "btree:$data_directory/postscreen_cache"}, {0}};
static const struct pf_past past_postscreen_command_time_limit[] = {
	{30000, PF_T_RAW, 1, 0, "${stress?10}${stress:300}s"},
	{30400, PF_T_RAW, 1, 0, "${stress?{10}:{300}}s"}, {0}};
static const struct pf_past past_postscreen_dnsbl_threshold[] = {{30400, PF_T_INT, 0, 0, "1"}, {0}};
static const struct pf_past past_postscreen_greet_wait[] = {
	{30000, PF_T_TIME, 1, 0, "${stress?2}${stress:6}s"}, {0}};
static const struct pf_past past_queue_minfree[] = {{30500, PF_T_INT, 0, 0, "0"}, {0}};
static const struct pf_past past_recipient_delimiter[] = {{21100, PF_T_STR, 0, 1, ""}, {0}};
static const struct pf_past past_relay_domains[] = {{30000, PF_T_STR, 0, 0, "$mydestination"},
	{30600, PF_T_STR, 0, 0, "${{$compatibility_level} < {2} ? {$mydestination} : {}}"}, {0}};
static const struct pf_past past_smtpd_forbid_bare_newline[] = {{30900, PF_T_STR, 1, 0, "no"}, {0}};
static const struct pf_past past_smtpd_forbid_unauth_pipelining[] = {
	{30900, PF_T_BOOL, 0, 0, "no"}, {0}};
static const struct pf_past past_smtpd_forbidden_commands[] = {
	{30700, PF_T_STR, 0, 0, "CONNECT GET POST"}, {0}};
static const struct pf_past past_smtpd_hard_error_limit[] = {
	{30000, PF_T_NINT, 1, 0, "${stress?1}${stress:20}"}, {0}};
static const struct pf_past past_smtpd_junk_command_limit[] = {
	{30000, PF_T_NINT, 1, 0, "${stress?1}${stress:100}"}, {0}};
static const struct pf_past past_smtpd_per_record_deadline[] = {
	{30000, PF_T_NBOOL, 0, 0, "${stress?yes}${stress:no}"}, {0}};
static const struct pf_past past_smtpd_relay_restrictions[] = {
	{30300, PF_T_STR, 0, 0,
		"permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination"},
	{30600, PF_T_STR, 0, 0,
		"${{$compatibility_level} < {1} ? {} : {permit_mynetworks, "
		"permit_sasl_authenticated, defer_unauth_destination}}"},
	{0}};
static const struct pf_past past_smtpd_starttls_timeout[] = {
	{30000, PF_T_TIME, 1, 0, "${stress?10}${stress:300}s"}, {0}};
static const struct pf_past past_smtpd_timeout[] = {
	{30000, PF_T_TIME, 1, 0, "${stress?10}${stress:300}s"}, {0}};
static const struct pf_past past_smtpd_tls_eecdh_grade[] = {{30200, PF_T_STR, 1, 0, "strong"}, {0}};
static const struct pf_past past_smtpd_tls_fingerprint_digest[] = {
	{30600, PF_T_STR, 1, 0, "md5"}, {0}};
static const struct pf_past past_smtpd_tls_mandatory_protocols[] = {
	{30600, PF_T_STR, 0, 0, "!SSLv2, !SSLv3"}, {0}};
static const struct pf_past past_smtpd_tls_protocols[] = {
	{30600, PF_T_STR, 0, 0, "!SSLv2, !SSLv3"}, {0}};
static const struct pf_past past_smtputf8_enable[] = {
	{30600, PF_T_NBOOL, 0, 0, "${{$compatibility_level} < {1} ? {no} : {yes}}"}, {0}};
static const struct pf_past past_syslog_name[] = {
	{30000, PF_T_STR, 1, 0,
		"${multi_instance_name:postfix}${multi_instance_name?$multi_instance_name}"},
	{0}};

static const struct pf_parameter parameters[] = {
#define PF_PARAMETER(name, type, min, max, since, removed, past, fallback)                         \
	{#name, PF_T_##type, fallback, min, max, since, removed, past},
#include "postfix/config/params.def"
#undef PF_PARAMETER
};

/* clang-format off */
#define ID(name) PF_ID_##name
static const uint16_t common[] = {ID(compatibility_level), ID(mail_version), ID(syslog_facility), ID(inet_protocols), ID(multi_instance_directories), ID(multi_instance_group), ID(multi_instance_name), ID(maillog_file), ID(maillog_file_prefixes), ID(maillog_file_compressor), ID(maillog_file_rotate_suffix), ID(maillog_file_permissions), ID(postlog_service_name), ID(dnssec_probe), ID(known_tcp_ports), ID(daemon_table_open_error_is_fatal), ID(dns_ncache_ttl_fix_enable), ID(smtputf8_enable), ID(enable_idna2003_compatibility), ID(respectful_logging), ID(requiretls_enable), ID(tls_required_enable), ID(non_bdb_migration_log_redirect), ID(myhostname), ID(mydomain), ID(mail_name), ID(syslog_name), ID(mail_owner), ID(setgid_group), ID(mydestination), ID(myorigin), ID(relayhost), ID(daemon_directory), ID(data_directory), ID(command_directory), ID(meta_directory), ID(queue_directory), ID(shlib_directory), ID(process_id_directory), ID(inet_interfaces), ID(proxy_interfaces), ID(double_bounce_sender), ID(default_privs), ID(alias_database), ID(mail_release_date), ID(default_database_type), ID(default_cache_db_type), ID(hash_queue_names), ID(recipient_delimiter), ID(relay_domains), ID(fast_flush_domains), ID(export_environment), ID(import_environment), ID(mynetworks_style), ID(debug_peer_list), ID(default_verp_delimiters), ID(verp_delimiter_filter), ID(parent_domain_matches_subdomains), ID(alternate_config_directories), ID(bounce_service_name), ID(cleanup_service_name), ID(defer_service_name), ID(pickup_service_name), ID(queue_service_name), ID(rewrite_service_name), ID(showq_service_name), ID(error_service_name), ID(flush_service_name), ID(address_verify_service_name), ID(trace_service_name), ID(proxymap_service_name), ID(proxywrite_service_name), ID(internal_mail_filter_classes), ID(multi_instance_wrapper), ID(default_delivery_status_filter), ID(smtputf8_autodetect_classes), ID(message_drop_headers), ID(info_log_address_format), ID(non_bdb_migration_level), ID(non_bdb_migration_service_name), ID(non_bdb_custom_mapping), ID(default_process_limit), ID(max_use), ID(dont_remove), ID(line_length_limit), ID(hash_queue_depth), ID(fork_attempts), ID(deliver_lock_attempts), ID(debug_peer_level), ID(fault_injection_code), ID(berkeley_db_create_buffer_size), ID(berkeley_db_read_buffer_size), ID(header_size_limit), ID(header_address_token_limit), ID(mime_nesting_limit), ID(mime_boundary_length_limit), ID(delay_logging_resolution_limit), ID(tcp_windowsize), ID(socketmap_max_reply_size), ID(message_size_limit), ID(lmdb_map_size), ID(disable_dns_lookups), ID(soft_bounce), ID(owner_request_special), ID(strict_8bitmime), ID(strict_7bit_headers), ID(strict_8bitmime_body), ID(strict_mime_encoding_domain), ID(disable_mime_input_processing), ID(disable_mime_output_conversion), ID(address_verify_negative_cache), ID(backwards_bounce_logfile_compatibility), ID(helpful_warnings), ID(send_cyrus_sasl_authzid), ID(multi_instance_enable), ID(enable_long_queue_ids), ID(strict_smtputf8), ID(enable_original_recipient), ID(application_event_drain_time), ID(max_idle), ID(ipc_timeout), ID(ipc_idle), ID(ipc_ttl), ID(trigger_timeout), ID(fork_delay), ID(deliver_lock_delay), ID(stale_lock_time), ID(daemon_timeout), ID(in_flow_delay), ID(mynetworks)};
static const uint16_t smtpd[] = {ID(smtpd_soft_error_limit), ID(smtpd_hard_error_limit), ID(smtpd_junk_command_limit), ID(address_verify_poll_count), ID(smtpd_recipient_limit), ID(unknown_client_reject_code), ID(invalid_hostname_reject_code), ID(unknown_hostname_reject_code), ID(unknown_address_reject_code), ID(relay_domains_reject_code), ID(maps_rbl_reject_code), ID(access_map_reject_code), ID(access_map_defer_code), ID(reject_code), ID(defer_code), ID(non_fqdn_reject_code), ID(smtpd_recipient_overshoot_limit), ID(smtpd_history_flush_threshold), ID(unverified_sender_reject_code), ID(unverified_recipient_reject_code), ID(unverified_sender_defer_code), ID(unverified_recipient_defer_code), ID(multi_recipient_bounce_reject_code), ID(unknown_local_recipient_reject_code), ID(unknown_virtual_alias_reject_code), ID(unknown_virtual_mailbox_reject_code), ID(unknown_relay_recipient_reject_code), ID(plaintext_reject_code), ID(smtpd_forbid_bare_newline_reject_code), ID(smtpd_client_connection_rate_limit), ID(smtpd_client_connection_count_limit), ID(smtpd_client_message_rate_limit), ID(smtpd_client_recipient_rate_limit), ID(smtpd_client_new_tls_session_rate_limit), ID(smtpd_client_auth_rate_limit), ID(smtpd_client_ipv4_prefix_length), ID(smtpd_client_ipv6_prefix_length), ID(smtpd_tls_ccert_verifydepth), ID(smtpd_sasl_response_limit), ID(smtpd_policy_service_request_limit), ID(smtpd_policy_service_try_limit), ID(smtpd_min_data_rate), ID(queue_minfree), ID(smtpd_banner), ID(notify_classes), ID(smtpd_client_restrictions), ID(smtpd_helo_restrictions), ID(smtpd_sender_restrictions), ID(smtpd_relay_restrictions), ID(smtpd_recipient_restrictions), ID(smtpd_etrn_restrictions), ID(smtpd_data_restrictions), ID(smtpd_end_of_data_restrictions), ID(maps_rbl_domains), ID(rbl_reply_maps), ID(bounce_notice_recipient), ID(error_notice_recipient), ID(smtpd_restriction_classes), ID(canonical_maps), ID(sender_canonical_maps), ID(recipient_canonical_maps), ID(virtual_alias_maps), ID(virtual_mailbox_maps), ID(alias_maps), ID(local_recipient_maps), ID(smtpd_sasl_security_options), ID(smtpd_sasl_path), ID(smtpd_sasl_service), ID(cyrus_sasl_config_path), ID(smtpd_sasl_local_domain), ID(smtpd_sasl_exceptions_networks), ID(content_filter), ID(permit_mx_backup_networks), ID(smtpd_sender_login_maps), ID(smtpd_noop_commands), ID(smtpd_forbidden_commands), ID(smtpd_null_access_lookup_key), ID(relay_recipient_maps), ID(address_verify_sender), ID(smtpd_authorized_verp_clients), ID(smtpd_proxy_filter), ID(smtpd_proxy_ehlo), ID(smtpd_proxy_options), ID(receive_override_options), ID(smtpd_authorized_xclient_hosts), ID(smtpd_authorized_xforward_hosts), ID(smtpd_client_event_limit_exceptions), ID(local_header_rewrite_clients), ID(smtpd_discard_ehlo_keywords), ID(smtpd_discard_ehlo_keyword_address_maps), ID(relay_clientcerts), ID(smtpd_sasl_tls_security_options), ID(smtpd_tls_chain_files), ID(smtpd_tls_cert_file), ID(smtpd_tls_key_file), ID(smtpd_tls_dcert_file), ID(smtpd_tls_dkey_file), ID(smtpd_tls_eccert_file), ID(smtpd_tls_eckey_file), ID(smtpd_tls_CAfile), ID(smtpd_tls_CApath), ID(smtpd_tls_ciphers), ID(smtpd_tls_mandatory_ciphers), ID(smtpd_tls_exclude_ciphers), ID(smtpd_tls_mandatory_exclude_ciphers), ID(smtpd_tls_protocols), ID(smtpd_tls_mandatory_protocols), ID(smtpd_tls_dh512_param_file), ID(smtpd_tls_dh1024_param_file), ID(smtpd_tls_eecdh_grade), ID(smtpd_tls_fingerprint_digest), ID(smtpd_tls_loglevel), ID(smtpd_tls_security_level), ID(smtpd_sasl_type), ID(smtpd_sasl_mechanism_filter), ID(smtpd_milters), ID(milter_connect_macros), ID(milter_helo_macros), ID(milter_mail_macros), ID(milter_rcpt_macros), ID(milter_data_macros), ID(milter_end_of_header_macros), ID(milter_end_of_data_macros), ID(milter_unknown_command_macros), ID(milter_protocol), ID(milter_default_action), ID(milter_macro_daemon_name), ID(milter_macro_v), ID(milter_macro_defaults), ID(smtpd_milter_maps), ID(stress), ID(unverified_sender_reject_reason), ID(unverified_recipient_reject_reason), ID(reject_tempfail_action), ID(unknown_helo_hostname_tempfail_action), ID(unknown_address_tempfail_action), ID(unverified_recipient_tempfail_action), ID(unverified_sender_tempfail_action), ID(smtpd_command_filter), ID(smtpd_log_access_permit_actions), ID(smtpd_upstream_proxy_protocol), ID(smtpd_policy_service_default_action), ID(smtpd_policy_service_policy_context), ID(smtpd_dns_reply_filter), ID(smtpd_reject_footer_maps), ID(smtpd_reject_filter_maps), ID(header_from_format), ID(smtpd_forbid_bare_newline_exclusions), ID(smtpd_forbid_bare_newline), ID(smtpd_expansion_filter), ID(default_rbl_reply), ID(smtpd_reject_footer), ID(smtpd_helo_required), ID(smtpd_delay_reject), ID(strict_rfc821_envelopes), ID(disable_vrfy_command), ID(allow_untrusted_routing), ID(smtpd_sasl_auth_enable), ID(smtpd_sasl_authenticated_header), ID(broken_sasl_auth_clients), ID(show_user_unknown_table_name), ID(smtpd_reject_unlisted_sender), ID(smtpd_reject_unlisted_recipient), ID(smtpd_use_tls), ID(smtpd_enforce_tls), ID(smtpd_tls_wrappermode), ID(smtpd_tls_auth_only), ID(smtpd_tls_ask_ccert), ID(smtpd_tls_req_ccert), ID(smtpd_tls_enable_rpk), ID(smtpd_tls_received_header), ID(smtpd_tls_always_issue_session_ids), ID(smtpd_peername_lookup), ID(smtpd_delay_open_until_valid_rcpt), ID(smtpd_client_port_logging), ID(smtpd_forbid_unauth_pipelining), ID(smtpd_per_record_deadline), ID(smtpd_relay_before_recipient_restrictions), ID(smtpd_per_request_deadline), ID(smtpd_hide_client_session), ID(requiretls_esmtp_header), ID(smtpd_timeout), ID(smtpd_error_sleep_time), ID(smtpd_proxy_timeout), ID(address_verify_poll_delay), ID(smtpd_policy_service_timeout), ID(smtpd_policy_service_max_idle), ID(smtpd_policy_service_max_ttl), ID(smtpd_starttls_timeout), ID(smtpd_tls_session_cache_timeout), ID(milter_connect_timeout), ID(milter_command_timeout), ID(milter_content_timeout), ID(address_verify_sender_ttl), ID(smtpd_upstream_proxy_timeout), ID(smtpd_policy_service_retry_delay)};
static const uint16_t rewrite[] = {ID(transport_maps), ID(local_transport), ID(virtual_transport), ID(relay_transport), ID(default_transport), ID(virtual_alias_maps), ID(virtual_alias_domains), ID(virtual_mailbox_maps), ID(virtual_mailbox_domains), ID(relocated_maps), ID(empty_address_recipient), ID(address_verify_transport_maps), ID(address_verify_local_transport), ID(address_verify_virtual_transport), ID(address_verify_relay_transport), ID(address_verify_default_transport), ID(address_verify_relayhost), ID(remote_header_rewrite_domain), ID(sender_dependent_relayhost_maps), ID(empty_address_relayhost_maps_lookup_key), ID(address_verify_sender_dependent_relayhost_maps), ID(sender_dependent_default_transport_maps), ID(empty_address_default_transport_maps_lookup_key), ID(address_verify_sender_dependent_default_transport_maps), ID(swap_bangpath), ID(append_at_myorigin), ID(allow_percent_hack), ID(resolve_dequoted_address), ID(show_user_unknown_table_name), ID(resolve_null_domain), ID(resolve_numeric_domain), ID(allow_min_user), ID(append_dot_mydomain), ID(relocated_prefix_enable)};
static const uint16_t postscreen[] = {ID(smtpd_service_name), ID(smtpd_banner), ID(smtpd_forbidden_commands), ID(smtpd_discard_ehlo_keywords), ID(smtpd_discard_ehlo_keyword_address_maps), ID(smtpd_tls_security_level), ID(smtpd_command_filter), ID(postscreen_cache_map), ID(postscreen_greet_banner), ID(postscreen_greet_action), ID(postscreen_dnsbl_sites), ID(postscreen_dnsbl_action), ID(postscreen_pipelining_action), ID(postscreen_non_smtp_command_action), ID(postscreen_bare_newline_action), ID(postscreen_access_list), ID(postscreen_blacklist_action), ID(postscreen_denylist_action), ID(postscreen_forbidden_commands), ID(postscreen_discard_ehlo_keywords), ID(postscreen_discard_ehlo_keyword_address_maps), ID(postscreen_dnsbl_reply_map), ID(postscreen_tls_security_level), ID(postscreen_command_filter), ID(dnsblog_service_name), ID(postscreen_whitelist_interfaces), ID(postscreen_allowlist_interfaces), ID(postscreen_upstream_proxy_protocol), ID(default_process_limit), ID(postscreen_reject_footer_maps), ID(postscreen_dnsbl_threshold), ID(postscreen_dnsbl_whitelist_threshold), ID(postscreen_command_count_limit), ID(smtpd_client_connection_count_limit), ID(postscreen_post_queue_limit), ID(postscreen_pre_queue_limit), ID(postscreen_client_connection_count_limit), ID(postscreen_dnsbl_allowlist_threshold), ID(postscreen_command_time_limit), ID(postscreen_greet_wait), ID(postscreen_greet_ttl), ID(postscreen_dnsbl_ttl), ID(postscreen_dnsbl_min_ttl), ID(postscreen_dnsbl_max_ttl), ID(postscreen_pipelining_ttl), ID(postscreen_non_smtp_command_ttl), ID(postscreen_bare_newline_ttl), ID(postscreen_cache_retention_time), ID(postscreen_cache_cleanup_interval), ID(postscreen_watchdog_timeout), ID(postscreen_upstream_proxy_timeout), ID(postscreen_dnsbl_timeout), ID(smtpd_helo_required), ID(disable_vrfy_command), ID(smtpd_use_tls), ID(smtpd_enforce_tls), ID(postscreen_pipelining_enable), ID(postscreen_non_smtp_command_enable), ID(postscreen_bare_newline_enable), ID(smtpd_reject_footer), ID(postscreen_reject_footer), ID(smtpd_expansion_filter), ID(postscreen_expansion_filter), ID(postscreen_helo_required), ID(postscreen_disable_vrfy_command), ID(postscreen_use_tls), ID(postscreen_enforce_tls)};
static const uint16_t master[] = {ID(master_service_disable), ID(default_process_limit), ID(service_throttle_time)};
#undef ID
/* clang-format on */

static size_t index_of(struct mp_slice name)
{
	size_t low = 0;
	size_t high = PF_ID_COUNT;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int d = mp_slice_cmp(name, mp_slice_str(parameters[middle].name));
		if (d == 0) {
			return middle;
		}
		if (d < 0) {
			high = middle;
		} else {
			low = middle + 1;
		}
	}
	return MP_NOT_FOUND;
}

size_t pf_parameter_index(struct mp_slice name)
{
	return index_of(name);
}

const struct pf_parameter *pf_parameter_find(const char *name)
{
	size_t i = index_of(mp_slice_str(name));

	return i == MP_NOT_FOUND ? NULL : &parameters[i];
}

const struct pf_parameter *pf_parameters(size_t *count)
{
	*count = PF_ID_COUNT;
	return parameters;
}

struct pf_version_row pf_parameter_at(size_t index, unsigned version)
{
	const struct pf_parameter *p = &parameters[index];
	struct pf_version_row row = {
		.present = version >= p->since && (p->removed == 0 || version < p->removed),
		.type = p->type,
		.min = p->min,
		.max = p->max,
		.fallback = p->fallback,
	};

	for (const struct pf_past *past = p->past; past != NULL && past->until != 0; past++) {
		if (version < past->until) {
			row.type = past->type;
			row.min = past->min;
			row.max = past->max;
			row.fallback = past->fallback;
			break;
		}
	}
	return row;
}

const uint16_t *pf_parameter_common(size_t *count)
{
	*count = sizeof common / sizeof common[0];
	return common;
}

const uint16_t *pf_parameter_order(enum pf_program program, size_t *count)
{
	switch (program) {
	case PF_SMTPD:
		*count = sizeof smtpd / sizeof smtpd[0];
		return smtpd;
	case PF_TRIVIAL_REWRITE:
		*count = sizeof rewrite / sizeof rewrite[0];
		return rewrite;
	case PF_POSTSCREEN:
		*count = sizeof postscreen / sizeof postscreen[0];
		return postscreen;
	case PF_MASTER:
		*count = sizeof master / sizeof master[0];
		return master;
	}
	MP_BUG("no such program");
}

char pf_time_unit(const char *fallback)
{
	size_t n = strlen(fallback);

	return n == 0 ? 's' : fallback[n - 1];
}
