/* private - the inside of maps, for the files of this folder only. */
#ifndef SM_MAP_PRIVATE_H
#define SM_MAP_PRIVATE_H

#include "base/limits.h"
#include "base/map.h"
#include "base/vec.h"
#include "sendmail/map/map.h"

/* sendmail's own sizes, but for two. */
enum {
	SM_MAP_KEY = 256, /* MAXNAME: what of a key a table is searched with */
	SM_MAP_STACK = 12, /* MAXMAPSTACK: members of a sequence */
	SM_MAP_NESTED = 16, /* our own: sequences within sequences that are followed */
	SM_MAP_ASKED = 1000, /* our own: members that one lookup asks */
	SM_MAP_LINE = 2048, /* MAXLINE: a line of a text map, its end included */
	SM_MAP_PROBLEMS = 20 /* findings about one map's file */
};

enum sm_map_flag {
	SM_MAP_VALID = 1, /* it can be asked */
	SM_MAP_OPTIONAL = 2, /* -o */
	SM_MAP_KEEP_CASE = 4, /* -f */
	SM_MAP_MATCH_ONLY = 8, /* -m */
	SM_MAP_KEEP_QUOTES = 16, /* -q */
	SM_MAP_DEFER = 32, /* -D */
	SM_MAP_NO_DEFER = 64, /* -t */
	SM_MAP_WITH_NUL = 128, /* -N: only keys that were stored with their NUL */
	SM_MAP_WITHOUT_NUL = 256, /* -O */
	SM_MAP_NEGATE = 512 /* regex -n */
};

struct sm_map_class {
	const char *name;
	bool needs_file;
	const char *build; /* what sendmail must be built with, where Debian's is not; or NULL */
	/* Reads what stands behind the class; false: the map cannot be used. */
	bool (*parse)(struct sm_map *map, struct mp_slice args);
	/* NULL: always possible. False: it cannot be opened. */
	bool (*open)(struct sm_map *map);
	/* The key is without its quotes, where the map does not keep them. */
	struct sm_map_result (*lookup)(
		struct sm_map *map, const struct sm_map_call *call, const char *key);
	/* Lists; NULL: it has nothing to list. */
	bool (*entries)(struct sm_map *map, sm_map_entry_fn *fn, void *context);
	void (*release)(struct sm_map *map); /* NULL: all is in the arena */
};

struct sm_map {
	struct sm_maps *maps;
	const char *name; /* as written first */
	const struct sm_map_class *class;
	unsigned flags;
	char blank; /* -S or BlankSub as it was; 0: BlankSub as it is */
	char delimiter; /* -z; 0: blanks */
	const char *append, *temp_append; /* -a, -T; or NULL */
	const char *key_column, *value_column; /* -k, -v; or NULL */
	const char *type; /* dns -R; or NULL */
	long limit; /* dns -Z */
	const char *file; /* or NULL */
	const char *rest; /* what stands behind the file, or NULL */
	struct mp_loc loc;
	void *data; /* of the class */
	bool opened;
	bool asking; /* a lookup in it is on its way */
	bool outside; /* its content is a question; data is of outside.c */
	bool bogus; /* it cannot be opened and is not optional: each lookup fails for now */
	const char *complaint; /* of a table that is not there, once it was asked; or NULL */
	unsigned problems; /* findings so far */
};

struct sm_maps {
	struct mp_arena *arena;
	struct mp_input *input;
	struct mp_findings *findings;
	struct sm_map_options options;
	struct mp_map by_name; /* in lower case -> struct sm_map */
	const char *refusal; /* of the line that is being declared */
	unsigned nested; /* sequences that are being asked, one within the other */
	unsigned asked; /* members asked by the lookup under way */
};

/* The class of that name, without case; NULL when no sendmail has it. */
const struct sm_map_class *sm_map_class_find(struct mp_slice name);

/* Remembers what sendmail says to the line that is being declared; the first counts. */
void sm_map_refuse(struct sm_map *map, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A finding about a map, at most SM_MAP_PROBLEMS of a map. */
void sm_map_problem(struct sm_map *map, enum mp_severity severity, const char *rule,
	struct mp_loc loc, const char *fix, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
/* Opens it once, with what sendmail says as findings; false when it cannot be asked. */
bool sm_map_open(struct sm_map *map);
/* Looks up as a member of a sequence does: quotes and -T are the sequence's own. */
struct sm_map_result sm_map_ask(
	struct sm_map *map, const struct sm_map_call *call, const char *key);

/* The flags of a K line, one by one. */
struct sm_flags {
	struct sm_map *map;
	const char *p; /* at the letter, then at what of its word was looked at last */
};

void sm_flags_begin(struct sm_flags *r, struct sm_map *map, struct mp_slice args);
/* Goes to the next letter behind a dash; false where the flags end: p is at what follows. */
bool sm_flags_next(struct sm_flags *r);
/* The rest of the word behind the letter, in the arena. */
const char *sm_flags_word(struct sm_flags *r);
/* Takes the letter when it is one of `known`, in the meaning that most classes give to it. */
bool sm_flags_common(struct sm_flags *r, const char *known);
/* Goes behind the word. */
void sm_flags_end(struct sm_flags *r);

/* Readers of all that stands behind the class. */
bool sm_map_parse_table(struct sm_map *map, struct mp_slice args);
bool sm_map_parse_dns(struct sm_map *map, struct mp_slice args);
bool sm_map_parse_host(struct sm_map *map, struct mp_slice args);
bool sm_map_parse_simple(struct sm_map *map, struct mp_slice args);
bool sm_map_parse_regex(struct sm_map *map, struct mp_slice args);
bool sm_map_parse_syslog(struct sm_map *map, struct mp_slice args);
bool sm_map_parse_sequence(struct sm_map *map, struct mp_slice args);
bool sm_map_parse_outside(struct sm_map *map, struct mp_slice args);

/* What a hit gives: the value with %0, %1, ... filled in, or with -m the key; then -a. */
struct sm_map_result sm_map_hit(struct sm_map *map, const struct sm_map_call *call, const char *key,
	struct mp_slice value, struct mp_loc loc);
/* The text, with -a only. */
struct sm_map_result sm_map_plain_hit(
	struct sm_map *map, const struct sm_map_call *call, const char *text);
static inline struct sm_map_result sm_map_none(void)
{
	return (struct sm_map_result){.status = SM_MAP_NONE};
}
static inline struct sm_map_result sm_map_tempfail(void)
{
	return (struct sm_map_result){.status = SM_MAP_TEMPFAIL};
}

/* Tables whose content is a question to the world; file is what must exist for that, or NULL. */
void sm_map_make_outside(struct sm_map *map, const char *file);
bool sm_map_is_outside(const struct sm_map *map);
struct sm_map_result sm_map_ask_outside(
	struct sm_map *map, const struct sm_map_call *call, const char *key);

/* "203.0.113.5" of "5.113.0.203.bl.example": the address that a name asks a DNS list for, and the
 * list; NULL: it is no such name. */
const char *sm_listed_address(const char *name, const char **zone, struct mp_arena *arena);

/* A name as the resolver reads it: a backslash takes the meaning of what follows it. */
const char *sm_dns_name(const char *name, struct mp_arena *arena);
/* Whether there is a host of that name; *name becomes its canonical one, *moved: by a CNAME. */
enum mp_found sm_host_find(
	const struct sm_map *map, const struct sm_map_call *call, const char **name, bool *moved);

/* Members of a class' row in the table of classes. */
bool sm_indexed_open(struct sm_map *map);
bool sm_text_open(struct sm_map *map);
struct sm_map_result sm_table_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);
bool sm_table_entries(struct sm_map *map, sm_map_entry_fn *fn, void *context);
/* A lookup in a table that is not optional and whose file is not there. */
struct sm_map_result sm_table_absent(struct sm_map *map);
void sm_table_release(struct sm_map *map);
bool sm_stab_open(struct sm_map *map);
struct sm_map_result sm_sequence_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);
bool sm_sequence_entries(struct sm_map *map, sm_map_entry_fn *fn, void *context);
bool sm_switch_open(struct sm_map *map);
struct sm_map_result sm_regex_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);
void sm_regex_release(struct sm_map *map);
struct sm_map_result sm_host_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);
struct sm_map_result sm_dns_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);
struct sm_map_result sm_bestmx_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);
bool sm_user_open(struct sm_map *map);
struct sm_map_result sm_user_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);
struct sm_map_result sm_dequote_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);
struct sm_map_result sm_macro_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);
struct sm_map_result sm_arith_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);
struct sm_map_result sm_arpa_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);
struct sm_map_result sm_syslog_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);
struct sm_map_result sm_null_lookup(
	struct sm_map *map, const struct sm_map_call *call, const char *key);

#endif
