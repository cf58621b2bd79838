/* finding_rules - the findings about the lines of a sendmail.cf. */
#include "sendmail/cf/finding_rules.h"

static const struct mp_rule rules[] = {
	{"cf/class-elsewhere", "A class whose words come from a program or a directory",
		"Nothing that a configuration names is executed or asked: whether the class holds "
		"a "
		"word stays an open question, and answers that rest on it are open, too.",
		"Answer the question table.lookup in the facts."},
	{"cf/class-file-missing", "The file of a class cannot be read",
		"An F line without -o whose file is missing keeps the daemon from starting.",
		"Create the file, or write -o before its name."},
	{"cf/line-long", "A line that is longer than sendmail takes",
		"Of the words of a class, each side of a rule, and what a K line says, sendmail "
		"takes 2047 characters and silently drops the rest: the last words are not in the "
		"class. RELAY_DOMAIN and its like write all their words into one line.",
		"Write several lines, or a file of words (F line, RELAY_DOMAIN_FILE)."},
	{"cf/macro-name", "A name of a macro or class that sendmail does not accept",
		"The daemon does not start.",
		"Use one character, or up to 25 letters, digits and underscores in braces."},
	{"cf/map", "A K line that sendmail does not accept", "The daemon does not start.",
		"Write K, the map's name, its class, flags, and what the class needs."},
	{"cf/operators-late", "OperatorChars is set after the first ruleset",
		"The characters at which addresses are split are settled when the first ruleset is "
		"read. Rules before the options (in a .mc: behind MAILER without LOCAL_RULESETS) "
		"make %, ! and others ordinary letters in the whole configuration.",
		"Move the rules behind LOCAL_RULESETS."},
	{"cf/option-unknown", "An option that sendmail does not know", "The daemon does not start.",
		"Correct the name; the Operations Guide lists them in 5.6."},
	{"cf/rule", "A rule that sendmail does not accept", "The daemon does not start.",
		"See the Operations Guide, 5.1: what may stand on the two sides of a rule."},
	{"cf/rule-without-ruleset", "A rule before the first S line", "The daemon does not start.",
		"Put it behind an S line; in a .mc behind LOCAL_RULESETS or LOCAL_RULE_n."},
	{"cf/rule-without-tab", "A rule whose sides are separated by blanks",
		"Only a tab separates the sides of a rule: the daemon does not start. Rules copied "
		"from a web page lose their tabs.",
		"Write a tab between the sides."},
	{"cf/ruleset-name", "An S line that sendmail does not accept", "The daemon does not start.",
		"Begin the name with a letter; numbers are below 100."},
	{"cf/unknown-line", "A line that is no configuration",
		"The daemon does not start. Mostly it is text of the .mc that no macro took: a "
		"comment without dnl, a misspelt macro.",
		"Remove it, or put # before it; in a .mc begin the line with dnl."},
	{"cf/version-line", "A V line without a version", "The daemon does not start.",
		"Write V10/Berkeley."},
};

struct mp_rules mp_sendmail_cf_rules(void)
{
	return (struct mp_rules){rules, sizeof rules / sizeof *rules};
}
