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

/* Constants of the guard: "@:N". */
enum {
	PATH = 1, /* the first argument of the call in hand */
	CODE, /* what the gate says of it */
	LIBRARY, /* the library's folder */
	FOLDER, /* the configuration's */
	CF_M4, /* the library's cf.m4 */
	CF_END, /* how a path that names a cf.m4 ends */
	NEWLINE,
	CALL_REFUSED,
	CALL_GIVEN,
	CALL_LIBRARY,
	CALL_INCLUDE,
	CALL_SINCLUDE,
	CALL_DEFN,
	CALL_DEFN_REFUSED,
	CALL_DEFN_ONE,
	CALL_DEFN_MANY,
	FIRST_NAME = 100 /* three for each guarded macro */
};

/* Builtins that the guard itself calls. */
static const char *const kept[] = {"define", "defn", "errprint", "ifdef", "ifelse", "include",
	"index", "m4exit", "shift", "sinclude"};

/* Macros that do nothing but be seen. As any builtin that works only with arguments, each is a
 * plain word without. */
static const char *const inert[] = {"builtin", "changeword", "debugfile", "debugmode", "dumpdef",
	"esyscmd", "format", "indir", "maketemp", "mkstemp", "patsubst", "regexp", "syscmd",
	"traceoff", "traceon"};

/* Macros that are wrapped: what they do with arguments, as "@1NAME". */
static const struct {
	const char *name, *body;
} wrapped[] = {
	{"include",
		"@define(@:1,$@)@define(@:2,@gate)@ifelse(@defn(@:2),0,@defn(@:8),"
		"@defn(@:2),1,@defn(@:9),@defn(@:2),2,@defn(@:10),@defn(@:11))($@)"},
	{"sinclude",
		"@define(@:1,$@)@define(@:2,@gate)@ifelse(@defn(@:2),0,@defn(@:8),"
		"@defn(@:2),1,@defn(@:9),@defn(@:2),2,@defn(@:10),@defn(@:12))($@)"},
	{"defn", "@ifelse($#,1,@defn(@:15),@defn(@:16))($@)"},
	{"errprint", "@says()@errprint($@)@said()"},
	{"m4exit", "@exits($@)@m4exit($@)"},
};

_Static_assert(CALL_REFUSED == 8 && CALL_GIVEN == 9 && CALL_LIBRARY == 10 && CALL_INCLUDE == 11 &&
		CALL_SINCLUDE == 12 && CALL_DEFN_ONE == 15 && CALL_DEFN_MANY == 16,
	"the templates name the constants by number");

/*
 * The gate says 0 (refused), 1 (a text is given for this path), 2 (a cf.m4: the library's), 3 (may
 * be opened). The nonce marks the end of the path, so that a search for an ending finds it there.
 */
static const char parts[] =
	"define(`@gate',`@ifdef(@-@defn(@:1),1,"
	"@ifelse(@index(/@defn(@:1)@.,@defn(@:6)),-1,@gate2,2))')\n"
	"define(`@gate2',`@ifelse(@index(@defn(@:1),@defn(@:7)),-1,"
	"@ifelse(@index(@defn(@:1),..),-1,@gate3,0),0)')\n"
	"define(`@gate3',`@ifelse(@index(@defn(@:1),@defn(@:3)),0,3,"
	"@index(@defn(@:1),@defn(@:4)),0,3,@index(@defn(@:1),/),0,0,@defn(@relative:))')\n"
	"define(`@refused',`')define(`@refuseddefn',`')\n"
	"define(`@says',`')define(`@said',`')define(`@exits',`')\n"
	"define(`@given',`@include(@defn(@-@defn(@:1)))')\n"
	"define(`@one',`@define(@:1,$@)@ifelse(@ifdef(@=@defn(@:1),1,0),1,@defn(@:14),"
	"@defn(@:13))($@)')\n"
	"define(`@many',`@one(`$1')@1defn(@shift($@))')\n";

_Static_assert(PATH == 1 && CODE == 2 && LIBRARY == 3 && FOLDER == 4 && CF_END == 6 &&
		NEWLINE == 7 && CALL_DEFN == 13 && CALL_DEFN_REFUSED == 14,
	"the templates name the constants by number");

void sm_guard_init(struct sm_guard *guard)
{
	unsigned char bytes[10] = {0};

	if (getentropy(bytes, sizeof bytes) != 0) {
		/* Weaker, but what stands behind the guard does not rest on it. */
		struct timespec now;
		clock_gettime(CLOCK_MONOTONIC, &now);
		unsigned long long seed =
			(unsigned long long)now.tv_nsec * 1000003ULL + (unsigned long)getpid();
		memcpy(bytes, &seed, sizeof seed);
	}
	memcpy(guard->nonce, "sm", 2);
	for (size_t i = 0; i < sizeof bytes; i++) {
		snprintf(guard->nonce + 2 + 2 * i, 3, "%02x", bytes[i]);
	}
	memcpy(guard->nonce + 2 + 2 * sizeof bytes, "_", 2);
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

/* Defines the macro NONCE + mark + key as a text that is quoted as it stands. A path that holds
 * quotes is not told apart from others: it gets no definition, and so is not let through. */
static void put_text(const struct sm_guard *guard, struct mp_buf *out, const char *mark,
	const char *key, const char *text)
{
	if (strpbrk(key, "`'") == NULL && strpbrk(text, "`'") == NULL) {
		mp_buf_printf(out, "define(`%s%s%s',`%s')\n", guard->nonce, mark, key, text);
	}
}

static void put_constant(
	const struct sm_guard *guard, struct mp_buf *out, unsigned number, const char *text)
{
	char key[16];

	snprintf(key, sizeof key, "%u", number);
	put_text(guard, out, ":", key, text);
}

/* The constant is the name of a macro of the guard. */
static void put_name(
	const struct sm_guard *guard, struct mp_buf *out, unsigned number, const char *name)
{
	mp_buf_printf(out, "define(`%s:%u',`%s%s')", guard->nonce, number, guard->nonce, name);
}

/* A macro that is a plain word without arguments, and calls @1NAME with arguments. */
static void put_guarded(const struct sm_guard *guard, struct mp_buf *out, unsigned first,
	const char *name, const char *body)
{
	const char *n = guard->nonce;

	mp_buf_printf(out, "define(`%s:%u',`%s0%s')define(`%s:%u',`%s1%s')", n, first, n, name, n,
		first + 1, n, name);
	mp_buf_printf(out, "define(`%s:%u',`%s')define(`%s0%s',`%sdefn(%s:%u)')", n, first + 2,
		name, n, name, n, n, first + 2);
	mp_buf_printf(out, "define(`%s1%s',`", n, name);
	put(guard, out, body);
	mp_buf_printf(out, "')define(`%s=%s',`')", n, name);
	mp_buf_printf(out, "define(`%s',`%sifelse($#,0,%sdefn(%s:%u),%sdefn(%s:%u))($@)')\n", name,
		n, n, n, first, n, n, first + 1);
}

static void put_paths(const struct sm_guard *guard, const struct sm_m4_job *job,
	const char *const *given_at, struct mp_buf *out)
{
	const struct sm_library *library = job->library;

	/* What cannot be at the beginning of a path stands for a place that there is not. */
	put_constant(guard, out, LIBRARY, library != NULL ? library->directory : guard->nonce);
	if (job->directory != NULL) {
		mp_buf_printf(out, "define(`%s:%u',`%s/')", guard->nonce, (unsigned)FOLDER,
			strcmp(job->directory, "/") == 0 ? "" : job->directory);
	} else {
		put_constant(guard, out, FOLDER, guard->nonce);
	}
	put_text(guard, out, "relative:", "", job->directory != NULL ? "3" : "0");
	if (library != NULL) {
		put_constant(guard, out, CF_M4, library->cf_m4);
		put(guard, out, "define(`@library',`@include(@defn(@:5))')\n");
	} else {
		put(guard, out, "define(`@library',`')\n");
	}
	put(guard, out, "define(`@:6',`/cf.m4@.')define(`@:7',`\n')\n");
	for (size_t i = 0; job->given != NULL && job->given[i].path != NULL; i++) {
		put_text(guard, out, "-", job->given[i].path, given_at[i]);
	}
}

void sm_guard_write(const struct sm_guard *guard, const struct sm_m4_job *job,
	const char *const *given_at, struct mp_buf *out)
{
	unsigned number = FIRST_NAME;

	mp_buf_puts(out, "divert(-1)\n");
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		mp_buf_printf(out, "define(`%s%s',defn(`%s'))", guard->nonce, kept[i], kept[i]);
	}
	put(guard, out, parts);
	put_name(guard, out, CALL_REFUSED, "refused");
	put_name(guard, out, CALL_GIVEN, "given");
	put_name(guard, out, CALL_LIBRARY, "library");
	put_name(guard, out, CALL_INCLUDE, "include");
	put_name(guard, out, CALL_SINCLUDE, "sinclude");
	put_name(guard, out, CALL_DEFN, "defn");
	put_name(guard, out, CALL_DEFN_REFUSED, "refuseddefn");
	put_name(guard, out, CALL_DEFN_ONE, "one");
	put_name(guard, out, CALL_DEFN_MANY, "many");
	put_paths(guard, job, given_at, out);
	for (size_t i = 0; i < sizeof inert / sizeof *inert; i++, number += 3) {
		put_guarded(guard, out, number, inert[i], "");
	}
	for (size_t i = 0; i < sizeof wrapped / sizeof *wrapped; i++, number += 3) {
		put_guarded(guard, out, number, wrapped[i].name, wrapped[i].body);
	}
	mp_buf_puts(out, "divert(0)dnl\n");
}

size_t sm_guard_traced(
	const struct sm_guard *guard, struct mp_arena *arena, const char *const **names)
{
	static const char *const always[] = {
		"refused", "refuseddefn", "library", "says", "said", "exits"};
	static const char *const plain[] = {"undivert", "changequote"};
	const size_t total = sizeof inert / sizeof *inert + sizeof always / sizeof *always +
		sizeof plain / sizeof *plain;
	const char **v = mp_arena_array(arena, total, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < sizeof inert / sizeof *inert; i++) {
		v[n++] = mp_arena_printf(arena, "%s1%s", guard->nonce, inert[i]);
	}
	for (size_t i = 0; i < sizeof always / sizeof *always; i++) {
		v[n++] = mp_arena_printf(arena, "%s%s", guard->nonce, always[i]);
	}
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		v[n++] = plain[i];
	}
	*names = v;
	return n;
}
