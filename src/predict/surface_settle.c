/* surface_settle - openings of all listeners: those that differ in nothing else become one, and the
 * widest come first. */
#include "predict/surface_internal.h"

#include "base/buf.h"
#include "base/limits.h"

#include <stdlib.h>

static void put_strings(struct mp_buf *key, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		mp_buf_puts(key, v[i]);
		mp_buf_putc(key, '\n');
	}
	mp_buf_putc(key, '\t');
}

static void put_from(struct mp_buf *key, const struct mp_opening *o)
{
	for (size_t i = 0; i < o->from.address_count; i++) {
		char ip[MP_IP_TEXT];
		const struct mp_cidr *net = &o->from.addresses[i];
		mp_buf_printf(key, "%s/%u ", mp_ip_format(&net->ip, ip), net->length);
	}
	put_strings(key, o->from.address_patterns, o->from.address_pattern_count);
	put_strings(key, o->from.client_names, o->from.client_name_count);
	put_strings(key, o->from.senders, o->from.sender_count);
	put_strings(key, o->from.helos, o->from.helo_count);
	put_strings(key, o->from.logins, o->from.login_count);
	put_strings(key, o->from.certificates, o->from.certificate_count);
	mp_buf_printf(key, "%d%d\n", o->from.tls, o->from.anyone);
}

/* All but the listeners and the example. */
static struct mp_slice key_of(const struct mp_opening *o, struct mp_arena *arena)
{
	struct mp_buf key;

	mp_buf_init(&key, MP_LIMIT_FILE);
	put_from(&key, o);
	mp_buf_printf(
		&key, "%d%d%d %s %s\n", o->forgeable, o->discarded, o->intended, o->to, o->form);
	put_strings(&key, o->assumptions, o->assumption_count);
	for (size_t i = 0; i < o->because.n; i++) {
		const struct mp_reason *r = &o->because.v[i];
		mp_buf_printf(
			&key, "%p %u %s\n", (const void *)r->loc.source, r->loc.start, r->text);
	}
	struct mp_slice out = mp_slice(mp_arena_memdup(arena, key.p, key.n), key.n);
	mp_buf_release(&key);
	return out;
}

static void add_listener(struct mp_opening *o, const char *listener, struct mp_arena *arena)
{
	const char **list = mp_arena_array(arena, o->listener_count + 1, sizeof *list);

	for (size_t i = 0; i < o->listener_count; i++) {
		list[i] = o->listeners[i];
	}
	list[o->listener_count++] = listener;
	o->listeners = list;
}

static void join_listeners(struct surface_openings *openings)
{
	struct mp_map seen = {0};
	struct mp_arena scratch = {0};
	size_t kept = 0;

	for (size_t i = 0; i < openings->list.n; i++) {
		struct mp_opening o = openings->list.v[i];
		struct mp_slice key = key_of(&o, &scratch);
		union {
			void *pointer;
			uintptr_t number;
		} u = {mp_map_get(&seen, key)};
		if (u.pointer != NULL) {
			add_listener(
				&openings->list.v[u.number - 1], o.listeners[0], openings->arena);
			continue;
		}
		openings->list.v[kept++] = o;
		u.number = kept;
		mp_map_put(&seen, key, u.pointer);
	}
	openings->list.n = kept;
	mp_map_release(&seen);
	mp_arena_release(&scratch);
}

/* ---- order ------------------------------------------------------------------------------------
 */

/* Anyone, what the client can forge, addresses, names, certificates, logins; of the same kind what
 * is meant to be open comes last. */
static int kind_of(const struct mp_opening *o)
{
	if (o->from.anyone) {
		return o->intended ? 1 : 0;
	}
	if (o->from.login_count > 0) {
		return 6;
	}
	if (o->from.certificate_count > 0 && !o->forgeable) {
		return 5;
	}
	if (o->forgeable) {
		return 2;
	}
	return o->from.client_name_count > 0 ? 4 : 3;
}

/* The length of the shortest prefix: v4 and v6 by what is left out of the whole. */
static unsigned shortest(const struct mp_opening *o)
{
	unsigned least = o->from.address_count > 0 ? 128 : 0;

	for (size_t i = 0; i < o->from.address_count; i++) {
		unsigned length = o->from.addresses[i].length;
		length = o->from.addresses[i].ip.family == 4 ? length * 4 : length;
		least = length < least ? length : least;
	}
	return least;
}

static int compare_texts(const char *const *a, size_t n, const char *const *b, size_t m)
{
	for (size_t i = 0; i < n && i < m; i++) {
		int diff = strcmp(a[i], b[i]);
		if (diff != 0) {
			return diff;
		}
	}
	return n < m ? -1 : n > m;
}

static int compare_from(const struct mp_opening *a, const struct mp_opening *b)
{
	int diff = (int)shortest(a) - (int)shortest(b);

	if (diff == 0) {
		diff = compare_texts(a->from.client_names, a->from.client_name_count,
			b->from.client_names, b->from.client_name_count);
	}
	if (diff == 0) {
		diff = compare_texts(a->from.senders, a->from.sender_count, b->from.senders,
			b->from.sender_count);
	}
	if (diff == 0) {
		diff = compare_texts(
			a->from.helos, a->from.helo_count, b->from.helos, b->from.helo_count);
	}
	return diff;
}

/* An opening with its place in the order of finding, which decides at last. */
struct placed {
	struct mp_opening opening;
	size_t place;
};

static int compare(const void *left, const void *right)
{
	const struct placed *a = left;
	const struct placed *b = right;
	const struct mp_opening *x = &a->opening, *y = &b->opening;
	int diff = kind_of(x) - kind_of(y);

	if (diff == 0) {
		diff = (int)x->intended - (int)y->intended;
	}
	if (diff == 0) {
		diff = (int)x->discarded - (int)y->discarded;
	}
	if (diff == 0) {
		diff = compare_from(x, y);
	}
	if (diff == 0) {
		diff = a->place < b->place ? -1 : a->place > b->place;
	}
	return diff;
}

void surface_settle(struct surface_openings *openings)
{
	join_listeners(openings);
	size_t n = openings->list.n;
	struct placed *v = mp_alloc((n + 1) * sizeof *v);
	for (size_t i = 0; i < n; i++) {
		v[i] = (struct placed){openings->list.v[i], i};
	}
	qsort(v, n, sizeof *v, compare);
	for (size_t i = 0; i < n; i++) {
		openings->list.v[i] = v[i].opening;
	}
	free(v);
}
