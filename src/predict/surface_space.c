/* surface_space - the space of client addresses, cut where a configuration tells addresses apart.
 */
#include "predict/surface_space.h"

#include "base/limits.h"
#include "base/map.h"
#include "base/vec.h"

#include <stdlib.h>

/* A network, and what it stands for. */
struct net {
	struct mp_ip first, last;
	uint32_t order; /* in the list of distinctions */
	uint32_t like; /* the same number: treated alike */
};

/* A cell under construction. */
struct draft {
	unsigned family;
	MP_VEC(struct mp_range) ranges;
	unsigned documented; /* documentation addresses that lie in it: bits */
};

/* What identifies a chain: for each network its like, and how many before it in the list lie deeper
 * in the chain: the first in a list decides in one kind of table, the closest in another. */
struct link {
	uint32_t like, rank;
};

struct cutter {
	struct mp_arena *arena;
	MP_VEC(struct net) nets; /* sorted: outer before inner */
	MP_VEC(const struct net *) chain; /* that hold the cursor, outer before inner */
	struct mp_map likes; /* text -> number + 1 */
	struct mp_map cells; /* chain -> struct draft */
	MP_VEC(struct draft *) drafts;
	struct mp_arena scratch;
	bool complete;
};

/* Nobody's on any network (RFC 5737, RFC 3849, RFC 9637, RFC 2544), most usual first. */
static const char *const documentation[] = {"203.0.113.5", "198.51.100.5", "192.0.2.5",
	"198.18.0.5", "2001:db8:5::5", "2001:db8:ffff::5", "3fff::5"};

enum { DOCUMENTATION = sizeof documentation / sizeof documentation[0] };

static bool in_range(const struct mp_range *range, const struct mp_ip *ip)
{
	return ip->family == range->first.family && mp_ip_cmp(&range->first, ip) <= 0 &&
		mp_ip_cmp(ip, &range->last) <= 0;
}

/* ---- networks ---------------------------------------------------------------------------------
 */

static uint32_t like_number(struct cutter *c, const char *text)
{
	union {
		void *pointer;
		uintptr_t number;
	} u = {mp_map_get_str(&c->likes, text)};

	if (u.pointer == NULL) {
		u.number = c->likes.n + 1;
		mp_map_put(&c->likes, mp_slice_str(text), u.pointer);
	}
	return (uint32_t)u.number;
}

static void add_net(struct cutter *c, struct mp_cidr cidr, const char *like)
{
	mp_cidr_mask(&cidr);
	struct net net = {.first = cidr.ip,
		.last = mp_cidr_last(&cidr),
		.order = (uint32_t)c->nets.n,
		.like = like_number(c, like)};

	if (c->nets.n >= MP_LIMIT_TABLE_RULES) {
		c->complete = false;
		return;
	}
	mp_vec_push(&c->nets, net);
}

static void add_single(struct cutter *c, const struct mp_ip *ip)
{
	char text[MP_IP_TEXT];
	struct mp_cidr net = {*ip, mp_ip_bits(ip)};

	add_net(c, net, mp_arena_printf(&c->scratch, "address %s", mp_ip_format(ip, text)));
}

static void add_loopback(struct cutter *c)
{
	static const char *const nets[] = {"127.0.0.0/8", "::1/128"};

	for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++) {
		struct mp_cidr net;
		if (mp_cidr_parse(mp_slice_str(nets[i]), &net)) {
			add_net(c, net, "loopback");
		}
	}
}

static int compare_nets(const void *left, const void *right)
{
	const struct net *a = left;
	const struct net *b = right;
	int diff = mp_ip_cmp(&a->first, &b->first);

	if (diff == 0) {
		diff = mp_ip_cmp(&b->last, &a->last);
	}
	if (diff == 0) {
		diff = a->order < b->order ? -1 : a->order > b->order;
	}
	return diff;
}

/* ---- cells ------------------------------------------------------------------------------------
 */

/* Links of the chain that are looked at; beyond, a cell of its own is made for each interval. */
enum { LINKS_MOST = 256 };

/* What identifies the chain that holds the interval, in the scratch arena. */
static struct mp_slice chain_key(struct cutter *c, const struct mp_range *range)
{
	size_t n = c->chain.n < LINKS_MOST ? c->chain.n : LINKS_MOST;
	struct link *links = mp_arena_array(&c->scratch, n + 4, sizeof *links);

	for (size_t i = 0; i < n; i++) {
		links[i].like = c->chain.v[i]->like;
		for (size_t k = i + 1; k < n; k++) {
			links[i].rank += c->chain.v[k]->order < c->chain.v[i]->order;
		}
	}
	links[n] = (struct link){0, range->first.family};
	size_t size = (n + 1) * sizeof *links;
	if (n < c->chain.n) {
		char text[MP_IP_TEXT];
		const char *own = mp_ip_format(&range->first, text);
		return mp_slice_str(mp_arena_strdup(&c->scratch, own));
	}
	return mp_slice((const char *)links, size);
}

static struct draft *draft_of(struct cutter *c, const struct mp_range *range)
{
	struct mp_slice key = chain_key(c, range);
	struct draft *draft = mp_map_get(&c->cells, key);

	if (draft == NULL) {
		draft = MP_ARENA_NEW(&c->scratch, struct draft);
		draft->family = range->first.family;
		mp_map_put(&c->cells, key, draft);
		mp_vec_push(&c->drafts, draft);
	}
	return draft;
}

/* Reads documentation[i]. */
static struct mp_ip documented(size_t i)
{
	struct mp_ip ip = {0};

	(void)mp_ip_parse(mp_slice_str(documentation[i]), &ip);
	return ip;
}

static void emit(struct cutter *c, struct mp_ip first, struct mp_ip last)
{
	struct mp_range range = {first, last};
	struct draft *draft = draft_of(c, &range);
	struct mp_ip end = {0};

	for (size_t i = 0; i < DOCUMENTATION; i++) {
		struct mp_ip ip = documented(i);
		draft->documented |= in_range(&range, &ip) ? 1u << i : 0;
	}
	if (draft->ranges.n > 0) {
		end = draft->ranges.v[draft->ranges.n - 1].last;
	}
	if (end.family == first.family && mp_ip_next(&end) && mp_ip_eq(&end, &first)) {
		draft->ranges.v[draft->ranges.n - 1].last = last;
	} else {
		mp_vec_push(&draft->ranges, range);
	}
}

/* Where the next interval begins; done when the family is used up. */
struct cursor {
	struct mp_ip at;
	bool done;
};

static void emit_up_to(struct cutter *c, struct cursor *cursor, struct mp_ip last)
{
	if (cursor->done || mp_ip_cmp(&last, &cursor->at) < 0) {
		return;
	}
	emit(c, cursor->at, last);
	cursor->at = last;
	cursor->done = !mp_ip_next(&cursor->at);
}

/* Closes the networks that end before an address. */
static void close_before(struct cutter *c, struct cursor *cursor, const struct mp_ip *ip)
{
	while (c->chain.n > 0) {
		const struct net *inner = c->chain.v[c->chain.n - 1];
		if (ip != NULL && mp_ip_cmp(&inner->last, ip) >= 0) {
			return;
		}
		emit_up_to(c, cursor, inner->last);
		c->chain.n--;
	}
}

static void cut_family(struct cutter *c, unsigned family)
{
	struct mp_cidr whole = {.ip = {.family = (uint8_t)family}, .length = 0};
	struct cursor cursor = {whole.ip, false};

	for (size_t i = 0; i < c->nets.n; i++) {
		const struct net *net = &c->nets.v[i];
		struct mp_ip before = net->first;
		if (net->first.family != family) {
			continue;
		}
		close_before(c, &cursor, &net->first);
		if (mp_ip_cmp(&cursor.at, &net->first) < 0 && mp_ip_prev(&before)) {
			emit_up_to(c, &cursor, before);
		}
		mp_vec_push(&c->chain, net);
	}
	close_before(c, &cursor, NULL);
	emit_up_to(c, &cursor, mp_cidr_last(&whole));
}

/* ---- the result -------------------------------------------------------------------------------
 */

/* Where no documentation address lies in the cell: inside its first range. */
static void choose_examples(const struct draft *draft, struct mp_cell *cell)
{
	const struct mp_range *range = &draft->ranges.v[0];
	struct mp_ip ip = range->first;

	for (size_t i = 0; i < DOCUMENTATION && cell->example_count < MP_CELL_EXAMPLES; i++) {
		if ((draft->documented & 1u << i) != 0) {
			cell->examples[cell->example_count++] = documented(i);
		}
	}
	if (cell->example_count > 0) {
		return;
	}
	if (!mp_ip_eq(&range->first, &range->last)) {
		(void)mp_ip_next(&ip);
	}
	while (cell->example_count < MP_CELL_EXAMPLES && in_range(range, &ip)) {
		cell->examples[cell->example_count++] = ip;
		if (!mp_ip_next(&ip) || mp_ip_eq(&ip, &range->last)) {
			break;
		}
	}
}

static struct mp_space finish(struct cutter *c)
{
	struct mp_cell *cells = mp_arena_array(c->arena, c->drafts.n, sizeof *cells);

	for (size_t i = 0; i < c->drafts.n; i++) {
		struct draft *draft = c->drafts.v[i];
		struct mp_range *ranges = mp_arena_array(c->arena, draft->ranges.n, sizeof *ranges);
		memcpy(ranges, draft->ranges.v, draft->ranges.n * sizeof *ranges);
		cells[i] = (struct mp_cell){
			.family = draft->family, .ranges = ranges, .range_count = draft->ranges.n};
		choose_examples(draft, &cells[i]);
		mp_vec_release(&draft->ranges);
	}
	return (struct mp_space){cells, c->drafts.n, c->complete};
}

struct mp_space mp_space_cut(const struct mp_distinction *distinctions, size_t n,
	const struct mp_ip *singles, size_t single_count, struct mp_arena *arena)
{
	struct cutter c = {.arena = arena, .complete = true};

	for (size_t i = 0; i < n; i++) {
		const struct mp_distinction *d = &distinctions[i];
		if (d->aspect == MP_ASPECT_ADDRESS && d->net.ip.family != 0) {
			add_net(&c, d->net, d->like != NULL ? d->like : d->pattern);
		}
	}
	add_loopback(&c);
	for (size_t i = 0; i < single_count; i++) {
		add_single(&c, &singles[i]);
	}
	if (c.nets.n > 0) {
		qsort(c.nets.v, c.nets.n, sizeof *c.nets.v, compare_nets);
	}
	cut_family(&c, 4);
	cut_family(&c, 6);
	struct mp_space space = finish(&c);
	mp_vec_release(&c.nets);
	mp_vec_release(&c.chain);
	mp_vec_release(&c.drafts);
	mp_map_release(&c.likes);
	mp_map_release(&c.cells);
	mp_arena_release(&c.scratch);
	return space;
}

const struct mp_cell *mp_space_find(const struct mp_space *space, const struct mp_ip *ip)
{
	for (size_t i = 0; i < space->n; i++) {
		for (size_t k = 0; k < space->cells[i].range_count; k++) {
			if (in_range(&space->cells[i].ranges[k], ip)) {
				return &space->cells[i];
			}
		}
	}
	return NULL;
}

/* ---- ranges -> networks -----------------------------------------------------------------------
 */

static int compare_ranges(const void *left, const void *right)
{
	const struct mp_range *a = left;
	const struct mp_range *b = right;
	int diff = mp_ip_cmp(&a->first, &b->first);

	return diff != 0 ? diff : mp_ip_cmp(&a->last, &b->last);
}

/* Joins what touches or overlaps; returns how many are left. */
static size_t join(struct mp_range *v, size_t n)
{
	size_t kept = 0;

	qsort(v, n, sizeof *v, compare_ranges);
	for (size_t i = 0; i < n; i++) {
		struct mp_range *last = kept > 0 ? &v[kept - 1] : NULL;
		struct mp_ip after = last != NULL ? last->last : v[i].first;
		bool ends = last == NULL || !mp_ip_next(&after);
		if (last != NULL && last->first.family == v[i].first.family &&
			(ends || mp_ip_cmp(&v[i].first, &after) <= 0)) {
			if (mp_ip_cmp(&last->last, &v[i].last) < 0) {
				last->last = v[i].last;
			}
		} else {
			v[kept++] = v[i];
		}
	}
	return kept;
}

/* The largest network that begins at the address and does not go beyond the last one. */
static struct mp_cidr largest(const struct mp_ip *first, const struct mp_ip *last)
{
	struct mp_cidr net = {*first, mp_ip_bits(first)};

	while (net.length > 0) {
		struct mp_cidr wider = {*first, net.length - 1};
		struct mp_ip end = mp_cidr_last(&wider);
		if (mp_cidr_host_bits(&wider) || mp_ip_cmp(&end, last) > 0) {
			break;
		}
		net = wider;
	}
	return net;
}

size_t mp_ranges_to_networks(
	const struct mp_range *ranges, size_t n, struct mp_arena *arena, const struct mp_cidr **out)
{
	struct mp_range *v = mp_arena_array(arena, n, sizeof *v);
	MP_VEC(struct mp_cidr) nets = {0};

	if (n > 0) {
		memcpy(v, ranges, n * sizeof *v);
	}
	n = join(v, n);
	for (size_t i = 0; i < n; i++) {
		struct mp_ip at = v[i].first;
		for (;;) {
			struct mp_cidr net = largest(&at, &v[i].last);
			mp_vec_push(&nets, net);
			at = mp_cidr_last(&net);
			if (mp_ip_eq(&at, &v[i].last)) {
				break;
			}
			(void)mp_ip_next(&at);
		}
	}
	struct mp_cidr *list = mp_arena_array(arena, nets.n, sizeof *list);
	size_t count = nets.n;
	if (count > 0) {
		memcpy(list, nets.v, count * sizeof *list);
	}
	mp_vec_release(&nets);
	*out = list;
	return count;
}
