/* finding_rules - the findings about maps and their files. */
#include "sendmail/map/finding_rules.h"

static const struct mp_rule rules[] = {
	{"map/bad-line", "A line that makemap skips",
		"makemap complains of it and leaves it out: the entry is not in the table.",
		"Write the key at the beginning of the line, then a blank and the value."},
	{"map/class-build", "A class of maps that not every sendmail has",
		"Which classes there are is decided when sendmail is built. One that does not "
		"know "
		"the class of a K line does not start.",
		"See what sendmail -bt -d0.1 says of what it is built with."},
	{"map/column", "A column that a map cannot have",
		"The map is not opened, and every lookup in it is a temporary failure.",
		"Correct the value of -k or -v."},
	{"map/duplicate", "A key that stands in a table twice",
		"makemap refuses the second line, unless it is called with -r: the first "
		"counts.",
		"Remove one of the two lines."},
	{"map/makemap-flags", "A map that wants a table compiled with -f or -N",
		"A map with -f finds keys in upper case only when makemap was called with -f, too; "
		"the same goes for -N. Here that is taken for granted.",
		"Call makemap with the same flag, or remove it from the K line."},
	{"map/missing", "A map whose file does not exist",
		"Where the map is not optional (-o), every lookup in it is a temporary failure: "
		"with an access map that is 451 to all mail.",
		"Make the file with makemap, or write -o before its name."},
	{"map/not-compiled", "A table that is here only as text",
		"sendmail reads what makemap has made of the text. The text is taken as if that "
		"had been done.",
		"Run makemap, also after each change."},
	{"map/only-compiled", "A table that is here only compiled",
		"What it holds is unknown here: answers that rest on it stay open.",
		"Keep the text beside it, or answer the questions table.lookup in the facts."},
	{"map/relative-path", "A map whose file has a relative path",
		"sendmail looks for it in the folder that it runs in, which is not that of the "
		"configuration.",
		"Write the whole path."},
	{"map/older", "A table whose text was changed after it was compiled",
		"sendmail answers from the compiled table: the change has no effect until "
		"makemap "
		"is run.",
		"Run makemap."},
	{"map/switch-member", "A map that the service switch asks for and nobody declares",
		"It is left out of the sequence.", "Declare it with a K line of its own."},
	{"map/too-large", "A table with more entries than are read here",
		"Answers that rest on the rest cannot be predicted.", "Split the table."},
	{"map/unreadable", "A map whose file cannot be read here",
		"What it holds is unknown here: answers that rest on it stay open.",
		"Make it readable, or answer the questions table.lookup in the facts."},
};

struct mp_rules mp_sendmail_map_rules(void)
{
	return (struct mp_rules){rules, sizeof rules / sizeof *rules};
}
