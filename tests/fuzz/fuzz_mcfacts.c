/*
 * fuzz_mcfacts - what m4 told of a .mc, from bytes to calls, origins and findings
 *
 * The input is four texts, parted by lines of "%%": the .mc, m4's standard error, its output with
 * "#line" lines, and a proto.m4. No m4 is run.
 */
#include "sendmail/m4/marks.h"
#include "sendmail/mc/build.h"
#include "sendmail/mc/check.h"
#include "sendmail/mc/proto.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARTS = 4 };

static void part(struct mp_slice text, struct mp_slice *parts)
{
	for (int i = 0; i < PARTS; i++) {
		size_t end = i + 1 < PARTS ? mp_slice_find(text, "\n%%\n") : MP_NOT_FOUND;
		parts[i] = mp_slice_sub(text, 0, end == MP_NOT_FOUND ? text.n : end + 1);
		text = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(text, end + 4);
	}
}

static const struct mp_source *source(
	struct mp_arena *arena, const char *name, struct mp_slice text)
{
	return mp_source_new(
		arena, name, name, mp_slice(mp_arena_memdup(arena, text.p, text.n), text.n));
}

static struct sm_own *own(
	struct mp_arena *arena, const char *name, const struct mp_source *text, bool comments)
{
	struct sm_own *o = MP_ARENA_NEW(arena, struct sm_own);

	o->name = name;
	o->source = text;
	o->lex = sm_lex(arena, text, comments);
	return o;
}

static void find_lines(struct mp_arena *arena, struct mp_slice text, struct mp_slice output)
{
	struct sm_proto *proto = sm_proto(arena, text);
	bool whole;

	for (uint32_t i = 0; i < proto->count && i < 50; i++) {
		sm_proto_find(proto, i, proto->lines[i].last, i + 1, output, &whole);
		for (const struct sm_condition *c = proto->lines[i].condition; c != NULL;
			c = c->outer) {
			mp_slice_eq_str(c->name, "_ACCESS_TABLE_");
		}
	}
}

static void look_at(const struct sm_build *b)
{
	const struct mp_source *cf = b->mc->cf;

	for (uint32_t i = 0; cf != NULL && i < cf->line_count; i++) {
		mp_loc_position(mp_loc_origin(mp_loc(cf, cf->lines[i], cf->lines[i])));
	}
	for (size_t i = 0; i < b->calls.n; i++) {
		mp_loc_position(b->calls.v[i].loc);
		mp_loc_text(b->calls.v[i].loc);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct sm_library library = {"/nowhere/", "/nowhere/m4/cf.m4", "8.17.1"};
	static const struct sm_guard guard = {"Mabcdefghijkl"};
	static const struct sm_m4_alias aliases[] = {{"/proc/self/fd/5", "own.m4"}, {NULL, NULL}};
	static const char *const traced[] = {"define", "undefine", "divert", "include", "sinclude",
		"FEATURE", "OSTYPE", "MAILER", "DAEMON_OPTIONS", "RELAY_DOMAIN", "LOCAL_CONFIG",
		NULL};
	static const struct mp_input_options here = {.type = "postfix", .isolated = true};
	struct mp_arena arena = {0};
	struct mp_findings findings;
	struct mp_err err = {MP_ERR_NONE, ""};
	struct mp_slice parts[PARTS];
	struct sm_mc_options options = {.cf_dir = NULL};
	struct sm_m4_told told = {.behind_hash = false};
	struct sm_m4_reader reader = {&guard, &arena, traced, aliases};

	if (size > 64 * 1024) {
		return 0;
	}
	/* Gives a folder to look for files in; nothing of the machine is read. */
	struct mp_input *input = mp_input_open("fixtures/demo/postfix", &here, &err);
	if (input == NULL) {
		MP_BUG(err.text);
	}
	part(mp_slice((const char *)data, size), parts);
	mp_findings_init(&findings, &arena);
	struct sm_build b = {.arena = &arena,
		.input = input,
		.options = &options,
		.findings = &findings,
		.mc = MP_ARENA_NEW(&arena, struct sm_mc)};
	const struct mp_source *mc = source(&arena, "sendmail.mc", parts[0]);
	b.mc->source = mc;
	b.mc->library = size % 3 == 0 ? NULL : &library;
	b.ended = size % 2 == 0;
	mp_vec_push(&b.own, own(&arena, "stdin", mc, size % 2 == 0));
	mp_vec_push(&b.own, own(&arena, "own.m4", source(&arena, "own.m4", parts[3]), false));
	sm_m4_read_messages(&reader, parts[1], &b.run, &told);
	sm_m4_take_marks(parts[2], &reader, &b.run);
	sm_facts_read(&b);
	sm_origin_make(&b);
	sm_complain(&b);
	sm_check_written(&b);
	look_at(&b);
	find_lines(&arena, parts[3], parts[2]);
	mp_findings_sort(&findings);
	mp_findings_release(&findings);
	sm_build_release(&b);
	mp_input_free(input);
	mp_arena_release(&arena);
	return 0;
}
