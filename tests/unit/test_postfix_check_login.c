/*
 * test_postfix_check_login - who may use which sender.
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

#define FACTS_1                                                                                    \
	"{\"hostname\": \"mail.example.org\", \"version\": \"3.7.11\", \"addresses\": "            \
	"[\"192.0.2.10/24\","                                                                      \
	" \"127.0.0.1/8\", \"::1/128\"], \"local_users\": [\"root\", \"alice\", \"bob\"],"         \
	" \"dns_complete\": true, \"config_complete\": true, \"distribution\": \"debian\","        \
	" \"sasl\": {\"mechanisms\": [\"PLAIN\", \"LOGIN\"], \"users\": {\"bob\": \"secret\"}}}"

static struct sim_case cases[] = {
	{.name = "permit_sasl_authenticated yes",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<s@sender.test>\nRCPT TO:<x@remote.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_authenticated_sender_login_mismatch in bob@local.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_authenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<bob@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_authenticated_sender_login_mismatch out bob@local.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_authenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<bob@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_authenticated_sender_login_mismatch in alice@local.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_authenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<alice@local.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <alice@local.test>: Sender address rejected: not owned by user "
			"bob",
		.facts = FACTS_1},
	{.name = "reject_authenticated_sender_login_mismatch out alice@local.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_authenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<alice@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_authenticated_sender_login_mismatch in both@local.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_authenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<both@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_authenticated_sender_login_mismatch out both@local.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_authenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<both@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_authenticated_sender_login_mismatch in free@sender.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_authenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<free@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <free@sender.test>: Sender address rejected: not owned by user "
			"bob",
		.facts = FACTS_1},
	{.name = "reject_authenticated_sender_login_mismatch out free@sender.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_authenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<free@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_authenticated_sender_login_mismatch in",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_authenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL FROM:<>\nRCPT "
		       "TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_authenticated_sender_login_mismatch out",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_authenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_known_sender_login_mismatch in bob@local.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, alice@local.test=alice, "
		"{both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_known_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<bob@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_known_sender_login_mismatch out bob@local.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, alice@local.test=alice, "
		"{both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_known_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<bob@local.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <bob@local.test>: Sender address rejected: not logged in",
		.facts = FACTS_1},
	{.name = "reject_known_sender_login_mismatch in alice@local.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, alice@local.test=alice, "
		"{both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_known_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<alice@local.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <alice@local.test>: Sender address rejected: not owned by user "
			"bob",
		.facts = FACTS_1},
	{.name = "reject_known_sender_login_mismatch out alice@local.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, alice@local.test=alice, "
		"{both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_known_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<alice@local.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <alice@local.test>: Sender address rejected: not logged in",
		.facts = FACTS_1},
	{.name = "reject_known_sender_login_mismatch in both@local.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, alice@local.test=alice, "
		"{both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_known_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<both@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_known_sender_login_mismatch out both@local.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, alice@local.test=alice, "
		"{both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_known_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<both@local.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <both@local.test>: Sender address rejected: not logged in",
		.facts = FACTS_1},
	{.name = "reject_known_sender_login_mismatch in free@sender.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, alice@local.test=alice, "
		"{both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_known_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<free@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_known_sender_login_mismatch out free@sender.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, alice@local.test=alice, "
		"{both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_known_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<free@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_known_sender_login_mismatch in",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, alice@local.test=alice, "
		"{both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_known_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL FROM:<>\nRCPT "
		       "TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_known_sender_login_mismatch out",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, alice@local.test=alice, "
		"{both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_known_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_unauthenticated_sender_login_mismatch in bob@local.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_unauthenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<bob@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_unauthenticated_sender_login_mismatch out bob@local.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_unauthenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<bob@local.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <bob@local.test>: Sender address rejected: not logged in",
		.facts = FACTS_1},
	{.name = "reject_unauthenticated_sender_login_mismatch in alice@local.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_unauthenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<alice@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_unauthenticated_sender_login_mismatch out alice@local.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_unauthenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<alice@local.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <alice@local.test>: Sender address rejected: not logged in",
		.facts = FACTS_1},
	{.name = "reject_unauthenticated_sender_login_mismatch in both@local.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_unauthenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<both@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_unauthenticated_sender_login_mismatch out both@local.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_unauthenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<both@local.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <both@local.test>: Sender address rejected: not logged in",
		.facts = FACTS_1},
	{.name = "reject_unauthenticated_sender_login_mismatch in free@sender.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_unauthenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<free@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_unauthenticated_sender_login_mismatch out free@sender.test",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_unauthenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<free@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_unauthenticated_sender_login_mismatch in",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_unauthenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL FROM:<>\nRCPT "
		       "TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_unauthenticated_sender_login_mismatch out",
		.main_cf = SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				    "smtpd_sasl_type = dovecot\n"
				    "smtpd_sasl_path = private/auth\n"
				    "smtpd_sasl_security_options = noanonymous\n"
				    "smtpd_sender_login_maps = inline:{bob@local.test=bob, "
				    "alice@local.test=alice, {both@local.test = alice, BOB}}\n"
				    "smtpd_recipient_restrictions = "
				    "reject_unauthenticated_sender_login_mismatch, permit\n"
				    "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_sender_login_mismatch in bob@local.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, "
		"alice@local.test=alice, {both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<bob@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_sender_login_mismatch out bob@local.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, "
		"alice@local.test=alice, {both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<bob@local.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <bob@local.test>: Sender address rejected: not logged in",
		.facts = FACTS_1},
	{.name = "reject_sender_login_mismatch in alice@local.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, "
		"alice@local.test=alice, {both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<alice@local.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <alice@local.test>: Sender address rejected: not owned by user "
			"bob",
		.facts = FACTS_1},
	{.name = "reject_sender_login_mismatch out alice@local.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, "
		"alice@local.test=alice, {both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<alice@local.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <alice@local.test>: Sender address rejected: not logged in",
		.facts = FACTS_1},
	{.name = "reject_sender_login_mismatch in both@local.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, "
		"alice@local.test=alice, {both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<both@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_sender_login_mismatch out both@local.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, "
		"alice@local.test=alice, {both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<both@local.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <both@local.test>: Sender address rejected: not logged in",
		.facts = FACTS_1},
	{.name = "reject_sender_login_mismatch in free@sender.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, "
		"alice@local.test=alice, {both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<free@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "553 5.7.1 <free@sender.test>: Sender address rejected: not owned by user "
			"bob",
		.facts = FACTS_1},
	{.name = "reject_sender_login_mismatch out free@sender.test",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, "
		"alice@local.test=alice, {both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<free@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_sender_login_mismatch in",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, "
		"alice@local.test=alice, {both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL FROM:<>\nRCPT "
		       "TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "reject_sender_login_mismatch out",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_sender_login_maps = inline:{bob@local.test=bob, "
		"alice@local.test=alice, {both@local.test = alice, BOB}}\n"
		"smtpd_recipient_restrictions = reject_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nMAIL FROM:<>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok",
		.facts = FACTS_1},
	{.name = "login mismatch without maps",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_recipient_restrictions = reject_authenticated_sender_login_mismatch\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL FROM:<a@b.test>\nRCPT "
		       "TO:<alice@local.test>",
		.want = "553 5.7.1 <a@b.test>: Sender address rejected: not owned by user bob",
		.facts = FACTS_1},
	{.name = "login mismatch without sasl",
		.main_cf = SIM_LIST(
			"reject_sender_login_mismatch, permit") "smtpd_sender_login_maps = "
								"inline:{bob@local.test=bob, "
								"alice@local.test=alice, "
								"{both@local.test = alice, BOB}}\n",
		.say = "EHLO c.example\nMAIL FROM:<alice@local.test>\nRCPT TO:<alice@local.test>",
		.want = "250 2.1.5 Ok"},
	{.name = "login mismatch maps fail",
		.main_cf = SIM_BASE
		"smtpd_sasl_auth_enable = yes\n"
		"smtpd_sasl_type = dovecot\n"
		"smtpd_sasl_path = private/auth\n"
		"smtpd_sasl_security_options = noanonymous\n"
		"smtpd_recipient_restrictions = reject_sender_login_mismatch, permit\n"
		"smtpd_relay_restrictions = reject_unauth_destination\n"
		"smtpd_sender_login_maps = fail:x\n",
		.say = "EHLO c.example\nMAIL FROM:<alice@local.test>\nRCPT TO:<alice@local.test>",
		.want = "451 4.3.0 <alice@local.test>: Temporary lookup failure",
		.facts = FACTS_1},
	{.name = "check_sasl_access",
		.main_cf =
			SIM_BASE "smtpd_sasl_auth_enable = yes\n"
				 "smtpd_sasl_type = dovecot\n"
				 "smtpd_sasl_path = private/auth\n"
				 "smtpd_sasl_security_options = noanonymous\n"
				 "smtpd_recipient_restrictions = check_sasl_access inline:{{bob = "
				 "REJECT 5.1.1 no}}, permit\n"
				 "smtpd_relay_restrictions = reject_unauth_destination\n",
		.say = "EHLO c.example\nAUTH PLAIN AGJvYgBzZWNyZXQ=\nMAIL "
		       "FROM:<s@sender.test>\nRCPT TO:<alice@local.test>",
		.want = "554 5.0.0 <bob>: SASL login name rejected: no",
		.facts = FACTS_1},
};

int main(void)
{
	return sim_main("postfix_check_login", cases, sizeof cases / sizeof cases[0]);
}
