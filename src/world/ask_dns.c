/* ask_dns - the DNS as far as facts hold it, and questions for the rest. */
#include "base/alloc.h"
#include "world/world_internal.h"

#include <stdio.h>

/* How a type is spelled in the facts and in a question. */
static const struct {
	const char *fact, *question;
} dns_words[] = {
	[MP_DNS_ADDRESS] = {"address", "dns.address"},
	[MP_DNS_MX] = {"mx", "dns.mx"},
	[MP_DNS_NS] = {"ns", "dns.ns"},
	[MP_DNS_TXT] = {"txt", "dns.txt"},
	[MP_DNS_PTR] = {"ptr", "dns.ptr"},
	[MP_DNS_CANONICAL] = {"cname", "dns.canonical"},
};

static struct mp_dns_result dns_result_of(const struct mp_fact_dns *fact)
{
	switch (fact->kind) {
	case MP_FACT_FOUND:
		return (struct mp_dns_result){MP_FOUND, fact->values, true};
	case MP_FACT_NONE:
		return (struct mp_dns_result){MP_NONE, {NULL, 0}, true};
	case MP_FACT_TEMPFAIL:
		return (struct mp_dns_result){MP_TEMPFAIL, {NULL, 0}, true};
	}
	MP_BUG("fact kind out of range");
}

const char *mp_canonical_name(struct mp_world *w, const char *name)
{
	struct mp_slice s = mp_slice_str(name);

	if (s.n > 1 && s.p[s.n - 1] == '.') {
		s.n--;
	}
	return mp_arena_lower(&w->arena, s);
}

static const struct mp_fact_dns *find_fact(struct mp_world *w, const char *type, const char *name)
{
	return mp_map_get_str(&w->facts->dns, mp_arena_printf(&w->arena, "%s %s", type, name));
}

/* The values of an answer that is not one of the words: separated by commas. */
static struct mp_strings split_values(struct mp_arena *arena, const char *answer)
{
	size_t n = 1;

	for (const char *p = answer; *p != '\0'; p++) {
		n += *p == ',';
	}
	const char **values = mp_arena_array(arena, n, sizeof *values);
	struct mp_slice rest = mp_slice_str(answer);
	for (size_t i = 0; i < n; i++) {
		size_t comma = mp_slice_chr(rest, ',');
		values[i] = mp_arena_slicedup(arena, mp_slice_trim(mp_slice_sub(rest, 0, comma)));
		rest = comma == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(rest, comma + 1);
	}
	return (struct mp_strings){values, n};
}

/* An answer as a result: the words, or values that the user supplied. */
static struct mp_dns_result dns_result_of_answer(struct mp_world *w, const char *answer)
{
	enum mp_found found = mp_found_of(answer);

	if (found != MP_FOUND || mp_str_eq(answer, "found")) {
		return (struct mp_dns_result){found, {NULL, 0}, found != MP_FOUND};
	}
	return (struct mp_dns_result){MP_FOUND, split_values(&w->arena, answer), true};
}

/* Follows CNAME facts, at most 16 (a loop ends there). */
static const char *follow_cname(struct mp_world *w, const char *name)
{
	for (int i = 0; i < 16; i++) {
		const struct mp_fact_dns *fact = find_fact(w, "cname", name);
		if (fact == NULL || fact->kind != MP_FACT_FOUND || fact->values.n == 0) {
			break;
		}
		name = mp_canonical_name(w, fact->values.v[0]);
	}
	return name;
}

bool mp_dns_fact(
	struct mp_world *w, enum mp_dns_type type, const char *asked, struct mp_dns_result *out)
{
	const char *name = type == MP_DNS_CANONICAL ? asked : follow_cname(w, asked);
	const struct mp_fact_dns *fact = find_fact(w, dns_words[type].fact, name);

	if (fact != NULL) {
		*out = dns_result_of(fact);
		return true;
	}
	if (w->facts->dns_complete || mp_map_get_str(&w->facts->dns_names, name) != NULL) {
		*out = (struct mp_dns_result){MP_NONE, {NULL, 0}, true};
		return true;
	}
	return false;
}

struct mp_dns_result mp_ask_dns(struct mp_world *w, enum mp_dns_type type, const char *name)
{
	static const char *const answers[] = {"found", "none", "tempfail"};
	const char *canonical = mp_canonical_name(w, name);
	const char *question =
		mp_arena_printf(&w->arena, "%s %s", dns_words[type].question, canonical);
	struct mp_dns_result result;

	if (mp_known_answer(w, question) == NULL && mp_dns_fact(w, type, canonical, &result)) {
		return result;
	}
	return dns_result_of_answer(w, mp_ask(w, question, answers, 3));
}

/* What facts say of a name that is its own canonical one; false when they leave it open. */
static bool host_fact(struct mp_world *w, const char *name, struct mp_dns_result *out)
{
	struct mp_dns_result address, mx;
	bool known = mp_dns_fact(w, MP_DNS_ADDRESS, name, &address);
	bool mx_known = mp_dns_fact(w, MP_DNS_MX, name, &mx);

	*out = (struct mp_dns_result){MP_FOUND, {NULL, 0}, true};
	if ((known && address.status == MP_FOUND) || (mx_known && mx.status == MP_FOUND)) {
		return true;
	}
	if (!known || !mx_known) {
		return false;
	}
	out->status =
		address.status == MP_TEMPFAIL || mx.status == MP_TEMPFAIL ? MP_TEMPFAIL : MP_NONE;
	return true;
}

struct mp_dns_result mp_ask_dns_host(struct mp_world *w, const char *asked)
{
	static const char *const answers[] = {"found", "none", "tempfail"};
	const char *name = mp_canonical_name(w, asked), *canonical = follow_cname(w, name);
	const char *question = mp_arena_printf(&w->arena, "dns.canonical %s", name);
	struct mp_dns_result result;

	if (mp_known_answer(w, question) == NULL && host_fact(w, canonical, &result)) {
		if (result.status == MP_FOUND && canonical != name) {
			const char **values = mp_arena_array(&w->arena, 1, sizeof *values);

			values[0] = canonical;
			result.values = (struct mp_strings){values, 1};
		}
		return result;
	}
	return dns_result_of_answer(w, mp_ask(w, question, answers, 3));
}

const char *mp_dns_list_name(struct mp_arena *arena, const char *what, const char *zone)
{
	struct mp_ip ip;

	if (!mp_ip_parse(mp_slice_str(what), &ip)) {
		return mp_arena_printf(arena, "%s.%s", what, zone);
	}
	if (ip.family == 4) {
		return mp_arena_printf(
			arena, "%u.%u.%u.%u.%s", ip.b[3], ip.b[2], ip.b[1], ip.b[0], zone);
	}
	char nibbles[65];
	for (unsigned i = 0; i < 16; i++) {
		unsigned byte = ip.b[15 - i];
		snprintf(nibbles + i * 4, 5, "%x.%x.", byte & 15, byte >> 4);
	}
	return mp_arena_printf(arena, "%s%s", nibbles, zone);
}

struct mp_dns_result mp_ask_dns_list(
	struct mp_world *w, const char *what, const char *zone, const char **txt)
{
	static const char *const answers[] = {"none", "found", "tempfail"};
	const char *subject = mp_canonical_name(w, what);
	const char *list = mp_canonical_name(w, zone);
	const char *question = mp_arena_printf(&w->arena, "dns.list %s %s", subject, list);
	const char *name = mp_dns_list_name(&w->arena, subject, list);
	struct mp_dns_result result;

	if (txt != NULL) {
		const struct mp_fact_dns *text = find_fact(w, "txt", name);
		*txt = text != NULL && text->values.n > 0 ? text->values.v[0] : "";
	}
	if (mp_known_answer(w, question) != NULL) {
		return dns_result_of_answer(w, mp_ask(w, question, answers, 3));
	}
	const char *key = mp_arena_printf(&w->arena, "%s %s", subject, list);
	const struct mp_fact_dns *fact = find_fact(w, "list", key);
	if (fact != NULL) {
		return dns_result_of(fact);
	}
	if (mp_dns_fact(w, MP_DNS_ADDRESS, name, &result)) {
		return result;
	}
	return dns_result_of_answer(w, mp_ask(w, question, answers, 3));
}
