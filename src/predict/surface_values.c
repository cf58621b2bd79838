/* surface_values - what a client can say and be, as far as the configuration tells it apart. */
#include "predict/surface_internal.h"

#include <stdarg.h>

/* Values under construction: those with one `like` stand for one another. */
struct builder {
	const struct surface_subject *subject;
	struct surface_notes *notes;
	struct mp_arena *arena;
	MP_VEC(struct surface_value) values[SURFACE_ASPECTS];
};

/* One class of distinctions: the first's example, everybody's patterns. */
struct class
{
	const struct mp_distinction *first;
	MP_VEC(const char *) patterns;
	MP_VEC(struct mp_reason) written; /* where each pattern is */
	struct mp_map seen; /* the patterns */
};

struct classes {
	MP_VEC(struct class *) list;
	struct mp_map by_like;
	struct mp_arena scratch;
};

void surface_note(struct surface_notes *notes, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *text = mp_arena_vprintf(notes->arena, fmt, ap);
	va_end(ap);
	if (mp_map_get_str(&notes->seen, text) == NULL) {
		mp_map_put(&notes->seen, mp_slice_str(text), text);
		mp_vec_push(&notes->list, text);
	}
}

/* ---- classes ----------------------------------------------------------------------------------
 */

static void add_pattern(struct class *class, const struct mp_distinction *d)
{
	static char present;

	if (mp_map_get_str(&class->seen, d->pattern) == NULL) {
		mp_map_put(&class->seen, mp_slice_str(d->pattern), &present);
		mp_vec_push(&class->patterns, d->pattern);
		mp_vec_push(&class->written, d->because);
	}
}

static void classify(struct classes *classes, const struct mp_distinction *d)
{
	const char *like = d->like != NULL
		? d->like
		: mp_arena_printf(&classes->scratch, "%s %s", d->pattern, d->example);
	struct class *class = mp_map_get_str(&classes->by_like, like);

	if (class == NULL) {
		class = MP_ARENA_NEW(&classes->scratch, struct class);
		class->first = d;
		mp_map_put(&classes->by_like, mp_slice_str(like), class);
		mp_vec_push(&classes->list, class);
	}
	add_pattern(class, d);
}

/* The distinctions of an aspect, but networks, as classes; what has no example is noted. */
static struct classes classes_of(struct builder *b, enum mp_aspect aspect)
{
	struct classes classes = {0};

	for (size_t i = 0; i < b->subject->distinction_count; i++) {
		const struct mp_distinction *d = &b->subject->distinctions[i];
		if (d->aspect != aspect || (aspect == MP_ASPECT_ADDRESS && d->net.ip.family != 0)) {
			continue;
		}
		if (d->example != NULL) {
			classify(&classes, d);
			continue;
		}
		struct mp_position at = mp_loc_position(d->because.loc);
		surface_note(b->notes, "what follows from %s (%s:%u) is not known", d->pattern,
			at.file[0] != '\0' ? at.file : "default", at.line);
	}
	return classes;
}

/* The patterns of a class in the arena. */
static const char *const *keep_patterns(struct builder *b, const struct class *class)
{
	const char **list = mp_arena_array(b->arena, class->patterns.n, sizeof *list);

	memcpy(list, class->patterns.v, class->patterns.n * sizeof *list);
	return list;
}

static const struct mp_reason *keep_written(struct builder *b, const struct class *class)
{
	struct mp_reason *list = mp_arena_array(b->arena, class->written.n, sizeof *list);

	memcpy(list, class->written.v, class->written.n * sizeof *list);
	return list;
}

static void release_classes(struct classes *classes)
{
	for (size_t i = 0; i < classes->list.n; i++) {
		mp_vec_release(&classes->list.v[i]->patterns);
		mp_vec_release(&classes->list.v[i]->written);
		mp_map_release(&classes->list.v[i]->seen);
	}
	mp_vec_release(&classes->list);
	mp_map_release(&classes->by_like);
	mp_arena_release(&classes->scratch);
}

/* ---- values -----------------------------------------------------------------------------------
 */

static void add(struct builder *b, enum surface_aspect aspect, struct surface_value value)
{
	value.form = value.form != NULL ? value.form : "";
	mp_vec_push(&b->values[aspect], value);
}

/* A value that is called by a word of ours. */
static void add_named(
	struct builder *b, enum surface_aspect aspect, const char *word, struct surface_value value)
{
	const char **list = mp_arena_array(b->arena, 1, sizeof *list);

	list[0] = word;
	value.patterns = list;
	value.pattern_count = 1;
	add(b, aspect, value);
}

/* The classes of an aspect as values; model says what is the same for all. */
static void add_classes(struct builder *b, enum surface_aspect aspect,
	const struct classes *classes, struct surface_value model)
{
	for (size_t i = 0; i < classes->list.n; i++) {
		const struct class *class = classes->list.v[i];
		model.say = class->first->example;
		model.patterns = keep_patterns(b, class);
		model.pattern_count = class->patterns.n;
		model.written = keep_written(b, class);
		model.granted = class->first->granted;
		model.granted_count = class->first->granted_count;
		model.subject = class->first->subject;
		model.issuer = class->first->issuer;
		add(b, aspect, model);
	}
}

static bool has_empty_example(const struct classes *classes)
{
	for (size_t i = 0; i < classes->list.n; i++) {
		if (classes->list.v[i]->first->example[0] == '\0') {
			return true;
		}
	}
	return false;
}

static void add_senders(struct builder *b)
{
	struct classes classes = classes_of(b, MP_ASPECT_SENDER);

	add(b, SURFACE_SENDER, (struct surface_value){0});
	if (!has_empty_example(&classes)) {
		add_named(b, SURFACE_SENDER, "<>", (struct surface_value){.say = ""});
	}
	add_classes(b, SURFACE_SENDER, &classes, (struct surface_value){0});
	release_classes(&classes);
}

static void add_helos(struct builder *b)
{
	struct classes classes = classes_of(b, MP_ASPECT_HELO);

	add(b, SURFACE_HELO, (struct surface_value){0});
	add_named(b, SURFACE_HELO, "(none)", (struct surface_value){0});
	add_classes(b, SURFACE_HELO, &classes, (struct surface_value){0});
	release_classes(&classes);
}

static void add_names(struct builder *b)
{
	static const char somebody[] = "host.somewhere.example";
	struct classes classes = classes_of(b, MP_ASPECT_NAME);

	add(b, SURFACE_NAME, (struct surface_value){0});
	add_named(b, SURFACE_NAME, "any verified name",
		(struct surface_value){.say = somebody, .any = true});
	add_named(b, SURFACE_NAME, "any name",
		(struct surface_value){.say = somebody, .any = true, .unverified = true});
	add_classes(b, SURFACE_NAME, &classes, (struct surface_value){0});
	add_classes(b, SURFACE_NAME, &classes, (struct surface_value){.unverified = true});
	release_classes(&classes);
}

static void add_logins(struct builder *b)
{
	static const char somebody[] = "mtaproof-user";
	struct classes classes = classes_of(b, MP_ASPECT_LOGIN);

	add(b, SURFACE_LOGIN, (struct surface_value){0});
	for (int tls = 0; tls < (b->subject->tls == MP_TLS_STARTTLS ? 2 : 1); tls++) {
		add_named(b, SURFACE_LOGIN, "any",
			(struct surface_value){.say = somebody, .any = true, .tls = tls != 0});
		add_classes(b, SURFACE_LOGIN, &classes, (struct surface_value){.tls = tls != 0});
	}
	release_classes(&classes);
}

static void add_certificates(struct builder *b)
{
	/* Drawn by lot: examples in configurations count up. */
	static const char nobody[] = "9E:1B:F3:47:60:C5:2D:88:DA:03:7F:B6:51:E4:9A:2C:"
				     "C8:35:0D:F1:72:AB:46:1F:EE:94:58:0B:D7:63:A1:3C";
	struct classes classes = classes_of(b, MP_ASPECT_CERTIFICATE);

	add(b, SURFACE_CERTIFICATE, (struct surface_value){0});
	if (b->subject->tls != MP_TLS_NONE) {
		add_named(b, SURFACE_CERTIFICATE, "any verified",
			(struct surface_value){.say = nobody, .any = true});
		add_named(b, SURFACE_CERTIFICATE, "any",
			(struct surface_value){.say = nobody, .any = true, .unverified = true});
		add_classes(b, SURFACE_CERTIFICATE, &classes, (struct surface_value){0});
	}
	add(b, SURFACE_TLS, (struct surface_value){0});
	if (b->subject->tls == MP_TLS_STARTTLS) {
		add(b, SURFACE_TLS, (struct surface_value){.any = true});
	}
	release_classes(&classes);
}

/* ---- recipients -------------------------------------------------------------------------------
 */

/* Addresses that name another destination than the domain at their end, or that name one without an
 * "@" (RFC 5321 3.6.1, RFC 1123 5.2.16): {local.domain} is the server's own, or one that it relays
 * for. */
static const char *const routed[] = {"{foreign.user}%{foreign.domain}@{local.domain}",
	"@{local.domain}:{foreign.user}@{foreign.domain}",
	"{foreign.domain}!{foreign.user}@{local.domain}",
	"{foreign.user}@{foreign.domain}@{local.domain}",
	"\"{foreign.user}@{foreign.domain}\"@{local.domain}"};
static const char *const bare[] = {"{foreign.user}%{foreign.domain}",
	"{foreign.domain}!{foreign.user}", "\"{foreign.user}@{foreign.domain}\""};

static void add_forms(
	struct builder *b, const char *const *forms, size_t n, const char *own, const char *foreign)
{
	const char *at = strrchr(foreign, '@');
	struct mp_names real = {
		.foreign_user = mp_arena_memdup(b->arena, foreign, (size_t)(at - foreign)),
		.foreign_domain = at + 1,
		.local_domain = own};
	struct mp_names shown = {
		.foreign_user = "user", .foreign_domain = "domain", .local_domain = own};
	const char *missing;

	for (size_t i = 0; i < n; i++) {
		const char *say = mp_names_bind(&real, forms[i], b->arena, &missing);
		const char *form = mp_names_bind(&shown, forms[i], b->arena, &missing);
		if (say != NULL && form != NULL) {
			add(b, SURFACE_RECIPIENT, (struct surface_value){.say = say, .form = form});
		}
	}
}

static const char *domain_of_kind(const struct surface_subject *subject, bool relayed)
{
	for (size_t i = 0; i < subject->domain_count; i++) {
		if ((subject->domains[i].kind == MP_DOMAIN_RELAY) == relayed) {
			return subject->domains[i].name;
		}
	}
	return NULL;
}

static void add_recipients(struct builder *b, const char *foreign)
{
	struct classes classes = classes_of(b, MP_ASPECT_RECIPIENT);
	const char *own = domain_of_kind(b->subject, false);
	const char *relayed = domain_of_kind(b->subject, true);

	add(b, SURFACE_RECIPIENT, (struct surface_value){.any = true});
	if (own == NULL && relayed == NULL) {
		own = b->subject->names->local_domain;
	}
	if (own != NULL) {
		add_forms(b, routed, sizeof routed / sizeof routed[0], own, foreign);
	}
	if (relayed != NULL) {
		add_forms(b, routed, sizeof routed / sizeof routed[0], relayed, foreign);
	}
	add_forms(b, bare, sizeof bare / sizeof bare[0], NULL, foreign);
	add_classes(b, SURFACE_RECIPIENT, &classes, (struct surface_value){0});
	release_classes(&classes);
}

/* ---- all --------------------------------------------------------------------------------------
 */

/* Names like any other, of different kinds: should a pattern of the configuration happen to match
 * one, it will hardly match the others. */
static void set_spares(
	struct surface_choice *c, const struct mp_names *names, struct mp_arena *arena)
{
	bool named =
		names->helo != NULL && names->helo[0] != '[' && strchr(names->helo, '.') != NULL;
	const char *helo = named ? names->helo : "probe.somewhere.example";
	bool has_sender = names->sender != NULL && strchr(names->sender, '@') != NULL;

	c->spare[SURFACE_HELO][0] = helo;
	c->spare[SURFACE_HELO][1] = "q7.mtaproof-client.test";
	c->spare[SURFACE_HELO][2] = "w3k.mtaproof-client.invalid";
	c->spare[SURFACE_SENDER][0] =
		has_sender ? names->sender : mp_arena_printf(arena, "somebody@%s", helo);
	c->spare[SURFACE_SENDER][1] = "q7x@mtaproof-sender.test";
	c->spare[SURFACE_SENDER][2] = "w3.k@mtaproof-sender.invalid";
	c->spare[SURFACE_RECIPIENT][0] =
		mp_arena_printf(arena, "%s@%s", names->foreign_user, names->foreign_domain);
	c->spare[SURFACE_RECIPIENT][1] = "q7y@mtaproof-recipient.test";
	c->spare[SURFACE_RECIPIENT][2] = "w3.m@mtaproof-recipient.invalid";
}

/* ---- places -----------------------------------------------------------------------------------
 */

bool surface_can_connect(const struct surface_subject *subject, const struct mp_ip *client)
{
	bool v6 = client->family == 6;

	return subject->at[v6] != NULL && (!subject->loopback[v6] || mp_ip_is_loopback(client));
}

static void add_place(struct builder *b, struct surface_choice *c, struct surface_place place)
{
	if (surface_can_connect(b->subject, &place.examples[0])) {
		c->places[c->place_count++] = place;
		add(b, SURFACE_ADDRESS, (struct surface_value){0});
	}
}

/* Patterns of addresses whose extent is not known: tried by an address that falls under them. */
static void add_patterns(struct builder *b, struct surface_choice *c, const struct classes *classes)
{
	for (size_t i = 0; i < classes->list.n; i++) {
		const struct class *class = classes->list.v[i];
		struct mp_ip *example = MP_ARENA_NEW(b->arena, struct mp_ip);
		if (!mp_ip_parse(mp_slice_str(class->first->example), example)) {
			surface_note(b->notes, "no client address is known that falls under %s",
				class->first->pattern);
			continue;
		}
		c->has_patterns = true;
		add_place(b, c,
			(struct surface_place){.cell = SURFACE_NO_CELL,
				.examples = example,
				.example_count = 1,
				.patterns = keep_patterns(b, class),
				.pattern_count = class->patterns.n});
	}
}

/* The cells of the space, those of documentation addresses first: there nobody is anybody. */
static void add_places(struct builder *b, struct surface_choice *c)
{
	static const char *const nobodys[] = {"203.0.113.5", "2001:db8:5::5"};
	const struct mp_space *space = b->subject->space;
	struct classes classes = classes_of(b, MP_ASPECT_ADDRESS);
	const struct mp_cell *first[2] = {NULL, NULL};

	c->places = mp_arena_array(b->arena, space->n + classes.list.n + 2, sizeof *c->places);
	for (size_t pass = 0; pass < 3; pass++) {
		struct mp_ip ip;
		if (pass < 2 && mp_ip_parse(mp_slice_str(nobodys[pass]), &ip)) {
			first[pass] = mp_space_find(space, &ip);
		}
		for (size_t i = 0; i < space->n; i++) {
			const struct mp_cell *cell = &space->cells[i];
			bool wanted = pass < 2 ? first[pass] != NULL && cell == first[pass]
					       : cell != first[0] && cell != first[1];
			if (wanted) {
				add_place(b, c,
					(struct surface_place){.cell = i,
						.examples = cell->examples,
						.example_count = cell->example_count});
			}
		}
	}
	add_patterns(b, c, &classes);
	release_classes(&classes);
}

struct surface_choice surface_choose(
	const struct surface_subject *subject, struct surface_notes *notes, struct mp_arena *arena)
{
	struct builder b = {.subject = subject, .notes = notes, .arena = arena};
	struct surface_choice c = {0};

	set_spares(&c, subject->names, arena);
	add_places(&b, &c);
	add_names(&b);
	add_helos(&b);
	add_senders(&b);
	add_recipients(&b, c.spare[SURFACE_RECIPIENT][0]);
	add_logins(&b);
	add_certificates(&b);
	for (size_t i = 0; i < SURFACE_ASPECTS; i++) {
		c.of[i].v = mp_arena_array(arena, b.values[i].n, sizeof *c.of[i].v);
		c.of[i].n = b.values[i].n;
		if (b.values[i].n > 0) {
			memcpy(c.of[i].v, b.values[i].v, b.values[i].n * sizeof *c.of[i].v);
		}
		mp_vec_release(&b.values[i]);
	}
	return c;
}
