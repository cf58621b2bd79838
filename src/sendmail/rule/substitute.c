/*
 * substitute - the right side of a rule: what matched is put in, then lookups are made, from left
 * to right.
 */
#include "base/limits.h"
#include "sendmail/rule/internal.h"

/* Takes a text apart, symbols and all; what is wrong with it is said, and put into *wrong. */
static enum sm_status scan_text(struct sm_run *run, struct sm_text text, const struct mp_loc *from,
	struct sm_tokens *out, enum sm_scan *wrong, unsigned depth)
{
	size_t first = out->n;
	enum sm_scan scan = sm_tokens_scan(out, text, &run->cf->chars, 0, NULL, run->arena);

	*wrong = scan;
	if (scan != SM_SCAN_OK) {
		sm_say_scan(run, depth, scan, text);
	}
	/* A value without a single token is no address to sendmail, and ends the rewriting. */
	if (out->n == first && text.n > 0) {
		return SM_DATA;
	}
	for (size_t i = first; i < out->n; i++) {
		out->v[i].from = from;
	}
	return SM_OK;
}

/* Puts in the value of a macro as it is now. */
static enum sm_status scan_macro(struct sm_run *run, unsigned macro, const struct mp_loc *from,
	struct sm_tokens *out, unsigned depth)
{
	/* References and conditionals in a value are not followed here: sendmail takes what is
	 * written for words. */
	struct sm_text value = sm_run_macro(run, macro);
	const char *bytes;
	enum sm_scan wrong;
	enum sm_status status;

	if (value.n == 0) {
		return SM_OK;
	}
	bytes = sm_text_bytes(value, run->cf->names, run->arena);
	status = scan_text(
		run, sm_text_of(mp_slice_str(bytes), run->arena), from, out, &wrong, depth);
	/* Where sendmail says "Address too long", it cuts the value itself. */
	if (wrong == SM_SCAN_ADDRESS && value.n > SM_TOKEN_LENGTH) {
		value.n = SM_TOKEN_LENGTH;
		sm_macros_set(&run->macros, macro, value, run->arena);
	}
	return status;
}

static enum sm_status too_long(struct sm_run *run, unsigned depth)
{
	sm_say(run, depth, "554 5.3.0 rewrite: expansion too long");
	return SM_DATA;
}

/* Appends a token to what a rule makes; false when there is no room. */
static bool add(const struct sm_run *run, struct sm_tokens *out, struct sm_token token)
{
	return out->n < run->room && sm_tokens_add(out, token, run->arena);
}

enum sm_status sm_substitute(struct sm_run *run, const struct sm_rule *rule, size_t from,
	const struct sm_tokens *workspace, const struct sm_binding *bindings, size_t n,
	struct sm_tokens *out, unsigned depth)
{
	for (size_t i = from; i < rule->rhs_n; i++) {
		const struct sm_token *t = &rule->rhs[i];

		if (t->symbol == SM_SYM_REPLACE) {
			size_t k = (size_t)(t->arg - '1');

			if (t->arg < '1' || k >= n) {
				sm_say(run, depth,
					"554 5.3.5 rewrite: ruleset %s: replacement $%c out of "
					"bounds",
					run->at->name, t->arg);
				return SM_CONFIG;
			}
			for (size_t w = bindings[k].first; w < bindings[k].end; w++) {
				if (!add(run, out, workspace->v[w])) {
					return too_long(run, depth);
				}
			}
		} else if (t->symbol == SM_SYM_LATE) {
			enum sm_status status = scan_macro(run, t->arg, t->from, out, depth);

			if (status != SM_OK) {
				return status;
			}
		} else if (!add(run, out, *t)) {
			return too_long(run, depth);
		}
	}
	return SM_OK;
}

/* A lookup in a workspace: v[begin] opens it, v[end - 1] closes it. */
struct lookup {
	size_t begin, end;
	struct sm_map *map;
	const char *name;
	size_t key, key_end;
	bool has_default;
	size_t fallback, fallback_end;
	const char *args[16]; /* MAX_MAP_ARGS of sendmail is 10 with the key */
	size_t argc;
};

enum { LOOKUP_ARGS = 8 };

/* Finds the parts of a lookup that begins at l->begin. */
static void take_apart(struct sm_run *run, const struct sm_tokens *w, struct lookup *l)
{
	bool host = w->v[l->begin].symbol == SM_SYM_HOST_BEGIN;
	uint16_t closing = host ? SM_SYM_HOST_END : SM_SYM_MAP_END;
	size_t i = l->begin + 1, part, *part_end = &l->key_end;
	bool is_arg = false;

	l->name = host ? "host" : i < w->n ? w->v[i++].text : "";
	l->map = sm_maps_find(run->cf->maps, l->name);
	l->key = part = i;
	for (;; i++) {
		bool ends = i >= w->n || w->v[i].symbol == closing;

		if (!ends && w->v[i].symbol != SM_SYM_USER && w->v[i].symbol != SM_SYM_HOST) {
			continue;
		}
		if (is_arg && l->argc < LOOKUP_ARGS) {
			l->args[l->argc++] = sm_tokens_join(
				w->v, part, i, run->cf->blank, &run->cf->chars, run->arena);
		} else if (part_end != NULL) {
			*part_end = i;
		}
		if (ends) {
			break;
		}
		is_arg = w->v[i].symbol == SM_SYM_HOST;
		part = i + 1;
		part_end = NULL;
		if (!is_arg) {
			l->has_default = true;
			l->fallback = part;
			part_end = &l->fallback_end;
		}
	}
	l->end = i < w->n ? i + 1 : i;
}

static void set_macro(void *context, const char *name, const char *value)
{
	sm_run_set(context, name, value);
}

static bool is_local(void *context, const char *name)
{
	struct sm_run *run = context;

	return sm_run_in_class(run, sm_names_find(run->cf->names, "w"), name);
}

static struct sm_map_result ask(
	struct sm_run *run, const struct lookup *l, const char *key, unsigned depth)
{
	struct sm_map_result result = {.status = SM_MAP_NONE};

	if (l->map == NULL) {
		sm_say(run, depth, "554 5.3.0 rewrite: map %s not found", l->name);
		return result;
	}
	result = sm_map_lookup(l->map,
		&(struct sm_map_call){
			.world = run->world,
			.arena = run->arena,
			.key = key,
			.args = l->args,
			.argc = l->argc,
			.deferred = run->deferred,
			.set_macro = set_macro,
			.is_local = is_local,
			.context = run,
		});
	run->complaint = run->complaint != NULL ? run->complaint : result.complaint;
	if (run->trace != NULL && run->trace->looked_up != NULL) {
		run->trace->looked_up(run->trace_context, l->map, key, &result, depth);
	}
	return result;
}

static const struct mp_loc *keep(struct sm_run *run, struct mp_loc loc)
{
	struct mp_loc *kept = MP_ARENA_NEW(run->arena, struct mp_loc);

	*kept = loc;
	return kept;
}

/* Puts what the lookup gives in its place; *next is the token behind it. */
static enum sm_status replace(struct sm_run *run, struct sm_tokens *w, const struct lookup *l,
	size_t *next, unsigned depth)
{
	const char *key = sm_tokens_join(w->v, l->key, l->key_end,
		l->map != NULL ? sm_map_blank(l->map) : run->cf->blank, &run->cf->chars,
		run->arena);
	struct sm_map_result result = ask(run, l, key, depth);
	struct sm_tokens out = {0};
	struct sm_text text = {NULL, 0};
	const struct mp_loc *from = w->v[l->begin].from;
	enum sm_scan wrong;
	enum sm_status status = SM_OK;

	for (size_t i = 0; i < l->begin; i++) {
		sm_tokens_add(&out, w->v[i], run->arena);
	}
	if (result.status == SM_MAP_FOUND) {
		text = sm_text_of(mp_slice_str(result.value), run->arena);
		from = result.loc.source != NULL ? keep(run, result.loc) : from;
	} else if (l->has_default) {
		text = sm_tokens_text(w->v, l->fallback, l->fallback_end, run->cf->blank,
			&run->cf->chars, run->arena);
	}
	if (text.p != NULL) {
		status = scan_text(run, text, from, &out, &wrong, depth);
	}
	for (size_t i = l->key; text.p == NULL && i < l->key_end; i++) {
		sm_tokens_add(&out, w->v[i], run->arena);
	}
	*next = out.n;
	for (size_t i = l->end; i < w->n && status == SM_OK; i++) {
		if (!add(run, &out, w->v[i])) {
			status = too_long(run, depth);
		}
	}
	*w = out;
	run->work += out.n;
	if (run->work > MP_LIMIT_REWRITING) {
		run->exhausted = true;
		return SM_EXHAUSTED;
	}
	return status == SM_OK && result.temporary ? SM_TEMPORARY : status;
}

enum sm_status sm_look_up(struct sm_run *run, struct sm_tokens *workspace, unsigned depth)
{
	size_t i = 0;
	enum sm_status worst = SM_OK;

	while (i < workspace->n) {
		uint16_t symbol = workspace->v[i].symbol;

		if (symbol != SM_SYM_HOST_BEGIN && symbol != SM_SYM_MAP_BEGIN) {
			i++;
			continue;
		}

		struct lookup l = {.begin = i};
		enum sm_status status;

		take_apart(run, workspace, &l);
		status = replace(run, workspace, &l, &i, depth);
		if (status == SM_TEMPORARY) {
			worst = status;
		} else if (status != SM_OK) {
			return status;
		}
	}
	return worst;
}
