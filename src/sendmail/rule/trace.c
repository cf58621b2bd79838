/* trace - what rules did, as the steps of a reply. */
#include "sendmail/rule/trace.h"

#include "base/buf.h"
#include "base/limits.h"

/* Whether a token stands apart from what is beside it. */
static bool apart(const struct sm_token *t)
{
	return t->symbol != 0 || t->text[0] == '"';
}

static bool is_word(const struct sm_run *run, const struct sm_token *t)
{
	/* Operators join: the tokenizer made a token of one such character of its own. */
	const struct sm_chars *chars = &run->cf->chars;

	return t->symbol == 0 &&
		chars->rule[(unsigned char)t->text[0]] == chars->rule[(unsigned char)'a'];
}

const char *sm_tokens_show(const struct sm_tokens *tokens, const struct sm_run *run)
{
	struct mp_buf b;
	char *text;

	mp_buf_init(&b, MP_LIMIT_VALUE);
	for (size_t i = 0; i < tokens->n; i++) {
		const struct sm_token *t = &tokens->v[i], *last = i > 0 ? t - 1 : NULL;

		if (last != NULL &&
			(apart(last) || apart(t) || (is_word(run, last) && is_word(run, t)))) {
			mp_buf_putc(&b, ' ');
		}
		mp_buf_puts(&b, sm_token_show(t, run->cf->names, run->arena));
	}
	text = mp_arena_memdup(run->arena, b.p, b.n);
	mp_buf_release(&b);
	return text;
}

static void add(struct sm_recorder *r, struct mp_trace_step step)
{
	if (r->n >= MP_LIMIT_STEPS) {
		r->left_out++;
		return;
	}
	r->steps = mp_arena_room(r->run->arena, r->steps, r->n, &r->cap, sizeof *r->steps, 256);
	r->steps[r->n++] = step;
}

/* The workspace of a step to come; nothing where no step is kept any more. */
static const char *show(const struct sm_recorder *r, const struct sm_tokens *tokens)
{
	return r->n < MP_LIMIT_STEPS ? sm_tokens_show(tokens, r->run) : "";
}

static void enter(void *context, const struct sm_ruleset *ruleset, unsigned depth,
	const struct sm_tokens *workspace)
{
	struct sm_recorder *r = context;

	add(r,
		(struct mp_trace_step){.kind = MP_TRACE_BEGINS,
			.depth = depth,
			.name = ruleset->name,
			.loc = ruleset->loc,
			.before = show(r, workspace)});
}

static void matched(void *context, const struct sm_matched *m)
{
	struct sm_recorder *r = context;

	if (r->next != NULL && r->next->matched != NULL) {
		r->next->matched(r->next_context, m);
	}
	r->open[m->depth % SM_RECORDER_DEPTH] = r->n < MP_LIMIT_STEPS ? r->n + 1 : 0;
	add(r,
		(struct mp_trace_step){.kind = MP_TRACE_RULE,
			.depth = m->depth,
			.name = m->ruleset->name,
			.loc = m->rule->loc,
			.before = show(r, m->before)});
}

static void applied(void *context, const struct sm_matched *m, const struct sm_tokens *after)
{
	struct sm_recorder *r = context;
	size_t at = r->open[m->depth % SM_RECORDER_DEPTH];

	if (at > 0 && at <= r->n) {
		r->steps[at - 1].after = sm_tokens_show(after, r->run);
	}
	if (r->next != NULL && r->next->applied != NULL) {
		r->next->applied(r->next_context, m, after);
	}
}

static void looked_up(void *context, const struct sm_map *map, const char *key,
	const struct sm_map_result *result, unsigned depth)
{
	struct sm_recorder *r = context;

	add(r,
		(struct mp_trace_step){.kind = MP_TRACE_LOOKUP,
			.depth = depth,
			.name = sm_map_name(map),
			.loc = result->loc,
			.before = key,
			.after = result->status == SM_MAP_FOUND ? result->value : NULL});
	if (r->next != NULL && r->next->looked_up != NULL) {
		r->next->looked_up(r->next_context, map, key, result, depth);
	}
}

static void leave(void *context, const struct sm_ruleset *ruleset, unsigned depth,
	const struct sm_tokens *workspace)
{
	struct sm_recorder *r = context;

	add(r,
		(struct mp_trace_step){.kind = MP_TRACE_ENDS,
			.depth = depth,
			.name = ruleset->name,
			.loc = ruleset->loc,
			.after = show(r, workspace)});
}

static void said(void *context, const char *text, unsigned depth)
{
	add(context,
		(struct mp_trace_step){
			.kind = MP_TRACE_SAID, .depth = depth, .name = "", .after = text});
}

void sm_recorder_watch(struct sm_recorder *recorder, struct sm_run *run)
{
	static const struct sm_trace trace = {enter, matched, applied, looked_up, leave, said};

	*recorder = (struct sm_recorder){
		.run = run,
		.next = run->trace,
		.next_context = run->trace_context,
	};
	run->trace = &trace;
	run->trace_context = recorder;
}

struct mp_trace sm_recorder_take(struct sm_recorder *recorder)
{
	struct mp_trace taken = {recorder->steps, recorder->n, recorder->left_out};

	recorder->steps = NULL;
	recorder->n = recorder->cap = recorder->left_out = 0;
	return taken;
}
