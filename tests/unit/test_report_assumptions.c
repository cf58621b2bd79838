/* what a prediction rests on, as a person sees it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "report/assumptions_text.h"

#include <stdlib.h>

static void assert_text(const char *const *assumptions, size_t n, const char *want)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	mp_assumptions_text(out, "if ", "and ", assumptions, n);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

static void test_each(void **state)
{
	static const char *const few[] = {"table.lookup hash:a x = none",
		"host.name = not a.example", "table.lookup hash:a y = none",
		"table.lookup hash:a \x1b = none"};

	(void)state;
	assert_text(NULL, 0, "");
	assert_text(few, 4,
		"if table.lookup hash:a x = none\nand host.name = not a.example\n"
		"and table.lookup hash:a y = none\nand table.lookup hash:a \\x1B = none\n");
}

/* Keys of one table that are not there share a line; those of another, and those that are there,
 * have their own. */
static void test_together(void **state)
{
	static const char *const many[] = {"file.exists /a.db = found",
		"table.lookup hash:a 1 = none", "table.lookup hash:b 1 = none",
		"table.lookup hash:a 2 = none", "table.lookup hash:a 3 = RELAY",
		"table.lookup hash:a 4 \x1b = none", "table.lookup hash:a 5 = none",
		"table.lookup hash:a 6 = none"};

	(void)state;
	assert_text(many, 8,
		"if file.exists /a.db = found\nand hash:a has none of 1, 2, 4 \\x1B and 2 more\n"
		"and table.lookup hash:b 1 = none\nand table.lookup hash:a 3 = RELAY\n");
	assert_text(many + 1, 7,
		"if hash:a has none of 1, 2, 4 \\x1B and 2 more\n"
		"and table.lookup hash:b 1 = none\nand table.lookup hash:a 3 = RELAY\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each),
		cmocka_unit_test(test_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
