/* finding_rules - the findings about the maps of a sendmail.cf. */
#include "sendmail/map/finding_rules.h"

static const struct mp_rule rules[] = {
	{"map/missing", "A map whose file is missing",
		"A map without -o must be there: without its file every lookup fails for now, and "
		"what asks it is answered with a temporary error. With the access map that is all "
		"mail, from everybody.",
		"Create it with makemap, or write -o before the file's name."},
	{"map/not-compiled", "A map that is here as text only",
		"sendmail reads what makemap made of the text. What is here is taken for it.",
		"Run makemap on the server after each change."},
	{"map/older", "A compiled map that is older than its text",
		"sendmail reads the compiled file: it answers as before the last change.",
		"Run makemap."},
	{"map/unknown-part", "A sequence that names a map that is not declared",
		"That part is never asked.", "Declare it with a K line."},
};

struct mp_rules mp_sendmail_map_rules(void)
{
	return (struct mp_rules){rules, sizeof rules / sizeof *rules};
}
