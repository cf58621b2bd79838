/*
 * access_key - how access tables are searched (reference 7.1).
 */
#include "base/ascii.h"
#include "postfix/check/check_internal.h"
#include "postfix/config/hostname.h"

/* A name that is open stands in braces: a pattern may or may not match it. */
static bool is_open_name(const char *key)
{
	return key[0] == '{' && key[strlen(key) - 1] == '}';
}

static struct mp_table_result ask_pattern_table(const struct pf_access *a, const char *key)
{
	static const char *const answers[] = {"none", "reject", "neutral", "permit", "tempfail"};
	const char *question = mp_arena_printf(
		a->e->arena, "table.lookup %s %s", mp_table_name(a->table->table), key);
	const char *answer = mp_ask(a->e->world, question, answers, 5);
	bool abstract = false;

	if (mp_str_eq(answer, "none") || mp_str_eq(answer, "tempfail")) {
		return (struct mp_table_result){
			.status = answer[0] == 'n' ? MP_TABLE_NONE : MP_TABLE_ERROR};
	}
	for (size_t i = 1; i < 4; i++) {
		abstract = abstract || mp_str_eq(answer, answers[i]);
	}
	return (struct mp_table_result){
		.status = MP_TABLE_FOUND, .value = answer, .outside = abstract};
}

static bool name_starts(const struct pf_token *table, const char *type)
{
	struct mp_slice name = mp_slice_str(mp_table_name(table->table));

	if (mp_slice_starts(name, "proxy:")) {
		name = mp_slice_from(name, 6);
	}
	return mp_slice_starts(name, type);
}

bool pf_access_is_constant(const struct pf_token *table)
{
	return table->table == NULL || table->table_unknown || name_starts(table, "static:") ||
		name_starts(table, "fail:");
}

struct mp_table_result pf_access_lookup(const struct pf_access *a, const char *key)
{
	struct mp_table_result none = {.status = MP_TABLE_NONE}, error = {.status = MP_TABLE_ERROR};

	if (a->table->table == NULL || a->table->table_unknown) {
		return error;
	}
	if (key[0] == '\0') {
		return none;
	}
	if (is_open_name(key) &&
		(name_starts(a->table, "regexp:") || name_starts(a->table, "pcre:"))) {
		return ask_pattern_table(a, key);
	}
	struct mp_table_result result =
		mp_table_lookup(a->table->table, a->e->world, key, MP_ROLE_ACTION, a->e->arena);
	if (result.status == MP_TABLE_FOUND && result.value[0] == '\0') {
		error.loc = result.loc;
		return error;
	}
	return result;
}

/* Carries out what a lookup found; *found stays false when there was nothing. */
static enum pf_status decide(
	const struct pf_access *a, const struct mp_table_result *result, bool *found)
{
	*found = result->status != MP_TABLE_NONE;
	return pf_access_result(a->e, result, a->cx, a->name, a->class);
}

static bool is_fixed(const struct pf_access *a)
{
	return a->table->table == NULL || mp_table_is_fixed(a->table->table);
}

enum pf_status pf_access_exact(const struct pf_access *a, const char *key, bool *found)
{
	struct mp_table_result result = pf_access_lookup(a, key);

	return decide(a, &result, found);
}

struct mp_table_result pf_access_find_domain(const struct pf_access *a, const char *domain)
{
	struct mp_table_result result = {.status = MP_TABLE_NONE};
	const char *name = domain;

	while (*name != '\0') {
		result = pf_access_lookup(a, name);
		const char *dot = strchr(name + 1, '.');
		if (result.status != MP_TABLE_NONE || dot == NULL || !is_fixed(a) ||
			pf_valid_hostaddr(mp_slice_str(domain))) {
			break;
		}
		name = a->e->checks->parent_style ? dot + 1 : dot;
	}
	return result;
}

enum pf_status pf_access_domain(const struct pf_access *a, const char *domain, bool *found)
{
	struct mp_table_result result = pf_access_find_domain(a, domain);

	return decide(a, &result, found);
}

struct mp_table_result pf_access_find_address(const struct pf_access *a, const char *address)
{
	char *key = mp_arena_strdup(a->e->arena, address);
	char delimiter = strchr(address, ':') != NULL ? ':' : '.';

	for (;;) {
		struct mp_table_result result = pf_access_lookup(a, key);
		char *cut = strrchr(key, delimiter);
		if (result.status != MP_TABLE_NONE || cut == NULL || !is_fixed(a)) {
			return result;
		}
		*cut = '\0';
	}
}

enum pf_status pf_access_address(const struct pf_access *a, const char *address, bool *found)
{
	struct mp_table_result result = pf_access_find_address(a, address);

	return decide(a, &result, found);
}

/* Whether the key can only be an address or the start of one. */
static bool is_address_key(const char *key)
{
	bool digits_only = key[strspn(key, "0123456789.")] == '\0';

	return digits_only || strchr(key, ':') != NULL;
}

bool pf_access_has_names(const struct pf_token *table)
{
	struct mp_strings keys;

	if (table->table == NULL || name_starts(table, "cidr:")) {
		return false;
	}
	if (!mp_table_keys(table->table, &keys)) {
		return true;
	}
	for (size_t i = 0; i < keys.n; i++) {
		if (!is_address_key(keys.v[i])) {
			return true;
		}
	}
	return false;
}
