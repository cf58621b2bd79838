/* assumptions_text - what a prediction rests on, in a text report. */
#include "report/assumptions_text.h"

#include "base/slice.h"
#include "report/terminal.h"

enum {
	FEW = 3, /* keys of a table that stand on a line each */
	SHOWN = 3 /* keys that are named where more share a line */
};

/* "table.lookup hash:/etc/mail/access to:example.com = none": a key that the table does not have.
 */
static bool is_absent_key(const char *assumption, struct mp_slice *table, struct mp_slice *key)
{
	static const char lookup[] = "table.lookup ", none[] = " = none";
	struct mp_slice s = mp_slice_str(assumption);
	size_t blank;

	if (!mp_slice_starts(s, lookup) || !mp_slice_ends(s, none)) {
		return false;
	}
	s = mp_slice_sub(s, sizeof lookup - 1, s.n - (sizeof none - 1));
	blank = mp_slice_chr(s, ' ');
	if (blank == MP_NOT_FOUND) {
		return false;
	}
	*table = mp_slice_sub(s, 0, blank);
	*key = mp_slice_from(s, blank + 1);
	return true;
}

/* Keys of the table among the first n assumptions. */
static size_t count_keys(const char *const *assumptions, size_t n, struct mp_slice table)
{
	struct mp_slice other, key;
	size_t found = 0;

	for (size_t i = 0; i < n; i++) {
		found += is_absent_key(assumptions[i], &other, &key) && mp_slice_eq(other, table);
	}
	return found;
}

static void put_keys(
	FILE *out, const char *const *assumptions, size_t n, struct mp_slice table, size_t keys)
{
	struct mp_slice other, key;
	size_t shown = 0;

	mp_print_safe(out, table);
	fputs(" has none of ", out);
	for (size_t i = 0; i < n && shown < SHOWN; i++) {
		if (is_absent_key(assumptions[i], &other, &key) && mp_slice_eq(other, table)) {
			fputs(shown++ > 0 ? ", " : "", out);
			mp_print_safe(out, key);
		}
	}
	fprintf(out, " and %zu more", keys - shown);
}

void mp_assumptions_text(
	FILE *out, const char *first, const char *next, const char *const *assumptions, size_t n)
{
	const char *before = first;
	struct mp_slice table, key;

	for (size_t i = 0; i < n; i++) {
		bool absent = is_absent_key(assumptions[i], &table, &key);
		size_t keys = absent ? count_keys(assumptions, n, table) : 0;

		if (keys > FEW && count_keys(assumptions, i, table) > 0) {
			continue;
		}
		fputs(before, out);
		before = next;
		if (keys > FEW) {
			put_keys(out, assumptions, n, table, keys);
		} else {
			mp_print_safe_str(out, assumptions[i]);
		}
		fputc('\n', out);
	}
}
