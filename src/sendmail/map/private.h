/* private - what the classes of maps share. */
#ifndef SM_MAP_PRIVATE_H
#define SM_MAP_PRIVATE_H

#include "base/map.h"
#include "base/vec.h"
#include "sendmail/map/map.h"

#include <regex.h>

enum sm_map_flag {
	SM_MAP_OPTIONAL = 1 << 0, /* -o */
	SM_MAP_CASE = 1 << 1, /* -f: keys are not folded */
	SM_MAP_MATCH_ONLY = 1 << 2, /* -m: the key is the value */
	SM_MAP_KEEP_QUOTES = 1 << 3, /* -q */
	SM_MAP_DEFER = 1 << 4, /* -D */
	SM_MAP_APPEND_VALUES = 1 << 5, /* -A */
	SM_MAP_NOT = 1 << 6, /* regex -n */
	SM_MAP_BASIC = 1 << 7 /* regex -b */
};

struct sm_map_class {
	const char *name;
	/* Flags of its own; false: the flag is none of the class. `value` is the text behind it. */
	bool (*flag)(struct sm_map *map, char flag, const char *value);
	/* After the flags: what is left of the line. What sendmail says, or NULL. */
	const char *(*arguments)(struct sm_map *map, struct mp_slice rest);
	void (*open)(struct sm_map *map);
	struct sm_map_result (*lookup)(struct sm_map *map, const struct sm_map_call *call);
	bool (*entries)(struct sm_map *map, sm_map_entry_fn *fn, void *context);
	void (*release)(struct sm_map *map);
	bool file_optional; /* it may have no file name */
};

/* An entry of a table that was read. */
struct sm_map_entry {
	const char *key, *value; /* value NULL: found, but it has none */
	struct mp_loc loc;
};

struct sm_map {
	struct sm_maps *maps;
	const char *name;
	const struct sm_map_class *class;
	const char *class_name; /* as written, in lower case: "btree" */
	struct mp_loc loc;
	unsigned flags;
	char blank; /* between words of a key */
	bool blank_set;
	const char *append, *append_temporary; /* -a, -T; NULL: none */
	const char *key_column, *value_column; /* -k, -v */
	char delimiter; /* -z, -d; 0: blanks */
	const char *substrings; /* regex -s, dns -R */
	const char *file; /* the class' first argument; NULL: none */
	const char *rest; /* what stands behind it */
	/* Of a table. */
	MP_VEC(struct sm_map_entry) entries;
	struct mp_map index; /* folded key -> number of the entry, plus 1 */
	enum { SM_MAP_READ, SM_MAP_EMPTY, SM_MAP_BROKEN, SM_MAP_OPEN } state;
	regex_t *regex;
	const char *pattern; /* of a regex, or the record type of dns */
	MP_VEC(struct sm_map *) parts; /* of a sequence */
	bool invalid; /* sendmail refuses its K line */
	bool looking; /* a sequence that leads to itself ends here */
};

struct sm_maps {
	struct mp_arena *arena;
	struct mp_input *input;
	struct mp_findings *findings;
	MP_VEC(struct sm_map *) list;
	struct mp_map by_name; /* folded */
	struct sm_map_options options;
};

/* The classes, by name without case; NULL: there is no such class. */
const struct sm_map_class *sm_map_class_find(struct mp_slice name);

extern const struct sm_map_class sm_class_dequote, sm_class_macro, sm_class_arith, sm_class_regex;
extern const struct sm_map_class sm_class_sequence, sm_class_switch;
extern const struct sm_map_class sm_class_text, sm_class_null;
extern const struct sm_map_class sm_class_host, sm_class_user, sm_class_bestmx, sm_class_dns,
	sm_class_arpa;
/* hash, btree, dbm, ...: alike but for their names; the same for what lies outside. */
extern const struct sm_map_class sm_class_indexed, sm_class_outside;

/* A map's own lookup, without what is common to all (quotes, -T). */
struct sm_map_result sm_map_look(struct sm_map *map, const struct sm_map_call *call);

static inline struct sm_map_result sm_map_none(void)
{
	return (struct sm_map_result){.status = SM_MAP_NONE};
}
static inline struct sm_map_result sm_map_tempfail(void)
{
	return (struct sm_map_result){.status = SM_MAP_TEMPFAIL};
}
/* A value that was found: %0 is the key and %1, ... the arguments (none are replaced when plain),
 * and what -a says is appended. With -m the key takes the value's place. */
struct sm_map_result sm_map_found(const struct sm_map *map, const struct sm_map_call *call,
	const char *value, bool plain, struct mp_loc loc);

#endif
