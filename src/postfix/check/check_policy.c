/*
 * check_policy - check_policy_service: a server outside decides (postconf(5), SMTPD_POLICY_README).
 */
#include "base/ascii.h"
#include "base/number.h"
#include "postfix/check/check_keyword.h"

static void policy_fatal(struct pf_checks *checks, struct pf_text spec, const char *text)
{
	struct pf_fatal *fatal = MP_ARENA_NEW(checks->arena, struct pf_fatal);

	*fatal = (struct pf_fatal){.text = text,
		.loc = pf_text_loc(spec, 0, spec.n),
		.parameter = "check_policy_service"};
	pf_settings_set_fatal(checks->settings, fatal);
}

/* "transport:endpoint", where the transport is inet, unix or local. */
static void check_endpoint(struct pf_checks *checks, struct pf_text spec, const char *endpoint)
{
	struct mp_slice s = mp_slice_str(endpoint);
	size_t colon = mp_slice_chr(s, ':');

	if (colon == MP_NOT_FOUND || colon == 0 || colon + 1 == s.n) {
		policy_fatal(checks, spec,
			mp_arena_printf(checks->arena,
				"need service transport:endpoint instead of \"%s\"", endpoint));
		return;
	}
	struct mp_slice transport = mp_slice_sub(s, 0, colon);
	if (!mp_slice_eq_str(transport, "inet") && !mp_slice_eq_str(transport, "unix") &&
		!mp_slice_eq_str(transport, "local")) {
		policy_fatal(checks, spec,
			mp_arena_printf(checks->arena,
				"invalid transport name: %.*s in service: %s",
				MP_SLICE_ARG(transport), endpoint));
	}
}

/* What an option's value must be; the numbers themselves change no reply. */
static const struct {
	const char *name;
	enum { IS_TIME, IS_NUMBER, IS_TEXT } kind;
} options[] = {{"timeout", IS_TIME}, {"max_idle", IS_TIME}, {"max_ttl", IS_TIME},
	{"retry_delay", IS_TIME}, {"request_limit", IS_NUMBER}, {"try_limit", IS_NUMBER},
	{"default_action", IS_TEXT}, {"policy_context", IS_TEXT}};

static bool is_time(struct mp_slice s)
{
	unsigned long value;

	if (s.n > 0 && strchr("smhdw", s.p[s.n - 1]) != NULL) {
		s.n--;
	}
	return mp_parse_uint(s, 1, 2147483647, &value);
}

/* Sets one option; returns what is wrong with it, or NULL. */
static const char *set_option(
	struct pf_checks *checks, struct pf_policy *policy, struct mp_slice name, const char *value)
{
	struct mp_slice v = mp_slice_str(value);
	long number;

	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
		if (!mp_slice_eq_str(name, options[i].name)) {
			continue;
		}
		if (options[i].kind == IS_TIME && !is_time(v)) {
			return mp_arena_printf(checks->arena, "%s: bad time value or unit: %s",
				options[i].name, value);
		}
		if (options[i].kind == IS_NUMBER && !mp_parse_int(v, 0, 2147483647, &number)) {
			return mp_arena_printf(checks->arena,
				"bad numerical configuration: %s = %s", options[i].name, value);
		}
		if (options[i].kind == IS_TEXT && v.n == 0) {
			return mp_arena_printf(
				checks->arena, "bad string length 0 < 1: %s = ", options[i].name);
		}
		if (mp_str_eq(options[i].name, "default_action")) {
			policy->default_action = value;
		}
		return NULL;
	}
	return mp_arena_printf(
		checks->arena, "unknown option: \"%.*s = %s\"", MP_SLICE_ARG(name), value);
}

/* "name=value" or "{ name = value }" */
static void read_option(struct pf_checks *checks, struct pf_policy *policy, struct pf_text spec,
	struct pf_text option)
{
	struct mp_slice s = {option.s, option.n};

	if (s.n >= 2 && s.p[0] == '{' && s.p[s.n - 1] == '}') {
		s = mp_slice_sub(s, 1, s.n - 1);
	}
	s = mp_slice_trim(s);
	size_t equals = mp_slice_chr(s, '=');
	struct mp_slice name = mp_slice_trim(mp_slice_sub(s, 0, equals));
	const char *error;
	if (name.n == 0 || equals == MP_NOT_FOUND) {
		error = mp_arena_printf(checks->arena, "malformed option: %s: \"...%s...\"",
			name.n == 0 ? "missing attribute name" : "missing '=' after attribute name",
			option.s);
	} else {
		const char *value = mp_arena_slicedup(
			checks->arena, mp_slice_trim(mp_slice_from(s, equals + 1)));
		error = set_option(checks, policy, name, value);
	}
	if (error != NULL) {
		policy_fatal(checks, spec, error);
	}
}

struct pf_policy *pf_policy_parse(struct pf_checks *checks, struct pf_text spec)
{
	struct pf_policy *policy = MP_ARENA_NEW(checks->arena, struct pf_policy);
	struct pf_text *v;

	policy->endpoint = spec.s;
	if (spec.s[0] != '{') {
		check_endpoint(checks, spec, spec.s);
		return policy;
	}
	if (spec.s[spec.n - 1] != '}') {
		policy_fatal(checks, spec,
			mp_arena_printf(
				checks->arena, "policy service syntax error: %s", spec.s + 1));
		return policy;
	}
	size_t n = pf_split(checks->arena, pf_text_sub(checks->arena, spec, 1, spec.n - 1), &v);
	if (n == 0) {
		policy_fatal(checks, spec,
			mp_arena_printf(checks->arena, "empty policy service: \"%s\"", spec.s));
		return policy;
	}
	policy->endpoint = v[0].s;
	for (size_t i = 1; i < n; i++) {
		read_option(checks, policy, spec, v[i]);
	}
	check_endpoint(checks, spec, policy->endpoint);
	return policy;
}

/* The server does not answer: its default action, which must not lead here again. */
static enum pf_status run_default(
	struct pf_eval *e, const struct pf_policy *policy, const struct pf_context *cx)
{
	const char *action = policy != NULL ? policy->default_action : NULL;

	if (action == NULL) {
		action = pf_str(e->checks->settings, "smtpd_policy_service_default_action");
		pf_eval_because_setting(e, "smtpd_policy_service_default_action");
	}
	if (++e->failed_policies > 1) {
		action = "451 4.3.5 Server configuration problem";
	}
	enum pf_status status =
		pf_access_action(e, action, (struct mp_loc){NULL, 0, 0}, cx, cx->name, cx->class);
	e->failed_policies--;
	return status;
}

enum pf_status pf_run_policy(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	static const char *const answers[] = {"neutral", "reject", "permit", "tempfail"};
	const char *endpoint = arg->policy != NULL ? arg->policy->endpoint : arg->s;
	(void)keyword;

	const char *answer = mp_ask(
		e->world, mp_arena_printf(e->arena, "policy.reply %s", endpoint), answers, 4);
	pf_eval_because(e, (struct mp_loc){NULL, 0, 0},
		mp_arena_printf(e->arena, "the policy server answers: %s", answer));
	if (mp_str_eq(answer, "neutral")) {
		return PF_S_DUNNO;
	}
	if (mp_str_eq(answer, "permit")) {
		return PF_S_OK;
	}
	if (mp_str_eq(answer, "reject")) {
		return pf_reject_any(e, "45");
	}
	if (mp_str_eq(answer, "tempfail")) {
		return run_default(e, arg->policy, cx);
	}
	return pf_access_action(e, answer, (struct mp_loc){NULL, 0, 0}, cx, cx->name, cx->class);
}
