/*
 * reader - the stream of m4's standard error, from its beginning to its end.
 *
 *     m4trace:FILE:LINE: -LEVEL- NAME(`ARG', `ARG')      a call; arguments may hold newlines
 *     m4debug:FILE:LINE: input read from FILE            what m4 opens
 *     m4debug:FILE:LINE: input reverted to FILE, line N
 *     m4:FILE:LINE: TEXT                                 a complaint
 *
 * The arguments stand in the quotes that are in force, which calls of changequote tell. FILE:LINE
 * is missing where m4 reads nothing.
 */
#include "sendmail/m4/reader.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "base/number.h"
#include "base/vec.h"
#include "sendmail/m4/marks.h"

#include <stdint.h>

struct state {
	const struct sm_m4_reader *reader;
	struct sm_m4_run *run;
	struct mp_slice rest;
	struct mp_slice open, close; /* the quotes in force */
	MP_VEC(struct sm_m4_record) records;
	MP_VEC(struct sm_m4_asked) asked;
	bool behind_hash;
	MP_VEC(struct mp_slice) args;
};

/* Macros that the guard made inert, and what a call of them tries. */
static const struct {
	const char *name;
	enum sm_m4_attempt_kind kind;
} tries[] = {{"builtin", SM_M4_TRIED_BUILTIN}, {"changeword", SM_M4_TRIED_TRACE},
	{"debugfile", SM_M4_TRIED_WRITE}, {"debugmode", SM_M4_TRIED_TRACE},
	{"dumpdef", SM_M4_TRIED_TRACE}, {"esyscmd", SM_M4_TRIED_COMMAND},
	{"format", SM_M4_TRIED_EXTENSION}, {"indir", SM_M4_TRIED_BUILTIN},
	{"maketemp", SM_M4_TRIED_WRITE}, {"mkstemp", SM_M4_TRIED_WRITE},
	{"patsubst", SM_M4_TRIED_EXTENSION}, {"regexp", SM_M4_TRIED_EXTENSION},
	{"syscmd", SM_M4_TRIED_COMMAND}, {"traceoff", SM_M4_TRIED_TRACE},
	{"traceon", SM_M4_TRIED_TRACE}};

static bool same(const struct sm_m4_attempt *a, const struct sm_m4_attempt *b)
{
	return a->kind == b->kind && a->line == b->line && mp_str_eq(a->macro, b->macro) &&
		mp_str_eq(a->argument, b->argument) && mp_str_eq(a->file, b->file);
}

void sm_m4_add_attempt(struct mp_arena *arena, struct sm_m4_run *run, struct sm_m4_attempt attempt)
{
	size_t n = run->attempt_count;
	struct sm_m4_attempt *v = (struct sm_m4_attempt *)(uintptr_t)run->attempts;

	for (size_t i = 0; i < n; i++) {
		if (same(&v[i], &attempt)) {
			return;
		}
	}
	if (v == NULL) {
		v = mp_arena_array(arena, MP_LIMIT_M4_ATTEMPTS, sizeof *v);
		run->attempts = v;
	}
	/* How the run ended has a place of its own. */
	if (n < MP_LIMIT_M4_ATTEMPTS - 1 || attempt.kind >= SM_M4_TRIED_ENDLESS) {
		n = n < MP_LIMIT_M4_ATTEMPTS ? n : MP_LIMIT_M4_ATTEMPTS - 1;
		v[n] = attempt;
		run->attempt_count = n + 1;
	}
}

const char *sm_m4_name(const struct sm_m4_reader *reader, struct mp_slice file)
{
	const struct sm_m4_alias *a = reader->aliases;

	for (; a != NULL && a->path != NULL; a++) {
		if (mp_slice_eq_str(file, a->path)) {
			return a->name;
		}
	}
	return mp_arena_slicedup(reader->arena, file);
}

/* What m4 tells of a file; the guard's and the prelude's reading is nobody's concern. */
static void add_file_record(
	struct state *s, struct sm_m4_record *r, enum sm_m4_record_kind kind, struct mp_slice file)
{
	const char *name = sm_m4_name(s->reader, file);

	if (name[0] != '\0') {
		r->kind = kind;
		r->text = mp_slice_str(name);
		mp_vec_push(&s->records, *r);
	}
}

static bool take(struct mp_slice *s, const char *text)
{
	if (!mp_slice_starts(*s, text)) {
		return false;
	}
	*s = mp_slice_from(*s, strlen(text));
	return true;
}

/* The line at the beginning, without its newline; s goes on behind it. */
static struct mp_slice take_line(struct mp_slice *s)
{
	size_t end = mp_slice_chr(*s, '\n');
	struct mp_slice line = mp_slice_sub(*s, 0, end);

	*s = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(*s, end + 1);
	return line;
}

/* "FILE:LINE: " where it stands, or " ". False when neither does. */
static bool take_place(const struct state *s, struct mp_slice *from, struct sm_m4_record *r)
{
	struct mp_slice line = mp_slice_sub(*from, 0, mp_slice_chr(*from, '\n'));
	size_t at = mp_slice_find(line, ": ");
	unsigned long number;

	r->file = "";
	if (take(from, " ")) {
		return true;
	}
	if (at == MP_NOT_FOUND) {
		return false;
	}
	struct mp_slice place = mp_slice_sub(line, 0, at);
	size_t colon = mp_slice_rchr(place, ':');
	if (colon == MP_NOT_FOUND ||
		!mp_parse_uint(mp_slice_from(place, colon + 1), 0, (unsigned)-1 / 2, &number)) {
		return false;
	}
	r->line = (unsigned)number;
	r->file = sm_m4_name(s->reader, mp_slice_sub(place, 0, colon));
	*from = mp_slice_from(*from, at + 2);
	return true;
}

static bool starts_with(struct mp_slice s, struct mp_slice prefix)
{
	return prefix.n > 0 && s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

/* One argument in quotes at the beginning of s: what is inside. */
static bool take_quoted(const struct state *st, struct mp_slice *s, struct mp_slice *inside)
{
	size_t depth = 1;
	size_t i = st->open.n;

	if (!starts_with(*s, st->open)) {
		return false;
	}
	while (i < s->n) {
		struct mp_slice here = mp_slice_from(*s, i);
		if (starts_with(here, st->close)) {
			i += st->close.n;
			if (--depth == 0) {
				*inside = mp_slice_sub(*s, st->open.n, i - st->close.n);
				*s = mp_slice_from(*s, i);
				return true;
			}
		} else if (starts_with(here, st->open)) {
			i += st->open.n;
			depth++;
		} else {
			i++;
		}
	}
	return false;
}

/* "ARG, ARG)" and the newline, into s->args; false when it cannot be followed. */
static bool take_args(struct state *s, struct mp_slice *from)
{
	struct mp_slice in = *from;

	s->args.n = 0;
	do {
		struct mp_slice arg;
		if (!take_quoted(s, &in, &arg)) {
			return false;
		}
		mp_vec_push(&s->args, arg);
	} while (take(&in, ", "));
	if (!take(&in, ")\n")) {
		return false;
	}
	*from = in;
	return true;
}

/* The quotes that changequote sets: its own arguments were shown in the old ones. */
static void set_quotes(struct state *s)
{
	s->open = s->args.n > 0 ? s->args.v[0] : mp_slice_str("`");
	s->close = s->args.n > 1 ? s->args.v[1] : mp_slice_str("'");
	if (s->open.n > 0 && s->close.n == 0) {
		s->close = mp_slice_str("'");
	}
}

/* The arguments of a call, behind "NAME": into s->args. What cannot be followed is one argument to
 * the end of the line. */
static void read_args(struct state *s, struct mp_slice *in)
{
	s->args.n = 0;
	if (!take(in, "(")) {
		take_line(in);
	} else if (!take_args(s, in)) {
		struct mp_slice line = take_line(in);
		s->args.n = 0;
		mp_vec_push(&s->args,
			mp_slice_sub(line, 0, line.n - (mp_slice_ends(line, ")") ? 1 : 0)));
	}
}

static void try(struct state *s, const struct sm_m4_record *at, enum sm_m4_attempt_kind kind,
	const char *macro)
{
	struct mp_arena *arena = s->reader->arena;
	const char *argument = s->args.n > 0 ? mp_arena_slicedup(arena, s->args.v[0]) : "";

	sm_m4_add_attempt(
		arena, s->run, (struct sm_m4_attempt){kind, macro, argument, at->file, at->line});
}

static bool kind_of(struct mp_slice name, enum sm_m4_attempt_kind *kind)
{
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		if (mp_slice_eq_str(name, tries[i].name)) {
			*kind = tries[i].kind;
			return true;
		}
	}
	return false;
}

/* A macro that the guard made inert: args are the number of its name, then its own. */
static void inert_called(struct state *s, const struct sm_m4_record *at)
{
	enum sm_m4_attempt_kind kind;
	unsigned long number;

	if (s->args.n == 0 || !mp_parse_uint(s->args.v[0], 0, 1000, &number)) {
		return;
	}
	const char *name = sm_guard_inert((unsigned)number);
	if (name == NULL || !kind_of(mp_slice_str(name), &kind)) {
		return;
	}
	s->args.n--;
	memmove(s->args.v, s->args.v + 1, s->args.n * sizeof *s->args.v);
	/* What is called by its name tries what it would itself. */
	if (kind == SM_M4_TRIED_BUILTIN && s->args.n > 0) {
		kind_of(s->args.v[0], &kind);
	}
	try(s, at, kind, name);
}

/* Text of errprint, up to the mark behind it: "m4trace:FILE:LINE: -LEVEL- NONCEsaid(...)". */
static void said(struct state *s, struct sm_m4_record *r)
{
	const char *mark = mp_arena_printf(s->reader->arena, "- %ssaid(", s->reader->guard->nonce);
	size_t end = mp_slice_find(s->rest, mark);
	struct mp_slice text = mp_slice_sub(s->rest, 0, end);

	s->rest = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(s->rest, end);
	take_line(&s->rest);
	for (size_t i = text.n; end != MP_NOT_FOUND && i-- > 0;) {
		if (mp_slice_starts(mp_slice_from(text, i), "m4trace:")) {
			text = mp_slice_sub(text, 0, i);
			break;
		}
	}
	r->kind = SM_M4_SAID;
	r->text = text;
	mp_vec_push(&s->records, *r);
}

static void library_called(struct state *s, const struct sm_m4_record *r)
{
	if (s->run->library_asked == NULL && s->args.n > 0) {
		s->run->library_asked = mp_arena_slicedup(s->reader->arena, s->args.v[0]);
		s->run->library_line = r->line;
	}
}

/* A call of a macro of the guard; name is without the nonce. */
static void guard_called(struct state *s, struct sm_m4_record *r, struct mp_slice name)
{
	if (mp_slice_eq_str(name, "tried")) {
		inert_called(s, r);
	} else if (mp_slice_eq_str(name, "refused")) {
		try(s, r, SM_M4_TRIED_READ, "include");
	} else if (mp_slice_eq_str(name, "refuseddefn")) {
		try(s, r, SM_M4_TRIED_DEFINITION, "defn");
	} else if (mp_slice_eq_str(name, "exits")) {
		try(s, r, SM_M4_TRIED_EXIT, "m4exit");
	} else if (mp_slice_eq_str(name, "library")) {
		library_called(s, r);
	} else if (mp_slice_eq_str(name, "sinclude") && s->args.n > 0) {
		const struct sm_m4_asked asked = {
			mp_arena_slicedup(s->reader->arena, s->args.v[0]), r->file, r->line};
		mp_vec_push(&s->asked, asked);
	} else if (mp_slice_eq_str(name, "says")) {
		said(s, r);
	}
}

/* undivert takes numbers; a name would be a file's. */
static void undivert_called(struct state *s, const struct sm_m4_record *r)
{
	for (size_t i = 0; i < s->args.n; i++) {
		struct mp_slice a = mp_slice_trim(s->args.v[i]);
		size_t n = a.n > 0 && a.p[0] == '-' ? 1 : 0;
		while (n < a.n && mp_is_digit(a.p[n])) {
			n++;
		}
		if (n < a.n) {
			s->args.v[0] = s->args.v[i];
			try(s, r, SM_M4_TRIED_READ, "undivert");
			return;
		}
	}
}

static bool among(const char *const *names, struct mp_slice name)
{
	for (const char *const *t = names; t != NULL && *t != NULL; t++) {
		if (mp_slice_eq_str(name, *t)) {
			return true;
		}
	}
	return false;
}

static void called(struct state *s, struct sm_m4_record *r, struct mp_slice name)
{
	struct mp_arena *arena = s->reader->arena;

	if (mp_slice_starts(name, s->reader->guard->nonce)) {
		guard_called(s, r, mp_slice_from(name, strlen(s->reader->guard->nonce)));
		return;
	}
	s->behind_hash = s->behind_hash || among(sm_m4_behind_hash, name);
	if (among(s->reader->traced, name)) {
		struct mp_slice *args = mp_arena_array(arena, s->args.n, sizeof *args);
		for (size_t i = 0; i < s->args.n; i++) {
			args[i] = s->args.v[i];
		}
		r->macro = mp_arena_slicedup(arena, name);
		r->args = args;
		r->arg_count = s->args.n;
		mp_vec_push(&s->records, *r);
	}
	if (mp_slice_eq_str(name, "undivert")) {
		undivert_called(s, r);
	} else if (mp_slice_eq_str(name, "changequote")) {
		set_quotes(s);
	}
}

/* "FILE:LINE: -LEVEL- NAME..." */
static bool read_call(struct state *s, struct mp_slice in)
{
	struct sm_m4_record r = {.kind = SM_M4_CALL};
	size_t n = 0;

	if (!take_place(s, &in, &r) || !take(&in, "-")) {
		return false;
	}
	while (in.n > 0 && mp_is_digit(in.p[0])) {
		r.level = r.level * 10 + (unsigned)(in.p[0] - '0');
		in = mp_slice_from(in, 1);
	}
	if (!take(&in, "- ")) {
		return false;
	}
	while (n < in.n && in.p[n] != '(' && in.p[n] != '\n') {
		n++;
	}
	struct mp_slice name = mp_slice_sub(in, 0, n);
	in = mp_slice_from(in, n);
	read_args(s, &in);
	s->rest = in;
	called(s, &r, name);
	return true;
}

/* "FILE:LINE: input ..." */
static bool read_debug(struct state *s, struct mp_slice in)
{
	struct sm_m4_record r = {.kind = SM_M4_READS};

	if (!take_place(s, &in, &r)) {
		return false;
	}
	if (take(&in, "input read from ")) {
		add_file_record(s, &r, SM_M4_READS, take_line(&in));
	} else if (take(&in, "input reverted to ")) {
		struct mp_slice line = take_line(&in);
		add_file_record(
			s, &r, SM_M4_RETURNS, mp_slice_sub(line, 0, mp_slice_rchr(line, ',')));
	} else if (take(&in, "input exhausted")) {
		take_line(&in);
	} else {
		return false;
	}
	s->rest = in;
	return true;
}

/* A complaint's text without the guard's names: a copy of a builtin complains under the name that
 * the guard has for it. False for what a call of the guard's own complains of: too many arguments,
 * as the builtin does once more. */
static bool without_nonce(const struct state *s, struct mp_slice *text)
{
	const char *nonce = s->reader->guard->nonce;
	size_t at = mp_slice_find(*text, nonce);

	if (at == MP_NOT_FOUND) {
		return true;
	}
	struct mp_slice name = mp_slice_from(*text, at + strlen(nonce));
	const char *instead = "";
	if (mp_slice_starts(name, "define'")) {
		return false;
	}
	if (take(&name, "local'")) {
		instead = "include'";
	}
	*text = mp_slice_str(mp_arena_printf(
		s->reader->arena, "%.*s%s%.*s", (int)at, text->p, instead, MP_SLICE_ARG(name)));
	return true;
}

/* A complaint with its place, or a line that has none. */
static void read_complaint(struct state *s)
{
	struct sm_m4_record r = {.kind = SM_M4_COMPLAINT, .file = ""};
	struct mp_slice in = s->rest;

	if (!take(&in, "m4:") || !take_place(s, &in, &r)) {
		in = s->rest;
	}
	r.text = take_line(&in);
	s->rest = in;
	if (without_nonce(s, &r.text)) {
		mp_vec_push(&s->records, r);
	}
}

/* Moves the records and what was asked for into the arena. */
static void settle(struct state *s, struct sm_m4_told *told)
{
	struct mp_arena *arena = s->reader->arena;
	struct sm_m4_record *records = mp_arena_array(arena, s->records.n, sizeof *records);
	struct sm_m4_asked *names = mp_arena_array(arena, s->asked.n, sizeof *names);

	for (size_t i = 0; i < s->records.n; i++) {
		records[i] = s->records.v[i];
	}
	for (size_t i = 0; i < s->asked.n; i++) {
		names[i] = s->asked.v[i];
	}
	s->run->records = records;
	s->run->record_count = s->records.n;
	told->asked = names;
	told->asked_count = s->asked.n;
	told->behind_hash = s->behind_hash;
}

void sm_m4_read_messages(const struct sm_m4_reader *reader, struct mp_slice messages,
	struct sm_m4_run *run, struct sm_m4_told *told)
{
	struct state s = {.reader = reader,
		.run = run,
		.rest = messages,
		.open = mp_slice_str("`"),
		.close = mp_slice_str("'")};

	while (s.rest.n > 0) {
		struct mp_slice in = s.rest;
		if (take(&in, "m4trace:") && read_call(&s, in)) {
			continue;
		}
		if (take(&in, "m4debug:") && read_debug(&s, in)) {
			continue;
		}
		read_complaint(&s);
	}
	settle(&s, told);
	mp_vec_release(&s.records);
	mp_vec_release(&s.asked);
	mp_vec_release(&s.args);
}
