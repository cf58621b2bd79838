/*
 * complain - what m4 and the library say, and what the .mc tried, in words that help.
 *
 * m4 names the last line of the file, the library no line at all: the calls around them tell.
 */
#include "sendmail/mc/build.h"
#include "sendmail/mc/names.h"

#include "sendmail/mc/proto.h"

static struct mp_loc whole(const struct sm_build *b)
{
	return mp_loc(b->mc->source, 0, 0);
}

static struct mp_loc place(const struct sm_build *b, struct mp_loc loc)
{
	return loc.source != NULL ? loc : whole(b);
}

/* The own file in which a quote or a call is left open, the one that m4 was in first. */
static const struct sm_own *left_open(
	const struct sm_build *b, const struct sm_remark *r, bool quote)
{
	for (size_t i = 0; i <= b->own.n; i++) {
		const struct sm_own *own = i == 0 ? r->own : b->own.v[i - 1];
		if (own != NULL &&
			(quote ? own->lex->open_quote : own->lex->open_call) != SM_LEX_NONE) {
			return own;
		}
	}
	return NULL;
}

static void open_string(struct sm_build *b, const struct sm_remark *r)
{
	const struct sm_own *own = left_open(b, r, true);
	struct mp_loc loc = place(b, r->loc);

	if (own != NULL) {
		uint32_t at = own->lex->open_quote;
		loc = mp_loc(own->source, at, at + 1);
	}
	mp_finding_add(b->findings, MP_ERROR, "mc/backtick-open", loc,
		"Close the string with an apostrophe ('), or remove the backtick; in a comment, "
		"write dnl before it.",
		"this backtick opens a string that is never closed: everything from here to the "
		"end of the file is lost, and the .cf is cut off");
}

static void open_call(struct sm_build *b, const struct sm_remark *r)
{
	const struct sm_own *own = left_open(b, r, false);
	struct mp_loc loc = place(b, r->loc);
	const char *name = "this macro";
	const char *fix = "Write the \")\" where the arguments end.";

	if (own != NULL) {
		const struct sm_lex_call *c = &own->lex->calls[own->lex->open_call];
		loc = mp_loc(own->source, c->name.start, c->open + 1);
		name = mp_arena_printf(
			b->arena, "%.*s(", MP_SLICE_ARG(sm_lex_text(own->lex, c->name)));
		uint32_t at = sm_lex_long_string(own->lex, c->open);
		if (at != SM_LEX_NONE) {
			struct mp_position p = mp_loc_position(mp_loc(own->source, at, at));
			fix = mp_arena_printf(b->arena,
				"Write the \")\" where the arguments end, and look at the string "
				"that begins in line %u, column %u: its apostrophe may be missing.",
				p.line, p.column);
		}
	}
	mp_finding_add(b->findings, MP_ERROR, "mc/parenthesis-open", loc, fix,
		"\"%s\" is never closed by a \")\": everything from here to the end of the file is "
		"read as its arguments, and the .cf is cut off",
		name);
}

/* Whether a name has quotes in it that m4 does not know for quotes. check.c tells of them. */
static bool badly_quoted(struct mp_slice name)
{
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];
		if (c == '\'' || c == '`' || c == '"' || c >= 0x80) {
			return true;
		}
	}
	return false;
}

static void unknown_feature(struct sm_build *b, struct mp_loc loc, struct mp_slice name)
{
	const char *near = sm_name_near_feature(name);
	const char *version = b->mc->library != NULL ? b->mc->library->version : "";

	if (sm_name_is_feature(name)) {
		mp_finding_add(b->findings, MP_ERROR, "mc/feature-unknown", loc,
			"Use the cf library of the server's version, or the feature's other name "
			"(blacklist_recipients is blocklist_recipients since 8.16).",
			"the cf library %s has no FEATURE(`%.*s'): other versions do", version,
			MP_SLICE_ARG(name));
	} else if (near != NULL) {
		mp_finding_add(b->findings, MP_ERROR, "mc/feature-unknown", loc,
			mp_arena_printf(b->arena, "Did you mean FEATURE(`%s')?", near),
			"there is no FEATURE(`%.*s'): nothing is switched on", MP_SLICE_ARG(name));
	} else {
		mp_finding_add(b->findings, MP_ERROR, "mc/feature-unknown", loc,
			"Correct the name; the features are listed in cf/README.",
			"there is no FEATURE(`%.*s'): nothing is switched on", MP_SLICE_ARG(name));
	}
}

/* m4 could not open a file of the library: PATH is DIRECTORY/KIND/NAME.m4. */
static void no_library_file(struct sm_build *b, const struct sm_remark *r, struct mp_slice path)
{
	static const struct {
		const char *folder, *rule, *fix;
		const char *before, *behind; /* of the name, in the message */
	} kinds[] = {
		{"ostype/", "mc/ostype-unknown",
			"Name one of the files in the library's folder ostype.",
			"there is no OSTYPE(`", "'): paths and mailers of the system are not set"},
		{"domain/", "mc/domain-missing",
			"Put the file into the library's folder domain, or remove the line.",
			"there is no DOMAIN(`",
			"') in the library here: what it says is missing from the .cf"},
		{"mailer/", "mc/mailer-unknown",
			"Name one of the files in the library's folder mailer, such as local or "
			"smtp.",
			"there is no MAILER(`", "')"},
		{"hack/", "mc/hack-missing",
			"Put the file into the library's folder hack, or remove the line.",
			"there is no HACK(`", "') in the library here"},
	};
	struct mp_slice rest = mp_slice_from(path, strlen(b->mc->library->directory));
	struct mp_slice name = mp_slice_from(rest, mp_slice_chr(rest, '/') + 1);
	struct mp_loc loc = place(b, r->loc);

	name = mp_slice_sub(name, 0, mp_slice_ends(name, ".m4") ? name.n - 3 : name.n);
	if ((name.n == 0 && r->own != NULL) || badly_quoted(name)) {
		return;
	}
	if (mp_slice_starts(rest, "feature/")) {
		unknown_feature(b, loc, name);
		return;
	}
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (mp_slice_starts(rest, kinds[i].folder)) {
			mp_finding_add(b->findings, MP_ERROR, kinds[i].rule, loc, kinds[i].fix,
				"%s%.*s%s", kinds[i].before, MP_SLICE_ARG(name), kinds[i].behind);
			return;
		}
	}
	mp_finding_add(b->findings, MP_ERROR, "mc/include-missing", loc,
		"Install the whole cf library.", "the library's file %.*s is not there",
		MP_SLICE_ARG(path));
}

static void include_missing(struct sm_build *b, struct mp_loc loc, struct mp_slice path)
{
	mp_finding_add(b->findings, MP_ERROR, "mc/include-missing", loc,
		"Put the file beside the .mc (or give --root), or remove the include.",
		"the included file %.*s is not there: m4 fails, and what the file says is missing "
		"from the .cf",
		MP_SLICE_ARG(path));
}

static void m4_said(struct sm_build *b, const struct sm_remark *r)
{
	static const char cannot[] = "cannot open `";
	size_t at = mp_slice_find(r->text, cannot);

	if (mp_slice_find(r->text, "end of file in string") != MP_NOT_FOUND) {
		open_string(b, r);
	} else if (mp_slice_find(r->text, "end of file in argument list") != MP_NOT_FOUND) {
		open_call(b, r);
	} else if (at != MP_NOT_FOUND) {
		struct mp_slice path = mp_slice_from(r->text, at + sizeof cannot - 1);
		size_t end = mp_slice_find(path, "': ");
		path = mp_slice_sub(path, 0, end);
		if (b->mc->library != NULL && mp_slice_starts(path, b->mc->library->directory)) {
			no_library_file(b, r, path);
		} else {
			include_missing(b, place(b, r->loc), path);
		}
	} else if (mp_slice_find(r->text, "excess arguments to builtin `define'") != MP_NOT_FOUND ||
		mp_slice_find(r->text, "recursion limit") != MP_NOT_FOUND ||
		mp_slice_find(r->text, "end of file treated as newline") != MP_NOT_FOUND) {
		/* check.c and the attempts tell of it; a last line without newline is fine. */
		return;
	} else if (r->text.n > 0) {
		mp_finding_add(b->findings, MP_WARNING, "mc/m4-says", place(b, r->loc),
			"Look at the macro call on this line.", "m4 complains: %.*s",
			MP_SLICE_ARG(r->text));
	}
}

/* Words of the library's complaints, and what they come to. */
static const struct {
	const char *words, *rule, *fix, *message;
	const char *setting; /* that it is about, where the library says it at its end */
} sayings[] = {
	{"No system type defined", "mc/ostype-missing",
		"Add OSTYPE(`linux') or the line for your system, before all FEATUREs.",
		"OSTYPE is missing: the .cf has the library's paths, not the system's", NULL},
	{"duplicate OSTYPE", "mc/ostype-twice", "Remove one of the OSTYPE lines.",
		"OSTYPE is there a second time: both are in force, the later one wins where they "
		"differ",
		NULL},
	{"FEATURE() should be before MAILER()", "mc/feature-after-mailer",
		"Move the line above the first MAILER.",
		"this FEATURE stands behind MAILER: where it changes mailers it does nothing",
		NULL},
	{"already included", "mc/mailer-twice", "Remove the second MAILER line.",
		"this MAILER is there already: the line is ignored", NULL},
	{"MAILER() should be before LOCAL_", "mc/section-before-mailer",
		"Move the section behind the MAILER lines.",
		"this section stands before MAILER; sendmail's documentation wants it behind",
		NULL},
	{"Antispam rules not available in deferred", "mc/checks-off",
		"Remove the line; use the default, background.",
		"in deferred mode no check_ ruleset is run: everybody may relay through the daemon",
		"confDELIVERY_MODE"},
	{"missing -T<TMPF> in argument", "mc/map-without-temp",
		"Write -T<TMPF> behind the map's type: `hash -T<TMPF> -o /etc/mail/access'.",
		"the argument lacks -T<TMPF>: a library before 8.14 takes trouble with the "
		"database for an address that is not in it",
		NULL},
	{"greet_pause') before FEATURE(`access_db'", "mc/feature-order",
		"Move FEATURE(`access_db') above FEATURE(`greet_pause').",
		"FEATURE(`greet_pause') stands before FEATURE(`access_db'): GreetPause entries of "
		"the access map are not looked at",
		NULL},
};

/* A place for what the library says at its end: the setting or the feature that it names. */
static struct mp_loc loc_by_name(const struct sm_build *b, struct mp_slice text)
{
	size_t at = 0;

	for (;;) {
		struct mp_slice word = sm_word_next(text, &at);
		if (word.n == 0) {
			return whole(b);
		}
		const struct sm_definition *d = mp_map_get(&b->definitions, word);
		if (d != NULL && d->loc.source != NULL && mp_slice_starts(word, "conf")) {
			return d->loc;
		}
		for (size_t i = 0; i < b->calls.n; i++) {
			const struct sm_call *c = &b->calls.v[i];
			if (mp_str_eq(c->macro, "FEATURE") && c->argc > 0 &&
				c->loc.source != NULL && mp_slice_eq_str(word, c->argv[0])) {
				return c->loc;
			}
		}
	}
}

/* One line, without stars, "ERROR:" and blanks in a row. */
static const char *one_line(struct mp_arena *arena, struct mp_slice text)
{
	static const char *const heads[] = {"*** ", "ERROR: ", "WARNING: "};
	char *out = mp_arena_alloc(arena, text.n + 1);
	size_t n = 0;

	text = mp_slice_trim(text);
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		if (mp_slice_starts(text, heads[i])) {
			text = mp_slice_from(text, strlen(heads[i]));
		}
	}
	for (size_t i = 0; i < text.n; i++) {
		bool blank = strchr(" \t\n", text.p[i]) != NULL && text.p[i] != '\0';
		if (!blank) {
			out[n++] = text.p[i];
		} else if (n > 0 && out[n - 1] != ' ') {
			out[n++] = ' ';
		}
	}
	return out;
}

/* Forgets the last finding when it is this one: the next one says more. */
static void take_back(struct sm_build *b, struct mp_loc loc, const char *rule)
{
	size_t n = b->findings->list.n;
	const struct mp_finding *f = n > 0 ? &b->findings->list.v[n - 1] : NULL;

	if (f != NULL && mp_str_eq(f->rule, rule) && f->loc.source == loc.source &&
		f->loc.start == loc.start) {
		b->findings->list.n--;
	}
}

static void library_said(struct sm_build *b, const struct sm_remark *r)
{
	struct mp_loc loc = r->loc.source != NULL ? r->loc : loc_by_name(b, r->text);
	const char *text = one_line(b->arena, r->text);

	if (text[0] == '\0') {
		return;
	}
	for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++) {
		if (mp_slice_find(r->text, sayings[i].words) != MP_NOT_FOUND) {
			const struct sm_definition *d = sayings[i].setting != NULL
				? mp_map_get(&b->definitions, mp_slice_str(sayings[i].setting))
				: NULL;
			mp_finding_add(b->findings, MP_WARNING, sayings[i].rule,
				d != NULL && d->loc.source != NULL ? d->loc : loc, sayings[i].fix,
				"%s", sayings[i].message);
			return;
		}
	}
	if (mp_slice_find(r->text, "requires FEATURE") != MP_NOT_FOUND) {
		mp_finding_add(b->findings, MP_WARNING, "mc/feature-order", loc,
			"Put the FEATURE that is required above this line.",
			"%s: as it stands, this one does nothing", text);
	} else if (mp_slice_find(r->text, "must occur before") != MP_NOT_FOUND ||
		mp_slice_find(r->text, "must appear after") != MP_NOT_FOUND) {
		take_back(b, loc, "mc/feature-after-mailer");
		mp_finding_add(b->findings, MP_WARNING, "mc/feature-after-mailer", loc,
			"Move the line above the first MAILER.",
			"%s: as it stands, the feature does nothing", text);
	} else if (mp_slice_find(r->text, "is deprecated") != MP_NOT_FOUND) {
		mp_finding_add(b->findings, MP_NOTE, "mc/obsolete", loc,
			"Nothing for now; a later version may drop the old name.",
			"the library says: %s", text);
	} else if (mp_slice_find(r->text, "obsolete") != MP_NOT_FOUND ||
		mp_slice_find(r->text, "deprecated") != MP_NOT_FOUND ||
		mp_slice_find(r->text, "no longer valid") != MP_NOT_FOUND) {
		mp_finding_add(b->findings, MP_WARNING, "mc/obsolete", loc,
			"Use what the library names in its place, or remove the line.",
			"the library says: %s", text);
	} else {
		mp_finding_add(b->findings, MP_WARNING, "mc/library-says", loc,
			"See cf/README of your version.", "the library says: %s", text);
	}
}

static struct mp_loc attempt_loc(const struct sm_build *b, const struct sm_m4_attempt *a)
{
	const struct sm_own *own = sm_own_find(b, a->file);

	if (own == NULL) {
		return whole(b);
	}
	struct mp_loc line = sm_own_line(own, a->line);
	for (uint32_t i = 0; i < own->lex->call_count; i++) {
		const struct sm_lex_call *c = &own->lex->calls[i];
		if (c->line == a->line && mp_slice_ends(sm_lex_text(own->lex, c->name), a->macro) &&
			a->macro[0] != '\0') {
			return sm_lex_loc(own->lex, c);
		}
	}
	return line;
}

/* Whether all that asked for the file was sinclude, which may miss it. */
static bool only_sincluded(const struct sm_build *b, const char *path)
{
	bool asked = false;

	for (size_t i = 0; i < b->calls.n; i++) {
		const struct sm_call *c = &b->calls.v[i];
		if (c->argc == 0 || !mp_str_eq(c->argv[0], path)) {
			continue;
		}
		if (mp_str_eq(c->macro, "include")) {
			return false;
		}
		asked |= mp_str_eq(c->macro, "sinclude");
	}
	return asked;
}

static void refused_read(struct sm_build *b, const struct sm_m4_attempt *a)
{
	struct mp_slice path = mp_slice_str(a->argument);
	struct mp_loc loc = attempt_loc(b, a);

	/* What is there, and was not read, is a link that leads outside. */
	if (sm_include_outside(a->argument) ||
		mp_input_exists(b->input, a->argument) == MP_READ_OK) {
		mp_finding_add(b->findings, MP_ERROR, "mc/include-outside", loc,
			"Keep what the .mc includes in its own folder, /etc/mail or the cf "
			"library.",
			"wants to read %s, which is outside of the configuration and the cf "
			"library: it was not read",
			a->argument);
	} else if (!only_sincluded(b, a->argument)) {
		include_missing(b, loc, path);
	}
}

/* What else was tried: "MESSAGE" with the argument, when it has one. */
static const struct {
	enum sm_m4_attempt_kind kind;
	enum mp_severity severity;
	const char *rule, *fix, *message;
} tries[] = {
	{SM_M4_TRIED_COMMAND, MP_ERROR, "mc/command",
		"Remove the call: a configuration has no business to run programs while it is "
		"built.",
		"wants to run a command: it was not run, and what it would have written is missing "
		"from the .cf"},
	{SM_M4_TRIED_WRITE, MP_ERROR, "mc/write", "Remove the call.",
		"wants to write a file: that was not done"},
	{SM_M4_TRIED_DEFINITION, MP_WARNING, "mc/m4-guarded", "Remove the call.",
		"takes the definition of a macro of m4 that is not to be had here: it got none"},
	{SM_M4_TRIED_BUILTIN, MP_WARNING, "mc/m4-guarded", "Call the macro by its own name.",
		"calls a macro of m4 past its name: that was not done"},
	{SM_M4_TRIED_TRACE, MP_WARNING, "mc/m4-guarded", "Remove the call.",
		"changes what m4 tells, or how it reads words: that was not done"},
	{SM_M4_TRIED_EXTENSION, MP_WARNING, "mc/m4-extension",
		"Write the text itself, or use substr, index and translit.",
		"uses a macro of GNU m4 that is not evaluated here: its text is missing from the "
		".cf"},
	{SM_M4_TRIED_EXIT, MP_ERROR, "mc/m4-exit", "Remove the call.",
		"ends m4 before the end of the file: the .cf is cut off"},
	{SM_M4_TRIED_ENDLESS, MP_ERROR, "mc/endless", "Look for a macro that calls itself.",
		"m4 does not come to an end with this file: it was stopped"},
	{SM_M4_TRIED_MEMORY, MP_ERROR, "mc/endless", "Look for a macro that calls itself.",
		"m4 takes all memory, or goes too deep, with this file: it was stopped"},
	{SM_M4_TRIED_OUTPUT, MP_ERROR, "mc/endless", "Look for a macro that repeats itself.",
		"m4 writes without end with this file: it was stopped"},
	{SM_M4_TRIED_KERNEL, MP_ERROR, "mc/kernel", "Look at what this line asks of m4.",
		"made m4 do what it may not: the kernel stopped it"},
};

static void complain_attempt(struct sm_build *b, const struct sm_m4_attempt *a)
{
	if (a->kind == SM_M4_TRIED_READ) {
		refused_read(b, a);
		return;
	}
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		if (tries[i].kind == a->kind) {
			mp_finding_add(b->findings, tries[i].severity, tries[i].rule,
				attempt_loc(b, a), tries[i].fix, "%s%s%s%s%s%s", a->macro,
				a->macro[0] != '\0' ? "(" : "", a->argument,
				a->macro[0] != '\0' ? ")" : "", a->macro[0] != '\0' ? " " : "",
				tries[i].message);
			return;
		}
	}
}

/* Whether a remark goes on with what the one before it says: one errprint for each line. */
static bool goes_on(const struct sm_remark *before, const struct sm_remark *r)
{
	return !before->by_m4 && !r->by_m4 && before->calls == r->calls &&
		before->loc.source == r->loc.source && before->loc.start == r->loc.start &&
		!mp_slice_starts(r->text, "***") && !mp_slice_starts(r->text, "WARNING");
}

void sm_complain(struct sm_build *b)
{
	for (size_t i = 0; i < b->remarks.n; i++) {
		struct sm_remark r = b->remarks.v[i];
		if (r.by_m4) {
			m4_said(b, &r);
			continue;
		}
		while (i + 1 < b->remarks.n && goes_on(&r, &b->remarks.v[i + 1])) {
			struct mp_slice more = b->remarks.v[++i].text;
			r.text = mp_slice_str(mp_arena_printf(
				b->arena, "%.*s %.*s", MP_SLICE_ARG(r.text), MP_SLICE_ARG(more)));
		}
		library_said(b, &r);
	}
	for (size_t i = 0; i < b->run.attempt_count; i++) {
		complain_attempt(b, &b->run.attempts[i]);
	}
}
