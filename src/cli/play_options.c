/* play_options - what is played and how it is reported. */
#include "cli/play_options.h"

enum {
	OPT_SUITE = 3000,
	OPT_RULES,
	OPT_HELO,
	OPT_SENDER,
	OPT_FOREIGN,
	OPT_LOCAL,
	OPT_SHOW,
	OPT_FAIL_ON,
	OPT_FORMAT,
	OPT_OUTPUT
};

const struct mp_option mp_play_option_set[] = {
	{"suite", "quick|relay|full|SCENARIO",
		"which scenarios are played (default: quick; predict and lab: full)", OPT_SUITE},
	{"rules", "DIR", "add the scenarios of DIR/scenarios", OPT_RULES},
	{"helo", "NAME", "what the client calls itself", OPT_HELO},
	{"sender", "ADDRESS", "sender of the test transactions", OPT_SENDER},
	{"foreign", "ADDRESS", "a recipient that the server does not serve", OPT_FOREIGN},
	{"local", "ADDRESS", "a recipient that the server serves", OPT_LOCAL},
	{"show", "differences|checks|all|SCENARIO",
		"what the text report shows (default: differences); of a SCENARIO or group: its "
		"dialogue (repeats)",
		OPT_SHOW},
	{"fail-on", "note|warning|error", "findings that make the exit status 1 (default: warning)",
		OPT_FAIL_ON},
	{"format", "text|json", "format of the report (default: text)", OPT_FORMAT},
	{"output", "FILE", "write the report there instead of standard output", OPT_OUTPUT},
	{NULL, NULL, NULL, 0},
};

void mp_play_options_init(struct mp_play_options *o, const char *suite)
{
	*o = (struct mp_play_options){.suite = suite, .fail_on = MP_WARNING};
}

/* A level, or a scenario or group: whether there is such a one is known when they are loaded. */
static int take_show(struct mp_play_options *o, const char *value)
{
	static const char *const words[] = {"differences", "checks", "all"};

	for (int i = 0; i < 3; i++) {
		if (mp_str_eq(value, words[i])) {
			o->show = (enum mp_show)i;
			return 0;
		}
	}
	mp_vec_push(&o->show_only, value);
	return 0;
}

struct mp_shown mp_play_shown(const struct mp_play_options *o)
{
	return (struct mp_shown){o->show, o->show_only.v, o->show_only.n};
}

static int take_fail_on(struct mp_play_options *o, const char *value, struct mp_err *err)
{
	for (int i = MP_NOTE; i <= MP_ERROR; i++) {
		if (mp_str_eq(value, mp_severity_name((enum mp_severity)i))) {
			o->fail_on = (enum mp_severity)i;
			return 0;
		}
	}
	return mp_err_set(
		err, MP_ERR_USAGE, "--fail-on takes note, warning or error, not '%s'", value);
}

int mp_play_option(struct mp_play_options *o, int id, const char *value, struct mp_err *err)
{
	switch (id) {
	case OPT_SUITE:
		o->suite = value;
		return 0;
	case OPT_RULES:
		o->rules = value;
		return 0;
	case OPT_HELO:
		return mp_names_set(&o->names, "helo", value, &o->arena, err);
	case OPT_SENDER:
		return mp_names_set(&o->names, "sender", value, &o->arena, err);
	case OPT_FOREIGN:
		return mp_names_set(&o->names, "foreign", value, &o->arena, err);
	case OPT_LOCAL:
		return mp_names_set(&o->names, "local", value, &o->arena, err);
	case OPT_SHOW:
		return take_show(o, value);
	case OPT_FAIL_ON:
		return take_fail_on(o, value, err);
	case OPT_FORMAT:
		return mp_option_format(value, &o->json, err);
	case OPT_OUTPUT:
		o->output = value;
		return 0;
	default:
		return 1;
	}
}

void mp_play_options_release(struct mp_play_options *o)
{
	mp_vec_release(&o->show_only);
	mp_arena_release(&o->arena);
}

/* Whether --show names a scenario or the group of one. */
static bool may_be_shown(const struct mp_scenarios *scenarios, const char *name)
{
	const struct mp_shown one = {.scenarios = &name, .scenario_count = 1};

	for (size_t i = 0; i < scenarios->list.n; i++) {
		if (mp_shown_names(&one, scenarios->list.v[i]->id)) {
			return true;
		}
	}
	return false;
}

int mp_play_scenarios(
	const struct mp_play_options *o, struct mp_scenarios *scenarios, struct mp_err *err)
{
	if (mp_scenarios_builtin(scenarios, err) < 0) {
		return -1;
	}
	if (o->rules != NULL && mp_scenarios_folder(scenarios, o->rules, err) < 0) {
		return -1;
	}
	if (!mp_suite_exists(scenarios, o->suite)) {
		return mp_err_set(err, MP_ERR_USAGE, "--suite: there is no suite '%s'", o->suite);
	}
	for (size_t i = 0; i < o->show_only.n; i++) {
		if (!may_be_shown(scenarios, o->show_only.v[i])) {
			return mp_err_set(err, MP_ERR_USAGE,
				"--show takes differences, checks, all, or a scenario; there is "
				"none called '%s'",
				o->show_only.v[i]);
		}
	}
	return 0;
}

int mp_client_option(const char *value, enum mp_client_class *out, struct mp_err *err)
{
	for (int c = MP_CLIENT_OUTSIDER; c <= MP_CLIENT_SERVER; c++) {
		if (mp_str_eq(value, mp_client_class_name((enum mp_client_class)c))) {
			*out = (enum mp_client_class)c;
			return 0;
		}
	}
	return mp_err_set(
		err, MP_ERR_USAGE, "--client takes outsider, trusted or server, not '%s'", value);
}
