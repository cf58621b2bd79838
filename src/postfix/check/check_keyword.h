/*
 * check_keyword - the functions that carry out Postfix' own restrictions, by family.
 */
#ifndef PF_CHECK_CHECK_KEYWORD_H
#define PF_CHECK_CHECK_KEYWORD_H

#include "postfix/check/check_internal.h"

/* check_generic.c (6.1) */
pf_keyword_fn pf_run_permit, pf_run_reject, pf_run_defer, pf_run_defer_if_permit,
	pf_run_defer_if_reject, pf_run_nothing, pf_run_plaintext, pf_run_pipelining,
	pf_run_multi_recipient_bounce;
/* check_policy.c */
pf_keyword_fn pf_run_policy;
/* check_client.c (6.2) */
pf_keyword_fn pf_run_mynetworks, pf_run_inet_interfaces, pf_run_sasl_authenticated,
	pf_run_clientcerts, pf_run_unknown_client, pf_run_unknown_reverse_client,
	pf_run_client_access, pf_run_ccert_access, pf_run_sasl_access;
/* check_helo.c (6.3) */
pf_keyword_fn pf_run_invalid_helo, pf_run_non_fqdn_helo, pf_run_unknown_helo, pf_run_naked_ip,
	pf_run_domain_access;
/* check_address.c (6.4, 6.5): what senders and recipients have in common */
pf_keyword_fn pf_run_mail_access, pf_run_unknown_domain, pf_run_non_fqdn_address, pf_run_unverified,
	pf_run_unlisted, pf_run_login_mismatch;
/* check_relay.c (6.5): where a recipient may be sent */
pf_keyword_fn pf_run_auth_destination, pf_run_unauth_destination, pf_run_relay_domains,
	pf_run_mx_backup;
/* check_dnsbl.c: DNS lists */
pf_keyword_fn pf_run_rbl_client, pf_run_maps_rbl, pf_run_dnswl_client, pf_run_rhswl_client,
	pf_run_rhsbl;
/* access_server.c (7.2) */
pf_keyword_fn pf_run_server_access;

#endif
