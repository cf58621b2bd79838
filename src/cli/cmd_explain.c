/* cmd_explain - mtaproof explain: says more of a scenario, a question or a rule. */
#include "base/buf.h"
#include "cli/catalogue.h"
#include "cli/cli.h"
#include "cli/explain.h"
#include "cli/options.h"

enum { OPT_HELP = 1, OPT_RULES, NEAR_MATCHES = 5, WORD_LIMIT = 4096 };

static const struct mp_option own_options[] = {
	{"rules", "DIR", "add the scenarios of DIR/scenarios", OPT_RULES},
	{"help", NULL, "this text", OPT_HELP},
	{NULL, NULL, NULL, 0},
};

static const struct mp_option *const sets[] = {own_options};

struct options {
	const char *folder;
	bool help;
};

static int take_option(void *context, int id, const char *value, struct mp_err *err)
{
	struct options *o = context;
	(void)err;

	if (id == OPT_HELP) {
		o->help = true;
	} else {
		o->folder = value;
	}
	return 0;
}

static void help(void)
{
	fputs("usage: mtaproof explain [OPTION...] SCENARIO|QUESTION|RULE\n\n"
	      "Says what a scenario tests, what a question asks and how it is answered, or\n"
	      "what a finding means and what to do: relay/plain, 'dns.mx example.com',\n"
	      "maincf/missing-equals. 'mtaproof rules' lists scenarios and rules.\n\noptions:\n",
		stdout);
	mp_options_help(stdout, sets, 1);
}

static int unknown(const struct mp_catalogue *c, const char *word, struct mp_err *err)
{
	const char *near[NEAR_MATCHES];
	struct mp_arena arena = {0};
	struct mp_buf text;

	mp_buf_init(&text, 512);
	size_t n = mp_catalogue_near(c, word, &arena, near, NEAR_MATCHES);
	for (size_t i = 0; i < n; i++) {
		mp_buf_printf(&text, "%s%s", i == 0 ? " Near it: " : ", ", near[i]);
	}
	mp_err_set(err, MP_ERR_USAGE, "there is no scenario, question or rule '%.200s'.%s%s", word,
		text.p, n > 0 ? "" : " 'mtaproof rules' lists scenarios and rules.");
	mp_buf_release(&text);
	mp_arena_release(&arena);
	return -1;
}

/* A question with as many words behind it as it has, or with none. */
static int check_question(
	const struct mp_question_kind *kind, const char *question, struct mp_err *err)
{
	struct mp_slice subject = mp_slice_str(mp_question_subject(question));
	bool none = kind->arguments[0] == '\0';
	bool two = strchr(kind->arguments, ' ') != NULL;

	if (subject.n == 0) {
		return 0;
	}
	if (none || (two && mp_slice_chr(subject, ' ') == MP_NOT_FOUND)) {
		return mp_err_set(err, MP_ERR_USAGE, "the question is %s%s%s", kind->word,
			none ? ", with nothing behind it" : " ", kind->arguments);
	}
	return 0;
}

static int explain(const struct options *o, const char *word, struct mp_err *err)
{
	const struct mp_question_kind *kind = mp_question_kind(word);
	struct mp_catalogue c;

	int rc = mp_catalogue_load(&c, o->folder, err);
	if (rc == 0) {
		const struct mp_scenario *scenario = mp_scenario_find(&c.scenarios, word);
		const struct mp_rule *rule = mp_catalogue_rule(&c, word);
		if (scenario != NULL) {
			mp_explain_scenario(stdout, &c, scenario);
		}
		if (rule != NULL) {
			fputs(scenario != NULL ? "\n" : "", stdout);
			mp_explain_rule(stdout, &c, rule);
		}
		if (kind != NULL) {
			rc = check_question(kind, word, err);
		}
		if (kind != NULL && rc == 0) {
			mp_explain_question(stdout, kind, mp_question_subject(word));
		}
		if (scenario == NULL && rule == NULL && kind == NULL) {
			rc = unknown(&c, word, err);
		}
	}
	mp_catalogue_release(&c);
	return rc;
}

int mp_cmd_explain(int argc, char **argv, struct mp_err *err)
{
	struct options o = {0};
	struct mp_buf word;
	int first;

	if (mp_options_parse(argc, argv, sets, 1, false, take_option, &o, &first, err) < 0) {
		return -1;
	}
	if (o.help) {
		help();
		return MP_EXIT_OK;
	}
	if (first >= argc) {
		return mp_err_set(err, MP_ERR_USAGE,
			"explain takes a SCENARIO, a QUESTION or a RULE (see mtaproof explain "
			"--help)");
	}
	/* A question needs no quotes: its words are put together. */
	mp_buf_init(&word, WORD_LIMIT);
	for (int i = first; i < argc; i++) {
		mp_buf_printf(&word, "%s%s", i == first ? "" : " ", argv[i]);
	}
	int rc = explain(&o, word.p, err);
	mp_buf_release(&word);
	return rc;
}
