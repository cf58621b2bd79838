/* pair - a .mc and the .cf beside it. */
#include "sendmail/pair.h"

#include "sendmail/server.h"

struct sm_differences sm_pair_differ(const struct sm_pair *pair, struct mp_arena *arena)
{
	return sm_cf_differ(sm_server_cf(pair->mc), sm_server_cf(pair->cf), arena);
}

static bool has_finding(const struct mp_findings *findings, const char *rule)
{
	for (size_t i = 0; i < findings->list.n; i++) {
		if (mp_str_eq(findings->list.v[i].rule, rule)) {
			return true;
		}
	}
	return false;
}

bool sm_pair_is_whole(const struct mp_findings *findings)
{
	return !has_finding(findings, "mc/incomplete");
}

const char *sm_pair_doubt(const struct mp_findings *findings)
{
	static const char *const rules[] = {"mc/command", "mc/include-missing",
		"mc/include-outside", "mc/include-substituted", "mc/feature-unknown",
		"mc/ostype-unknown", "mc/mailer-unknown", "mc/domain-missing", "mc/hack-missing",
		"mc/m4-extension", "mc/m4-guarded", "mc/m4-exit"};

	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
		if (has_finding(findings, rules[i])) {
			return "; the .mc could not be built here as on the server, since a file, "
			       "a command or a macro that it uses is missing, which may be why";
		}
	}
	return NULL;
}

const struct mp_source *sm_pair_source(const struct mp_server *server)
{
	return sm_server_cf(server)->source;
}

/* What one side says of a setting: "option LogLevel: sendmail.cf: 14". */
static struct mp_reason reason(struct mp_arena *arena, const struct sm_difference *d,
	const char *name, const char *text, struct mp_loc loc, bool alone)
{
	enum { SHOWN = 300 };
	struct mp_slice s = mp_slice_str(text);

	return (struct mp_reason){loc,
		mp_arena_printf(arena, "%s: %s%s: %.*s%s", d->what, alone ? "only " : "", name,
			MP_SLICE_ARG(mp_slice_sub(s, 0, SHOWN)), s.n > SHOWN ? "..." : "")};
}

struct mp_reasons sm_pair_lines(const struct sm_pair *pair, const struct sm_differences *settings,
	size_t most, struct mp_arena *arena)
{
	size_t count = settings->n < most ? settings->n : most, n = 0;
	struct mp_reason *v = mp_arena_array(arena, count * 2, sizeof *v);

	for (size_t i = 0; i < count; i++) {
		const struct sm_difference *d = &settings->v[i];

		if (d->left != NULL) {
			v[n++] = reason(arena, d, pair->mc_name, d->left,
				mp_loc_origin(d->left_loc), d->right == NULL);
		}
		if (d->right != NULL) {
			v[n++] = reason(
				arena, d, pair->cf_name, d->right, d->right_loc, d->left == NULL);
		}
	}
	return (struct mp_reasons){v, n};
}

struct mp_loc sm_pair_place(const struct sm_pair *pair, const struct sm_differences *settings)
{
	for (size_t i = 0; i < settings->n; i++) {
		if (settings->v[i].right != NULL) {
			return settings->v[i].right_loc;
		}
	}
	for (size_t i = 0; i < settings->n; i++) {
		struct mp_loc origin = mp_loc_origin(settings->v[i].left_loc);

		if (origin.source != NULL) {
			return origin;
		}
	}
	return mp_loc(sm_server_cf(pair->cf)->source, 0, 0);
}

const char *sm_pair_settings(
	const struct sm_differences *settings, size_t most, struct mp_arena *arena)
{
	const char *text = "", *last = "";
	size_t named = 0, count = 0;

	/* Rules of one ruleset are several differences, and one setting. */
	for (size_t i = 0; i < settings->n; i++) {
		const char *what = settings->v[i].what;

		if (mp_str_eq(what, last)) {
			continue;
		}
		last = what;
		count++;
		if (named < most) {
			text = mp_arena_printf(arena, "%s%s%s", text, named > 0 ? ", " : "", what);
			named++;
		}
	}
	return count > named ? mp_arena_printf(arena, "%s and %zu more", text, count - named)
			     : text;
}
