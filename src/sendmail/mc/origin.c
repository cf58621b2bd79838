/*
 * origin - where each line of the .cf comes from.
 *
 * m4's marks say where it was when it wrote a line. In the configuration's own
 * files that is the line itself; a library file stands for the call that brought it; a line of
 * proto.m4 comes from what it looks at: the variable in it, or the innermost ifdef around it whose
 * name a call of the configuration defined.
 */
#include "sendmail/mc/build.h"
#include "sendmail/mc/names.h"
#include "sendmail/mc/proto.h"

#include "base/ascii.h"
#include "input/disk.h"

/* Letters that are compared for one .mc: a real one takes some ten thousand. */
enum { MOST_WORK = 20000000 };

struct place {
	const struct sm_own *own;
	unsigned line;
};

struct maker {
	struct sm_build *b;
	const struct sm_proto *proto; /* NULL: it could not be read */
	const char *proto_file;
	struct mp_loc *origins;
	size_t mark; /* the next one */
	/* Where the next line comes from. */
	const char *file;
	const struct sm_own *own;
	unsigned line;
	uint32_t cursor; /* the last line of proto.m4 that was found */
	struct mp_loc reading; /* the last call found for a library file */
	const char *reading_file;
	size_t work; /* letters compared so far */
	struct mp_map made; /* line of the .cf -> struct mp_loc of the call */
	struct mp_map written; /* line of an own file -> struct place */
};

static const struct mp_loc nowhere = {NULL, 0, 0};

/* Takes over the marks up to an offset of the text. */
static void take_marks(struct maker *m, size_t at)
{
	const struct sm_m4_run *run = &m->b->run;

	for (; m->mark < run->mark_count && run->marks[m->mark].at <= at; m->mark++) {
		m->file = run->marks[m->mark].file;
		m->line = run->marks[m->mark].line;
		m->own = sm_own_find(m->b, m->file);
	}
}

/* The definition in force whose origin is in the configuration's own files. */
static const struct sm_definition *own_definition(const struct sm_build *b, struct mp_slice word)
{
	static const char *const passing[] = {"_ARG_", "_ARGS_", "_NARG_", "_ATMPF_", "_M_N_",
		"_TAG_DELIM_", "_I_", "_IDX_", "_MAILER_DEFINED_", "__D__", "_DPO_", "_CPO_"};
	const struct sm_definition *d = mp_map_get(&b->definitions, word);

	for (size_t i = 0; d != NULL && i < sizeof passing / sizeof *passing; i++) {
		if (mp_slice_eq_str(word, passing[i])) {
			return NULL;
		}
	}
	return d;
}

static struct mp_loc by_words(
	const struct maker *m, uint32_t first, uint32_t last, const char *except, int depth);

/* Where a name's value comes from; through what proto.m4 itself defines, once. */
static struct mp_loc by_name(const struct maker *m, struct mp_slice word, int depth)
{
	const struct sm_definition *d = own_definition(m->b, word);

	if (d == NULL) {
		return nowhere;
	}
	if (d->loc.source != NULL || depth > 0 || d->line == 0 ||
		!mp_str_eq(d->file, m->proto_file) || d->line > m->proto->count) {
		return d->loc;
	}
	uint32_t at = d->line - 1;
	uint32_t first = at > 2 ? at - 2 : 0;
	/* define stands on its own line in the call that it is part of. */
	while (first < at && m->proto->lines[first].last < at) {
		first++;
	}
	return by_words(m, first, m->proto->lines[first].last, mp_arena_slicedup(m->b->arena, word),
		depth + 1);
}

/* Through the words on these lines; a variable's before those of conditions. */
static struct mp_loc by_words(
	const struct maker *m, uint32_t first, uint32_t last, const char *except, int depth)
{
	struct mp_loc found = nowhere;

	for (uint32_t i = first; i <= last && i < m->proto->count; i++) {
		struct mp_slice text = m->proto->lines[i].text;
		size_t at = 0;
		for (;;) {
			struct mp_slice word = sm_word_next(text, &at);
			if (word.n == 0) {
				break;
			}
			if (except != NULL && mp_slice_eq_str(word, except)) {
				continue;
			}
			struct mp_loc loc = by_name(m, word, depth);
			if (loc.source != NULL && word.p[0] != '_') {
				return loc;
			}
			if (loc.source != NULL && found.source == NULL) {
				found = loc;
			}
		}
	}
	return found;
}

static struct mp_loc by_condition(const struct maker *m, const struct sm_condition *c)
{
	for (; c != NULL; c = c->outer) {
		struct mp_loc loc = c->positive ? by_name(m, c->name, 0) : nowhere;
		if (loc.source != NULL) {
			return loc;
		}
	}
	return nowhere;
}

/* A line that proto.m4 wrote. */
static struct mp_loc proto_origin(struct maker *m, struct mp_slice output, bool *whole)
{
	if (m->proto == NULL || m->line == 0 || m->line > m->proto->count || output.n == 0 ||
		m->work > MOST_WORK) {
		return nowhere;
	}
	uint32_t first = m->line - 1;
	uint32_t last = m->proto->lines[first].last;
	long at = first;
	if (last > first) {
		m->work += last - first;
		at = sm_proto_find(m->proto, first, last, m->cursor + 1, output, whole);
	} else {
		sm_proto_find(m->proto, first, first, first, output, whole);
	}
	if (at < 0) {
		return nowhere;
	}
	m->cursor = (uint32_t)at;
	struct mp_loc loc = by_words(m, (uint32_t)at, (uint32_t)at, NULL, 0);
	/* What the system's file sets is less telling than the feature for which the line is there.
	 */
	if (loc.source != NULL && !mp_slice_starts(mp_loc_text(loc), "OSTYPE")) {
		return loc;
	}
	struct mp_loc condition = by_condition(m, m->proto->lines[at].condition);
	return condition.source != NULL ? condition : loc;
}

/* Which of the calls that read the file: the one whose argument stands in the line. */
static struct mp_loc reading_origin(struct maker *m, struct mp_slice output)
{
	const struct sm_build *b = m->b;
	bool sticks = m->reading_file != NULL && mp_str_eq(m->reading_file, m->file);
	struct mp_loc found = sticks ? m->reading : nowhere;

	for (size_t i = 0; i < b->readings.n; i++) {
		const struct sm_reading *r = &b->readings.v[i];
		if (!mp_str_eq(r->file, m->file)) {
			continue;
		}
		const struct sm_call *call = &b->calls.v[r->call];
		if (found.source == NULL) {
			found = r->loc;
		}
		if (call->argc > 1 && call->argv[1][0] != '\0' &&
			mp_slice_find(output, call->argv[1]) != MP_NOT_FOUND) {
			found = r->loc;
			break;
		}
	}
	m->reading = found;
	m->reading_file = m->file;
	return found;
}

/* Whether the output stands in a text, but for its quotes. A text that takes too long to look
 * through counts as another one. */
static bool written_in(struct maker *m, struct mp_slice raw, struct mp_slice output)
{
	bool found = false;

	for (size_t start = 0; start < raw.n && !found && output.n > 0; start++) {
		size_t i = start, n = 0;
		while (i < raw.n && n < output.n) {
			if (raw.p[i] == output.p[n]) {
				n++;
			} else if (raw.p[i] != '`' && raw.p[i] != '\'') {
				break;
			}
			i++;
		}
		found = n == output.n;
		m->work += i - start + 1;
		if (m->work > MOST_WORK) {
			return false;
		}
	}
	return found;
}

static bool written_there(
	struct maker *m, const struct sm_own *own, unsigned line, struct mp_slice output)
{
	return written_in(m, mp_loc_text(sm_own_line(own, line)), output);
}

/*
 * The line that the output was written on. Behind a macro that read a file m4's mark is that of the
 * macro, although the text stands further on.
 */
static unsigned find_written(
	struct maker *m, const struct sm_own *own, unsigned line, struct mp_slice output)
{
	enum { FAR = 400 };

	for (unsigned i = line + 1; i <= own->source->line_count && i <= line + FAR; i++) {
		if (written_there(m, own, i, output)) {
			return i;
		}
	}
	return 0;
}

/* The call on the line of whose argument the output is made; NULL: none. */
static const struct sm_lex_call *call_behind(
	struct maker *m, const struct sm_own *own, unsigned line, struct mp_slice output)
{
	const struct sm_lex *lex = own->lex;

	for (uint32_t i = sm_lex_first(lex, line);
		i < lex->call_count && lex->calls[i].line == line; i++) {
		const struct sm_lex_call *c = &lex->calls[i];
		bool quoted;
		if (c->arg_count == 0) {
			continue;
		}
		struct mp_slice arg = sm_lex_unquote(sm_lex_text(lex, c->args[0]), &quoted);
		struct mp_slice first = mp_slice_sub(arg, 0, mp_slice_chr(arg, '\n'));
		size_t behind = output.n > first.n ? output.n - first.n : 0;
		if (first.n > 0 &&
			(mp_slice_eq(mp_slice_from(output, behind), first) ||
				written_in(m, arg, output))) {
			return c;
		}
	}
	return NULL;
}

/* A line that m4 wrote while it was in an own file: the text of that line, or of a call on it. */
static struct mp_loc own_origin(struct maker *m, struct mp_slice output)
{
	struct mp_slice text = mp_slice_trim(output);

	if (text.n > 0 && !written_there(m, m->own, m->line, text)) {
		const struct sm_lex_call *c = call_behind(m, m->own, m->line, text);
		unsigned written = c == NULL ? find_written(m, m->own, m->line, text) : 0;
		if (c != NULL) {
			return sm_lex_loc(m->own->lex, c);
		}
		if (written == 0) {
			return sm_own_line(m->own, m->line);
		}
		m->line = written;
	}
	struct mp_loc line = sm_own_line(m->own, m->line);
	if (text.n > 0 && text.p[0] != '#' && sm_own_diversion(m->own, m->line) == 0) {
		mp_vec_push(&m->b->stray, line);
	}
	return line;
}

/* What macros make of their argument: this, then the argument, is a line of the .cf. */
static const struct {
	const char *macro, *begin;
	bool second; /* ", " and the second argument follow */
} makes[] = {
	{"CANONIFY_DOMAIN", "C{Canonify}", false},
	{"CANONIFY_DOMAIN_FILE", "F{Canonify}", false},
	{"CLIENT_OPTIONS", "O ClientPortOptions=", false},
	{"DAEMON_OPTIONS", "O DaemonPortOptions=", false},
	{"EXPOSED_USER", "C{E}", false},
	{"EXPOSED_USER_FILE", "F{E}", false},
	{"GENERICS_DOMAIN", "C{G}", false},
	{"GENERICS_DOMAIN_FILE", "F{G}", false},
	{"INPUT_MAIL_FILTER", "X", true},
	{"LDAPROUTE_DOMAIN", "C{LDAPRoute}", false},
	{"LDAPROUTE_DOMAIN_FILE", "F{LDAPRoute}", false},
	{"LDAPROUTE_EQUIVALENT", "C{LDAPRouteEquiv}", false},
	{"LDAPROUTE_EQUIVALENT_FILE", "F{LDAPRouteEquiv}", false},
	{"LOCAL_DOMAIN", "C{w}", false},
	{"LOCAL_USER", "C{L}", false},
	{"LOCAL_USER_FILE", "F{L}", false},
	{"MAIL_FILTER", "X", true},
	{"MASQUERADE_DOMAIN", "C{M}", false},
	{"MASQUERADE_DOMAIN_FILE", "F{M}", false},
	{"MASQUERADE_EXCEPTION", "C{N}", false},
	{"MASQUERADE_EXCEPTION_FILE", "F{N}", false},
	{"QUEUE_GROUP", "Q", true},
	{"RELAY_DOMAIN", "C{R}", false},
	{"RELAY_DOMAIN_FILE", "F{R}", false},
	{"TRUST_AUTH_MECH", "C{TrustAuthMech}", false},
	{"VIRTUSER_DOMAIN", "C{VirtHost}", false},
	{"VIRTUSER_DOMAIN_FILE", "F{VirtHost}", false},
};

/* The lines that the call makes, for who meets them in the .cf. */
static void note_made(struct maker *m, const struct sm_call *c)
{
	for (size_t k = 0; k < sizeof makes / sizeof *makes; k++) {
		if (c->argc == 0 || c->loc.source == NULL || !mp_str_eq(c->macro, makes[k].macro)) {
			continue;
		}
		struct mp_slice text = mp_slice_str(mp_arena_printf(m->b->arena, "%s%s%s%s",
			makes[k].begin, c->argv[0], makes[k].second && c->argc > 1 ? ", " : "",
			makes[k].second && c->argc > 1 ? c->argv[1] : ""));
		while (text.n > 0) {
			/* An argument of several lines goes on in the next line of the .cf. */
			size_t end = mp_slice_chr(text, '\n');
			struct mp_slice line = mp_slice_sub(text, 0, end);
			if (mp_map_get(&m->made, line) == NULL) {
				mp_map_put(&m->made, line, (void *)(uintptr_t)&c->loc);
			}
			text = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(text, end + 1);
		}
	}
}

/* The text of the own files' lines, without quotes. */
static void note_written(struct maker *m, const struct sm_own *own)
{
	const struct mp_source *source = own->source;

	for (uint32_t i = 0; i < source->line_count; i++) {
		struct mp_slice raw = mp_loc_text(sm_own_line(own, i + 1));
		char *text = mp_arena_alloc(m->b->arena, raw.n + 1);
		size_t n = 0;
		for (size_t k = 0; k < raw.n; k++) {
			if (raw.p[k] != '`' && raw.p[k] != '\'') {
				text[n++] = raw.p[k];
			}
		}
		struct mp_slice key = mp_slice(text, n);
		if (n < 2 || text[0] == '#' || mp_slice_starts(key, "dnl") ||
			mp_map_get(&m->written, key) != NULL) {
			continue;
		}
		struct place *p = MP_ARENA_NEW(m->b->arena, struct place);
		*p = (struct place){own, i + 1};
		mp_map_put(&m->written, key, p);
	}
}

/* A line that stands in an own file although m4's marks do not say so; true when it does. */
static bool own_after_all(struct maker *m, struct mp_slice output)
{
	const struct place *p = mp_map_get(&m->written, output);

	if (p == NULL) {
		return false;
	}
	m->own = p->own;
	m->file = p->own->name;
	m->line = p->line;
	return true;
}

/* m4's marks are not complete where text was diverted: what a line says goes first. */
static struct mp_loc origin(struct maker *m, struct mp_slice output)
{
	const struct mp_loc *made = mp_map_get(&m->made, output);
	bool whole = false;

	if (made != NULL) {
		return *made;
	}
	if (m->file == NULL) {
		return nowhere;
	}
	if (m->own != NULL) {
		return own_origin(m, output);
	}
	bool proto = m->proto_file != NULL && mp_str_eq(m->file, m->proto_file);
	struct mp_loc loc = proto ? proto_origin(m, output, &whole) : nowhere;
	if (!whole && own_after_all(m, output)) {
		return own_origin(m, output);
	}
	return proto ? loc : reading_origin(m, output);
}

static void take_lines(struct maker *m, const struct mp_source *cf)
{
	for (uint32_t i = 0; i < cf->line_count; i++) {
		take_marks(m, cf->lines[i]);
		m->origins[i] = origin(m, mp_loc_line(mp_loc(cf, cf->lines[i], cf->lines[i])));
		m->line++;
	}
}

static void load_proto(struct maker *m)
{
	const struct sm_library *library = m->b->mc->library;
	struct mp_slice text;

	m->proto_file = mp_arena_printf(m->b->arena, "%sm4/proto.m4", library->directory);
	if (mp_disk_read(m->b->arena, m->proto_file, &text, NULL) == MP_READ_OK) {
		m->proto = sm_proto(m->b->arena, text);
	}
}

void sm_origin_make(struct sm_build *b)
{
	struct maker m = {.b = b};

	if (b->mc->library != NULL) {
		load_proto(&m);
	}
	struct mp_source *cf = mp_source_new(b->arena, "sendmail.cf", "", b->run.text);
	m.origins = mp_arena_array(b->arena, cf->line_count, sizeof *m.origins);
	for (size_t i = 0; i < b->calls.n; i++) {
		note_made(&m, &b->calls.v[i]);
	}
	for (size_t i = 0; i < b->own.n; i++) {
		note_written(&m, b->own.v[i]);
	}
	take_lines(&m, cf);
	mp_map_release(&m.made);
	mp_map_release(&m.written);
	if (b->mc->library != NULL && b->run.text.n > 0) {
		cf->generated = true;
		cf->origins = m.origins;
		b->mc->cf = cf;
	}
}
