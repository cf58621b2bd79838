/* dns - answers DNS queries from the plan's records. */
#include "lab/dns.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/ip.h"
#include "base/number.h"

#include <string.h>

enum {
	T_A = 1,
	T_NS = 2,
	T_CNAME = 5,
	T_PTR = 12,
	T_MX = 15,
	T_TXT = 16,
	T_AAAA = 28,
	T_ANY = 255
};
enum { NOERROR = 0, SERVFAIL = 2, NXDOMAIN = 3 };
enum { HEADER = 12, TTL = 60, CHAIN_MAX = 8 };

struct writer {
	uint8_t *p;
	size_t n;
	unsigned answers;
	bool full;
};

static void put(struct writer *w, const void *p, size_t n)
{
	if (w->full || n > LAB_DNS_MESSAGE - w->n) {
		w->full = true;
		return;
	}
	memcpy(w->p + w->n, p, n);
	w->n += n;
}

static void put16(struct writer *w, unsigned v)
{
	const uint8_t b[2] = {(uint8_t)(v >> 8), (uint8_t)v};
	put(w, b, 2);
}

static void put_name(struct writer *w, struct mp_slice name)
{
	while (name.n > 0) {
		size_t dot = mp_slice_chr(name, '.');
		size_t n = dot == MP_NOT_FOUND ? name.n : dot;
		if (n > 63) {
			w->full = true;
			return;
		}
		if (n > 0) {
			const uint8_t length = (uint8_t)n;
			put(w, &length, 1);
			put(w, name.p, n);
		}
		name = dot == MP_NOT_FOUND ? mp_slice(NULL, 0) : mp_slice_from(name, dot + 1);
	}
	put(w, "", 1);
}

static void put_head(struct writer *w, struct mp_slice owner, unsigned type, unsigned length)
{
	put_name(w, owner);
	put16(w, type);
	put16(w, 1);
	put16(w, 0);
	put16(w, TTL);
	put16(w, length);
	w->answers++;
}

/* A record whose data is a name, with a preference before it where type is MX. */
static void put_name_record(struct writer *w, struct mp_slice owner, unsigned type,
	unsigned preference, struct mp_slice name)
{
	uint8_t space[LAB_DNS_MESSAGE] = {0};
	struct writer data = {.p = space};

	if (type == T_MX) {
		put16(&data, preference);
	}
	put_name(&data, name);
	put_head(w, owner, type, (unsigned)data.n);
	put(w, space, data.n);
	w->full = w->full || data.full;
}

static void put_text(struct writer *w, struct mp_slice owner, struct mp_slice text)
{
	size_t parts = text.n == 0 ? 1 : (text.n + 254) / 255;

	put_head(w, owner, T_TXT, (unsigned)(text.n + parts));
	for (size_t i = 0; i < parts; i++) {
		struct mp_slice part = mp_slice_sub(text, i * 255, (i + 1) * 255);
		const uint8_t n = (uint8_t)part.n;
		put(w, &n, 1);
		put(w, part.p, part.n);
	}
}

static void put_mx(struct writer *w, struct mp_slice owner, struct mp_slice value)
{
	size_t blank = mp_slice_chr(value, ' ');
	unsigned long preference = 0;

	if (blank != MP_NOT_FOUND &&
		mp_parse_uint(mp_slice_sub(value, 0, blank), 0, 65535, &preference)) {
		value = mp_slice_trim(mp_slice_from(value, blank));
	}
	put_name_record(w, owner, T_MX, (unsigned)preference, value);
}

static void put_value(struct writer *w, struct mp_slice owner, unsigned type, const char *text)
{
	struct mp_slice value = mp_slice_str(text);
	struct mp_ip ip;

	switch (type) {
	case T_A:
	case T_AAAA:
		if (mp_ip_parse(value, &ip) && (ip.family == 6) == (type == T_AAAA)) {
			put_head(w, owner, type, mp_ip_bits(&ip) / 8);
			put(w, ip.b, mp_ip_bits(&ip) / 8);
		}
		break;
	case T_MX:
		put_mx(w, owner, value);
		break;
	case T_TXT:
		put_text(w, owner, value);
		break;
	default:
		put_name_record(w, owner, type, 0, value);
		break;
	}
}

static struct mp_slice without_dot(struct mp_slice name)
{
	return mp_slice_ends(name, ".") ? mp_slice_sub(name, 0, name.n - 1) : name;
}

/* The domain name under which a record is asked for (RFC 1035 3.5, RFC 3596 2.5). */
static struct mp_slice owner_of(const struct mp_lab_dns *r, struct mp_buf *space)
{
	struct mp_ip ip;

	if (r->type != MP_LAB_DNS_PTR || !mp_ip_parse(mp_slice_str(r->name), &ip)) {
		return without_dot(mp_slice_str(r->name));
	}
	mp_buf_reset(space);
	for (int i = (int)mp_ip_bits(&ip) / 8 - 1; i >= 0; i--) {
		if (ip.family == 4) {
			mp_buf_printf(space, "%u.", ip.b[i]);
		} else {
			mp_buf_printf(space, "%x.%x.", ip.b[i] & 15u, ip.b[i] >> 4u);
		}
	}
	mp_buf_puts(space, ip.family == 4 ? "in-addr.arpa" : "ip6.arpa");
	return mp_buf_slice(space);
}

static bool is_below(struct mp_slice name, struct mp_slice parent)
{
	return name.n > parent.n && name.p[name.n - parent.n - 1] == '.' &&
		mp_slice_ieq(mp_slice_from(name, name.n - parent.n), parent);
}

static unsigned wire_type(enum mp_lab_dns_type type)
{
	static const unsigned types[] = {[MP_LAB_DNS_MX] = T_MX,
		[MP_LAB_DNS_NS] = T_NS,
		[MP_LAB_DNS_TXT] = T_TXT,
		[MP_LAB_DNS_PTR] = T_PTR,
		[MP_LAB_DNS_CNAME] = T_CNAME,
		[MP_LAB_DNS_ADDRESS] = T_A};
	return types[type];
}

static bool is_asked(const struct mp_lab_dns *r, unsigned type)
{
	return type == wire_type(r->type) || type == T_ANY ||
		(type == T_AAAA && r->type == MP_LAB_DNS_ADDRESS);
}

struct lookup {
	const struct mp_lab_dns *records;
	size_t count;
	struct writer *w;
	struct mp_buf space;
	struct mp_slice alias; /* where the name points to, or empty */
};

/* Puts what one name has of a type; the response code. */
static int answer_name(struct lookup *l, struct mp_slice name, unsigned type)
{
	int rcode = NXDOMAIN;

	l->alias = mp_slice(NULL, 0);
	for (size_t i = 0; i < l->count; i++) {
		const struct mp_lab_dns *r = &l->records[i];
		struct mp_slice owner = owner_of(r, &l->space);
		if (is_below(owner, name)) {
			rcode = NOERROR;
		}
		if (!mp_slice_ieq(owner, name) || r->state == MP_LAB_DNS_NONE) {
			continue;
		}
		bool alias = r->type == MP_LAB_DNS_CNAME && type != T_CNAME;
		if (r->state == MP_LAB_DNS_TEMPFAIL) {
			if (is_asked(r, type) || r->type == MP_LAB_DNS_CNAME) {
				return SERVFAIL;
			}
			rcode = NOERROR;
			continue;
		}
		rcode = NOERROR;
		unsigned put_as = r->type == MP_LAB_DNS_ADDRESS && type == T_AAAA
			? T_AAAA
			: wire_type(r->type);
		for (size_t v = 0; (alias || is_asked(r, type)) && v < r->value_count; v++) {
			put_value(l->w, name, put_as, r->values[v]);
		}
		if (alias && r->value_count > 0) {
			l->alias = without_dot(mp_slice_str(r->values[0]));
		}
	}
	return rcode;
}

static int answer_chain(struct lookup *l, struct mp_slice name, unsigned type)
{
	int rcode = NOERROR;

	for (int step = 0; step < CHAIN_MAX; step++) {
		rcode = answer_name(l, name, type);
		if (l->alias.n == 0) {
			return rcode;
		}
		name = l->alias;
	}
	return SERVFAIL;
}

/* Reads the question's name; the offset behind it, or 0. */
static size_t read_name(const uint8_t *query, size_t n, char name[LAB_DNS_NAME + 1])
{
	size_t at = HEADER, used = 0;

	while (at < n && query[at] != 0) {
		size_t length = query[at];
		if (length > 63 || at + 1 + length > n || used + length + 1 > LAB_DNS_NAME) {
			return 0;
		}
		if (used > 0) {
			name[used++] = '.';
		}
		memcpy(name + used, query + at + 1, length);
		used += length;
		at += length + 1;
	}
	name[used] = '\0';
	return at < n ? at + 1 : 0;
}

size_t lab_dns_answer(const struct mp_lab_dns *records, size_t count, const uint8_t *query,
	size_t n, uint8_t out[LAB_DNS_MESSAGE])
{
	char name[LAB_DNS_NAME + 1];

	if (n < HEADER || (query[2] & 0xf8) != 0 || query[4] != 0 || query[5] != 1) {
		return 0;
	}
	size_t end = read_name(query, n, name);
	if (end == 0 || end + 4 > n) {
		return 0;
	}
	unsigned type = (unsigned)query[end] << 8 | query[end + 1];
	struct writer w = {.p = out};
	struct lookup l = {.records = records, .count = count, .w = &w};

	put(&w, query, end + 4);
	mp_buf_init(&l.space, 256);
	int rcode = answer_chain(&l, mp_slice_str(name), type);
	mp_buf_release(&l.space);
	if (w.full || rcode == SERVFAIL) {
		rcode = SERVFAIL;
		w.n = end + 4;
		w.answers = 0;
	}
	out[2] = (uint8_t)(0x84 | (query[2] & 1)); /* a response, authoritative */
	out[3] = (uint8_t)(0x80 | rcode);
	memset(out + 6, 0, 6);
	out[6] = (uint8_t)(w.answers >> 8);
	out[7] = (uint8_t)w.answers;
	return w.n;
}
