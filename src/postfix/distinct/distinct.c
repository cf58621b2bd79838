/*
 * distinct - what the configuration of a listener tells clients and dialogues apart by.
 */
#include "postfix/distinct/distinct_internal.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "postfix/check/session.h"
#include "postfix/view.h"

/* How many values are looked at before what they took is freed. */
enum { SCRATCH_USES = 256 };

/* A table that is elsewhere holds nothing, so that what is behind it is seen. */
static const char *nothing_there(
	void *context, const char *question, const char *const *answers, size_t n)
{
	(void)context, (void)question;
	for (size_t i = 0; i < n; i++) {
		if (mp_str_eq(answers[i], "none")) {
			return answers[i];
		}
	}
	return answers[0];
}

static void renew_world(struct pf_distinct *d)
{
	mp_world_free(d->world);
	d->world = mp_world_new_interactive(d->smtpd->engine->facts, nothing_there, NULL);
	mp_arena_reset(&d->scratch);
	d->scratch_uses = 0;
	d->said.said = NULL;
	d->eval = (struct pf_eval){
		.checks = d->checks, .world = d->world, .arena = &d->scratch, .where = PF_AT_RCPT};
}

static void refresh(struct pf_distinct *d)
{
	if (++d->scratch_uses >= SCRATCH_USES) {
		renew_world(d);
	}
}

static unsigned aspect_index(enum mp_aspect aspect)
{
	unsigned at = 0;

	while (at < 7 && (unsigned)aspect >> (at + 1) != 0) {
		at++;
	}
	return at;
}

bool pf_distinct_finds(struct pf_distinct *d, const struct mp_table_entry *entry, const char *text)
{
	if (d->work > MP_LIMIT_DISTINCTION_WORK) {
		return false;
	}
	bool found = mp_table_finds(entry, text);
	d->work += found ? entry->rule + 1 : 1;
	return found;
}

bool pf_distinct_may_go_on(struct pf_distinct *d, enum mp_aspect aspect)
{
	bool more = d->work <= MP_LIMIT_DISTINCTION_WORK;

	if (!more) {
		d->dropped[aspect_index(aspect)]++;
	}
	refresh(d);
	return more;
}

bool pf_distinct_spend(struct pf_distinct *d, enum mp_aspect aspect)
{
	for (size_t i = 0; i < d->looks.n; i++) {
		d->work += d->looks.v[i].aspect == aspect ? d->looks.v[i].rules : 0;
	}
	return d->work <= MP_LIMIT_DISTINCTION_WORK;
}

static void keep(struct pf_distinct *d, struct mp_distinction value, const char *like)
{
	struct mp_arena *arena = d->arena;

	value.example = value.example != NULL ? mp_arena_strdup(arena, value.example) : NULL;
	value.pattern = mp_arena_strdup(arena, value.pattern);
	value.because.text = mp_arena_strdup(arena, value.because.text);
	value.like =
		like != NULL ? like : mp_arena_printf(arena, "%s %zu", value.pattern, d->out.n);
	mp_vec_push(&d->out, value);
}

void pf_distinct_add(struct pf_distinct *d, const struct mp_distinction *value)
{
	unsigned at = aspect_index(value->aspect);

	if (value->like == NULL || value->example == NULL || value->net.ip.family != 0) {
		if (d->kinds[at] < MP_LIMIT_DISTINCTIONS) {
			d->kinds[at]++;
			keep(d, *value,
				value->net.ip.family != 0 && value->like != NULL
					? mp_arena_strdup(d->arena, value->like)
					: NULL);
		} else {
			d->dropped[at]++;
		}
		return;
	}
	const char *key = mp_arena_printf(&d->scratch, "%u %s", at, value->like);
	struct pf_alike *alike = mp_map_get_str(&d->alike, key);
	if (alike == NULL && d->kinds[at] >= MP_LIMIT_DISTINCTION_KINDS) {
		d->dropped[at]++;
		return;
	}
	if (alike == NULL) {
		d->kinds[at]++;
		alike = MP_ARENA_NEW(d->arena, struct pf_alike);
		key = mp_arena_strdup(d->arena, key);
		alike->like = strchr(key, ' ') + 1;
		mp_map_put(&d->alike, mp_slice_str(key), alike);
	}
	if (alike->listed < MP_LIMIT_DISTINCTION_ALIKE) {
		alike->listed++;
		keep(d, *value, alike->like);
	} else if (alike->left_out++ == 0) {
		alike->first_out = *value;
		alike->first_out.example = mp_arena_strdup(d->arena, value->example);
	}
}

/* Says how many values are not listed: those that are like others by one of them, and the rest
 * without an example. */
static void add_rest(struct pf_distinct *d)
{
	for (size_t i = 0; i < d->alike.n; i++) {
		const struct pf_alike *alike = d->alike.entries[i].value;
		struct mp_distinction rest = alike->first_out;
		if (alike->left_out > 0) {
			rest.pattern =
				mp_arena_printf(d->arena, "(%zu more like these)", alike->left_out);
			keep(d, rest, alike->like);
		}
	}
	for (unsigned at = 0; at < 8; at++) {
		if (d->dropped[at] > 0) {
			struct mp_distinction rest = {.aspect = (enum mp_aspect)(1u << at),
				.pattern = mp_arena_printf(d->arena,
					"(%zu more, which are too many to be told apart)",
					d->dropped[at]),
				.because = {.text = ""}};
			keep(d, rest, NULL);
		}
	}
}

struct mp_distinction pf_distinct_of(
	enum mp_aspect aspect, const struct mp_table_entry *entry, const char *example)
{
	return (struct mp_distinction){.aspect = aspect,
		.example = example,
		.pattern = entry->text,
		.because = {entry->loc, entry->value}};
}

struct pf_access pf_distinct_access(struct pf_distinct *d, const struct pf_look *look)
{
	static const struct pf_context cx = {.name = "", .class = ""};

	return (struct pf_access){
		.e = &d->eval, .table = look->token, .cx = &cx, .name = "", .class = ""};
}

bool pf_distinct_hits(const struct pf_look *look, const struct mp_table_entry *entry,
	const struct mp_table_result *found)
{
	if (found->status != MP_TABLE_FOUND) {
		return false;
	}
	return look->token->table != entry->table ||
		(mp_loc_same(found->loc, entry->loc) && mp_str_eq(found->value, entry->value));
}

const char *pf_distinct_effect(struct mp_arena *arena, const struct mp_table_result *result)
{
	static const char *const neutral[] = {
		"DUNNO", "INFO", "WARN", "FILTER", "HOLD", "REDIRECT", "BCC", "PREPEND"};
	static const char *const words[] = {
		"REJECT", "DEFER", "DISCARD", "HANGUP", "DEFER_IF_PERMIT", "DEFER_IF_REJECT", "OK"};

	if (result->status == MP_TABLE_ERROR) {
		return "fails";
	}
	struct mp_slice word = {result->value, strcspn(result->value, " \t")};
	for (size_t i = 0; i < sizeof neutral / sizeof neutral[0]; i++) {
		if (mp_slice_ieq_str(word, neutral[i])) {
			return "DUNNO";
		}
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (mp_slice_ieq_str(word, words[i])) {
			return words[i];
		}
	}
	/* Digits alone permit, like a word that is OK's other name. */
	if (mp_slice_ieq_str(word, "RELAY") ||
		(*result->value != '\0' &&
			result->value[strspn(result->value, "0123456789")] == '\0')) {
		return "OK";
	}
	/* "554 words" */
	if (word.n == 3 && mp_is_digit(word.p[0]) && result->value[3] != '\0') {
		return mp_arena_slicedup(arena, word);
	}
	return result->value;
}

/* A domain that the host calls its own and whose names need no more than a local part. */
static const char *find_own_domain(struct pf_distinct *d)
{
	const struct mp_domain *domains;
	size_t n = pf_view_domains(d->smtpd, d->arena, &domains);

	for (size_t i = 0; i < n; i++) {
		if (pf_local_domain(d->checks->local, d->world, &d->scratch, domains[i].name,
			    NULL) == PF_MATCH) {
			return domains[i].name;
		}
	}
	return NULL;
}

static void find(struct pf_distinct *d, const struct pf_screen *screen)
{
	renew_world(d);
	d->own_domain = find_own_domain(d);
	pf_distinct_walk(d);
	pf_distinct_clients(d, screen);
	pf_distinct_said(d);
	pf_distinct_mail(d);
	pf_distinct_backup(d);
	add_rest(d);
	mp_world_free(d->world);
	mp_arena_release(&d->scratch);
	mp_vec_release(&d->looks);
	mp_vec_release(&d->keywords);
	mp_map_release(&d->alike);
	mp_map_release(&d->networks);
}

size_t pf_distinctions(
	struct pf_smtpd *smtpd, const struct pf_screen *screen, const struct mp_distinction **out)
{
	struct mp_arena *arena = smtpd->engine->arena;
	struct pf_distinct d = {.smtpd = smtpd, .checks = smtpd->checks, .arena = arena};

	if (smtpd->fatal == NULL) {
		find(&d, screen);
	}
	struct mp_distinction *v = mp_arena_array(arena, d.out.n + 1, sizeof *v);
	size_t n = d.out.n;
	if (n > 0) {
		memcpy(v, d.out.v, n * sizeof *v);
	}
	mp_vec_release(&d.out);
	*out = v;
	return n;
}
