/*
 * check_eval - walks a restriction list until something decides (reference 5).
 *
 * The nesting depth and the marks of warn_if_reject are kept as Postfix keeps them, since both
 * reach over the borders of lists: a mark set in a list ends behind the next restriction of that
 * list, whatever that recursed into.
 */
#include "base/ascii.h"
#include "base/limits.h"
#include "postfix/check/check_internal.h"

/* Classes that name each other without an end: Postfix dies of it, and so does the connection. */
enum { NESTED_LISTS_MAX = 4 * MP_LIMIT_RESTRICTION_DEPTH };

struct mp_reasons pf_reasons_join(struct mp_arena *arena, struct mp_reasons a, struct mp_reasons b)
{
	if (a.n == 0 || b.n == 0) {
		return a.n == 0 ? b : a;
	}
	struct mp_reason *v = mp_arena_array(arena, a.n + b.n, sizeof *v);
	memcpy(v, a.v, a.n * sizeof *v);
	memcpy(v + a.n, b.v, b.n * sizeof *v);
	return (struct mp_reasons){v, a.n + b.n};
}

void pf_eval_because_all(struct pf_eval *e, struct mp_reasons reasons)
{
	if (e->frame != NULL) {
		e->frame->extra = pf_reasons_join(e->arena, e->frame->extra, reasons);
	}
}

void pf_eval_because(struct pf_eval *e, struct mp_loc loc, const char *text)
{
	struct mp_reason *reason = MP_ARENA_NEW(e->arena, struct mp_reason);

	/* An open question's answer goes with its world. */
	*reason = (struct mp_reason){loc, mp_arena_strdup(e->arena, text)};
	pf_eval_because_all(e, (struct mp_reasons){reason, 1});
}

void pf_eval_because_setting(struct pf_eval *e, const char *parameter)
{
	struct mp_reason reason = pf_reason(e->checks->settings, parameter, e->arena);

	pf_eval_because(e, reason.loc, reason.text);
}

/* A frame's own reasons: its token, what decided behind it, and the default that it stands in. */
static struct mp_reasons frame_reasons(struct pf_eval *e, const struct pf_frame *frame)
{
	struct mp_reason *token = mp_arena_array(e->arena, 2, sizeof *token);

	token[0] = frame->token;
	struct mp_reasons all = {token, 1};
	all = pf_reasons_join(e->arena, all, frame->extra);
	if (frame->token.loc.source == NULL && frame->parameter != NULL) {
		token[1] = pf_reason(e->checks->settings, frame->parameter, e->arena);
		all = pf_reasons_join(e->arena, all, (struct mp_reasons){token + 1, 1});
	}
	return all;
}

struct mp_reasons pf_eval_reasons(struct pf_eval *e)
{
	struct mp_reasons all = {NULL, 0};

	for (const struct pf_frame *f = e->frame; f != NULL; f = f->up) {
		all = pf_reasons_join(e->arena, all, frame_reasons(e, f));
	}
	return all;
}

const char *pf_context_name(struct pf_eval *e, const struct pf_context *cx)
{
	return cx->name != NULL ? cx->name : pf_client_namaddr(e->s);
}

static bool all_digits(const char *s)
{
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* What is wrong with the argument, or NULL. */
static const char *argument_error(const struct pf_keyword *keyword, const struct pf_token *arg)
{
	switch (keyword->arg) {
	case PF_ARG_NONE:
	case PF_ARG_DOMAIN:
		return NULL;
	case PF_ARG_TABLE:
		return arg == NULL || strchr(arg->s, ':') == NULL ? "needs type:table behind it"
								  : NULL;
	case PF_ARG_POLICY:
		return arg == NULL || strchr(arg->s, ':') == NULL
			? "needs transport:server behind it"
			: NULL;
	case PF_ARG_SECONDS:
		return arg == NULL || !all_digits(arg->s) ? "needs a number of seconds behind it"
							  : NULL;
	}
	return NULL;
}

static bool exists_in(const struct pf_keyword *keyword, unsigned version)
{
	return keyword->since == 0 || version >= keyword->since;
}

/* The token and its argument as one reason: "check_sender_access hash:/etc/postfix/senders". */
static struct mp_reason token_reason(
	struct pf_eval *e, const struct pf_token *token, const struct pf_token *arg)
{
	if (arg == NULL || arg == token) {
		return (struct mp_reason){token->loc, token->s};
	}
	struct mp_loc loc = token->loc;
	if (loc.source != NULL && loc.source == arg->loc.source && arg->loc.end > loc.end) {
		loc.end = arg->loc.end;
	}
	return (struct mp_reason){loc, mp_arena_printf(e->arena, "%s %s", token->s, arg->s)};
}

static enum pf_status run_keyword(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	const char *error = argument_error(keyword, arg);

	if (keyword->removed != 0 && e->checks->version >= keyword->removed) {
		return pf_reject_server_error(
			e, mp_arena_printf(e->arena, "%s was removed from Postfix", keyword->name));
	}
	if (error != NULL) {
		return pf_reject_server_error(
			e, mp_arena_printf(e->arena, "%s %s", keyword->name, error));
	}
	if (keyword->arg == PF_ARG_DOMAIN && arg == NULL) {
		return PF_S_DUNNO;
	}
	return keyword->run(e, keyword, arg, cx);
}

/* A token that is no keyword: a class, or a mistake. */
static enum pf_status run_class(
	struct pf_eval *e, const struct pf_token *token, const struct pf_context *cx)
{
	const struct pf_tokens *class = pf_class_find(e->checks, token->s);

	if (class == NULL) {
		return pf_reject_server_error(e,
			mp_arena_printf(e->arena, "%s is no restriction of Postfix and no class",
				token->s));
	}
	return pf_eval_list(e, class, cx);
}

/* What the token came to, and what it left behind for those that follow. */
static void record_turn(struct pf_eval *e, const struct pf_token *token, const struct pf_token *arg,
	enum pf_status status)
{
	const struct pf_check_state *state = &e->s->check;
	unsigned effect = (unsigned)status | (state->defer_if_permit.active ? 4 : 0) |
		(state->defer_if_reject.active ? 8 : 0) | (e->s->discard ? 16 : 0) |
		(state->recipient_validated ? 32 : 0) | (state->sender_validated ? 64 : 0);

	pf_turn(e->s, token->s, arg != NULL ? arg->s : "", effect, status == PF_S_REFUSE);
}

/* Runs tokens->v[*i] and moves *i to the last token that it took. */
static enum pf_status run_token(
	struct pf_eval *e, const struct pf_tokens *tokens, size_t *i, const struct pf_context *cx)
{
	const struct pf_token *token = &tokens->v[*i], *arg = NULL;
	const struct pf_keyword *keyword = token->keyword;
	struct pf_frame frame = {.up = e->frame, .parameter = tokens->parameter};

	if (strchr(token->s, ':') != NULL) {
		keyword =
			cx->shorthand != NULL ? pf_keyword_find(mp_slice_str(cx->shorthand)) : NULL;
		arg = token;
	} else if (keyword != NULL && !exists_in(keyword, e->checks->version)) {
		keyword = NULL;
	} else if (keyword != NULL && keyword->arg != PF_ARG_NONE && *i + 1 < tokens->n) {
		arg = &tokens->v[++*i];
	}
	frame.token = token_reason(e, token, arg);
	e->frame = &frame;
	enum pf_status status;
	if (keyword != NULL) {
		status = run_keyword(e, keyword, arg, cx);
	} else if (arg != NULL) {
		status = pf_reject_server_error(
			e, "a bare table needs one of check_*_access before it here");
	} else {
		status = run_class(e, token, cx);
	}
	if (status == PF_S_OK && e->permitted.n == 0) {
		e->permitted = pf_eval_reasons(e);
	}
	e->frame = frame.up;
	record_turn(e, token, arg, status);
	return status;
}

enum pf_status pf_eval_list(
	struct pf_eval *e, const struct pf_tokens *tokens, const struct pf_context *cx)
{
	struct pf_check_state *state = &e->s->check;
	enum pf_status status = PF_S_DUNNO;
	int outer_depth = state->depth++;

	if (++e->lists > NESTED_LISTS_MAX) {
		return pf_hangup(e);
	}
	for (size_t i = 0; i < tokens->n && !e->s->discard; i++) {
		if (mp_str_ieq(tokens->v[i].s, "warn_if_reject")) {
			if (state->warn_if_reject == 0) {
				state->warn_if_reject = state->depth;
			}
			continue;
		}
		status = run_token(e, tokens, &i, cx);
		if (state->warn_if_reject >= state->depth) {
			state->warn_if_reject = 0;
		}
		if (status != PF_S_DUNNO) {
			break;
		}
		if (state->defer_if_permit.active && state->defer_if_reject.active) {
			break;
		}
	}
	e->lists--;
	state->depth = outer_depth;
	if (state->warn_if_reject >= state->depth) {
		state->warn_if_reject = 0;
	}
	return status;
}
