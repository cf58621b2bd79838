/* Addresses and networks: what is read, how it is written, what a network holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ip.h"

#include <stdio.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	const char *in, *want; /* want NULL: refused */
} addresses[] = {
	{"192.0.2.1", "192.0.2.1"},
	{"0.0.0.0", "0.0.0.0"},
	{"255.255.255.255", "255.255.255.255"},
	{"2001:DB8::0:5", "2001:db8::5"},
	{"::", "::"},
	{"::1", "::1"},
	{"::ffff:192.0.2.1", "192.0.2.1"},
	{"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
	{"", NULL},
	{"192.0.2", NULL},
	{"192.0.2.256", NULL},
	{"192.0.2.1 ", NULL},
	{" 192.0.2.1", NULL},
	{"192.0.2.1.5", NULL},
	{"[::1]", NULL},
	{"::1%lo", NULL},
	{":::", NULL},
	{"1:2:3:4:5:6:7:8:9", NULL},
	{"example.com", NULL},
	{"0000:0000:0000:0000:0000:0000:0000:0000:0000:0000", NULL},
};

static void test_addresses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(addresses); i++) {
		struct mp_ip ip = {.family = 9};
		char text[MP_IP_TEXT];
		bool ok = mp_ip_parse(mp_slice_str(addresses[i].in), &ip);

		if (ok != (addresses[i].want != NULL)) {
			fail_msg("%s", addresses[i].in);
		}
		if (ok) {
			assert_string_equal(mp_ip_format(&ip, text), addresses[i].want);
		} else {
			assert_int_equal(ip.family, 9); /* untouched */
		}
	}
	struct mp_ip ip;
	assert_false(mp_ip_parse(mp_slice("1.2.3.4\0", 8), &ip));
}

static void test_whole_addresses(void **state)
{
	static const struct {
		const char *in, *want;
	} cases[] = {
		{"192.0.2.1", "192.0.2.1"},
		{"::", "0:0:0:0:0:0:0:0"},
		{"2001:DB8::0:5", "2001:db8:0:0:0:0:0:5"},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
			"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct mp_ip ip;
		char text[MP_IP_TEXT];

		assert_true(mp_ip_parse(mp_slice_str(cases[i].in), &ip));
		assert_string_equal(mp_ip_format_full(&ip, text), cases[i].want);
	}
}

static const struct {
	const char *net, *ip;
	bool want;
} members[] = {
	{"10.0.0.0/8", "10.255.255.255", true},
	{"10.0.0.0/8", "11.0.0.0", false},
	{"192.0.2.128/25", "192.0.2.127", false},
	{"192.0.2.128/25", "192.0.2.200", true},
	{"192.0.2.1", "192.0.2.1", true},
	{"192.0.2.1", "192.0.2.2", false},
	{"0.0.0.0/0", "203.0.113.5", true},
	{"0.0.0.0/0", "::1", false},
	{"::/0", "192.0.2.1", false},
	{"::/0", "2001:db8::1", true},
	{"2001:db8::/33", "2001:db8:7fff::", true},
	{"2001:db8::/33", "2001:db8:8000::", false},
};

static void test_members(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(members); i++) {
		struct mp_cidr net;
		struct mp_ip ip;

		assert_true(mp_cidr_parse(mp_slice_str(members[i].net), &net));
		assert_true(mp_ip_parse(mp_slice_str(members[i].ip), &ip));
		if (mp_cidr_contains(&net, &ip) != members[i].want) {
			fail_msg("%s in %s", members[i].ip, members[i].net);
		}
	}
}

static void test_network_syntax(void **state)
{
	static const char *const bad[] = {"192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "/8",
		"192.0.2/24", "::/129", "192.0.2.0/24/1", "192.0.2.0/ 8", "192.0.2.0/+8",
		"192.0.2.0/99999999999999999999"};
	struct mp_cidr net;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (mp_cidr_parse(mp_slice_str(bad[i]), &net)) {
			fail_msg("%s was read as a network", bad[i]);
		}
	}
}

static void test_bounds(void **state)
{
	char text[MP_IP_TEXT];
	struct mp_cidr net;

	(void)state;
	assert_true(mp_cidr_parse(mp_slice_str("192.0.2.77/20"), &net));
	assert_true(mp_cidr_host_bits(&net));
	struct mp_ip last = mp_cidr_last(&net);
	assert_string_equal(mp_ip_format(&last, text), "192.0.15.255");
	mp_cidr_mask(&net);
	assert_false(mp_cidr_host_bits(&net));
	assert_string_equal(mp_ip_format(&net.ip, text), "192.0.0.0");
	assert_true(mp_cidr_parse(mp_slice_str("2001:db8::/127"), &net));
	last = mp_cidr_last(&net);
	assert_string_equal(mp_ip_format(&last, text), "2001:db8::1");
}

static void test_neighbours(void **state)
{
	static const struct {
		const char *ip, *next;
	} rows[] = {
		{"192.0.2.1", "192.0.2.2"},
		{"192.0.2.255", "192.0.3.0"},
		{"2001:db8::ffff", "2001:db8::1:0"},
		{"255.255.255.255", NULL},
		{"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mp_ip ip;
		char text[MP_IP_TEXT];

		assert_true(mp_ip_parse(mp_slice_str(rows[i].ip), &ip));
		assert_int_equal(mp_ip_next(&ip), rows[i].next != NULL);
		if (rows[i].next != NULL) {
			assert_string_equal(mp_ip_format(&ip, text), rows[i].next);
			assert_true(mp_ip_prev(&ip));
			assert_string_equal(mp_ip_format(&ip, text), rows[i].ip);
		}
	}
	struct mp_ip zero = {.family = 4};
	assert_false(mp_ip_prev(&zero));
}

static void test_order(void **state)
{
	static const char *const sorted[] = {
		"9.0.0.0", "10.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::"};

	(void)state;
	for (size_t i = 0; i < COUNT(sorted); i++) {
		for (size_t j = 0; j < COUNT(sorted); j++) {
			struct mp_ip a, b;

			assert_true(mp_ip_parse(mp_slice_str(sorted[i]), &a));
			assert_true(mp_ip_parse(mp_slice_str(sorted[j]), &b));
			int d = mp_ip_cmp(&a, &b);
			assert_int_equal((d > 0) - (d < 0), (i > j) - (i < j));
			assert_int_equal(mp_ip_eq(&a, &b), i == j);
		}
	}
}

static void test_loopback(void **state)
{
	static const struct {
		const char *ip;
		bool want;
	} rows[] = {{"127.0.0.1", true}, {"127.255.0.9", true}, {"128.0.0.1", false}, {"::1", true},
		{"::2", false}, {"::ffff:127.0.0.1", true}};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mp_ip ip;

		assert_true(mp_ip_parse(mp_slice_str(rows[i].ip), &ip));
		assert_int_equal(mp_ip_is_loopback(&ip), rows[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_whole_addresses),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_network_syntax),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_loopback),
	};

	return cmocka_run_group_tests_name("base/ip", tests, NULL, NULL);
}
