/*
 * facts - from m4's records to calls with their places.
 *
 * m4 tells the line on which a call begins and which file it reads. The lexical scan gives the
 * column and the end; a call that it does not show was made by another macro's text. A stack of the
 * files being read tells by which call of the configuration a library file came in.
 */
#include "sendmail/mc/build.h"
#include "sendmail/mc/names.h"

#include "base/number.h"

struct frame {
	const char *file;
	struct sm_own *own; /* or NULL: the library's */
	struct mp_loc owner; /* own: the last call that was matched; else the call behind it */
	uint32_t call; /* index of that call */
	unsigned line; /* own: of that call */
	unsigned depth;
};

struct walk {
	struct sm_build *b;
	MP_VEC(struct frame) frames;
	int diversion;
};

static const struct mp_loc nowhere = {NULL, 0, 0};

struct sm_own *sm_own_find(const struct sm_build *b, const char *name)
{
	for (size_t i = 0; i < b->own.n; i++) {
		if (mp_str_eq(b->own.v[i]->name, name)) {
			return b->own.v[i];
		}
	}
	return NULL;
}

struct mp_loc sm_own_line(const struct sm_own *own, unsigned line)
{
	const struct mp_source *s = own->source;
	uint32_t at = line == 0 ? 0 : line <= s->line_count ? line - 1 : s->line_count - 1;
	struct mp_loc start = mp_loc(s, s->lines[at], s->lines[at]);

	return mp_loc(s, start.start, start.start + mp_loc_line(start).n);
}

int sm_own_diversion(const struct sm_own *own, unsigned line)
{
	size_t low = 0, high = own->diversions.n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (own->diversions.v[middle].line <= line) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low == 0 ? 0 : own->diversions.v[low - 1].number;
}

/* How well a written call fits one that m4 told of: 0 not, 2 its first argument is the same. */
static int fit(const struct sm_lex *lex, const struct sm_lex_call *c, const struct sm_m4_record *r)
{
	bool quoted;

	if (c->seen || !c->known || !mp_slice_eq_str(sm_lex_text(lex, c->name), r->macro)) {
		return 0;
	}
	if (c->arg_count == 0 || r->arg_count == 0) {
		return (c->arg_count == 0) == (r->arg_count == 0) ? 2 : 0;
	}
	struct mp_slice first = sm_lex_unquote(sm_lex_text(lex, c->args[0]), &quoted);
	if (mp_slice_eq(first, r->args[0])) {
		return 2;
	}
	return quoted ? 0 : 1;
}

/* A call that stands in a quoted argument (of ifdef, ifelse) of another on that line. */
static bool find_quoted(const struct sm_own *own, const struct sm_m4_record *r, struct mp_loc *loc)
{
	const struct sm_lex *lex = own->lex;
	size_t n = strlen(r->macro);

	for (uint32_t i = sm_lex_first(lex, r->line);
		i < lex->call_count && lex->calls[i].line == r->line; i++) {
		const struct sm_lex_call *c = &lex->calls[i];
		uint32_t from = c->name.end;
		while (from < c->end) {
			struct mp_slice rest = mp_slice_sub(own->source->text, from, c->end);
			size_t at = mp_slice_find(rest, r->macro);
			if (at == MP_NOT_FOUND) {
				break;
			}
			struct mp_slice behind = mp_slice_from(rest, at + n);
			bool opens = mp_slice_starts(behind, "(");
			struct mp_slice args = mp_slice_from(behind, 1);
			struct mp_slice first = r->arg_count > 0 ? r->args[0] : mp_slice("", 0);
			while (args.n > 0 && args.p[0] == '`') {
				args = mp_slice_from(args, 1);
			}
			if (opens == (r->arg_count > 0) &&
				(!opens || mp_slice_eq(mp_slice_sub(args, 0, first.n), first))) {
				uint32_t start = from + (uint32_t)at;
				*loc = mp_loc(own->source, start, c->end);
				return true;
			}
			from += (uint32_t)(at + n);
		}
	}
	return false;
}

/* The place of a call in an own file; false when it is not written there. */
static bool match(struct sm_own *own, const struct sm_m4_record *r, struct mp_loc *loc)
{
	const struct sm_lex *lex = own->lex;
	struct sm_lex_call *best = NULL;
	int best_fit = 0;

	for (uint32_t i = sm_lex_first(lex, r->line);
		i < lex->call_count && lex->calls[i].line == r->line; i++) {
		int f = fit(lex, &lex->calls[i], r);
		if (f > best_fit) {
			best = &lex->calls[i];
			best_fit = f;
		}
	}
	if (best != NULL) {
		best->seen = true;
		*loc = sm_lex_loc(lex, best);
		return true;
	}
	return find_quoted(own, r, loc);
}

static struct frame *top(struct walk *w, const char *file)
{
	if (w->frames.n == 0 || !mp_str_eq(w->frames.v[w->frames.n - 1].file, file)) {
		return NULL;
	}
	return &w->frames.v[w->frames.n - 1];
}

static const char *const *copy_args(struct mp_arena *arena, const struct sm_m4_record *r)
{
	const char **v = mp_arena_array(arena, r->arg_count + 1, sizeof *v);

	for (size_t i = 0; i < r->arg_count; i++) {
		v[i] = mp_arena_slicedup(arena, r->args[i]);
	}
	return v;
}

static void note_definition(struct sm_build *b, const struct sm_call *call)
{
	bool defines = mp_str_eq(call->macro, "define");

	if (call->argc == 0 || (!defines && !mp_str_eq(call->macro, "undefine"))) {
		return;
	}
	struct sm_definition *d = NULL;
	if (defines) {
		d = MP_ARENA_NEW(b->arena, struct sm_definition);
		*d = (struct sm_definition){
			call->loc, call->file, call->line, (uint32_t)b->calls.n};
	}
	mp_map_put(&b->definitions, mp_slice_str(call->argv[0]), d);
}

static void note_diversion(struct walk *w, const struct sm_call *call)
{
	unsigned long n = 0;

	if (!mp_str_eq(call->macro, "divert")) {
		return;
	}
	struct mp_slice number = mp_slice_trim(mp_slice_str(call->argc > 0 ? call->argv[0] : ""));
	bool negative = mp_slice_starts(number, "-");
	if (negative) {
		number = mp_slice_from(number, 1);
	}
	if (!mp_parse_uint(number, 0, 1000, &n)) {
		n = 0;
	}
	w->diversion = negative ? -(int)n : (int)n;
}

static void mark_diversion(struct walk *w, struct sm_own *own, unsigned line)
{
	struct sm_diversion d = {line, w->diversion};
	size_t n = own->diversions.n;

	if (n > 0 && own->diversions.v[n - 1].line >= line) {
		own->diversions.v[n - 1].number = w->diversion;
	} else if (n == 0 || own->diversions.v[n - 1].number != w->diversion) {
		mp_vec_push(&own->diversions, d);
	}
}

static void add_call(struct walk *w, const struct sm_m4_record *r)
{
	struct sm_build *b = w->b;
	struct frame *f = top(w, r->file);
	struct sm_call call = {.macro = r->macro,
		.argc = r->arg_count,
		.depth = 1,
		.file = r->file,
		.line = r->line};
	struct mp_loc loc;

	if (r->file[0] == '\0') {
		return;
	}
	call.argv = copy_args(b->arena, r);
	if (f != NULL && f->own != NULL) {
		if (match(f->own, r, &loc)) {
			call.depth = 0;
			call.loc = loc;
			f->owner = loc;
			f->line = r->line;
			f->call = (uint32_t)b->calls.n;
		} else {
			call.loc = f->line == r->line ? f->owner : sm_own_line(f->own, r->line);
		}
		call.file = "";
		call.line = 0;
	} else if (f != NULL) {
		call.loc = f->owner;
		call.depth = f->depth;
	}
	note_definition(b, &call);
	mp_vec_push(&b->calls, call);
	note_diversion(w, &call);
	if (f != NULL && f->own != NULL) {
		mark_diversion(w, f->own, r->line);
	}
}

static void begin_file(struct walk *w, const struct sm_m4_record *r)
{
	struct sm_build *b = w->b;
	const struct frame *outer = top(w, r->file);
	const char *name = mp_arena_slicedup(b->arena, r->text);
	struct frame f = {.file = name, .own = sm_own_find(b, name), .depth = 1};

	if (outer == NULL) {
		w->frames.n = 0; /* the command line's next file, or what m4 does at its end */
	} else {
		f.owner = outer->owner;
		f.call = outer->call;
		f.depth = outer->own != NULL ? 1 : outer->depth + 1;
		if (outer->own != NULL && outer->line != r->line) {
			f.owner = sm_own_line(outer->own, r->line);
		}
	}
	if (mp_slice_ends(r->text, "/m4/cf.m4")) {
		f.owner = nowhere; /* the library's defaults are nobody's settings */
	}
	if (f.own == NULL && f.owner.source != NULL) {
		struct sm_reading reading = {name, f.owner, f.call};
		mp_vec_push(&b->readings, reading);
	}
	if (f.own != NULL) {
		f.owner = nowhere;
		mark_diversion(w, f.own, 1);
	}
	mp_vec_push(&w->frames, f);
}

static void end_file(struct walk *w, const struct sm_m4_record *r)
{
	while (w->frames.n > 0 && !mp_slice_eq_str(r->text, w->frames.v[w->frames.n - 1].file)) {
		w->frames.n--;
	}
	if (w->frames.n > 0 && w->frames.v[w->frames.n - 1].own != NULL) {
		struct frame *f = &w->frames.v[w->frames.n - 1];
		mark_diversion(w, f->own, f->line);
	}
}

static void add_remark(struct walk *w, const struct sm_m4_record *r)
{
	const struct frame *f = top(w, r->file);
	struct sm_remark remark = {.by_m4 = r->kind == SM_M4_COMPLAINT,
		.text = r->text,
		.own = sm_own_find(w->b, r->file),
		.line = r->line,
		.calls = w->b->calls.n};

	if (remark.own != NULL) {
		bool same = f != NULL && f->line == r->line && f->owner.source != NULL;
		remark.loc = same ? f->owner : sm_own_line(remark.own, r->line);
	} else if (f != NULL) {
		remark.loc = f->owner;
	}
	mp_vec_push(&w->b->remarks, remark);
}

void sm_facts_read(struct sm_build *b)
{
	struct walk w = {.b = b};

	for (size_t i = 0; i < b->run.record_count; i++) {
		const struct sm_m4_record *r = &b->run.records[i];
		switch (r->kind) {
		case SM_M4_CALL:
			add_call(&w, r);
			break;
		case SM_M4_READS:
			begin_file(&w, r);
			break;
		case SM_M4_RETURNS:
			end_file(&w, r);
			break;
		case SM_M4_SAID:
		case SM_M4_COMPLAINT:
			add_remark(&w, r);
			break;
		}
	}
	mp_vec_release(&w.frames);
}
