/*
 * check_stray - text of the .mc that goes into the .cf as it is.
 *
 * Whatever m4 does not take for a macro is text, and text outside of the LOCAL_ sections goes to
 * the top of the .cf (reference 1.2, 1.3). Lines of the .cf may be meant there; words are not.
 */
#include "sendmail/mc/check.h"
#include "sendmail/mc/names.h"
#include "sendmail/mc/proto.h"

#include "base/ascii.h"
#include "input/disk.h"

bool sm_check_library_has(const struct sm_build *b, struct mp_slice word)
{
	struct mp_slice text;

	if (b->mc->library == NULL) {
		return false;
	}
	const char *path = mp_arena_printf(b->arena, "%sm4/proto.m4", b->mc->library->directory);
	size_t at = 0;
	struct mp_slice found = {NULL, 0};
	if (mp_disk_read(b->arena, path, &text, NULL) != MP_READ_OK) {
		return false;
	}
	do {
		found = sm_word_next(text, &at);
	} while (found.n > 0 && !mp_slice_eq(found, word));
	return found.n > 0;
}

/* The word that a known macro would be if it were written in capitals, or without what sticks to
 * it. */
static const char *meant(struct sm_build *b, struct mp_slice word)
{
	char *upper = mp_arena_slicedup(b->arena, word);
	size_t count;
	const struct sm_name *names = sm_names(&count);

	for (char *p = upper; *p != '\0'; p++) {
		*p = mp_is_alpha(*p) ? (char)(*p & ~0x20) : *p;
	}
	for (size_t i = 0; i < count; i++) {
		bool same = mp_slice_ieq_str(word, names[i].name);
		if (same && !mp_slice_eq_str(word, names[i].name)) {
			return names[i].name;
		}
	}
	return NULL;
}

/* A word with "(" that is no macro, on a stray line. */
static bool unknown_macro(struct sm_build *b, const struct sm_own *own, const struct sm_lex_call *c,
	struct mp_loc line)
{
	struct mp_slice word = sm_lex_text(own->lex, c->name);
	struct mp_loc loc = mp_loc(own->source, c->name.start, c->name.end);

	if (c->known || c->open == 0 || c->outer != 0 || c->name.start < line.start ||
		c->name.start > line.end) {
		return false;
	}
	struct mp_slice args = mp_slice_sub(own->source->text, c->open + 1, line.end);
	const char *near = meant(b, word);
	if (mp_slice_starts(word, "dnl")) {
		mp_finding_add(b->findings, MP_ERROR, "mc/dnl-joined", loc,
			"Write a blank behind dnl.",
			"\"%.*s\" is one word, not dnl: the line is no comment, and its text goes "
			"into the .cf",
			MP_SLICE_ARG(word));
		return true;
	}
	if (near == NULL && !mp_slice_starts(args, "`") && !mp_slice_starts(args, "'")) {
		return false;
	}
	mp_finding_add(b->findings, MP_ERROR, "mc/unknown-macro", loc,
		near != NULL ? mp_arena_printf(b->arena, "Write %s.", near)
			     : "Correct the name, or remove the line.",
		"%.*s is no macro: nothing is set, and the text goes into the .cf",
		MP_SLICE_ARG(word));
	return true;
}

/* Whether something on the line is told of already. */
static bool told(struct sm_build *b, const struct sm_own *own, struct mp_loc line)
{
	bool any = false;

	for (uint32_t i = 0; i < own->lex->call_count; i++) {
		const struct sm_lex_call *c = &own->lex->calls[i];
		if (c->name.start >= line.start && c->name.start <= line.end) {
			any |= unknown_macro(b, own, c, line) || c->gap;
		}
	}
	return any;
}

static const struct sm_own *own_of(const struct sm_build *b, struct mp_loc loc)
{
	for (size_t i = 0; i < b->own.n; i++) {
		if (b->own.v[i]->source == loc.source) {
			return b->own.v[i];
		}
	}
	return NULL;
}

/* "Sname", "R...<tab>...". */
static bool is_rule(struct mp_slice text)
{
	if (text.n < 2) {
		return false;
	}
	return (text.p[0] == 'R' && mp_slice_chr(text, '\t') != MP_NOT_FOUND && text.p[1] != ' ') ||
		(text.p[0] == 'S' && mp_is_alnum(text.p[1]) &&
			mp_slice_chr(text, ' ') == MP_NOT_FOUND);
}

void sm_check_stray(struct sm_build *b)
{
	bool rules = false;

	for (size_t i = 0; i < b->stray.n; i++) {
		struct mp_loc loc = b->stray.v[i];
		struct mp_slice text = mp_loc_text(loc);
		const struct sm_own *own = own_of(b, loc);
		if (own == NULL || own->built_in || told(b, own, loc) || text.n == 0) {
			continue;
		}
		if (is_rule(text)) {
			if (!rules) {
				mp_finding_add(b->findings, MP_ERROR, "mc/rules-without-section",
					loc,
					"Write LOCAL_RULESETS (or LOCAL_RULE_n) before the rules.",
					"rules outside of a LOCAL_ section go to the top of the "
					".cf, before the options and all other rules");
			}
			rules = true;
		} else if (strchr("CDEFHKLMOPQRSTVXA \t", text.p[0]) == NULL) {
			mp_finding_add(b->findings, MP_ERROR, "mc/stray-text", loc,
				"Begin the line with dnl if it is a comment, or remove it.",
				"this text goes into the .cf as it is: the daemon does not start "
				"(unknown configuration line)");
		}
	}
}
