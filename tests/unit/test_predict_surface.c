/* test_predict_surface - exact surfaces of small configurations. */
#include "unit/surface_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define BASE                                                                                       \
	"compatibility_level = 3.6\n"                                                              \
	"myhostname = mail.example.org\n"                                                          \
	"mydestination = local.test\n"                                                             \
	"relay_domains =\n"                                                                        \
	"mynetworks = 10.0.0.0/8\n"                                                                \
	"alias_maps =\n"
#define CLOSED "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"
#define RELAY(items) "smtpd_relay_restrictions = " items "\n"
/* Recipient restrictions that let everything through, and that smtpd takes for safe. */
#define OPEN "smtpd_recipient_restrictions = check_sender_access static:OK, reject\n"
#define CERTIFICATE "smtpd_tls_cert_file = $config_directory/cert.pem\n"
#define CERTIFICATE_FILE                                                                           \
	{                                                                                          \
		"cert.pem", "-----BEGIN CERTIFICATE-----\n"                                        \
	}
#define NONE ((const struct sim_file *)0)
#define FILES(...) ((const struct sim_file[]){__VA_ARGS__, {NULL, NULL}})

static struct surface_case_text cases[] = {
	{"closed to all", BASE RELAY("reject_unauth_destination"), NONE, NULL, ""},
	{"a trusted network", BASE CLOSED, NONE, NULL,
		"10.0.0.0/8 -> anywhere (smtp) <- main.cf:7 permit_mynetworks\n"},
	{"a network with a hole and IPv6",
		BASE "mynetworks = !10.1.0.0/16, 10.0.0.0/8, [2001:db8:1::]/48\n" CLOSED, NONE,
		NULL,
		"10.0.0.0/16|10.2.0.0/15|10.4.0.0/14|10.8.0.0/13|10.16.0.0/12|10.32.0.0/"
		"11|10.64.0.0/10|10.128.0.0/9|2001:db8:1::/48 -> anywhere (smtp) <- main.cf:8 "
		"permit_mynetworks\n"},
	{"host bits", BASE "mynetworks = 192.0.2.0/28, 10.0.0.1/8, 198.51.100.0/24\n" CLOSED, NONE,
		NULL, "192.0.2.0/28 -> anywhere (smtp) <- main.cf:8 permit_mynetworks\n"},
	{"everybody's network", BASE "mynetworks = 0.0.0.0/0\n" CLOSED, NONE, NULL,
		"0.0.0.0/0 -> anywhere (smtp) <- main.cf:8 permit_mynetworks\n"},
	{"permit", BASE RELAY("permit") OPEN, NONE, NULL,
		"anyone -> anywhere (smtp) <- main.cf:7 permit\n"},
	{"an empty list",
		BASE "smtpd_relay_restrictions =\n"
		     "smtpd_recipient_restrictions = reject_rbl_client reject\n",
		NONE, NULL,
		"anyone -> anywhere (smtp) <- main.cf:7 smtpd_relay_restrictions = \n"
		"  if dns.list {client.address} reject = none\n"},
	{"warn_if_reject", BASE RELAY("warn_if_reject reject_unauth_destination") OPEN, NONE, NULL,
		"anyone -> anywhere (smtp) <- main.cf:8 check_sender_access static:OK\n"},
	{"a sender OK",
		BASE RELAY("permit_mynetworks, check_sender_access inline:{{boss@example.net=OK}, "
			   "{friend.test=OK}, {enemy.test=REJECT}}, reject_unauth_destination"),
		NONE, NULL,
		"sender=boss@example.net|friend.test|.friend.test -> anywhere forgeable (smtp) <- "
		"main.cf:7 check_sender_access inline:{{boss@example.net=OK}, {friend.test=OK}, "
		"{enemy.test=REJECT}}\n"
		"10.0.0.0/8 -> anywhere (smtp) <- main.cf:7 permit_mynetworks\n"},
	{"digits only",
		BASE RELAY(
			"check_sender_access inline:{{old.test=554}}, reject_unauth_destination"),
		NONE, NULL,
		"sender=old.test|.old.test -> anywhere forgeable (smtp) <- main.cf:7 "
		"check_sender_access inline:{{old.test=554}}\n"},
	{"a HELO OK",
		BASE RELAY(
			"check_helo_access inline:{{friend.test=OK}}, reject_unauth_destination"),
		NONE, NULL,
		"helo=friend.test|.friend.test -> anywhere forgeable (smtp) <- main.cf:7 "
		"check_helo_access inline:{{friend.test=OK}}\n"},
	{"a client's address OK",
		BASE RELAY("check_client_access inline:{{192.168.1=OK}, {192.168.1.7=REJECT}}, "
			   "reject_unauth_destination"),
		NONE, NULL,
		"192.168.1.0/30|192.168.1.4/31|192.168.1.6/32|192.168.1.8/29|192.168.1.16/"
		"28|192.168.1.32/27|192.168.1.64/26|192.168.1.128/25 -> anywhere (smtp) <- "
		"main.cf:7 check_client_access inline:{{192.168.1=OK}, {192.168.1.7=REJECT}}\n"},
	{"a client's name OK",
		BASE RELAY(
			"check_client_access inline:{{friend.test=OK}}, reject_unauth_destination"),
		NONE, NULL,
		"name=friend.test|.friend.test -> anywhere (smtp) <- main.cf:7 check_client_access "
		"inline:{{friend.test=OK}}\n"},
	{"a cidr table",
		BASE RELAY("check_client_access cidr:$config_directory/clients, "
			   "reject_unauth_destination"),
		FILES({"clients",
			"198.51.100.0/25 REJECT\n198.51.100.0/24 OK\n2001:db8:7::/64 OK\n"}),
		NULL,
		"198.51.100.128/25|2001:db8:7::/64 -> anywhere (smtp) <- main.cf:7 "
		"check_client_access cidr:/etc/postfix/clients\n"},
	{"a recipient OK",
		BASE RELAY("check_recipient_access inline:{{partner.test=OK}, {postmaster@=OK}}, "
			   "reject_unauth_destination"),
		NONE, NULL,
		"anyone -> partner.test (smtp) <- main.cf:7 check_recipient_access "
		"inline:{{partner.test=OK}, {postmaster@=OK}}\n"
		"anyone -> .partner.test (smtp) <- main.cf:7 check_recipient_access "
		"inline:{{partner.test=OK}, {postmaster@=OK}}\n"
		"anyone -> postmaster@ (smtp) <- main.cf:7 check_recipient_access "
		"inline:{{partner.test=OK}, {postmaster@=OK}}\n"},
	{"a backup exchanger", BASE RELAY("permit_mx_backup, reject_unauth_destination"), NONE,
		NULL,
		"anyone -> domains that name this host as a backup exchanger (smtp) <- main.cf:7 "
		"permit_mx_backup\n"},
	{"a backup exchanger of some networks",
		BASE "permit_mx_backup_networks = 10.1.0.0/16\n" RELAY(
			"permit_mx_backup, reject_unauth_destination"),
		NONE, NULL,
		"anyone -> domains that name this host as a backup exchanger (smtp) <- main.cf:8 "
		"permit_mx_backup\n"},
	{"a backup exchanger behind the check",
		BASE RELAY("reject_unauth_destination, permit_mx_backup"), NONE, NULL, ""},
	{"a relay domain", BASE "relay_domains = relay.test\n" CLOSED, NONE, NULL,
		"anyone -> relay.test intended (smtp) <- main.cf:7 relay.test\n"
		"anyone -> .relay.test intended (smtp) <- main.cf:7 relay.test\n"
		"10.0.0.0/8 -> anywhere (smtp) <- main.cf:8 permit_mynetworks\n"},
	{"a reply code without text, and one with it",
		BASE RELAY("check_client_access cidr:{{203.0.113.0/24 554}, {198.51.100.0/24 554 "
			   "no}}, "
			   "reject_unauth_destination"),
		NONE, NULL,
		"203.0.113.0/24 -> anywhere (smtp) <- main.cf:7 check_client_access "
		"cidr:{{203.0.113.0/24 554}, {198.51.100.0/24 554 no}}\n"},
	{"relay domains on two lines",
		BASE
		"relay_domains = a.test,\n b.test\nparent_domain_matches_subdomains =\n" CLOSED,
		NONE, NULL,
		"anyone -> a.test intended (smtp) <- main.cf:7 a.test\n"
		"anyone -> b.test intended (smtp) <- main.cf:8 b.test\n"
		"10.0.0.0/8 -> anywhere (smtp) <- main.cf:10 permit_mynetworks\n"},
	{"relay domains: static", BASE "relay_domains = static:all\n" CLOSED, NONE, NULL,
		"anyone -> anywhere (smtp) <- main.cf:7 static:all\n"},
	{"relay domains: a pattern",
		BASE "relay_domains = regexp:{{/^mx[0-9]+\\.relay\\.test$$/ yes}}\n" CLOSED, NONE,
		NULL,
		"anyone -> /^mx[0-9]+\\.relay\\.test$/ intended (smtp) <- main.cf:7 "
		"regexp:{{/^mx[0-9]+\\.relay\\.test$/ yes}}\n"
		"10.0.0.0/8 -> anywhere (smtp) <- main.cf:8 permit_mynetworks\n"},
	{"a restriction class",
		BASE "smtpd_restriction_classes = insiders\ninsiders = check_sender_access "
		     "inline:{{inside.test=OK}}\n" RELAY(
			     "check_helo_access inline:{{friend.test=insiders}}, "
			     "reject_unauth_destination"),
		NONE, NULL,
		"sender=inside.test|.inside.test helo=friend.test|.friend.test -> anywhere "
		"forgeable (smtp) <- main.cf:8 check_sender_access inline:{{inside.test=OK}}\n"},
	{"a login",
		BASE "smtpd_sasl_auth_enable = yes\nsmtpd_sasl_type = dovecot\nsmtpd_sasl_path = "
		     "private/auth\n" RELAY("permit_sasl_authenticated, reject_unauth_destination"),
		NONE, NULL,
		"login=any -> anywhere (smtp) <- main.cf:10 permit_sasl_authenticated\n"},
	{"a login that owns the sender",
		BASE "smtpd_sasl_auth_enable = yes\nsmtpd_sender_login_maps = "
		     "inline:{{alice@local.test=alice}}\nsmtpd_sender_restrictions = "
		     "reject_sender_login_mismatch\n" RELAY(
			     "permit_sasl_authenticated, reject_unauth_destination"),
		NONE, NULL,
		"sender=<> login=any -> anywhere forgeable (smtp) <- main.cf:10 "
		"permit_sasl_authenticated\n"
		"sender=alice@local.test login=alice -> anywhere forgeable (smtp) <- main.cf:10 "
		"permit_sasl_authenticated\n"},
	{"a login under TLS",
		BASE
		"smtpd_sasl_auth_enable = yes\nsmtpd_tls_security_level = may\nsmtpd_tls_auth_only "
		"= yes\n" CERTIFICATE RELAY("permit_sasl_authenticated, reject_unauth_destination"),
		FILES(CERTIFICATE_FILE), NULL,
		"login=any tls -> anywhere (smtp) <- main.cf:11 permit_sasl_authenticated\n"},
	{"certificates",
		BASE "smtpd_tls_security_level = may\nsmtpd_tls_ask_ccert = yes\n" CERTIFICATE
		     "relay_clientcerts = "
		     "inline:{{AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99=host}}\n" RELAY(
			     "permit_tls_clientcerts, reject_unauth_destination"),
		FILES(CERTIFICATE_FILE), NULL,
		"certificate=aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99 tls -> anywhere "
		"(smtp) <- main.cf:11 permit_tls_clientcerts\n"},
	{"all verified certificates",
		BASE
		"smtpd_tls_security_level = may\nsmtpd_tls_ask_ccert = yes\n" CERTIFICATE RELAY(
			"permit_tls_all_clientcerts, reject_unauth_destination"),
		FILES(CERTIFICATE_FILE), NULL,
		"certificate=any verified tls -> anywhere (smtp) <- main.cf:10 "
		"permit_tls_all_clientcerts\n"},
	{"only under TLS",
		BASE "smtpd_tls_security_level = encrypt\n" CERTIFICATE RELAY("permit") OPEN,
		FILES(CERTIFICATE_FILE), NULL,
		"tls anyone -> anywhere (smtp) <- main.cf:9 permit\n"},
	{"overrides of one listener", BASE CLOSED,
		FILES({"master.cf",
			"smtp inet n - n - - smtpd\n2525 inet n - n - - smtpd\n  -o "
			"smtpd_relay_restrictions=permit -o "
			"smtpd_recipient_restrictions=check_sender_access,static:OK,reject\n127.0."
			"0.1:10025 inet n - n - - smtpd\n  -o "
			"smtpd_relay_restrictions=permit_mynetworks,reject -o "
			"mynetworks=127.0.0.0/8\n"}),
		NULL,
		"anyone -> anywhere (2525) <- master.cf:3 permit\n"
		"10.0.0.0/8 -> anywhere (smtp) <- main.cf:7 permit_mynetworks\n"
		"127.0.0.0/8 -> anywhere (127.0.0.1:10025) <- master.cf:5 permit_mynetworks\n"},
	{"DISCARD",
		BASE RELAY("check_sender_access inline:{{spam.test=DISCARD}}, "
			   "reject_unauth_destination"),
		NONE, NULL,
		"sender=spam.test|.spam.test -> anywhere forgeable discarded (smtp) <- main.cf:7 "
		"check_sender_access inline:{{spam.test=DISCARD}}\n"},
	{"a recipient of the server's own is no opening",
		BASE "smtpd_recipient_restrictions = check_recipient_access "
		     "inline:{{trap@local.test=DISCARD}}\n" CLOSED,
		NONE, NULL, "10.0.0.0/8 -> anywhere (smtp) <- main.cf:8 permit_mynetworks\n"},
	{"a policy server",
		BASE RELAY("check_policy_service inet:127.0.0.1:10023, reject_unauth_destination"),
		NONE, NULL,
		"anyone -> anywhere (smtp) <- main.cf:7 check_policy_service inet:127.0.0.1:10023\n"
		"  if policy.reply inet:127.0.0.1:10023 = permit\n"},
	{"a verified name is wanted", BASE RELAY("reject_unknown_client_hostname, permit") OPEN,
		NONE, NULL, "name=any verified name -> anywhere (smtp) <- main.cf:7 permit\n"},
	{"a reverse name is wanted",
		BASE RELAY("reject_unknown_reverse_client_hostname, permit") OPEN, NONE, NULL,
		"name=any name -> anywhere forgeable (smtp) <- main.cf:7 permit\n"},
	{"a block list in front", BASE RELAY("reject_rbl_client bl.example.net, permit") OPEN, NONE,
		NULL,
		"anyone -> anywhere (smtp) <- main.cf:7 permit\n"
		"  if dns.list {client.address} bl.example.net = none\n"},
	{"untrusted routing",
		BASE "allow_untrusted_routing = yes\nrelay_domains = relay.test\n" CLOSED, NONE,
		NULL,
		"anyone -> anywhere as user%domain@relay.test (smtp) <- main.cf:7 "
		"allow_untrusted_routing = yes\n"
		"anyone -> anywhere as domain!user@relay.test (smtp) <- main.cf:7 "
		"allow_untrusted_routing = yes\n"
		"anyone -> anywhere as user@domain@relay.test (smtp) <- main.cf:7 "
		"allow_untrusted_routing = yes\n"
		"anyone -> anywhere as \"user@domain\"@relay.test (smtp) <- main.cf:7 "
		"allow_untrusted_routing = yes\n"
		"anyone -> relay.test intended (smtp) <- main.cf:8 relay.test\n"
		"anyone -> .relay.test intended (smtp) <- main.cf:8 relay.test\n"
		"10.0.0.0/8 -> anywhere (smtp) <- main.cf:9 permit_mynetworks\n"},
	{"a table that is elsewhere",
		BASE RELAY("check_sender_access ldap:ldapsenders, reject_unauth_destination"), NONE,
		NULL,
		"sender=(listed in ldap:ldapsenders) -> anywhere forgeable (smtp) <- main.cf:7 "
		"check_sender_access ldap:ldapsenders\n"},
	{"address patterns",
		BASE RELAY("check_client_access regexp:{{/^192\\.168\\.[0-9]+\\.1$$/ OK}}, "
			   "reject_unauth_destination"),
		NONE, NULL,
		"address=/^192\\.168\\.[0-9]+\\.1$/ -> anywhere (smtp) <- main.cf:7 "
		"check_client_access regexp:{{/^192\\.168\\.[0-9]+\\.1$/ OK}}\n"},
	{"data restrictions refuse",
		BASE "smtpd_data_restrictions = reject_unauth_pipelining, check_sender_access "
		     "inline:{{friend.test=OK}}, reject\n" RELAY("permit") OPEN,
		NONE, NULL,
		"sender=friend.test|.friend.test -> anywhere forgeable (smtp) <- main.cf:8 "
		"permit\n"},
	{"a conjunction of three",
		BASE
		"smtpd_restriction_classes = one, two\none = check_sender_access "
		"inline:{{boss.test=two}}\ntwo = check_recipient_access "
		"inline:{{partner.test=OK}}\n" RELAY(
			"check_client_access inline:{{192.0.2.77=one}}, reject_unauth_destination"),
		NONE, NULL,
		"192.0.2.77/32 sender=boss.test|.boss.test -> partner.test forgeable (smtp) <- "
		"main.cf:9 check_recipient_access inline:{{partner.test=OK}}\n"
		"192.0.2.77/32 sender=boss.test|.boss.test -> .partner.test forgeable (smtp) <- "
		"main.cf:9 check_recipient_access inline:{{partner.test=OK}}\n"},
};

static void test_surface(void **state)
{
	const struct surface_case_text *c = *state;
	struct sim_file files[8] = {{"master.cf", SURFACE_MASTER}};
	size_t n = 1;
	struct mp_arena arena = {0};

	for (const struct sim_file *f = c->files; f != NULL && f->name != NULL; f++) {
		if (strcmp(f->name, "master.cf") == 0) {
			files[0] = *f;
		} else {
			files[n++] = *f;
		}
	}
	struct sim_case sim_case = {.main_cf = c->main_cf,
		.files = files,
		.facts = c->facts != NULL ? c->facts : SURFACE_FACTS};
	struct sim *sim = sim_start(&sim_case);
	struct mp_surface surface = surface_of(sim, &arena);
	const char *text = surface_text(&surface, &arena);
	if (getenv("SHOW") != NULL) {
		print_message("%s", text);
	}
	assert_string_equal(text, c->want);
	sim_stop(sim);
	mp_arena_release(&arena);
}

int main(void)
{
	enum { COUNT = sizeof cases / sizeof cases[0] };
	struct CMUnitTest tests[COUNT];

	for (size_t i = 0; i < COUNT; i++) {
		tests[i] = (struct CMUnitTest){.name = cases[i].name,
			.test_func = test_surface,
			.initial_state = &cases[i]};
	}
	return cmocka_run_group_tests_name("surface", tests, NULL, NULL);
}
