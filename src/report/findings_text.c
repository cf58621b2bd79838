/* findings_text - a finding as compilers print them. */
#include "report/findings_text.h"

#include "report/terminal.h"

enum { SHOWN_LINE = 160 };

void mp_print_place(FILE *out, struct mp_loc loc, const char *nowhere)
{
	struct mp_position at = mp_loc_position(loc);

	if (loc.source == NULL) {
		fputs(nowhere, out);
		return;
	}
	mp_print_safe_str(out, at.file);
	fprintf(out, ":%u:%u: ", at.line, at.column);
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

void mp_finding_print(FILE *out, bool color, const struct mp_finding *f)
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
	fprintf(out, " [%s]\n", f->rule);
	put_source_line(out, f->loc);
	for (size_t i = 0; i < f->because.n; i++) {
		fputs("    see ", out);
		mp_print_place(out, f->because.v[i].loc, "");
		mp_print_safe_str(out, f->because.v[i].text);
		fputc('\n', out);
	}
	if (f->fix != NULL && f->fix[0] != '\0') {
		fprintf(out, "    to do: %s\n", f->fix);
	}
}

void mp_findings_print(FILE *out, bool color, const struct mp_findings *findings)
{
	for (size_t i = 0; i < findings->list.n; i++) {
		mp_finding_print(out, color, &findings->list.v[i]);
	}
}
