/*
 * member - whether a phrase is in a class: by its words, by the server's own names and addresses,
 * and by sources that are not at hand and are asked for.
 */
#include "base/ascii.h"
#include "sendmail/rule/run.h"

/* Whether a phrase is written as names of hosts are: nothing else needs to be asked for. */
static bool is_host_name(const char *phrase)
{
	size_t n = strlen(phrase);

	if (strchr(phrase, '.') == NULL || phrase[0] == '.' || phrase[n - 1] == '.' ||
		strstr(phrase, "..") != NULL) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (!mp_is_alnum(phrase[i]) && strchr(".-_", phrase[i]) == NULL) {
			return false;
		}
	}
	return true;
}

/* Whether a name that is not known could be this word. */
static bool could_be_host(struct sm_run *run, unsigned class, const char *phrase)
{
	const char *name = sm_names_text(run->cf->names, class);

	if (mp_str_eq(name, "w")) {
		size_t n = strlen(phrase);

		if (!run->cf->host.name_known && is_host_name(phrase) &&
			mp_ask_is(run->world, "host.name", phrase)) {
			return true;
		}
		return !run->cf->host.addresses_known && phrase[0] == '[' && phrase[n - 1] == ']' &&
			n > 2 && strpbrk(phrase, ".:") != NULL &&
			mp_ask_is(run->world, "host.addresses",
				mp_arena_memdup(run->arena, phrase + 1, n - 2));
	}
	return false;
}

/* Whether a phrase could stand in a file of names or addresses: parts of a domain between dots
 * could not, nor parts of an address, and need no question. */
static bool could_be_word(const char *phrase)
{
	size_t n = strlen(phrase);

	return n > 0 && strchr(".@", phrase[0]) == NULL && strchr(".@", phrase[n - 1]) == NULL &&
		strpbrk(phrase, "<> ()\",;") == NULL;
}

static bool says_found(struct sm_run *run, const char *question)
{
	static const char *const answers[] = {"none", "found"};

	return mp_str_eq(mp_ask(run->world, question, answers, 2), "found");
}

/* Whether a source that is not at hand holds the word. */
static bool source_has(struct sm_run *run, const struct sm_class_source *source, const char *word)
{
	if (source->path != NULL &&
		!says_found(run, mp_arena_printf(run->arena, "file.exists %s", source->path))) {
		return false;
	}
	return says_found(
		run, mp_arena_printf(run->arena, "table.lookup %s %s", source->what, word));
}

size_t sm_run_class_longest(const struct sm_run *run, unsigned class)
{
	/* A name or an address that is asked for is no longer than this (RFC 1035 2.3.4). */
	enum { NAME = 255 };
	const struct sm_class *c = class < run->cf->classes.n ? run->cf->classes.v[class] : NULL;

	if (c == NULL) {
		return 0;
	}
	return c->open.n > 0 || c->longest > NAME || !run->cf->host.name_known ||
			!run->cf->host.addresses_known
		? (c->longest > NAME ? c->longest : NAME)
		: c->longest;
}

bool sm_run_in_class(struct sm_run *run, unsigned class, const char *phrase)
{
	const struct sm_class *c = class < run->cf->classes.n ? run->cf->classes.v[class] : NULL;

	if (c == NULL) {
		return false;
	}
	if (sm_class_find(c, phrase) != NULL || could_be_host(run, class, phrase)) {
		return true;
	}
	for (size_t i = 0; i < c->open.n && could_be_word(phrase); i++) {
		if (source_has(run, &c->open.v[i], phrase)) {
			return true;
		}
	}
	return false;
}
