/*
 * map - what the K lines of a .cf declare: tables, and classes that compute (reference 4.8).
 *
 * Declared while the .cf is read, opened once it was. A lookup that leaves the configuration (DNS,
 * LDAP, a program) is a question to the world.
 */
#ifndef SM_MAP_MAP_H
#define SM_MAP_MAP_H

#include "diag/finding.h"
#include "input/input.h"
#include "world/world.h"

struct sm_maps; /* the maps of one configuration, by name */
struct sm_map;

/* What is known of the configuration and the server when maps are opened. */
struct sm_map_options {
	char blank; /* BlankSub, as after the last line: for maps that have none of their own */
	int level; /* of the V line: 10 */
	bool keep_cnames; /* DontExpandCnames */
	const char *domain; /* $m; "" when it is not known */
	const char *service_switch; /* ServiceSwitchFile, or NULL: the usual one */
	const char *queue_directory; /* QueueDirectory, or NULL: the usual one */
};

/* What stands for "$|" in a value: the character that sendmail itself uses (class regex, -s). */
enum { SM_MAP_ELSE = 0x9b };

/* arena, input and findings must outlive the maps. */
struct sm_maps *sm_maps_new(
	struct mp_arena *arena, struct mp_input *input, struct mp_findings *findings);
void sm_maps_free(struct sm_maps *maps);

/* Declares a map: the text of a K line after its letter, macros expanded ("access hash -T<TMPF>
 * /etc/mail/access"). blank is BlankSub as set by the lines before it, which tables keep. A second
 * declaration of a name changes the first: its flags stay. Returns what sendmail says when it
 * refuses to start over it ("readcf: config K line: no map name"), or NULL; in the arena. */
const char *sm_maps_declare(
	struct sm_maps *maps, struct mp_slice text, char blank, struct mp_loc loc);
/* After the last line: declares the maps that are always there ("host", "aliases"), and opens what
 * can be opened. Problems are findings. */
void sm_maps_open(struct sm_maps *maps, const struct sm_map_options *options);

/* By name, without case; NULL when there is none. */
struct sm_map *sm_maps_find(const struct sm_maps *maps, const char *name);
/* All of them in the order of their first declaration: at(0) to at(count - 1). */
size_t sm_maps_count(const struct sm_maps *maps);
struct sm_map *sm_maps_at(const struct sm_maps *maps, size_t i);
/* What stands behind the name of a text in the name of the file that makemap(8) makes of it, by the
 * class of the map: ".db" for "hash". NULL for a class that is not compiled. */
const char *sm_map_suffix(struct mp_slice class);
/* The text that makemap(8) compiles for this map, as a path without the suffix, in the arena of the
 * maps; NULL where its class is none of those that are compiled. */
const char *sm_map_compiled_from(const struct sm_map *map);
/* What stands between two words of a key of this map (-S, or BlankSub). */
char sm_map_blank(const struct sm_map *map);
const char *sm_map_name(const struct sm_map *map);
const char *sm_map_class(const struct sm_map *map);
struct mp_loc sm_map_loc(const struct sm_map *map);

/* The expression of a map of class regex, as long as the map; NULL of any other map. */
const char *sm_map_expression(const struct sm_map *map);
/* Whether a text matches the expression of a map that has one, whatever -n makes of that. */
bool sm_map_matches(const struct sm_map *map, const char *text);

enum sm_map_status {
	SM_MAP_NONE,
	SM_MAP_FOUND,
	SM_MAP_TEMPFAIL /* it could not be asked, and has no -T: nothing is found */
};

struct sm_map_result {
	enum sm_map_status status;
	const char *value; /* of FOUND: in the arena or the map */
	struct mp_loc loc; /* of the entry; source NULL when it stands nowhere */
	/* The rewriting that the lookup stands in ends as a temporary failure, also where -T gave a
	 * value; not with -t. */
	bool temporary;
	bool outside; /* value is a hole: an entry exists, but nobody knows what it says */
	/* What sendmail complains of when it tries to open the map, which a process does once; NULL
	 * of a map that is there. As long as the map. */
	const char *complaint;
};

/* What a lookup may need of the running server. */
struct sm_map_call {
	struct mp_world *world;
	struct mp_arena *arena;
	const char *key; /* joined, with its quotes */
	const char *const *args; /* %1, %2, ... */
	size_t argc;
	bool deferred; /* the delivery mode is "defer": maps with -D are not asked */
	/* Sets a macro (class macro), or unsets it (value NULL). */
	void (*set_macro)(void *context, const char *name, const char *value);
	/* Whether class w holds the name; NULL: nobody knows. */
	bool (*is_local)(void *context, const char *name);
	void *context;
};

struct sm_map_result sm_map_lookup(struct sm_map *map, const struct sm_map_call *call);
/* The same without what rules add to it: the key keeps its quotes, and -T and -D do nothing. So
 * does a sequence ask its members, and `/map` in sendmail's test mode. */
struct sm_map_result sm_map_lookup_plain(struct sm_map *map, const struct sm_map_call *call);

/* A text without its quotes; what stands behind a backslash stays, without it (stripquotes). In the
 * arena. */
char *sm_without_quotes(const char *text, struct mp_arena *arena);

/* Called for each entry of a table with its value; false ends the listing. */
typedef bool sm_map_entry_fn(void *context, const char *key, const char *value, struct mp_loc loc);
/* Lists what a map holds. False when that is not known, or when it is not a table. */
bool sm_map_entries(struct sm_map *map, sm_map_entry_fn *fn, void *context);

#endif
