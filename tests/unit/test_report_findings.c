/* a finding as a person sees it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "diag/finding.h"
#include "report/findings_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct mp_source *source(struct mp_arena *arena, const char *name, const char *text)
{
	return mp_source_new(arena, name, name, mp_slice_str(text));
}

static void test_print(void **state)
{
	struct mp_arena arena = {0};
	struct mp_source *a = source(&arena, "main.cf", "x = 1\n\tbad \x1b value\n\ty = 2\n");
	struct mp_findings f;
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	(void)state;
	mp_findings_init(&f, &arena);
	mp_finding_add(&f, MP_ERROR, "t/one", mp_loc(a, 22, 23), "write it so", "wrong \x1b word");
	mp_finding_add(&f, MP_NOTE, "t/two", mp_loc(a, 8, 9), "", "no caret");
	mp_finding_print(out, false, &f.list.v[0]);
	mp_finding_print(out, false, &f.list.v[1]);
	fclose(out);
	assert_string_equal(text,
		"main.cf:3:4: error: wrong \\x1B word [t/one]\n    \ty = 2\n    \t  ^\n"
		"    to do: write it so\nmain.cf:2:3: note: no caret [t/two]\n");
	free(text);
	mp_findings_release(&f);
	mp_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_print),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
