/* finding_rules - the findings about a sendmail configuration, of all its rooms. */
#include "sendmail/finding_rules.h"

#include "sendmail/cf/finding_rules.h"
#include "sendmail/map/finding_rules.h"
#include "sendmail/mc/finding_rules.h"
#include "sendmail/smtp/finding_rules.h"

/* Of a .mc and the .cf beside it. */
static const struct mp_rule pair[] = {
	{"mc/cf-differs", "A .cf that is not what its .mc becomes",
		"It was built from another version of the .mc, or with another cf library, or "
		"edited by hand: the server does what the .cf says, not what the .mc promises, and "
		"the next build undoes what was edited.",
		"Write into the .mc what is to stay, build the .cf again, and restart sendmail."},
	{"mc/cf-not-compared", "A .cf that was not compared with its .mc",
		"Without m4 and the cf library, or where the .mc breaks off, it is not known what "
		"the .mc becomes, and so not whether the .cf is of it.",
		"Install m4 and the cf library (package sendmail-cf), or name its folder with "
		"--cf-dir; mend the .mc."},
	{"mc/cf-relays", "A .cf that relays for clients that its .mc refuses",
		"The server that runs with it is more open than the file that is looked after "
		"says.",
		"Build the .cf again from the .mc and restart sendmail; if the .cf is right, write "
		"it into the .mc."},
};

void mp_sendmail_rules(struct mp_rules tables[MP_SENDMAIL_RULES])
{
	tables[0] = mp_sendmail_mc_rules();
	tables[1] = mp_sendmail_cf_rules();
	tables[2] = mp_sendmail_map_rules();
	tables[3] = mp_sendmail_smtp_rules();
	tables[4] = (struct mp_rules){pair, sizeof pair / sizeof *pair};
}
