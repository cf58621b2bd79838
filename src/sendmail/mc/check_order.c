/*
 * check_order - macros at the wrong place, or missing.
 *
 * The library itself says some of it (complain.c); without a library that is said here.
 */
#include "sendmail/mc/check.h"
#include "sendmail/mc/names.h"

/* The MAILER that reads a variable or a change of flags of this name when it is expanded. */
static const char *mailer_of(struct mp_slice name)
{
	static const struct {
		const char *begin, *mailer;
	} kinds[] = {{"LOCAL", "local"}, {"PROG", "local"}, {"SMTP", "smtp"}, {"ESMTP", "smtp"},
		{"SMTP8", "smtp"}, {"DSMTP", "smtp"}, {"RELAY", "smtp"}, {"PROCMAIL", "procmail"},
		{"UUCP", "uucp"}, {"USENET", "usenet"}, {"FAX", "fax"}, {"POP", "pop"},
		{"CYRUS", "cyrus"}, {"CYRUSV2", "cyrusv2"}, {"QPAGE", "qpage"}};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (mp_slice_eq_str(name, kinds[i].begin)) {
			return kinds[i].mailer;
		}
	}
	return NULL;
}

/* The word before "_MAILER_" in a variable; empty when it is not one of a mailer. */
static struct mp_slice mailer_word(struct mp_slice name)
{
	size_t at = mp_slice_find(name, "_MAILER_");

	return mp_slice_sub(name, 0, at == MP_NOT_FOUND ? 0 : at);
}

static const struct sm_call *first_call(
	const struct sm_build *b, const char *macro, const char *argument)
{
	for (size_t i = 0; i < b->calls.n; i++) {
		const struct sm_call *c = &b->calls.v[i];
		if (mp_str_eq(c->macro, macro) && c->argc > 0 &&
			(argument == NULL || mp_str_eq(c->argv[0], argument))) {
			return c;
		}
	}
	return NULL;
}

static void check_late(struct sm_build *b, const struct sm_call *c)
{
	struct mp_slice name = mp_slice_str(c->argc > 0 ? c->argv[0] : "");
	const char *mailer = NULL;

	if (mp_str_eq(c->macro, "define")) {
		mailer = mailer_of(mailer_word(name));
	} else if (mp_str_eq(c->macro, "MODIFY_MAILER_FLAGS")) {
		mailer = mailer_of(name);
	}
	const struct sm_call *before = mailer != NULL ? first_call(b, "MAILER", mailer) : NULL;
	if (before != NULL && before < c && c->depth == 0) {
		mp_finding_add(b->findings, MP_WARNING, "mc/define-late", c->loc,
			mp_arena_printf(b->arena, "Move the line above MAILER(`%s').", mailer),
			"MAILER(`%s') stands above and has taken what was set then: this line has "
			"no effect",
			mailer);
	}
}

/* What the library would say if it were here. */
static void check_without_library(struct sm_build *b)
{
	const struct sm_call *first = NULL, *mailer = NULL;

	for (size_t i = 0; i < b->calls.n; i++) {
		const struct sm_call *c = &b->calls.v[i];
		if (mp_str_eq(c->macro, "OSTYPE") && first != NULL) {
			mp_finding_add(b->findings, MP_WARNING, "mc/ostype-twice", c->loc,
				"Remove one of the OSTYPE lines.",
				"OSTYPE is there a second time: both are in force, the later one "
				"wins where they differ");
		} else if (mp_str_eq(c->macro, "OSTYPE")) {
			first = c;
		} else if (mp_str_eq(c->macro, "MAILER")) {
			mailer = c;
		} else if (mp_str_eq(c->macro, "FEATURE") && mailer != NULL) {
			mp_finding_add(b->findings, MP_WARNING, "mc/feature-after-mailer", c->loc,
				"Move the line above the first MAILER.",
				"this FEATURE stands behind MAILER: where it changes mailers it "
				"does nothing");
		}
		if (mp_str_eq(c->macro, "FEATURE") && c->argc > 0 && c->argv[0][0] != '\0' &&
			c->argv[0][0] != '\'' && !sm_name_is_feature(mp_slice_str(c->argv[0]))) {
			const char *near = sm_name_near_feature(mp_slice_str(c->argv[0]));
			mp_finding_add(b->findings, MP_WARNING, "mc/feature-unknown", c->loc,
				near != NULL ? mp_arena_printf(b->arena,
						       "Did you mean FEATURE(`%s')?", near)
					     : "Correct the name; the features are listed in "
					       "cf/README.",
				"no version of sendmail that is known here has FEATURE(`%s')",
				c->argv[0]);
		}
	}
	if (first == NULL && b->calls.n > 0 &&
		mp_map_get(&b->definitions, mp_slice_str("__OSTYPE__")) == NULL) {
		mp_finding_add(b->findings, MP_WARNING, "mc/ostype-missing",
			mp_loc(b->mc->source, 0, 0),
			"Add OSTYPE(`linux') or the line for your system, before all FEATUREs.",
			"OSTYPE is missing: the .cf has the library's paths, not the system's");
	}
}

void sm_check_order(struct sm_build *b)
{
	const struct sm_call *ostype = first_call(b, "OSTYPE", NULL);
	const struct sm_call *mailer = first_call(b, "MAILER", NULL);

	for (size_t i = 0; i < b->calls.n; i++) {
		check_late(b, &b->calls.v[i]);
	}
	if (b->ended && ostype != NULL && first_call(b, "MAILER", "smtp") == NULL &&
		first_call(b, "FEATURE", "msp") == NULL &&
		first_call(b, "FEATURE", "nullclient") == NULL) {
		mp_finding_add(b->findings, MP_WARNING, "mc/mailer-smtp-missing",
			mailer != NULL && mailer->loc.source != NULL ? mailer->loc : ostype->loc,
			"Add MAILER(`smtp') at the end.",
			"MAILER(`smtp') is missing: mail to other hosts is answered by 553 5.1.2 "
			"Unrecognized host name");
	}
	if (b->mc->library == NULL && b->ended) {
		check_without_library(b);
	}
}
