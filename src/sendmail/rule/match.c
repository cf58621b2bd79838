/*
 * match - the left side of a rule against a workspace.
 *
 * Wildcards take as little as they can. Where the rest does not fit, the last wildcard that can
 * take more does so: "$*" and "$+" one token, "$=x" as many as make another phrase of the class;
 * the others are given up.
 */
#include "base/ascii.h"
#include "base/limits.h"
#include "sendmail/rule/internal.h"

#include <strings.h>

struct matching {
	struct sm_run *run;
	const struct sm_rule *rule;
	const struct sm_tokens *workspace;
	struct sm_binding *bindings;
	size_t bound; /* bindings that stand */
	size_t element; /* of the left side, next */
	size_t at; /* token of the workspace, next */
};

/* Counts a step; false when the matching goes on for too long. */
static bool in_time(struct matching *m)
{
	m->run->exhausted = m->run->exhausted || ++m->run->steps > MP_LIMIT_MATCHING;
	return !m->run->exhausted;
}

static void bind(struct matching *m, size_t first, size_t end)
{
	if (m->bound < SM_BINDINGS) {
		m->bindings[m->bound] = (struct sm_binding){m->element, first, end};
	}
	m->bound++;
	m->at = end;
}

/* Whether two tokens are the same: text without case, or the very symbol. */
static bool same(const struct sm_token *a, const struct sm_token *b)
{
	if (a->symbol != b->symbol) {
		return false;
	}
	return a->symbol != 0 ? a->arg == b->arg : mp_str_ieq(a->text, b->text);
}

/* The shortest phrase of the class that begins at `first` and ends behind `from`. */
static bool phrase(struct matching *m, unsigned class, size_t first, size_t from)
{
	size_t longest = sm_run_class_longest(m->run, class);
	struct sm_joiner j = sm_joiner(&m->run->cf->chars, m->run->cf->blank);
	size_t end = first;

	while (end < m->workspace->n && in_time(m) && sm_joiner_add(&j, &m->workspace->v[end]) &&
		j.n <= longest) {
		end++;
		if (end > from && sm_run_in_class(m->run, class, j.text)) {
			bind(m, first, end);
			return true;
		}
	}
	return false;
}

/* "$&x": the value, compared with as many tokens as it takes; it binds nothing. */
static bool late(struct matching *m, unsigned macro)
{
	const char *value =
		sm_text_bytes(sm_run_macro(m->run, macro), m->run->cf->names, m->run->arena);
	size_t at = m->at;

	while (*value != '\0') {
		if (at >= m->workspace->n) {
			return false;
		}

		const char *text = m->workspace->v[at].text;
		size_t n = strlen(text);

		if (n == 0 || strncasecmp(value, text, n) != 0) {
			return false;
		}
		value += n;
		at++;
	}
	m->at = at;
	return true;
}

/* Matches the next element where the matching stands. */
static bool step(struct matching *m)
{
	const struct sm_token *e = &m->rule->lhs[m->element];
	const struct sm_tokens *w = m->workspace;

	if (m->at >= w->n && e->symbol != SM_SYM_ZANY && e->symbol != SM_SYM_HOST) {
		return false;
	}
	switch (e->symbol) {
	case SM_SYM_CLASS:
		return phrase(m, e->arg, m->at, m->at);
	case SM_SYM_NOT_CLASS:
		if (sm_run_in_class(m->run, e->arg, w->v[m->at].text)) {
			return false;
		}
		bind(m, m->at, m->at + 1);
		return true;
	case SM_SYM_ONE:
	case SM_SYM_ANY:
		bind(m, m->at, m->at + 1);
		return true;
	case SM_SYM_ZANY:
		bind(m, m->at, m->at);
		return true;
	case SM_SYM_HOST:
		return true;
	case SM_SYM_LATE:
		return late(m, e->arg);
	default:
		if (!same(e, &w->v[m->at])) {
			return false;
		}
		m->at++;
		return true;
	}
}

/* Lets the last wildcard that can take more take it; false when none can. */
static bool back_up(struct matching *m)
{
	while (m->bound > 0) {
		struct sm_binding b = m->bindings[--m->bound];
		const struct sm_token *e = &m->rule->lhs[b.element];

		m->element = b.element;
		if (b.end >= m->workspace->n) {
			continue;
		}
		if (e->symbol == SM_SYM_ANY || e->symbol == SM_SYM_ZANY) {
			bind(m, b.first, b.end + 1);
			return true;
		}
		if (e->symbol == SM_SYM_CLASS && phrase(m, e->arg, b.first, b.end)) {
			return true;
		}
	}
	return false;
}

bool sm_match(struct sm_run *run, const struct sm_rule *rule, const struct sm_tokens *workspace,
	struct sm_binding bindings[SM_BINDINGS], size_t *n)
{
	struct matching m = {
		.run = run, .rule = rule, .workspace = workspace, .bindings = bindings};

	while (m.element < rule->lhs_n || m.at < workspace->n) {
		if (!in_time(&m) || ((m.element >= rule->lhs_n || !step(&m)) && !back_up(&m))) {
			return false;
		}
		m.element++;
	}
	*n = m.bound;
	return true;
}
