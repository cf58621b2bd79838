/*
 * outside - tables whose data we cannot see, and tables that fail.
 *
 * What a directory, a database or a file that is not here would answer is a question to the world
 * (design 4.2), with one answer for each outcome that the caller tells apart. A table that Postfix
 * cannot open is no reason for it to stop: its lookups fail.
 */
#include "table/private.h"

/* What stands for a value that nobody knows. */
static const char *const value_hole = "{table.value}";

struct outside {
	const char *file; /* its existence is a question, or NULL */
	bool may_fail;
};

static struct mp_table_result lookup_broken(struct mp_table *table, const struct mp_lookup *lookup)
{
	(void)table;
	(void)lookup;
	return mp_table_error();
}

static const struct mp_table_ops broken_ops = {lookup_broken, NULL, NULL, NULL};

void mp_table_break(
	struct mp_table *table, const char *rule, struct mp_loc loc, const char *fmt, ...)
{
	struct mp_findings *findings = table->tables->findings;
	va_list ap;

	if (table->ops != NULL && table->ops->release != NULL) {
		table->ops->release(table);
	}
	table->ops = &broken_ops;
	table->data = NULL;
	table->fixed = false;
	table->asks = false;
	table->folds = false;
	va_start(ap, fmt);
	const char *text = mp_arena_vprintf(findings->arena, fmt, ap);
	va_end(ap);
	table->broken = text;
	mp_finding_add(findings, MP_ERROR, rule, loc, "", "%s", text);
}

/* What an answer means to the caller. */
static struct mp_table_result from_answer(const char *answer, const struct mp_lookup *lookup)
{
	struct mp_table_result found = {.status = MP_TABLE_FOUND, .value = answer};

	if (mp_str_eq(answer, "none")) {
		return mp_table_none();
	}
	if (mp_str_eq(answer, "tempfail")) {
		return mp_table_error();
	}
	switch (lookup->role) {
	case MP_ROLE_ACTION:
		found.outside = mp_str_eq(answer, "permit") || mp_str_eq(answer, "neutral") ||
			mp_str_eq(answer, "reject");
		break;
	case MP_ROLE_EXISTS:
	case MP_ROLE_VALUE:
		if (mp_str_eq(answer, "found") || mp_str_eq(answer, "other") || answer[0] == '\0') {
			found.value = value_hole;
			found.outside = true;
		}
		break;
	}
	return found;
}

struct mp_table_result mp_table_ask(
	struct mp_table *table, const struct mp_lookup *lookup, bool may_fail)
{
	static const char *const exists[] = {"found", "none", "tempfail"};
	static const char *const action[] = {"none", "permit", "neutral", "reject", "tempfail"};
	static const char *const value[] = {"none", "other", "tempfail"};
	const char *question =
		mp_arena_printf(lookup->arena, "table.lookup %s %s", table->name, lookup->key);
	const char *const *answers = exists;
	size_t n = 3;

	switch (lookup->role) {
	case MP_ROLE_EXISTS:
		break;
	case MP_ROLE_ACTION:
		answers = action;
		n = 5;
		break;
	case MP_ROLE_VALUE:
		answers = value;
		break;
	}
	const char *answer = mp_ask(lookup->world, question, answers, may_fail ? n : n - 1);
	if (lookup->role == MP_ROLE_ACTION && mp_str_eq(answer, "found")) {
		/* The user said that the key is there, but not which action it names. */
		question = mp_arena_printf(lookup->arena, "%s action", question);
		answer = mp_ask(lookup->world, question, action + 1, 3);
	}
	return from_answer(answer, lookup);
}

static struct mp_table_result lookup_outside(struct mp_table *table, const struct mp_lookup *lookup)
{
	static const char *const there[] = {"found", "none"};
	const struct outside *data = table->data;

	if (data->file != NULL) {
		const char *question = mp_arena_printf(lookup->arena, "file.exists %s", data->file);
		if (!mp_str_eq(mp_ask(lookup->world, question, there, 2), "found")) {
			return mp_table_error();
		}
	}
	return mp_table_ask(table, lookup, data->may_fail);
}

static const struct mp_table_ops outside_ops = {lookup_outside, NULL, NULL, NULL};

void mp_table_make_outside(struct mp_table *table, bool fixed, const char *file)
{
	struct outside *data = MP_ARENA_NEW(table->tables->arena, struct outside);

	data->file = file;
	/* A file that is there answers; a server may be down. */
	data->may_fail = file == NULL;
	table->data = data;
	table->ops = &outside_ops;
	table->asks = true;
	table->fixed = fixed;
	table->folds = fixed;
}

bool mp_table_is_outside(const struct mp_table *table)
{
	return table->ops == &outside_ops;
}

/* The data is elsewhere, but the file that says where may be missing, which every lookup meets. */
void mp_open_outside_fixed(struct mp_table *table, const char *name, unsigned depth)
{
	struct mp_input *input = table->tables->input;

	(void)depth;
	if (name[0] == '/' && mp_input_exists(input, name) == MP_READ_ABSENT) {
		mp_table_break(table, "table/missing-file", table->named_at,
			"%s does not exist: every lookup in %s fails", name, table->name);
		return;
	}
	mp_table_make_outside(table, true, NULL);
}

void mp_open_outside_pattern(struct mp_table *table, const char *name, unsigned depth)
{
	(void)name;
	(void)depth;
	mp_table_make_outside(table, false, NULL);
}

const char *mp_table_path(struct mp_table *table, const char *name)
{
	if (name[0] == '/') {
		return name;
	}
	mp_table_problem(table, MP_WARNING, "table/relative-path", table->named_at,
		"%s: a relative path is looked for in queue_directory, not beside main.cf",
		table->name);
	return mp_arena_printf(table->tables->arena, "/var/spool/postfix/%s", name);
}

const struct mp_source *mp_table_read(struct mp_table *table, const char *path, bool fixed)
{
	const struct mp_source *source = NULL;
	struct mp_err err = {MP_ERR_NONE, ""};

	if (table->given != NULL) {
		return table->given;
	}
	switch (mp_input_read(table->tables->input, path, &source, &err)) {
	case MP_READ_OK:
		return source;
	case MP_READ_ABSENT:
		mp_table_break(table, "table/missing-file", table->named_at,
			"%s does not exist: every lookup in %s fails", path, table->name);
		return NULL;
	case MP_READ_OPEN:
		mp_table_make_outside(table, fixed, path);
		return NULL;
	case MP_READ_ERROR:
		break;
	}
	/* The server may well be able to read it. */
	mp_table_problem(table, MP_WARNING, "table/unreadable", table->named_at,
		"%s cannot be read here, so what it holds is unknown: %s", table->name, err.text);
	mp_table_make_outside(table, fixed, NULL);
	return NULL;
}

/* The system's own databases (unix:passwd.byname). The value is a line of passwd(5), of which only
 * the name is known; its colons are there in any case. */
struct mp_table_result mp_table_exists(
	enum mp_found found, const struct mp_lookup *lookup, const char *value)
{
	switch (found) {
	case MP_NONE:
		return mp_table_none();
	case MP_TEMPFAIL:
		return mp_table_error();
	case MP_FOUND:
		break;
	}
	return (struct mp_table_result){
		.status = MP_TABLE_FOUND, .value = value, .outside = lookup->role == MP_ROLE_VALUE};
}

static struct mp_table_result lookup_user(struct mp_table *table, const struct mp_lookup *lookup)
{
	(void)table;
	/* No account has such a name; whether the local part is one is asked by its own key. */
	if (strchr(lookup->key, '@') != NULL) {
		return mp_table_none();
	}
	return mp_table_exists(mp_ask_user(lookup->world, lookup->key), lookup,
		mp_arena_printf(lookup->arena, "%s:x:%s", lookup->key, value_hole));
}

static const struct mp_table_ops user_ops = {lookup_user, NULL, NULL, NULL};

void mp_open_unix(struct mp_table *table, const char *name, unsigned depth)
{
	(void)depth;
	if (mp_str_eq(name, "passwd.byname")) {
		table->ops = &user_ops;
		table->asks = true;
		table->fixed = true;
		table->folds = true;
	} else if (mp_str_eq(name, "group.byname")) {
		mp_table_make_outside(table, true, NULL);
	} else {
		mp_table_break(table, "table/bad-syntax", table->named_at,
			"%s: the tables of type unix are passwd.byname and group.byname",
			table->name);
	}
}
