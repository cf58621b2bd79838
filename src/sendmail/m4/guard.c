/*
 * guard - the text of the guard.
 *
 * How it is written. m4 replaces text by text, so a guard macro must survive what a hostile file
 * can change under it: every macro that can be called by a word may be redefined, and so may the
 * quotes. So its macros call each other, and copies of the builtins, by names that begin with the
 * nonce ("@" in the templates below), use no quotes after they are defined ($@ and defn quote with
 * whatever quotes are in force), and keep constants under names that are no words ("@:7"), which
 * only defn can reach. A name that is to be called is chosen as text (@defn gives it in quotes) and
 * meets its arguments when the choice is rescanned: CHOICE($@).
 *
 * It is not the last line. Who learns the nonce all the same may call the builtin include; then m4
 * tells what file it opens (option -di), and the run is thrown away (m4.c).
 */
#include "sendmail/m4/guard.h"

#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

/* Constants of the guard: "@:N". The templates below name them by number. */
enum {
	PATH = 1, /* the first argument of the call in hand */
	CODE = 2, /* what the gate says of it */
	LIBRARY = 3, /* the library's folder */
	FOLDER = 4, /* the configuration's */
	CF_M4 = 5, /* the library's cf.m4 */
	CF_END = 6, /* how a path that names a cf.m4 ends */
	NEWLINE = 7,
	CALL_REFUSED = 8,
	CALL_GIVEN = 9,
	CALL_LIBRARY = 10,
	CALL_INCLUDE = 11,
	CALL_SINCLUDE = 12,
	CALL_DEFN = 13,
	CALL_DEFN_REFUSED = 14,
	CALL_DEFN_ONE = 15,
	CALL_DEFN_MANY = 16,
	CALL_WORD = 17,
	CALL_TRIED = 18,
	RELATIVE = 19, /* what the gate says of a relative path */
	CALL_LOCAL = 24, /* include of a file of the configuration's folder */
	CALL_MAPPED =
		20, /* and the following ones: a path below a place where the library may be */
	MAPPED = 30, /* and the following ones: that place */
	NAME = 40 /* and the following ones: the names of inert macros, then of wrapped ones, three
		     numbers each */
};

/* Builtins that the guard itself calls. */
static const char *const kept[] = {"define", "defn", "errprint", "ifdef", "ifelse", "include",
	"index", "m4exit", "shift", "sinclude", "substr"};

/* Macros that do nothing but be seen. As any builtin that works only with arguments, each is a
 * plain word without. */
static const struct {
	const char *name;
	bool always; /* works without arguments, too */
} inert[] = {{"builtin", false}, {"changeword", false}, {"debugfile", true}, {"debugmode", true},
	{"dumpdef", true}, {"esyscmd", false}, {"format", false}, {"indir", false},
	{"maketemp", false}, {"mkstemp", false}, {"patsubst", false}, {"regexp", false},
	{"syscmd", false}, {"traceoff", true}, {"traceon", true}};

enum { INERT = sizeof inert / sizeof *inert };

/* Macros that are wrapped: what they do with arguments, as "@1NAME"; all but m4exit are plain words
 * without. */
static const struct {
	const char *name, *body;
} wrapped[] = {
	{"include",
		"@define(@:1,$@)@define(@:2,@gate)@ifelse(@defn(@:2),3,@defn(@:11),"
		"@defn(@:2),4,@defn(@:24),@defn(@:2),0,@defn(@:8),@defn(@:2),1,@defn(@:9),"
		"@defn(@:2),2,@defn(@:10),@defn(@:@defn(@:2)))($@)"},
	{"sinclude",
		"@define(@:1,$@)@define(@:2,@gate)@ifelse(@defn(@:2),3,@defn(@:12),"
		"@defn(@:2),4,@defn(@:12),@defn(@:2),0,@defn(@:8),@defn(@:2),1,@defn(@:9),"
		"@defn(@:2),2,@defn(@:10),@defn(@:@defn(@:2)))($@)"},
	{"defn", "@ifelse($#,1,@defn(@:15),@defn(@:16))($@)"},
	{"errprint", "@says()@errprint($@)@said()"},
	{"m4exit", "@exits($@)@m4exit($@)"},
};

/*
 * The gate says 0 (refused), 1 (a text is given for this path), 2 (a cf.m4: the library's), 3
 * (below the library), 4 (below the folder), or 20 and more (below a place where the library may
 * be: the library's). The nonce marks the end of the path, so that a search for an ending finds it
 * there.
 */
static const char parts[] =
	"define(`@gate',`@ifdef(@-@defn(@:1),1,"
	"@ifelse(@index(/@defn(@:1)@.,@defn(@:6)),-1,@gate2,2))')\n"
	"define(`@gate2',`@ifelse(@index(@defn(@:1),@defn(@:7)),-1,"
	"@ifelse(@index(@defn(@:1),..),-1,@gate3,0),0)')\n"
	"define(`@gate3',`@ifelse(@index(@defn(@:1),@defn(@:3)),0,3,"
	"@index(@defn(@:1),@defn(@:4)),0,4,@index(@defn(@:1),/),0,@gate4,@defn(@:19))')\n"
	"define(`@gate4',`@ifelse(@index(@defn(@:1),@defn(@:30)),0,20,"
	"@index(@defn(@:1),@defn(@:31)),0,21,@index(@defn(@:1),@defn(@:32)),0,22,"
	"@index(@defn(@:1),@defn(@:33)),0,23,0)')\n"
	"define(`@refused',`')define(`@refuseddefn',`')define(`@tried',`')\n"
	"define(`@says',`')define(`@said',`')define(`@exits',`')\n"
	"define(`@word',`@defn(@:$1)')\n"
	"define(`@local',@defn(`@include'))\n"
	"define(`@given',`@include(@defn(@-@defn(@:1)))')\n"
	"define(`@one',`@define(@:1,$@)@ifelse(@ifdef(@=@defn(@:1),1,0),1,@defn(@:14),"
	"@defn(@:13))($@)')\n"
	"define(`@many',`@one(`$1')@1defn(@shift($@))')\n";

void sm_guard_init(struct sm_guard *guard)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789__";
	unsigned char bytes[SM_GUARD_NONCE - 2] = {0};

	if (getentropy(bytes, sizeof bytes) != 0) {
		/* Weaker, but what stands behind the guard does not rest on it. */
		struct timespec now;
		clock_gettime(CLOCK_MONOTONIC, &now);
		unsigned long long seed =
			(unsigned long long)now.tv_nsec * 1000003ULL + (unsigned long)getpid();
		memcpy(bytes, &seed, sizeof seed);
	}
	guard->nonce[0] = 'M';
	for (size_t i = 0; i < sizeof bytes; i++) {
		guard->nonce[i + 1] = letters[bytes[i] % 64];
	}
	guard->nonce[SM_GUARD_NONCE - 1] = '\0';
}

/* Writes a template, the nonce in place of "@"; "$@" stays. */
static void put(const struct sm_guard *guard, struct mp_buf *out, const char *text)
{
	for (size_t i = 0; text[i] != '\0'; i++) {
		if (text[i] == '@' && (i == 0 || text[i - 1] != '$')) {
			mp_buf_puts(out, guard->nonce);
		} else {
			mp_buf_putc(out, text[i]);
		}
	}
}

/* Whether a text can stand in quotes as it is. */
static bool quotable(const char *text)
{
	return strpbrk(text, "`'") == NULL;
}

/* Defines a constant, with a slash at its end when it is a folder. The gate looks for constants in
 * paths: one that is empty would be found in each, so what cannot be written is the nonce, which is
 * in none. */
static void put_constant(const struct sm_guard *guard, struct mp_buf *out, unsigned number,
	const char *text, bool folder)
{
	const char *slash = folder && !mp_slice_ends(mp_slice_str(text), "/") ? "/" : "";

	if (text[0] == '\0' || !quotable(text)) {
		text = guard->nonce;
	}
	mp_buf_printf(out, "define(`%s:%u',`%s%s')\n", guard->nonce, number, text, slash);
}

/* The constant is the name of a macro of the guard. */
static void put_name(
	const struct sm_guard *guard, struct mp_buf *out, unsigned number, const char *name)
{
	mp_buf_printf(out, "define(`%s:%u',`%s%s')", guard->nonce, number, guard->nonce, name);
}

/* A macro that is seen and does nothing: what is traced is @tried(NUMBER OF ITS NAME, ARGUMENTS).
 */
static void put_inert(const struct sm_guard *guard, struct mp_buf *out, const char *name,
	unsigned number, bool always)
{
	const char *n = guard->nonce;

	put_constant(guard, out, number, name, false);
	mp_buf_printf(out, "define(`%s=%s',`')", n, name);
	mp_buf_printf(out, "define(`%s',`%sifelse($#,0,%sdefn(%s:%d),%sdefn(%s:%d))(%u,$@)')\n",
		name, n, n, n, always ? CALL_TRIED : CALL_WORD, n, n, CALL_TRIED, number);
}

/* A macro that is its own word without arguments, and @1NAME with arguments. */
static void put_wrapped(const struct sm_guard *guard, struct mp_buf *out, const char *name,
	unsigned number, const char *body)
{
	const char *n = guard->nonce;

	put_constant(guard, out, number, name, false);
	mp_buf_printf(out, "define(`%s=%s',`')", n, name);
	mp_buf_printf(out, "define(`%s0%s',`%sdefn(%s:%u)')", n, name, n, n, number);
	mp_buf_printf(out, "define(`%s:%u',`%s%d%s')", n, number + 1, n,
		strcmp(name, "m4exit") == 0 ? 1 : 0, name);
	mp_buf_printf(out, "define(`%s:%u',`%s1%s')", n, number + 2, n, name);
	mp_buf_printf(out, "define(`%s1%s',`", n, name);
	put(guard, out, body);
	mp_buf_printf(out, "')define(`%s',`%sifelse($#,0,%sdefn(%s:%u),%sdefn(%s:%u))($@)')\n",
		name, n, n, n, number + 1, n, n, number + 2);
}

static void put_macros(const struct sm_guard *guard, struct mp_buf *out)
{
	static const struct {
		unsigned number;
		const char *name;
	} calls[] = {{CALL_REFUSED, "refused"}, {CALL_GIVEN, "given"}, {CALL_LIBRARY, "library"},
		{CALL_INCLUDE, "include"}, {CALL_SINCLUDE, "sinclude"}, {CALL_DEFN, "defn"},
		{CALL_DEFN_REFUSED, "refuseddefn"}, {CALL_DEFN_ONE, "one"},
		{CALL_DEFN_MANY, "many"}, {CALL_WORD, "word"}, {CALL_TRIED, "tried"},
		{CALL_LOCAL, "local"}};

	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		mp_buf_printf(out, "define(`%s%s',defn(`%s'))\n", guard->nonce, kept[i], kept[i]);
	}
	put(guard, out, parts);
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		put_name(guard, out, calls[i].number, calls[i].name);
	}
	for (unsigned i = 0; i < INERT; i++) {
		put_inert(guard, out, inert[i].name, NAME + i, inert[i].always);
	}
	for (unsigned i = 0; i < sizeof wrapped / sizeof *wrapped; i++) {
		put_wrapped(guard, out, wrapped[i].name, NAME + INERT + 3 * i, wrapped[i].body);
	}
}

/* Paths below the places where the library may be (Debian's own files name each other by them) lead
 * to the library. The path is put together anew, so it goes through the gate once more. */
static void put_places(
	const struct sm_guard *guard, const struct sm_m4_job *job, struct mp_buf *out)
{
	for (unsigned i = 0; i < SM_LIBRARY_PLACES; i++) {
		char call[16];
		const char *place = sm_library_places[i];
		snprintf(call, sizeof call, "mapped%u", i);
		put_name(guard, out, CALL_MAPPED + i, call);
		put_constant(guard, out, MAPPED + i, job->library != NULL ? place : "", true);
		mp_buf_printf(out, "define(`%s%s',`", guard->nonce, call);
		put(guard, out, "@1include(@defn(@:3)@substr(@defn(@:1),");
		mp_buf_printf(out, "%zu))')\n", strlen(place) + 1);
	}
}

static void put_paths(const struct sm_guard *guard, const struct sm_m4_job *job,
	const char *const *given_at, struct mp_buf *out)
{
	const struct sm_library *library = job->library;

	/* What cannot be at the beginning of a path stands for a place that there is not. */
	put_constant(guard, out, LIBRARY, library != NULL ? library->directory : "", true);
	put_constant(guard, out, FOLDER, job->directory != NULL ? job->directory : "", true);
	put_constant(guard, out, RELATIVE, job->directory != NULL ? "4" : "0", false);
	if (library != NULL) {
		put_constant(guard, out, CF_M4, library->cf_m4, false);
		put(guard, out, "define(`@library',`@include(@defn(@:5))')\n");
	} else {
		put(guard, out, "define(`@library',`')\n");
	}
	put(guard, out, "define(`@:6',`/cf.m4@.')define(`@:7',`\n')\n");
	for (size_t i = 0; job->given != NULL && job->given[i].path != NULL; i++) {
		if (quotable(job->given[i].path)) {
			mp_buf_printf(out, "define(`%s-%s',`%s')\n", guard->nonce,
				job->given[i].path, given_at[i]);
		}
	}
	put_places(guard, job, out);
}

void sm_guard_write(const struct sm_guard *guard, const struct sm_m4_job *job,
	const char *const *given_at, struct mp_buf *out)
{
	mp_buf_puts(out, "divert(-1)\n");
	put_macros(guard, out);
	put_paths(guard, job, given_at, out);
	mp_buf_puts(out, "divert(0)dnl\n");
}

const char *sm_guard_inert(unsigned number)
{
	return number >= NAME && number < NAME + INERT ? inert[number - NAME].name : NULL;
}

const char *const *sm_guard_traced(const struct sm_guard *guard, struct mp_arena *arena)
{
	static const char *const always[] = {"tried", "refused", "refuseddefn", "library", "local",
		"sinclude", "says", "said", "exits"};
	static const char *const plain[] = {"undivert", "changequote"};
	const size_t own = sizeof always / sizeof *always;
	const size_t total = own + sizeof plain / sizeof *plain;
	const char **v = mp_arena_array(arena, total + 1, sizeof *v);

	for (size_t i = 0; i < total; i++) {
		v[i] = i < own ? mp_arena_printf(arena, "%s%s", guard->nonce, always[i])
			       : plain[i - own];
	}
	return v;
}
