/* Facts: what is read, what is refused and how that is said, and what follows for a client's name.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "world/facts.h"
#include "world/world.h"

#include <string.h>

struct refused {
	const char *json, *want;
};

static const struct refused refusals[] = {
	{"[]", "facts are a JSON object"},
	{"{\"hostname\": 1}", "\"hostname\": expected a string"},
	{"{\"hostnam\": \"x\"}", "unknown facts member \"hostnam\""},
	{"{\"addresses\": [\"192.0.2.999\"]}", "\"192.0.2.999\" is not an address"},
	{"{\"dns\": {\"soa x.example\": \"none\"}}", "\"soa x.example\" is not \"TYPE NAME\""},
	{"{\"dns\": {\"mx\": \"none\"}}", "is not \"TYPE NAME\""},
	{"{\"dns\": {\"address x.example\": \"soon\"}}", "\"soon\" is not an address"},
	{"{\"sasl\": {\"user\": {}}}", "unknown facts member \"sasl.user\""},
	{"{\"local_users\": [\"a\", 2]}", "\"local_users\": expected a string"},
	{"{\"hostname\": \"a\",\n \"hostname\": \"b\"}", "f:2:"},
	{"{\"hostname\": \"a\\u0000b\"}", "NUL"},
	{"{", "f:1:"},
	{"", "f:1:"},
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
		struct mp_facts *facts = mp_facts_new();
		struct mp_err err = {0};
		int rc = mp_facts_read(facts, "f", mp_slice_str(refusals[i].json), &err);
		assert_int_equal(rc, -1);
		assert_int_equal(err.code, MP_ERR_INPUT);
		if (strstr(err.text, refusals[i].want) == NULL) {
			fail_msg("%s: got \"%s\"", refusals[i].json, err.text);
		}
		mp_facts_free(facts);
	}
}

static const char dns[] = "{\"addresses\": [\"192.0.2.10/24\", \"::1\"], \"dns\": {"
			  "\"ptr 203.0.113.5\": \"good.example.com\","
			  "\"address good.example.com\": [\"203.0.113.5\"],"
			  "\"ptr 203.0.113.6\": \"lies.example.com\","
			  "\"address lies.example.com\": \"none\","
			  "\"ptr 203.0.113.7\": \"none\","
			  "\"ptr 203.0.113.8\": \"alias.example.com.\","
			  "\"cname alias.example.com\": \"Target.example.com\","
			  "\"address target.example.com\": [\"203.0.113.8\"],"
			  "\"ptr 203.0.113.9\": \"elsewhere.example.net\","
			  "\"mx null.example\": [\".\"], \"mx plain.example\": [\"mail.example\"],"
			  "\"list 203.0.113.5 bl.example\": [\"127.0.0.2\"],"
			  "\"address 7.113.0.203.bl.example\": [\"127.0.0.3\"]}}";

static void check_dns(struct mp_world *w)
{
	struct mp_ip ip;
	static const struct {
		const char *address, *want;
	} names[] = {
		{"203.0.113.5", "good.example.com"},
		{"203.0.113.6", "forged"},
		{"203.0.113.7", "none"},
		{"203.0.113.8", "alias.example.com."},
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		assert_true(mp_ip_parse(mp_slice_str(names[i].address), &ip));
		assert_string_equal(mp_known_client_name(w, &ip), names[i].want);
	}
	assert_true(mp_ip_parse(mp_slice_str("203.0.113.9"), &ip));
	assert_null(mp_known_client_name(w, &ip));
	struct mp_dns_result mx = mp_ask_dns(w, MP_DNS_MX, "null.example");
	assert_string_equal(mx.values.v[0], "0 .");
	mx = mp_ask_dns(w, MP_DNS_MX, "plain.example");
	assert_string_equal(mx.values.v[0], "0 mail.example");
	assert_int_equal(mp_ask_dns(w, MP_DNS_ADDRESS, "plain.example").status, MP_NONE);
	assert_int_equal(mp_ask_dns_list(w, "203.0.113.5", "bl.example", NULL).status, MP_FOUND);
	assert_int_equal(mp_ask_dns_list(w, "203.0.113.7", "bl.example", NULL).status, MP_FOUND);
}

static const char *no_answer(
	void *context, const char *question, const char *const *answers, size_t n)
{
	(void)context;
	(void)answers;
	(void)n;
	fail_msg("asked: %s", question);
	return "";
}

static const char *answer_found(
	void *context, const char *question, const char *const *answers, size_t n)
{
	(void)context;
	(void)question;
	(void)answers;
	(void)n;
	return "found";
}

static void test_dns(void **state)
{
	struct mp_facts *facts = mp_facts_new();
	struct mp_err err = {0};

	(void)state;
	assert_int_equal(0, mp_facts_read(facts, "f", mp_slice_str(dns), &err));
	assert_int_equal(facts->address_count, 2);
	assert_int_equal(facts->addresses[0].length, 24);
	assert_int_equal(facts->addresses[1].length, 128);
	struct mp_world *w = mp_world_new_interactive(facts, no_answer, NULL);
	check_dns(w);
	mp_world_free(w);
	mp_facts_free(facts);
}

static void test_complete_dns_and_logins(void **state)
{
	struct mp_facts *facts = mp_facts_new();
	struct mp_err err = {0};
	struct mp_ip ip;

	(void)state;
	assert_int_equal(0,
		mp_facts_read(facts, "f",
			mp_slice_str("{\"dns_complete\": true, \"sasl\": {\"users\": "
				     "{\"alice@x.example\": \"secret\"}}}"),
			&err));
	struct mp_world *w = mp_world_new_interactive(facts, no_answer, NULL);
	assert_true(mp_ip_parse(mp_slice_str("198.51.100.1"), &ip));
	assert_string_equal(mp_known_client_name(w, &ip), "none");
	assert_int_equal(mp_ask_dns(w, MP_DNS_MX, "any.example").status, MP_NONE);
	assert_int_equal(mp_ask_sasl_login(w, "alice", "x.example", "secret"), MP_FOUND);
	assert_int_equal(mp_ask_sasl_login(w, "alice@x.example", "", "wrong"), MP_NONE);
	assert_int_equal(mp_ask_sasl_login(w, "bob", "x.example", "secret"), MP_NONE);
	mp_world_free(w);
	mp_facts_free(facts);
}

/* An entry that says nothing of the name's other types; and how a list is asked. */
static void test_entry_alone(void **state)
{
	struct mp_facts *facts = mp_facts_new();
	struct mp_arena arena = {0};
	const char *const mx[] = {"10 mail.example.net"};
	struct mp_fact_dns alone = {MP_FACT_FOUND, {mx, 1}, true},
			   whole = {MP_FACT_FOUND, {mx, 1}, false};

	(void)state;
	mp_facts_put_dns(facts, "mx a.example", &alone);
	mp_facts_put_dns(facts, "mx b.example", &whole);
	struct mp_world *w = mp_world_new_interactive(facts, answer_found, NULL);
	assert_string_equal(mp_ask_dns(w, MP_DNS_MX, "a.example").values.v[0], mx[0]);
	assert_int_equal(mp_ask_dns(w, MP_DNS_NS, "a.example").status, MP_FOUND);
	assert_int_equal(mp_ask_dns(w, MP_DNS_NS, "b.example").status, MP_NONE);
	mp_world_free(w);
	mp_facts_free(facts);
	assert_string_equal(
		mp_dns_list_name(&arena, "192.0.2.1", "bl.example"), "1.2.0.192.bl.example");
	assert_string_equal(
		mp_dns_list_name(&arena, "a.example", "bl.example"), "a.example.bl.example");
	assert_string_equal(mp_dns_list_name(&arena, "2001:db8::1", "ip6.arpa"),
		"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
	mp_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_dns),
		cmocka_unit_test(test_complete_dns_and_logins),
		cmocka_unit_test(test_entry_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
