/* prediction_table - the outcomes at one listener as a table of scenarios and clients. */
#include "report/prediction_table.h"

#include "base/arena.h"
#include "base/vec.h"
#include "report/terminal.h"

enum { LABEL_MOST = 46 };

/* A client that plays here, or several who get the same answers. */
struct column {
	const struct mp_predicted *first;
	const char *head, *below; /* "trusted", "10.0.0.0/8" */
	size_t clients;
	size_t width;
	bool hidden; /* another column stands for it */
};

/* A scenario, with the name that it is played with. */
struct row {
	const char *scenario, *with;
	size_t group; /* index */
	const char **cells; /* one per column; NULL: not played */
	bool shown;
};

struct group {
	const char *name;
	size_t rows;
	const char **common; /* one per column: what most of its scenarios come to */
};

struct table {
	struct mp_arena arena;
	MP_VEC(struct column) columns;
	MP_VEC(struct row) rows;
	MP_VEC(struct group) groups;
	size_t label_width;
};

static bool same_client(const struct mp_predicted *a, const struct mp_predicted *b)
{
	return mp_str_eq(a->client, b->client) && mp_ip_eq(&a->address, &b->address);
}

static void add_columns(struct table *t, const struct mp_predicted *v, size_t n)
{
	char ip[MP_IP_TEXT];

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && same_client(&v[i - 1], &v[i])) {
			continue;
		}
		struct column c = {
			.first = &v[i], .head = v[i].client, .clients = 1 + v[i].alike_count};
		mp_ip_format(&v[i].address, ip);
		c.below = mp_arena_strdup(&t->arena, v[i].network[0] != '\0' ? v[i].network : ip);
		if (c.clients > 1) {
			c.below = mp_arena_printf(&t->arena, "%s +%zu", c.below, c.clients - 1);
		}
		mp_vec_push(&t->columns, c);
	}
}

static size_t find_group(struct table *t, const char *name)
{
	size_t i = 0;

	while (i < t->groups.n && !mp_str_eq(t->groups.v[i].name, name)) {
		i++;
	}
	if (i == t->groups.n) {
		struct group group = {.name = name};
		mp_vec_push(&t->groups, group);
	}
	return i;
}

/* The outcomes of one scenario stand together, and clients play them in one order: it is near. */
static struct row *find_row(struct table *t, const struct mp_predicted *p, size_t near)
{
	for (size_t k = 0; k < t->rows.n; k++) {
		size_t i = (near + k) % t->rows.n;
		if (mp_str_eq(t->rows.v[i].scenario, p->scenario) &&
			mp_str_eq(t->rows.v[i].with, p->with)) {
			return &t->rows.v[i];
		}
	}
	struct row row = {.scenario = p->scenario, .with = p->with};
	row.group = find_group(t, p->group);
	t->groups.v[row.group].rows++;
	row.cells = mp_arena_array(&t->arena, t->columns.n, sizeof *row.cells);
	mp_vec_push(&t->rows, row);
	return &t->rows.v[t->rows.n - 1];
}

/* "refused", "accepted-relay, discarded", "refused?" where there may be others. */
static const char *cell_text(struct table *t, const char *before, const struct mp_predicted *p)
{
	const char *own = mp_arena_printf(&t->arena, "%s%s%s", mp_outcome_name(p->outcome),
		p->discarded ? ", discarded" : "", p->truncated ? "?" : "");

	if (before == NULL) {
		return own;
	}
	/* Several not-reached differ in their reasons only. */
	return strstr(before, own) != NULL ? before
					   : mp_arena_printf(&t->arena, "%s | %s", before, own);
}

static void add_cells(struct table *t, const struct mp_predicted *v, size_t n)
{
	size_t column = 0;
	size_t near = 0;

	for (size_t i = 0; i < n; i++) {
		column += i > 0 && !same_client(&v[i - 1], &v[i]);
		struct row *row = find_row(t, &v[i], near);
		near = (size_t)(row - t->rows.v);
		row->cells[column] = cell_text(t, row->cells[column], &v[i]);
	}
}

static bool same_cell(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : mp_str_eq(a, b);
}

/* Clients of one class who get the same answers share a column. */
static void merge_columns(struct table *t)
{
	for (size_t i = 0; i < t->columns.n; i++) {
		struct column *c = &t->columns.v[i];
		for (size_t k = 0; k < i && !c->hidden; k++) {
			struct column *other = &t->columns.v[k];
			bool same = !other->hidden && mp_str_eq(c->head, other->head);
			for (size_t r = 0; same && r < t->rows.n; r++) {
				same = same_cell(t->rows.v[r].cells[i], t->rows.v[r].cells[k]);
			}
			if (same) {
				c->hidden = true;
				other->clients += c->clients;
				other->below = mp_arena_printf(&t->arena, "%s +%zu",
					other->first->network[0] != '\0' ? other->first->network
									 : other->below,
					other->clients - 1);
			}
		}
	}
}

/* What most scenarios of the group come to in a column; NULL where none is played. */
static const char *common_cell(const struct table *t, size_t group, size_t column)
{
	enum { KINDS = 32 }; /* more different cells than that are no common one */
	const char *kinds[KINDS] = {NULL};
	size_t counts[KINDS] = {0};
	size_t best = 0;

	for (size_t i = 0; i < t->rows.n; i++) {
		const char *cell = t->rows.v[i].cells[column];
		size_t k = 0;
		if (cell == NULL || t->rows.v[i].group != group) {
			continue;
		}
		while (k < KINDS && kinds[k] != NULL && !mp_str_eq(kinds[k], cell)) {
			k++;
		}
		if (k < KINDS) {
			kinds[k] = cell;
			best = ++counts[k] > counts[best] ? k : best;
		}
	}
	return kinds[best];
}

static void find_common(struct table *t)
{
	for (size_t g = 0; g < t->groups.n; g++) {
		struct group *group = &t->groups.v[g];
		group->common = mp_arena_array(&t->arena, t->columns.n, sizeof *group->common);
		for (size_t i = 0; i < t->columns.n; i++) {
			group->common[i] = common_cell(t, g, i);
		}
	}
}

static size_t text_width(const char *text)
{
	return text != NULL ? strlen(text) : 1;
}

static void widen(size_t *width, const char *text)
{
	*width = text_width(text) > *width ? text_width(text) : *width;
}

static const char *label_of(struct table *t, const struct row *row)
{
	return row->with[0] == '\0'
		? row->scenario
		: mp_arena_printf(&t->arena, "%s (%s)", row->scenario, row->with);
}

static void pad(FILE *out, size_t n)
{
	for (; n > 0; n--) {
		fputc(' ', out);
	}
}

static enum mp_style style_of(const struct column *c, const char *cell)
{
	if (cell == NULL) {
		return MP_STYLE_DIM;
	}
	if (mp_str_eq(c->head, "outsider") && strstr(cell, "accepted-relay") != NULL) {
		return MP_STYLE_RED;
	}
	return strstr(cell, "depends") != NULL || strchr(cell, '?') != NULL ? MP_STYLE_YELLOW
									    : MP_STYLE_PLAIN;
}

static void put_label(FILE *out, const struct table *t, const char *indent, const char *label)
{
	struct mp_slice shown = mp_slice_str(label);

	if (shown.n > LABEL_MOST) {
		shown = mp_slice_sub(shown, 0, LABEL_MOST - 3);
	}
	fputs(indent, out);
	mp_print_safe(out, shown);
	fputs(shown.n < strlen(label) ? "..." : "", out);
	size_t used = strlen(indent) + (strlen(label) > LABEL_MOST ? LABEL_MOST : shown.n);
	pad(out, t->label_width > used ? t->label_width - used : 0);
}

static bool last_column(const struct table *t, size_t index)
{
	for (size_t i = index + 1; i < t->columns.n; i++) {
		if (!t->columns.v[i].hidden) {
			return false;
		}
	}
	return true;
}

static void put_cells(FILE *out, bool color, const struct table *t, const char *const *cells)
{
	for (size_t i = 0; i < t->columns.n; i++) {
		const struct column *c = &t->columns.v[i];
		if (c->hidden) {
			continue;
		}
		fputs("  ", out);
		mp_print_style(out, color, style_of(c, cells[i]));
		fputs(cells[i] != NULL ? cells[i] : "-", out);
		mp_print_style(out, color, MP_STYLE_PLAIN);
		pad(out, last_column(t, i) ? 0 : c->width - text_width(cells[i]));
	}
	fputc('\n', out);
}

static void put_heads(FILE *out, bool color, const struct table *t)
{
	mp_print_style(out, color, MP_STYLE_DIM);
	for (int line = 0; line < 2; line++) {
		pad(out, t->label_width);
		for (size_t i = 0; i < t->columns.n; i++) {
			const struct column *c = &t->columns.v[i];
			const char *text = line == 0 ? c->head : c->below;
			if (!c->hidden) {
				fputs("  ", out);
				mp_print_cell(out, text, last_column(t, i) ? 0 : c->width);
			}
		}
		fputc('\n', out);
	}
	mp_print_style(out, color, MP_STYLE_PLAIN);
}

/* Whether the row comes to something else than its group. */
static bool stands_out(const struct table *t, const struct row *row)
{
	const char *const *common = t->groups.v[row->group].common;

	for (size_t i = 0; i < t->columns.n; i++) {
		if (row->cells[i] != NULL && !same_cell(row->cells[i], common[i])) {
			return true;
		}
	}
	return false;
}

static void measure(struct table *t, bool all)
{
	for (size_t i = 0; i < t->columns.n; i++) {
		struct column *c = &t->columns.v[i];
		widen(&c->width, c->head);
		widen(&c->width, c->below);
		for (size_t r = 0; r < t->rows.n; r++) {
			widen(&c->width, t->rows.v[r].cells[i]);
		}
	}
	for (size_t r = 0; r < t->rows.n; r++) {
		size_t width = 4 + strlen(label_of(t, &t->rows.v[r]));
		if ((all || t->rows.v[r].shown) && width > t->label_width) {
			t->label_width = width < 4 + LABEL_MOST ? width : 4 + LABEL_MOST;
		}
	}
	t->label_width = t->label_width < 24 ? 24 : t->label_width;
}

static void put_group(FILE *out, bool color, struct table *t, size_t index, bool all)
{
	const struct group *group = &t->groups.v[index];

	put_label(out, t, "  ", mp_arena_printf(&t->arena, "%s (%zu)", group->name, group->rows));
	put_cells(out, color, t, group->common);
	for (size_t i = 0; i < t->rows.n; i++) {
		const struct row *row = &t->rows.v[i];
		if (row->group == index && (all || row->shown)) {
			put_label(out, t, "    ", label_of(t, row));
			put_cells(out, color, t, row->cells);
		}
	}
}

void mp_prediction_table(
	FILE *out, bool color, const struct mp_predicted *outcomes, size_t n, bool all)
{
	struct table t = {0};

	add_columns(&t, outcomes, n);
	add_cells(&t, outcomes, n);
	merge_columns(&t);
	find_common(&t);
	for (size_t i = 0; i < t.rows.n; i++) {
		t.rows.v[i].shown = stands_out(&t, &t.rows.v[i]);
	}
	measure(&t, all);
	put_heads(out, color, &t);
	for (size_t i = 0; i < t.groups.n; i++) {
		put_group(out, color, &t, i, all);
	}
	mp_vec_release(&t.columns);
	mp_vec_release(&t.rows);
	mp_vec_release(&t.groups);
	mp_arena_release(&t.arena);
}
