/* privacy - PrivacyOptions: words, and what they stand for. */
#include "sendmail/smtp/privacy.h"

#include "base/ascii.h"
#include "sendmail/cf/read.h"

static const struct {
	const char *word;
	unsigned flags;
} words[] = {
	{"public", 0},
	{"needmailhelo", SM_PRIV_NEEDMAILHELO},
	{"needexpnhelo", SM_PRIV_NEEDEXPNHELO},
	{"needvrfyhelo", SM_PRIV_NEEDVRFYHELO},
	{"noexpn", SM_PRIV_NOEXPN},
	{"novrfy", SM_PRIV_NOVRFY},
	{"noverb", SM_PRIV_NOVERB},
	{"noetrn", SM_PRIV_NOETRN},
	{"noreceipts", SM_PRIV_NORECEIPTS},
	{"restrictexpand", 0},
	{"restrictmailq", 0},
	{"restrictqrun", 0},
	{"authwarnings", 0},
	{"nobodyreturn", 0},
	{"noactualrecipient", 0},
	{"noreflection", 0},
	{"goaway",
		SM_PRIV_NEEDMAILHELO | SM_PRIV_NEEDEXPNHELO | SM_PRIV_NEEDVRFYHELO |
			SM_PRIV_NOEXPN | SM_PRIV_NOVRFY | SM_PRIV_NOVERB},
};

/* The next word from *at on; false at the end. */
static bool next_word(const char *value, size_t *at, struct mp_slice *word)
{
	size_t i = *at;

	while (value[i] != '\0' && !mp_is_alnum(value[i])) {
		i++;
	}

	size_t from = i;

	while (mp_is_alnum(value[i])) {
		i++;
	}
	*at = i;
	*word = mp_slice(value + from, i - from);
	return word->n > 0;
}

/* The flags of one line; *unknown is a word that there is not. */
static unsigned line_flags(const char *value, struct mp_slice *unknown)
{
	unsigned flags = 0;
	size_t at = 0;
	struct mp_slice word;

	while (next_word(value, &at, &word)) {
		size_t i = 0, n = sizeof words / sizeof *words;

		while (i < n && !mp_slice_ieq_str(word, words[i].word)) {
			i++;
		}
		if (i < n) {
			flags |= words[i].flags;
		} else {
			*unknown = word;
		}
	}
	return flags;
}

unsigned sm_privacy_read(struct sm_cf *cf)
{
	unsigned flags = 0;

	for (size_t i = 0; i < cf->options.n; i++) {
		const struct sm_option *o = &cf->options.v[i];
		struct mp_slice unknown = {0};

		if (!mp_str_eq(o->name, "PrivacyOptions")) {
			continue;
		}
		flags |= line_flags(o->value, &unknown);
		if (unknown.n > 0) {
			sm_cf_refuse(cf, o->loc, "cf/privacy-flag",
				"write flags that this sendmail knows, as authwarnings, novrfy, "
				"noexpn, restrictqrun, goaway",
				"readcf: Op line: %.*s unrecognized",
				MP_SLICE_ARG(mp_slice_sub(unknown, 0, 80)));
		}
	}
	return flags;
}

const struct sm_option *sm_privacy_line(const struct sm_cf *cf, enum sm_privacy flag)
{
	for (size_t i = 0; i < cf->options.n; i++) {
		const struct sm_option *o = &cf->options.v[i];
		struct mp_slice unknown = {0};

		if (mp_str_eq(o->name, "PrivacyOptions") &&
			(line_flags(o->value, &unknown) & (unsigned)flag) != 0) {
			return o;
		}
	}
	return NULL;
}
