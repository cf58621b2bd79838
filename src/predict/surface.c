/* surface - who may have mail carried where (surface.h). */
#include "predict/surface_internal.h"

#include "base/limits.h"
#include "world/facts.h"

/* ---- facts ------------------------------------------------------------------------------------
 */

static void add_dns(struct mp_facts *facts, struct mp_arena *arena, const char *type,
	const char *name, const char *value)
{
	const char **values = mp_arena_array(arena, 1, sizeof *values);
	struct mp_fact_dns *fact = MP_ARENA_NEW(arena, struct mp_fact_dns);
	char *key =
		mp_arena_printf(arena, "%s %s", type, mp_arena_lower(arena, mp_slice_str(name)));

	if (mp_map_get_str(&facts->dns, key) != NULL) {
		return;
	}
	values[0] = value;
	*fact = (struct mp_fact_dns){.kind = MP_FACT_FOUND, .values = {values, 1}};
	mp_map_put(&facts->dns, mp_slice_str(key), fact);
}

/* A domain that exists, takes mail, and has nothing else. */
static void add_domain(struct mp_facts *facts, struct mp_arena *arena, const char *name)
{
	static const char address[] = "198.51.100.77";
	char *lower = mp_arena_lower(arena, mp_slice_str(name));
	char *mx = mp_arena_printf(arena, "mx.%s", lower);

	add_dns(facts, arena, "address", lower, address);
	add_dns(facts, arena, "mx", lower, mp_arena_printf(arena, "10 %s", mx));
	add_dns(facts, arena, "address", mx, address);
	mp_map_put(&facts->dns_names, mp_slice_str(lower), lower);
	mp_map_put(&facts->dns_names, mp_slice_str(mx), mx);
}

static void copy_map(struct mp_map *to, const struct mp_map *from)
{
	*to = (struct mp_map){0};
	for (size_t i = 0; i < from->n; i++) {
		mp_map_put(to, from->entries[i].key, from->entries[i].value);
	}
}

/* The user's facts, and that the names exist which a client is free to choose: whoever wants mail
 * carried takes a sender that resolves. The SASL library is assumed to have what everybody has. */
static struct mp_facts *own_facts(
	const struct mp_facts *facts, const struct surface_choice *choice, struct mp_arena *arena)
{
	static const char *const mechanisms[] = {"PLAIN", "LOGIN"};
	struct mp_facts *own = MP_ARENA_NEW(arena, struct mp_facts);

	*own = *facts;
	copy_map(&own->dns, &facts->dns);
	copy_map(&own->dns_names, &facts->dns_names);
	for (int a = 0; a < SURFACE_ASPECTS; a++) {
		for (int i = 0; i < SURFACE_SPARES && choice->spare[a][i] != NULL; i++) {
			const char *at = strrchr(choice->spare[a][i], '@');
			add_domain(own, arena, at != NULL ? at + 1 : choice->spare[a][i]);
		}
	}
	own->have_sasl_users = false; /* users of the server that the facts do not name */
	if (!own->have_sasl_mechanisms) {
		own->have_sasl_mechanisms = true;
		own->sasl_mechanisms = (struct mp_strings){mechanisms, 2};
	}
	return own;
}

/* ---- addresses that facts tell apart -----------------------------------------------------------
 */

struct addresses {
	MP_VEC(struct mp_ip) list;
};

/* Every word of a text that is an address. */
static void add_words(struct addresses *out, struct mp_slice text)
{
	while (text.n > 0) {
		size_t end = mp_slice_chr(text, ' ');
		struct mp_ip ip;
		if (mp_ip_parse(mp_slice_sub(text, 0, end), &ip)) {
			mp_vec_push(&out->list, ip);
		}
		text = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(text, end + 1);
	}
}

static struct addresses known_addresses(const struct mp_facts *facts)
{
	struct addresses out = {0};

	for (size_t i = 0; i < facts->address_count; i++) {
		mp_vec_push(&out.list, facts->addresses[i].ip);
	}
	for (size_t i = 0; i < facts->dns.n; i++) {
		add_words(&out, facts->dns.entries[i].key);
	}
	for (size_t i = 0; i < facts->answers.n; i++) {
		add_words(&out, facts->answers.entries[i].key);
	}
	return out;
}

/* ---- a listener -------------------------------------------------------------------------------
 */

/* What the configuration tells apart, in all worlds in which it tells different things. */
struct look {
	const struct mp_server *server;
	const char *listener;
	const struct mp_distinction *v;
	size_t n;
	const struct mp_domain *domains;
	size_t domain_count;
};

static void *take_look(void *context, struct mp_world *world, struct mp_arena *keep)
{
	const struct look *wanted = context;
	struct look *seen = MP_ARENA_NEW(keep, struct look);
	const struct mp_server_ops *ops = wanted->server->ops;

	*seen = *wanted;
	if (ops->distinctions != NULL) {
		seen->n =
			ops->distinctions(wanted->server, world, keep, wanted->listener, &seen->v);
	}
	if (ops->domains != NULL) {
		seen->domain_count =
			ops->domains(wanted->server, world, keep, wanted->listener, &seen->domains);
	}
	return seen;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && mp_str_eq(a, b));
}

static bool same_distinction(const struct mp_distinction *a, const struct mp_distinction *b)
{
	return a->aspect == b->aspect && mp_ip_eq(&a->net.ip, &b->net.ip) &&
		a->net.length == b->net.length && same_text(a->example, b->example) &&
		same_text(a->pattern, b->pattern) && same_text(a->like, b->like);
}

static bool same_look(const void *left, const void *right)
{
	const struct look *a = left;
	const struct look *b = right;

	if (a->n != b->n || a->domain_count != b->domain_count) {
		return false;
	}
	for (size_t i = 0; i < a->n; i++) {
		if (!same_distinction(&a->v[i], &b->v[i])) {
			return false;
		}
	}
	return true;
}

/* The distinctions of all worlds: more than are needed cost time only. */
static void find_distinctions(
	struct surface_subject *subject, struct surface_notes *notes, struct mp_arena *arena)
{
	static const struct mp_explore_ops ops = {.play = take_look, .equal = same_look};
	struct look wanted = {.server = subject->server, .listener = subject->listener};
	struct mp_exploration worlds = mp_explore(subject->facts, &ops, &wanted, arena);
	const struct look *first = worlds.v[0].value;
	size_t n = 0, total = 0;

	if (worlds.truncated) {
		surface_note(notes, "%s: not all that open questions make of it was looked at",
			subject->listener);
	}
	subject->domains = first->domains;
	subject->domain_count = first->domain_count;
	for (size_t i = 0; i < worlds.n; i++) {
		total += ((const struct look *)worlds.v[i].value)->n;
	}
	struct mp_distinction *all = mp_arena_array(arena, total, sizeof *all);
	for (size_t i = 0; i < worlds.n; i++) {
		const struct look *look = worlds.v[i].value;
		if (look->n > 0) {
			memcpy(all + n, look->v, look->n * sizeof *all);
		}
		n += look->n;
	}
	subject->distinctions = all;
	subject->distinction_count = n;
}

/* Where a client of each family connects to: a loopback address only where there is no other. */
static void find_endpoints(struct surface_subject *subject, const struct mp_listener *listeners,
	size_t n, struct mp_arena *arena)
{
	for (size_t i = 0; i < n; i++) {
		const struct mp_listener *l = &listeners[i];
		struct mp_ip ip;
		if (!mp_str_eq(l->name, subject->listener) ||
			!mp_ip_parse(mp_slice_str(l->address), &ip)) {
			continue;
		}
		bool loopback = mp_ip_is_loopback(&ip), v6 = ip.family == 6;
		subject->tls = l->tls;
		if (subject->at[v6] == NULL || (subject->loopback[v6] && !loopback)) {
			subject->loopback[v6] = loopback;
			subject->at[v6] = l->port == 0
				? l->name
				: mp_arena_printf(
					  arena, v6 ? "[%s]:%u" : "%s:%u", l->address, l->port);
		}
	}
}

struct surveyor {
	const struct mp_server *server;
	const struct mp_listener *listeners;
	size_t listener_count;
	const struct mp_facts *facts;
	const struct mp_names *names;
	struct mp_arena *arena; /* of the result */
	struct surface_notes notes;
	struct surface_openings openings;
	size_t plays_left;
	size_t listeners_left;
};

/* Dialogues for one listener: its share of what is left, half for the search, half to try what was
 * found in every place. */
static size_t share(const struct surveyor *s)
{
	return (s->plays_left / s->listeners_left + 1) / 2;
}

static void search_listener(struct surveyor *s, const struct surface_subject *subject,
	const struct surface_choice *choice)
{
	struct surface_stage stage;
	struct surface_hits hits = {0};
	struct surface_finds finds = {.arena = s->arena};

	if (choice->place_count == 0) {
		return;
	}
	size_t half = share(s), left = half;
	surface_stage_open(&stage, subject, choice, &left);
	surface_search(&stage, &s->notes, &hits);
	bool all = left > 0;
	s->plays_left -= half - left;
	left = half;
	surface_find(&stage, &hits, &finds);
	s->plays_left -= half - left;
	if (!all || left == 0) {
		surface_note(&s->notes,
			"%s: there is more to try than can be tried: what was not tried is not "
			"known",
			subject->listener);
	}
	surface_join(&stage, &finds, &s->openings);
	surface_stage_close(&stage);
	mp_vec_release(&hits.list);
	mp_arena_release(&hits.arena);
	mp_vec_release(&finds.list);
}

static void survey(struct surveyor *s, const char *listener)
{
	struct surface_subject subject = {
		.server = s->server, .facts = s->facts, .names = s->names, .listener = listener};
	struct addresses known = known_addresses(s->facts);

	find_endpoints(&subject, s->listeners, s->listener_count, s->arena);
	find_distinctions(&subject, &s->notes, s->arena);
	struct mp_space space = mp_space_cut(subject.distinctions, subject.distinction_count,
		known.list.v, known.list.n, s->arena);
	if (!space.complete) {
		surface_note(&s->notes, "%s: too many networks to tell all apart", listener);
	}
	subject.space = &space;
	struct surface_choice choice = surface_choose(&subject, &s->notes, s->arena);
	struct mp_facts *facts = own_facts(s->facts, &choice, s->arena);
	subject.facts = facts;
	search_listener(s, &subject, &choice);
	mp_map_release(&facts->dns);
	mp_map_release(&facts->dns_names);
	mp_vec_release(&known.list);
}

/* ---- all listeners ----------------------------------------------------------------------------
 */

struct listening {
	const struct mp_server *server;
	const struct mp_listener *v;
	size_t n;
};

static void *take_listeners(void *context, struct mp_world *world, struct mp_arena *keep)
{
	const struct listening *wanted = context;
	struct listening *seen = MP_ARENA_NEW(keep, struct listening);

	*seen = *wanted;
	seen->n = wanted->server->ops->listeners(wanted->server, world, keep, &seen->v);
	return seen;
}

static bool same_listener(const struct mp_listener *a, const struct mp_listener *b)
{
	return mp_str_eq(a->name, b->name) && mp_str_eq(a->address, b->address) &&
		a->port == b->port && a->tls == b->tls;
}

static bool same_listening(const void *left, const void *right)
{
	const struct listening *a = left;
	const struct listening *b = right;

	if (a->n != b->n) {
		return false;
	}
	for (size_t i = 0; i < a->n; i++) {
		if (!same_listener(&a->v[i], &b->v[i])) {
			return false;
		}
	}
	return true;
}

/* Adds a listener that is not there yet; one that has TLS in some world is looked at with it. */
static void add_listener(struct mp_listener *v, size_t *n, const struct mp_listener *l)
{
	for (size_t i = 0; i < *n; i++) {
		if (mp_str_eq(v[i].name, l->name) && mp_str_eq(v[i].address, l->address) &&
			v[i].port == l->port) {
			v[i].tls = v[i].tls == MP_TLS_NONE ? l->tls : v[i].tls;
			return;
		}
	}
	v[(*n)++] = *l;
}

/* The listeners of all worlds; a client that connects where there is none in a world sees that. */
static void find_listeners(struct surveyor *s, const struct mp_server_view *view)
{
	static const struct mp_explore_ops ops = {.play = take_listeners, .equal = same_listening};
	struct listening wanted = {.server = s->server};
	size_t total = 0;

	s->listeners = view->listeners;
	s->listener_count = view->listener_count;
	if (view->certain) {
		return;
	}
	struct mp_exploration worlds = mp_explore(s->facts, &ops, &wanted, s->arena);
	if (worlds.truncated) {
		surface_note(&s->notes, "not all listeners that there may be were looked at");
	}
	for (size_t i = 0; i < worlds.n; i++) {
		total += ((const struct listening *)worlds.v[i].value)->n;
	}
	struct mp_listener *v = mp_arena_array(s->arena, total, sizeof *v);
	s->listeners = v;
	s->listener_count = 0;
	for (size_t i = 0; i < worlds.n; i++) {
		const struct listening *seen = worlds.v[i].value;
		for (size_t k = 0; k < seen->n; k++) {
			add_listener(v, &s->listener_count, &seen->v[k]);
		}
	}
}

static bool named_before(const struct surveyor *s, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (mp_str_eq(s->listeners[i].name, s->listeners[index].name)) {
			return true;
		}
	}
	return false;
}

/* Moves the lists into the arena. */
static struct mp_surface finish(struct surveyor *s)
{
	size_t n = s->openings.list.n, notes = s->notes.list.n;
	struct mp_opening *v = mp_arena_array(s->arena, n, sizeof *v);
	const char **texts = mp_arena_array(s->arena, notes, sizeof *texts);

	if (n > 0) {
		memcpy(v, s->openings.list.v, n * sizeof *v);
	}
	if (notes > 0) {
		memcpy(texts, s->notes.list.v, notes * sizeof *texts);
	}
	mp_vec_release(&s->openings.list);
	mp_vec_release(&s->notes.list);
	mp_map_release(&s->notes.seen);
	return (struct mp_surface){
		.v = v, .n = n, .complete = notes == 0, .notes = texts, .note_count = notes};
}

struct mp_surface mp_surface_find(const struct mp_server *server, const struct mp_server_view *view,
	const struct mp_facts *facts, const struct mp_names *names, struct mp_arena *arena)
{
	struct surveyor s = {.server = server,
		.facts = facts,
		.names = names,
		.arena = arena,
		.notes = {.arena = arena},
		.openings = {.arena = arena},
		.plays_left = MP_LIMIT_SURFACE_PLAYS};

	find_listeners(&s, view);
	for (size_t i = 0; i < s.listener_count; i++) {
		s.listeners_left += !named_before(&s, i);
	}
	for (size_t i = 0; i < s.listener_count; i++) {
		if (!named_before(&s, i)) {
			survey(&s, s.listeners[i].name);
			s.listeners_left--;
		}
	}
	surface_settle(&s.openings);
	return finish(&s);
}
