/*
 * test_postfix_aspects - properties of random configurations: another value of what no answer was
 * looked up by changes no answer, and values that are said to be alike are answered alike.
 */
#include "base/buf.h"
#include "server/server.h"
#include "unit/postfix_sim.h"
#include "world/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CONFIGURATIONS = 400, DIALOGUES = 6 };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char facts[] =
	"{\"hostname\": \"mail.example.org\", \"version\": \"3.7.11\","
	" \"addresses\": [\"192.0.2.10/24\", \"127.0.0.1/8\", \"::1/128\"],"
	" \"local_users\": [\"alice\", \"bob\"], \"dns_complete\": true,"
	" \"config_complete\": true, \"distribution\": \"debian\","
	" \"answers\": {\"tls.usable /cert\": \"found\"},"
	" \"sasl\": {\"mechanisms\": [\"PLAIN\", \"LOGIN\"],"
	" \"users\": {\"bob\": \"secret\", \"carol\": \"secret\", \"dave\": \"secret\"}}}";

static struct sim_file files[] = {
	{"access",
		"10.1 OK\n192.0.2.7 REJECT\n192.0.2 DUNNO\n2001:db8:1 OK\n"
		"198.51.100 myclass\n"},
	{"nets",
		"192.0.2.64/26 OK\n!10.0.0.0/8 DUNNO\n10.9.0.0/16 REJECT\n"
		"if 2001:db8::/32\n2001:db8::5 OK\nendif\n"},
	{"crules", "/^203\\.0\\./ DUNNO\n/^198\\.51\\.100\\.9$/ REJECT\n"},
	{"helos", "name.example OK\nother.test REJECT\n192.0.2.1 myclass\n"},
	{"hrules", "/\\.dynamic\\./ REJECT\n!/\\./ DUNNO\n"},
	{"senders",
		"a@b.example OK\nb.example REJECT no\nbob@ 554 never\n<> DUNNO\n"
		"sub.b.example DISCARD\nc.example myclass\nlocal.test 454 later\n"},
	{"srules", "/^list-/ OK\n/@evil\\.test$/ REJECT\n/^<>$/ REJECT\n"},
	{"recipients", "y@blocked.test REJECT\nrelay.test OK\nabuse@ OK\n"},
	{"logins", "bob OK\ncarol REJECT\n"}, {"certs", "AA:BB OK\n"},
	{"owners", "owner@own.test bob\n@b.example carol, bob\n"}, {0}};

#define ETC ":/etc/postfix/"
static const char *const menu[] = {"permit_mynetworks", "permit_sasl_authenticated",
	"permit_tls_clientcerts", "permit_tls_all_clientcerts", "reject_unauth_destination",
	"defer_unauth_destination", "permit_auth_destination", "reject", "defer_if_permit",
	"defer_if_reject", "warn_if_reject reject_non_fqdn_sender",
	"check_client_access hash" ETC "access", "check_client_access cidr" ETC "nets",
	"check_client_access regexp" ETC "crules",
	"check_reverse_client_hostname_access hash" ETC "access",
	"check_helo_access hash" ETC "helos", "check_helo_access pcre" ETC "hrules",
	"check_sender_access hash" ETC "senders", "check_sender_access pcre" ETC "srules",
	"check_recipient_access hash" ETC "recipients", "check_sasl_access hash" ETC "logins",
	"check_ccert_access hash" ETC "certs", "reject_sender_login_mismatch",
	"reject_known_sender_login_mismatch", "reject_authenticated_sender_login_mismatch",
	"reject_non_fqdn_sender", "reject_non_fqdn_recipient", "reject_invalid_helo_hostname",
	"reject_non_fqdn_helo_hostname", "reject_unknown_helo_hostname", "permit_naked_ip_address",
	"reject_plaintext_session", "reject_unlisted_sender", "reject_unlisted_recipient",
	"reject_multi_recipient_bounce", "myclass", "yourclass", "reject_unknown_client_hostname",
	"reject_rbl_client bl.test", "permit_inet_interfaces", "reject_unknown_sender_domain",
	"reject_unknown_recipient_domain", "check_policy_service inet:127.0.0.1:10023",
	"check_client_access static:DUNNO", "permit_mx_backup", "reject_unverified_sender",
	"permit"};

static const char *const settings[] = {"smtpd_delay_reject = no\n",
	"smtpd_reject_unlisted_sender = yes\n", "smtpd_reject_unlisted_recipient = no\n",
	"smtpd_sasl_auth_enable = yes\n", "smtpd_sasl_auth_enable = yes\n",
	"smtpd_tls_auth_only = yes\n", "smtpd_helo_required = yes\n",
	"parent_domain_matches_subdomains =\n", "allow_untrusted_routing = yes\n",
	"smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /cert\n",
	"smtpd_tls_security_level = may\nsmtpd_tls_cert_file = /cert\nsmtpd_tls_ask_ccert = yes\n",
	"smtpd_tls_security_level = encrypt\nsmtpd_tls_cert_file = /cert\n",
	"smtpd_sender_login_maps = hash" ETC "owners\n", "relay_clientcerts = hash" ETC "certs\n",
	"mynetworks = 10.0.0.0/8, !10.9.0.0/16\n", "mynetworks =\n",
	"smtpd_sasl_exceptions_networks = 192.0.2.0/25\n",
	"sender_dependent_default_transport_maps = inline:{ a@b.example=error:gone }\n",
	"transport_maps = inline:{ evil.test=error:gone }\n",
	"virtual_alias_maps = inline:{ v@local.test=x@remote.test }\n",
	"relay_recipient_maps = inline:{ x@relay.test=1 }\n",
	"smtpd_client_restrictions = hash" ETC "access\n",
	"smtpd_discard_ehlo_keyword_address_maps = cidr" ETC "nets\n",
	"smtpd_client_message_rate_limit = 1\n", "smtpd_peername_lookup = yes\n"};

static uint32_t seed;

/* A number below n. */
static unsigned any(unsigned n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

static void put_list(struct mp_buf *out, const char *parameter, unsigned most, const char *last)
{
	mp_buf_printf(out, "%s =", parameter);
	for (unsigned n = any(most + 1); n > 0; n--) {
		mp_buf_printf(out, " %s,", menu[any(COUNT(menu))]);
	}
	mp_buf_printf(out, " %s\n", last);
}

static char *random_configuration(void)
{
	struct mp_buf out;

	mp_buf_init(&out, 64 * 1024);
	mp_buf_puts(&out, SIM_BASE "smtpd_restriction_classes = myclass yourclass\n");
	put_list(&out, "myclass", 3, "check_sender_access hash" ETC "senders");
	put_list(&out, "yourclass", 2, "check_helo_access hash" ETC "helos");
	put_list(&out, "smtpd_client_restrictions", 2, "");
	put_list(&out, "smtpd_helo_restrictions", 2, "");
	put_list(&out, "smtpd_sender_restrictions", 3, "");
	put_list(&out, "smtpd_recipient_restrictions", 4, "");
	/* Without a refusal at the end of one of them smtpd does not start. */
	mp_buf_printf(&out, "smtpd_relay_restrictions = %s, %s, reject_unauth_destination\n",
		menu[any(COUNT(menu) - 1)], menu[any(COUNT(menu) - 1)]);
	put_list(&out, "smtpd_data_restrictions", 2, "");
	for (unsigned n = any(6); n > 0; n--) {
		mp_buf_puts(&out, settings[any(COUNT(settings))]);
	}
	char *text = mp_buf_detach(&out);
	mp_buf_release(&out);
	return text;
}

/* ---- dialogues ---- */

/* What a client says, by aspect. */
struct client {
	const char *address, *helo, *sender, *recipient;
	const char *login; /* NULL: none */
	const char *certificate; /* NULL: none */
	bool tls;
};

static const char *const addresses[] = {"10.1.2.3", "10.9.0.1", "10.200.0.1", "192.0.2.7",
	"192.0.2.77", "192.0.2.200", "203.0.113.5", "198.51.100.9", "2001:db8::5", "2001:db8:1::9",
	"2001:db9::1", "192.0.2.10"};
static const char *const helos[] = {"c.example", "name.example", "sub.name.example", "192.0.2.1",
	"[192.0.2.1]", "unqualified", "x.dynamic.test", "other.test", "not..valid"};
static const char *const senders[] = {"", "a@b.example", "x@b.example", "x@sub.b.example",
	"bob@foreign.test", "list-q@foreign.test", "s@sender.test", "someone", "s@local.test",
	"s@relay.test", "owner@own.test", "s@evil.test", "s@c.example", "alice@local.test",
	"s@[198.51.100.7]"};
static const char *const recipients[] = {"alice@local.test", "nobody@local.test", "x@relay.test",
	"q@sub.relay.test", "x@remote.test", "y@blocked.test", "abuse@remote.test",
	"x%remote.test@local.test", "bob", "s@evil.test", "v@local.test"};
static const char *const logins[] = {NULL, "bob", "carol", "dave"};
static const char *const certificates[] = {NULL, "AA:BB", "CC:DD"};

static struct client random_client(void)
{
	return (struct client){.address = addresses[any(COUNT(addresses))],
		.helo = helos[any(COUNT(helos))],
		.sender = senders[any(COUNT(senders))],
		.recipient = recipients[any(COUNT(recipients))],
		.login = logins[any(COUNT(logins))],
		.certificate = certificates[any(COUNT(certificates))],
		.tls = any(2) == 0};
}

/* One value of another client's. */
static struct client exchange(struct client c, unsigned aspect, const struct client *other)
{
	switch (aspect) {
	case MP_ASPECT_ADDRESS:
		c.address = other->address;
		break;
	case MP_ASPECT_HELO:
		c.helo = other->helo;
		break;
	case MP_ASPECT_SENDER:
		c.sender = other->sender;
		break;
	case MP_ASPECT_RECIPIENT:
		c.recipient = other->recipient;
		break;
	case MP_ASPECT_LOGIN:
		c.login = other->login;
		break;
	case MP_ASPECT_CERTIFICATE:
		c.certificate = other->certificate;
		break;
	case MP_ASPECT_TLS:
		c.tls = other->tls;
		break;
	default:
		break;
	}
	return c;
}

struct playing {
	const struct mp_server *server;
	const struct client *client;
	struct mp_buf codes; /* of this world */
	struct mp_buf all; /* of all worlds */
	unsigned consulted;
	struct mp_sim_session *session;
};

static void put_reply(struct playing *p, const struct mp_sim_reply *r)
{
	mp_buf_printf(&p->codes, "%d.%u.%s.%d ", (int)r->kind, r->code,
		r->kind == MP_SIM_ANY ? r->any : "", (int)r->taken);
}

/* Says a line; counts: its reply is among those compared. */
static unsigned say(struct playing *p, struct mp_arena *arena, bool counts, const char *line)
{
	struct mp_slice slice = mp_slice_str(line);
	struct mp_sim_reply reply;

	(void)arena;
	p->server->ops->say(p->session, &slice, 1, &reply);
	if (counts) {
		put_reply(p, &reply);
	}
	return reply.code;
}

static void say_login(struct playing *p, struct mp_arena *arena)
{
	static const char *const plain[][2] = {{"bob", "AGJvYgBzZWNyZXQ="},
		{"carol", "AGNhcm9sAHNlY3JldA=="}, {"dave", "AGRhdmUAc2VjcmV0"}};

	for (size_t i = 0; p->client->login != NULL && i < COUNT(plain); i++) {
		if (strcmp(plain[i][0], p->client->login) == 0) {
			say(p, arena, false, mp_arena_printf(arena, "AUTH PLAIN %s", plain[i][1]));
		}
	}
}

static void *play(void *context, struct mp_world *world, struct mp_arena *keep)
{
	struct playing *p = context;
	const struct client *c = p->client;
	struct mp_arena *arena = mp_world_arena(world);
	struct mp_connect connect = {0};
	struct mp_client_certificate certificate = {.subject = "CN=c",
		.issuer = "CN=ca",
		.fingerprint = c->certificate,
		.verified = true};
	struct mp_sim_reply greeting;
	(void)keep;

	mp_buf_reset(&p->codes);
	mp_ip_parse(mp_slice_str(c->address), &connect.client);
	connect.certificate = c->certificate != NULL ? &certificate : NULL;
	p->session = p->server->ops->open(p->server, world, arena, &connect, &greeting);
	put_reply(p, &greeting);
	if (p->session != NULL) {
		const char *ehlo = mp_arena_printf(arena, "EHLO %s", c->helo);
		if (c->tls && say(p, arena, false, "STARTTLS") == 220) {
			ehlo = mp_arena_printf(arena, "EHLO %s", c->helo);
		}
		say(p, arena, true, ehlo);
		say_login(p, arena);
		say(p, arena, true, mp_arena_printf(arena, "MAIL FROM:<%s>", c->sender));
		say(p, arena, true, mp_arena_printf(arena, "RCPT TO:<%s>", c->recipient));
		say(p, arena, true, "RCPT TO:<alice@local.test>");
		say(p, arena, true, "DATA");
		p->consulted |= p->server->ops->consulted(p->session);
	} else {
		p->consulted = MP_ASPECT_ALL;
	}
	mp_buf_printf(&p->all, "%s| ", p->codes.p);
	return p;
}

static bool never_equal(const void *a, const void *b)
{
	(void)a, (void)b;
	return true;
}

/* The codes in all worlds; on the heap. */
static char *codes_of(const struct sim *sim, const struct client *client, unsigned *consulted)
{
	const struct mp_explore_ops ops = {.play = play, .equal = never_equal};
	struct playing p = {.server = sim_server(sim), .client = client};
	struct mp_arena keep = {0};

	mp_buf_init(&p.codes, 4096);
	mp_buf_init(&p.all, 1024 * 1024);
	mp_explore(sim_facts(sim), &ops, &p, &keep);
	char *text = mp_buf_detach(&p.all);
	*consulted = p.consulted;
	mp_buf_release(&p.all);
	mp_buf_release(&p.codes);
	mp_arena_release(&keep);
	return text;
}

static void show(const char *main_cf, const struct client *a, const struct client *b)
{
	const struct client *both[] = {a, b};

	print_message("%s", main_cf);
	for (size_t i = 0; i < 2; i++) {
		const struct client *c = both[i];
		print_message("client %s helo %s from <%s> to <%s> login %s certificate %s%s\n",
			c->address, c->helo, c->sender, c->recipient,
			c->login != NULL ? c->login : "-",
			c->certificate != NULL ? c->certificate : "-", c->tls ? " tls" : "");
	}
}

static void same_answers(
	const struct sim *sim, const char *main_cf, const struct client *a, const struct client *b)
{
	unsigned ignored;
	char *first = codes_of(sim, a, &ignored), *second = codes_of(sim, b, &ignored);

	if (strcmp(first, second) != 0) {
		show(main_cf, a, b);
	}
	assert_string_equal(first, second);
	free(first);
	free(second);
}

/* ---- the properties ---- */

static unsigned count_differing;

static void check_consulted(const struct sim *sim, const char *main_cf)
{
	for (unsigned i = 0; i < DIALOGUES; i++) {
		struct client client = random_client(), other = random_client();
		unsigned consulted;
		free(codes_of(sim, &client, &consulted));
		for (unsigned aspect = 1; aspect < MP_ASPECT_ALL; aspect <<= 1) {
			if ((consulted & aspect) == 0) {
				struct client changed = exchange(client, aspect, &other);
				same_answers(sim, main_cf, &client, &changed);
				count_differing++;
			}
		}
	}
}

struct listing {
	const struct mp_server *server;
	const struct mp_distinction *v;
	size_t n;
};

static void *list(void *context, struct mp_world *world, struct mp_arena *keep)
{
	struct listing *l = context;

	l->n = l->server->ops->distinctions(l->server, world, keep, NULL, &l->v);
	return l;
}

/* A client that is, or says, the example. */
static struct client example_client(struct client c, const struct mp_distinction *d)
{
	struct client other = c;

	other.address = other.helo = other.sender = other.recipient = other.login =
		other.certificate = d->example;
	return exchange(c, d->aspect, &other);
}

static void check_alike(const struct sim *sim, const char *main_cf, const struct listing *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct mp_distinction *a = &l->v[i];
		if (a->aspect == MP_ASPECT_ADDRESS || a->aspect == MP_ASPECT_LOGIN ||
			a->aspect == MP_ASPECT_NAME || a->example == NULL) {
			continue;
		}
		for (size_t j = i + 1; j < l->n; j++) {
			const struct mp_distinction *b = &l->v[j];
			if (b->aspect == a->aspect && b->example != NULL &&
				strcmp(a->like, b->like) == 0 &&
				strcmp(a->example, b->example) != 0) {
				struct client client = random_client();
				struct client first = example_client(client, a);
				struct client second = example_client(client, b);
				same_answers(sim, main_cf, &first, &second);
				break;
			}
		}
	}
}

/* Values that no table names. */
static void check_others(const struct sim *sim, const char *main_cf)
{
	struct client a = random_client(), b = a;

	a.helo = "one.fresh-a.example";
	b.helo = "other.fresh-b.test";
	same_answers(sim, main_cf, &a, &b);
	a.sender = "one@fresh-a.example";
	b.sender = "other@sub.fresh-b.test";
	same_answers(sim, main_cf, &a, &b);
	a.recipient = "one@fresh-c.example";
	b.recipient = "other@sub.fresh-d.test";
	same_answers(sim, main_cf, &a, &b);
}

static struct mp_ip random_ip(void)
{
	static const uint8_t starts[][3] = {
		{10, 1, 0}, {10, 9, 0}, {192, 0, 2}, {198, 51, 100}, {203, 0, 113}};
	struct mp_ip ip = {.family = 4};

	memcpy(ip.b, starts[any(COUNT(starts))], 3);
	ip.b[1] = any(8) == 0 ? (uint8_t)any(256) : ip.b[1];
	ip.b[3] = (uint8_t)any(256);
	return ip;
}

static bool same_cell(const struct listing *l, const struct mp_ip *a, const struct mp_ip *b)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct mp_distinction *d = &l->v[i];
		if (d->aspect == MP_ASPECT_ADDRESS && d->net.ip.family == 0) {
			return false;
		}
		if (d->aspect == MP_ASPECT_ADDRESS &&
			mp_cidr_contains(&d->net, a) != mp_cidr_contains(&d->net, b)) {
			return false;
		}
	}
	return true;
}

static void check_addresses(const struct sim *sim, const char *main_cf, const struct listing *l)
{
	char first[MP_IP_TEXT], second[MP_IP_TEXT];

	for (unsigned i = 0; i < 40; i++) {
		struct mp_ip a = random_ip(), b = random_ip();
		struct client client = random_client(), other = client;
		if (same_cell(l, &a, &b)) {
			client.address = mp_ip_format(&a, first);
			other.address = mp_ip_format(&b, second);
			same_answers(sim, main_cf, &client, &other);
		}
	}
}

static void test_properties(void **state)
{
	const struct mp_explore_ops ops = {.play = list, .equal = never_equal};
	(void)state;

	for (unsigned i = 0; i < CONFIGURATIONS; i++) {
		seed = 20250 + i;
		char *main_cf = random_configuration();
		const struct sim_case c = {.main_cf = main_cf, .files = files, .facts = facts};
		struct sim *sim = sim_start(&c);
		struct listing l = {.server = sim_server(sim)};
		struct mp_arena keep = {0};
		mp_explore(sim_facts(sim), &ops, &l, &keep);
		check_consulted(sim, main_cf);
		check_alike(sim, main_cf, &l);
		check_others(sim, main_cf);
		check_addresses(sim, main_cf, &l);
		mp_arena_release(&keep);
		sim_stop(sim);
		free(main_cf);
	}
	/* Else nothing was tested. */
	assert_true(count_differing > CONFIGURATIONS);
	print_message("%u exchanged values\n", count_differing);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_properties)};

	return cmocka_run_group_tests_name("aspects", tests, NULL, NULL);
}
