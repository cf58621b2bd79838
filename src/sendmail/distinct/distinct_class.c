/* distinct_class - the words of classes that rules compare with. */
#include "sendmail/distinct/distinct_internal.h"

/* Classes of the cf library whose words are what rules say to each other, or domains that do not
 * exist in the DNS: no client is called so. */
static bool is_vocabulary(const char *class)
{
	static const char *const names[] = {"{Accept}", "{ResOk}", "{SMTPOpModes}", "{SpamTag}",
		"{Src}", "{Tls}", "{TlsVerified}", "{TrustAuthMech}", "P"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (mp_str_eq(class, names[i])) {
			return true;
		}
	}
	return false;
}

/* A rule may ask for the end of a name ("$* $=R"). */
static void add_hosts_below(
	struct sm_distinct_list *l, const char *domain, const char *class, struct mp_reason because)
{
	const char *host =
		mp_arena_printf(l->arena, "host%s%s", domain[0] == '.' ? "" : ".", domain);
	const char *pattern = host + strlen("host");
	const char *like = mp_arena_printf(l->arena, "below class %s", class);

	sm_distinct_add_text(l, MP_ASPECT_NAME, pattern, host, like, because);
	sm_distinct_add_text(
		l, MP_ASPECT_SENDER, pattern, sm_distinct_mailbox(l, host), like, because);
	sm_distinct_add_text(
		l, MP_ASPECT_RECIPIENT, pattern, sm_distinct_mailbox(l, host), like, because);
}

static void add_words(
	struct sm_distinct_list *l, const struct sm_class *c, const char *name, bool ends)
{
	for (size_t i = 0; i < c->words.n; i++) {
		const char *word = c->words.v[i].word;
		bool domain = sm_distinct_is_name(word) && strchr(word, '.') != NULL;
		struct mp_reason because = {
			c->words.v[i].loc, mp_arena_printf(l->arena, "class %s: %s", name, word)};
		const char *like = mp_arena_printf(l->arena, "class %s %s", name,
			word[0] == '[' || strchr(word, '.') == NULL ? word : "");

		if (ends && domain) {
			add_hosts_below(l, word, name, because);
		}
		if (!ends) {
			sm_distinct_add_client(l, word, like, because);
		}
		if (!ends && domain) {
			sm_distinct_add_mail(l, MP_ASPECT_SENDER, word, like, because);
			sm_distinct_add_mail(l, MP_ASPECT_RECIPIENT, word, like, because);
		}
	}
}

void sm_distinct_add_class(struct sm_distinct_list *l, const struct sm_rule *r, size_t i)
{
	unsigned id = r->lhs[i].arg;
	const struct sm_class *c = id < l->cf->classes.n ? l->cf->classes.v[id] : NULL;
	const char *name = sm_names_text(l->cf->names, id);
	bool ends = i > 0 &&
		(r->lhs[i - 1].symbol == SM_SYM_ZANY || r->lhs[i - 1].symbol == SM_SYM_ANY);

	if (c == NULL || is_vocabulary(name)) {
		return;
	}
	if (!l->classes[id].whole) {
		l->classes[id].whole = true;
		add_words(l, c, name, false);
	}
	if (ends && !l->classes[id].ends) {
		l->classes[id].ends = true;
		add_words(l, c, name, true);
	}
}
