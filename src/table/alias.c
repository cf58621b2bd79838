/*
 * alias - tables in the format of aliases(5), which postalias(1) compiles.
 *
 * A line is "name: value, value, ...". The name is a local part in RFC 822 syntax, stored without
 * its quotes and backslashes. Only the names matter to an SMTP server, so the values are kept as
 * they are written.
 */
#include "base/ascii.h"
#include "table/lines.h"
#include "table/private.h"
#include "table/text.h"

/* How reading a name ended. */
enum name_end { NAME_ENDED, NAME_NOT_LOCAL, NAME_NO_PAIR };

/* A name as it is put together from tokens. */
struct name {
	struct mp_buf *text;
	bool any; /* a token was read */
	bool after_word;
	bool domain; /* it has an '@' or a '%' */
	bool list; /* it has a comma */
};

/* Copies a token in brackets whose opening one is at i, brackets included; returns the offset
 * behind it. Comments nest, domain literals do not. */
static size_t copy_bracketed(struct mp_slice line, size_t i, char close, struct mp_buf *text)
{
	char open = line.p[i];
	size_t depth = 0;

	for (; i < line.n; i++) {
		char c = line.p[i];
		if (c == '\\' && i + 1 < line.n) {
			c = line.p[++i];
			mp_buf_putc(text, c);
			continue;
		}
		mp_buf_putc(text, c);
		depth += c == open && (open == '(' || depth == 0);
		if (c == close && --depth == 0) {
			return i + 1;
		}
	}
	return line.n;
}

/* Copies a quoted string whose opening quote is at i; returns the offset behind it. */
static size_t copy_quoted(struct mp_slice line, size_t i, struct mp_buf *text)
{
	for (i++; i < line.n && line.p[i] != '"'; i++) {
		if (line.p[i] == '\\' && i + 1 < line.n) {
			i++;
		}
		mp_buf_putc(text, line.p[i]);
	}
	return i < line.n ? i + 1 : i;
}

static bool is_special(char c)
{
	return c != '\0' && strchr("<>@,;:.])!%", c) != NULL;
}

static size_t copy_atom(struct mp_slice line, size_t i, struct mp_buf *text)
{
	while (i < line.n && !mp_is_space(line.p[i]) && !is_special(line.p[i]) &&
		strchr("\"([", line.p[i]) == NULL) {
		if (line.p[i] == '\\' && i + 1 < line.n) {
			i++;
		}
		mp_buf_putc(text, line.p[i++]);
	}
	return i;
}

/* Reads the token at i, which is no white space. Words that follow each other are separated by a
 * blank, also where none was written. */
static size_t read_token(struct mp_slice line, size_t i, struct name *name)
{
	char c = line.p[i];

	name->any = true;
	if (is_special(c)) {
		name->domain = name->domain || c == '@' || c == '%';
		name->list = name->list || c == ',';
		name->after_word = false;
		mp_buf_putc(name->text, c);
		return i + 1;
	}
	if (name->after_word) {
		mp_buf_putc(name->text, ' ');
	}
	name->after_word = true;
	switch (c) {
	case '(':
		return copy_bracketed(line, i, ')', name->text);
	case '[':
		return copy_bracketed(line, i, ']', name->text);
	case '"':
		return copy_quoted(line, i, name->text);
	default:
		return copy_atom(line, i, name->text);
	}
}

/* Reads the name up to its colon, whose offset is put into *colon. */
static enum name_end read_name(struct mp_slice line, struct mp_buf *text, size_t *colon)
{
	struct name name = {.text = text};
	size_t i = 0;

	while (i < line.n && line.p[i] != ':') {
		i = mp_is_space(line.p[i]) ? i + 1 : read_token(line, i, &name);
	}
	*colon = i < line.n ? i : line.n;
	if (i >= line.n || !name.any || name.list ||
		mp_slice_trim(mp_slice_from(line, i + 1)).n == 0) {
		return NAME_NO_PAIR;
	}
	return name.domain ? NAME_NOT_LOCAL : NAME_ENDED;
}

static void read_line(struct mp_table *table, const struct mp_lines *lines, struct mp_buf *name)
{
	size_t colon;

	mp_buf_reset(name);
	enum name_end end = read_name(lines->text, name, &colon);
	struct mp_loc loc = mp_lines_loc(lines, 0, colon);
	switch (end) {
	case NAME_NO_PAIR:
		mp_table_problem(table, MP_WARNING, "table/bad-line", loc,
			"an alias must have the form \"name: value\": Postfix skips the line");
		return;
	case NAME_NOT_LOCAL:
		mp_table_problem(table, MP_WARNING, "table/bad-line", loc,
			"the name of an alias must be local, without a domain: Postfix skips the "
			"line");
		return;
	case NAME_ENDED:
		break;
	}
	struct mp_slice value = mp_slice_trim(mp_slice_from(lines->text, colon + 1));
	if (!mp_text_add(table, mp_buf_slice(name), value, mp_lines_loc(lines, 0, lines->text.n))) {
		mp_table_problem(table, MP_WARNING, "table/duplicate", loc,
			"the alias stands here a second time: the first entry counts");
	}
}

/* The names are not known here: each is the question alias.exists NAME. */
static struct mp_table_result lookup_question(
	struct mp_table *table, const struct mp_lookup *lookup)
{
	const char *question = mp_arena_printf(lookup->arena, "alias.exists %s", lookup->key);

	(void)table;
	/* The name of an alias has no domain. */
	if (strchr(lookup->key, '@') != NULL) {
		return mp_table_none();
	}
	return mp_table_exists(mp_ask_found(lookup->world, question), lookup, "{table.value}");
}

static const struct mp_table_ops question_ops = {lookup_question, NULL, NULL, NULL};

void mp_open_aliases(struct mp_table *table, const char *name, unsigned depth)
{
	const struct mp_source *source = mp_text_source(table, name);
	struct mp_lines lines;
	struct mp_buf key;

	(void)depth;
	if (source == NULL) {
		if (mp_table_is_outside(table)) {
			table->ops = &question_ops;
		}
		return;
	}
	mp_text_make(table);
	mp_lines_init(&lines, source);
	mp_buf_init(&key, MP_LIMIT_FILE);
	while (mp_lines_next(&lines) && mp_text_has_room(table, &lines)) {
		if (!mp_text_is_bad_line(table, &lines)) {
			read_line(table, &lines, &key);
		}
	}
	mp_buf_release(&key);
	mp_lines_release(&lines);
}
