/* private - the inside of tables, for the files of this folder only. */
#ifndef MP_TABLE_PRIVATE_H
#define MP_TABLE_PRIVATE_H

#include "base/limits.h"
#include "base/map.h"
#include "base/vec.h"
#include "table/table.h"

struct mp_lookup {
	struct mp_world *world;
	const char *key;
	enum mp_table_role role;
	struct mp_arena *arena;
};

struct mp_keys {
	MP_VEC(const char *) v;
};

/* Whom to show entries; each call says whether to go on. */
struct mp_visit {
	mp_entry_fn *fn;
	void *context;
	bool *ended;
};

/* What a family of tables does. */
struct mp_table_ops {
	struct mp_table_result (*lookup)(struct mp_table *table, const struct mp_lookup *lookup);
	/* NULL: it cannot list its keys. False when, in this case, it cannot. */
	bool (*keys)(struct mp_table *table, struct mp_keys *keys);
	void (*release)(struct mp_table *table); /* NULL: all is in the arena */
	/* Lists its entries; what fn says ends it. NULL: it has none that can be listed. False when
	 * there may be more. */
	bool (*entries)(struct mp_table *table, const struct mp_visit *visit);
};

struct mp_table {
	struct mp_tables *tables;
	const char *name; /* "type:name" */
	const struct mp_table_ops *ops;
	void *data; /* of the family */
	struct mp_loc named_at;
	const struct mp_source *given; /* read in place of its file, or NULL */
	bool fixed; /* partial keys are tried on it */
	bool asks; /* a lookup may be a question to the world */
	bool folds; /* keys are folded to lower case */
	const char *fatal; /* why opening it ends the process, or NULL */
	const char *broken; /* why every lookup in it, or in a part of it, fails; or NULL */
	unsigned problems; /* findings so far */
	struct mp_keys keys; /* as listed last */
};

struct mp_tables {
	struct mp_arena *arena;
	struct mp_input *input;
	struct mp_findings *findings;
	struct mp_table_options options;
	struct mp_map by_name; /* "type:name" -> struct mp_table */
	MP_VEC(struct mp_table *) list; /* every table that has something to release */
	struct mp_map aliases; /* "type:name" that postalias(1) makes */
};

/* Opens a table that another one names. */
struct mp_table *mp_table_open_nested(
	struct mp_tables *tables, const char *spec, struct mp_loc named_at, unsigned depth);
/* Looks up in a table that another one names: folds and checks the key as the type does. */
struct mp_table_result mp_table_find(struct mp_table *table, const struct mp_lookup *lookup);
bool mp_table_list_keys(struct mp_table *table, struct mp_keys *keys);
/* Shows one entry, or all of a table that another one names (as mp_table_entries()). */
void mp_table_visit(const struct mp_visit *visit, const struct mp_table_entry *entry);
bool mp_table_visit_all(struct mp_table *table, const struct mp_visit *visit);

static inline struct mp_table_result mp_table_none(void)
{
	return (struct mp_table_result){.status = MP_TABLE_NONE};
}

static inline struct mp_table_result mp_table_error(void)
{
	return (struct mp_table_result){.status = MP_TABLE_ERROR};
}

/* Openers of families: each sets ops, data, fixed and folds. name is what follows "type:". */
typedef void mp_table_opener(struct mp_table *table, const char *name, unsigned depth);
mp_table_opener mp_open_text; /* hash, btree, lmdb, cdb, dbm, sdbm */
mp_table_opener mp_open_texthash;
mp_table_opener mp_open_inline;
mp_table_opener mp_open_static;
mp_table_opener mp_open_fail;
mp_table_opener mp_open_internal;
mp_table_opener mp_open_cidr;
mp_table_opener mp_open_regexp;
mp_table_opener mp_open_pcre;
mp_table_opener mp_open_union;
mp_table_opener mp_open_pipe;
mp_table_opener mp_open_random;
mp_table_opener mp_open_proxy;
mp_table_opener mp_open_unix;
mp_table_opener mp_open_outside_fixed; /* ldap, mysql, ...: the data is elsewhere */
mp_table_opener mp_open_outside_pattern; /* tcp, socketmap */

/* A file in the format of aliases(5), compiled by postalias(1) for these types. */
mp_table_opener mp_open_aliases;

/* Makes a table whose lookups fail, as a daemon does, and says why in a finding. */
void mp_table_break(struct mp_table *table, const char *rule, struct mp_loc loc, const char *fmt,
	...) __attribute__((format(printf, 4, 5)));
/* Makes a table whose content is a question. file: its existence is a question of its own, or
 * NULL. */
void mp_table_make_outside(struct mp_table *table, bool fixed, const char *file);
bool mp_table_is_outside(const struct mp_table *table);
/* A table of names that the system keeps: what an answer about a name's existence means. value is
 * that of an existing one. */
struct mp_table_result mp_table_exists(
	enum mp_found found, const struct mp_lookup *lookup, const char *value);
/* Asks the world for the value of the key. */
struct mp_table_result mp_table_ask(
	struct mp_table *table, const struct mp_lookup *lookup, bool may_fail);

/* Reads the file of a table. NULL: the table was made a broken or an outside one. */
const struct mp_source *mp_table_read(struct mp_table *table, const char *path, bool fixed);
/* The place on the server of a name that need not be absolute. */
const char *mp_table_path(struct mp_table *table, const char *name);

/* A finding about a table's content, at most MP_TABLE_PROBLEMS of a table. */
enum { MP_TABLE_PROBLEMS = 20 };
void mp_table_problem(struct mp_table *table, enum mp_severity severity, const char *rule,
	struct mp_loc loc, const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#endif
