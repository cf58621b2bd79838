/*
 * message - what a DNS server has answered.
 *
 * DESCRIPTION
 *	Names are expanded by c-ares, which refuses pointers that lead in a circle or out of the
 *	message; everything else is read here, with every length checked against what is left.
 */
#include "dns/message.h"

#include "base/ip.h"
#include "base/limits.h"
#include "base/vec.h"

#include <ares.h>
#include <string.h>

enum { HEADER = 12, IS_ANSWER = 0x80, CLASS_IN = 1 };

static const char cut_short[] = "the answer is malformed";

struct reader {
	struct mp_slice all;
	size_t at;
	struct mp_arena *arena;
	const char *problem; /* the first; NULL: none */
};

static void complain(struct reader *r, const char *problem)
{
	r->problem = r->problem == NULL ? problem : r->problem;
}

static unsigned get8(struct reader *r)
{
	if (r->at >= r->all.n) {
		complain(r, cut_short);
		return 0;
	}
	return (unsigned char)r->all.p[r->at++];
}

static unsigned get16(struct reader *r)
{
	unsigned high = get8(r);

	return high << 8 | get8(r);
}

static void skip(struct reader *r, size_t n)
{
	if (n > r->all.n - r->at) {
		complain(r, cut_short);
		n = r->all.n - r->at;
	}
	r->at += n;
}

/* A name without its trailing dot, in the case that the server wrote; "" for the root. */
static const char *get_name(struct reader *r)
{
	const unsigned char *all = (const unsigned char *)r->all.p;
	char *expanded = NULL;
	long used = 0;

	if (r->problem != NULL || r->at >= r->all.n ||
		ares_expand_name(all + r->at, all, (int)r->all.n, &expanded, &used) !=
			ARES_SUCCESS) {
		complain(r, cut_short);
		return "";
	}
	const char *name = mp_arena_strdup(r->arena, expanded);
	ares_free_string(expanded);
	skip(r, (size_t)used);
	return name;
}

static const char *get_lower_name(struct reader *r)
{
	return mp_arena_lower(r->arena, mp_slice_str(get_name(r)));
}

static const char *get_address(struct reader *r, unsigned family, size_t length)
{
	struct mp_ip ip = {.family = (uint8_t)family};
	size_t size = family == 4 ? 4 : 16;
	char text[MP_IP_TEXT];

	if (length != size || size > r->all.n - r->at) {
		complain(r, cut_short);
		return "";
	}
	memcpy(ip.b, r->all.p + r->at, size);
	skip(r, size);
	return mp_arena_strdup(r->arena, mp_ip_format(&ip, text));
}

static const char *get_text(struct reader *r, size_t length)
{
	char *text = mp_arena_alloc(r->arena, length + 1);
	size_t end = r->at + length, n = 0;

	if (length > MP_LIMIT_DNS_TEXT) {
		complain(r, "a text of the answer is too long");
		return "";
	}
	while (r->problem == NULL && r->at < end) {
		unsigned left = get8(r);
		if (left > end - r->at) {
			complain(r, cut_short);
		}
		for (; left > 0 && r->problem == NULL; left--) {
			unsigned c = get8(r);
			text[n++] = c >= ' ' && c <= '~' ? (char)c : ' ';
		}
	}
	return text;
}

static const char *get_mx(struct reader *r)
{
	unsigned preference = get16(r);
	const char *name = get_name(r);

	return mp_arena_printf(r->arena, "%u %s", preference, name[0] != '\0' ? name : ".");
}

/* The value of a record of a type that is kept; NULL for all others. */
static const char *get_value(struct reader *r, unsigned type, size_t length)
{
	switch (type) {
	case MP_DNS_RR_A:
		return get_address(r, 4, length);
	case MP_DNS_RR_AAAA:
		return get_address(r, 6, length);
	case MP_DNS_RR_NS:
	case MP_DNS_RR_PTR:
		return get_name(r);
	case MP_DNS_RR_CNAME:
		return get_lower_name(r);
	case MP_DNS_RR_MX:
		return get_mx(r);
	case MP_DNS_RR_TXT:
		return get_text(r, length);
	default:
		return NULL;
	}
}

/* Reads one record; false when it is not one that is kept. */
static bool get_record(struct reader *r, struct mp_dns_record *out)
{
	const char *owner = get_lower_name(r);
	unsigned type = get16(r);
	unsigned class = get16(r);
	skip(r, 4); /* how long it may be kept */
	size_t length = get16(r);
	size_t start = r->at;

	if (r->problem != NULL || length > r->all.n - start) {
		complain(r, cut_short);
		return false;
	}
	const char *value = class == CLASS_IN ? get_value(r, type, length) : NULL;
	if (value == NULL) {
		skip(r, length);
		return false;
	}
	if (r->at != start + length) {
		complain(r, cut_short);
	}
	*out = (struct mp_dns_record){owner, (enum mp_dns_rr)type, value};
	return r->problem == NULL;
}

static void get_records(struct reader *r, unsigned count, struct mp_dns_message *out)
{
	struct mp_dns_record *list = NULL, record;
	size_t n = 0;

	list = mp_arena_array(r->arena, MP_LIMIT_DNS_RECORDS, sizeof *list);
	for (unsigned i = 0; i < count && r->problem == NULL; i++) {
		if (!get_record(r, &record)) {
			continue;
		}
		if (n == MP_LIMIT_DNS_RECORDS) {
			complain(r, "the answer holds too many records");
			break;
		}
		list[n++] = record;
	}
	out->records = list;
	out->n = n;
}

const char *mp_dns_message_read(
	struct mp_slice bytes, struct mp_arena *arena, struct mp_dns_message *out)
{
	struct reader r = {.all = bytes, .arena = arena};

	*out = (struct mp_dns_message){0};
	if (bytes.n < HEADER || bytes.n > UINT16_MAX ||
		((unsigned char)bytes.p[2] & IS_ANSWER) == 0) {
		return cut_short;
	}
	skip(&r, 2);
	out->rcode = get16(&r) & 15;
	unsigned questions = get16(&r);
	unsigned answers = get16(&r);
	skip(&r, 4);
	for (unsigned i = 0; i < questions && r.problem == NULL; i++) {
		get_name(&r);
		skip(&r, 4);
	}
	get_records(&r, answers, out);
	return r.problem;
}

static const char *next_name(const struct mp_dns_message *m, const char *name)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->records[i].type == MP_DNS_RR_CNAME && mp_str_eq(m->records[i].owner, name)) {
			return m->records[i].value;
		}
	}
	return NULL;
}

const char *mp_dns_message_canonical(const struct mp_dns_message *m, const char *name)
{
	for (size_t steps = 0; steps <= m->n; steps++) {
		const char *next = next_name(m, name);
		if (next == NULL) {
			return name;
		}
		name = next;
	}
	return NULL;
}
