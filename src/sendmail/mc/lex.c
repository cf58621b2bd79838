/* lex - one pass over the text, with a stack of the calls whose arguments are being read. */
#include "sendmail/mc/lex.h"

#include "base/ascii.h"
#include "base/vec.h"
#include "sendmail/mc/names.h"

enum {
	MAX_NESTING = 200,
	MAX_DEFINED = 1000 /* macros of the file's own that are told from words */
};

struct frame {
	uint32_t call;
	unsigned parens;
	uint32_t arg_start;
	size_t first_arg; /* in args */
};

struct lexer {
	struct mp_arena *arena;
	struct sm_lex *out;
	struct mp_slice text;
	uint32_t at, line;
	uint32_t line_start;
	bool comments;
	MP_VEC(struct sm_lex_call) calls;
	MP_VEC(struct frame) frames;
	MP_VEC(struct sm_span) args;
	MP_VEC(struct mp_slice) defined;
};

struct mp_slice sm_lex_text(const struct sm_lex *lex, struct sm_span span)
{
	return mp_slice_sub(lex->source->text, span.start, span.end);
}

struct mp_loc sm_lex_loc(const struct sm_lex *lex, const struct sm_lex_call *call)
{
	return mp_loc(lex->source, call->name.start, call->end);
}

uint32_t sm_lex_first(const struct sm_lex *lex, unsigned line)
{
	uint32_t low = 0, high = lex->call_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (lex->calls[middle].line < line) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

/* Behind the apostrophe that closes the backtick at `at`; NONE when nothing does. */
static uint32_t quote_end(struct mp_slice text, uint32_t at)
{
	unsigned depth = 0;

	for (uint32_t i = at; i < text.n; i++) {
		if (text.p[i] == '`') {
			depth++;
		} else if (text.p[i] == '\'' && --depth == 0) {
			return i + 1;
		}
	}
	return SM_LEX_NONE;
}

uint32_t sm_lex_long_string(const struct sm_lex *lex, uint32_t from)
{
	struct mp_slice text = lex->source->text;
	uint32_t i = from;

	while (i < text.n) {
		uint32_t end = text.p[i] == '`' ? quote_end(text, i) : i + 1;
		if (end == SM_LEX_NONE ||
			(text.p[i] == '`' &&
				mp_slice_chr(mp_slice_sub(text, i, end), '\n') != MP_NOT_FOUND)) {
			return i;
		}
		i = end;
	}
	return SM_LEX_NONE;
}

struct mp_slice sm_lex_unquote(struct mp_slice raw, bool *quoted)
{
	raw = mp_slice_trim(raw);
	*quoted = raw.n >= 2 && raw.p[0] == '`' && quote_end(raw, 0) == raw.n;
	return *quoted ? mp_slice_sub(raw, 1, raw.n - 1) : raw;
}

static void count_lines(struct lexer *x, uint32_t to)
{
	for (; x->at < to; x->at++) {
		if (x->text.p[x->at] == '\n') {
			x->line++;
			x->line_start = x->at + 1;
		}
	}
}

static uint32_t line_end(const struct lexer *x)
{
	size_t n = mp_slice_chr(mp_slice_from(x->text, x->at), '\n');

	return n == MP_NOT_FOUND ? (uint32_t)x->text.n : x->at + (uint32_t)n + 1;
}

static bool user_defined(const struct lexer *x, struct mp_slice word)
{
	for (size_t i = 0; i < x->defined.n; i++) {
		if (mp_slice_eq(x->defined.v[i], word)) {
			return true;
		}
	}
	return false;
}

/* Whether the line up to here is nothing but "#" and what follows it. */
static bool is_hashed(const struct lexer *x)
{
	uint32_t start = x->line_start;

	while (start < x->at && (x->text.p[start] == ' ' || x->text.p[start] == '\t')) {
		start++;
	}
	return start < x->at && x->text.p[start] == '#';
}

static void skip_blanks(struct lexer *x)
{
	while (x->at < x->text.n && mp_is_space(x->text.p[x->at])) {
		count_lines(x, x->at + 1);
	}
}

static void end_argument(struct lexer *x, struct frame *f)
{
	struct sm_span arg = {f->arg_start, x->at};

	mp_vec_push(&x->args, arg);
}

static void close_call(struct lexer *x)
{
	struct frame *f = &x->frames.v[x->frames.n - 1];
	struct sm_lex_call *call = &x->calls.v[f->call];
	size_t n = x->args.n - f->first_arg;
	struct sm_span *args = mp_arena_array(x->arena, n, sizeof *args);
	bool quoted;

	memcpy(args, x->args.v + f->first_arg, n * sizeof *args);
	x->args.n = f->first_arg;
	call->args = args;
	call->arg_count = (uint32_t)n;
	call->end = x->at;
	call->closed = true;
	x->frames.n--;
	struct mp_slice name = sm_lex_text(x->out, call->name);
	struct mp_slice first = sm_lex_unquote(sm_lex_text(x->out, args[0]), &quoted);
	if (mp_slice_eq_str(name, "define") || mp_slice_eq_str(name, "pushdef")) {
		if (x->defined.n < MAX_DEFINED) {
			mp_vec_push(&x->defined, first);
		}
	} else if (mp_slice_ends(name, "include") && mp_slice_ends(first, "cf.m4")) {
		x->comments = false;
		x->out->loads_library = true;
	}
}

/* Whether blanks and the "(" of quoted arguments follow. */
static bool has_gap(struct mp_slice text, uint32_t at)
{
	uint32_t i = at;

	while (i < text.n && (text.p[i] == ' ' || text.p[i] == '\t')) {
		i++;
	}
	return i > at && i + 1 < text.n && text.p[i] == '(' &&
		(text.p[i + 1] == '`' || text.p[i + 1] == '\'');
}

/* A word: a macro that is called, dnl, or text. False when the rest cannot be read. */
static bool read_word(struct lexer *x)
{
	uint32_t end = x->at;

	while (end < x->text.n && (mp_is_alnum(x->text.p[end]) || x->text.p[end] == '_')) {
		end++;
	}
	struct mp_slice word = mp_slice_sub(x->text, x->at, end);
	bool opens = end < x->text.n && x->text.p[end] == '(';
	const struct sm_name *name = sm_name(word);
	bool known =
		(name != NULL && (opens || name->kind != SM_NAME_BUILTIN)) || user_defined(x, word);
	if (mp_slice_eq_str(word, "dnl")) {
		count_lines(x, line_end(x));
		return true;
	}
	bool gap = !opens && name != NULL && has_gap(x->text, end);
	if (!known && !opens && !gap) {
		count_lines(x, end);
		return true;
	}
	struct sm_lex_call call = {.name = {x->at, end},
		.open = opens ? end : 0,
		.end = opens && known ? (uint32_t)x->text.n : end,
		.line = x->line,
		.known = known,
		.gap = gap,
		.closed = !opens || !known,
		.hashed = !x->comments && is_hashed(x)};
	if (x->frames.n > 0) {
		call.outer = x->frames.v[x->frames.n - 1].call + 1;
	}
	mp_vec_push(&x->calls, call);
	count_lines(x, end);
	if (mp_slice_eq_str(word, "changequote") || x->frames.n >= MAX_NESTING) {
		x->out->lost = true;
		return false;
	}
	if (known && opens) {
		count_lines(x, end + 1);
		skip_blanks(x);
		struct frame f = {(uint32_t)x->calls.n - 1, 0, x->at, x->args.n};
		mp_vec_push(&x->frames, f);
	}
	return true;
}

/* A character that is neither of a word nor a quote. */
static void read_char(struct lexer *x)
{
	char c = x->text.p[x->at];

	if (x->frames.n == 0) {
		count_lines(x, x->at + 1);
		return;
	}
	struct frame *f = &x->frames.v[x->frames.n - 1];
	bool ends = f->parens == 0 && (c == ')' || c == ',');
	if (ends) {
		end_argument(x, f);
	} else {
		f->parens += c == '(';
		f->parens -= c == ')';
	}
	count_lines(x, x->at + 1);
	if (ends && c == ')') {
		close_call(x);
	} else if (ends) {
		skip_blanks(x);
		f->arg_start = x->at;
	}
}

static void read_text(struct lexer *x)
{
	while (x->at < x->text.n) {
		char c = x->text.p[x->at];
		if (c == '`') {
			uint32_t end = quote_end(x->text, x->at);
			if (end == SM_LEX_NONE) {
				x->out->open_quote = x->at;
				return;
			}
			count_lines(x, end);
		} else if (c == '#' && x->comments) {
			count_lines(x, line_end(x));
		} else if (mp_is_alpha(c) || c == '_') {
			if (!read_word(x)) {
				return;
			}
		} else {
			read_char(x);
		}
	}
	if (x->frames.n > 0) {
		x->out->open_call = x->frames.v[0].call;
	}
}

struct sm_lex *sm_lex(struct mp_arena *arena, const struct mp_source *source, bool comments)
{
	struct lexer x = {.arena = arena, .text = source->text, .line = 1, .comments = comments};

	x.out = MP_ARENA_NEW(arena, struct sm_lex);
	*x.out = (struct sm_lex){
		.source = source, .open_quote = SM_LEX_NONE, .open_call = SM_LEX_NONE};
	read_text(&x);
	x.out->calls = mp_arena_array(arena, x.calls.n, sizeof *x.out->calls);
	if (x.calls.n > 0) {
		memcpy(x.out->calls, x.calls.v, x.calls.n * sizeof *x.out->calls);
	}
	x.out->call_count = (uint32_t)x.calls.n;
	mp_vec_release(&x.calls);
	mp_vec_release(&x.frames);
	mp_vec_release(&x.args);
	mp_vec_release(&x.defined);
	return x.out;
}
