/*
 * terminal - text for a person's eyes: escaped, and coloured where that is wanted.
 *
 * What comes from a server or a file could hold control sequences that a terminal obeys. Everything
 * of that origin goes through mp_print_safe().
 */
#ifndef MP_REPORT_TERMINAL_H
#define MP_REPORT_TERMINAL_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdio.h>

/* Writes the bytes; controls, DEL, C1 controls, what breaks a line or changes the direction of
 * writing, and what is no UTF-8 as \xNN. */
void mp_print_safe(FILE *out, struct mp_slice s);
void mp_print_safe_str(FILE *out, const char *s);
/* "note: " and the text, each on a line of its own. */
void mp_print_notes(FILE *out, const char *const *notes, size_t n);
/* The text as mp_print_safe() writes it, with blanks behind it where it has fewer than `width`
 * bytes. */
void mp_print_cell(FILE *out, const char *s, size_t width);

enum { MP_REPORT_WIDTH = 100 }; /* of the lines of reports */

/* The same as a paragraph of lines of at most `width` bytes, each behind the indent, which counts;
 * only a word that is longer itself goes beyond. */
void mp_print_paragraph(FILE *out, const char *indent, size_t width, const char *text);

enum mp_style {
	MP_STYLE_PLAIN,
	MP_STYLE_BOLD,
	MP_STYLE_DIM,
	MP_STYLE_RED,
	MP_STYLE_YELLOW,
	MP_STYLE_GREEN
};

/* Whether to colour what goes to this stream: a terminal, and no NO_COLOR in the environment. */
bool mp_color_wanted(FILE *out);
/* Begins a style (PLAIN ends it); writes nothing when color is false. */
void mp_print_style(FILE *out, bool color, enum mp_style style);

#endif
