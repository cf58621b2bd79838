/*
 * table - lookup tables of any type behind one interface.
 *
 * A table is opened by its Postfix name, "type:name". Opening never fails: an unknown type, a
 * missing or broken file gives a table whose lookups fail (as in a Postfix daemon) or, where the
 * data lies outside of what we can read, are questions to the world.
 */
#ifndef MP_TABLE_TABLE_H
#define MP_TABLE_TABLE_H

#include "diag/finding.h"
#include "input/input.h"
#include "world/world.h"

enum mp_table_status {
	MP_TABLE_NONE,
	MP_TABLE_FOUND,
	MP_TABLE_ERROR /* the lookup fails */
};

/* What the caller does with a value: decides which answers an open question has. */
enum mp_table_role {
	MP_ROLE_EXISTS, /* only whether the key is there: found, none, tempfail */
	MP_ROLE_ACTION, /* an access(5) action: none, permit, neutral, reject, tempfail */
	MP_ROLE_VALUE /* the value itself matters: none, other (the hole {table.value}), tempfail */
};

struct mp_table_result {
	enum mp_table_status status;
	const char *value; /* of FOUND; in the arena or the table */
	struct mp_loc loc; /* where the entry stands; source NULL when in no file */
	bool outside; /* value is an answer about the outside: for MP_ROLE_ACTION "permit",
		       * "neutral" or "reject", whose words are not known */
	bool bad_value; /* of ERROR: the key was found, but its value is unusable (empty) */
};

struct mp_tables; /* the tables of one configuration, each opened once */
struct mp_table;

/* What differs between versions and builds of Postfix. */
struct mp_table_options {
	unsigned version; /* 30711 for 3.7.11; 0 unknown */
	const char *default_db_type; /* "hash" */
	bool bytes_only; /* smtputf8_enable = no: texts are bytes, not UTF-8 */
};

/* arena, input, findings must outlive the tables. Problems of table files become findings, once. */
struct mp_tables *mp_tables_new(struct mp_arena *arena, struct mp_input *input,
	struct mp_findings *findings, const struct mp_table_options *options);
void mp_tables_free(struct mp_tables *tables);

/* Whether Postfix handles texts as UTF-8 (smtputf8_enable); it does unless told otherwise. */
void mp_tables_set_utf8(struct mp_tables *tables, bool utf8);
/* Says that a table is in the format of aliases(5), compiled by postalias(1): what alias_maps and
 * alias_database name. To be said before the table is opened. A file called "aliases" is taken for
 * such anyway. Where its text cannot be read, its keys are the questions alias.exists NAME. */
void mp_tables_name_alias(struct mp_tables *tables, const char *spec);

/* The table for "type:name"; named_at is where the configuration names it. Never NULL. */
struct mp_table *mp_table_open(struct mp_tables *tables, const char *spec, struct mp_loc named_at);
/* The same over a text that is at hand instead of a file, for tools and tests; never shared with
 * mp_table_open(). The source must outlive the tables. */
struct mp_table *mp_table_open_source(
	struct mp_tables *tables, const char *spec, const struct mp_source *source);
/* What stands behind the name of a text in the name of the file that postmap(1) or postalias(1)
 * makes of it, by the table's type: ".db" for "hash". NULL for a type that is not compiled. */
const char *mp_table_suffix(struct mp_slice type);
/* Its name as opened ("hash:/etc/postfix/access"). */
const char *mp_table_name(const struct mp_table *table);
/* Why a Postfix program that opens the table ends at once, in its own words, or NULL: a name that
 * is not of the form type:name, also inside unionmap and pipemap. All else only fails its lookups.
 */
const char *mp_table_fatal(const struct mp_table *table);
/* Why opening the table, or a part of it, fails, or NULL: each lookup then fails, or the process
 * ends (daemon_table_open_error_is_fatal). */
const char *mp_table_broken(const struct mp_table *table);
/* Whether partial keys (parent domains, networks, local parts) are tried on it: reference 1.7. */
bool mp_table_is_fixed(const struct mp_table *table);

/* Looks the key up. Folding of case is done here as the type does it. */
struct mp_table_result mp_table_lookup(struct mp_table *table, struct mp_world *world,
	const char *key, enum mp_table_role role, struct mp_arena *arena);

/* What a table's entries are: each of them finds some keys. */
enum mp_entry_kind {
	MP_ENTRY_KEY, /* this one, case aside */
	MP_ENTRY_NETWORK, /* addresses of a network, or (negated) all others of its family */
	MP_ENTRY_PATTERN, /* what an expression matches */
	MP_ENTRY_ANY /* every key */
};

struct mp_table_entry {
	enum mp_entry_kind kind;
	const char *text; /* as written: "example.com", "!10.0.0.0/8", "/^a/i"; of ANY the table's
			     name */
	const char *value; /* as written: "$1" is not filled in */
	struct mp_loc loc;
	struct mp_cidr net; /* of NETWORK */
	struct mp_table *table; /* of a table that is made of others: the part that has it */
	size_t rule; /* of PATTERN: for mp_table_sample() */
};

/* Called for each entry; false ends the listing. */
typedef bool mp_entry_fn(void *context, const struct mp_table_entry *entry);
/* Lists the entries in their order. False when there may be more than were listed, because the data
 * is elsewhere: each look-up is then a question to the world. A table that is broken has none. */
bool mp_table_entries(struct mp_table *table, mp_entry_fn *fn, void *context);
/* A text that the expression of a PATTERN matches, or a part of such a text, made from the
 * expression; try counts 0, 1, ... for others. NULL: none could be made. */
const char *mp_table_sample(
	const struct mp_table_entry *entry, unsigned try, struct mp_arena *arena);
/* Whether a look-up of the text finds this very rule, not one before it. */
bool mp_table_finds(const struct mp_table_entry *entry, const char *text);

/* Every key of a table that can list them (indexed text, inline; for cidr the networks, and false
 * for pattern and outside tables): what a client's name or address could be matched with. */
bool mp_table_keys(struct mp_table *table, struct mp_strings *keys);

#endif
