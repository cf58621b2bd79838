/*
 * expand - macros in parameter values.
 *
 * A value is walked once. What stands between $ and its end is an expression: a name, or
 * {left} op {right}, then perhaps ? and : with their texts. The test of ? and : looks at the raw
 * value of the name; only the text that is chosen is expanded.
 */
#include "postfix/config/expand.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "base/number.h"
#include "postfix/config/settings.h"

enum {
	/* Expressions expanded for one value: doubling macros must end too. */
	MAX_STEPS = 100000,
	/* Operands of relational expressions begin a nesting count of their own in Postfix, where
	 * endless ones end the process for want of stack. This is for all together. */
	MAX_DEPTH = 300
};

struct expansion {
	const struct pf_expander *x;
	struct mp_arena *arena;
	struct pf_text_builder *out;
	const char *why;
	unsigned steps; /* of all operands together */
	unsigned level; /* nesting as Postfix counts it */
	unsigned depth; /* nesting, operands included */
};

static bool expand_range(struct expansion *e, struct pf_text t, size_t from, size_t to);

static bool fail(struct expansion *e, const char *why)
{
	if (e->why == NULL) {
		e->why = why;
	}
	return false;
}

static void emit(struct expansion *e, struct pf_text t, size_t from, size_t to)
{
	if (to == from) {
		return;
	}
	if (t.segment_count == 0) {
		pf_text_add(e->out, mp_slice(t.s + from, to - from), (struct mp_loc){0});
	} else {
		pf_text_append(e->out, pf_text_sub(e->arena, t, from, to));
	}
}

static size_t skip_space(struct pf_text t, size_t i, size_t to)
{
	while (i < to && (t.s[i] == ' ' || t.s[i] == '\t' || t.s[i] == '\r' || t.s[i] == '\n')) {
		i++;
	}
	return i;
}

static const char *quote(
	struct expansion *e, const char *fmt, struct pf_text t, size_t from, size_t to)
{
	size_t n = to - from > 60 ? 60 : to - from;

	return mp_arena_printf(
		e->arena, "%s: \"%s\"", fmt, mp_arena_memdup(e->arena, t.s + from, n));
}

/* A run of bytes of a text. */
struct range {
	size_t from, to;
};

/* At a "{": its balanced content, and *i behind it and the white space that follows. */
static bool braced(
	struct expansion *e, struct pf_text t, size_t *i, size_t to, struct range *content)
{
	size_t level = 0;

	for (size_t p = *i; p < to; p++) {
		if (t.s[p] == '{') {
			level++;
		} else if (t.s[p] == '}' && --level == 0) {
			*content = (struct range){*i + 1, p};
			*i = skip_space(t, p + 1, to);
			return true;
		}
	}
	return fail(e, quote(e, "unbalanced {} in attribute expression", t, *i, to));
}

/* Is there, behind white space, a "{"? Then *i is moved to it. */
static bool at_brace(struct pf_text t, size_t *i, size_t to)
{
	size_t p = skip_space(t, *i, to);

	if (p == to || t.s[p] != '{') {
		return false;
	}
	*i = p;
	return true;
}

enum { LEVEL_MAJOR_SHIFT = 20, LEVEL_MINOR_SHIFT = 10, LEVEL_PART_MAX = 1023 };

unsigned long pf_level_make(unsigned major, unsigned minor)
{
	return ((unsigned long)major << LEVEL_MAJOR_SHIFT) |
		((unsigned long)minor << LEVEL_MINOR_SHIFT);
}

/* One number as strtol() reads it, without a negative result. */
static bool level_part(const char **text, unsigned long max, unsigned long *out)
{
	const char *p = *text;
	size_t n = 0;

	while (mp_is_space(*p)) {
		p++;
	}
	if (*p == '+') {
		p++;
	}
	while (mp_is_digit(p[n])) {
		n++;
	}
	*text = p + n;
	return mp_parse_uint(mp_slice(p, n), 0, max, out);
}

bool pf_level_parse(const char *text, unsigned long *level)
{
	static const unsigned shift[] = {LEVEL_MAJOR_SHIFT, LEVEL_MINOR_SHIFT, 0};
	unsigned long sum = 0;

	for (size_t i = 0; i < 3; i++) {
		unsigned long part;
		if (!level_part(&text, i == 0 ? 0x7fffffffUL >> 8 : LEVEL_PART_MAX, &part)) {
			return false;
		}
		sum |= part << shift[i];
		if (*text == '\0') {
			*level = sum;
			return true;
		}
		if (*text != '.') {
			return false;
		}
		text++;
	}
	return false;
}

static bool all_digits(const char *s)
{
	size_t n = 0;

	while (mp_is_digit(s[n])) {
		n++;
	}
	return n > 0 && s[n] == '\0';
}

/* <0, 0, >0; numbers where both sides are digits only. */
static bool compare(struct expansion *e, const char *left, const char *right, int *out)
{
	if (!all_digits(left) || !all_digits(right)) {
		*out = strcmp(left, right);
		return true;
	}
	unsigned long l;
	unsigned long r;
	const unsigned long max = 0x7fffffffffffffffUL;
	if (!mp_parse_uint(mp_slice_str(left), 0, max, &l) ||
		!mp_parse_uint(mp_slice_str(right), 0, max, &r)) {
		return fail(e, "mac_exp_eval: bad conversion");
	}
	*out = l < r ? -1 : l > r;
	return true;
}

static bool compare_levels(struct expansion *e, const char *left, const char *right, int *out)
{
	unsigned long l;
	unsigned long r;

	if (!pf_level_parse(left, &l) || !pf_level_parse(right, &r)) {
		const char *bad = pf_level_parse(left, &l) ? right : left;
		return fail(e,
			mp_arena_printf(
				e->arena, "malformed compatibility level syntax: \"%.60s\"", bad));
	}
	*out = l < r ? -1 : l > r;
	return true;
}

enum relation { REL_EQ, REL_NE, REL_LT, REL_LE, REL_GE, REL_GT, REL_NONE };

static enum relation relation_of(struct mp_slice op)
{
	static const char *const names[] = {"==", "!=", "<", "<=", ">=", ">"};

	for (int i = 0; i < REL_NONE; i++) {
		if (mp_slice_eq_str(op, names[i])) {
			return (enum relation)i;
		}
	}
	return REL_NONE;
}

static bool holds(enum relation relation, int d)
{
	switch (relation) {
	case REL_EQ:
		return d == 0;
	case REL_NE:
		return d != 0;
	case REL_LT:
		return d < 0;
	case REL_LE:
		return d <= 0;
	case REL_GE:
		return d >= 0;
	case REL_GT:
		return d > 0;
	case REL_NONE:
		break;
	}
	MP_BUG("no relation");
}

/* Expands an operand for itself. */
static bool operand(struct expansion *e, struct pf_text t, struct range r, const char **out)
{
	struct pf_text_builder b;
	struct expansion inner = *e;
	bool overflow;

	pf_text_begin(&b, MP_LIMIT_VALUE);
	inner.out = &b;
	inner.level = 0;
	bool ok = expand_range(&inner, t, r.from, r.to);
	e->steps = inner.steps;
	e->why = inner.why;
	*out = pf_text_end(&b, e->arena, &overflow).s;
	return ok && (!overflow || fail(e, "the value is too long"));
}

static size_t span_of(struct pf_text t, size_t i, size_t to, const char *set)
{
	size_t n = 0;

	while (i + n < to && t.s[i + n] != '\0' && strchr(set, t.s[i + n]) != NULL) {
		n++;
	}
	return n;
}

/* {left} op {right}, with *i at the first "{"; *i ends behind it. */
static bool relational(struct expansion *e, struct pf_text t, size_t *i, size_t to, bool *result)
{
	struct range left;
	struct range right;

	if (!braced(e, t, i, to, &left)) {
		return false;
	}
	size_t op_n = span_of(t, *i, to, "<>!=?+-*/~&|%");
	enum relation relation = relation_of(mp_slice(t.s + *i, op_n));
	if (relation == REL_NONE) {
		return fail(e,
			quote(e,
				"\"==\" or \"!=\" or \"<\" or \"<=\" or \">=\" or \">\" expected "
				"at",
				t, *i, to));
	}
	*i += op_n;
	size_t suffix = 0;
	while (e->x->version >= PF_VERSION_3_6 && *i + suffix < to &&
		mp_is_alnum(t.s[*i + suffix])) {
		suffix++;
	}
	bool levels = mp_slice_eq_str(mp_slice(t.s + *i, suffix), "level");
	if (suffix > 0 && !levels) {
		return fail(e, quote(e, "bad operator suffix at", t, *i, to));
	}
	*i += suffix;
	if (!at_brace(t, i, to)) {
		return fail(e, quote(e, "\"{expression}\" expected at", t, *i, to));
	}
	if (!braced(e, t, i, to, &right)) {
		return false;
	}
	const char *l;
	const char *r;
	int d = 0;
	if (!operand(e, t, left, &l) || !operand(e, t, right, &r) ||
		!(levels ? compare_levels(e, l, r, &d) : compare(e, l, r, &d))) {
		return false;
	}
	*result = holds(relation, d);
	return true;
}

/* The text behind "?" or ":", braced or to the end; *i ends behind it. */
static bool alternative(
	struct expansion *e, struct pf_text t, size_t *i, size_t to, struct range *out)
{
	if (e->x->version >= PF_VERSION_3_0 && at_brace(t, i, to)) {
		return braced(e, t, i, to, out);
	}
	*out = (struct range){*i, to};
	*i = to;
	return true;
}

/* What follows the name or the comparison: "?" and ":" with their texts, *i at the operator. */
static bool choose(struct expansion *e, struct pf_text t, size_t i, size_t to, bool condition)
{
	struct range text;

	if (t.s[i] == '?') {
		i++;
		if (!alternative(e, t, &i, to, &text)) {
			return false;
		}
		if (condition && !expand_range(e, t, text.from, text.to)) {
			return false;
		}
		if (i == to) {
			return true;
		}
		if (t.s[i] != ':') {
			return fail(e, quote(e, "\":\" expected at", t, i, to));
		}
	}
	i++;
	if (!alternative(e, t, &i, to, &text)) {
		return false;
	}
	if (!condition && !expand_range(e, t, text.from, text.to)) {
		return false;
	}
	return i == to || fail(e, quote(e, "unexpected input at", t, i, to));
}

static bool comparison(struct expansion *e, struct pf_text t, size_t i, size_t to)
{
	bool result = false;

	if (!relational(e, t, &i, to, &result)) {
		return false;
	}
	if (i < to) {
		if (t.s[i] != '?' && t.s[i] != ':') {
			return fail(e, quote(e, "\"?\" or \":\" expected at", t, i, to));
		}
		return choose(e, t, i, to, result);
	}
	if (result) {
		pf_text_add(e->out, mp_slice_str("true"), (struct mp_loc){0});
	}
	return true;
}

/* A name and what follows it. */
static bool named(struct expansion *e, struct pf_text t, size_t from, size_t to)
{
	bool modern = e->x->version >= PF_VERSION_3_0;
	size_t start = modern ? skip_space(t, from, to) : from;
	size_t end = start;
	size_t op;
	struct pf_text value;

	for (;; end++) {
		op = modern ? skip_space(t, end, to) : end;
		if (op == to || t.s[op] == '?' || t.s[op] == ':') {
			break;
		}
		if (!mp_is_alnum(t.s[end]) && t.s[end] != '_') {
			return fail(e, quote(e, "attribute name syntax error at", t, from, to));
		}
	}
	bool defined = e->x->lookup(e->x->context, mp_slice(t.s + start, end - start), &value);
	if (op < to) {
		return choose(e, t, op, to, defined && value.n > 0);
	}
	return !defined || expand_range(e, value, 0, value.n);
}

static bool expression(struct expansion *e, struct pf_text t, size_t from, size_t to)
{
	size_t i = from;

	if (e->level++ > MP_LIMIT_MACRO_DEPTH || e->depth++ > MAX_DEPTH) {
		return fail(e, quote(e, "unreasonable macro call nesting", t, from, to));
	}
	if (e->steps++ > MAX_STEPS || e->out->bytes.overflow) {
		return fail(e, "the value is too long");
	}
	bool ok = e->x->version >= PF_VERSION_3_0 && at_brace(t, &i, to) ? comparison(e, t, i, to)
									 : named(e, t, from, to);
	e->level--;
	e->depth--;
	return ok;
}

/* Behind "${" or "$(": where the matching bracket stands, or MP_NOT_FOUND. */
static size_t closing(struct pf_text t, size_t i, size_t to, char open)
{
	char close = open == '{' ? '}' : ')';
	size_t level = 1;

	for (; i < to; i++) {
		if (t.s[i] == open) {
			level++;
		} else if (t.s[i] == close && --level == 0) {
			return i;
		}
	}
	return MP_NOT_FOUND;
}

/* Literal text counts as a nested call of its own in Postfix. */
static bool literal(struct expansion *e, struct pf_text t, size_t from, size_t to)
{
	if (from < to && e->level > MP_LIMIT_MACRO_DEPTH) {
		return fail(e, quote(e, "unreasonable macro call nesting", t, from, to));
	}
	emit(e, t, from, to);
	return true;
}

static bool expand_range(struct expansion *e, struct pf_text t, size_t from, size_t to)
{
	size_t begin = from; /* of literal text not yet written */
	size_t i = from;

	while (i < to) {
		if (t.s[i] != '$') {
			i++;
			continue;
		}
		if (i + 1 < to && t.s[i + 1] == '$') {
			if (!literal(e, t, begin, i + 1)) {
				return false;
			}
			i += 2;
			begin = i;
			continue;
		}
		if (!literal(e, t, begin, i)) {
			return false;
		}
		i++;
		size_t inner = i;
		size_t end = i;
		if (i < to && (t.s[i] == '{' || t.s[i] == '(')) {
			inner = i + 1;
			end = closing(t, inner, to, t.s[i]);
			if (end == MP_NOT_FOUND) {
				return fail(e, quote(e, "truncated macro reference", t, from, to));
			}
			i = end + 1;
		} else {
			while (end < to && (mp_is_alnum(t.s[end]) || t.s[end] == '_')) {
				end++;
			}
			i = end;
		}
		if (inner == end) {
			return fail(e, quote(e, "empty macro name", t, from, to));
		}
		if (!expression(e, t, inner, end)) {
			return false;
		}
		begin = i;
	}
	return literal(e, t, begin, to);
}

bool pf_expand_text(const struct pf_expander *x, struct mp_arena *arena, struct pf_text in,
	struct pf_text *out, const char **why)
{
	struct pf_text_builder b;
	bool overflow;

	if (mp_slice_chr(mp_slice(in.s, in.n), '$') == MP_NOT_FOUND) {
		*out = in;
		return true;
	}
	pf_text_begin(&b, MP_LIMIT_VALUE);
	if (in.n > 0) {
		pf_text_add(&b, mp_slice("", 0), pf_text_loc(in, 0, in.n));
	}
	struct expansion e = {.x = x, .arena = arena, .out = &b};
	bool ok = expand_range(&e, in, 0, in.n);
	*out = pf_text_end(&b, arena, &overflow);
	if (ok && overflow) {
		ok = fail(&e, "the value is too long");
	}
	if (!ok) {
		*why = e.why;
	}
	return ok;
}
