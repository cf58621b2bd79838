/* cmd_rules - mtaproof rules: lists rules and scenarios. */
#include "cli/catalogue.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/output.h"
#include "report/terminal.h"
#include "json/write.h"

enum { OPT_HELP = 1, OPT_RULES, OPT_FORMAT, OPT_OUTPUT };

static const struct mp_option own_options[] = {
	{"rules", "DIR", "add the scenarios of DIR/scenarios", OPT_RULES},
	{"format", "text|json", "format of the list (default: text)", OPT_FORMAT},
	{"output", "FILE", "write the list there instead of standard output", OPT_OUTPUT},
	{"help", NULL, "this text", OPT_HELP},
	{NULL, NULL, NULL, 0},
};

static const struct mp_option *const sets[] = {own_options};

struct options {
	const char *folder, *output;
	bool json, help;
};

static int take_option(void *context, int id, const char *value, struct mp_err *err)
{
	struct options *o = context;

	switch (id) {
	case OPT_RULES:
		o->folder = value;
		return 0;
	case OPT_FORMAT:
		return mp_option_format(value, &o->json, err);
	case OPT_OUTPUT:
		o->output = value;
		return 0;
	default:
		o->help = true;
		return 0;
	}
}

static void help(void)
{
	fputs("usage: mtaproof rules [OPTION...]\n\n"
	      "Lists the rules that findings name and the scenarios that are played.\n"
	      "'mtaproof explain NAME' says more of each.\n\noptions:\n",
		stdout);
	mp_options_help(stdout, sets, 1);
}

/* ---- JSON ---- */

static void bits_member(struct mp_json_writer *w, const char *key, unsigned bits,
	const char *(*name)(unsigned bit), unsigned all)
{
	mp_json_key(w, key);
	mp_json_begin_array(w);
	for (unsigned bit = 1; bit <= all; bit <<= 1) {
		if ((bits & bit) != 0) {
			mp_json_put_string(w, name(bit));
		}
	}
	mp_json_end_array(w);
}

static const char *service_name(unsigned bit)
{
	return mp_service_name((enum mp_service)bit);
}

static const char *need_name(unsigned bit)
{
	return mp_need_name((enum mp_need)bit);
}

static void flag_member(struct mp_json_writer *w, const char *key, bool flag)
{
	if (flag) {
		mp_json_bool_member(w, key, true);
	}
}

static void put_alarm(struct mp_json_writer *w, const struct mp_alarm *alarm)
{
	mp_json_key(w, "alarm");
	mp_json_begin_object(w);
	mp_json_strings_member(w, "outcome", alarm->outcomes, alarm->outcome_count);
	if (alarm->rule != NULL) {
		mp_json_string_member(w, "rule", alarm->rule);
	}
	mp_json_string_member(w, "severity", mp_severity_name(alarm->severity));
	if (alarm->message[0] != '\0') {
		mp_json_string_member(w, "message", alarm->message);
	}
	mp_json_string_member(w, "client", mp_client_class_name(alarm->client));
	bits_member(w, "services", alarm->services, service_name, MP_SERVICE_ALL);
	flag_member(w, "certain", alarm->certain);
	flag_member(w, "passwords", alarm->passwords);
	mp_json_end_object(w);
}

static void put_scenario(struct mp_json_writer *w, const struct mp_scenario *s)
{
	mp_json_begin_object(w);
	mp_json_string_member(w, "id", s->id);
	mp_json_string_member(w, "title", s->title);
	mp_json_string_member(w, "why", s->why);
	mp_json_string_member(w, "group", s->group);
	mp_json_strings_member(w, "suites", s->suites, s->suite_count);
	mp_json_string_member(w, "client", mp_client_class_name(s->client));
	bits_member(w, "services", s->services, service_name, MP_SERVICE_ALL);
	bits_member(w, "needs", s->needs, need_name, MP_NEED_ALL);
	mp_json_string_member(w, "impact", mp_impact_name(s->impact));
	if (s->control != NULL) {
		mp_json_string_member(w, "control", s->control);
	}
	flag_member(w, "rejects", s->rejects);
	flag_member(w, "any_refusal", s->any_refusal);
	mp_json_string_member(w, "tests", mp_verb_name(s->tests));
	if (s->keyword != NULL) {
		mp_json_string_member(w, "keyword", s->keyword);
	}
	mp_json_strings_member(w, "dialogue", s->dialogue, s->line_count);
	if (s->alarm.outcome_count > 0) {
		put_alarm(w, &s->alarm);
	}
	mp_json_end_object(w);
}

static void put_suites(struct mp_json_writer *w, const struct mp_scenarios *all)
{
	mp_json_key(w, "suites");
	mp_json_begin_array(w);
	for (size_t i = 0; i < all->suites.n; i++) {
		const struct mp_suite *suite = all->suites.v[i];
		mp_json_begin_object(w);
		mp_json_string_member(w, "name", suite->name);
		mp_json_string_member(w, "title", suite->title);
		if (suite->rejects > 0) {
			mp_json_integer_member(w, "rejects", suite->rejects);
		}
		mp_json_end_object(w);
	}
	mp_json_end_array(w);
}

static void list_json(FILE *out, const struct mp_catalogue *c)
{
	struct mp_json_writer w;

	mp_json_writer_init(&w, out, true);
	mp_json_begin_object(&w);
	mp_json_string_member(&w, "schema", "mtaproof.rules/1");
	mp_json_key(&w, "rules");
	mp_json_begin_array(&w);
	for (size_t i = 0; i < c->rules.n; i++) {
		mp_json_begin_object(&w);
		mp_json_string_member(&w, "id", c->rules.v[i].id);
		mp_json_string_member(&w, "title", c->rules.v[i].title);
		mp_json_string_member(&w, "why", c->rules.v[i].why);
		mp_json_string_member(&w, "fix", c->rules.v[i].fix);
		mp_json_end_object(&w);
	}
	mp_json_end_array(&w);
	put_suites(&w, &c->scenarios);
	mp_json_key(&w, "scenarios");
	mp_json_begin_array(&w);
	for (size_t i = 0; i < c->scenarios.list.n; i++) {
		put_scenario(&w, c->scenarios.list.v[i]);
	}
	mp_json_end_array(&w);
	mp_json_end_object(&w);
	mp_json_newline(&w);
}

/* ---- text ---- */

static void put_row(FILE *out, const char *id, int width, const char *title)
{
	fputs("  ", out);
	mp_print_cell(out, id, (size_t)width);
	fputs("  ", out);
	mp_print_safe_str(out, title);
	fputc('\n', out);
}

static size_t count_suite(const struct mp_scenarios *all, const char *suite)
{
	size_t n = 0;

	for (size_t i = 0; i < all->list.n; i++) {
		n += mp_scenario_in_suite(all->list.v[i], suite);
	}
	return n;
}

static void list_suites(FILE *out, const struct mp_scenarios *all)
{
	fputs("suites:\n", out);
	for (size_t i = 0; i < all->suites.n; i++) {
		const struct mp_suite *suite = all->suites.v[i];
		put_row(out, suite->name, 16, suite->title);
		fprintf(out, "%*s%zu scenarios", 20, "", count_suite(all, suite->name));
		if (suite->rejects > 0) {
			fprintf(out, ", at most %u expected refusals at one server",
				suite->rejects);
		}
		fputc('\n', out);
	}
}

static void list_text(FILE *out, const struct mp_catalogue *c)
{
	int width = 0;

	for (size_t i = 0; i < c->rules.n; i++) {
		int n = (int)strlen(c->rules.v[i].id);
		width = n > width ? n : width;
	}
	for (size_t i = 0; i < c->scenarios.list.n; i++) {
		int n = (int)strlen(c->scenarios.list.v[i]->id);
		width = n > width && n < 40 ? n : width;
	}
	fputs("rules:\n", out);
	for (size_t i = 0; i < c->rules.n; i++) {
		put_row(out, c->rules.v[i].id, width, c->rules.v[i].title);
	}
	fputc('\n', out);
	list_suites(out, &c->scenarios);
	fputs("\nscenarios:\n", out);
	for (size_t i = 0; i < c->scenarios.list.n; i++) {
		put_row(out, c->scenarios.list.v[i]->id, width, c->scenarios.list.v[i]->title);
	}
}

static int list(const struct options *o, struct mp_err *err)
{
	struct mp_catalogue c;
	FILE *out = NULL;

	int rc = mp_catalogue_load(&c, o->folder, err);
	if (rc == 0) {
		out = mp_output_open(o->output, err);
		rc = out != NULL ? 0 : -1;
	}
	if (rc == 0) {
		if (o->json) {
			list_json(out, &c);
		} else {
			list_text(out, &c);
		}
		rc = mp_output_close(out, o->output, err);
	}
	mp_catalogue_release(&c);
	return rc;
}

int mp_cmd_rules(int argc, char **argv, struct mp_err *err)
{
	struct options o = {0};
	int first;

	if (mp_options_parse(argc, argv, sets, 1, false, take_option, &o, &first, err) < 0) {
		return -1;
	}
	if (o.help) {
		help();
		return MP_EXIT_OK;
	}
	if (first < argc) {
		return mp_err_set(err, MP_ERR_USAGE,
			"rules takes no arguments; 'mtaproof explain %s' explains one",
			argv[first]);
	}
	return list(&o, err);
}
