/*
 * distinct_said - HELO names, logins and certificates that the configuration tells apart.
 */
#include "base/ascii.h"
#include "base/buf.h"
#include "postfix/check/check_keyword.h"
#include "postfix/config/hostname.h"
#include "postfix/distinct/distinct_internal.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum { SAMPLES = 24, LIKE_LENGTH = 4096 };

struct said {
	struct pf_distinct *d;
	const struct pf_look *look; /* where the entry is from */
	enum mp_aspect aspect;
};

/* ---- what is alike ---- */

/* The form of a HELO name, which restrictions look at. */
static const char *helo_form(const char *helo)
{
	struct mp_slice s = mp_slice_str(helo);

	if (helo[0] == '[') {
		return "literal";
	}
	if (pf_valid_hostaddr(s)) {
		return "address";
	}
	if (!pf_valid_hostname(s)) {
		return "invalid";
	}
	return mp_slice_chr(s, '.') != MP_NOT_FOUND ? "" : "unqualified";
}

/* What each table that looks at the aspect says of the value. */
static const char *like_of(struct pf_distinct *d, enum mp_aspect aspect, const char *value)
{
	struct mp_buf like;

	if (!pf_distinct_spend(d, aspect)) {
		return NULL;
	}
	mp_buf_init(&like, LIKE_LENGTH);
	mp_buf_puts(&like, aspect == MP_ASPECT_HELO ? helo_form(value) : "");
	for (size_t i = 0; i < d->looks.n; i++) {
		const struct pf_look *look = &d->looks.v[i];
		if (look->aspect != aspect || look->server) {
			continue;
		}
		struct pf_access access = pf_distinct_access(d, look);
		struct mp_table_result found = aspect == MP_ASPECT_HELO
			? pf_access_find_domain(&access, value)
			: pf_access_lookup(&access, value);
		if (found.status != MP_TABLE_NONE) {
			mp_buf_printf(&like, "%s%s %s", like.n > 0 ? "; " : "",
				mp_table_name(look->token->table),
				pf_distinct_effect(&d->scratch, &found));
		}
	}
	const char *text =
		like.overflow ? NULL : mp_arena_slicedup(&d->scratch, mp_buf_slice(&like));
	mp_buf_release(&like);
	return text;
}

/* Whether the value finds the entry of the look's table. */
static bool finds(struct said *s, const struct mp_table_entry *entry, const char *value)
{
	if (entry->kind == MP_ENTRY_PATTERN) {
		return pf_distinct_finds(s->d, entry, value);
	}
	struct pf_access access = pf_distinct_access(s->d, s->look);
	struct mp_table_result found = s->aspect == MP_ASPECT_HELO
		? pf_access_find_domain(&access, value)
		: pf_access_lookup(&access, value);
	return pf_distinct_hits(s->look, entry, &found);
}

static void add_value(
	struct said *s, const struct mp_table_entry *entry, const char *pattern, const char *value)
{
	struct mp_distinction out = pf_distinct_of(s->aspect, entry, value);

	out.pattern = pattern;
	out.like = value != NULL ? like_of(s->d, s->aspect, value) : NULL;
	out.example = out.like != NULL ? value : NULL;
	pf_distinct_add(s->d, &out);
}

/* ---- values of entries ---- */

/* A name that can stand behind HELO, and in a reply. */
static bool can_be_said(const char *text)
{
	if (text[0] == '\0') {
		return false;
	}
	for (const char *p = text; *p != '\0'; p++) {
		if (!mp_is_print(*p) || *p == ' ') {
			return false;
		}
	}
	return true;
}

static void add_key(struct said *s, const struct mp_table_entry *entry)
{
	struct mp_arena *scratch = &s->d->scratch;
	const char *key = entry->text;

	if (s->aspect != MP_ASPECT_HELO) {
		add_value(s, entry, key, key);
		return;
	}
	const char *below = mp_arena_printf(scratch, "%s%s", key[0] == '.' ? "" : ".", key);
	const char *sub = mp_arena_printf(scratch, "sub%s", below);
	bool child = finds(s, entry, sub);
	/* Where .a.b does not find x.a.b, a client may still call itself ".a.b". */
	bool itself = (key[0] != '.' || !child) && can_be_said(key) && finds(s, entry, key);
	if (itself) {
		add_value(s, entry, key, key);
	}
	if (child) {
		add_value(s, entry, below, sub);
	}
	if (!itself && !child) {
		add_value(s, entry, key, NULL);
	}
}

/* A text that the sample is a part of, in one of several ways; NULL past the last. */
static const char *complete(struct mp_arena *arena, const char *text, unsigned way)
{
	static const char *const before[] = {"", "host", "host.", "host", "host", "", "", "host."};
	static const char *const behind[] = {
		"", "", "", "example", ".example", ".example", "x", "example"};

	return way < COUNT(before)
		? mp_arena_printf(arena, "%s%s%s", before[way], text, behind[way])
		: NULL;
}

/* A value that finds the rule; of HELO names, if it can be, one that looks like a host's. */
static const char *find_value(struct said *s, const struct mp_table_entry *entry, bool proper)
{
	struct mp_arena *scratch = &s->d->scratch;

	for (unsigned i = 0; i < SAMPLES; i++) {
		const char *text = mp_table_sample(entry, i, scratch), *value;
		for (unsigned way = 0;
			text != NULL && (value = complete(scratch, text, way)) != NULL; way++) {
			if (can_be_said(value) && (!proper || helo_form(value)[0] == '\0') &&
				finds(s, entry, value)) {
				return value;
			}
		}
	}
	return NULL;
}

static void add_pattern(struct said *s, const struct mp_table_entry *entry)
{
	const char *value = s->aspect == MP_ASPECT_HELO ? find_value(s, entry, true) : NULL;

	add_value(s, entry, entry->text, value != NULL ? value : find_value(s, entry, false));
}

static bool add_entry(void *context, const struct mp_table_entry *entry)
{
	struct said *s = context;

	if (!pf_distinct_may_go_on(s->d, s->aspect)) {
		return true;
	}
	if (entry->kind == MP_ENTRY_KEY) {
		add_key(s, entry);
	} else if (entry->kind == MP_ENTRY_PATTERN) {
		add_pattern(s, entry);
	}
	return true;
}

/* ---- what restrictions tell apart by themselves ---- */

/* A form of HELO names that a restriction looks for; `pattern` says which, to a person. */
static void add_form(
	struct pf_distinct *d, const struct pf_used *used, const char *pattern, const char *example)
{
	struct said s = {.d = d, .aspect = MP_ASPECT_HELO};
	struct mp_table_entry entry = {
		.text = pattern, .value = used->keyword->name, .loc = used->loc};

	add_value(&s, &entry, pattern, example);
}

static void add_helo_forms(struct pf_distinct *d)
{
	for (size_t i = 0; i < d->keywords.n; i++) {
		const struct pf_used *used = &d->keywords.v[i];
		pf_keyword_fn *run = used->keyword->run;
		bool looks_at_form = run == pf_run_invalid_helo || run == pf_run_non_fqdn_helo ||
			run == pf_run_unknown_helo;
		if (run == pf_run_naked_ip || looks_at_form) {
			add_form(d, used, "an address without brackets", "192.0.2.1");
		}
		if (looks_at_form) {
			add_form(d, used, "an address in brackets", "[192.0.2.1]");
			add_form(d, used, "a name without a dot", "unqualified");
			add_form(d, used, "no valid name", "not..valid");
		}
	}
}

/* The owners that an entry names. Of an expression's value, in which what it matched may stand,
 * those of an address that it matches; NULL where none was found. */
static const char *owners_of(struct pf_distinct *d, const struct mp_table_entry *entry)
{
	static const char *const before[] = {"someone", "", "", "someone@"};
	static const char *const behind[] = {"", "@other.example", "other.example", ""};

	if (entry->kind != MP_ENTRY_PATTERN || strchr(entry->value, '$') == NULL) {
		return entry->value;
	}
	for (unsigned i = 0; i < SAMPLES * COUNT(before); i++) {
		size_t way = i % COUNT(before);
		const char *text = mp_table_sample(entry, i / (unsigned)COUNT(before), &d->scratch);
		if (text == NULL) {
			break;
		}
		const char *address =
			mp_arena_printf(&d->scratch, "%s%s%s", before[way], text, behind[way]);
		if (pf_distinct_finds(d, entry, address)) {
			return mp_table_lookup(
				entry->table, d->world, address, MP_ROLE_VALUE, &d->scratch)
				.value;
		}
	}
	return NULL;
}

/* Who owns senders: each is somebody to log in as. */
static bool add_owners(void *context, const struct mp_table_entry *entry)
{
	struct pf_distinct *d = context;
	struct pf_text *names;

	if (!pf_distinct_may_go_on(d, MP_ASPECT_LOGIN)) {
		return true;
	}
	const char *owners = owners_of(d, entry);
	if (owners == NULL) {
		struct mp_distinction unknown = pf_distinct_of(MP_ASPECT_LOGIN, entry, NULL);
		pf_distinct_add(d, &unknown);
		return true;
	}
	size_t n = pf_split(&d->scratch, pf_text_plain(owners), &names);
	for (size_t i = 0; i < n; i++) {
		struct mp_distinction value = pf_distinct_of(MP_ASPECT_LOGIN, entry, names[i].s);
		const char *like = like_of(d, MP_ASPECT_LOGIN, names[i].s);
		value.pattern = names[i].s;
		value.like = like == NULL
			? NULL
			: mp_arena_printf(&d->scratch, "%s; owner %s", like, names[i].s);
		pf_distinct_add(d, &value);
	}
	return true;
}

static void add_logins(struct pf_distinct *d)
{
	struct mp_table *table;

	if (!pf_distinct_uses(d, pf_run_login_mismatch)) {
		return;
	}
	for (size_t i = 0; (table = pf_maps_table(d->checks->sender_login_maps, i)) != NULL; i++) {
		mp_table_entries(table, add_owners, d);
	}
}

static bool add_clientcert(void *context, const struct mp_table_entry *entry)
{
	struct said *s = context;

	if (!pf_distinct_may_go_on(s->d, s->aspect)) {
		return true;
	}
	if (entry->kind == MP_ENTRY_KEY) {
		struct mp_distinction value =
			pf_distinct_of(MP_ASPECT_CERTIFICATE, entry, entry->text);
		const char *like = like_of(s->d, MP_ASPECT_CERTIFICATE, entry->text);
		value.like = like == NULL
			? NULL
			: mp_arena_printf(&s->d->scratch, "%s; relay_clientcerts", like);
		pf_distinct_add(s->d, &value);
	} else if (entry->kind == MP_ENTRY_PATTERN) {
		add_pattern(s, entry);
	}
	return true;
}

static void add_certificates(struct pf_distinct *d)
{
	struct said s = {.d = d, .aspect = MP_ASPECT_CERTIFICATE};
	struct mp_table *table;

	if (!pf_distinct_uses(d, pf_run_clientcerts)) {
		return;
	}
	for (size_t i = 0; (table = pf_maps_table(d->checks->relay_clientcerts, i)) != NULL; i++) {
		mp_table_entries(table, add_clientcert, &s);
	}
}

void pf_distinct_said(struct pf_distinct *d)
{
	d->work = 0;
	for (size_t i = 0; i < d->looks.n; i++) {
		const struct pf_look *look = &d->looks.v[i];
		struct said s = {.d = d, .look = look, .aspect = look->aspect};
		if (look->aspect == MP_ASPECT_HELO && look->server) {
			pf_distinct_literals(d, look, "");
		} else if (look->aspect == MP_ASPECT_HELO || look->aspect == MP_ASPECT_LOGIN ||
			look->aspect == MP_ASPECT_CERTIFICATE) {
			mp_table_entries(look->token->table, add_entry, &s);
		}
	}
	add_helo_forms(d);
	add_logins(d);
	add_certificates(d);
}
