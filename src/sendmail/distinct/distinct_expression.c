/*
 * distinct_expression - what maps of class regex tell apart.
 *
 * The text that a rule hands to such a map may be a name, an address or a mailbox, the latter as
 * rules see it ("user<@example.org.>"). A sample of the expression is tried as each of them.
 */
#include "sendmail/distinct/distinct_internal.h"
#include "table/sample.h"

enum { SAMPLES = 4 };

struct sampler {
	struct sm_distinct_list *list;
	const struct sm_map *map;
	const char *pattern; /* "/^a/" */
	struct mp_reason because;
	bool found;
};

/* A mailbox as rules see it, and as people write it. */
static bool matches(struct sampler *s, const char *text)
{
	const char *at = strchr(text, '@');

	if (sm_map_matches(s->map, text)) {
		return true;
	}
	return at != NULL &&
		(sm_map_matches(s->map,
			 mp_arena_printf(s->list->arena, "%.*s<%s>", (int)(at - text), text, at)) ||
			sm_map_matches(s->map,
				mp_arena_printf(
					s->list->arena, "%.*s<%s.>", (int)(at - text), text, at)));
}

static void add_example(struct sampler *s, enum mp_aspect aspect, const char *example)
{
	if (matches(s, example)) {
		s->found = true;
		sm_distinct_add_text(s->list, aspect, s->pattern, example, NULL, s->because);
	}
}

static void add_host(struct sampler *s, const char *name)
{
	struct mp_cidr net;
	char text[MP_IP_TEXT];

	if (sm_distinct_network(name, &net, s->list->arena) && net.length == mp_ip_bits(&net.ip) &&
		matches(s, name)) {
		s->found = true;
		sm_distinct_add(s->list,
			(struct mp_distinction){
				.aspect = MP_ASPECT_ADDRESS,
				.example = mp_arena_strdup(
					s->list->arena, mp_ip_format(&net.ip, text)),
				.pattern = s->pattern,
				.because = s->because,
			});
	}
	if (sm_distinct_is_name(name)) {
		add_example(s, MP_ASPECT_NAME, name);
		if (s->list->helo) {
			add_example(s, MP_ASPECT_HELO, name);
		}
	}
}

static void add_mailbox(struct sampler *s, const char *mailbox)
{
	add_example(s, MP_ASPECT_SENDER, mailbox);
	add_example(s, MP_ASPECT_RECIPIENT, mailbox);
}

/* The text without angle brackets, and without the dot that marks a whole domain. */
static const char *plain(const char *text, struct mp_arena *arena)
{
	char *out = mp_arena_strdup(arena, text);
	size_t n = 0;

	for (const char *p = text; *p != '\0'; p++) {
		if (strchr("<>", *p) == NULL) {
			out[n++] = *p;
		}
	}
	n -= n > 1 && out[n - 1] == '.';
	out[n] = '\0';
	return out;
}

static void add_sample(struct sampler *s, const char *sample)
{
	struct mp_arena *arena = s->list->arena;
	const char *text = plain(sample, arena), *at = strchr(text, '@');

	if (at != NULL) {
		bool user = at > text, domain = sm_distinct_is_name(at + 1);

		add_mailbox(s,
			mp_arena_printf(arena, "%s%s%s", user ? "" : "someone", text,
				domain ? "" : "example.net"));
		return;
	}
	add_host(s, text);
	add_host(s, mp_arena_printf(arena, "host%s%s", text[0] == '.' ? "" : ".", text));
	add_host(s, mp_arena_printf(arena, "%s.example.net", text));
	add_mailbox(s, mp_arena_printf(arena, "someone@%s%s", text[0] == '.' ? "host" : "", text));
	if (sm_distinct_is_user(text)) {
		add_mailbox(s, mp_arena_printf(arena, "%s@example.net", text));
	}
}

void sm_distinct_add_expression(struct sm_distinct_list *l, const struct sm_map *map)
{
	const char *expression = sm_map_expression(map);
	struct sampler s = {.list = l, .map = map};

	s.pattern = mp_arena_printf(l->arena, "/%s/", expression);
	s.because = (struct mp_reason){
		sm_map_loc(map), mp_arena_printf(l->arena, "%s %s", sm_map_name(map), s.pattern)};
	for (unsigned try = 0; try < SAMPLES; try++) {
		const char *sample = mp_sample_expression(expression, try, l->arena);

		if (sample != NULL) {
			add_sample(&s, sample);
		}
	}
	if (!s.found) {
		sm_distinct_add_text(l, MP_ASPECT_RECIPIENT, s.pattern, NULL, NULL, s.because);
	}
}
