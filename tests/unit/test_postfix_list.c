/* Lists: splitting, the three kinds of match lists, map lists, listeners. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pf_fixture.h"
#include "postfix/config/interfaces.h"
#include "postfix/listen.h"
#include "postfix/lookup/list.h"
#include "postfix/lookup/netpattern.h"

#include <stdio.h>

/* Everything that a list needs around it. asked: the last question; answer: what the world says. */
struct setting {
	struct pf_fixture f;
	struct pf_engine engine;
	struct mp_facts *facts;
	struct mp_world *world;
	const char *answer;
	char asked[256];
};

static const char *answer(void *context, const char *question, const char *const *answers, size_t n)
{
	struct setting *s = context;

	snprintf(s->asked, sizeof s->asked, "%s", question);
	(void)n;
	return s->answer != NULL ? s->answer : answers[0];
}

static void open_setting(struct setting *s, const char *main_cf, const char *master_cf)
{
	struct mp_table_options options = {.version = 30711, .default_db_type = "hash"};

	pf_fixture_open(&s->f, main_cf, master_cf);
	s->facts = mp_facts_new();
	s->world = mp_world_new_interactive(s->facts, answer, s);
	s->engine = (struct pf_engine){
		.arena = &s->f.arena,
		.input = s->f.input,
		.findings = &s->f.findings,
		.config = s->f.config,
		.tables = mp_tables_new(&s->f.arena, s->f.input, &s->f.findings, &options),
		.facts = s->facts,
	};
}

static void close_setting(struct setting *s)
{
	mp_tables_free(s->engine.tables);
	mp_world_free(s->world);
	mp_facts_free(s->facts);
	pf_fixture_close(&s->f);
}

struct split_case {
	const char *text, *want;
};

static void test_split(void **state)
{
	static const struct split_case cases[] = {
		{"", ""},
		{" ,\t\n", ""},
		{"a b", "a|b|"},
		{"a,b,, c\td\r\ne", "a|b|c|d|e|"},
		{"inline:{a=b, c=d} e", "inline:{a=b, c=d}|e|"},
		{"{ a {b c} d},e", "{ a {b c} d}|e|"},
		{"a} b", "a}|b|"},
		{"{a b", "{a b|"},
	};
	struct mp_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pf_text *tokens;
		char got[256] = "";
		size_t n = pf_split(&arena, pf_text_plain(cases[i].text), &tokens);
		for (size_t k = 0; k < n; k++) {
			size_t used = strlen(got);
			snprintf(got + used, sizeof got - used, "%s|", tokens[k].s);
		}
		assert_string_equal(got, cases[i].want);
	}
	mp_arena_release(&arena);
}

static void test_next_word(void **state)
{
	static const struct split_case cases[] = {
		{"", ""},
		{" ,\t\n\v\f", ""},
		{", a b", "a|b|"},
		{"a,b,, c\td\r\ne\vf ", "a|b|c|d|e|f|"},
		{"{a b, c}", "{a|b|c}|"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *list = cases[i].text;
		struct mp_slice word;
		char got[256] = "";
		while (pf_next_word(&list, &word)) {
			size_t used = strlen(got);
			snprintf(got + used, sizeof got - used, "%.*s|", MP_SLICE_ARG(word));
		}
		assert_string_equal(got, cases[i].want);
		assert_string_equal(list, "");
	}
}

struct name_case {
	const char *list, *name;
	enum pf_match want;
};

/* Each in a string list, a domain list in parent style, and one in dot style. */
static void check_names(
	const char *parameter, enum pf_list_kind kind, const struct name_case *cases, size_t n)
{
	struct setting s = {0};

	pf_fixture_folder(&s.f);
	pf_fixture_file(&s.f, "items", "# comment\none.test, two.test # rest\n!three.test\n");
	open_setting(&s, "", NULL);
	struct pf_settings *settings = pf_fixture_settings(&s.f, NULL, PF_TRIVIAL_REWRITE);
	for (size_t i = 0; i < n; i++) {
		char text[512];
		/* "@items" stands for the file. */
		if (strchr(cases[i].list, '@') != NULL) {
			const char *at = strchr(cases[i].list, '@');
			snprintf(text, sizeof text, "%.*s%s/items%s", (int)(at - cases[i].list),
				cases[i].list, s.f.folder, at + 1);
		} else {
			snprintf(text, sizeof text, "%s", cases[i].list);
		}
		struct pf_list *list =
			pf_list_new(&s.engine, settings, parameter, pf_text_plain(text), kind);
		struct pf_list_hit hit;
		enum pf_match got =
			pf_list_match_name(list, s.world, &s.f.arena, cases[i].name, &hit);
		if (got != cases[i].want) {
			fail_msg("%s: %s in \"%s\": %d", parameter, cases[i].name, cases[i].list,
				got);
		}
	}
	close_setting(&s);
}

static void test_string_list(void **state)
{
	static const struct name_case cases[] = {
		{"a.test, b.test", "b.test", PF_MATCH},
		{"A.Test", "a.tEST", PF_MATCH},
		{"a.test", "x.a.test", PF_NO_MATCH},
		{".a.test", "x.a.test", PF_NO_MATCH},
		{"!a.test, static:x", "a.test", PF_NO_MATCH},
		{"!a.test, static:x", "b.test", PF_MATCH},
		{"!!a.test", "a.test", PF_MATCH},
		{"inline:{a.test=x}", "a.test", PF_MATCH},
		{"inline:{a.test=x}", "x.a.test", PF_NO_MATCH},
		{"fail:x, a.test", "a.test", PF_MATCH_ERROR},
		{"a.test, fail:x", "a.test", PF_MATCH},
		{"!fail:x", "a.test", PF_MATCH_ERROR},
		{"a.test # b.test", "b.test", PF_NO_MATCH},
		{"/no/such/file a.test", "a.test", PF_MATCH_ERROR},
		{"a.test /no/such/file", "a.test", PF_MATCH},
		{"@", "two.test", PF_MATCH},
		{"@", "rest", PF_NO_MATCH},
		{"@ three.test", "three.test", PF_NO_MATCH},
		{"!@ static:x", "one.test", PF_NO_MATCH},
		{"!@ static:x", "three.test", PF_MATCH},
		{"", "a.test", PF_NO_MATCH},
	};

	(void)state;
	check_names("mydestination", PF_STRING_LIST, cases, sizeof cases / sizeof cases[0]);
}

static void test_domain_list(void **state)
{
	static const struct name_case parent[] = {
		{"a.test", "a.test", PF_MATCH},
		{"a.test", "x.y.a.test", PF_MATCH},
		{"a.test", "xa.test", PF_NO_MATCH},
		{".a.test", "x.a.test", PF_NO_MATCH},
		{"inline:{a.test=x}", "x.a.test", PF_MATCH},
		{"inline:{.a.test=x}", "x.a.test", PF_NO_MATCH},
		{"!x.a.test, a.test", "x.a.test", PF_NO_MATCH},
		{"!x.a.test, a.test", "y.a.test", PF_MATCH},
	};
	static const struct name_case dot[] = {
		{"a.test", "a.test", PF_MATCH},
		{"a.test", "x.a.test", PF_NO_MATCH},
		{".a.test", "x.a.test", PF_MATCH},
		{".a.test", "x.y.a.test", PF_MATCH},
		{".a.test", "a.test", PF_NO_MATCH},
		{"inline:{.a.test=x}", "x.y.a.test", PF_MATCH},
		{"inline:{a.test=x}", "x.a.test", PF_NO_MATCH},
	};

	(void)state;
	check_names("relay_domains", PF_DOMAIN_LIST, parent, sizeof parent / sizeof parent[0]);
	check_names("other_domains", PF_DOMAIN_LIST, dot, sizeof dot / sizeof dot[0]);
}

static const char *name_of(void *context)
{
	return context != NULL ? context : "unknown";
}

static void test_client_list(void **state)
{
	static const struct {
		const char *list, *client, *name;
		enum pf_match want;
	} cases[] = {
		{"192.0.2.1", "192.0.2.1", NULL, PF_MATCH},
		{"192.0.2.0/24", "192.0.2.77", NULL, PF_MATCH},
		{"192.0.2.0/24", "192.0.3.77", NULL, PF_NO_MATCH},
		{"192.0.2.0/24", "2001:db8::1", NULL, PF_NO_MATCH},
		{"[2001:db8::]/32", "2001:db8:1::1", NULL, PF_MATCH},
		{"[2001:db8::/32]", "2001:db8:1::1", NULL, PF_MATCH},
		{"[2001:DB8:0::1]", "2001:db8::1", NULL, PF_MATCH},
		{"[192.0.2.1]", "192.0.2.1", NULL, PF_MATCH},
		{"192.0.2.1/24", "203.0.113.1", NULL, PF_MATCH_ERROR},
		{"192.0.2.1/24", "2001:db8::1", NULL, PF_NO_MATCH},
		{"192.0.2.0/33", "203.0.113.1", NULL, PF_MATCH_ERROR},
		{"192.0.2/24", "203.0.113.1", NULL, PF_MATCH_ERROR},
		{"203.0.113.1, 192.0.2.1/24", "203.0.113.1", NULL, PF_MATCH},
		{"!192.0.2.1, 192.0.2.0/24", "192.0.2.1", NULL, PF_NO_MATCH},
		{"!192.0.2.1, 192.0.2.0/24", "192.0.2.2", NULL, PF_MATCH},
		{"a.test", "192.0.2.1", "a.test", PF_MATCH},
		{"a.test", "192.0.2.1", "x.a.test", PF_MATCH},
		{"a.test", "192.0.2.1", "b.test", PF_NO_MATCH},
		{"unknown", "192.0.2.1", NULL, PF_MATCH},
		{"cidr:@cidr", "192.0.2.1", NULL, PF_MATCH},
		{"inline:{192.0.2.1=x}", "192.0.2.1", NULL, PF_MATCH},
		{"inline:{192.0.2=x}", "192.0.2.1", NULL, PF_NO_MATCH},
		{"inline:{a.test=x}", "192.0.2.1", "x.a.test", PF_MATCH},
		{"fail:x", "192.0.2.1", NULL, PF_MATCH_ERROR},
		{"::1", "192.0.2.1", NULL, PF_MATCH_ERROR},
	};
	struct setting s = {0};

	(void)state;
	pf_fixture_folder(&s.f);
	pf_fixture_file(&s.f, "cidr", "192.0.2.0/24 x\n");
	open_setting(&s, "", NULL);
	struct pf_settings *settings = pf_fixture_settings(&s.f, NULL, PF_SMTPD);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char text[512];
		struct mp_ip ip;
		if (strchr(cases[i].list, '@') != NULL) {
			snprintf(text, sizeof text, "cidr:%s/cidr", s.f.folder);
		} else {
			snprintf(text, sizeof text, "%s", cases[i].list);
		}
		struct pf_list *list = pf_list_new(
			&s.engine, settings, "mynetworks", pf_text_plain(text), PF_CLIENT_LIST);
		assert_true(mp_ip_parse(mp_slice_str(cases[i].client), &ip));
		struct pf_list_hit hit;
		enum pf_match got = pf_list_match_client(
			list, s.world, &s.f.arena, &ip, name_of, (void *)cases[i].name, &hit);
		if (got != cases[i].want) {
			fail_msg("%s in \"%s\": %d", cases[i].client, cases[i].list, got);
		}
	}
	assert_true(pf_fixture_finding(&s.f, "list/bad-network", 0));
	assert_true(pf_fixture_finding(&s.f, "list/bare-ipv6", 0));
	close_setting(&s);
}

static const char *must_not_ask(void *context)
{
	(void)context;
	fail_msg("the client's name does not matter here");
	return "";
}

/* The name is asked for only where an item could be one. */
static void test_name_not_asked(void **state)
{
	struct setting s = {0};
	struct mp_ip ip = {.family = 4, .b = {203, 0, 113, 5}};

	(void)state;
	open_setting(&s, "", NULL);
	struct pf_settings *settings = pf_fixture_settings(&s.f, NULL, PF_SMTPD);
	struct pf_list *list = pf_list_new(&s.engine, settings, "mynetworks",
		pf_text_plain("127.0.0.0/8 [::1]/128 192.0.2.1 inline:{192.0.2.3=x}"),
		PF_CLIENT_LIST);
	assert_int_equal(
		pf_list_match_client(list, s.world, &s.f.arena, &ip, must_not_ask, NULL, NULL),
		PF_NO_MATCH);
	struct pf_list_network *nets;
	assert_int_equal(pf_list_networks(list, &s.f.arena, &nets), 3);
	assert_int_equal(nets[0].net.length, 8);
	struct pf_names names = {0};
	list = pf_list_new(&s.engine, settings, "mynetworks",
		pf_text_plain("192.0.2.1 a.test .b.test inline:{c.test=x, 192.0.2.3=y}"),
		PF_CLIENT_LIST);
	pf_list_names(list, &names);
	assert_int_equal(names.v.n, 3);
	assert_string_equal(names.v.v[2], "c.test");
	mp_vec_release(&names.v);
	close_setting(&s);
}

static void test_unknown_host(void **state)
{
	struct setting s = {0};
	struct mp_ip ip = {.family = 4, .b = {203, 0, 113, 5}};

	(void)state;
	open_setting(&s, "compatibility_level = 3.6\n", NULL);
	struct pf_settings *settings = pf_fixture_settings(&s.f, NULL, PF_SMTPD);
	struct pf_list *list = pf_list_new(&s.engine, settings, "mynetworks",
		pf_value(settings, "mynetworks"), PF_CLIENT_LIST);
	assert_int_equal(pf_list_match_client(list, s.world, &s.f.arena, &ip, name_of, NULL, NULL),
		PF_NO_MATCH);
	assert_string_equal(s.asked, "host.addresses");
	assert_int_equal(pf_is_own_address(settings, s.world, &s.f.arena, &ip), PF_NO_MATCH);
	ip = (struct mp_ip){.family = 4, .b = {127, 0, 0, 1}};
	assert_int_equal(pf_list_match_client(list, s.world, &s.f.arena, &ip, name_of, NULL, NULL),
		PF_MATCH);
	assert_int_equal(pf_is_own_address(settings, s.world, &s.f.arena, &ip), PF_MATCH);
	close_setting(&s);
}

static void test_lone_negation(void **state)
{
	struct setting s = {0};

	(void)state;
	open_setting(&s, "", NULL);
	struct pf_settings *settings = pf_fixture_settings(&s.f, NULL, PF_SMTPD);
	pf_list_new(
		&s.engine, settings, "mynetworks", pf_text_plain("127.0.0.1 !"), PF_CLIENT_LIST);
	assert_string_equal(pf_settings_fatal(settings)->text, "mynetworks: no pattern after '!'");
	close_setting(&s);
}

static void test_maps(void **state)
{
	struct setting s = {0};

	(void)state;
	open_setting(&s,
		"virtual_alias_maps = inline:{a=1, b=2} pcre:/nosuch inline:{c=3}\n"
		"canonical_maps = fail:x inline:{c=3}\nrelocated_maps = foo\n",
		NULL);
	struct pf_settings *settings = pf_fixture_settings(&s.f, NULL, PF_SMTPD);
	struct pf_maps *maps = pf_maps_new(&s.engine, settings, "virtual_alias_maps");
	assert_false(pf_maps_is_empty(maps));
	struct mp_table_result r =
		pf_maps_find(maps, s.world, "b", false, MP_ROLE_VALUE, &s.f.arena);
	assert_int_equal(r.status, MP_TABLE_FOUND);
	assert_string_equal(r.value, "2");
	assert_int_equal(mp_loc_position(r.loc).line, 1);
	r = pf_maps_find(maps, s.world, "", false, MP_ROLE_VALUE, &s.f.arena);
	assert_int_equal(r.status, MP_TABLE_NONE);
	/* The unreadable table stands between; it is no fixed one. */
	r = pf_maps_find(maps, s.world, "c", false, MP_ROLE_VALUE, &s.f.arena);
	assert_int_equal(r.status, MP_TABLE_ERROR);
	r = pf_maps_find(pf_maps_new(&s.engine, settings, "canonical_maps"), s.world, "c", false,
		MP_ROLE_VALUE, &s.f.arena);
	assert_int_equal(r.status, MP_TABLE_ERROR);
	assert_true(pf_maps_is_empty(pf_maps_new(&s.engine, settings, "relay_recipient_maps")));
	assert_null(pf_settings_fatal(settings));
	pf_maps_new(&s.engine, settings, "relocated_maps");
	assert_string_equal(pf_settings_fatal(settings)->text,
		"open dictionary: expecting \"type:name\" form instead of \"foo\"");
	close_setting(&s);
}

struct listen_case {
	const char *name;
	const char *main_cf, *master_cf;
	const char *want; /* "address:port ..." or the fatal text */
	const char *addresses; /* of the host; NULL unknown */
	unsigned version; /* 0: 3.7.11 */
};

static const struct listen_case listen_cases[] = {
	{"stock", "", NULL, "0.0.0.0:25 :::25 ", NULL, 0},
	{"one protocol", "inet_protocols = ipv4\n", "smtp inet n - n - - smtpd\n", "0.0.0.0:25 ",
		NULL, 0},
	{"loopback only", "inet_interfaces = loopback-only\n", "submission inet n - n - - smtpd\n",
		"127.0.0.1:587 ::1:587 ", NULL, 0},
	{"loopback of a host without IPv6", "inet_interfaces = loopback-only\n",
		"smtp inet n - n - - smtpd\n", "127.0.0.1:25 ", "127.0.0.1/8 192.0.2.1/24", 0},
	{"addresses", "inet_interfaces = 192.0.2.1, [2001:db8::1]\n",
		"smtps inet n - n - - smtpd\n", "192.0.2.1:465 2001:db8::1:465 ", NULL, 0},
	{"a host in the service wins", "inet_interfaces = 192.0.2.1\n",
		"127.0.0.1:10025 inet n - n - - smtpd\n", "127.0.0.1:10025 ", NULL, 0},
	{"localhost", "inet_protocols = ipv4\n", "localhost:10025 inet n - n - - smtpd\n",
		"127.0.0.1:10025 ", NULL, 0},
	{"disabled by name", "master_service_disable = submission/inet\n",
		"smtp inet n - n - - smtpd\nsubmission inet n - n - - smtpd\n", "0.0.0.0:25 :::25 ",
		NULL, 0},
	{"disabled by type", "master_service_disable = inet\n", "smtp inet n - n - - smtpd\n", "",
		NULL, 0},
	{"the older form", "master_service_disable = smtp.inet\n", "smtp inet n - n - - smtpd\n",
		"", NULL, 0},
	{"negation", "master_service_disable = !smtp/inet, inet\n",
		"smtp inet n - n - - smtpd\n26 inet n - n - - smtpd\n", "0.0.0.0:25 :::25 ", NULL,
		0},
	{"a broken line that is disabled", "master_service_disable = foo/inet\n",
		"foo inet n - x - - smtpd\nsmtp inet n - n - - smtpd\n", "0.0.0.0:25 :::25 ", NULL,
		0},
	{"a broken line", "", "smtp inet n - n - - smtpd\nfoo inet - - n - - smtpd\n",
		"inet service cannot be private", NULL, 0},
	{"bad value in main.cf", "soft_bounce = x\n", "smtp inet n - n - - smtpd\n",
		"bad boolean configuration: soft_bounce = x", NULL, 0},
	{"a wildcard and an address", "inet_protocols = ipv4\n",
		"smtp inet n - n - - smtpd\n127.0.0.1:25 inet n - n - - smtpd\n",
		"0.0.0.0:25 127.0.0.1:25 ", NULL, 0},
	{"which does not go before 3.6", "inet_protocols = ipv4\n",
		"smtp inet n - n - - smtpd\n127.0.0.1:25 inet n - n - - smtpd\n",
		"bind 127.0.0.1 port 25: Address already in use", NULL, 30525},
	{"all in capitals", "inet_interfaces = ALL\n", "smtp inet n - n - - smtpd\n",
		"config variable inet_interfaces: host not found: ALL", NULL, 0},
	{"not the host's address", "", "192.0.2.9:25 inet n - n - - smtpd\n",
		"bind 192.0.2.9 port 25: Cannot assign requested address", "192.0.2.1/24", 0},
	{"wrong family", "inet_protocols = ipv4\n", "[::1]:25 inet n - n - - smtpd\n",
		"bad hostname or network address: [::1]:25", NULL, 0},
	{"inet_interfaces without the host's address", "inet_interfaces = 192.0.2.9\n",
		"smtp inet n - n - - smtpd\n",
		"parameter inet_interfaces: no local interface found for 192.0.2.9", "192.0.2.1/24",
		0},
};

static void test_listen(void **state)
{
	const struct listen_case *c = *state;
	struct setting s = {0};
	struct mp_cidr own[4];
	char got[256] = "";

	open_setting(&s, c->main_cf, c->master_cf);
	if (c->version != 0) {
		s.f.environment.version = c->version;
	}
	if (c->addresses != NULL) {
		struct pf_text *tokens;
		size_t n = pf_split(&s.f.arena, pf_text_plain(c->addresses), &tokens);
		for (size_t i = 0; i < n; i++) {
			assert_true(mp_cidr_parse(mp_slice(tokens[i].s, tokens[i].n), &own[i]));
		}
		s.f.environment.addresses = own;
		s.f.environment.address_count = n;
	}
	struct pf_settings *master = pf_fixture_settings(&s.f, NULL, PF_MASTER);
	struct pf_listening l = pf_listeners(s.f.config, master, s.world, &s.f.arena);
	for (size_t i = 0; i < l.n; i++) {
		size_t used = strlen(got);
		snprintf(
			got + used, sizeof got - used, "%s:%u ", l.v[i].as.address, l.v[i].as.port);
	}
	if (l.fatal != NULL) {
		assert_string_equal(l.fatal->text, c->want);
		assert_int_equal(l.n, 0);
	} else {
		assert_string_equal(got, c->want);
	}
	close_setting(&s);
}

static void test_listener_tls(void **state)
{
	static const struct {
		const char *main_cf;
		enum mp_listener_tls want;
	} cases[] = {
		{"", MP_TLS_NONE},
		{"smtpd_tls_security_level = may\n", MP_TLS_STARTTLS},
		{"smtpd_tls_security_level = none\nsmtpd_use_tls = yes\n", MP_TLS_NONE},
		{"smtpd_use_tls = yes\n", MP_TLS_STARTTLS},
		{"smtpd_tls_wrappermode = yes\n", MP_TLS_IMPLICIT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pf_fixture f = {0};
		pf_fixture_open(&f, cases[i].main_cf, NULL);
		assert_int_equal(
			pf_listener_tls(pf_fixture_settings(&f, NULL, PF_SMTPD)), cases[i].want);
		pf_fixture_close(&f);
	}
}

int main(void)
{
	enum { LISTEN = sizeof listen_cases / sizeof listen_cases[0] };
	struct CMUnitTest tests[LISTEN + 10];
	size_t n = 0;

	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_split);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_next_word);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_string_list);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_domain_list);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_client_list);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_name_not_asked);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_unknown_host);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_lone_negation);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_maps);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_listener_tls);
	for (size_t i = 0; i < LISTEN; i++) {
		tests[n++] = (struct CMUnitTest){
			listen_cases[i].name, test_listen, NULL, NULL, (void *)&listen_cases[i]};
	}
	return _cmocka_run_group_tests("postfix/list", tests, n, NULL, NULL);
}
