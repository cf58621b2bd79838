/* surface_text - who may have mail carried where, for a person: one line an opening. */
#include "report/surface_text.h"

#include "base/alloc.h"
#include "report/assumptions_text.h"
#include "report/findings_text.h"
#include "report/terminal.h"

#include <stdlib.h>

/* Longer lists are cut: the JSON has them all. */
enum { SHOWN_ITEMS = 4, COLUMN_MOST = 44 };

/* ---- who --------------------------------------------------------------------------------------
 */

/* Conditions are parted by blanks, the items of one by commas. */
struct who {
	FILE *out;
	bool any; /* something was written */
};

static void begin(struct who *w, const char *words)
{
	fputs(w->any ? ", " : "", w->out);
	fputs(words, w->out);
	w->any = true;
}

static void more(struct who *w, size_t n)
{
	if (n > SHOWN_ITEMS) {
		fprintf(w->out, " and %zu more", n - SHOWN_ITEMS);
	}
}

static void put_list(struct who *w, const char *words, const char *const *values, size_t n)
{
	if (n == 0) {
		return;
	}
	begin(w, words);
	for (size_t i = 0; i < n && i < SHOWN_ITEMS; i++) {
		fputs(i > 0 ? " | " : "", w->out);
		mp_print_safe_str(w->out, values[i][0] != '\0' ? values[i] : "<>");
	}
	more(w, n);
}

static void put_addresses(struct who *w, const struct mp_cidr *nets, size_t n)
{
	char ip[MP_IP_TEXT];

	if (n == 0) {
		return;
	}
	begin(w, "");
	for (size_t i = 0; i < n && i < SHOWN_ITEMS; i++) {
		fprintf(w->out, "%s%s", i > 0 ? " | " : "", mp_ip_format(&nets[i].ip, ip));
		if (nets[i].length < mp_ip_bits(&nets[i].ip)) {
			fprintf(w->out, "/%u", nets[i].length);
		}
	}
	more(w, n);
}

void mp_opening_who(FILE *out, const struct mp_opening *o)
{
	struct who w = {out, false};

	put_addresses(&w, o->from.addresses, o->from.address_count);
	put_list(&w, "address like ", o->from.address_patterns, o->from.address_pattern_count);
	put_list(&w, "named ", o->from.client_names, o->from.client_name_count);
	put_list(&w, "login ", o->from.logins, o->from.login_count);
	put_list(&w, "certificate ", o->from.certificates, o->from.certificate_count);
	if (o->from.anyone) {
		begin(&w, "ANYONE");
	} else if (!w.any) {
		begin(&w, "anyone"); /* who says the right words */
	}
	put_list(&w, "sender ", o->from.senders, o->from.sender_count);
	put_list(&w, "HELO ", o->from.helos, o->from.helo_count);
	if (o->from.tls) {
		begin(&w, "under TLS");
	}
}

/* ---- the table --------------------------------------------------------------------------------
 */

/* The cells of one row, on the heap. */
struct row {
	char *who, *to, *listeners;
};

enum { COLUMNS = 3 };

static char *column(const struct row *row, int i)
{
	return i == 0 ? row->who : i == 1 ? row->to : row->listeners;
}

static void write_to(FILE *out, const struct mp_opening *o)
{
	mp_print_safe_str(out, o->to);
	if (o->form[0] != '\0') {
		fputs(" as ", out);
		mp_print_safe_str(out, o->form);
	}
	if (o->discarded) {
		fputs(" (discarded)", out);
	}
	if (o->intended) {
		fputs(" (relayed for)", out);
	}
}

static void write_listeners(FILE *out, const struct mp_opening *o)
{
	for (size_t i = 0; i < o->listener_count; i++) {
		fputs(i > 0 ? ", " : "", out);
		mp_print_safe_str(out, o->listeners[i]);
	}
}

static char *cell(const struct mp_opening *o, void (*write)(FILE *, const struct mp_opening *))
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL) {
		MP_BUG("no memory for a line of text");
	}
	write(out, o);
	if (fclose(out) != 0) {
		MP_BUG("no memory for a line of text");
	}
	return text;
}

/* Characters of the terminal; texts are ASCII or UTF-8. */
static size_t width(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++) {
		n += ((unsigned char)*text & 0xc0) != 0x80;
	}
	return n;
}

static enum mp_style style_of(const struct mp_opening *o)
{
	if (o->intended) {
		return MP_STYLE_PLAIN;
	}
	return o->from.anyone || o->forgeable ? MP_STYLE_RED : MP_STYLE_BOLD;
}

static void put_reason(FILE *out, bool color, const struct mp_opening *o)
{
	if (o->because.n == 0) {
		return;
	}
	mp_print_style(out, color, MP_STYLE_DIM);
	fputs("  <- ", out);
	mp_print_place(out, o->because.v[0].loc, "default: ");
	mp_print_safe_str(out, o->because.v[0].text);
	mp_print_style(out, color, MP_STYLE_PLAIN);
}

static void put_row(FILE *out, bool color, const struct mp_opening *o, const struct row *row,
	const size_t *widths)
{
	for (int i = 0; i < COLUMNS; i++) {
		const char *text = column(row, i);
		size_t n = width(text);
		fputs("  ", out);
		mp_print_style(out, color, i == 0 ? style_of(o) : MP_STYLE_PLAIN);
		fputs(text, out); /* escaped when it was made */
		mp_print_style(out, color, MP_STYLE_PLAIN);
		for (; n < widths[i]; n++) {
			fputc(' ', out);
		}
	}
	if (o->forgeable) {
		mp_print_style(out, color, MP_STYLE_RED);
		fputs("  FORGEABLE", out);
		mp_print_style(out, color, MP_STYLE_PLAIN);
	}
	put_reason(out, color, o);
	fputc('\n', out);
	mp_assumptions_text(out, "      if ", "     and ", o->assumptions, o->assumption_count);
}

static void put_table(FILE *out, bool color, const struct mp_surface *surface)
{
	struct row *rows = mp_alloc(surface->n * sizeof *rows);
	size_t widths[COLUMNS] = {0};

	for (size_t i = 0; i < surface->n; i++) {
		const struct mp_opening *o = &surface->v[i];
		rows[i] = (struct row){
			cell(o, mp_opening_who), cell(o, write_to), cell(o, write_listeners)};
		for (int k = 0; k < COLUMNS; k++) {
			size_t n = width(column(&rows[i], k));
			n = n < COLUMN_MOST ? n : COLUMN_MOST;
			widths[k] = n > widths[k] ? n : widths[k];
		}
	}
	for (size_t i = 0; i < surface->n; i++) {
		put_row(out, color, &surface->v[i], &rows[i], widths);
		free(rows[i].who);
		free(rows[i].to);
		free(rows[i].listeners);
	}
	free(rows);
}

void mp_surface_text(FILE *out, bool color, const struct mp_surface *surface)
{
	mp_print_style(out, color, MP_STYLE_BOLD);
	fputs("who may have mail carried, and where:\n", out);
	mp_print_style(out, color, MP_STYLE_PLAIN);
	if (surface->n == 0) {
		fputs(surface->complete ? "  nobody\n" : "  nobody that could be found\n", out);
	} else {
		put_table(out, color, surface);
	}
	for (size_t i = 0; i < surface->note_count; i++) {
		mp_print_style(out, color, MP_STYLE_YELLOW);
		fputs("  not known: ", out);
		mp_print_style(out, color, MP_STYLE_PLAIN);
		mp_print_safe_str(out, surface->notes[i]);
		fputc('\n', out);
	}
	if (!surface->complete) {
		mp_print_style(out, color, MP_STYLE_YELLOW);
		fputs("  there may be more openings than these\n", out);
		mp_print_style(out, color, MP_STYLE_PLAIN);
	}
}
