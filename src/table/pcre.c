/* pcre - Perl-compatible regular expressions, matched by PCRE2, as in Postfix from 3.7 on. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "table/pattern.h"

#include <pcre2.h>
#include <stdio.h>

static enum mp_flag toggle(char letter, unsigned *flags)
{
	static const struct {
		char letter;
		unsigned flag;
	} known[] = {{'i', PCRE2_CASELESS}, {'m', PCRE2_MULTILINE}, {'s', PCRE2_DOTALL},
		{'x', PCRE2_EXTENDED}, {'A', PCRE2_ANCHORED}, {'E', PCRE2_DOLLAR_ENDONLY},
		{'U', PCRE2_UNGREEDY}};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (known[i].letter == letter) {
			*flags ^= known[i].flag;
			return MP_FLAG_SET;
		}
	}
	return letter == 'X' ? MP_FLAG_OBSOLETE : MP_FLAG_UNKNOWN;
}

static void *compile(
	const char *expression, unsigned flags, unsigned *groups, char why[MP_PATTERN_WHY])
{
	int error;
	PCRE2_SIZE offset;
	uint32_t count = 0;
	pcre2_code *code = pcre2_compile(
		(PCRE2_SPTR)expression, PCRE2_ZERO_TERMINATED, flags, &error, &offset, NULL);

	if (code == NULL) {
		PCRE2_UCHAR text[MP_PATTERN_WHY - 40];
		pcre2_get_error_message(error, text, sizeof text);
		snprintf(why, MP_PATTERN_WHY, "%s (at offset %zu)", (const char *)text,
			(size_t)offset);
		return NULL;
	}
	pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &count);
	*groups = count;
	return code;
}

static void copy_groups(
	const pcre2_match_data *data, int matched, struct mp_group *groups, unsigned count)
{
	const PCRE2_SIZE *at = pcre2_get_ovector_pointer((pcre2_match_data *)(uintptr_t)data);

	for (unsigned i = 0; i < count; i++) {
		bool set =
			(int)i < matched && at[2 * i] != PCRE2_UNSET && at[2 * i] <= at[2 * i + 1];
		groups[i] = set ? (struct mp_group){(long)at[2 * i], (long)at[2 * i + 1]}
				: (struct mp_group){-1, -1};
	}
}

static enum mp_match match(
	const void *compiled, const char *text, struct mp_group *groups, unsigned count)
{
	pcre2_match_context *context = pcre2_match_context_create(NULL);
	pcre2_match_data *data = pcre2_match_data_create_from_pattern(compiled, NULL);
	enum mp_match result = MP_MATCH_FAILED;

	if (context != NULL && data != NULL) {
		pcre2_set_match_limit(context, MP_LIMIT_PCRE_MATCH);
		pcre2_set_depth_limit(context, MP_LIMIT_PCRE_DEPTH);
		int n = pcre2_match(
			compiled, (PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, 0, 0, data, context);
		if (n > 0) {
			copy_groups(data, n, groups, count);
			result = MP_MATCH_YES;
		} else if (n == PCRE2_ERROR_NOMATCH) {
			result = MP_MATCH_NO;
		}
	}
	pcre2_match_data_free(data);
	pcre2_match_context_free(context);
	return result;
}

static void free_compiled(void *compiled)
{
	pcre2_code_free(compiled);
}

static const struct mp_pattern_engine engine = {
	PCRE2_CASELESS | PCRE2_DOTALL, false, toggle, compile, match, free_compiled};

void mp_open_pcre(struct mp_table *table, const char *name, unsigned depth)
{
	(void)depth;
	mp_open_patterns(table, name, &engine);
}
