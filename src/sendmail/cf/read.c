/*
 * read - the lines of a .cf, one by one (reference 4.3).
 *
 * Order matters: a macro is frozen into the rules that stand behind its definition, a class copied
 * as it is at that moment, the operator characters are those of before the first rule.
 */
#include "sendmail/cf/read.h"

#include "base/ascii.h"

#include <stdio.h>

void sm_cf_refuse(struct sm_cf *cf, struct mp_loc loc, const char *rule, const char *fix,
	const char *fmt, ...)
{
	va_list ap;
	struct sm_refusal refusal = {.loc = loc};

	va_start(ap, fmt);
	refusal.text = mp_arena_vprintf(cf->arena, fmt, ap);
	va_end(ap);
	mp_vec_push(&cf->refusals, refusal);
	mp_finding_add(cf->findings, MP_ERROR, rule, loc, fix, "sendmail does not start: %s",
		refusal.text);
}

struct sm_class *sm_cf_class_new(struct sm_cf *cf, unsigned id)
{
	while (cf->classes.n <= id) {
		mp_vec_push(&cf->classes, NULL);
	}
	if (cf->classes.v[id] == NULL) {
		cf->classes.v[id] = MP_ARENA_NEW(cf->arena, struct sm_class);
	}
	return cf->classes.v[id];
}

void sm_cf_chars(struct sm_cf *cf)
{
	if (!cf->chars_made) {
		sm_chars_init(&cf->chars, cf->operators);
		cf->chars_made = true;
	}
}

static struct sm_text rest(const struct sm_line *line, size_t from)
{
	return (struct sm_text){line->text.p + from, line->text.n - from};
}

struct sm_text sm_cf_expand(struct sm_cf *cf, struct sm_text text, struct mp_loc loc)
{
	/* sendmail's MAXLINE, with the NUL; a symbol, and the name behind it, takes one each. */
	enum { LINE = 2048 };
	struct sm_text full = sm_expand(text, &cf->macros, cf->arena);

	if (full.n >= LINE) {
		full.n = LINE - 1;
		mp_finding_add(cf->findings, MP_WARNING, "cf/line-long", loc,
			"write several shorter lines",
			"the line is too long for sendmail, which takes its first %d characters: "
			"what stands behind them has no effect",
			LINE - 1);
	}
	return full;
}

/* The text behind the letter, macros expanded, as bytes. */
static struct mp_slice expanded(struct sm_cf *cf, const struct sm_line *line)
{
	struct sm_text t = sm_cf_expand(cf, rest(line, 1), line->loc);

	return mp_slice_str(sm_text_bytes(t, cf->names, cf->arena));
}

static void read_macro(struct sm_cf *cf, const struct sm_line *line)
{
	size_t at = 1;
	unsigned id = sm_line_name(cf, line->text, &at, line->loc);

	if (id != 0) {
		sm_macros_set(
			&cf->macros, id, sm_text_munched(rest(line, at), cf->arena), cf->arena);
	}
}

static void read_map(struct sm_cf *cf, const struct sm_line *line)
{
	const char *wrong = sm_maps_declare(cf->maps, expanded(cf, line), cf->blank, line->loc);

	if (wrong != NULL) {
		sm_cf_refuse(cf, line->loc, "cf/map",
			"write: K, name, class, then the class' own "
			"arguments",
			"%s", wrong);
	}
}

/* From level 5 on $w is the host name without its domain. */
static void read_version(struct sm_cf *cf, const struct sm_line *line)
{
	struct mp_slice s = mp_slice_trim(expanded(cf, line));
	unsigned w = sm_names_id(cf->names, mp_slice("w", 1));
	struct sm_text name = sm_macros_get(&cf->macros, w);

	if (s.n == 0 || !mp_is_digit(s.p[0])) {
		sm_cf_refuse(cf, line->loc, "cf/version-line", "write V10/Berkeley",
			"invalid argument to V line: \"%.*s\"",
			MP_SLICE_ARG(mp_slice_sub(s, 0, 20)));
		return;
	}
	cf->level = 0;
	for (size_t i = 0; i < s.n && mp_is_digit(s.p[i]) && cf->level < 1000; i++) {
		cf->level = cf->level * 10 + (s.p[i] - '0');
	}
	for (size_t i = 0; cf->level >= 5 && i < name.n; i++) {
		if (name.p[i] == '.') {
			name.n = i;
			sm_macros_set(&cf->macros, w, name, cf->arena);
		}
	}
}

/* "name, text" of M and X lines. */
static struct sm_mailer named(struct sm_cf *cf, const struct sm_line *line)
{
	struct mp_slice s = mp_slice_str(sm_text_bytes(rest(line, 1), cf->names, cf->arena));
	size_t n = 0;

	while (n < s.n && s.p[n] != ',' && !mp_is_space(s.p[n])) {
		n++;
	}

	struct mp_slice text = mp_slice_trim(mp_slice_from(s, n));

	if (mp_slice_starts(text, ",")) {
		text = mp_slice_trim(mp_slice_from(text, 1));
	}
	return (struct sm_mailer){mp_arena_slicedup(cf->arena, mp_slice(s.p, n)),
		mp_arena_slicedup(cf->arena, text), line->loc};
}

static void unknown_line(struct sm_cf *cf, const struct sm_line *line)
{
	struct mp_slice s = mp_slice_str(sm_text_bytes(line->text, cf->names, cf->arena));

	sm_cf_refuse(cf, line->loc, "cf/unknown-line",
		"remove it, or put # (in a .mc: dnl) before it",
		"unknown configuration line \"%.*s\"", MP_SLICE_ARG(mp_slice_sub(s, 0, 80)));
}

static void read_line(struct sm_cf *cf, const struct sm_line *line, struct sm_ruleset **current)
{
	switch (line->text.n > 0 ? line->text.p[0] : '#') {
	case '#':
		break;
	case 'R':
		sm_read_rule(cf, line, *current);
		break;
	case 'S':
		sm_read_ruleset(cf, line, current);
		break;
	case 'D':
		read_macro(cf, line);
		break;
	case 'C':
		sm_read_class(cf, line);
		break;
	case 'T':
		sm_read_trusted(cf, line);
		break;
	case 'F':
		sm_read_class_file(cf, line);
		break;
	case 'K':
		read_map(cf, line);
		break;
	case 'O':
		sm_read_option(cf, line);
		break;
	case 'M':
		mp_vec_push(&cf->mailers, named(cf, line));
		break;
	case 'X':
		mp_vec_push(&cf->filters, named(cf, line));
		break;
	case 'V':
		read_version(cf, line);
		break;
	case 'H':
	case 'P':
	case 'E':
	case 'Q':
		/* Headers, precedences, the environment, queue groups: no reply depends on them. */
		break;
	default:
		unknown_line(cf, line);
	}
}

/* What is defined before the first line. */
static void begin(struct sm_cf *cf, const struct mp_facts *facts)
{
	cf->names = sm_names_new(cf->arena);
	cf->maps = sm_maps_new(cf->arena, cf->input, cf->findings);
	cf->blank = ' ';
	sm_host_begin(cf, facts);
}

static const char *option_value(const struct sm_cf *cf, const char *name)
{
	const struct sm_option *o = sm_cf_option(cf, name);

	return o != NULL && o->value[0] != '\0' ? o->value : NULL;
}

static void open_maps(struct sm_cf *cf)
{
	const struct sm_option *cnames = sm_cf_option(cf, "DontExpandCnames");

	sm_maps_open(cf->maps,
		&(struct sm_map_options){.blank = cf->blank,
			.level = cf->level,
			.keep_cnames = cnames != NULL && sm_option_is_true(cnames),
			.domain = sm_cf_macro(cf, "m", cf->arena),
			.service_switch = option_value(cf, "ServiceSwitchFile"),
			.queue_directory = option_value(cf, "QueueDirectory")});
}

struct sm_cf *sm_cf_read(struct mp_arena *arena, struct mp_input *input,
	const struct mp_source *source, const struct mp_facts *facts, struct mp_findings *findings)
{
	struct sm_cf *cf = MP_ARENA_NEW(arena, struct sm_cf);
	struct sm_ruleset *current = NULL;
	struct sm_line line;
	uint32_t at = 0;

	cf->arena = arena;
	cf->input = input;
	cf->source = source;
	cf->findings = findings;
	begin(cf, facts);
	while (sm_line_next(cf, &at, &line)) {
		read_line(cf, &line, &current);
	}
	sm_cf_chars(cf);
	sm_host_end(cf, facts);
	open_maps(cf);
	return cf;
}

void sm_cf_free(struct sm_cf *cf)
{
	if (cf == NULL) {
		return;
	}
	for (size_t i = 0; i < cf->classes.n; i++) {
		if (cf->classes.v[i] != NULL) {
			sm_class_release(cf->classes.v[i]);
		}
	}
	for (size_t i = 0; i < cf->rulesets.n; i++) {
		mp_vec_release(&cf->rulesets.v[i]->rules);
	}
	sm_maps_free(cf->maps);
	sm_names_release(cf->names);
	mp_map_release(&cf->by_name);
	mp_vec_release(&cf->classes);
	mp_vec_release(&cf->rulesets);
	mp_vec_release(&cf->options);
	mp_vec_release(&cf->mailers);
	mp_vec_release(&cf->filters);
	mp_vec_release(&cf->refusals);
}

const struct sm_ruleset *sm_cf_ruleset(const struct sm_cf *cf, const char *name)
{
	return mp_map_get_str(&cf->by_name, name);
}

const struct sm_class *sm_cf_class(const struct sm_cf *cf, const char *name)
{
	unsigned id = sm_names_find(cf->names, name);

	return id != 0 && id < cf->classes.n ? cf->classes.v[id] : NULL;
}

const struct sm_option *sm_cf_option(const struct sm_cf *cf, const char *name)
{
	for (size_t i = cf->options.n; i > 0; i--) {
		if (mp_str_eq(cf->options.v[i - 1].name, name)) {
			return &cf->options.v[i - 1];
		}
	}
	return NULL;
}

const char *sm_cf_macro(const struct sm_cf *cf, const char *name, struct mp_arena *arena)
{
	struct sm_text value = sm_macros_get(&cf->macros, sm_names_find(cf->names, name));

	return sm_text_bytes(sm_expand(value, &cf->macros, arena), cf->names, arena);
}
