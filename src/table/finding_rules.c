/* finding_rules - the findings about lookup tables. */
#include "table/finding_rules.h"

static const struct mp_rule rules[] = {
	{"table/alias-format", "A key that ends with a colon",
		"The colon belongs to the key, so that the entry is never found: it is the format "
		"of an "
		"alias database.",
		"Write key and value with white space between them, or open the file as aliases."},
	{"table/bad-line", "A line that is no entry",
		"Postfix logs a warning and goes on without the line, so that what it says does "
		"not hold.",
		"Give the line a key and a value; begin a comment with \"#\" in the first column."},
	{"table/bad-name", "A table that is not of the form type:name",
		"The process that opens it ends at once.",
		"Write type:name, for example hash:/etc/postfix/access."},
	{"table/bad-rule", "A rule that is skipped",
		"Postfix logs a warning and goes on without the rule, so that what it says does "
		"not hold.",
		"Correct the expression, the network or the value; end each if with endif."},
	{"table/bad-syntax", "A table that cannot be opened",
		"Every lookup in it fails; most of them are answered by 451 4.3.0 or 451 4.3.5.",
		"Correct what stands behind the type."},
	{"table/duplicate", "A key that stands there a second time",
		"Only the first entry counts; in a table that is written into the configuration "
		"(inline:) the "
		"whole table fails.",
		"Remove the entry that is not meant."},
	{"table/empty-value", "A rule without a value",
		"When it matches, Postfix takes the empty result for an error.",
		"Give it a value, or remove it."},
	{"table/extra-text", "Text that is ignored",
		"What stands behind if, endif or a rule without a value is not read, or is not "
		"read as meant.",
		"Remove the text; begin each rule in the first column."},
	{"table/indented-line", "An indented line that continues nothing",
		"A line that begins with white space continues the one before; without one it is "
		"skipped.",
		"Begin it in the first column."},
	{"table/match-limit", "An expression that takes too long",
		"A client can keep the process busy with a name of its choice.",
		"Write the expression without repetitions inside of repetitions."},
	{"table/missing-file", "A table whose file does not exist",
		"Every lookup in it fails; most of them are answered by 451 4.3.5.",
		"Create it (with postmap where it is compiled), or take it out of the "
		"configuration."},
	{"table/more-problems", "A table with more problems than are listed",
		"The findings that are listed are the first ones.",
		"Correct those; the next run shows the rest."},
	{"table/not-compiled", "A text that is not compiled",
		"Postfix reads the compiled file; until it is made, every lookup fails. Here the "
		"text is taken as if "
		"it had been compiled.",
		"Run postmap (or newaliases) on the server."},
	{"table/nul-byte", "A NUL byte in a line", "Postfix ignores what stands behind it.",
		"Remove it."},
	{"table/obsolete-flag", "A flag that has no effect any more",
		"The expression matches as without it.", "Remove the flag."},
	{"table/only-compiled", "A compiled file without its text",
		"What it holds is not known here, so that every lookup is an open question.",
		"Keep the text beside it, or answer the questions that matter."},
	{"table/relative-path", "A table with a relative path",
		"It is looked for in queue_directory, and not beside main.cf.",
		"Write the whole path."},
	{"table/stale", "A compiled file that is older than its text",
		"The server answers from what was compiled, not from what the text says now.",
		"Run postmap (or newaliases) on the server."},
	{"table/too-deep", "Tables that name tables without an end",
		"Such a table is not read to its end here.", "Name the tables directly."},
	{"table/too-large", "A table that is not read to its end",
		"What stands behind the limit is not part of the simulation.",
		"Split it, or give the answers as facts."},
	{"table/unknown-type", "A table type that Postfix does not know",
		"Every lookup in it fails.",
		"Correct the type; postconf -m lists those that the server has."},
	{"table/unreadable", "A table that cannot be read here",
		"What it holds is not known here, so that every lookup is an open question.",
		"Make it readable, or answer the questions that matter."},
};

struct mp_rules mp_table_rules(void)
{
	return (struct mp_rules){rules, sizeof rules / sizeof rules[0]};
}
