/* lines - logical lines of main.cf and master.cf. */
#include "postfix/config/lines.h"

#include "base/ascii.h"
#include "base/limits.h"

void pf_lines_init(struct pf_lines *lines, struct mp_arena *arena, const struct mp_source *source,
	const char *file_kind, struct mp_findings *findings)
{
	*lines = (struct pf_lines){
		.source = source, .arena = arena, .findings = findings, .file_kind = file_kind};
}

/* A physical line without its LF. */
static struct mp_loc physical(const struct mp_source *source, uint32_t line)
{
	size_t start = source->lines[line];
	size_t end = line + 1 < source->line_count ? source->lines[line + 1] : source->text.n;

	if (end > start && source->text.p[end - 1] == '\n') {
		end--;
	}
	return mp_loc(source, start, end);
}

static struct mp_slice text_of(struct mp_loc loc)
{
	return mp_slice(loc.source->text.p + loc.start, loc.end - loc.start);
}

enum line_kind { LINE_EMPTY, LINE_COMMENT, LINE_TEXT };

static enum line_kind classify(struct mp_slice line)
{
	for (size_t i = 0; i < line.n; i++) {
		if (!mp_is_space(line.p[i])) {
			return line.p[i] == '#' ? LINE_COMMENT : LINE_TEXT;
		}
	}
	return LINE_EMPTY;
}

/* Does the comment hide an entry: "#name = value", "#smtp inet n - y"? Prose does not count. */
static bool hides_entry(struct mp_slice line, bool master)
{
	size_t i = 1;
	size_t fields = 0;

	if (line.n < 2 || line.p[0] != '#' || mp_is_space(line.p[1])) {
		return false;
	}
	while (i < line.n && !mp_is_space(line.p[i]) && (master || line.p[i] != '=')) {
		if (!master && !mp_is_alnum(line.p[i]) && line.p[i] != '_') {
			return false;
		}
		i++;
	}
	while (i < line.n && mp_is_space(line.p[i])) {
		i++;
	}
	if (!master) {
		return i < line.n && line.p[i] == '=';
	}
	static const char *const types[] = {"inet", "unix", "unix-dgram", "fifo", "pass"};
	struct mp_slice rest = mp_slice_from(line, i);
	for (fields = 0; fields < sizeof types / sizeof types[0]; fields++) {
		size_t n = strlen(types[fields]);
		if (mp_slice_starts(rest, types[fields]) && rest.n > n && mp_is_space(rest.p[n])) {
			return true;
		}
	}
	return false;
}

static const char *rule(const struct pf_lines *lines, const char *slug)
{
	return mp_arena_printf(lines->findings->arena, "%s/%s", lines->file_kind, slug);
}

static void report_leading_space(const struct pf_lines *lines, struct mp_loc at)
{
	if (lines->findings == NULL) {
		return;
	}
	mp_finding_add(lines->findings, MP_WARNING, rule(lines, "leading-space"), at,
		"Begin the line in its first column, or delete it.",
		"the file begins with an indented line: Postfix ignores it, because there is "
		"nothing that it could continue");
}

static void report_nul(const struct pf_lines *lines, struct mp_loc at)
{
	if (lines->findings == NULL) {
		return;
	}
	mp_finding_add(lines->findings, MP_WARNING, rule(lines, "nul-byte"), at,
		"Remove the NUL byte; the file may be damaged or not be a text file.",
		"a NUL byte: Postfix ignores the rest of this entry");
}

static void report_orphan(const struct pf_lines *lines, const struct pf_line *line)
{
	if (lines->findings == NULL || line->comment.source == NULL) {
		return;
	}
	struct mp_position entry = mp_loc_position(line->at);
	struct mp_position comment = mp_loc_position(line->comment);
	mp_finding_add(lines->findings, MP_WARNING, rule(lines, "orphan-continuation"),
		line->continuation,
		"Comment out the indented lines too, or remove them with their entry.",
		"this indented line continues the entry of line %u, although the entry of line %u, "
		"which is commented out, stands between",
		entry.line, comment.line);
}

/* Appends one physical line; false when a NUL byte ends the entry. */
static bool append(
	struct pf_lines *lines, struct pf_text_builder *b, struct mp_loc at, bool *nul_reported)
{
	struct mp_slice line = text_of(at);
	size_t nul = mp_slice_chr(line, '\0');

	if (nul == MP_NOT_FOUND) {
		pf_text_add(b, line, at);
		return true;
	}
	if (!*nul_reported) {
		report_nul(lines, mp_loc(at.source, at.start + nul, at.start + nul + 1));
		*nul_reported = true;
	}
	at.end = at.start + (uint32_t)nul;
	pf_text_add(b, text_of(at), at);
	return false;
}

/* Reads the entry whose first kept line is at lines->line. */
static void read_entry(struct pf_lines *lines, struct pf_line *out)
{
	struct pf_text_builder b;
	bool open = true;
	bool nul_reported = false;
	struct mp_loc comment = {0};

	pf_text_begin(&b, MP_LIMIT_FILE);
	*out = (struct pf_line){.at = physical(lines->source, lines->line)};
	bool first = true;
	for (; lines->line < lines->source->line_count; lines->line++) {
		struct mp_loc at = physical(lines->source, lines->line);
		struct mp_slice line = text_of(at);
		enum line_kind kind = classify(line);
		if (kind == LINE_TEXT && !first && !mp_is_space(line.p[0])) {
			break;
		}
		if (kind == LINE_COMMENT &&
			hides_entry(line, strcmp(lines->file_kind, "mastercf") == 0)) {
			comment = at;
		}
		if (kind != LINE_TEXT) {
			continue;
		}
		if (comment.source != NULL && out->comment.source == NULL) {
			out->comment = comment;
			out->continuation = at;
		}
		first = false;
		open = open && append(lines, &b, at, &nul_reported);
	}
	out->text = pf_text_end(&b, lines->arena, NULL);
}

bool pf_lines_next(struct pf_lines *lines, struct pf_line *out)
{
	while (lines->line < lines->source->line_count) {
		struct mp_slice line = text_of(physical(lines->source, lines->line));
		if (classify(line) != LINE_TEXT) {
			lines->line++;
			continue;
		}
		bool indented = mp_is_space(line.p[0]);
		read_entry(lines, out);
		if (indented) {
			report_leading_space(lines, out->at);
			continue;
		}
		report_orphan(lines, out);
		if (out->text.n > 0) {
			return true;
		}
	}
	return false;
}
