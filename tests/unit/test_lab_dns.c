/* The lab's name server: what it answers to a query, from the plan's records. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "lab/dns.h"

#include <stdlib.h>
#include <string.h>

enum { A = 1, NS = 2, PTR = 12, MX = 15, TXT = 16, AAAA = 28 };

static const char *const host4[] = {"192.0.2.1", "2001:db8::1"};
static const char *const exchangers[] = {"10 mx.example", "."};
static const char *const servers[] = {"ns.example."};
static const char *const texts[] = {"hello world"};
static const char *const pointer[] = {"host.example"};
static const char *const alias[] = {"host.example."};
static const char *const circle[] = {"circle.example"};

static const struct mp_lab_dns records[] = {
	{MP_LAB_DNS_ADDRESS, MP_LAB_DNS_FOUND, "host.example", host4, 2},
	{MP_LAB_DNS_MX, MP_LAB_DNS_FOUND, "host.example", exchangers, 2},
	{MP_LAB_DNS_NS, MP_LAB_DNS_FOUND, "zone.example", servers, 1},
	{MP_LAB_DNS_TXT, MP_LAB_DNS_FOUND, "text.example", texts, 1},
	{MP_LAB_DNS_PTR, MP_LAB_DNS_FOUND, "192.0.2.1", pointer, 1},
	{MP_LAB_DNS_PTR, MP_LAB_DNS_FOUND, "2001:db8::1", pointer, 1},
	{MP_LAB_DNS_CNAME, MP_LAB_DNS_FOUND, "alias.example", alias, 1},
	{MP_LAB_DNS_CNAME, MP_LAB_DNS_FOUND, "circle.example", circle, 1},
	{MP_LAB_DNS_ADDRESS, MP_LAB_DNS_NONE, "none.example", NULL, 0},
	{MP_LAB_DNS_ADDRESS, MP_LAB_DNS_TEMPFAIL, "slow.example", NULL, 0},
	{MP_LAB_DNS_MX, MP_LAB_DNS_NONE, "slow.example", NULL, 0},
};

struct query_case {
	const char *name;
	unsigned type;
	int rcode;
	unsigned answers;
	const char *holds; /* bytes that the response must hold after the question */
	size_t length;
};

static const struct query_case queries[] = {
	{"host.example", A, 0, 1, "\xc0\x00\x02\x01", 4},
	{"HOST.Example", A, 0, 1, "\xc0\x00\x02\x01", 4},
	{"host.example", AAAA, 0, 1, "\x20\x01\x0d\xb8", 4},
	{"host.example", MX, 0, 2,
		"\x00\x0a\x02mx\x07"
		"example",
		13},
	{"host.example", MX, 0, 2, "\x00\x03\x00\x00\x00", 5},
	{"host.example", TXT, 0, 0, "", 0},
	{"zone.example", NS, 0, 1,
		"\x02ns\x07"
		"example",
		11},
	{"text.example", TXT, 0, 1, "\x0bhello world", 12},
	{"1.2.0.192.in-addr.arpa", PTR, 0, 1,
		"\x04host\x07"
		"example",
		13},
	{"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", PTR, 0, 1,
		"\x04host", 5},
	{"alias.example", A, 0, 2, "\xc0\x00\x02\x01", 4},
	{"alias.example", NS, 0, 1, "\x04host", 5},
	{"circle.example", A, 2, 0, "", 0},
	{"none.example", A, 3, 0, "", 0},
	{"slow.example", A, 2, 0, "", 0},
	{"slow.example", AAAA, 2, 0, "", 0},
	{"slow.example", MX, 0, 0, "", 0},
	{"nosuch.example", A, 3, 0, "", 0},
	{"example", A, 0, 0, "", 0},
	{"xhost.example", A, 3, 0, "", 0},
};

static size_t make_query(const char *name, unsigned type, uint8_t out[512])
{
	static const uint8_t head[12] = {0x12, 0x34, 1, 0, 0, 1};
	size_t n = sizeof head;

	memcpy(out, head, sizeof head);
	while (*name != '\0') {
		size_t length = strcspn(name, ".");
		out[n++] = (uint8_t)length;
		memcpy(out + n, name, length);
		n += length;
		name += length + (name[length] == '.');
	}
	const uint8_t tail[] = {0, 0, (uint8_t)type, 0, 1};
	memcpy(out + n, tail, sizeof tail);
	return n + sizeof tail;
}

static void test_answers(void **state)
{
	uint8_t query[512], out[LAB_DNS_MESSAGE];

	(void)state;
	for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
		const struct query_case *c = &queries[i];
		size_t n = make_query(c->name, c->type, query);
		size_t length =
			lab_dns_answer(records, sizeof records / sizeof *records, query, n, out);
		if (length < n || out[0] != 0x12 || out[1] != 0x34 || (out[2] & 0x80) == 0) {
			fail_msg("%s %u: no response", c->name, c->type);
		}
		unsigned answers = (unsigned)out[6] << 8 | out[7];
		if ((out[3] & 15) != c->rcode || answers != c->answers) {
			fail_msg("%s %u: rcode %d, %u answers", c->name, c->type, out[3] & 15,
				answers);
		}
		if (memmem(out + n, length - n, c->holds, c->length) == NULL) {
			fail_msg("%s %u: the answer lacks its data", c->name, c->type);
		}
	}
}

/* What is no query gets no answer, and reads nothing beyond its end. */
static void test_broken_queries(void **state)
{
	uint8_t query[512], out[LAB_DNS_MESSAGE];
	size_t n = make_query("host.example", A, query);

	(void)state;
	for (size_t cut = 0; cut < n; cut++) {
		uint8_t *copy = malloc(cut + 1);
		memcpy(copy, query, cut);
		assert_int_equal(lab_dns_answer(records, 1, copy, cut, out), 0);
		free(copy);
	}
	query[12] = 0xc0; /* a pointer where a question's name begins */
	assert_int_equal(lab_dns_answer(records, 1, query, n, out), 0);
	n = make_query("host.example", A, query);
	query[2] = 0x80; /* a response */
	assert_int_equal(lab_dns_answer(records, 1, query, n, out), 0);
}

/* Records that do not fit a message are an error of the server, not a cut answer. */
static void test_too_large(void **state)
{
	static char text[3000];
	const char *many[] = {text, text};
	const struct mp_lab_dns record = {MP_LAB_DNS_TXT, MP_LAB_DNS_FOUND, "big.example", many, 2};
	uint8_t query[512], out[LAB_DNS_MESSAGE];

	(void)state;
	memset(text, 'x', sizeof text - 1);
	size_t n = make_query("big.example", TXT, query);
	assert_int_equal(lab_dns_answer(&record, 1, query, n, out), n);
	assert_int_equal(out[3] & 15, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_broken_queries),
		cmocka_unit_test(test_too_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
