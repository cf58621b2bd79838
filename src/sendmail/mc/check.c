/*
 * check - how the .mc is written: what m4 takes without a word and does otherwise than was meant.
 */
#include "sendmail/mc/check.h"
#include "sendmail/mc/build.h"
#include "sendmail/mc/names.h"

#include "base/ascii.h"

static bool is(const struct sm_lex *lex, const struct sm_lex_call *c, const char *name)
{
	return mp_slice_eq_str(sm_lex_text(lex, c->name), name);
}

static struct mp_loc arg_loc(const struct sm_lex *lex, const struct sm_lex_call *c, uint32_t i)
{
	return mp_loc(lex->source, c->args[i].start, c->args[i].end);
}

/* A quote at the beginning or end of an argument that m4 does not know for one. */
static enum { QUOTE_NONE, QUOTE_STRAIGHT, QUOTE_TYPOGRAPHIC } bad_quote(struct mp_slice raw)
{
	static const char *const typographic[] = {
		"\xe2\x80\x98", "\xe2\x80\x99", "\xe2\x80\x9c", "\xe2\x80\x9d", "\x91", "\x92"};

	raw = mp_slice_trim(raw);
	for (size_t i = 0; i < sizeof typographic / sizeof *typographic; i++) {
		if (mp_slice_starts(raw, typographic[i]) || mp_slice_ends(raw, typographic[i])) {
			return QUOTE_TYPOGRAPHIC;
		}
	}
	return mp_slice_starts(raw, "'") ? QUOTE_STRAIGHT : QUOTE_NONE;
}

static bool opens_file(const struct sm_lex *lex, const struct sm_lex_call *c)
{
	return is(lex, c, "FEATURE") || is(lex, c, "OSTYPE") || is(lex, c, "DOMAIN") ||
		is(lex, c, "MAILER") || is(lex, c, "HACK");
}

/* Quotes of the wrong kind around an argument: nothing is quoted. */
static bool check_quotes(struct sm_build *b, const struct sm_lex *lex, const struct sm_lex_call *c)
{
	for (uint32_t i = 0; i < c->arg_count; i++) {
		int kind = bad_quote(sm_lex_text(lex, c->args[i]));
		if (kind == QUOTE_NONE) {
			continue;
		}
		struct mp_slice name = sm_lex_text(lex, c->name);
		bool straight = kind == QUOTE_STRAIGHT;
		mp_finding_add(b->findings, MP_ERROR,
			straight ? "mc/straight-quotes" : "mc/typographic-quotes",
			arg_loc(lex, c, i),
			"Write `...' around it: a backtick before, an apostrophe behind.",
			"%s are no quotes in m4: %.*s takes them as part of the text, and %s",
			straight ? "two apostrophes" : "typographic quotes", MP_SLICE_ARG(name),
			opens_file(lex, c) ? "no file of that name is found"
				: i == 0   ? "what was meant stays unset"
					   : "they end up in the value");
		return true;
	}
	return false;
}

/* The call that m4 told of for a written one, or NULL. */
static const struct sm_call *told(
	const struct sm_build *b, const struct sm_lex *lex, const struct sm_lex_call *c)
{
	for (size_t i = 0; i < b->calls.n; i++) {
		const struct sm_call *call = &b->calls.v[i];
		if (call->depth == 0 && call->loc.source == lex->source &&
			call->loc.start == c->name.start) {
			return call;
		}
	}
	return NULL;
}

static void check_define_name(
	struct sm_build *b, const struct sm_lex *lex, const struct sm_lex_call *c)
{
	bool quoted;
	struct mp_slice name = sm_lex_unquote(sm_lex_text(lex, c->args[0]), &quoted);
	const struct sm_call *call = told(b, lex, c);

	if (quoted || call == NULL || call->argc == 0 || mp_slice_eq_str(name, call->argv[0]) ||
		!mp_slice_starts(name, "conf")) {
		return;
	}
	mp_finding_add(b->findings, MP_WARNING, "mc/define-unquoted", arg_loc(lex, c, 0),
		mp_arena_printf(b->arena, "Write define(`%.*s', ...).", MP_SLICE_ARG(name)),
		"%.*s has a value already, and without quotes that value is what gets defined: "
		"%.*s stays as it was",
		MP_SLICE_ARG(name), MP_SLICE_ARG(name));
}

/* How often a word stands in the own files. */
static size_t occurrences(const struct sm_build *b, const char *word)
{
	size_t count = 0;

	for (size_t i = 0; i < b->own.n; i++) {
		struct mp_slice rest = b->own.v[i]->source->text;
		size_t at;
		while ((at = mp_slice_find(rest, word)) != MP_NOT_FOUND) {
			count++;
			rest = mp_slice_from(rest, at + strlen(word));
		}
	}
	return count;
}

static void check_conf(struct sm_build *b, const struct sm_lex *lex, const struct sm_lex_call *c)
{
	bool quoted;
	struct mp_slice name = sm_lex_unquote(sm_lex_text(lex, c->args[0]), &quoted);
	const char *text = mp_arena_slicedup(b->arena, name);

	if (!mp_slice_starts(name, "conf") || name.n < 6 || !mp_is_upper(name.p[4]) ||
		sm_name_is_conf(name) || sm_check_library_has(b, name) ||
		occurrences(b, text) > 1) {
		return;
	}
	const char *near = sm_name_near_conf(name);
	mp_finding_add(b->findings, MP_WARNING, "mc/conf-unknown", arg_loc(lex, c, 0),
		near != NULL ? mp_arena_printf(b->arena, "Did you mean %s?", near)
			     : "Correct the name; the variables are listed in cf/README.",
		"nothing looks at %s: the line has no effect", text);
}

/* Arguments that are dropped without a word. */
static void check_arguments(
	struct sm_build *b, const struct sm_lex *lex, const struct sm_lex_call *c)
{
	const struct sm_name *name = sm_name(sm_lex_text(lex, c->name));
	uint32_t most = is(lex, c, "define") ? 2 : name != NULL ? name->args : 0;
	bool quoted;

	if (most == 0 || c->arg_count <= most) {
		return;
	}
	struct mp_slice first = sm_lex_unquote(sm_lex_text(lex, c->args[most]), &quoted);
	if (first.n == 0 || mp_slice_eq_str(first, "dnl")) {
		return;
	}
	bool daemon = is(lex, c, "DAEMON_OPTIONS");
	mp_finding_add(b->findings, daemon ? MP_ERROR : MP_WARNING, "mc/argument-dropped",
		mp_loc(lex->source, c->args[most].start, c->args[c->arg_count - 1].end),
		most == 1 && !daemon
			? "Put all of it into one pair of quotes, items separated by blanks: "
			  "`a b'."
			: "Put all of it into one pair of quotes: `a,b'.",
		"the comma ends the argument, and %.*s does not look at what follows: \"%.*s\" is "
		"dropped%s",
		MP_SLICE_ARG(name->kind == SM_NAME_BUILTIN ? mp_slice_str("define")
							   : mp_slice_str(name->name)),
		(int)(c->args[c->arg_count - 1].end - c->args[most].start > 200
				? 200
				: c->args[c->arg_count - 1].end - c->args[most].start),
		lex->source->text.p + c->args[most].start,
		daemon ? "; without Addr the daemon listens on all addresses" : "");
}

/* A name of a host in which m4 finds a macro of its own: relay.dnl.example. */
static void check_words(struct sm_build *b, const struct sm_lex *lex, const struct sm_lex_call *c)
{
	static const char *const words[] = {"dnl", "divert", "undivert", "divnum"};

	for (uint32_t i = 0; i < c->arg_count; i++) {
		struct mp_slice text = sm_lex_text(lex, c->args[i]);
		for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
			size_t n = strlen(words[k]);
			size_t at = mp_slice_find(text, words[k]);
			if (at == MP_NOT_FOUND || at + n >= text.n || at == 0) {
				continue;
			}
			char before = text.p[at - 1], behind = text.p[at + n];
			bool part = (before == '.' || before == '-' || before == '@') &&
				!mp_is_alnum(behind) && behind != '_';
			bool begins = (behind == '.' || behind == '-') &&
				mp_is_alnum(text.p[at + n + 1 < text.n ? at + n + 1 : at]) &&
				!mp_is_alnum(before) && before != '_';
			if (part || begins) {
				mp_finding_add(b->findings, MP_WARNING, "mc/word-bites",
					mp_loc(lex->source, c->args[i].start + (uint32_t)at,
						c->args[i].start + (uint32_t)(at + n)),
					"Put the word into another pair of quotes: ``dnl''.",
					"\"%s\" is a macro of m4, in the middle of a name too: the "
					"text is cut or changed here",
					words[k]);
				return;
			}
		}
	}
}

/* Replies that are put into rules: they need quotes and a code (reference 1.6). */
static void check_message(struct sm_build *b, const struct sm_lex *lex, const struct sm_lex_call *c)
{
	bool quoted;
	struct mp_slice name = sm_lex_unquote(sm_lex_text(lex, c->args[0]), &quoted);

	if (c->arg_count < 2 ||
		(!mp_slice_eq_str(name, "confRELAY_MSG") &&
			!mp_slice_eq_str(name, "confREJECT_MSG") &&
			!mp_slice_eq_str(name, "confRCPTREJ_MSG"))) {
		return;
	}
	struct mp_slice value = sm_lex_unquote(sm_lex_text(lex, c->args[1]), &quoted);
	bool inner = mp_slice_starts(value, "\"") && mp_slice_ends(value, "\"") && value.n > 1;
	struct mp_slice text = inner ? mp_slice_sub(value, 1, value.n - 1) : value;
	bool code = text.n > 3 && mp_is_digit(text.p[0]) && mp_is_digit(text.p[1]) &&
		mp_is_digit(text.p[2]) && text.p[3] == ' ';
	if (inner && code && mp_slice_chr(text, '#') == MP_NOT_FOUND) {
		return;
	}
	mp_finding_add(b->findings, MP_WARNING, "mc/reply-text", arg_loc(lex, c, 1),
		mp_arena_printf(
			b->arena, "Write define(`%.*s', `\"550 text\"').", MP_SLICE_ARG(name)),
		"%s",
		!inner ? "without double quotes inside, the text is taken apart into words: "
			 "blanks around commas and dots change"
			: !code ? "the text does not begin with a reply code: the reply is 553 "
				  "5.3.0"
				: "a \"#\" in the text begins a comment of the .cf: the reply is "
				  "cut off there");
}

/* A name that m4 calls without the arguments that follow it. */
static void check_gap(struct sm_build *b, const struct sm_lex *lex, const struct sm_lex_call *c)
{
	struct mp_slice name = sm_lex_text(lex, c->name);
	const struct sm_name *n = sm_name(name);
	struct mp_loc loc = mp_loc(lex->source, c->name.start, c->name.end);

	if (c->gap && n != NULL && (n->kind == SM_NAME_BUILTIN || n->kind == SM_NAME_MACRO)) {
		mp_finding_add(b->findings, MP_ERROR, "mc/blank-before-parenthesis", loc,
			mp_arena_printf(
				b->arena, "Write %.*s( without a blank.", MP_SLICE_ARG(name)),
			"a blank stands between %.*s and \"(\": m4 does not see the arguments, and "
			"the line does nothing",
			MP_SLICE_ARG(name));
	} else if (c->known && c->open == 0 && n != NULL && n->kind == SM_NAME_MACRO &&
		!mp_str_eq(n->name, "VERSIONID") && (n->args > 0 || opens_file(lex, c))) {
		mp_finding_add(b->findings, opens_file(lex, c) ? MP_ERROR : MP_WARNING,
			"mc/without-arguments", loc,
			"In a comment, begin the line with dnl; otherwise write the arguments "
			"right "
			"behind the name.",
			"%.*s stands here as a word, but m4 calls it all the same, without "
			"arguments%s",
			MP_SLICE_ARG(name), opens_file(lex, c) ? ": m4 fails" : "");
	}
}

static void check_hash(struct sm_build *b, const struct sm_lex *lex, const struct sm_lex_call *c)
{
	struct mp_slice name = sm_lex_text(lex, c->name);
	const struct sm_name *n = sm_name(name);
	bool acts = n != NULL && n->kind != SM_NAME_NONE &&
		(n->stub != NULL || mp_slice_ends(name, "define") ||
			mp_slice_ends(name, "include") || mp_slice_eq_str(name, "divert")) &&
		!mp_slice_eq_str(name, "VERSIONID");

	if (c->hashed && c->known && acts && c->outer == 0 &&
		(c->open != 0 || n->kind == SM_NAME_SECTION)) {
		mp_finding_add(b->findings, MP_WARNING, "mc/comment-active", sm_lex_loc(lex, c),
			"Write dnl in place of the \"#\" if the line is not to count.",
			"\"#\" is no comment for m4 here: this %.*s is in force",
			MP_SLICE_ARG(name));
	}
}

static void check_call(struct sm_build *b, const struct sm_lex *lex, const struct sm_lex_call *c)
{
	check_gap(b, lex, c);
	check_hash(b, lex, c);
	if (!c->known || c->arg_count == 0 || !c->closed) {
		return;
	}
	const struct sm_name *n = sm_name(sm_lex_text(lex, c->name));
	bool defines = is(lex, c, "define");
	if (n == NULL || (!defines && n->kind != SM_NAME_MACRO)) {
		return;
	}
	if (check_quotes(b, lex, c)) {
		return;
	}
	check_arguments(b, lex, c);
	check_words(b, lex, c);
	if (defines) {
		check_define_name(b, lex, c);
		check_conf(b, lex, c);
		check_message(b, lex, c);
	}
}

void sm_check_written(struct sm_build *b)
{
	for (size_t i = 0; i < b->own.n; i++) {
		const struct sm_lex *lex = b->own.v[i]->lex;
		for (uint32_t k = 0; k < lex->call_count && !b->own.v[i]->built_in; k++) {
			check_call(b, lex, &lex->calls[k]);
		}
	}
	sm_check_order(b);
	sm_check_stray(b);
}
