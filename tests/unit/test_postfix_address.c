/* Rewriting, resolving, authorising and validating addresses (reference 8 and 9). */
#include "postfix/address/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/pf_fixture.h"

/* An engine over a configuration, in one world. */
struct engine {
	struct pf_fixture fixture;
	struct pf_engine engine;
	struct mp_facts *facts;
	struct mp_world *world;
	struct pf_rewrite *rewrite;
	struct pf_settings *smtpd;
	struct pf_validation *validation;
	struct mp_cidr addresses[2];
	char asked[512]; /* the questions, each followed by ";" */
	const char *answer; /* to each; NULL: the first offered */
};

static const char *answer(void *context, const char *question, const char *const *answers, size_t n)
{
	struct engine *e = context;

	(void)n;
	size_t used = strlen(e->asked);
	if (used + strlen(question) + 2 < sizeof e->asked) {
		memcpy(e->asked + used, question, strlen(question));
		e->asked[used + strlen(question)] = ';';
	}
	return e->answer != NULL ? e->answer : answers[0];
}

static void open_engine(struct engine *e, const char *main_cf, const char *master_cf, bool known)
{
	static const char facts[] = "{\"local_users\": [\"joe\", \"a b\", \"u\"]}";
	struct mp_err err = {0};

	memset(e, 0, sizeof *e);
	pf_fixture_open(&e->fixture, main_cf, master_cf);
	e->facts = mp_facts_new();
	assert_int_equal(mp_facts_read(e->facts, "facts", mp_slice_str(facts), &err), 0);
	mp_cidr_parse(mp_slice_str("127.0.0.1/8"), &e->addresses[0]);
	mp_cidr_parse(mp_slice_str("2001:db8:2::10/64"), &e->addresses[1]);
	if (known) {
		e->fixture.environment.addresses = e->addresses;
		e->fixture.environment.address_count = 2;
	} else {
		e->fixture.environment.hostname = "{host.name}";
	}
	struct mp_table_options options = {.version = 30711, .default_db_type = "hash"};
	e->engine = (struct pf_engine){&e->fixture.arena, e->fixture.input, &e->fixture.findings,
		e->fixture.config,
		mp_tables_new(&e->fixture.arena, e->fixture.input, &e->fixture.findings, &options),
		e->facts};
	e->world = mp_world_new_interactive(e->facts, answer, e);
	e->rewrite = pf_rewrite_new(&e->engine, "rewrite", &e->fixture.environment);
	e->smtpd = pf_settings_new(
		&e->fixture.arena, e->fixture.config, NULL, PF_SMTPD, &e->fixture.environment);
	e->validation = pf_validation_new(&e->engine, e->smtpd);
}

static void close_engine(struct engine *e)
{
	mp_world_free(e->world);
	mp_tables_free(e->engine.tables);
	mp_facts_free(e->facts);
	pf_fixture_close(&e->fixture);
}

/* What RCPT says to an outsider: "class recipient", with "routed" behind it, or the refusal of
 * validation; "syntax", "fail". */
static const char *resolve(struct engine *e, const char *internal)
{
	struct mp_arena *arena = &e->fixture.arena;
	struct pf_resolved r = pf_resolve(e->rewrite, e->world, arena, "", internal);
	static const char *const classes[] = {"default", "local", "alias", "mailbox", "relay"};

	if (r.error || r.fail) {
		return r.error ? "syntax" : "fail";
	}
	return mp_arena_printf(
		arena, "%s %s%s", classes[r.class], r.recipient, r.routed ? " routed" : "");
}

/* 250, 454, or the refusal of an unlisted recipient. */
static const char *rcpt(struct engine *e, const char *internal)
{
	struct mp_arena *arena = &e->fixture.arena;
	struct pf_resolved r = pf_resolve(e->rewrite, e->world, arena, "", internal);

	if (r.error) {
		return "501";
	}
	switch (pf_address_authorised(&r, pf_bool(e->smtpd, "allow_untrusted_routing"))) {
	case PF_NOT_AUTHORISED:
		return "454";
	case PF_AUTHORISED_FAIL:
		return "451";
	case PF_AUTHORISED:
		break;
	}
	struct pf_listed listed = pf_validate(e->validation, e->world, arena, &r, false);
	switch (listed.kind) {
	case PF_LISTED:
		return "250";
	case PF_UNLISTED:
		return mp_arena_printf(arena, "%u %s %s", listed.code, listed.dsn, listed.text);
	case PF_LISTED_FAIL:
		return "451 4.3.0";
	case PF_LISTED_CONFIG:
		return "451 4.3.5";
	}
	return "";
}

#define BASE                                                                                       \
	"compatibility_level = 3.6\nmyhostname = mail.example.org\nmyorigin = origin.test\n"       \
	"mydestination = local.test, dest\nrelay_domains = relay.test\n"                           \
	"virtual_alias_domains = valias.test\nvirtual_mailbox_domains = vbox.test\n"               \
	"virtual_mailbox_maps = inline:{x@vbox.test=1}\nproxy_interfaces = 198.51.100.7\n"         \
	"alias_maps =\n"

struct row {
	const char *address, *want;
};

static void check_rows(const char *main_cf, const struct row *rows, size_t n,
	const char *(*ask)(struct engine *e, const char *internal))
{
	struct engine e;

	open_engine(&e, main_cf, NULL, true);
	for (size_t i = 0; i < n; i++) {
		const char *got = ask(&e, rows[i].address);
		if (strcmp(got, rows[i].want) != 0) {
			fail_msg("%s: got \"%s\", want \"%s\"", rows[i].address, got, rows[i].want);
		}
	}
	assert_string_equal(e.asked, "");
	close_engine(&e);
}

#define CHECK(main_cf, rows, ask) check_rows(main_cf, rows, sizeof rows / sizeof rows[0], ask)

/* The worked table of the reference (8.6) and the syntax errors (8.5). */
static void test_worked_table(void **state)
{
	static const struct row rows[] = {
		{"joe@local.test", "250"},
		{"joe@local.test.", "250"},
		{"joe@LOCAL.Test", "250"},
		{"joe@[127.0.0.1]", "250"},
		{"joe@[0177.0.0.01]", "250"},
		{"joe@[IPv6:2001:db8:2:0::10]", "250"},
		{"joe@[IPv6:::ffff:127.0.0.1]", "454"},
		{"joe@[198.51.100.7]", "250"},
		{"joe", "454"},
		{"joe@[127.0.0.9]", "454"},
		{"user%remote.test@local.test", "454"},
		{"user%remote.test", "454"},
		{"remote.test!user", "454"},
		{"remote.test!user@local.test", "454"},
		{"user@remote.test@local.test", "454"},
		{"@local.test:user@remote.test", "454"},
		{"@relay.test,@remote.test:joe@local.test", "250"},
		{"user%remote.test@relay.test", "454"},
		{"user!x@relay.test", "454"},
		{"user@remote.test@relay.test", "454"},
		{"u@relay.test", "250"},
		{"u@sub.relay.test", "250"},
		{"u@sub.local.test", "454"},
		{"b@valias.test", "550 5.1.1 User unknown in virtual alias table"},
		{"w@vbox.test", "550 5.1.1 User unknown in virtual mailbox table"},
		{"x@vbox.test", "250"},
		{"u@sub.vbox.test", "454"},
		{"postmaster@remote.test", "454"},
		{"postmaster@local.test", "250"},
		{"@local.test", "250"},
		{"nobody@local.test", "550 5.1.1 User unknown in local recipient table"},
		{"joe@", "501"},
		{"joe@a..b", "501"},
		{"joe@local.test..", "501"},
		{"joe@1.2.3.4", "501"},
		{"joe@[1.2.3]", "501"},
		{"joe@[0.0.0.1]", "501"},
		{"joe@[::1]", "501"},
		{"-joe@local.test", "501"},
		{"@", "501"},
	};

	(void)state;
	CHECK(BASE, rows, rcpt);
}

static void test_untrusted_routing(void **state)
{
	static const struct row rows[] = {
		{"user%remote.test@relay.test", "250"},
		{"user!x@relay.test", "250"},
		{"user@remote.test@relay.test", "250"},
		{"user%remote.test@local.test", "454"},
	};

	(void)state;
	CHECK(BASE "allow_untrusted_routing = yes\n", rows, rcpt);
}

static void test_resolve(void **state)
{
	static const struct row rows[] = {
		{"Joe@Local.Test", "local joe@local.test"},
		{"\xc3\x84\xe1\xba\x9e@local.test", "local \xc3\xa4ss@local.test"},
		{"a b@remote.test@local.test", "default a b@remote.test"},
		{"a!b!c@local.test", "default b!c@a routed"},
		{"a%b%c@local.test", "default a%b@c routed"},
		{"a!b%c@local.test", "default b%c@a routed"},
		{"joe%local.test%local.test", "local joe@local.test"},
		{"a@@b", "default a@@b routed"},
		{"a!@local.test", "default @a"},
		{"!a@local.test", "syntax"},
		{"a%@local.test", "syntax"},
		{"%a@local.test", "default @a"},
		{"@local.test", "local mailer-daemon@local.test"},
		{"x:y@local.test", "local x:y@local.test"},
		{"joe@{host.name}", "syntax"},
		{"joe%remote.test@{host.name}", "syntax"},
	};

	(void)state;
	CHECK(BASE, rows, resolve);
}

static void test_without_operators(void **state)
{
	static const struct row rows[] = {
		{"joe%local.test", "default joe%local.test@origin.test routed"},
		{"user%remote.test@local.test", "local user%remote.test@local.test routed"},
		{"a!b@local.test", "local a!b@local.test routed"},
		{"a@b@local.test", "default a@b"},
	};

	(void)state;
	CHECK(BASE "swap_bangpath = no\nallow_percent_hack = no\n", rows, resolve);
}

static void test_settings(void **state)
{
	static const struct row numeric[] = {
		{"joe@127.0.0.1", "local joe@[127.0.0.1]"},
		{"joe@192.0.2.77", "default joe@[192.0.2.77]"},
		{"joe@", "default joe@mail.example.org"},
		{"-x@local.test", "local -x@local.test"},
	};
	static const struct row bare[] = {
		{"joe", "default joe@mail.example.org"},
		{"joe@host", "default joe@host.example.org"},
		{"joe@dest", "default joe@dest.example.org"},
	};
	static const struct row quoted[] = {
		{"a@b@local.test", "local a@b@local.test routed"},
		{"a b%c@local.test", "local a b%c@local.test routed"},
	};

	(void)state;
	CHECK(BASE
		"resolve_numeric_domain = yes\nresolve_null_domain = yes\nallow_min_user = yes\n",
		numeric, resolve);
	CHECK(BASE "append_at_myorigin = no\nappend_dot_mydomain = yes\n", bare, resolve);
	CHECK(BASE "resolve_dequoted_address = no\n", quoted, resolve);
}

/* Transports and relocated addresses that turn an address into a refusal. */
static void test_undeliverable(void **state)
{
	static const struct row rows[] = {
		{"err@local.test", "550 5.4.4 no way"},
		{"bare@local.test", "550 5.1.1 Address is undeliverable"},
		{"later@local.test", "450 4.1.1 not now"},
		{"joe@local.test", "250"},
		{"moved@local.test", "550 5.1.6 User has moved to new@x.test"},
		{"a@relay.test", "250"},
		{"a@sub.relay.test", "550 5.1.1 sub"},
		{"known@valias.test", "250"},
		{"x@valias.test", "550 5.1.1 User unknown in virtual alias table"},
	};

	(void)state;
	CHECK(BASE "transport_maps = inline:{ { err@local.test = error:5.4.4 no way }"
		   " { bare@local.test = error: } { later@local.test = retry:not now }"
		   " { joe@local.test = :host } { .relay.test = error:sub }"
		   " { x@valias.test = smtp: } }\n"
		   "relocated_maps = inline:{ moved=new@x.test }\n"
		   "virtual_alias_maps = inline:{ known@valias.test=joe }\n",
		rows, rcpt);
}

/* The keys of reference 9.3. */
static void test_lookup_keys(void **state)
{
	static const struct row rows[] = {
		{"joe+x@local.test", "250"},
		{"owner-joe@local.test", "550 5.1.1 User unknown in local recipient table"},
		{"u-x@local.test", "250"},
		{"u-request@local.test", "550 5.1.1 User unknown in local recipient table"},
		{"r+ext@relay.test", "250"},
		{"s@relay.test", "550 5.1.1 User unknown in relay recipient table"},
		{"any@all.relay.test", "250"},
		{"a b@local.test", "250"},
	};

	(void)state;
	CHECK(BASE
		"recipient_delimiter = +-\n"
		"relay_recipient_maps = inline:{ { r@relay.test = 1 } { @all.relay.test = 1 } }\n",
		rows, rcpt);
}

static void test_codes_and_words(void **state)
{
	static const struct row rows[] = {
		{"n@local.test", "450 5.1.1 User unknown"},
		{"n@valias.test", "551 5.1.1 User unknown"},
		{"MAILER-DAEMON@local.test", "250"},
		{"Double-Bounce@local.test", "250"},
	};

	(void)state;
	CHECK(BASE "show_user_unknown_table_name = no\nunknown_local_recipient_reject_code = 450\n"
		   "unknown_virtual_alias_reject_code = 551\n",
		rows, rcpt);
}

static void test_table_errors(void **state)
{
	static const struct row domains[] = {{"a@remote.test", "fail"}, {"a@relay.test", "fail"},
		{"a@valias.test", "alias a@valias.test"}, {"a@local.test", "local a@local.test"}};
	static const struct row users[] = {{"a@local.test", "451 4.3.0"}, {"a@relay.test", "250"}};
	static const struct row empty[] = {{"a@local.test", "451 4.3.5"}};

	(void)state;
	CHECK(BASE "virtual_mailbox_domains = fail:x\n", domains, resolve);
	CHECK(BASE "local_recipient_maps = fail:x\n", users, rcpt);
	CHECK(BASE "local_recipient_maps = static:{}\n", empty, rcpt);
}

/* The rewrite service's own -o counts, and that of another one by its name. */
static void test_service(void **state)
{
	struct engine e;

	(void)state;
	open_engine(&e, BASE,
		"rewrite unix - - n - - trivial-rewrite -o mydestination=other.test\n"
		"second unix - - n - - trivial-rewrite -o relay_domains=remote.test\n",
		true);
	assert_string_equal(resolve(&e, "a@local.test"), "default a@local.test");
	assert_string_equal(resolve(&e, "a@other.test"), "local a@other.test");
	e.rewrite = pf_rewrite_new(&e.engine, "second", &e.fixture.environment);
	assert_string_equal(resolve(&e, "a@remote.test"), "relay a@remote.test");
	close_engine(&e);
}

/* Without facts the host's name and addresses are questions, and only where they matter. */
static void test_questions(void **state)
{
	struct engine e;

	(void)state;
	open_engine(&e, "compatibility_level = 3.6\nrelay_domains = relay.test\n", NULL, false);
	assert_string_equal(resolve(&e, "joe@localhost"), "local joe@localhost");
	assert_string_equal(resolve(&e, "joe"), "local joe@{host.name}");
	assert_string_equal(resolve(&e, "joe@[127.0.0.1]"), "local joe@[127.0.0.1]");
	assert_string_equal(resolve(&e, "joe@[127.0.0.9]"), "default joe@[127.0.0.9]");
	assert_string_equal(e.asked, "");
	assert_string_equal(resolve(&e, "joe@mail.test"), "default joe@mail.test");
	assert_string_equal(e.asked, "host.name;");
	assert_string_equal(resolve(&e, "joe@[192.0.2.1]"), "default joe@[192.0.2.1]");
	assert_string_equal(e.asked, "host.name;host.addresses;");
	assert_string_equal(resolve(&e, "joe@{host.name}"), "syntax");
	close_engine(&e);

	open_engine(&e, "compatibility_level = 3.6\n", NULL, false);
	e.answer = "mail.test";
	assert_string_equal(resolve(&e, "joe@mail.test"), "local joe@mail.test");
	assert_string_equal(resolve(&e, "joe%remote.test@mail.test"), "default joe@remote.test");
	close_engine(&e);
}

/* The list item that gave the class, then the table entry that took the mail away. */
static void test_reasons(void **state)
{
	struct engine e;

	(void)state;
	open_engine(&e, BASE, NULL, true);
	struct pf_resolved r = pf_resolve(e.rewrite, e.world, &e.fixture.arena, "", "u@relay.test");
	assert_int_equal(r.because.n, 1);
	assert_string_equal(r.because.v[0].text, "relay.test");
	struct mp_position at = mp_loc_position(r.because.v[0].loc);
	assert_string_equal(at.file, "main.cf");
	assert_int_equal(at.line, 5);
	assert_int_equal(at.column, 17);
	r = pf_resolve(e.rewrite, e.world, &e.fixture.arena, "", "u@remote.test");
	assert_int_equal(r.because.n, 0);
	close_engine(&e);
}

static void test_rewriting(void **state)
{
	struct engine e;
	static const struct row rows[] = {
		{"joe", "joe@origin.test"},
		{"@", "@"},
		{"", ""},
		{"a!b", "b@a"},
		{"a%b", "a@b"},
		{"joe@dom.", "joe@dom"},
		{"joe@dom..", "joe@dom.."},
		{"@a,@b:joe@x", "joe@x"},
		{"a b@x", "a b@x"},
	};

	(void)state;
	open_engine(&e, BASE, NULL, true);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_string_equal(
			pf_rewrite_internal(e.rewrite, e.world, &e.fixture.arena, rows[i].address),
			rows[i].want);
	}
	close_engine(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worked_table),
		cmocka_unit_test(test_untrusted_routing),
		cmocka_unit_test(test_resolve),
		cmocka_unit_test(test_without_operators),
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_undeliverable),
		cmocka_unit_test(test_lookup_keys),
		cmocka_unit_test(test_codes_and_words),
		cmocka_unit_test(test_table_errors),
		cmocka_unit_test(test_service),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_rewriting),
	};

	return cmocka_run_group_tests_name("postfix address", tests, NULL, NULL);
}
