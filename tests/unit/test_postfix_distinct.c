/* test_postfix_distinct - what a configuration tells clients and what they say apart by. */
#include "server/server.h"
#include "unit/postfix_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* main.cf up to line 7 is SIM_BASE. */
#define RECIPIENT(items) SIM_BASE "smtpd_recipient_restrictions = " items "\n"
#define LOCAL_SENDERS                                                                              \
	"sender someone@local.test [local.test] local (main.cf:3)\n"                               \
	"sender someone@relay.test [relay.test] relay (main.cf:4)\n"                               \
	"sender someone@sub.relay.test [.relay.test] relay (main.cf:4)"

struct distinct_case {
	struct sim_case sim; /* want: what sim_distinctions() gives */
	unsigned aspects;
};

static struct sim_file access_files[] = {
	{"access",
		"10.1 OK\n192.0.2.7 REJECT\nexample.net OK\n2001:db8 OK\n2001:db8:0:1 REJECT\n"
		".dot.test OK\n300 OK\n10.01 OK\nunknown REJECT\n"},
	{"nets", "192.0.2.0/24 OK\n!2001:db8::/32 REJECT\n"},
	{"rules", "/^10\\.2\\./ OK\n/\\.dyn\\.example$/ REJECT\n!/./ OK\n"}, {0}};
static struct sim_file mail_files[] = {
	{"senders",
		"a@b.example OK\nb.example REJECT bad\nbob@ 554 no\n<> DUNNO\n@x.test OK\n"
		"c.example myclass\n"},
	{"more", "b.example OK\n"},
	{"rules",
		"/^list-(.*)@/ OK\n/@evil\\./ REJECT\n/^<>$/ REJECT\n/\\.ru$/ REJECT\n"
		"if /@in\\.example$/\n/^alice@/ OK\nendif\n!/@/ OK\n/^(.)\\1@/ OK\n"},
	{"helos", "/^[0-9.]+$/ REJECT\n/\\.dynamic\\./ REJECT\nname.example OK\n"},
	{"names", "name.example OK\nLOCALHOST REJECT\n.dot.example OK\n"},
	{"owners", "a@own.test alice, bob\n@own.test carol\n"}, {"certs", "AA:BB:CC laptop\n"},
	{"valias", "/^v@/ x\n"}, {0}};
static struct sim_file screen_files[] = {
	{"master.cf", "smtp inet n - n - 1 postscreen\nsmtpd pass - - n - - smtpd\n"},
	{"screen", "198.51.100.0/24 reject\n"}, {0}};

static struct distinct_case cases[] = {
	{{.name = "networks of mynetworks, with tables",
		 .main_cf = SIM_BASE "mynetworks = !10.9.0.0/16, 10.0.0.0/8 [2001:db8:1::]/48\n"
				     " cidr:{{192.0.2.0/24 OK}} 203.0.113.9 in.example\n",
		 .want = "address 10.9.0.0/16 [!10.9.0.0/16] (main.cf:8)\n"
			 "address 10.0.0.0/8 [10.0.0.0/8] (main.cf:8)\n"
			 "address 2001:db8:1::/48 [[2001:db8:1::]/48] (main.cf:8)\n"
			 "address 192.0.2.0/24 [192.0.2.0/24] (main.cf:9)\n"
			 "address 203.0.113.9/32 [203.0.113.9] (main.cf:9)\n"
			 "name in.example [in.example] in.example (main.cf:9)\n"
			 "name sub.in.example [.in.example] sub.in.example (main.cf:9)"},
		MP_ASPECT_ADDRESS | MP_ASPECT_NAME},
	{{.name = "keys of a client access table",
		 .main_cf = RECIPIENT("check_client_access hash:/etc/postfix/access"),
		 .files = access_files,
		 .want = "address 10.0.0.0/8 [10.0.0.0/8] (main.cf:5)\n"
			 "address 10.1.0.0/16 [10.1] (access:1)\n"
			 "address 192.0.2.7/32 [192.0.2.7] (access:2)\n"
			 "name example.net [example.net] example.net (access:3)\n"
			 "name sub.example.net [.example.net] sub.example.net (access:3)\n"
			 "address 2001:db8::/32 [2001:db8] (access:4)\n"
			 "address 2001:db8:0:1::1 [2001:db8:0:1] (access:5)\n"
			 "address 300::/16 [300] (access:7)\n"
			 "name unknown [unknown] unknown (access:9)"},
		MP_ASPECT_ADDRESS | MP_ASPECT_NAME},
	{{.name = "parents with a dot",
		 .main_cf = RECIPIENT(
			 "check_client_access hash:/etc/postfix/access") "parent_domain_matches_"
									 "subdomains =\n",
		 .files = access_files,
		 .want = "name example.net [example.net] example.net (access:3)\n"
			 "name sub.dot.test [.dot.test] sub.dot.test (access:6)\n"
			 "name unknown [unknown] unknown (access:9)"},
		MP_ASPECT_NAME},
	{{.name = "a cidr table, and a bare table in the client list",
		 .main_cf = SIM_BASE "smtpd_client_restrictions = cidr:/etc/postfix/nets\n",
		 .files = access_files,
		 .want = "address 10.0.0.0/8 [10.0.0.0/8] (main.cf:5)\n"
			 "address 192.0.2.0/24 [192.0.2.0/24] (nets:1)\n"
			 "address 2001:db8::/32 [!2001:db8::/32] (nets:2)"},
		MP_ASPECT_ADDRESS},
	{{.name = "patterns of clients",
		 .main_cf = SIM_BASE
		 "smtpd_client_restrictions = check_client_access regexp:/etc/postfix/rules\n",
		 .files = access_files,
		 .want = "address 10.0.0.0/8 [10.0.0.0/8] (main.cf:5)\n"
			 "address 10.2.1.1 [/^10\\.2\\./] (rules:1)\n"
			 "name host.dyn.example [/\\.dyn\\.example$/] host.dyn.example (rules:2)\n"
			 "address - [!/./] (rules:3)"},
		MP_ASPECT_ADDRESS | MP_ASPECT_NAME},
	{{.name = "the host's own addresses",
		 .main_cf = RECIPIENT("permit_inet_interfaces") "mynetworks =\n",
		 .want = "address 192.0.2.10/32 [192.0.2.10] (:0)\n"
			 "address 127.0.0.1/32 [127.0.0.1] (:0)\n"
			 "address ::1/128 [::1] (:0)"},
		MP_ASPECT_ADDRESS},
	{{.name = "postscreen before smtpd",
		 .main_cf = SIM_BASE "postscreen_access_list = permit_mynetworks,"
				     " cidr:/etc/postfix/screen\n",
		 .files = screen_files,
		 .want = "address 10.0.0.0/8 [10.0.0.0/8] (main.cf:5)\n"
			 "address 198.51.100.0/24 [198.51.100.0/24] (screen:1)"},
		MP_ASPECT_ADDRESS},
	{{.name = "keys of sender tables, alike by all tables",
		 .main_cf = RECIPIENT("check_sender_access hash:/etc/postfix/senders"
				      " check_sender_access hash:/etc/postfix/more"),
		 .files = mail_files,
		 .want = "sender  [<>] null; hash:/etc/postfix/senders DUNNO (:0)\n" LOCAL_SENDERS
			 "\n"
			 "sender a@b.example [a@b.example] hash:/etc/postfix/senders OK; "
			 "hash:/etc/postfix/more OK (senders:1)\n"
			 "sender someone@b.example [b.example] hash:/etc/postfix/senders REJECT; "
			 "hash:/etc/postfix/more OK (senders:2)\n"
			 "sender someone@sub.b.example [.b.example] hash:/etc/postfix/senders "
			 "REJECT; hash:/etc/postfix/more OK (senders:2)\n"
			 "sender bob@other.example [bob@] hash:/etc/postfix/senders 554 "
			 "(senders:3)\n"
			 "sender  [<>] null; hash:/etc/postfix/senders DUNNO (senders:4)\n"
			 "sender \"\"@x.test [@x.test] hash:/etc/postfix/senders OK (senders:5)\n"
			 "sender someone@c.example [c.example] hash:/etc/postfix/senders myclass "
			 "(senders:6)\n"
			 "sender someone@sub.c.example [.c.example] hash:/etc/postfix/senders "
			 "myclass (senders:6)\n"
			 "sender someone@b.example [b.example] hash:/etc/postfix/senders REJECT; "
			 "hash:/etc/postfix/more OK (more:1)\n"
			 "sender someone@sub.b.example [.b.example] hash:/etc/postfix/senders "
			 "REJECT; hash:/etc/postfix/more OK (more:1)"},
		MP_ASPECT_SENDER},
	{{.name = "patterns of senders",
		 .main_cf = SIM_BASE "smtpd_sender_restrictions = pcre:/etc/postfix/rules\n",
		 .files = mail_files,
		 .want = "sender  [<>] null; pcre:/etc/postfix/rules REJECT (:0)\n" LOCAL_SENDERS
			 "\n"
			 "sender list-@other.example [/^list-(.*)@/] pcre:/etc/postfix/rules OK "
			 "(rules:1)\n"
			 "sender someone@evil.example [/@evil\\./] pcre:/etc/postfix/rules "
			 "REJECT (rules:2)\n"
			 "sender  [/^<>$/] null; pcre:/etc/postfix/rules REJECT (rules:3)\n"
			 "sender someone@other.ru [/\\.ru$/] pcre:/etc/postfix/rules REJECT "
			 "(rules:4)\n"
			 "sender alice@in.example [/^alice@/] pcre:/etc/postfix/rules OK "
			 "(rules:6)\n"
			 "sender - [!/@/] (rules:8)\n"
			 "sender - [/^(.)\\1@/] (rules:9)"},
		MP_ASPECT_SENDER},
	{{.name = "a class in a table's value looks at HELO names",
		 .main_cf = RECIPIENT(
			 "check_sender_access hash:/etc/postfix/senders") "smtpd_restriction_"
									  "classes = myclass\n"
									  "myclass = "
									  "check_helo_access "
									  "pcre:/etc/postfix/"
									  "helos\n"
									  " check_helo_access "
									  "hash:/etc/postfix/names "
									  "permit_naked_ip_"
									  "address\n",
		 .files = mail_files,
		 .want = "helo 0 [/^[0-9.]+$/] invalid; pcre:/etc/postfix/helos REJECT (helos:1)\n"
			 "helo host.dynamic.example [/\\.dynamic\\./] pcre:/etc/postfix/helos "
			 "REJECT (helos:2)\n"
			 "helo name.example [name.example] hash:/etc/postfix/names OK (names:1)\n"
			 "helo sub.name.example [.name.example] hash:/etc/postfix/names OK "
			 "(names:1)\n"
			 "helo localhost [localhost] unqualified; hash:/etc/postfix/names REJECT "
			 "(names:2)\n"
			 "helo sub.localhost [.localhost] hash:/etc/postfix/names REJECT "
			 "(names:2)\n"
			 "helo .dot.example [.dot.example] invalid; hash:/etc/postfix/names OK "
			 "(names:3)\n"
			 "helo 192.0.2.1 [an address without brackets] address; "
			 "pcre:/etc/postfix/helos REJECT (main.cf:11)"},
		MP_ASPECT_HELO},
	{{.name = "logins, owners of senders, certificates",
		 .main_cf = RECIPIENT(
			 "check_sasl_access inline:{mallory=REJECT}"
			 " reject_sender_login_mismatch permit_tls_clientcerts"
			 " check_ccert_access inline:{AA:BB:CC=OK}") "smtpd_sasl_auth_enable = "
								     "yes\n"
								     "smtpd_sender_login_maps = "
								     "hash:/etc/postfix/owners\n"
								     "relay_clientcerts = "
								     "hash:/etc/postfix/certs\n",
		 .files = mail_files,
		 .want = "login mallory [mallory] inline:{mallory=REJECT} REJECT (main.cf:8)\n"
			 "certificate aa:bb:cc [aa:bb:cc] inline:{AA:BB:CC=OK} OK (main.cf:8)\n"
			 "login alice [alice] ; owner alice (owners:1)\n"
			 "login bob [bob] ; owner bob (owners:1)\n"
			 "login carol [carol] ; owner carol (owners:2)\n"
			 "certificate aa:bb:cc [aa:bb:cc] inline:{AA:BB:CC=OK} OK; "
			 "relay_clientcerts (certs:1)"},
		MP_ASPECT_LOGIN | MP_ASPECT_CERTIFICATE},
	{{.name = "literals whose address a table of exchangers holds",
		 .main_cf = RECIPIENT("check_sender_mx_access cidr:/etc/postfix/nets"
				      " check_helo_a_access hash:/etc/postfix/access"),
		 .files = access_files,
		 .want = "helo [10.1.0.0] [10.1] 10.1 1 (access:1)\n"
			 "helo [192.0.2.7] [192.0.2.7] 192.0.2.7 2 (access:2)\n"
			 "helo [IPv6:2001:db8::] [2001:db8] 2001:db8 3 (access:4)\n"
			 "helo [IPv6:300::] [300] 300 4 (access:7)\n"
			 "sender  [<>] null (:0)\n" LOCAL_SENDERS "\n"
			 "sender someone@[192.0.2.0] [192.0.2.0/24] 192.0.2.0/24 9 (nets:1)\n"
			 "sender someone@[IPv6:2001:db8::] [!2001:db8::/32] !2001:db8::/32 10 "
			 "(nets:2)"},
		MP_ASPECT_SENDER | MP_ASPECT_HELO},
	{{.name = "tables that are elsewhere hide nothing",
		 .main_cf = SIM_BASE
		 "virtual_mailbox_domains = tcp:127.0.0.1:10\n"
		 "virtual_alias_maps = tcp:127.0.0.1:11 regexp:/etc/postfix/valias\n",
		 .files = mail_files,
		 .want = "recipient someone@local.test [local.test] local; unlisted 550 "
			 "(main.cf:3)\n"
			 "recipient someone@relay.test [relay.test] relay (main.cf:4)\n"
			 "recipient someone@sub.relay.test [.relay.test] relay (main.cf:4)\n"
			 "recipient v@other.example [/^v@/]  (valias:1)"},
		MP_ASPECT_RECIPIENT},
	{{.name = "owners that are a part of the sender",
		 .main_cf = RECIPIENT(
			 "reject_sender_login_mismatch") "smtpd_sender_login_maps = "
							 "pcre:{{/^(.*)@own\\.test$$/ $$1}}\n",
		 .want = "login someone [someone] ; owner someone (main.cf:9)"},
		MP_ASPECT_LOGIN},
	{{.name = "senders that somebody owns",
		 .main_cf = RECIPIENT("reject_sender_login_mismatch") "smtpd_sender_login_maps = "
								      "hash:/etc/postfix/owners\n",
		 .files = mail_files,
		 .want = "sender  [<>] null (:0)\n" LOCAL_SENDERS "\n"
			 "sender a@own.test [a@own.test] owned by alice, bob (owners:1)\n"
			 "sender someone@own.test [@own.test] owned by carol (owners:2)"},
		MP_ASPECT_SENDER},
	{{.name = "recipients by lists, tables and transports",
		 .main_cf = SIM_BASE "virtual_alias_maps = inline:{v@alias.test=x, @all.test=y}\n"
				     "virtual_mailbox_domains = inline:{box.test=1}\n"
				     "virtual_mailbox_maps = inline:{b@box.test=1}\n"
				     "relay_recipient_maps = inline:{r@relay.test=1}\n"
				     "transport_maps = inline:{dead.test=error:gone}\n"
				     "local_recipient_maps = inline:{alice=1}\n",
		 .want = "recipient someone@local.test [local.test] local; unlisted 550 "
			 "(main.cf:3)\n"
			 "recipient someone@box.test [box.test] virtual mailbox; unlisted 550 "
			 "(main.cf:9)\n"
			 "recipient someone@relay.test [relay.test] relay; unlisted 550 "
			 "(main.cf:4)\n"
			 "recipient someone@sub.relay.test [.relay.test] relay; unlisted 550 "
			 "(main.cf:4)\n"
			 "recipient v@alias.test [v@alias.test]  (main.cf:8)\n"
			 "recipient someone@all.test [@all.test]  (main.cf:8)\n"
			 "recipient alice@local.test [alice] local (main.cf:13)\n"
			 "recipient b@box.test [b@box.test] virtual mailbox (main.cf:10)\n"
			 "recipient r@relay.test [r@relay.test] relay (main.cf:11)\n"
			 "recipient someone@dead.test [dead.test] unlisted 550 (main.cf:12)\n"
			 "recipient someone@sub.dead.test [.dead.test]  (main.cf:12)"},
		MP_ASPECT_RECIPIENT},
};

static void test_case(void **state)
{
	const struct distinct_case *c = *state;
	char *got = sim_distinctions(&c->sim, c->aspects);

	assert_string_equal(got, c->sim.want);
	free(got);
}

/* Of a table too large to be listed the rest is counted, and is like the others. */
static void test_large_table(void **state)
{
	enum { KEYS = 100000, LISTED = 1000 };
	char *text = malloc(KEYS * 32);
	size_t n = 0, lines = 1;
	(void)state;

	assert_non_null(text);
	for (int i = 0; i < KEYS; i++) {
		n += (size_t)snprintf(text + n, 32, "u%d@big.test REJECT %d\n", i, i);
	}
	struct sim_file files[] = {{"big", text}, {0}};
	struct sim_case c = {.main_cf = RECIPIENT("check_sender_access texthash:/etc/postfix/big"),
		.files = files};
	char *got = sim_distinctions(&c, MP_ASPECT_SENDER);
	for (const char *p = got; *p != '\0'; p++) {
		lines += *p == '\n';
	}
	/* The null sender and the three of the lists of domains, and what counts the rest. */
	assert_int_equal(lines, LISTED + 5);
	assert_non_null(strstr(got, "[(99000 more like these)] texthash:/etc/postfix/big REJECT"));
	free(got);
	free(text);
}

enum { CASES = sizeof cases / sizeof cases[0] };

int main(void)
{
	struct CMUnitTest tests[CASES + 1] = {{0}};

	for (size_t i = 0; i < CASES; i++) {
		tests[i] = (struct CMUnitTest){cases[i].sim.name, test_case, NULL, NULL, &cases[i]};
	}
	tests[CASES] = (struct CMUnitTest)cmocka_unit_test(test_large_table);
	return cmocka_run_group_tests_name("distinctions", tests, NULL, NULL);
}
