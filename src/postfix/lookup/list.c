/*
 * list - match lists: mydestination, relay_domains, mynetworks and their like (reference 1.5, 1.6).
 *
 * Items are tried from left to right; the first that matches decides, and an item that cannot be
 * tried makes the look-up fail there and then.
 */
#include "postfix/lookup/list.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "postfix/config/interfaces.h"
#include "postfix/lookup/hole.h"
#include "postfix/lookup/netpattern.h"
#include "postfix/lookup/tables.h"

enum item_kind {
	ITEM_LITERAL,
	ITEM_TABLE,
	ITEM_NO_FILE, /* a file that cannot be read: every look-up fails */
	ITEM_OPEN_FILE, /* a file that is perhaps there: the world is asked */
	ITEM_HOST, /* the host's own addresses, which are not known */
	ITEM_NETWORKS /* its networks */
};

struct item {
	enum item_kind kind;
	bool negated;
	const char *text; /* as written, for reasons; literals also folded in `pattern` */
	const char *pattern;
	struct pf_net_pattern net; /* of literals in client lists */
	struct mp_table *table;
	bool names; /* could match a host name */
	struct mp_loc loc;
};

struct pf_list {
	struct pf_engine *engine;
	struct pf_settings *settings;
	const char *name;
	enum pf_list_kind kind;
	bool parent; /* pattern a.b matches x.a.b */
	struct item *items;
	size_t count;
};

struct parser {
	struct pf_list *list;
	MP_VEC(struct item) items;
	unsigned depth;
};

static void parse_text(struct parser *p, struct pf_text value, bool negated);

static void report(struct parser *p, enum mp_severity severity, const char *rule, struct mp_loc loc,
	const char *fix, const char *message)
{
	mp_finding_add(p->list->engine->findings, severity, rule, loc, fix, "%s", message);
}

/* The lines of an included file; each is a list of its own, so "#" ends just its line. */
static void parse_file(struct parser *p, const struct mp_source *source, bool negated)
{
	struct mp_arena *arena = p->list->engine->arena;

	for (uint32_t line = 0; line < source->line_count; line++) {
		size_t start = source->lines[line];
		size_t end =
			line + 1 < source->line_count ? source->lines[line + 1] : source->text.n;
		if (start == end || source->text.p[start] == '#') {
			continue;
		}
		struct pf_text_builder b;
		pf_text_begin(&b, end - start);
		pf_text_add(&b, mp_slice(source->text.p + start, end - start),
			mp_loc(source, start, end));
		parse_text(p, pf_text_end(&b, arena, NULL), negated);
		if (p->items.n >= MP_LIMIT_TABLE_RULES) {
			return;
		}
	}
}

/* Postfix opens a folder like a file, and ends when it cannot read it. */
static void refuse_folder(struct parser *p, const struct item *item)
{
	struct mp_arena *arena = p->list->engine->arena;
	struct pf_fatal fatal = {
		.text = mp_arena_printf(
			arena, "match_list_parse: read file %s: Is a directory", item->text),
		.loc = item->loc,
		.parameter = p->list->name,
	};

	pf_settings_set_fatal(p->list->settings, &fatal);
	report(p, MP_ERROR, "list/folder", item->loc, "Name the file itself.",
		mp_arena_printf(arena, "%s: %.200s is a folder: the process does not start",
			p->list->name, item->text));
}

static void add_file(struct parser *p, struct item item, bool negated)
{
	const struct mp_source *source;
	struct mp_err err = {0};
	struct mp_arena *arena = p->list->engine->arena;
	enum mp_read read = MP_READ_ERROR;

	if (p->depth < MP_LIMIT_INCLUDE_DEPTH) {
		read = mp_input_read(p->list->engine->input, item.text, &source, &err);
	} else {
		mp_err_set(&err, MP_ERR_INPUT, "too many files that name files");
	}
	switch (read) {
	case MP_READ_OK:
		p->depth++;
		parse_file(p, source, negated);
		p->depth--;
		return;
	case MP_READ_OPEN:
		item.kind = ITEM_OPEN_FILE;
		mp_vec_push(&p->items, item);
		return;
	case MP_READ_ABSENT:
	case MP_READ_ERROR:
		break;
	}
	item.kind = ITEM_NO_FILE;
	mp_vec_push(&p->items, item);
	if (read == MP_READ_ERROR && strstr(err.text, "is a folder") != NULL) {
		refuse_folder(p, &item);
		return;
	}
	report(p, MP_ERROR, "list/no-file", item.loc, "Create the file, or remove the item.",
		mp_arena_printf(arena,
			"%s: %.200s cannot be read%s%.200s: every look-up that reaches this item "
			"fails",
			p->list->name, item.text, err.text[0] != '\0' ? ": " : "", err.text));
}

/* Can a host name be what the pattern is about? Addresses and networks are not asked a name for. */
static bool may_be_name(const char *pattern)
{
	bool letter = false;

	for (const char *c = pattern; *c != '\0'; c++) {
		if (*c == '/' || *c == ':' || *c == '[') {
			return false;
		}
		letter = letter || mp_is_alpha(*c) || !mp_is_ascii(*c);
	}
	return letter;
}

/* Whether a table could find a host name. One whose keys are known and are addresses could not. */
static bool table_may_name(struct mp_table *table)
{
	struct mp_strings keys;

	if (!mp_table_keys(table, &keys)) {
		return true;
	}
	for (size_t i = 0; i < keys.n; i++) {
		if (may_be_name(keys.v[i])) {
			return true;
		}
	}
	return keys.n == 0 && !mp_table_is_fixed(table);
}

static void add_table(struct parser *p, struct item item)
{
	struct mp_ip ip;

	item.kind = ITEM_TABLE;
	item.table = pf_table_open(
		p->list->engine, p->list->settings, p->list->name, item.text, item.loc);
	item.names = p->list->kind == PF_CLIENT_LIST && table_may_name(item.table);
	mp_vec_push(&p->items, item);
	size_t address = strcspn(item.text, "/");
	if (mp_ip_parse(mp_slice(item.text, address), &ip)) {
		report(p, MP_ERROR, "list/bare-ipv6", item.loc,
			mp_arena_printf(p->list->engine->arena, "Write [%.*s]%s.", (int)address,
				item.text, item.text + address),
			mp_arena_printf(p->list->engine->arena,
				"%s: \"%.60s\" is read as a table, because an IPv6 address needs "
				"brackets here: every look-up that reaches this item fails",
				p->list->name, item.text));
	}
}

static void add_literal(struct parser *p, struct item item)
{
	struct mp_arena *arena = p->list->engine->arena;

	item.pattern = mp_arena_lower(arena, mp_slice_str(item.text));
	if (p->list->kind == PF_CLIENT_LIST) {
		if (mp_str_eq(item.text, PF_UNKNOWN_HOSTS)) {
			item.kind = ITEM_HOST;
		} else if (mp_str_eq(item.text, PF_UNKNOWN_NETWORKS)) {
			item.kind = ITEM_NETWORKS;
		} else {
			item.net = pf_net_pattern(arena, item.pattern);
			item.names = may_be_name(item.pattern);
		}
	}
	mp_vec_push(&p->items, item);
	if (item.net.kind == PF_NET_BAD) {
		report(p, MP_ERROR, "list/bad-network", item.loc,
			item.net.advice != NULL
				? mp_arena_printf(arena, "Write %s.", item.net.advice)
				: "Write address/length, IPv6 as [address]/length.",
			mp_arena_printf(arena,
				"%s: %s: every look-up that reaches this item fails (451)",
				p->list->name, item.net.error));
	}
}

static void add_item(struct parser *p, struct pf_text token, bool negated)
{
	struct pf_engine *engine = p->list->engine;
	size_t i = 0;

	while (i < token.n && token.s[i] == '!') {
		negated = !negated;
		i++;
	}
	struct item item = {
		.negated = negated,
		.text = token.s + i,
		.pattern = token.s + i,
		.loc = pf_text_loc(token, 0, token.n),
	};
	if (item.text[0] == '\0') {
		struct pf_fatal fatal = {
			.text = mp_arena_printf(
				engine->arena, "%s: no pattern after '!'", p->list->name),
			.loc = item.loc,
			.parameter = p->list->name,
		};
		pf_settings_set_fatal(p->list->settings, &fatal);
		report(p, MP_ERROR, "list/lone-negation", item.loc,
			"Write the pattern right behind the \"!\".",
			mp_arena_printf(engine->arena,
				"%s: \"!\" without a pattern: the process does not start",
				p->list->name));
	} else if (item.text[0] == '/') {
		add_file(p, item, negated);
	} else if (item.text[0] != '[' && strchr(item.text, ':') != NULL) {
		add_table(p, item);
	} else {
		add_literal(p, item);
	}
}

static void parse_text(struct parser *p, struct pf_text value, bool negated)
{
	struct pf_text *tokens;
	size_t n = pf_split(p->list->engine->arena, value, &tokens);

	for (size_t i = 0; i < n && p->items.n < MP_LIMIT_TABLE_RULES; i++) {
		if (tokens[i].s[0] == '#') {
			report(p, MP_WARNING, "list/comment",
				pf_text_loc(tokens[i], 0, tokens[i].n),
				"Put the comment on a line of its own.",
				mp_arena_printf(p->list->engine->arena,
					"%s: \"#\" does not begin a comment here: Postfix ignores "
					"the rest of the list",
					p->list->name));
			return;
		}
		add_item(p, tokens[i], negated);
	}
}

/* parent_domain_matches_subdomains, itself a list of strings. */
static bool parent_style(struct pf_settings *settings, struct mp_arena *arena, const char *name)
{
	struct pf_text *tokens;
	size_t n = pf_split(arena, pf_value(settings, "parent_domain_matches_subdomains"), &tokens);

	for (size_t i = 0; i < n && tokens[i].s[0] != '#'; i++) {
		const char *item = tokens[i].s;
		bool negated = false;
		for (; *item == '!'; item++) {
			negated = !negated;
		}
		if (mp_str_ieq(item, name)) {
			return !negated;
		}
	}
	return false;
}

struct pf_list *pf_list_new(struct pf_engine *engine, struct pf_settings *settings,
	const char *name, struct pf_text value, enum pf_list_kind kind)
{
	struct pf_list *list = MP_ARENA_NEW(engine->arena, struct pf_list);
	struct parser p = {.list = list};

	list->engine = engine;
	list->settings = settings;
	list->name = mp_arena_strdup(engine->arena, name);
	list->kind = kind;
	list->parent = kind != PF_STRING_LIST && parent_style(settings, engine->arena, name);
	parse_text(&p, value, false);
	list->count = p.items.n;
	list->items = mp_arena_array(engine->arena, p.items.n, sizeof *list->items);
	if (p.items.n > 0) {
		memcpy(list->items, p.items.v, p.items.n * sizeof *list->items);
	}
	mp_vec_release(&p.items);
	return list;
}

static enum pf_match of_result(struct mp_table_result result)
{
	switch (result.status) {
	case MP_TABLE_NONE:
		return PF_NO_MATCH;
	case MP_TABLE_FOUND:
		return PF_MATCH;
	case MP_TABLE_ERROR:
		break;
	}
	return PF_MATCH_ERROR;
}

/* One key of a table; a hit is the table's entry. */
static enum pf_match look_up(const struct item *item, struct mp_world *world,
	struct mp_arena *arena, const char *key, struct pf_list_hit *hit)
{
	struct mp_table_result result =
		mp_table_lookup(item->table, world, key, MP_ROLE_EXISTS, arena);

	if (result.status == MP_TABLE_FOUND && hit != NULL) {
		*hit = (struct pf_list_hit){
			result.loc.source != NULL ? result.loc : item->loc, item->text};
	}
	return of_result(result);
}

/* A host or domain name and its parents in a table. */
static enum pf_match domain_in_table(const struct pf_list *list, const struct item *item,
	struct mp_world *world, struct mp_arena *arena, const char *name, struct pf_list_hit *hit)
{
	for (const char *entry = name; *entry != '\0';) {
		if (entry == name || mp_table_is_fixed(item->table)) {
			enum pf_match match = look_up(item, world, arena, entry, hit);
			if (match != PF_NO_MATCH) {
				return match;
			}
		}
		const char *next = strchr(entry + 1, '.');
		if (next == NULL) {
			break;
		}
		entry = list->parent ? next + 1 : next;
	}
	return PF_NO_MATCH;
}

static bool domain_matches(const struct pf_list *list, const char *name, const char *pattern)
{
	size_t name_n = strlen(name);
	size_t n = strlen(pattern);

	if (name_n <= n) {
		return strcmp(name, pattern) == 0;
	}
	if (strcmp(name + name_n - n, pattern) != 0) {
		return false;
	}
	return list->parent ? name[name_n - n - 1] == '.' : pattern[0] == '.';
}

/* The same for a name or a pattern that the configuration leaves open. */
static bool open_domain_matches(const struct pf_list *list, struct mp_world *world,
	struct mp_arena *arena, const char *name, const char *pattern)
{
	if (pf_same_name(world, arena, name, pattern)) {
		return true;
	}
	if (list->kind == PF_STRING_LIST || (!list->parent && pattern[0] != '.')) {
		return false;
	}
	for (const char *dot = strchr(name, '.'); dot != NULL; dot = strchr(dot + 1, '.')) {
		if (pf_same_name(world, arena, list->parent ? dot + 1 : dot, pattern)) {
			return true;
		}
	}
	return false;
}

static bool literal_matches(const struct pf_list *list, struct mp_world *world,
	struct mp_arena *arena, const char *name, const char *pattern)
{
	if (strchr(name, '{') != NULL || strchr(pattern, '{') != NULL) {
		return open_domain_matches(list, world, arena, name, pattern);
	}
	return list->kind == PF_STRING_LIST ? strcmp(name, pattern) == 0
					    : domain_matches(list, name, pattern);
}

/* A file that is perhaps there, with contents that nobody knows. */
static enum pf_match ask_file(
	const struct item *item, struct mp_world *world, struct mp_arena *arena, const char *key)
{
	const char *question = mp_arena_printf(arena, "table.lookup %s %s", item->text, key);

	switch (mp_ask_found(world, question)) {
	case MP_NONE:
		return PF_NO_MATCH;
	case MP_FOUND:
		return PF_MATCH;
	case MP_TEMPFAIL:
		break;
	}
	return PF_MATCH_ERROR;
}

/* The name, which is folded already, against one item. */
static enum pf_match match_item_name(const struct pf_list *list, const struct item *item,
	struct mp_world *world, struct mp_arena *arena, const char *name, struct pf_list_hit *hit)
{
	switch (item->kind) {
	case ITEM_LITERAL:
		return literal_matches(list, world, arena, name, item->pattern) ? PF_MATCH
										: PF_NO_MATCH;
	case ITEM_TABLE:
		return list->kind == PF_STRING_LIST
			? look_up(item, world, arena, name, hit)
			: domain_in_table(list, item, world, arena, name, hit);
	case ITEM_OPEN_FILE:
		return ask_file(item, world, arena, name);
	case ITEM_HOST:
	case ITEM_NETWORKS:
		return PF_NO_MATCH;
	case ITEM_NO_FILE:
		break;
	}
	return PF_MATCH_ERROR;
}

/* Postfix compares an IPv6 client with an IPv6 pattern only, and likewise for IPv4. */
static enum pf_match match_net(const struct pf_net_pattern *net, const struct mp_ip *client)
{
	if (net->kind == PF_NET_NONE || net->family != client->family) {
		return PF_NO_MATCH;
	}
	if (net->kind == PF_NET_BAD) {
		return PF_MATCH_ERROR;
	}
	return mp_cidr_contains(&net->net, client) ? PF_MATCH : PF_NO_MATCH;
}

static enum pf_match match_item_address(const struct pf_list *list, const struct item *item,
	struct mp_world *world, struct mp_arena *arena, const struct mp_ip *client,
	const char *text, struct pf_list_hit *hit)
{
	switch (item->kind) {
	case ITEM_LITERAL:
		return match_net(&item->net, client);
	case ITEM_TABLE:
		return look_up(item, world, arena, text, hit);
	case ITEM_OPEN_FILE:
		return ask_file(item, world, arena, text);
	case ITEM_HOST:
		return pf_ask_host_address(list->settings, world, client) == PF_HOST_ADDRESS
			? PF_MATCH
			: PF_NO_MATCH;
	case ITEM_NETWORKS:
		return pf_ask_host_address(list->settings, world, client) != PF_HOST_OTHER
			? PF_MATCH
			: PF_NO_MATCH;
	case ITEM_NO_FILE:
		break;
	}
	return PF_MATCH_ERROR;
}

/* What the item's match means: the list's answer. */
static enum pf_match decided(const struct item *item, enum pf_match match, struct pf_list_hit *hit)
{
	if (hit != NULL && (hit->text == NULL || match == PF_MATCH_ERROR)) {
		*hit = (struct pf_list_hit){item->loc, item->text};
	}
	return match == PF_MATCH && item->negated ? PF_NO_MATCH : match;
}

enum pf_match pf_list_match_name(struct pf_list *list, struct mp_world *world,
	struct mp_arena *arena, const char *name, struct pf_list_hit *hit)
{
	const char *folded = mp_arena_lower(arena, mp_slice_str(name));

	if (hit != NULL) {
		*hit = (struct pf_list_hit){0};
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct item *item = &list->items[i];
		enum pf_match match = match_item_name(list, item, world, arena, folded, hit);
		if (match != PF_NO_MATCH) {
			return decided(item, match, hit);
		}
	}
	return PF_NO_MATCH;
}

enum pf_match pf_list_match_client(struct pf_list *list, struct mp_world *world,
	struct mp_arena *arena, const struct mp_ip *client, pf_name_fn *client_name, void *context,
	struct pf_list_hit *hit)
{
	const char *name = NULL;
	char text[MP_IP_TEXT];

	mp_ip_format(client, text);
	if (hit != NULL) {
		*hit = (struct pf_list_hit){0};
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct item *item = &list->items[i];
		enum pf_match match = PF_NO_MATCH;
		if (item->names) {
			if (name == NULL) {
				name = mp_arena_lower(arena, mp_slice_str(client_name(context)));
			}
			match = match_item_name(list, item, world, arena, name, hit);
		}
		if (match == PF_NO_MATCH) {
			match = match_item_address(list, item, world, arena, client, text, hit);
		}
		if (match != PF_NO_MATCH) {
			return decided(item, match, hit);
		}
	}
	return PF_NO_MATCH;
}

void pf_list_names(struct pf_list *list, struct pf_names *out)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct item *item = &list->items[i];
		struct mp_strings keys;
		if (!item->names) {
			continue;
		}
		if (item->kind == ITEM_LITERAL) {
			mp_vec_push(&out->v, item->pattern);
		} else if (item->kind == ITEM_TABLE && mp_table_keys(item->table, &keys)) {
			for (size_t k = 0; k < keys.n; k++) {
				if (may_be_name(keys.v[k])) {
					mp_vec_push(&out->v, keys.v[k]);
				}
			}
		}
	}
}

bool pf_list_is_parent(const struct pf_list *list)
{
	return list->parent;
}

bool pf_list_item(const struct pf_list *list, size_t i, struct pf_list_item *out)
{
	if (i >= list->count) {
		return false;
	}
	const struct item *item = &list->items[i];
	*out = (struct pf_list_item){.negated = item->negated,
		.text = item->text,
		.pattern = item->pattern,
		.net = item->net.net,
		.table = item->table,
		.loc = item->loc};
	switch (item->kind) {
	case ITEM_LITERAL:
		out->kind = item->net.kind == PF_NET_BAD ? PF_ITEM_FAILS
			: item->net.kind == PF_NET_NONE  ? PF_ITEM_NAME
							 : PF_ITEM_NETWORK;
		break;
	case ITEM_TABLE:
		out->kind = PF_ITEM_TABLE;
		break;
	case ITEM_NO_FILE:
		out->kind = PF_ITEM_FAILS;
		break;
	case ITEM_OPEN_FILE:
	case ITEM_HOST:
	case ITEM_NETWORKS:
		out->kind = PF_ITEM_OPEN;
		break;
	}
	return true;
}

size_t pf_list_networks(struct pf_list *list, struct mp_arena *arena, struct pf_list_network **out)
{
	struct pf_list_network *nets = mp_arena_array(arena, list->count, sizeof *nets);
	size_t n = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct item *item = &list->items[i];
		if (item->net.kind == PF_NET_ADDRESS || item->net.kind == PF_NET_NETWORK) {
			nets[n++] =
				(struct pf_list_network){item->net.net, item->negated, item->loc};
		}
	}
	*out = nets;
	return n;
}
