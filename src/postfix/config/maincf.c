/*
 * maincf - main.cf: "name = value" entries.
 *
 * A line without "=" or without a name stops every Postfix program. All such lines are reported;
 * what Postfix says about the first one is kept in its own words.
 */
#include "base/ascii.h"
#include "postfix/config/config.h"
#include "postfix/config/lines.h"
#include "postfix/config/nameval.h"

static void set_fatal(struct pf_maincf *out, struct mp_arena *arena, struct mp_loc at,
	const char *why, struct pf_text line)
{
	if (out->fatal) {
		return;
	}
	out->fatal = true;
	out->fatal_at = at;
	out->fatal_text = mp_arena_printf(arena, "%s: \"%s\"", why, line.s);
}

static void report_syntax(
	struct mp_findings *findings, enum pf_nameval_error error, const struct pf_line *line)
{
	if (findings == NULL) {
		return;
	}
	if (error == PF_NAMEVAL_NO_NAME) {
		mp_finding_add(findings, MP_ERROR, "maincf/missing-name", line->at,
			"Put the name of a parameter before the \"=\".",
			"no parameter name before \"=\": Postfix programs refuse to start");
		return;
	}
	size_t n = 0;
	while (n < line->text.n && n < 40 && !mp_is_space(line->text.s[n])) {
		n++;
	}
	mp_finding_add(findings, MP_ERROR, "maincf/missing-equals", line->at,
		"Write \"name = value\"; indent the line if it continues the one before, or begin "
		"it "
		"with \"#\" if it is a comment.",
		"no \"=\" after \"%.*s\": Postfix programs refuse to start", (int)n, line->text.s);
}

static void report_duplicate(struct mp_findings *findings, const struct pf_setting *old,
	const struct pf_setting *now, bool same)
{
	if (findings == NULL) {
		return;
	}
	unsigned line = mp_loc_position(old->name_at).line;
	struct mp_finding *finding = same
		? mp_finding_add(findings, MP_NOTE, "maincf/duplicate", now->name_at,
			  "Remove one of the two lines.",
			  "%s is set twice, to the same value (first in line %u)", now->name, line)
		: mp_finding_add(findings, MP_WARNING, "maincf/duplicate", now->name_at,
			  "Remove the line that is not meant; only the last one counts.",
			  "%s is set a second time: this replaces the value of line %u", now->name,
			  line);
	if (finding != NULL) {
		struct mp_reason *reason = MP_ARENA_NEW(findings->arena, struct mp_reason);
		*reason = (struct mp_reason){old->name_at, "the value that is replaced"};
		finding->because = (struct mp_reasons){reason, 1};
	}
}

static void add_entry(struct pf_maincf *out, struct mp_arena *arena, const struct pf_line *line,
	const struct pf_nameval *parts, struct mp_findings *findings)
{
	struct pf_setting *setting = MP_ARENA_NEW(arena, struct pf_setting);

	setting->name = mp_arena_slicedup(arena, parts->name);
	setting->name_at =
		pf_text_loc(line->text, parts->name_from, parts->name_from + parts->name.n);
	setting->raw = pf_text_sub(arena, line->text, parts->value_from, parts->value_to);
	mp_vec_push(&out->entries, setting);
	struct pf_setting *old = mp_map_put(&out->by_name, mp_slice_str(setting->name), setting);
	if (old != NULL) {
		report_duplicate(findings, old, setting, mp_str_eq(old->raw.s, setting->raw.s));
	}
}

void pf_maincf_parse(struct pf_maincf *out, struct mp_arena *arena, const struct mp_source *source,
	struct mp_findings *findings)
{
	struct pf_lines lines;
	struct pf_line line;

	*out = (struct pf_maincf){.source = source};
	pf_lines_init(&lines, arena, source, "maincf", findings);
	while (pf_lines_next(&lines, &line)) {
		struct pf_nameval parts;
		enum pf_nameval_error error =
			pf_nameval_split(mp_slice(line.text.s, line.text.n), &parts);
		if (error == PF_NAMEVAL_OK) {
			add_entry(out, arena, &line, &parts, findings);
			continue;
		}
		set_fatal(out, arena, line.at, pf_nameval_why(error), line.text);
		report_syntax(findings, error, &line);
	}
}
