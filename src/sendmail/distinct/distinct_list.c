/* distinct_list - the list of distinctions while it is made. */
#include "sendmail/distinct/distinct_internal.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "base/number.h"

/* Up to four numbers with dots between them. */
static bool ipv4_prefix(const char *word, struct mp_cidr *net)
{
	struct mp_slice s = mp_slice_str(word);
	unsigned long part;

	*net = (struct mp_cidr){.ip = {.family = 4}};
	for (size_t i = 0, n = 0; n < 4 && i <= s.n; n++) {
		size_t end = i;

		while (end < s.n && s.p[end] != '.') {
			end++;
		}
		if (!mp_parse_uint(mp_slice_sub(s, i, end), 0, 255, &part)) {
			return false;
		}
		net->ip.b[n] = (uint8_t)part;
		net->length += 8;
		i = end + 1;
		if (end == s.n) {
			return true;
		}
	}
	return false;
}

/* "IPv6:2001:db8": groups of 16 bits, or a whole address. */
static bool ipv6_prefix(const char *word, struct mp_cidr *net)
{
	const char *p = word + 5;

	if (!mp_slice_istarts(mp_slice_str(word), "IPv6:")) {
		return false;
	}
	if (mp_ip_parse(mp_slice_str(p), &net->ip) && net->ip.family == 6) {
		net->length = 128;
		return true;
	}
	*net = (struct mp_cidr){.ip = {.family = 6}};
	for (size_t n = 0; n < 8; n++) {
		unsigned value = 0;
		size_t digits = 0;

		for (; digits < 4 && mp_hex_value(p[digits]) >= 0; digits++) {
			value = value * 16 + (unsigned)mp_hex_value(p[digits]);
		}
		if (digits == 0) {
			return false;
		}
		net->ip.b[2 * n] = (uint8_t)(value >> 8);
		net->ip.b[2 * n + 1] = (uint8_t)value;
		net->length += 16;
		p += digits;
		if (*p == '\0') {
			return true;
		}
		if (*p++ != ':') {
			return false;
		}
	}
	return false;
}

bool sm_distinct_network(const char *word, struct mp_cidr *net, struct mp_arena *arena)
{
	size_t n = strlen(word);

	if (n > 2 && word[0] == '[' && word[n - 1] == ']') {
		word = mp_arena_memdup(arena, word + 1, n - 2);
	}
	return ipv4_prefix(word, net) || ipv6_prefix(word, net);
}

bool sm_distinct_is_name(const char *word)
{
	return word[0] != '\0' && strspn(word, "0123456789.") != strlen(word) &&
		strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") ==
		strlen(word);
}

bool sm_distinct_is_user(const char *word)
{
	return word[0] != '\0' &&
		strspn(word,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_+="
			"&") == strlen(word);
}

void sm_distinct_add(struct sm_distinct_list *l, struct mp_distinction d)
{
	const char *key = mp_arena_printf(
		l->arena, "%d %s %s", d.aspect, d.pattern, d.example != NULL ? d.example : "");

	if (l->n >= MP_LIMIT_DISTINCTIONS || mp_map_get_str(&l->seen, key) != NULL) {
		return;
	}
	mp_map_put(&l->seen, mp_slice_str(key), l);
	l->v = mp_arena_room(l->arena, l->v, l->n, &l->cap, sizeof *l->v, 64);
	l->v[l->n++] = d;
}

static void add_address(
	struct sm_distinct_list *l, const char *pattern, const char *like, struct mp_reason because)
{
	struct mp_cidr net;
	char text[MP_IP_TEXT];

	if (sm_distinct_network(pattern, &net, l->arena)) {
		sm_distinct_add(l,
			(struct mp_distinction){
				.aspect = MP_ASPECT_ADDRESS,
				.net = net,
				.example = mp_arena_strdup(l->arena, mp_ip_format(&net.ip, text)),
				.pattern = pattern,
				.like = like,
				.because = because,
			});
	}
}

void sm_distinct_add_text(struct sm_distinct_list *l, enum mp_aspect aspect, const char *pattern,
	const char *example, const char *like, struct mp_reason because)
{
	sm_distinct_add(l,
		(struct mp_distinction){
			.aspect = aspect,
			.example = example,
			.pattern = pattern,
			.like = like,
			.because = because,
		});
}

/* A host of that name; of the end of a name (".example.org") one that ends so. */
static const char *host_of(struct sm_distinct_list *l, const char *name)
{
	return name[0] == '.' ? mp_arena_printf(l->arena, "host%s", name) : name;
}

const char *sm_distinct_mailbox(struct sm_distinct_list *l, const char *key)
{
	const char *at = strchr(key, '@');

	if (at == NULL) {
		return mp_arena_printf(l->arena, "someone@%s", host_of(l, key));
	}
	return at == key        ? mp_arena_printf(l->arena, "someone%s", key)
		: at[1] == '\0' ? mp_arena_printf(l->arena, "%sexample.net", key)
				: key;
}

void sm_distinct_add_mail(struct sm_distinct_list *l, enum mp_aspect aspect, const char *key,
	const char *like, struct mp_reason because)
{
	if (strchr(key, '@') != NULL || sm_distinct_is_name(key)) {
		sm_distinct_add_text(l, aspect, key, sm_distinct_mailbox(l, key), like, because);
	}
}

/* Domains that the cf library marks mail with (cf/README): they do not exist in the DNS, and no
 * client is called so. */
static bool is_pseudo(const char *name)
{
	static const char *const domains[] = {
		"UUCP", "BITNET", "CSNET", "DECNET", "FAX", "USENET", "REDIRECT"};
	const char *dot = strrchr(name, '.');

	for (size_t i = 0; dot != NULL && i < sizeof domains / sizeof *domains; i++) {
		if (mp_str_ieq(dot + 1, domains[i])) {
			return true;
		}
	}
	return false;
}

void sm_distinct_add_client(
	struct sm_distinct_list *l, const char *key, const char *like, struct mp_reason because)
{
	add_address(l, key, like, because);
	if (sm_distinct_is_name(key) && !is_pseudo(key)) {
		sm_distinct_add_text(l, MP_ASPECT_NAME, key, host_of(l, key), like, because);
	}
	if (sm_distinct_is_name(key) && l->helo) {
		sm_distinct_add_text(l, MP_ASPECT_HELO, key, host_of(l, key), like, because);
	}
}
