/*
 * dsn - enhanced status codes in the texts of tables and replies (RFC 3463, reference 7.3).
 */
#include "postfix/lookup/dsn.h"
#include "base/ascii.h"

static size_t digits_at(const char *s)
{
	size_t n = 0;

	while (mp_is_digit(s[n])) {
		n++;
	}
	return n;
}

size_t pf_dsn_valid(const char *text)
{
	const char *s = text;

	if ((*s != '2' && *s != '4' && *s != '5') || s[1] != '.') {
		return 0;
	}
	s += 2;
	size_t n = digits_at(s);
	if (n < 1 || n > 3 || s[n] != '.') {
		return 0;
	}
	s += n + 1;
	n = digits_at(s);
	if (n < 1 || n > 3 || (s[n] != '\0' && !mp_is_space(s[n]))) {
		return 0;
	}
	return (size_t)(s - text) + n;
}

const char *pf_dsn_split(
	struct mp_arena *arena, const char *fallback, const char *text, const char **words)
{
	while (mp_is_space(*text)) {
		text++;
	}
	size_t n = pf_dsn_valid(text);
	const char *dsn = n > 0 ? mp_arena_memdup(arena, text, n) : fallback;
	text += n;
	while (mp_is_space(*text)) {
		text++;
	}
	*words = text;
	return dsn;
}

/* The last digits of x.1.y for a sender and for a recipient, by y. */
static const struct {
	const char *detail, *sender, *recipient;
} address_details[] = {
	{"1", "7", "1"}, /* bad mailbox */
	{"2", "8", "2"}, /* bad system */
	{"3", "7", "3"}, /* bad syntax */
	{"4", "7", "4"}, /* ambiguous */
	{"5", "0", "5"}, /* valid */
	{"6", "7", "6"}, /* moved */
	{"7", "7", "3"}, /* bad sender syntax */
	{"8", "8", "2"}, /* bad sender system */
};

const char *pf_dsn_fit(struct mp_arena *arena, const char *dsn, const char *class)
{
	bool sender = mp_str_eq(class, PF_NAME_SENDER);

	if (strncmp(dsn + 1, ".1.", 3) != 0) {
		return dsn;
	}
	if (!sender && !mp_str_eq(class, PF_NAME_RECIPIENT)) {
		return "4.0.0";
	}
	for (size_t i = 0; i < sizeof address_details / sizeof address_details[0]; i++) {
		if (mp_str_eq(dsn + 4, address_details[i].detail)) {
			return mp_arena_printf(arena, "4.1.%s",
				sender ? address_details[i].sender : address_details[i].recipient);
		}
	}
	return "4.1.0";
}
