/*
 * alias - tables in the format of aliases(5), which postalias(1) compiles.
 *
 * A line is "name: value, value, ...". The name is a local part in RFC 822 syntax: quotes,
 * backslashes and comments are taken off. Only the names matter to an SMTP server, so the values
 * are kept as they are written.
 */
#include "base/ascii.h"
#include "table/lines.h"
#include "table/private.h"
#include "table/text.h"

/* How reading a name ended. */
enum name_end { NAME_ENDED, NAME_NOT_LOCAL, NAME_NO_PAIR };

/* Skips a comment whose opening bracket is at i; returns the offset behind it. */
static size_t skip_comment(struct mp_slice line, size_t i)
{
	unsigned depth = 0;

	for (; i < line.n; i++) {
		if (line.p[i] == '\\') {
			i++;
		} else if (line.p[i] == '(') {
			depth++;
		} else if (line.p[i] == ')' && --depth == 0) {
			return i + 1;
		}
	}
	return line.n;
}

/* Copies a quoted string whose opening quote is at i; returns the offset behind it. */
static size_t copy_quoted(struct mp_slice line, size_t i, struct mp_buf *name)
{
	for (i++; i < line.n && line.p[i] != '"'; i++) {
		if (line.p[i] == '\\' && i + 1 < line.n) {
			i++;
		}
		mp_buf_putc(name, line.p[i]);
	}
	return i < line.n ? i + 1 : i;
}

/* Reads the name up to its colon, whose offset is put into *colon. */
static enum name_end read_name(struct mp_slice line, struct mp_buf *name, size_t *colon)
{
	bool local = true;
	bool list = false;
	bool any = false;
	bool gap = false;
	size_t i = 0;

	while (i < line.n && line.p[i] != ':') {
		char c = line.p[i];
		if (c == '(') {
			i = skip_comment(line, i);
			continue;
		}
		if (mp_is_space(c)) {
			gap = any;
			i++;
			continue;
		}
		if (gap) {
			mp_buf_putc(name, ' ');
			gap = false;
		}
		any = true;
		if (c == '"') {
			i = copy_quoted(line, i, name);
			continue;
		}
		local = local && c != '@' && c != '%';
		list = list || c == ',';
		if (c == '\\' && i + 1 < line.n) {
			c = line.p[++i];
		}
		mp_buf_putc(name, c);
		i++;
	}
	*colon = i;
	if (i == line.n || !any || list || mp_slice_trim(mp_slice_from(line, i + 1)).n == 0) {
		return NAME_NO_PAIR;
	}
	return local ? NAME_ENDED : NAME_NOT_LOCAL;
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
	struct mp_table_result result = {.status = MP_TABLE_FOUND, .value = "{table.value}"};
	const char *question = mp_arena_printf(lookup->arena, "alias.exists %s", lookup->key);

	(void)table;
	result.outside = lookup->role == MP_ROLE_VALUE;
	switch (mp_ask_found(lookup->world, question)) {
	case MP_NONE:
		return mp_table_none();
	case MP_TEMPFAIL:
		return mp_table_error();
	case MP_FOUND:
		break;
	}
	return result;
}

static const struct mp_table_ops question_ops = {lookup_question, NULL, NULL};

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
