/* finding_rules - the findings about the options of a sendmail.cf that decide the dialogue. */
#include "sendmail/smtp/finding_rules.h"

static const struct mp_rule rules[] = {
	{"cf/auth-option", "A letter of AuthOptions that means nothing",
		"It is ignored. Only the first letter of each word counts: \"Ap\" is A alone, and "
		"passwords are still asked for in clear text.",
		"Write single letters, parted by blanks: A p y."},
	{"cf/daemon-options", "A daemon that keeps sendmail from starting",
		"An unknown key, family or service, or two daemons on one address and port: the "
		"whole daemon ends, not that listener alone.",
		"Write the keys of the Operations Guide; give each daemon a port of its own (with "
		"a "
		"daemon on 587: FEATURE(`no_default_msa'))."},
	{"cf/daemon-dual", "Daemons for IPv4 and IPv6 that do not get along on every system",
		"On Linux a socket for all IPv6 addresses takes the IPv4 ones, too. Which system "
		"it is was not told.",
		"Tell it (--facts), or leave one daemon for both."},
	{"cf/daemon-optional", "An optional daemon that cannot have its socket",
		"Another daemon has its address and port. sendmail runs without it, but tries to "
		"have "
		"it for about 50 seconds at each start, and serves nobody meanwhile.",
		"Remove it. On Linux a daemon for all IPv6 addresses takes the IPv4 ones, too."},
	{"cf/delivery-mode", "A delivery mode that sendmail does not know",
		"The daemon does not start.", "Write background, interactive, queue or deferred."},
	{"cf/eight-bit-mode", "An EightBitMode that sendmail does not know",
		"The daemon does not start.", "Write mimify, pass8 or strict."},
	{"cf/incomplete", "A .cf without what every sendmail needs",
		"No mailer called local, or no queue directory: mostly m4 ended in the middle of "
		"the .mc, and the rest of the file is missing. The daemon does not start.",
		"Make the file again, and look at what m4 says."},
	{"cf/privacy-flag", "A word of PrivacyOptions that sendmail does not know",
		"The daemon does not start.",
		"Write flags that this sendmail knows: authwarnings, novrfy, noexpn, restrictqrun, "
		"goaway, ..."},
	{"cf/tls-breaks", "STARTTLS that no client gets through",
		"TLSSrvOptions=C asks for no certificate of the server: STARTTLS is offered "
		"without "
		"one, and the handshake fails, as no ordinary cipher can do without. Clients that "
		"insist on TLS cannot send; others may give up, too.",
		"Name a certificate and its key (confSERVER_CERT, confSERVER_KEY), or take C out."},
	{"cf/tls-option", "A letter of TLSSrvOptions that means nothing",
		"It is ignored. Only the first letter of each word counts: \"VC\" is V alone.",
		"Write V, C, or both, parted by a blank."},
};

struct mp_rules mp_sendmail_smtp_rules(void)
{
	return (struct mp_rules){rules, sizeof rules / sizeof *rules};
}
