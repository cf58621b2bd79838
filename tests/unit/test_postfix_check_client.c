/*
 * test_postfix_check_client - restrictions on the client.
 *
 * What is wanted here was answered by Postfix 3.7.11, but for "(any N)", which stands where it
 * answers with chance bytes, and a few cases with IPv6 clients, which follow the reference.
 */
#include "unit/postfix_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct sim_case cases[] = {
	{.name = "permit_mynetworks no",
		.main_cf = SIM_LIST("permit_mynetworks, reject"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "permit_mynetworks yes",
		.main_cf = SIM_LIST("permit_mynetworks, reject"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok",
		.client = "10.1.1.1"},
	{.name = "mynetworks in error",
		.main_cf = SIM_LIST("permit_mynetworks, reject") "mynetworks = 10.0.0.1/8\n",
		.say = SIM_LOCAL,
		.want = "451 4.3.0 <alice@local.test>: Temporary lookup failure"},
	{.name = "mynetworks error behind a match",
		.main_cf = SIM_LIST(
			"permit_mynetworks, reject") "mynetworks = 203.0.113.5, 10.0.0.1/8\n",
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "mynetworks in error in the client list",
		.main_cf = SIM_LIST("permit") "mynetworks = 10.0.0.1/8\n"
					      "smtpd_client_restrictions = permit_mynetworks\n",
		.say = SIM_LOCAL,
		.want = "451 4.3.0 <unknown[203.0.113.5]>: Temporary lookup failure"},
	{.name = "mynetworks error under warn_if_reject",
		.main_cf = SIM_LIST(
			"warn_if_reject permit_mynetworks, permit") "mynetworks = 10.0.0.1/8\n",
		.say = SIM_LOCAL,
		.want = "451 4.3.0 <alice@local.test>: Temporary lookup failure"},
	{.name = "permit_inet_interfaces",
		.main_cf = SIM_LIST("permit_inet_interfaces, reject"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "permit_sasl_authenticated no",
		.main_cf = SIM_LIST("permit_sasl_authenticated, reject"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "permit_tls_clientcerts no",
		.main_cf = SIM_LIST("permit_tls_clientcerts, reject"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "permit_tls_all_clientcerts no",
		.main_cf = SIM_LIST("permit_tls_all_clientcerts, reject"),
		.say = SIM_LOCAL,
		.want = "554 5.7.1 <alice@local.test>: Recipient address rejected: Access denied"},
	{.name = "check_ccert_access no",
		.main_cf = SIM_LIST("check_ccert_access static:REJECT, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "check_ccert_access bad spec",
		.main_cf =
			SIM_LIST("check_ccert_access {static:REJECT {search_order=foo}}, permit"),
		.say = SIM_LOCAL,
		.want = "451 4.3.5 Server configuration error"},
	{.name = "check_ccert_access issuer",
		.main_cf = SIM_LIST(
			"check_ccert_access {static:REJECT {search_order=issuer_cn}}, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "check_sasl_access no",
		.main_cf = SIM_LIST("check_sasl_access static:REJECT, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "reject_unknown_client_hostname",
		.main_cf = SIM_LIST("reject_unknown_client_hostname"),
		.say = SIM_LOCAL,
		.want = "450 4.7.25 Client host rejected: cannot find your hostname, "
			"[203.0.113.5]"},
	{.name = "reject_unknown_client",
		.main_cf = SIM_LIST("reject_unknown_client") "unknown_client_reject_code = 550\n",
		.say = SIM_LOCAL,
		.want = "550 5.7.25 Client host rejected: cannot find your hostname, "
			"[203.0.113.5]"},
	{.name = "reject_unknown_reverse_client_hostname",
		.main_cf = SIM_LIST("reject_unknown_reverse_client_hostname"),
		.say = SIM_LOCAL,
		.want = "450 4.7.1 Client host rejected: cannot find your reverse hostname, "
			"[203.0.113.5]"},
	{.name = "check_client_ns_access unknown",
		.main_cf = SIM_LIST("check_client_ns_access static:REJECT, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
	{.name = "reject_rhsbl_client unknown",
		.main_cf = SIM_LIST("reject_rhsbl_client bl.test, permit"),
		.say = SIM_LOCAL,
		.want = "250 2.1.5 Ok"},
};

int main(void)
{
	return sim_main("postfix_check_client", cases, sizeof cases / sizeof cases[0]);
}
