/*
 * surface_find - what was hit, in every place, and what it rests on.
 *
 * The search follows one way to each case. Where else the case lets mail through is tried, not
 * concluded.
 */
#include "predict/surface_internal.h"

/* What a case rests on, known from another place that it went the same way from. */
struct known {
	const struct surface_play *play;
	const char *const *assumptions;
	size_t assumption_count;
	const char *listed[SURFACE_ASPECTS];
};

struct finder {
	struct surface_stage *stage;
	struct surface_finds *finds;
	MP_VEC(struct known) known; /* of the hit that is tried */
	struct mp_arena arena; /* of this run */
	struct mp_arena scratch; /* of one play */
};

static const struct surface_play *play(struct finder *f, const struct surface_case *what)
{
	mp_arena_reset(&f->scratch);
	return surface_play(f->stage, what, false, &f->scratch);
}

/* ---- what it rests on -------------------------------------------------------------------------
 */

/* Other answers of one find that are tried; with more, all questions are listed. */
enum { ALTERNATIVES_MOST = 200 };

/* Whether with some other answer the case would not let mail through. */
static bool matters(struct finder *f, const struct surface_case *what, enum surface_end end,
	struct surface_answer asked)
{
	size_t n = f->stage->questions.v[asked.question].n;

	for (uint32_t i = 0; i < n; i++) {
		if (i == asked.answer) {
			continue;
		}
		struct surface_case other = surface_with_answer(
			what, (struct surface_answer){asked.question, i}, &f->arena);
		enum surface_end then = play(f, &other)->end;
		if (then != SURFACE_RELAYED && then != end) {
			return true;
		}
	}
	return false;
}

/* host.addresses is about the client: the answers are of the same kind as addresses. */
static bool is_address_pattern(
	const struct finder *f, struct surface_answer asked, const char **pattern)
{
	const struct surface_question *q = &f->stage->questions.v[asked.question];

	if (!mp_str_eq(q->text, "host.addresses") || q->n < 2 ||
		!mp_str_eq(q->answers[1], "{client.address}")) {
		return false;
	}
	if (asked.answer > 0) {
		*pattern = asked.answer == 1 ? "the host's addresses" : "the host's networks";
	}
	return true;
}

/* Whether a table's key is the word or what tables look up of it: the domain, a parent, "user@". */
static bool is_key_of(const char *key, const char *word)
{
	size_t n = strlen(key), length = word != NULL ? strlen(word) : 0;

	if (word != NULL && length == 0) {
		return mp_str_eq(key, "<>") || mp_str_eq(key, "\"<>\""); /* the null sender */
	}
	if (n == 0 || n > length) {
		return false;
	}
	if (key[n - 1] == '@') {
		return strncmp(key, word, n) == 0;
	}
	const char *tail = word + length - n;
	return mp_str_ieq(tail, key) &&
		(tail == word || key[0] == '@' || key[0] == '.' || tail[-1] == '.' ||
			tail[-1] == '@');
}

/* The same of an address, which is cut at its end. */
static bool is_start_of(const char *key, const struct mp_ip *client)
{
	char text[MP_IP_TEXT];
	size_t n = strlen(key);

	mp_ip_format(client, text);
	return strncmp(key, text, n) == 0 && (text[n] == '.' || text[n] == ':');
}

/* What a key that nobody has heard of was made of; SURFACE_ASPECTS: of nothing that is said. */
static enum surface_aspect aspect_of(
	const struct finder *f, const struct surface_case *what, const char *key)
{
	static const enum surface_aspect aspects[] = {
		SURFACE_RECIPIENT, SURFACE_SENDER, SURFACE_HELO, SURFACE_NAME, SURFACE_LOGIN};

	struct surface_case plain = *what; /* a form ends at the same address */
	const struct surface_value *to =
		&f->stage->choice->of[SURFACE_RECIPIENT].v[what->value[SURFACE_RECIPIENT]];
	if (to->form[0] != '\0') {
		plain.value[SURFACE_RECIPIENT] = 0;
	}
	for (size_t i = 0; i < sizeof aspects / sizeof aspects[0]; i++) {
		if (is_key_of(key, surface_word(f->stage, &plain, aspects[i]))) {
			return aspects[i];
		}
	}
	return strstr(key, "{client.address}") != NULL ||
			is_start_of(key, surface_client(f->stage, what))
		? SURFACE_ADDRESS
		: SURFACE_ASPECTS;
}

/* Whether a question is about what the client says, which is up to the client, and not about the
 * world: a table that cannot be read lists it or not. What it lists becomes a condition. */
static bool is_listing(struct finder *f, const struct surface_case *what,
	struct surface_answer asked, struct known *k)
{
	const struct surface_question *q = &f->stage->questions.v[asked.question];
	struct mp_slice text = mp_slice_str(q->text);
	size_t begin = strlen("table.lookup "), space = mp_slice_rchr(text, ' ');

	if (!mp_slice_starts(text, "table.lookup ") || space <= begin) {
		return false;
	}
	enum surface_aspect aspect = aspect_of(f, what, q->text + space + 1);
	if (aspect == SURFACE_ASPECTS) {
		return false;
	}
	if (asked.answer != 0) {
		/* Of a table that a pair is looked up in, the name ends before the pair. */
		size_t name = strcspn(q->text + begin, " ");
		k->listed[aspect] = mp_arena_printf(
			f->finds->arena, "(listed in %.*s)", (int)name, q->text + begin);
	}
	return true;
}

static void find_assumptions(struct finder *f, const struct surface_case *what, struct known *k)
{
	const struct surface_play *p = k->play;
	struct mp_arena *arena = f->finds->arena;
	const char **list = mp_arena_array(arena, p->asked_count, sizeof *list);
	size_t alternatives = 0;

	for (size_t i = 0; i < p->asked_count; i++) {
		alternatives += f->stage->questions.v[p->asked[i].question].n - 1;
	}
	for (size_t i = 0; i < p->asked_count; i++) {
		struct surface_answer a = p->asked[i];
		if (is_address_pattern(f, a, &k->listed[SURFACE_ADDRESS]) ||
			(alternatives <= ALTERNATIVES_MOST && !matters(f, what, p->end, a)) ||
			is_listing(f, what, a, k)) {
			continue;
		}
		const struct surface_question *q = &f->stage->questions.v[a.question];
		list[k->assumption_count++] =
			mp_arena_printf(arena, "%s = %s", q->text, q->answers[a.answer]);
	}
	k->assumptions = list;
}

/* The same turns and the same questions rest on the same. */
static bool rest_alike(const struct surface_play *a, const struct surface_play *b)
{
	if (!surface_same_way(a, b) || a->asked_count != b->asked_count) {
		return false;
	}
	for (size_t i = 0; i < a->asked_count; i++) {
		if (a->asked[i].question != b->asked[i].question ||
			a->asked[i].answer != b->asked[i].answer) {
			return false;
		}
	}
	return true;
}

static const struct known *rests_on(
	struct finder *f, const struct surface_case *what, const struct surface_play *p)
{
	for (size_t i = 0; i < f->known.n; i++) {
		if (rest_alike(f->known.v[i].play, p)) {
			return &f->known.v[i];
		}
	}
	struct known k = {.play = surface_keep_play(p, &f->arena)};
	find_assumptions(f, what, &k);
	mp_vec_push(&f->known, k);
	return &f->known.v[f->known.n - 1];
}

/* ---- places -----------------------------------------------------------------------------------
 */

static void add(struct finder *f, const struct surface_case *what, const struct surface_play *p)
{
	struct mp_arena *arena = f->finds->arena;
	struct surface_found found = {.what = surface_keep_case(what, arena),
		.end = p->end,
		.served = p->served,
		.because = surface_keep_reasons(p->because, arena)};

	const struct known *k = rests_on(f, what, p);
	const struct surface_value *to =
		&f->stage->choice->of[SURFACE_RECIPIENT].v[what->value[SURFACE_RECIPIENT]];
	if (to->form[0] != '\0' && k->listed[SURFACE_RECIPIENT] != NULL) {
		return; /* what is listed is taken without such a form */
	}
	found.assumptions = k->assumptions;
	found.assumption_count = k->assumption_count;
	memcpy(found.listed, k->listed, sizeof found.listed);
	mp_vec_push(&f->finds->list, found);
}

static bool assumes(const struct surface_found *f, const char *assumption)
{
	for (size_t i = 0; i < f->assumption_count; i++) {
		if (mp_str_eq(f->assumptions[i], assumption)) {
			return true;
		}
	}
	return false;
}

/* Whether one find rests on nothing that another does not rest on, too. */
static bool rests_on_less(const struct surface_found *less, const struct surface_found *more)
{
	for (int i = 0; i < SURFACE_ASPECTS; i++) {
		if (less->listed[i] != NULL &&
			(more->listed[i] == NULL || !mp_str_eq(less->listed[i], more->listed[i]))) {
			return false;
		}
	}
	for (size_t i = 0; i < less->assumption_count; i++) {
		if (!assumes(more, less->assumptions[i])) {
			return false;
		}
	}
	return true;
}

/* Of the finds of one hit, from `first` on: in which places each holds under its own assumptions.
 * An answer that nobody asks for in one place may be what another place rests on. */
static void mark_open(struct finder *f, size_t first)
{
	struct surface_found *v = f->finds->list.v;
	size_t n = f->finds->list.n;

	for (size_t i = first; i < n; i++) {
		bool *open = mp_arena_array(
			f->finds->arena, f->stage->choice->place_count, sizeof *open);
		for (size_t k = first; k < n; k++) {
			if ((v[k].end == SURFACE_RELAYED || v[i].end != SURFACE_RELAYED) &&
				rests_on_less(&v[k], &v[i])) {
				open[v[k].what.value[SURFACE_ADDRESS]] = true;
			}
		}
		v[i].open = open;
	}
}

/* Tries a hit in every place; where the address was not looked at, each is like the other. */
static void try_places(struct finder *f, const struct surface_hit *hit)
{
	bool looked = (hit->play->aspects & 1u << SURFACE_ADDRESS) != 0;
	size_t first = f->finds->list.n;

	f->known.n = 0;
	for (uint32_t i = 0; i < f->stage->choice->place_count; i++) {
		struct surface_case what = hit->what;
		const struct surface_play *p = hit->play;
		what.value[SURFACE_ADDRESS] = i;
		if (looked && *f->stage->plays_left == 0) {
			break;
		}
		if (looked) {
			p = play(f, &what);
		}
		if (surface_lets_through(p->end)) {
			add(f, &what, p);
		}
	}
	mark_open(f, first);
}

static bool same_but_place(const struct surface_case *a, const struct surface_case *b)
{
	return memcmp(&a->value[SURFACE_NAME], &b->value[SURFACE_NAME],
		       sizeof a->value - sizeof a->value[0]) == 0 &&
		a->answer_count == b->answer_count &&
		(a->answer_count == 0 ||
			memcmp(a->answers, b->answers, a->answer_count * sizeof *a->answers) == 0);
}

static bool tried_before(const struct surface_hits *hits, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (same_but_place(&hits->list.v[i].what, &hits->list.v[index].what)) {
			return true;
		}
	}
	return false;
}

/* ---- what includes what -----------------------------------------------------------------------
 */

/* The same case let in by the same rule: of what that rests on, the shortest case is told. */
static bool same_rule(const struct surface_found *a, const struct surface_found *b)
{
	return memcmp(a->what.value, b->what.value, sizeof a->what.value) == 0 &&
		a->because.n > 0 && b->because.n > 0 &&
		mp_loc_same(a->because.v[0].loc, b->because.v[0].loc) &&
		mp_str_eq(a->because.v[0].text, b->because.v[0].text);
}

bool surface_is_wider(const struct surface_choice *choice, const struct surface_found *wide,
	const struct surface_found *narrow)
{
	if ((wide->end == SURFACE_DISCARDED && narrow->end != SURFACE_DISCARDED) ||
		!surface_values_cover(choice, wide->what.value, narrow->what.value)) {
		return false;
	}
	return rests_on_less(wide, narrow);
}

static bool same_listed(const struct surface_found *a, const struct surface_found *b)
{
	for (int i = 0; i < SURFACE_ASPECTS; i++) {
		if (a->listed[i] != b->listed[i] &&
			(a->listed[i] == NULL || b->listed[i] == NULL ||
				!mp_str_eq(a->listed[i], b->listed[i]))) {
			return false;
		}
	}
	return true;
}

/* Whether a find says all that another says of the same place. */
static bool includes(const struct finder *f, const struct surface_found *wide,
	const struct surface_found *narrow)
{
	if (same_rule(wide, narrow) && same_listed(wide, narrow) && wide->end == narrow->end) {
		return wide->assumption_count <= narrow->assumption_count;
	}
	return surface_is_wider(f->stage->choice, wide, narrow);
}

/* Drops what others include; of two that include each other the first stays. */
static void prune(struct finder *f)
{
	size_t count = f->finds->list.n, kept = 0;
	struct surface_found *v = f->finds->list.v;
	bool *drop = mp_arena_array(&f->arena, count, sizeof *drop);

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < count && !drop[i]; k++) {
			drop[i] = k != i && !drop[k] &&
				v[k].what.value[SURFACE_ADDRESS] ==
					v[i].what.value[SURFACE_ADDRESS] &&
				includes(f, &v[k], &v[i]) && (k < i || !includes(f, &v[i], &v[k]));
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (!drop[i]) {
			v[kept++] = v[i];
		}
	}
	f->finds->list.n = kept;
}

void surface_find(
	struct surface_stage *stage, const struct surface_hits *hits, struct surface_finds *finds)
{
	struct finder f = {.stage = stage, .finds = finds};

	for (size_t i = 0; i < hits->list.n; i++) {
		if (!tried_before(hits, i)) {
			try_places(&f, &hits->list.v[i]);
		}
	}
	prune(&f);
	mp_vec_release(&f.known);
	mp_arena_release(&f.arena);
	mp_arena_release(&f.scratch);
}

/* ---- the dialogue -----------------------------------------------------------------------------
 */

static const char *const *keep_lines(const struct mp_said *said, struct mp_arena *arena)
{
	const char **lines = mp_arena_array(arena, said->line_count, sizeof *lines);

	for (size_t i = 0; i < said->line_count; i++) {
		lines[i] = mp_arena_strdup(arena, said->lines[i]);
	}
	return lines;
}

size_t surface_show(struct surface_stage *stage, const struct surface_found *found,
	struct mp_arena *arena, const struct mp_said **out)
{
	struct mp_arena scratch = {0};
	const struct surface_play *p = surface_play(stage, &found->what, true, &scratch);
	size_t n = p->said_count > 0 ? p->said_count - 1 : 0; /* without the content */
	struct mp_said *said = mp_arena_array(arena, n, sizeof *said);

	for (size_t i = 0; i < n; i++) {
		said[i] = p->said[i];
		said[i].sent = mp_arena_strdup(arena, p->said[i].sent);
		said[i].lines = keep_lines(&p->said[i], arena);
		said[i].any = mp_arena_strdup(arena, p->said[i].any);
		said[i].note = mp_arena_strdup(arena, p->said[i].note);
		said[i].because = surface_keep_reasons(p->said[i].because, arena);
	}
	mp_arena_release(&scratch);
	*out = said;
	return n;
}
