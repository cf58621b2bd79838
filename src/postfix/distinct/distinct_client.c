/*
 * distinct_client - addresses and names of clients that the configuration tells apart.
 *
 * An address falls under a network: of a list, of a cidr table, of a key such as "10.1" that is the
 * start of addresses. Of a pattern it is not known which addresses it matches, only one of them.
 */
#include "base/ascii.h"
#include "base/number.h"
#include "postfix/check/check_keyword.h"
#include "postfix/config/hostname.h"
#include "postfix/config/interfaces.h"
#include "postfix/distinct/distinct_internal.h"
#include "postfix/screen/postscreen_internal.h"
#include "postfix/smtpd/smtpd.h"

/* An entry of a table that clients are looked up in, and how. */
struct client_table {
	struct pf_distinct *d;
	const struct pf_look *look; /* of an access table; NULL: keys are whole addresses */
	bool names; /* the name is looked up, too */
	bool parents; /* a.b finds x.a.b too; else .a.b does */
	bool partial; /* and the parents of names, and the starts of addresses */
	bool nested; /* entries of a block: what one finds depends on where the block applies */
	unsigned section; /* counts the entries "!10.0.0.0/8", which stand before what is behind
			     them for all addresses but few */
};

static void add_network(struct pf_distinct *d, const struct mp_cidr *net, const char *pattern,
	struct mp_reason because, const char *like)
{
	char text[MP_IP_TEXT];

	/* Two lists may have the same value. */
	const char *key = mp_arena_printf(d->arena, "%s/%u %u %p", mp_ip_format(&net->ip, text),
		net->length, because.loc.start, (const void *)because.loc.source);
	if (mp_map_put(&d->networks, mp_slice_str(key), d) != NULL) {
		return;
	}
	pf_distinct_add(d,
		&(struct mp_distinction){.aspect = MP_ASPECT_ADDRESS,
			.net = *net,
			.example = mp_ip_format(&net->ip, text),
			.pattern = pattern,
			.like = like,
			.because = because});
}

/* Networks of one table with one effect are alike: which of them holds an address, and in which
 * order, is all that matters. NULL where that is not so. */
static const char *network_like(struct client_table *t, const struct mp_table_entry *entry)
{
	struct mp_table_result found = {.status = MP_TABLE_FOUND, .value = entry->value};
	struct mp_arena *arena = &t->d->scratch;

	/* "if 10.0.0.0/8" has no value. */
	t->nested = t->nested || entry->value[0] == '\0';
	t->section += entry->text[0] == '!';
	if (t->nested || entry->text[0] == '!') {
		return NULL;
	}
	return mp_arena_printf(arena, "%s %u %s", mp_table_name(entry->table), t->section,
		t->look != NULL ? pf_distinct_effect(arena, &found) : entry->value);
}

static void add_unknown_extent(
	struct pf_distinct *d, const struct mp_table_entry *entry, const char *example)
{
	struct mp_distinction value = pf_distinct_of(MP_ASPECT_ADDRESS, entry, example);

	value.like = NULL;
	pf_distinct_add(d, &value);
}

static void add_name(struct pf_distinct *d, const struct mp_table_entry *entry, const char *pattern,
	const char *name)
{
	struct mp_distinction value = pf_distinct_of(MP_ASPECT_NAME, entry, name);

	value.pattern = pattern;
	value.like = name;
	pf_distinct_add(d, &value);
}

/* ---- keys that are the start of addresses ---- */

/* "10", "10.1", "10.1.2", "10.1.2.3", each number as addresses are written. */
static bool read_octets(const char *key, struct mp_cidr *net)
{
	struct mp_slice rest = mp_slice_str(key);
	unsigned n = 0;

	*net = (struct mp_cidr){.ip = {.family = 4}};
	for (; n < 4 && rest.n > 0; n++) {
		size_t dot = mp_slice_chr(rest, '.');
		struct mp_slice number = mp_slice_sub(rest, 0, dot);
		unsigned long value;
		if (!mp_parse_uint(number, 0, 255, &value) ||
			(number.n > 1 && number.p[0] == '0')) {
			return false;
		}
		net->ip.b[n] = (uint8_t)value;
		if (dot != MP_NOT_FOUND && dot + 1 == rest.n) {
			return false;
		}
		rest = dot == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(rest, dot + 1);
	}
	net->length = 8 * n;
	return n > 0 && rest.n == 0;
}

/* "2001:db8", the start of IPv6 addresses, where no group is zero: a zero might be written as "::"
 * or not, so that such a start is no network. */
static bool read_groups(const char *key, struct mp_cidr *net)
{
	unsigned n = 0;

	*net = (struct mp_cidr){.ip = {.family = 6}};
	for (const char *p = key; n < 7; p++) {
		unsigned value = 0;
		size_t digits = 0;
		for (; mp_hex_value(*p) >= 0 && digits < 5; p++, digits++) {
			value = value * 16 + (unsigned)mp_hex_value(*p);
		}
		if (digits == 0 || digits > 4 || value == 0 || key[0] == '0') {
			return false;
		}
		net->ip.b[2 * n] = (uint8_t)(value >> 8);
		net->ip.b[2 * n + 1] = (uint8_t)value;
		n++;
		if (*p != ':') {
			net->length = 16 * n;
			return *p == '\0';
		}
	}
	return false;
}

/* A whole address as clients are shown. */
static bool read_address(const char *key, struct mp_cidr *net)
{
	char text[MP_IP_TEXT];

	if (!mp_ip_parse(mp_slice_str(key), &net->ip) ||
		!mp_str_ieq(mp_ip_format(&net->ip, text), key)) {
		return false;
	}
	net->length = mp_ip_bits(&net->ip);
	return true;
}

/* A key of IPv6 that is no network. */
static void add_odd_address(struct client_table *t, const struct mp_table_entry *entry)
{
	static const char *const ends[] = {":1", "::1", "1", ":1:1"};
	struct pf_distinct *d = t->d;

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		struct mp_cidr net;
		const char *text = mp_arena_printf(&d->scratch, "%s%s", entry->text, ends[i]);
		if (!read_address(text, &net)) {
			continue;
		}
		struct pf_access access = pf_distinct_access(d, t->look);
		struct mp_table_result found = pf_access_find_address(&access, text);
		if (pf_distinct_hits(t->look, entry, &found)) {
			add_unknown_extent(d, entry, text);
			return;
		}
	}
}

/* ---- entries ---- */

static bool is_name(const char *key)
{
	bool letter = false;

	for (const char *p = key; *p != '\0'; p++) {
		if (*p == ':' || *p == '/' || *p == '[' || *p == '@') {
			return false;
		}
		letter = letter || mp_is_alpha(*p) || !mp_is_ascii(*p);
	}
	return letter;
}

/* ".example.com", or "example.com" for it and what is below. */
static void add_domain(
	struct client_table *t, const struct mp_table_entry *entry, const char *domain)
{
	struct pf_distinct *d = t->d;

	/* Where a.b finds x.a.b, .a.b finds nothing. */
	if (domain[0] == '.') {
		if (t->partial && !t->parents) {
			add_name(d, entry, domain, mp_arena_printf(&d->scratch, "sub%s", domain));
		}
		return;
	}
	add_name(d, entry, domain, domain);
	if (t->partial && t->parents && !mp_str_eq(domain, "unknown")) {
		const char *below = mp_arena_printf(&d->scratch, ".%s", domain);
		add_name(d, entry, below, mp_arena_printf(&d->scratch, "sub%s", below));
	}
}

static void add_key(struct client_table *t, const struct mp_table_entry *entry)
{
	struct mp_reason because = {entry->loc, entry->value};
	struct mp_cidr net;

	if (read_address(entry->text, &net) ||
		(t->partial &&
			(read_octets(entry->text, &net) || read_groups(entry->text, &net)))) {
		add_network(t->d, &net, entry->text, because, network_like(t, entry));
	} else if (t->partial && strchr(entry->text, ':') != NULL) {
		add_odd_address(t, entry);
	}
	if (t->names && is_name(entry->text)) {
		add_domain(t, entry, entry->text);
	}
}

/* An address that begins or ends as the text does. */
static const char *complete_address(
	struct pf_distinct *d, const struct mp_table_entry *entry, const char *text, unsigned way)
{
	static const char *const forms[] = {"%s", "%s1", "%s.1", "%s1.1", "%s1.1.1", "%s1.1.1.1",
		"1.1.1%s", "1.1.1.%s", "198.51.100.%s", "%s:1", "%s::1", "2001:db8::%s"};
	struct mp_cidr net;

	if (way >= sizeof forms / sizeof forms[0]) {
		return NULL;
	}
	const char *percent = strchr(forms[way], '%');
	const char *address = mp_arena_printf(&d->scratch, "%.*s%s%s", (int)(percent - forms[way]),
		forms[way], text, percent + 2);
	return read_address(address, &net) && pf_distinct_finds(d, entry, address) ? address : NULL;
}

enum { SAMPLES = 24, ADDRESS_FORMS = 12 };

static void add_pattern(struct client_table *t, const struct mp_table_entry *entry)
{
	struct pf_distinct *d = t->d;
	const char *address = NULL, *name = NULL;

	for (unsigned i = 0; i < SAMPLES && (address == NULL || name == NULL); i++) {
		const char *text = mp_table_sample(entry, i, &d->scratch);
		if (text == NULL) {
			break;
		}
		for (unsigned way = 0; way < ADDRESS_FORMS && address == NULL; way++) {
			address = complete_address(d, entry, text, way);
		}
		const char *const names[] = {text, mp_arena_printf(&d->scratch, "host%s", text),
			mp_arena_printf(&d->scratch, "host.%s", text),
			mp_arena_printf(&d->scratch, "%s.example", text)};
		for (unsigned way = 0; way < 4 && name == NULL; way++) {
			bool fits = is_name(names[way]) &&
				pf_valid_hostname(mp_slice_str(names[way])) &&
				pf_distinct_finds(d, entry, names[way]);
			name = fits ? names[way] : NULL;
		}
	}
	/* An expression that a name matches need not match any address, nor the other way. */
	if (address != NULL || name == NULL) {
		add_unknown_extent(d, entry, address);
	}
	if (t->names && name != NULL) {
		add_name(d, entry, entry->text, name);
	}
}

static bool add_entry(void *context, const struct mp_table_entry *entry)
{
	struct client_table *t = context;

	if (!pf_distinct_may_go_on(t->d, MP_ASPECT_ADDRESS)) {
		return true;
	}
	switch (entry->kind) {
	case MP_ENTRY_KEY:
		add_key(t, entry);
		break;
	case MP_ENTRY_NETWORK:
		add_network(t->d, &entry->net, entry->text,
			(struct mp_reason){entry->loc, entry->value}, network_like(t, entry));
		break;
	case MP_ENTRY_PATTERN:
		add_pattern(t, entry);
		break;
	case MP_ENTRY_ANY:
		break;
	}
	return true;
}

/* ---- lists, and what else looks at the client ---- */

/* A list is passed by its items; `any_name` where a name as well as an address may match. */
static void add_list(struct pf_distinct *d, const struct pf_list *list, bool addresses)
{
	struct pf_list_item item;
	size_t others = 0; /* what is between networks may end the search */

	for (size_t i = 0; pf_list_item(list, i, &item); i++) {
		others += item.kind != PF_ITEM_NETWORK;
		struct mp_table_entry entry = {
			.text = item.pattern, .value = item.text, .loc = item.loc};
		struct client_table t = {.d = d,
			.names = true,
			.partial = item.kind == PF_ITEM_NAME,
			.parents = pf_list_is_parent(list)};
		if (item.kind == PF_ITEM_NETWORK && addresses) {
			add_network(d, &item.net,
				mp_arena_printf(
					&d->scratch, "%s%s", item.negated ? "!" : "", item.text),
				(struct mp_reason){item.loc, item.text},
				mp_arena_printf(&d->scratch, "list %p %d %zu", (const void *)list,
					item.negated, others));
		} else if (item.kind == PF_ITEM_NAME && is_name(item.pattern)) {
			add_domain(&t, &entry, item.pattern);
		} else if (item.kind == PF_ITEM_TABLE) {
			t.partial = mp_table_is_fixed(item.table);
			struct client_table whole = t;
			whole.partial = false;
			mp_table_entries(item.table, add_entry, addresses ? &whole : &t);
		}
	}
}

static void add_own_addresses(struct pf_distinct *d)
{
	struct pf_own own = pf_own_addresses(d->checks->settings, d->arena);
	struct mp_reason because = pf_reason(d->checks->settings, "inet_interfaces", d->arena);
	char text[MP_IP_TEXT];

	for (size_t i = 0; i < own.n; i++) {
		struct mp_cidr net = {own.v[i].ip, mp_ip_bits(&own.v[i].ip)};
		add_network(d, &net, mp_ip_format(&net.ip, text), because, "inet_interfaces");
	}
}

static void add_postscreen(struct pf_distinct *d, const struct pf_screen *screen)
{
	struct pf_engine *engine = d->smtpd->engine;
	struct pf_text *items;
	size_t n = pf_split(d->arena, pf_value(screen->settings, "postscreen_access_list"), &items);
	struct client_table t = {.d = d};

	for (size_t i = 0; i < n; i++) {
		if (strchr(items[i].s, ':') != NULL) {
			mp_table_entries(mp_table_open(engine->tables, items[i].s,
						 pf_text_loc(items[i], 0, items[i].n)),
				add_entry, &t);
		} else if (mp_str_ieq(items[i].s, "permit_mynetworks")) {
			add_list(d,
				pf_list_new(engine, screen->settings, "mynetworks",
					pf_value(screen->settings, "mynetworks"), PF_CLIENT_LIST),
				true);
		}
	}
}

static void add_maps(struct pf_distinct *d, const struct pf_maps *maps)
{
	struct client_table t = {.d = d};
	struct mp_table *table;

	for (size_t i = 0; maps != NULL && (table = pf_maps_table(maps, i)) != NULL; i++) {
		mp_table_entries(table, add_entry, &t);
	}
}

void pf_distinct_clients(struct pf_distinct *d, const struct pf_screen *screen)
{
	const struct pf_checks *checks = d->checks;

	for (size_t i = 0; i < PF_NETWORK_LISTS; i++) {
		/* Of a list that is another's value, such as $mynetworks, the items are listed with
		 * that. */
		bool again = i > 0 &&
			mp_str_eq(pf_str(checks->settings, "mynetworks"),
				pf_str(checks->settings, checks->networks[i].parameter));
		if (!again) {
			add_list(d, checks->networks[i].list, true);
		}
	}
	if (pf_distinct_uses(d, pf_run_relay_domains)) {
		add_list(d, checks->relay_domains, false);
	}
	if (pf_distinct_uses(d, pf_run_inet_interfaces)) {
		add_own_addresses(d);
	}
	for (size_t i = 0; i < d->looks.n; i++) {
		const struct pf_look *look = &d->looks.v[i];
		struct client_table t = {.d = d,
			.look = look,
			.names = true,
			.parents = checks->parent_style,
			.partial = mp_table_is_fixed(look->token->table)};
		if (look->aspect == MP_ASPECT_ADDRESS) {
			mp_table_entries(look->token->table, add_entry, &t);
		}
	}
	add_maps(d, d->smtpd->loop->discard_maps);
	if (screen != NULL) {
		add_postscreen(d, screen);
	}
}

/* ---- address literals in what else a client says ---- */

struct literals {
	struct pf_distinct *d;
	const struct pf_look *look;
	const char *before;
};

/* Each is a kind of its own: the same networks may be told apart by other tables. */
static bool add_literal(void *context, const struct mp_table_entry *entry)
{
	struct literals *l = context;
	struct pf_distinct *d = l->d;
	struct mp_cidr net = entry->net;
	char text[MP_IP_TEXT];

	if (!pf_distinct_may_go_on(d, l->look->aspect)) {
		return true;
	}
	if (entry->kind == MP_ENTRY_PATTERN || entry->kind == MP_ENTRY_ANY) {
		return true;
	}
	if (entry->kind == MP_ENTRY_KEY && !read_address(entry->text, &net) &&
		!read_octets(entry->text, &net) && !read_groups(entry->text, &net)) {
		return true;
	}
	struct mp_distinction value = pf_distinct_of(l->look->aspect, entry, NULL);
	value.example = mp_arena_printf(&d->scratch, "%s[%s%s]", l->before,
		net.ip.family == 6 ? "IPv6:" : "", mp_ip_format(&net.ip, text));
	pf_distinct_add(d, &value);
	return true;
}

void pf_distinct_literals(struct pf_distinct *d, const struct pf_look *look, const char *before)
{
	struct literals l = {d, look, before};

	mp_table_entries(look->token->table, add_literal, &l);
}
