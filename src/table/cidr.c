/*
 * cidr - tables of networks (cidr_table(5)): the first rule that matches an address gives the
 * value.
 *
 * Patterns and keys of the two address families never match each other; an IPv4 address written
 * in IPv6 counts as IPv6 here, as it does in Postfix.
 */
#include "base/ascii.h"
#include "base/number.h"
#include "table/braces.h"
#include "table/lines.h"
#include "table/private.h"
#include "table/rules.h"

#include <arpa/inet.h>
#include <stdlib.h>

struct network {
	int family;
	unsigned char address[16];
	unsigned length;
};

struct rule {
	enum mp_rule_op op;
	bool negated;
	struct network net;
	const char *value;
	struct mp_loc loc;
	size_t end; /* IF: index of its ENDIF, or of the end of the table */
};

struct cidr {
	MP_VEC(struct rule) rules;
};

/* Reads an address; the family follows from whether it holds a colon. */
static bool parse_address(struct mp_slice s, struct network *net)
{
	char text[INET6_ADDRSTRLEN + 1];

	if (s.n == 0 || s.n >= sizeof text) {
		return false;
	}
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	net->family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	return inet_pton(net->family, text, net->address) == 1;
}

static unsigned family_bits(int family)
{
	return family == AF_INET6 ? 128 : 32;
}

/* Both are of one family. */
static bool in_network(const struct network *net, const struct network *address)
{
	unsigned whole = net->length / 8;
	unsigned rest = net->length % 8;

	if (memcmp(net->address, address->address, whole) != 0) {
		return false;
	}
	unsigned char mask = (unsigned char)(0xff00u >> rest);
	return rest == 0 || ((net->address[whole] ^ address->address[whole]) & mask) == 0;
}

/* Whether bits behind the prefix are set. */
static bool has_host_bits(const struct network *net)
{
	for (unsigned bit = net->length; bit < family_bits(net->family); bit++) {
		if ((net->address[bit / 8] & 0x80u >> bit % 8) != 0) {
			return true;
		}
	}
	return false;
}

/* Reads "addr", "addr/len", "[addr]", "[addr]/len" or "[addr/len]"; NULL or what is wrong. */
static const char *parse_network(struct mp_slice s, struct network *net)
{
	unsigned long length;

	if (s.n > 0 && s.p[0] == '[') {
		size_t close = mp_slice_chr(s, ']');
		struct mp_slice rest = close == MP_NOT_FOUND ? s : mp_slice_from(s, close + 1);
		struct mp_slice inside = mp_slice_sub(s, 1, close);
		if (close == MP_NOT_FOUND || (rest.n > 0 && rest.p[0] != '/')) {
			return "a bracket is not closed, or something else than a length follows "
			       "it";
		}
		if (rest.n > 0) {
			const char *why = parse_network(inside, net);
			if (why != NULL || mp_slice_chr(inside, '/') != MP_NOT_FOUND) {
				return why != NULL ? why : "there are two lengths";
			}
			s = rest;
		} else {
			return parse_network(inside, net);
		}
	} else if (!parse_address(mp_slice_sub(s, 0, mp_slice_chr(s, '/')), net)) {
		return "this is not an address or network";
	}
	net->length = family_bits(net->family);
	size_t slash = mp_slice_chr(s, '/');
	if (slash != MP_NOT_FOUND) {
		if (!mp_parse_uint(mp_slice_from(s, slash + 1), 0, net->length, &length)) {
			return "the length of the network is not a number in range";
		}
		net->length = (unsigned)length;
	}
	return has_host_bits(net) ? "bits behind the length of the network are set" : NULL;
}

/* Reads "[!]pattern" from offset at to offset end. */
static bool read_pattern(struct mp_rules *rules, size_t at, size_t end, struct rule *rule)
{
	const char *p = rules->line.p;

	while (at < end && (p[at] == '!' || mp_is_space(p[at]))) {
		rule->negated ^= p[at] == '!';
		at++;
	}
	if (at == end) {
		mp_rules_skip(rules, 0, end, "there is no network");
		return false;
	}
	const char *why = parse_network(mp_slice_sub(rules->line, at, end), &rule->net);
	if (why != NULL) {
		mp_rules_skip(rules, at, end, why);
		return false;
	}
	return true;
}

/* Reads a rule; false when there is none to be kept. */
static bool read_rule(struct mp_rules *rules, struct rule *rule)
{
	struct mp_slice line = rules->line;
	size_t at = 0;

	rule->op = mp_rules_op(line, &at);
	rule->loc = mp_rules_loc(rules, 0, line.n);
	switch (rule->op) {
	case MP_RULE_IF:
		return read_pattern(rules, at, line.n, rule);
	case MP_RULE_ENDIF:
		if (mp_slice_trim(mp_slice_from(line, at)).n > 0) {
			mp_rules_skip(rules, at, line.n, "something follows endif");
			return false;
		}
		return true;
	case MP_RULE_MATCH:
		break;
	}
	/* Blanks may stand between the negation and the network, not inside of it. */
	while (at < line.n && (line.p[at] == '!' || mp_is_space(line.p[at]))) {
		at++;
	}
	size_t end = at;
	while (end < line.n && !mp_is_space(line.p[end])) {
		end++;
	}
	struct mp_slice value = mp_slice_trim(mp_slice_from(line, end));
	if (at < line.n && value.n == 0) {
		mp_rules_skip(rules, 0, line.n, "there is no value");
		return false;
	}
	rule->value = mp_arena_slicedup(rules->table->tables->arena, value);
	return read_pattern(rules, 0, end, rule);
}

static struct mp_table_result lookup_cidr(struct mp_table *table, const struct mp_lookup *lookup)
{
	const struct cidr *cidr = table->data;
	struct network key;

	if (!parse_address(mp_slice_str(lookup->key), &key)) {
		return mp_table_none();
	}
	for (size_t i = 0; i < cidr->rules.n; i++) {
		const struct rule *rule = &cidr->rules.v[i];
		if (rule->op == MP_RULE_ENDIF) {
			continue;
		}
		/* An address of the other family matches neither a network nor its negation. */
		bool match = rule->net.family == key.family &&
			in_network(&rule->net, &key) != rule->negated;
		if (rule->op == MP_RULE_IF) {
			i = match ? i : rule->end;
		} else if (match) {
			return (struct mp_table_result){
				.status = MP_TABLE_FOUND, .value = rule->value, .loc = rule->loc};
		}
	}
	return mp_table_none();
}

/* The networks as text. */
static bool keys_cidr(struct mp_table *table, struct mp_keys *keys)
{
	const struct cidr *cidr = table->data;

	for (size_t i = 0; i < cidr->rules.n; i++) {
		const struct rule *rule = &cidr->rules.v[i];
		char text[INET6_ADDRSTRLEN];
		if (rule->op != MP_RULE_ENDIF) {
			inet_ntop(rule->net.family, rule->net.address, text, sizeof text);
			mp_vec_push(&keys->v,
				mp_arena_printf(
					table->tables->arena, "%s/%u", text, rule->net.length));
		}
	}
	return true;
}

static bool entries_cidr(struct mp_table *table, const struct mp_visit *visit)
{
	const struct cidr *cidr = table->data;

	for (size_t i = 0; i < cidr->rules.n && !*visit->ended; i++) {
		const struct rule *rule = &cidr->rules.v[i];
		char text[INET6_ADDRSTRLEN];
		if (rule->op == MP_RULE_ENDIF) {
			continue;
		}
		struct mp_table_entry entry = {.kind = MP_ENTRY_NETWORK,
			.value = rule->value != NULL ? rule->value : "",
			.loc = rule->loc,
			.table = table,
			.net = {.ip = {.family = rule->net.family == AF_INET6 ? 6 : 4},
				.length = rule->net.length}};
		memcpy(entry.net.ip.b, rule->net.address, rule->net.family == AF_INET6 ? 16 : 4);
		inet_ntop(rule->net.family, rule->net.address, text, sizeof text);
		entry.text = mp_arena_printf(table->tables->arena, "%s%s/%u",
			rule->negated ? "!" : "", text, rule->net.length);
		mp_table_visit(visit, &entry);
	}
	return true;
}

static void release_cidr(struct mp_table *table)
{
	struct cidr *cidr = table->data;

	mp_vec_release(&cidr->rules);
}

static const struct mp_table_ops cidr_ops = {lookup_cidr, keys_cidr, release_cidr, entries_cidr};

void mp_open_cidr(struct mp_table *table, const char *name, unsigned depth)
{
	struct mp_rules rules;

	(void)depth;
	if (!mp_rules_open(&rules, table, name)) {
		return;
	}
	struct cidr *cidr = MP_ARENA_NEW(table->tables->arena, struct cidr);
	table->data = cidr;
	table->ops = &cidr_ops;
	while (mp_rules_next(&rules, cidr->rules.n)) {
		struct rule rule = {0};
		if (!read_rule(&rules, &rule)) {
			continue;
		}
		if (rule.op == MP_RULE_ENDIF) {
			size_t opened = mp_rules_close_if(&rules);
			if (opened == MP_NOT_FOUND) {
				continue;
			}
			cidr->rules.v[opened].end = cidr->rules.n;
		} else if (rule.op == MP_RULE_IF) {
			mp_rules_open_if(&rules, cidr->rules.n, rule.loc);
			rule.end = MP_NOT_FOUND - 1;
		}
		mp_vec_push(&cidr->rules, rule);
	}
	mp_rules_close(&rules);
}
