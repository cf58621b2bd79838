/* explain - scenarios, questions and rules in words. */
#include "cli/explain.h"

#include "report/terminal.h"

enum { WIDTH = 96, INDENT = 4 };

static const char *word_of_client(enum mp_client_class client)
{
	switch (client) {
	case MP_CLIENT_ANY:
		return "anybody";
	case MP_CLIENT_OUTSIDER:
		return "an outsider: in no network that the configuration trusts";
	case MP_CLIENT_TRUSTED:
		return "a client in a trusted network, or the server itself";
	case MP_CLIENT_SERVER:
		return "the server itself";
	}
	return "";
}

static const char *word_of_impact(enum mp_impact impact)
{
	switch (impact) {
	case MP_IMPACT_QUIET:
		return "quiet: an everyday dialogue";
	case MP_IMPACT_LOGGED:
		return "logged: the server's log shows what was tried";
	case MP_IMPACT_INTRUSIVE:
		return "intrusive: played only with --intrusive, or in the lab";
	}
	return "";
}

static const char *word_of_service(enum mp_service service)
{
	switch (service) {
	case MP_SERVICE_SMTP:
		return "smtp (port 25)";
	case MP_SERVICE_SUBMISSION:
		return "submission (port 587)";
	case MP_SERVICE_SUBMISSIONS:
		return "submissions (port 465)";
	}
	return "";
}

static const char *word_of_need(enum mp_need need)
{
	switch (need) {
	case MP_NEED_CREDENTIALS:
		return "a login (--login)";
	case MP_NEED_CLEAR:
		return "a connection that begins in clear";
	case MP_NEED_TLS:
		return "TLS";
	case MP_NEED_DELIVER:
		return "that a message may be delivered (--deliver)";
	case MP_NEED_CERTIFICATE:
		return "a certificate of the client's own (--certificate)";
	}
	return "";
}

static void put_text(FILE *out, const char *text)
{
	mp_print_paragraph(out, "    ", WIDTH, text);
}

static void put_heading(FILE *out, const char *name, const char *what, const char *title)
{
	mp_print_safe_str(out, name);
	fprintf(out, " (%s)\n", what);
	put_text(out, title);
}

/* ---- scenarios ---- */

static void put_dialogue(FILE *out, const struct mp_scenario *s)
{
	fputs("\nDialogue:\n", out);
	for (size_t i = 0; i < s->line_count; i++) {
		fprintf(out, "%*s%s", INDENT, "",
			mp_str_eq(s->dialogue[i], MP_MESSAGE_LINE) ? "" : "C: ");
		mp_print_safe_str(out, s->dialogue[i]);
		if (i == s->tested) {
			fputs("    <- its reply is what is tested", out);
			if (s->keyword != NULL) {
				fputs(": whether it offers ", out);
				mp_print_safe_str(out, s->keyword);
			}
		}
		fputc('\n', out);
	}
}

static void put_bits(FILE *out, const char *heading, unsigned bits, bool needs)
{
	const char *separator = "";

	fprintf(out, "%s", heading);
	for (unsigned bit = 1; bit <= bits; bit <<= 1) {
		if ((bits & bit) != 0) {
			fprintf(out, "%s%s", separator,
				needs ? word_of_need((enum mp_need)bit)
				      : word_of_service((enum mp_service)bit));
			separator = ", ";
		}
	}
	fputc('\n', out);
}

static void put_control(FILE *out, const struct mp_catalogue *c, const struct mp_scenario *s)
{
	if (s->control == NULL) {
		return;
	}
	const struct mp_scenario *control = mp_scenario_find(&c->scenarios, s->control);

	fputs("Control:  ", out);
	mp_print_safe_str(out, s->control);
	if (control != NULL) {
		fputs(", \"", out);
		mp_print_safe_str(out, control->title);
		fputs("\": played in the same session, so that a refusal means what it seems to",
			out);
	}
	fputc('\n', out);
}

static void put_alarm(FILE *out, const struct mp_catalogue *c, const struct mp_scenario *s)
{
	const struct mp_alarm *alarm = &s->alarm;

	if (alarm->outcome_count == 0) {
		return;
	}
	fprintf(out, "\nAlarm, whatever the configuration says (%s):\n%*s",
		mp_severity_name(alarm->severity), INDENT, "");
	for (size_t i = 0; i < alarm->outcome_count; i++) {
		fprintf(out, "%s%s", i > 0 ? " or " : "", alarm->outcomes[i]);
	}
	if (alarm->client != MP_CLIENT_ANY) {
		fprintf(out, ", for %s", mp_client_class_name(alarm->client));
	}
	if (alarm->certain) {
		fputs(", in every world", out);
	}
	fputs(": ", out);
	const struct mp_rule *rule = alarm->rule != NULL ? mp_catalogue_rule(c, alarm->rule) : NULL;
	if (alarm->rule != NULL) {
		mp_print_safe_str(out, alarm->rule);
		fputs(rule != NULL || alarm->message[0] != '\0' ? ", " : "", out);
	}
	mp_print_safe_str(out,
		alarm->message[0] != '\0' ? alarm->message
			: rule != NULL    ? rule->title
					  : "");
	fputc('\n', out);
}

static void put_suites(FILE *out, const struct mp_scenario *s)
{
	fputs("Suites:   ", out);
	for (size_t i = 0; i < s->suite_count; i++) {
		mp_print_safe_str(out, s->suites[i]);
		fputs(", ", out);
	}
	fputs("full\n", out);
}

void mp_explain_scenario(FILE *out, const struct mp_catalogue *c, const struct mp_scenario *s)
{
	put_heading(out, s->id, "scenario", s->title);
	fputs("\nWhy:\n", out);
	put_text(out, s->why);
	put_dialogue(out, s);
	fprintf(out, "\nClient:   %s\n", word_of_client(s->client));
	put_bits(out, "Services: ", s->services, false);
	if (s->needs != 0) {
		put_bits(out, "Needs:    ", s->needs, true);
	}
	fprintf(out, "Impact:   %s%s\n", word_of_impact(s->impact),
		s->rejects ? "; a refusal is expected" : "");
	put_control(out, c, s);
	put_suites(out, s);
	put_alarm(out, c, s);
	fputs("\nTo play only it:\n", out);
	static const char *const commands[] = {"verify", "probe", "lab"};
	static const char *const arguments[] = {"CONFIG TARGET", "TARGET", "CONFIG"};
	for (size_t i = 0; i < 3; i++) {
		fprintf(out, "%*smtaproof %s --suite ", INDENT, "", commands[i]);
		mp_print_safe_str(out, s->id);
		fprintf(out, "%s%s %s\n",
			s->impact == MP_IMPACT_INTRUSIVE && i < 2 ? " --intrusive" : "",
			(s->needs & MP_NEED_DELIVER) != 0 ? " --deliver" : "", arguments[i]);
	}
	fputs("--sender, --helo, --foreign and --local say what stands for the words in braces.\n",
		out);
}

/* ---- questions ---- */

/* The text with `before` in front of each of the characters. */
static void put_marked(FILE *out, const char *text, const char *characters, const char *before)
{
	for (size_t n; *text != '\0'; text += n) {
		n = strcspn(text, characters);
		if (n == 0) {
			fprintf(out, "%s%c", before, *text);
			n = 1;
		} else {
			mp_print_safe(out, mp_slice(text, n));
		}
	}
}

/* In single quotes, as a shell takes it: ' ends them, \' stands outside, and another begins anew.
 */
static void put_quoted(FILE *out, const char *text)
{
	for (const char *quote; (quote = strchr(text, '\'')) != NULL; text = quote + 1) {
		mp_print_safe(out, mp_slice(text, (size_t)(quote - text)));
		fputs("'\\''", out);
	}
	mp_print_safe_str(out, text);
}

/* Inside a JSON string. */
static void put_escaped(FILE *out, const char *text)
{
	put_marked(out, text, "\"\\", "\\");
}

static void put_question(FILE *out, const struct mp_question_kind *kind, const char *subject,
	void (*put)(FILE *out, const char *text))
{
	fputs(kind->word, out);
	if (subject[0] != '\0') {
		fputc(' ', out);
		put(out, subject);
	}
}

static void put_fact(FILE *out, const struct mp_question_kind *kind, const char *subject)
{
	fprintf(out, "%*s{", INDENT, "");
	if (kind->fact == NULL) {
		fputs("\"answers\": {\"", out);
		put_question(out, kind, subject, put_escaped);
		fprintf(out, "\": \"%s\"}", kind->value);
	}
	for (const char *p = kind->fact; p != NULL && *p != '\0'; p++) {
		if (p[0] == '<' && p[1] == '>') {
			put_escaped(out, subject);
			p++;
		} else {
			fputc(*p, out);
		}
	}
	fputs("}\n", out);
}

void mp_explain_question(FILE *out, const struct mp_question_kind *kind, const char *asked)
{
	const char *subject = asked[0] != '\0' ? asked : kind->subject;
	int width = 0;

	fputs(kind->word, out);
	if (asked[0] != '\0') {
		fputc(' ', out);
		mp_print_safe_str(out, asked);
	} else if (kind->arguments[0] != '\0') {
		fprintf(out, " %s", kind->arguments);
	}
	fprintf(out, " (question)\n%*sAsks %s.\n\nWhy:\n", INDENT, "", kind->asks);
	put_text(out, kind->why);
	fputs("\nAnswers:\n", out);
	for (size_t i = 0; i < MP_QUESTION_ANSWERS && kind->answers[i].answer != NULL; i++) {
		int n = (int)strlen(kind->answers[i].answer);
		width = n > width ? n : width;
	}
	for (size_t i = 0; i < MP_QUESTION_ANSWERS && kind->answers[i].answer != NULL; i++) {
		fprintf(out, "%*s%-*s  %s\n", INDENT, "", width, kind->answers[i].answer,
			kind->answers[i].meaning);
	}
	fputs("\nWhere nobody answers it, every answer is followed, and results say on which they "
	      "rest.\nTo answer it, on the command line:\n",
		out);
	fprintf(out, "%*s--assume '", INDENT, "");
	put_question(out, kind, subject, put_quoted);
	fprintf(out, "=%s'\nor in a facts file (--facts FILE, mtaproof-facts(5)):\n", kind->value);
	put_fact(out, kind, subject);
	if (kind->live) {
		fputs("or let verify ask the DNS: --dns live\n", out);
	}
	if (kind->reserved) {
		fputs("No simulation of this release asks it.\n", out);
	}
}

/* ---- rules ---- */

void mp_explain_rule(FILE *out, const struct mp_catalogue *c, const struct mp_rule *rule)
{
	const struct mp_scenarios *all = &c->scenarios;
	bool shown = false;

	put_heading(out, rule->id, "rule of findings", rule->title);
	fputs("\nWhy:\n", out);
	put_text(out, rule->why);
	fputs("\nWhat to do:\n", out);
	put_text(out, rule->fix);
	for (size_t i = 0; i < all->list.n; i++) {
		const struct mp_alarm *alarm = &all->list.v[i]->alarm;
		if (alarm->rule == NULL || !mp_str_eq(alarm->rule, rule->id)) {
			continue;
		}
		fputs(shown ? "" : "\nScenarios that show it:\n", out);
		shown = true;
		fprintf(out, "%*s", INDENT, "");
		mp_print_safe_str(out, all->list.v[i]->id);
		fputc('\n', out);
	}
}
