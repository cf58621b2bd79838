/*
 * regexp - POSIX regular expressions, matched by the C library, as in Postfix.
 *
 * regcomp() multiplies an expression out for each repetition count and calls itself for each
 * bracket, so that a short hostile expression could take all memory or stack. What would become too
 * large is not given to it.
 */
#include "table/pattern.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

enum { MAX_NESTING = 200, MAX_SIZE = 100000, MAX_TEXT = 64 * 1024 };

static enum mp_flag toggle(char letter, unsigned *flags)
{
	switch (letter) {
	case 'i':
		*flags ^= REG_ICASE;
		return MP_FLAG_SET;
	case 'm':
		*flags ^= REG_NEWLINE;
		return MP_FLAG_SET;
	case 'x':
		*flags ^= REG_EXTENDED;
		return MP_FLAG_SET;
	default:
		return MP_FLAG_UNKNOWN;
	}
}

/* The highest count of "{m,n}" at p. */
static unsigned long repetition(const char *p)
{
	char *end;
	unsigned long low = strtoul(p + 1, &end, 10);
	unsigned long high = *end == ',' ? strtoul(end + 1, &end, 10) : low;
	unsigned long most = low > high ? low : high;

	return most > 0 ? most : 1;
}

/* What stands at p: '(' ')' '{' '+' as operators, '*' for those that repeat without making more of
 * it, else 'a'. *p is moved to its last byte. */
static char operator_at(const char **p, bool extended)
{
	bool escaped = **p == '\\' && (*p)[1] != '\0';
	char c = *(*p += escaped);

	switch (c) {
	case '{':
		return c;
	case '(':
	case ')':
		return escaped ? 'a' : c;
	case '+':
		return escaped != extended ? c : 'a';
	case '*':
	case '?':
		return escaped ? 'a' : '*';
	default:
		return 'a';
	}
}

/* An estimate, from above, of the number of parts that an expression is multiplied out to: what
 * each group and each repeated part comes to. */
static bool is_too_large(const char *p, bool extended)
{
	unsigned long size[MAX_NESTING + 1] = {0};
	unsigned long last = 0; /* the size of the part before p */
	unsigned long times = 1;
	unsigned depth = 0;

	for (; *p != '\0'; p++) {
		switch (operator_at(&p, extended)) {
		case '(':
			if (++depth > MAX_NESTING) {
				return true;
			}
			size[depth] = 0;
			break;
		case ')':
			last = size[depth] + 1;
			depth -= depth > 0;
			size[depth] += last;
			break;
		case '{':
			times = repetition(p);
			if (times > MAX_SIZE || last * times > MAX_SIZE) {
				return true;
			}
			size[depth] += last * times;
			last *= times;
			break;
		case '+':
			/* x+ is made of x and x*: each of "x+++" doubles what is before it. */
			size[depth] += last;
			last *= 2;
			break;
		case '*':
			size[depth]++;
			break;
		default:
			last = 1;
			size[depth]++;
			break;
		}
		if (size[depth] > MAX_SIZE) {
			return true;
		}
	}
	return false;
}

static void *compile(
	const char *expression, unsigned flags, unsigned *groups, char why[MP_PATTERN_WHY])
{
	if (is_too_large(expression, (flags & REG_EXTENDED) != 0)) {
		snprintf(why, MP_PATTERN_WHY, "the expression is too large to be tried here");
		return NULL;
	}
	regex_t *compiled = mp_alloc(sizeof *compiled);
	int error = regcomp(compiled, expression, (int)flags);
	if (error != 0) {
		regerror(error, compiled, why, MP_PATTERN_WHY);
		free(compiled);
		return NULL;
	}
	*groups = (unsigned)compiled->re_nsub;
	return compiled;
}

static enum mp_match match(
	const void *compiled, const char *text, struct mp_group *groups, unsigned count)
{
	regmatch_t matched[128];

	if (strlen(text) > MAX_TEXT) {
		return MP_MATCH_FAILED;
	}
	if (count > sizeof matched / sizeof matched[0]) {
		MP_BUG("too many groups");
	}
	int error = regexec(compiled, text, count, matched, 0);
	if (error != 0) {
		return error == REG_NOMATCH ? MP_MATCH_NO : MP_MATCH_FAILED;
	}
	for (unsigned i = 0; i < count; i++) {
		groups[i] = (struct mp_group){matched[i].rm_so, matched[i].rm_eo};
	}
	return MP_MATCH_YES;
}

static void free_compiled(void *compiled)
{
	regfree(compiled);
	free(compiled);
}

static const struct mp_pattern_engine engine = {
	REG_EXTENDED | REG_ICASE, true, toggle, compile, match, free_compiled};

const struct mp_pattern_engine *mp_regexp_engine(void)
{
	return &engine;
}

void mp_open_regexp(struct mp_table *table, const char *name, unsigned depth)
{
	(void)depth;
	mp_open_patterns(table, name, &engine);
}
