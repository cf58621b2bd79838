/* Case folding, with the characters that fold in unusual ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/fold.h"

static void test_fold(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {{"", ""}, {"AbC.d", "abc.d"}, {"\xc3\x84x", "\xc3\xa4x"},
		{"\xc3\xa4", "\xc3\xa4"}, {"\xc3\x9f", "ss"}, {"\xe1\xba\x9e", "ss"},
		{"\xc4\x80\xc4\x81", "\xc4\x81\xc4\x81"}, {"\xc4\xb0", "i\xcc\x87"},
		{"\xce\xa3\xcf\x82", "\xcf\x83\xcf\x83"}, {"\xd0\x96", "\xd0\xb6"},
		{"\xef\xac\x83", "ffi"}, {"\xe1\x8f\xb8", "\xe1\x8f\xb0"},
		{"\xf0\x90\x90\x80", "\xf0\x90\x90\xa8"}, {"A\xe4Z", "a\xe4z"},
		{"\xe2\x84\xaa", "k"}, {"\xc3\x97", "\xc3\x97"}};
	struct mp_arena arena = {0};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_string_equal(mp_fold(&arena, mp_slice_str(cases[i].text)), cases[i].want);
	}
	mp_arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
