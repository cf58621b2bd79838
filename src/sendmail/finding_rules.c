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
	{"mc/cf-not-running", "A server that follows the .mc and not the .cf",
		"The .cf was changed after the server started, or the server reads another file: "
		"with the next restart it may answer as nobody intends.",
		"Look which file the server reads (its option -C); build the .cf from the .mc "
		"again."},
	{"mc/cf-relays", "A .cf that relays for clients that its .mc refuses",
		"The server that runs with it is more open than the file that is looked after "
		"says.",
		"Build the .cf again from the .mc and restart sendmail; if the .cf is right, write "
		"it into the .mc."},
	{"mc/neither-running", "A server that follows neither its .cf nor its .mc",
		"What runs is described by none of the files that are at hand.",
		"Look which file the server reads (its option -C), build the .cf from the .mc, and "
		"restart sendmail."},
	{"mc/not-rebuilt", "A .mc that was edited, and a .cf that was not rebuilt",
		"The server follows the .cf: what the .mc promises is not in force.",
		"Run make (m4) in the folder and restart sendmail."},
	{"mc/not-restarted", "A server that does not follow the .cf that is there",
		"The .mc and the .cf promise the same, and the server answers otherwise. Mostly "
		"the .cf was rebuilt and sendmail not restarted, which reads it only when it "
		"starts; or it reads another file.",
		"Restart sendmail. If it answers so still, look which file it reads (its option "
		"-C), and what else stands behind the port."},
	{"mc/not-told", "Not known whether a server follows the .cf or the .mc",
		"The two differ, but in nothing that the dialogues that were played could tell.",
		"Play more scenarios (--suite full), from where the answers differ; or rebuild and "
		"restart."},
};

void mp_sendmail_rules(struct mp_rules tables[MP_SENDMAIL_RULES])
{
	tables[0] = mp_sendmail_mc_rules();
	tables[1] = mp_sendmail_cf_rules();
	tables[2] = mp_sendmail_map_rules();
	tables[3] = mp_sendmail_smtp_rules();
	tables[4] = (struct mp_rules){pair, sizeof pair / sizeof *pair};
}
