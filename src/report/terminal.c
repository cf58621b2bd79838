/* terminal - text for a person's eyes: escaped, and coloured where that is wanted. */
#include "report/terminal.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_control(struct mp_slice s, size_t n)
{
	unsigned char c = (unsigned char)s.p[0];

	if (n == 1) {
		return c < 0x20 || c == 0x7f;
	}
	/* C1 controls, U+0080 to U+009F */
	if (n == 2 && c == 0xc2) {
		return (unsigned char)s.p[1] < 0xa0;
	}
	if (n != 3 || c != 0xe2) {
		return false;
	}
	/* U+2028 to U+202E part lines and override directions, U+2066 to U+2069 isolate them (UAX
	 * 9): with these a line could be made to read otherwise than it is. */
	unsigned char block = (unsigned char)s.p[1], last = (unsigned char)s.p[2];
	return (block == 0x80 && last >= 0xa8 && last <= 0xae) ||
		(block == 0x81 && last >= 0xa6 && last <= 0xa9);
}

void mp_print_safe(FILE *out, struct mp_slice s)
{
	while (s.n > 0) {
		size_t n = mp_utf8_length(s);
		if (n > 0 && !is_control(s, n)) {
			fwrite(s.p, 1, n, out);
		} else {
			n = n > 0 ? n : 1;
			for (size_t i = 0; i < n; i++) {
				fprintf(out, "\\x%02X", (unsigned char)s.p[i]);
			}
		}
		s = mp_slice_from(s, n);
	}
}

void mp_print_safe_str(FILE *out, const char *s)
{
	mp_print_safe(out, mp_slice_str(s));
}

void mp_print_notes(FILE *out, const char *const *notes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		fputs("note: ", out);
		mp_print_safe_str(out, notes[i]);
		fputc('\n', out);
	}
}

void mp_print_cell(FILE *out, const char *s, size_t width)
{
	mp_print_safe_str(out, s);
	for (size_t n = strlen(s); n < width; n++) {
		fputc(' ', out);
	}
}

void mp_print_paragraph(FILE *out, const char *indent, size_t width, const char *text)
{
	struct mp_slice rest = mp_slice_trim(mp_slice_str(text));
	size_t column = 0;

	while (rest.n > 0) {
		struct mp_slice word = mp_slice_sub(rest, 0, mp_slice_chr(rest, ' '));
		if (column > 0 && column + 1 + word.n > width) {
			fputc('\n', out);
			column = 0;
		}
		fputs(column == 0 ? indent : " ", out);
		column += (column == 0 ? strlen(indent) : 1) + word.n;
		mp_print_safe(out, word);
		rest = mp_slice_trim(mp_slice_from(rest, word.n));
	}
	fputc('\n', out);
}

bool mp_color_wanted(FILE *out)
{
	const char *no = getenv("NO_COLOR");

	return (no == NULL || no[0] == '\0') && isatty(fileno(out)) == 1;
}

void mp_print_style(FILE *out, bool color, enum mp_style style)
{
	static const char *const codes[] = {
		[MP_STYLE_PLAIN] = "\033[0m",
		[MP_STYLE_BOLD] = "\033[1m",
		[MP_STYLE_DIM] = "\033[2m",
		[MP_STYLE_RED] = "\033[31m",
		[MP_STYLE_YELLOW] = "\033[33m",
		[MP_STYLE_GREEN] = "\033[32m",
	};

	if (color) {
		fputs(codes[style], out);
	}
}
