/*
 * dns_query SERVER MS TYPE NAME [TYPE NAME...] - dns/lookup.h by hand.
 *
 * Asks for all at once and prints one line each: "mx example.com has 10 a.example|20 b.example",
 * "... none", "... fails: WHY", "... open: WHY", with "(NAME)" behind the name where CNAMEs lead
 * on. SERVER is what --dns takes.
 */
#include "base/alloc.h"
#include "base/number.h"
#include "dns/lookup.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *word;
	enum mp_dns_rr type;
} types[] = {{"a", MP_DNS_RR_A}, {"aaaa", MP_DNS_RR_AAAA}, {"mx", MP_DNS_RR_MX},
	{"ns", MP_DNS_RR_NS}, {"txt", MP_DNS_RR_TXT}, {"ptr", MP_DNS_RR_PTR},
	{"cname", MP_DNS_RR_CNAME}};

static const char *type_name(enum mp_dns_rr type)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (types[i].type == type) {
			return types[i].word;
		}
	}
	return "?";
}

static void print(const struct mp_dns_lookup *l)
{
	static const char *const words[] = {[MP_DNS_OPEN] = "open:",
		[MP_DNS_HAS] = "has",
		[MP_DNS_HAS_NONE] = "none",
		[MP_DNS_FAILS] = "fails:"};

	printf("%s %s", type_name(l->type), l->name);
	if (!mp_str_eq(l->canonical, l->name)) {
		printf(" (%s)", l->canonical);
	}
	printf(" %s", words[l->answer]);
	for (size_t i = 0; l->answer == MP_DNS_HAS && i < l->n; i++) {
		printf("%s%s", i == 0 ? " " : "|", l->values[i]);
	}
	printf("%s%s\n", l->problem[0] != '\0' ? " " : "", l->problem);
}

int main(int argc, char **argv)
{
	struct mp_arena arena = {0};
	struct mp_dns_server server;
	struct mp_err err = {0};
	unsigned long ms = 0;

	if (argc < 5 || argc % 2 == 0 || !mp_parse_uint(mp_slice_str(argv[2]), 1, 100000, &ms)) {
		fputs("usage: dns_query SERVER MS TYPE NAME [TYPE NAME...]\n", stderr);
		return 2;
	}
	size_t n = (size_t)(argc - 3) / 2;
	struct mp_dns_lookup *lookups = mp_arena_array(&arena, n, sizeof *lookups);
	for (size_t i = 0; i < n; i++) {
		lookups[i].name = argv[4 + 2 * i];
		for (size_t t = 0; t < sizeof types / sizeof *types; t++) {
			if (mp_str_eq(types[t].word, argv[3 + 2 * i])) {
				lookups[i].type = types[t].type;
			}
		}
	}
	if (mp_dns_server_parse(argv[1], &server, &err) < 0 ||
		mp_dns_look_up(&server, lookups, n, (unsigned)ms, &arena, &err) < 0) {
		fprintf(stderr, "dns_query: %s\n", err.text);
		mp_arena_release(&arena);
		return 1;
	}
	for (size_t i = 0; i < n; i++) {
		print(&lookups[i]);
	}
	mp_arena_release(&arena);
	return 0;
}
