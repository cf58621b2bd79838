/* findings_text - a finding as compilers print them. */
#include "report/findings_text.h"

#include "report/terminal.h"

#include <string.h>

enum { SHOWN_LINE = 160 };

/* What a line that stands in no file was made from. */
static void put_origin(FILE *out, struct mp_loc origin)
{
	struct mp_position at = mp_loc_position(origin);

	if (origin.source == NULL) {
		fputs("(generated) ", out);
		return;
	}
	fputs("(from ", out);
	mp_print_safe_str(out, at.file);
	fprintf(out, ":%u) ", at.line);
}

void mp_print_place(FILE *out, struct mp_loc loc, const char *nowhere)
{
	struct mp_position at = mp_loc_position(loc);

	if (loc.source == NULL) {
		fputs(nowhere, out);
		return;
	}
	mp_print_safe_str(out, at.file);
	fprintf(out, ":%u:%u: ", at.line, at.column);
	if (loc.source->generated) {
		put_origin(out, mp_loc_origin(loc));
	}
}

/* The source line and a caret below the place; TABs stay TABs so that the caret meets its
 * character. */
static void put_source_line(FILE *out, struct mp_loc loc)
{
	struct mp_slice line = mp_loc_line(loc);
	unsigned column = mp_loc_position(loc).column;

	if (loc.source == NULL || loc.source->outside || column > SHOWN_LINE) {
		return;
	}
	line = mp_slice_sub(line, 0, SHOWN_LINE);
	for (size_t i = 0; i < line.n; i++) {
		if ((unsigned char)line.p[i] < 0x20 && line.p[i] != '\t') {
			return; /* a caret would point nowhere */
		}
	}
	fputs("    ", out);
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] == '\t') {
			fputc('\t', out);
		} else {
			size_t end = i + 1;
			while (end < line.n && line.p[end] != '\t') {
				end++;
			}
			mp_print_safe(out, mp_slice_sub(line, i, end));
			i = end - 1;
		}
	}
	fputs("\n    ", out);
	for (unsigned i = 1; i < column; i++) {
		fputc(i - 1 < line.n && line.p[i - 1] == '\t' ? '\t' : ' ', out);
	}
	fputs("^\n", out);
}

static bool starts(const char *line, const char *with)
{
	return mp_slice_starts(mp_slice_str(line), with);
}

/* The first line of a dialogue that is shown when it is cut short: the last transaction, or
 * everything but the greeting where there is none. */
static size_t first_shown(const struct mp_finding *f)
{
	size_t first = 0;

	while (first < f->dialogue_count && !starts(f->dialogue[first], "C: ")) {
		first++;
	}
	first = first < f->dialogue_count ? first : 0;

	for (size_t i = 0; i < f->dialogue_count; i++) {
		if (starts(f->dialogue[i], "C: MAIL")) {
			first = i;
		}
	}
	return first;
}

/* Of a reply with many lines the last, and what AUTH and STARTTLS are offered by. */
static bool is_shown(const char *line)
{
	bool more = starts(line, "S: ") && strlen(line) > 6 && line[6] == '-';

	return !more || starts(line + 7, "AUTH") || starts(line + 7, "STARTTLS");
}

static void put_dialogue(FILE *out, const struct mp_finding *f, bool whole)
{
	size_t first = whole ? 0 : first_shown(f);

	for (size_t i = first; i < f->dialogue_count; i++) {
		if (whole || is_shown(f->dialogue[i])) {
			fputs("    | ", out);
			mp_print_safe_str(out, f->dialogue[i]);
			fputc('\n', out);
		}
	}
}

static void put_reasons(FILE *out, const struct mp_finding *f)
{
	for (size_t i = 0; i < f->because.n; i++) {
		const struct mp_reason *r = &f->because.v[i];
		if (r->loc.source != NULL && mp_loc_same(r->loc, f->loc)) {
			continue; /* the line is shown already */
		}
		fputs("    see ", out);
		mp_print_place(out, r->loc, "default: ");
		mp_print_safe_str(out, r->text);
		fputc('\n', out);
	}
}

static void print(FILE *out, bool color, const struct mp_finding *f, bool whole)
{
	static const enum mp_style styles[] = {
		[MP_NOTE] = MP_STYLE_BOLD,
		[MP_WARNING] = MP_STYLE_YELLOW,
		[MP_ERROR] = MP_STYLE_RED,
	};

	mp_print_place(out, f->loc, "");
	mp_print_style(out, color, styles[f->severity]);
	fprintf(out, "%s: ", mp_severity_name(f->severity));
	mp_print_style(out, color, MP_STYLE_PLAIN);
	mp_print_safe_str(out, f->message);
	fputs(" [", out);
	mp_print_safe_str(out, f->rule);
	fputs("]\n", out);
	put_source_line(out, f->loc);
	put_dialogue(out, f, whole);
	put_reasons(out, f);
	if (f->fix != NULL && f->fix[0] != '\0') {
		fputs("    to do: ", out);
		mp_print_safe_str(out, f->fix);
		fputc('\n', out);
	}
}

void mp_finding_print(FILE *out, bool color, const struct mp_finding *f)
{
	print(out, color, f, false);
}

void mp_findings_print(FILE *out, bool color, const struct mp_findings *findings)
{
	for (size_t i = 0; i < findings->list.n; i++) {
		print(out, color, &findings->list.v[i], false);
	}
}

void mp_findings_print_whole(FILE *out, bool color, const struct mp_findings *findings)
{
	for (size_t i = 0; i < findings->list.n; i++) {
		print(out, color, &findings->list.v[i], true);
	}
}
