/*
 * differ - in which settings two .cf differ.
 *
 * Both files are cut into logical lines once more, and each line goes to the setting that it is
 * about. Of a setting only that is told which one of the files lacks. Values keep their references
 * to macros: what these stand for is a setting of its own.
 */
#include "sendmail/cf/differ.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "sendmail/cf/read.h"

enum side { LEFT, RIGHT, SIDES };

/* In the order in which they are told. */
enum kind {
	OPTION,
	CLASS,
	MACRO,
	MAP,
	RULESET,
	MAILER,
	FILTER,
	HEADER,
	OTHER, /* the version line, precedences, queue groups */
	STRAY, /* lines that sendmail does not take */
	KINDS
};

struct item {
	const char *text; /* as it is shown */
	const char *same; /* what is compared */
	struct mp_loc loc;
};

struct items {
	MP_VEC(struct item) v;
};

/* All that is said of one setting. */
struct setting {
	enum kind kind;
	const char *what;
	struct items side[SIDES];
};

/* A logical line of either file, without what stands in no order. */
struct differ {
	struct mp_arena *arena;
	struct mp_map by_what; /* -> struct setting */
	struct items lines[SIDES]; /* all but classes, in order */
	MP_VEC(struct sm_difference) found;
};

/* One file that is being cut. */
struct cutter {
	struct differ *d;
	enum side side;
	const struct sm_cf *cf; /* as it was read */
	struct sm_cf own; /* for the lines: names, and findings that nobody sees */
	size_t options; /* of cf that were passed */
	const char *ruleset; /* that the rules are of; NULL: none */
};

/* ---- lines ------------------------------------------------------------------------------------
 */

static void put(struct cutter *c, enum kind kind, const char *what, struct item item)
{
	struct differ *d = c->d;
	struct setting *s = mp_map_get_str(&d->by_what, what);

	if (s == NULL) {
		s = MP_ARENA_NEW(d->arena, struct setting);
		s->kind = kind;
		s->what = what;
		mp_map_put(&d->by_what, mp_slice_str(what), s);
	}
	mp_vec_push(&s->side[c->side].v, item);
	if (kind != CLASS) {
		mp_vec_push(&d->lines[c->side].v, item);
	}
}

/* Runs of blanks as one, none at the ends: where a line is broken does not matter. */
static const char *single_spaced(struct mp_arena *arena, struct mp_slice s)
{
	char *out = mp_arena_alloc(arena, s.n + 1);
	size_t n = 0;

	s = mp_slice_trim(s);
	for (size_t i = 0; i < s.n; i++) {
		bool blank = mp_is_space(s.p[i]);

		if (!blank || !mp_is_space(s.p[i - 1])) {
			out[n++] = blank ? ' ' : s.p[i];
		}
	}
	return out;
}

static const char *titled(struct cutter *c, const char *title, struct mp_slice name)
{
	return mp_arena_printf(c->d->arena, "%s %.*s", title, MP_SLICE_ARG(name));
}

/* The bytes behind the first `from` units of the line. */
static struct mp_slice behind(struct cutter *c, const struct sm_line *line, size_t from)
{
	struct sm_text rest = {line->text.p + from, line->text.n - from};

	return mp_slice_str(sm_text_bytes(rest, c->own.names, c->d->arena));
}

static struct item item_of(const char *text, struct mp_loc loc)
{
	return (struct item){text, text, loc};
}

static void put_stray(struct cutter *c, const struct sm_line *line)
{
	const char *text = single_spaced(c->d->arena, behind(c, line, 0));

	put(c, STRAY, "a line that sendmail does not take", item_of(text, line->loc));
}

/* The reader knows the long name; the value is as it was written. */
static void cut_option(struct cutter *c, const struct sm_line *line)
{
	const struct sm_cf *cf = c->cf;

	while (c->options < cf->options.n &&
		cf->options.v[c->options].loc.start < line->loc.start) {
		c->options++;
	}
	if (c->options == cf->options.n || !mp_loc_same(cf->options.v[c->options].loc, line->loc)) {
		put_stray(c, line);
		return;
	}

	const struct sm_option *o = &cf->options.v[c->options];

	put(c, OPTION, titled(c, "option", mp_slice_str(o->name)), item_of(o->value, line->loc));
}

/* The name of a macro or class as it is written, or NULL: the line has none. */
static const char *name_of(struct cutter *c, const struct sm_line *line, size_t *at)
{
	unsigned id;

	*at = 1;
	id = sm_line_name(&c->own, line->text, at, line->loc);
	return id != 0 ? sm_names_text(c->own.names, id) : NULL;
}

/* Words stand for themselves, whatever their order and case. */
static void put_words(
	struct cutter *c, const char *what, struct mp_slice words, const struct sm_line *line)
{
	struct mp_slice word;

	while (sm_class_next_word(&words, &word)) {
		struct item item = {mp_arena_slicedup(c->d->arena, word),
			mp_arena_lower(c->d->arena, word), line->loc};

		put(c, CLASS, what, item);
	}
}

static void cut_class(struct cutter *c, const struct sm_line *line)
{
	size_t at;
	const char *name = name_of(c, line, &at);

	if (name == NULL) {
		put_stray(c, line);
		return;
	}

	const char *what = titled(c, "class", mp_slice_str(name));

	if (line->text.p[0] == 'C') {
		put_words(c, what, behind(c, line, at), line);
		return;
	}

	const char *text = mp_arena_printf(
		c->d->arena, "the file %s", single_spaced(c->d->arena, behind(c, line, at)));

	put(c, CLASS, what, item_of(text, line->loc));
}

static void cut_macro(struct cutter *c, const struct sm_line *line)
{
	size_t at;
	const char *name = name_of(c, line, &at);

	if (name == NULL) {
		put_stray(c, line);
		return;
	}
	/* Of the library's version nobody would know that it is $Z. */
	put(c, MACRO,
		mp_str_eq(name, "Z") ? "the version of the cf library (macro Z)"
				     : titled(c, "macro", mp_slice_str(name)),
		item_of(behind(c, line, at).p, line->loc));
}

/* "name text" of K, M, X, P and Q lines. */
static void cut_named(
	struct cutter *c, const struct sm_line *line, enum kind kind, const char *title)
{
	struct mp_slice s = mp_slice_trim(behind(c, line, 1));
	size_t n = 0;

	while (n < s.n && s.p[n] != ',' && s.p[n] != '=' && !mp_is_space(s.p[n])) {
		n++;
	}
	put(c, kind, titled(c, title, mp_slice_sub(s, 0, n)),
		item_of(single_spaced(c->d->arena, s), line->loc));
}

/* "H?flags?Name: text". */
static void cut_header(struct cutter *c, const struct sm_line *line)
{
	struct mp_slice s = mp_slice_trim(behind(c, line, 1)), name = s;

	if (mp_slice_starts(name, "?")) {
		size_t end = mp_slice_chr(mp_slice_from(name, 1), '?');

		name = end == MP_NOT_FOUND ? name : mp_slice_from(name, end + 2);
	}
	name = mp_slice_trim(mp_slice_sub(name, 0, mp_slice_chr(name, ':')));
	put(c, HEADER, titled(c, "header", name),
		item_of(single_spaced(c->d->arena, s), line->loc));
}

static void cut_ruleset(struct cutter *c, const struct sm_line *line)
{
	struct mp_slice s = mp_slice_trim(behind(c, line, 1));
	size_t n = 0;

	while (n < s.n && (mp_is_alnum(s.p[n]) || s.p[n] == '_')) {
		n++;
	}

	const struct sm_ruleset *r =
		sm_cf_ruleset(c->cf, mp_arena_slicedup(c->d->arena, mp_slice_sub(s, 0, n)));

	c->ruleset = r != NULL ? titled(c, "ruleset", mp_slice_str(r->name)) : NULL;
	if (r == NULL) {
		put_stray(c, line);
	}
}

/* A rule without its comment: the sides are parted by tabs, and end at one. */
static void cut_rule(struct cutter *c, const struct sm_line *line)
{
	struct mp_slice s = behind(c, line, 1);
	size_t tab = mp_slice_chr(s, '\t'), right = tab;

	if (c->ruleset == NULL || tab == MP_NOT_FOUND) {
		put_stray(c, line);
		return;
	}
	while (right < s.n && s.p[right] == '\t') {
		right++;
	}

	struct mp_slice rhs = mp_slice_from(s, right);

	rhs = mp_slice_sub(rhs, 0, mp_slice_chr(rhs, '\t'));
	put(c, RULESET, c->ruleset,
		item_of(mp_arena_printf(c->d->arena, "%s -> %s",
				single_spaced(c->d->arena, mp_slice_sub(s, 0, tab)),
				single_spaced(c->d->arena, rhs)),
			line->loc));
}

static void cut_line(struct cutter *c, const struct sm_line *line)
{
	switch (line->text.n > 0 ? line->text.p[0] : '#') {
	case '#':
		break;
	case 'O':
		cut_option(c, line);
		break;
	case 'C':
	case 'F':
		cut_class(c, line);
		break;
	case 'T':
		put_words(c, "class t (trusted users)", behind(c, line, 1), line);
		break;
	case 'D':
		cut_macro(c, line);
		break;
	case 'K':
		cut_named(c, line, MAP, "map");
		break;
	case 'S':
		cut_ruleset(c, line);
		break;
	case 'R':
		cut_rule(c, line);
		break;
	case 'M':
		cut_named(c, line, MAILER, "mailer");
		break;
	case 'X':
		cut_named(c, line, FILTER, "mail filter");
		break;
	case 'H':
		cut_header(c, line);
		break;
	case 'P':
		cut_named(c, line, OTHER, "precedence");
		break;
	case 'Q':
		cut_named(c, line, OTHER, "queue group");
		break;
	case 'E':
		cut_named(c, line, OTHER, "environment");
		break;
	case 'V':
		put(c, OTHER, "the version line",
			item_of(single_spaced(c->d->arena, behind(c, line, 1)), line->loc));
		break;
	default:
		put_stray(c, line);
	}
}

static void cut(struct differ *d, enum side side, const struct sm_cf *cf)
{
	struct mp_findings unseen;
	struct cutter c = {.d = d, .side = side, .cf = cf};
	struct sm_line line;
	uint32_t at = 0;

	mp_findings_init(&unseen, d->arena);
	c.own.arena = d->arena;
	c.own.source = cf->source;
	c.own.findings = &unseen;
	c.own.names = sm_names_new(d->arena);
	while (sm_line_next(&c.own, &at, &line)) {
		cut_line(&c, &line);
	}
	sm_names_release(c.own.names);
	mp_vec_release(&c.own.refusals);
	mp_findings_release(&unseen);
}

/* ---- differences ------------------------------------------------------------------------------
 */

/* What one side has of a setting and the other has not, in order; each item as often as it is
 * missing. */
static struct items only_in(struct differ *d, const struct items *mine, const struct items *others)
{
	struct mp_map counts = {0};
	struct items out = {0};

	for (size_t i = 0; i < others->v.n; i++) {
		struct mp_slice key = mp_slice_str(others->v.v[i].same);
		size_t *count = mp_map_get(&counts, key);

		if (count == NULL) {
			count = MP_ARENA_NEW(d->arena, size_t);
			mp_map_put(&counts, key, count);
		}
		++*count;
	}
	for (size_t i = 0; i < mine->v.n; i++) {
		size_t *count = mp_map_get_str(&counts, mine->v.v[i].same);

		if (count != NULL && *count > 0) {
			--*count;
		} else {
			mp_vec_push(&out.v, mine->v.v[i]);
		}
	}
	mp_map_release(&counts);
	return out;
}

static void add(
	struct differ *d, const char *what, const struct item *left, const struct item *right)
{
	struct sm_difference difference = {.what = what};

	if (left != NULL) {
		difference.left = left->text;
		difference.left_loc = left->loc;
	}
	if (right != NULL) {
		difference.right = right->text;
		difference.right_loc = right->loc;
	}
	mp_vec_push(&d->found, difference);
}

/* The words of a class as one text, at the first one's place; some are enough. */
static const struct item *joined(struct differ *d, const struct items *words)
{
	enum { SHOWN = 8, LENGTH = 400 };
	struct item *out = MP_ARENA_NEW(d->arena, struct item);
	struct mp_buf b;

	if (words->v.n == 0) {
		return NULL;
	}
	mp_buf_init(&b, LENGTH);
	for (size_t i = 0; i < words->v.n && i < SHOWN; i++) {
		mp_buf_printf(&b, "%s%s", i > 0 ? " " : "", words->v.v[i].text);
	}
	*out = item_of(mp_arena_printf(d->arena, "%s%s", b.p,
			       b.overflow || words->v.n > SHOWN ? " ..." : ""),
		words->v.v[0].loc);
	mp_buf_release(&b);
	return out;
}

/* Where two lists of the same items part; they have the same length. */
static void add_order(
	struct differ *d, const char *what, const struct items *left, const struct items *right)
{
	for (size_t i = 0; i < left->v.n && i < right->v.n; i++) {
		if (!mp_str_eq(left->v.v[i].same, right->v.v[i].same)) {
			add(d, what, &left->v.v[i], &right->v.v[i]);
			return;
		}
	}
}

static void tell(struct differ *d, const struct setting *s)
{
	const struct items *left = &s->side[LEFT], *right = &s->side[RIGHT];
	struct items l = only_in(d, left, right), r = only_in(d, right, left);
	size_t most = l.v.n > r.v.n ? l.v.n : r.v.n;

	if (s->kind == CLASS && most > 0) {
		add(d, s->what, joined(d, &l), joined(d, &r));
	} else if (s->kind != CLASS && most == 0) {
		add_order(d, mp_arena_printf(d->arena, "the order in %s", s->what), left, right);
	}
	for (size_t i = 0; i < most && s->kind != CLASS; i++) {
		add(d, s->what, i < l.v.n ? &l.v.v[i] : NULL, i < r.v.n ? &r.v.v[i] : NULL);
	}
	mp_vec_release(&l.v);
	mp_vec_release(&r.v);
}

static void release(struct differ *d)
{
	for (size_t i = 0; i < d->by_what.n; i++) {
		struct setting *s = d->by_what.entries[i].value;

		mp_vec_release(&s->side[LEFT].v);
		mp_vec_release(&s->side[RIGHT].v);
	}
	mp_map_release(&d->by_what);
	mp_vec_release(&d->lines[LEFT].v);
	mp_vec_release(&d->lines[RIGHT].v);
	mp_vec_release(&d->found);
}

struct sm_differences sm_cf_differ(
	const struct sm_cf *left, const struct sm_cf *right, struct mp_arena *arena)
{
	struct differ d = {.arena = arena};
	struct sm_differences out = {NULL, 0};

	cut(&d, LEFT, left);
	cut(&d, RIGHT, right);
	for (int kind = 0; kind < KINDS; kind++) {
		for (size_t i = 0; i < d.by_what.n; i++) {
			const struct setting *s = d.by_what.entries[i].value;

			if ((int)s->kind == kind) {
				tell(&d, s);
			}
		}
	}
	/* A macro counts for what stands behind it: the same lines may mean something else. */
	if (d.found.n == 0) {
		add_order(&d, "the order of the lines", &d.lines[LEFT], &d.lines[RIGHT]);
	}
	if (d.found.n > 0) {
		out.v = (const struct sm_difference *)mp_arena_memdup(
			arena, (const char *)d.found.v, d.found.n * sizeof *d.found.v);
		out.n = d.found.n;
	}
	release(&d);
	return out;
}
