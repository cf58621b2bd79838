/*
 * compile ROOT FILE... - reads the scenarios and suites of the data files and writes them as C.
 *
 * DESCRIPTION
 *	A tool of the build: what is compiled into the program needs not be parsed whenever the
 *	program starts, and a mistake in a file ends the build. Files of other kinds are passed
 *	over.
 */
#include "base/limits.h"
#include "scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>

static void put_text(const char *text)
{
	if (text == NULL) {
		fputs("NULL", stdout);
		return;
	}
	putchar('"');
	for (const char *p = text; *p != '\0'; p++) {
		unsigned char c = (unsigned char)*p;
		/* Octal, always three digits: safe whatever follows. */
		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '?') {
			printf("\\%03o", c);
		} else {
			putchar(c);
		}
	}
	putchar('"');
}

static void put_member(const char *name, const char *text)
{
	printf("\t.%s = ", name);
	put_text(text);
	fputs(",\n", stdout);
}

/* An array of its own; C has no empty ones. */
static void put_array(const char *name, size_t index, const char *const *texts, size_t n)
{
	printf("static const char *const %s_%zu[] = {", name, index);
	for (size_t i = 0; i < n; i++) {
		fputs("\n\t", stdout);
		put_text(texts[i]);
		putchar(',');
	}
	fputs(n > 0 ? "\n};\n" : "NULL};\n", stdout);
}

static void put_alarm(const struct mp_alarm *a, size_t index)
{
	printf("\t.alarm = {.outcomes = outcomes_%zu, .outcome_count = %zu,\n", index,
		a->outcome_count);
	printf("\t.severity = (enum mp_severity)%d, .client = (enum mp_client_class)%d, "
	       ".services = %uU,\n",
		(int)a->severity, (int)a->client, a->services);
	printf("\t.port = %uU, .certain = %d, .passwords = %d,\n", a->port, a->certain,
		a->passwords);
	put_member("rule", a->rule);
	put_member("message", a->message);
	fputs("\t},\n", stdout);
}

static void put_scenario(const struct mp_scenario *s, size_t index)
{
	put_array("suites", index, s->suites, s->suite_count);
	put_array("dialogue", index, s->dialogue, s->line_count);
	put_array("outcomes", index, s->alarm.outcomes, s->alarm.outcome_count);
	printf("static const struct mp_scenario scenario_%zu = {\n", index);
	put_member("id", s->id);
	put_member("title", s->title);
	put_member("why", s->why);
	put_member("group", s->group);
	put_member("control", s->control);
	put_member("keyword", s->keyword);
	put_member("each", s->each);
	put_member("with", s->with);
	printf("\t.suites = suites_%zu, .suite_count = %zu,\n", index, s->suite_count);
	printf("\t.dialogue = dialogue_%zu, .line_count = %zu, .tested = %zu,\n", index,
		s->line_count, s->tested);
	printf("\t.client = (enum mp_client_class)%d, .services = %uU, .needs = %uU,\n",
		(int)s->client, s->services, s->needs);
	printf("\t.impact = (enum mp_impact)%d, .tests = (enum mp_verb)%d,\n", (int)s->impact,
		(int)s->tests);
	printf("\t.rejects = %d, .any_refusal = %d,\n", s->rejects, s->any_refusal);
	put_alarm(&s->alarm, index);
	fputs("};\n", stdout);
}

static void put_suite(const struct mp_suite *s, size_t index)
{
	printf("static const struct mp_suite suite_%zu = {\n", index);
	put_member("name", s->name);
	put_member("title", s->title);
	printf("\t.rejects = %uU,\n};\n", s->rejects);
}

static void put_list(const char *type, const char *item, size_t n)
{
	printf("const struct mp_%s *const mp_builtin_%ss[] = {\n", type, type);
	for (size_t i = 0; i < n; i++) {
		printf("\t&%s_%zu,\n", item, i);
	}
	printf("\tNULL};\nconst size_t mp_builtin_%s_count = %zu;\n", type, n);
}

static void put_all(const struct mp_scenarios *all)
{
	fputs("/* Made by src/scenario/compile from the data files of the tree; not edited by "
	      "hand. */\n#include \"scenario/builtin.h\"\n\n",
		stdout);
	for (size_t i = 0; i < all->list.n; i++) {
		put_scenario(all->list.v[i], i);
	}
	for (size_t i = 0; i < all->suites.n; i++) {
		put_suite(all->suites.v[i], i);
	}
	put_list("scenario", "scenario", all->list.n);
	put_list("suite", "suite", all->suites.n);
}

static int read_file(
	struct mp_scenarios *all, const char *path, const char *name, struct mp_err *err)
{
	FILE *in = fopen(path, "rb");
	char *text = malloc(MP_LIMIT_RULES);

	if (in == NULL || text == NULL) {
		free(text);
		if (in != NULL) {
			fclose(in);
		}
		return mp_err_set(err, MP_ERR_INPUT, "%s: cannot be read", path);
	}
	size_t n = fread(text, 1, MP_LIMIT_RULES, in);
	int rc = feof(in) != 0 ? mp_scenarios_read(all, name, mp_slice(text, n), err)
			       : mp_err_set(err, MP_ERR_INPUT, "%s: too large", path);
	free(text);
	fclose(in);
	return rc;
}

int main(int argc, char **argv)
{
	struct mp_scenarios all = {0};
	struct mp_err err = {0};
	int rc = 0;

	for (int i = 2; i < argc && rc == 0; i++) {
		struct mp_slice name = mp_slice_str(argv[i]);
		name = mp_slice_from(name, strlen(argv[1]) + 1);
		if (mp_slice_starts(name, "scenarios/")) {
			rc = read_file(&all, argv[i], name.p, &err);
		}
	}
	rc = rc == 0 ? mp_scenarios_check(&all, &err) : rc;
	if (rc == 0) {
		put_all(&all);
	} else {
		fprintf(stderr, "%s\n", err.text);
	}
	mp_scenarios_release(&all);
	return rc == 0 && fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
