/*
 * mc - runs m4 over the .mc until it has all files that it includes, and puts together what the
 * run told.
 */
#include "sendmail/mc/mc.h"

#include "sendmail/mc/build.h"
#include "sendmail/mc/names.h"

/* Runs: a file that only m4 finds to be included may include another one. */
enum { MOST_RUNS = 6 };

static const char *const *traced(struct mp_arena *arena)
{
	static const char *const builtins[] = {
		"define", "undefine", "divert", "include", "sinclude"};
	const size_t own = sizeof builtins / sizeof *builtins;
	size_t count;
	const struct sm_name *names = sm_names(&count);
	const char **v = mp_arena_array(arena, count + own + 1, sizeof *v);
	size_t n = 0;

	for (size_t i = 0; i < own; i++) {
		v[n++] = builtins[i];
	}
	for (size_t i = 0; i < count; i++) {
		bool passing = mp_slice_ends(mp_slice_str(names[i].name), "DIVERT") ||
			mp_str_eq(names[i].name, "CONCAT") || mp_str_eq(names[i].name, "DOL");
		if (names[i].stub != NULL && !passing) {
			v[n++] = names[i].name;
		}
	}
	return v;
}

static void add_main(struct sm_build *b, const struct mp_source *mc)
{
	struct sm_own *own = MP_ARENA_NEW(b->arena, struct sm_own);

	own->name = "stdin";
	own->source = mc;
	/* What loads the library is only known when the text has been gone through. */
	own->lex = sm_lex(b->arena, mc, true);
	if (!own->lex->loads_library) {
		own->lex = sm_lex(b->arena, mc, false);
	}
	mp_vec_push(&b->own, own);
}

/* Without a library, our own macros are read where the .mc includes it. */
static const char *stub_at(struct sm_build *b, const struct sm_lex *lex)
{
	for (uint32_t i = 0; i < lex->call_count; i++) {
		const struct sm_lex_call *c = &lex->calls[i];
		bool quoted;
		if (c->arg_count == 0 || !mp_slice_ends(sm_lex_text(lex, c->name), "include")) {
			continue;
		}
		struct mp_slice path = sm_lex_unquote(sm_lex_text(lex, c->args[0]), &quoted);
		if (mp_slice_ends(path, "cf.m4")) {
			return mp_arena_slicedup(b->arena, path);
		}
	}
	return NULL;
}

/* Gives m4 what it was refused and what may be had; false when that is nothing. */
static bool give_refused(struct sm_build *b)
{
	bool any = false;

	for (size_t i = 0; i < b->run.attempt_count; i++) {
		const struct sm_m4_attempt *a = &b->run.attempts[i];
		if (a->kind == SM_M4_TRIED_READ && mp_str_eq(a->macro, "include")) {
			any |= sm_include_give(b, a->argument);
		}
	}
	return any;
}

static int run_once(struct sm_build *b, const char *const *trace, struct mp_err *err)
{
	const struct sm_lex *lex = b->own.v[0]->lex;
	const struct sm_library *library = b->mc->library;
	struct sm_m4_given end = {NULL, {NULL, 0}};
	struct sm_m4_job job = {.library = library,
		.prelude = "",
		.mc = b->mc->source->text,
		.loads_library = lex->loads_library,
		.traced = trace,
		.sandbox = b->options->sandbox};
	size_t count = b->given.n;

	if (library == NULL) {
		const char *stub = sm_stub(b->arena);
		const char *at = lex->loads_library ? stub_at(b, lex) : NULL;
		if (at != NULL) {
			struct sm_m4_given given = {at, mp_slice_str(stub)};
			mp_vec_push(&b->given, given);
		} else {
			job.prelude = stub;
		}
	}
	mp_vec_push(&b->given, end);
	job.given = b->given.v;
	int done = sm_m4_run(&job, b->arena, &b->run, err);
	b->given.n = count;
	return done;
}

static int run(struct sm_build *b, struct mp_err *err)
{
	const char *const *trace = traced(b->arena);

	for (unsigned i = 0; i < MOST_RUNS; i++) {
		size_t before = b->own.n;
		if (run_once(b, trace, err) != 0) {
			return -1;
		}
		if (!give_refused(b)) {
			break;
		}
		sm_include_scan(b, before);
	}
	return 0;
}

/* Whether m4 went to the end of all files. */
static bool came_to_the_end(const struct sm_build *b)
{
	if (b->run.end != SM_M4_DONE) {
		return false;
	}
	for (size_t i = 0; i < b->remarks.n; i++) {
		const struct sm_remark *r = &b->remarks.v[i];
		if (r->by_m4 && mp_slice_find(r->text, "end of file in ") != MP_NOT_FOUND) {
			return false;
		}
	}
	for (size_t i = 0; i < b->run.attempt_count; i++) {
		if (b->run.attempts[i].kind == SM_M4_TRIED_EXIT) {
			return false;
		}
	}
	return true;
}

/* Which files of the configuration's own stood where built-in texts were read. */
static void note_substitutions(struct sm_build *b)
{
	for (size_t i = 0; i < b->calls.n; i++) {
		const struct sm_call *c = &b->calls.v[i];
		bool includes = mp_str_eq(c->macro, "include") || mp_str_eq(c->macro, "sinclude");
		const struct sm_own *own =
			includes && c->argc > 0 ? sm_own_find(b, c->argv[0]) : NULL;
		if (own != NULL && own->built_in) {
			struct sm_substitution s = {own->name, c->loc};
			mp_vec_push(&b->substitutions, s);
			mp_finding_add(b->findings, MP_NOTE, "mc/include-substituted", c->loc,
				"Put a copy of the server's file beside the .mc (or give --root) "
				"if it was changed there.",
				"%s is not here: what the distribution's tools write into it is "
				"read in its place",
				own->name);
		}
	}
}

/* Moves what was collected into the arena. */
static void hand_over(struct sm_build *b)
{
	struct sm_mc *mc = b->mc;

	mc->calls = (const struct sm_call *)mp_arena_memdup(
		b->arena, (const char *)b->calls.v, b->calls.n * sizeof *b->calls.v);
	mc->call_count = b->calls.n;
	mc->substitutions = (const struct sm_substitution *)mp_arena_memdup(b->arena,
		(const char *)b->substitutions.v, b->substitutions.n * sizeof *b->substitutions.v);
	mc->substitution_count = b->substitutions.n;
	mc->stray = (const struct mp_loc *)mp_arena_memdup(
		b->arena, (const char *)b->stray.v, b->stray.n * sizeof *b->stray.v);
	mc->stray_count = b->stray.n;
}

void sm_build_release(struct sm_build *b)
{
	for (size_t i = 0; i < b->own.n; i++) {
		mp_vec_release(&b->own.v[i]->diversions);
	}
	mp_vec_release(&b->own);
	mp_vec_release(&b->given);
	mp_vec_release(&b->substitutions);
	mp_vec_release(&b->calls);
	mp_vec_release(&b->remarks);
	mp_vec_release(&b->readings);
	mp_vec_release(&b->stray);
	mp_map_release(&b->definitions);
}

static void find_library(struct sm_build *b)
{
	struct sm_library_search search = {
		b->options->cf_dir, b->options->root, b->options->folder};
	struct mp_err err = {MP_ERR_NONE, ""};

	b->mc->library = sm_library_find(&search, b->arena, &err);
	if (b->mc->library == NULL) {
		mp_finding_add(b->findings, MP_WARNING, "mc/library-missing",
			mp_loc(b->mc->source, 0, 0),
			"Install the cf library (package sendmail-cf), or name its folder with "
			"--cf-dir.",
			"what this .mc becomes is not known here, and so who may relay: %s",
			err.text);
	}
}

struct sm_mc *sm_mc_build(struct mp_arena *arena, struct mp_input *input,
	const struct mp_source *mc, const struct sm_mc_options *options,
	struct mp_findings *findings, struct mp_err *err)
{
	struct sm_build b = {.arena = arena,
		.input = input,
		.options = options,
		.findings = findings,
		.mc = MP_ARENA_NEW(arena, struct sm_mc)};

	b.mc->source = mc;
	find_library(&b);
	add_main(&b, mc);
	sm_include_scan(&b, 0);
	int done = run(&b, err);
	if (done == 0) {
		sm_facts_read(&b);
		sm_origin_make(&b);
		b.ended = came_to_the_end(&b);
		b.mc->usable = b.mc->cf != NULL && b.ended;
		b.mc->exact = b.mc->usable && b.run.attempt_count == 0;
		note_substitutions(&b);
		sm_complain(&b);
		sm_check_written(&b);
		hand_over(&b);
	}
	sm_build_release(&b);
	return done == 0 ? b.mc : NULL;
}

const struct sm_call *sm_mc_defined(const struct sm_mc *mc, const char *name)
{
	for (size_t i = mc->call_count; i-- > 0;) {
		const struct sm_call *c = &mc->calls[i];
		if (c->argc == 0 || !mp_str_eq(c->argv[0], name)) {
			continue;
		}
		if (mp_str_eq(c->macro, "define")) {
			return c;
		}
		if (mp_str_eq(c->macro, "undefine")) {
			return NULL;
		}
	}
	return NULL;
}

const struct sm_call *sm_mc_call(const struct sm_mc *mc, const char *macro, const char *argument)
{
	for (size_t i = 0; i < mc->call_count; i++) {
		const struct sm_call *c = &mc->calls[i];
		if (mp_str_eq(c->macro, macro) &&
			(argument == NULL || (c->argc > 0 && mp_str_eq(c->argv[0], argument)))) {
			return c;
		}
	}
	return NULL;
}
