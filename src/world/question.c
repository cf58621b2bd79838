/* question - the catalogue of questions. */
#include "world/question.h"

#define FOUND_OR_NONE(found, none)                                                                 \
	{                                                                                          \
		{"found", found},                                                                  \
		{                                                                                  \
			"none", none                                                               \
		}                                                                                  \
	}
#define DNS_ANSWERS(values, meaning)                                                               \
	{                                                                                          \
		{values, meaning}, {"found", "there are such records, whatever they hold"},        \
			{"none", "there is no such record, or no such name"},                      \
		{                                                                                  \
			"tempfail", "the DNS cannot be asked: a server fails, or does not answer"  \
		}                                                                                  \
	}

static const struct mp_question_kind kinds[] = {
	{.word = "host.name",
		.arguments = "",
		.asks = "what the host calls itself: what gethostname() gives to the mail server",
		.why = "myhostname, and what follows from it (the banner, mydomain, "
		       "mydestination), is "
		       "the host's own name where the configuration does not set it.",
		.answers = {{"NAME", "the name"}},
		.subject = "",
		.value = "mail.example.org",
		.fact = "\"hostname\": \"mail.example.org\""},
	{.word = "host.domain",
		.arguments = "",
		.asks = "the host's own name without its first label",
		.why = "mydomain is made of it where neither mydomain nor myhostname is set.",
		.answers = {{"NAME", "the domain"}},
		.subject = "",
		.value = "example.org",
		.fact = "\"hostname\": \"mail.example.org\""},
	{.word = "host.addresses",
		.arguments = "",
		.asks = "which addresses the host's interfaces have",
		.why = "They decide who is the server itself, what mynetworks_style and "
		       "permit_mynetworks trust, and which address literals are local.",
		.answers = {{"ADDRESSES", "the addresses, each with its prefix length"},
			{"network of ADDRESS", "an address in the same network as this one"},
			{"other", "none of those that matter here"}},
		.subject = "",
		.value = "192.0.2.10/24",
		.fact = "\"addresses\": [\"192.0.2.10/24\", \"127.0.0.1/8\"]"},
	{.word = "host.distribution",
		.arguments = "",
		.asks = "who built the mail server",
		.why = "Builds differ in what is compiled in: Debian's Postfix reads the file that "
		       "myorigin names, others take its path for a name.",
		.answers = {{"debian", "Debian, or what is made from it"},
			{"other", "anybody else"}},
		.subject = "",
		.value = "debian",
		.fact = "\"distribution\": \"debian\""},
	{.word = "mta.version",
		.arguments = "",
		.asks = "the version of the mail server",
		.why = "Defaults and replies differ from version to version; where nobody says, "
		       "one of "
		       "each group that differs is followed.",
		.answers = {{"VERSION", "that version: 3.7.11, or 3.7"}},
		.subject = "",
		.value = "3.7.11",
		.fact = "\"version\": \"3.7.11\""},
	{.word = "mta.build",
		.arguments = "OPTION",
		.asks = "whether the mail server was built with an option",
		.why = "What is not compiled in is not offered.",
		.answers = FOUND_OR_NONE("it was built with it", "it was built without it"),
		.subject = "tls",
		.value = "found",
		.reserved = true},
	{.word = "file.exists",
		.arguments = "PATH",
		.asks = "whether the server has a file that the configuration names and that is "
			"not here",
		.why = "A table whose file is absent fails, and the mail server answers 451, or "
		       "does "
		       "not start.",
		.answers = FOUND_OR_NONE("it is there", "it is not there"),
		.subject = "/etc/postfix/access",
		.value = "none",
		.fact = "\"config_complete\": true"},
	{.word = "file.text",
		.arguments = "PATH",
		.asks = "the first line of a file that is not here",
		.why = "Debian's Postfix takes myorigin from the file that it names.",
		.answers = {{"TEXT", "the line"}},
		.subject = "/etc/mailname",
		.value = "example.org"},
	{.word = "user.exists",
		.arguments = "NAME",
		.asks = "whether the host has a user of that name",
		.why = "Mail for a local address that is neither user nor alias is refused where "
		       "local_recipient_maps says so, which is the default.",
		.answers = FOUND_OR_NONE("there is such a user", "there is not"),
		.subject = "alice",
		.value = "found",
		.fact = "\"local_users\": [\"root\", \"<>\"]"},
	{.word = "alias.exists",
		.arguments = "NAME",
		.asks = "whether the alias database holds that name",
		.why = "A name in it is a local recipient like a user.",
		.answers = {{"found", "it is an alias"}, {"none", "it is not"},
			{"tempfail", "the database cannot be read"}},
		.subject = "postmaster",
		.value = "found"},
	{.word = "dns.address",
		.arguments = "NAME",
		.asks = "the addresses of a host name (A and AAAA)",
		.why = "Checks of domains and HELO names ask whether there are any; tables of mail "
		       "hosts "
		       "and name servers, and names among interfaces, ask which.",
		.answers = DNS_ANSWERS("ADDRESS,...", "these, separated by commas"),
		.subject = "mail.example.com",
		.value = "192.0.2.1",
		.fact = "\"dns\": {\"address <>\": [\"192.0.2.1\", \"2001:db8::1\"]}",
		.live = true},
	{.word = "dns.mx",
		.arguments = "NAME",
		.asks = "the mail hosts of a domain (MX)",
		.why = "reject_unknown_sender_domain and its like, and tables of mail hosts, ask "
		       "for "
		       "them; a null MX means that the domain takes no mail (RFC 7505).",
		.answers = DNS_ANSWERS("PREFERENCE HOST,...", "these; \"0 .\" for a null MX"),
		.subject = "example.com",
		.value = "10 mail.example.com",
		.fact = "\"dns\": {\"mx <>\": [\"10 mail.example.com\"]}",
		.live = true},
	{.word = "dns.ns",
		.arguments = "NAME",
		.asks = "the name servers of a domain (NS)",
		.why = "Tables of name servers (check_sender_ns_access and its like) are searched "
		       "for "
		       "them.",
		.answers = DNS_ANSWERS("HOST,...", "these, separated by commas"),
		.subject = "example.com",
		.value = "ns.example.com",
		.fact = "\"dns\": {\"ns <>\": [\"ns.example.com\"]}",
		.live = true},
	{.word = "dns.txt",
		.arguments = "NAME",
		.asks = "the texts of a name (TXT)",
		.why = "A DNS list's text is part of the reply of reject_rbl_client and its like.",
		.answers = DNS_ANSWERS("TEXT,...", "these, separated by commas"),
		.subject = "5.113.0.203.bl.example",
		.value = "listed",
		.fact = "\"dns\": {\"txt <>\": [\"listed\"]}",
		.live = true},
	{.word = "dns.ptr",
		.arguments = "ADDRESS",
		.asks = "the name of an address (PTR)",
		.why = "reject_unknown_reverse_client_hostname asks whether there is one, tables "
		       "of "
		       "reverse names which.",
		.answers = DNS_ANSWERS("NAME", "this"),
		.subject = "203.0.113.5",
		.value = "client.example.net",
		.fact = "\"dns\": {\"ptr <>\": \"client.example.net\"}",
		.live = true},
	{.word = "dns.canonical",
		.arguments = "NAME",
		.asks = "whether a name has any record, and the name that a CNAME leads to",
		.why = "sendmail replaces an alias in an address by the name behind it, and "
		       "refuses a "
		       "sender whose domain does not exist.",
		.answers = DNS_ANSWERS("NAME", "this"),
		.subject = "www.example.com",
		.value = "host.example.com",
		.fact = "\"dns\": {\"cname <>\": \"host.example.com\"}",
		.live = true},
	{.word = "dns.list",
		.arguments = "ADDRESS ZONE",
		.asks = "whether a DNS list holds an address, or a domain",
		.why = "reject_rbl_client, reject_rhsbl_sender, permit_dnswl_client, postscreen "
		       "and "
		       "their like ask for it, and for which address it answers with.",
		.answers = {{"none", "it is not listed"}, {"found", "it is listed"},
			{"ADDRESS,...", "it is listed, with these"},
			{"tempfail", "the list cannot be asked"}},
		.subject = "203.0.113.5 bl.example",
		.value = "127.0.0.2",
		.fact = "\"dns\": {\"list <>\": [\"127.0.0.2\"]}",
		.live = true},
	{.word = "client.name",
		.arguments = "ADDRESS",
		.asks = "what a client is called: the name of its address, where that name has "
			"this "
			"address",
		.why = "Tables and networks may name clients, reject_unknown_client_hostname asks "
		       "whether there is a name, and many replies quote it.",
		.answers = {{"NAME", "its verified name"}, {"none", "its address has no name"},
			{"forged", "its address has a name, which does not have this address"},
			{"tempfail", "the DNS cannot be asked"},
			{"other", "a name that the configuration does not tell from others"}},
		.subject = "203.0.113.5",
		.value = "client.example.net",
		.fact = "\"dns\": {\"ptr <>\": \"client.example.net\", \"address "
			"client.example.net\": "
			"[\"<>\"]}",
		.live = true},
	{.word = "sasl.mechanisms",
		.arguments = "",
		.asks = "which mechanisms the SASL library, or the authentication server, offers",
		.why = "AUTH is offered with them, after the mail server's own filters; without "
		       "any, Postfix closes each connection without a greeting.",
		.answers = {{"MECHANISM...", "these, separated by blanks"}, {"none", "none"},
			{"other", "others, which nobody knows"}},
		.subject = "",
		.value = "PLAIN LOGIN",
		.fact = "\"sasl\": {\"mechanisms\": [\"PLAIN\", \"LOGIN\"]}"},
	{.word = "sasl.login",
		.arguments = "USER",
		.asks = "whether a login succeeds",
		.why = "It decides the reply to AUTH, and what the client may do then.",
		.answers = {{"found", "the password is the user's"}, {"none", "it is not"},
			{"tempfail", "the authentication server cannot be asked"}},
		.subject = "alice@mail.example.org",
		.value = "found",
		.fact = "\"sasl\": {\"users\": {\"<>\": \"secret\"}}"},
	{.word = "tls.usable",
		.arguments = "FILE",
		.asks = "whether the server can use a certificate or key that is not readable here",
		.why = "Without a certificate STARTTLS is offered, and answered by 454 when it is "
		       "used.",
		.answers = FOUND_OR_NONE("it is there and can be used", "it is not, or cannot"),
		.subject = "/etc/ssl/private/mail.key",
		.value = "found"},
	{.word = "tls.verified",
		.arguments = "FINGERPRINT",
		.asks = "whether the authorities that the server trusts vouch for the client's "
			"certificate",
		.why = "permit_tls_all_clientcerts lets such a client relay; smtpd_tls_req_ccert "
		       "turns others away.",
		.answers = FOUND_OR_NONE("they do", "they do not"),
		.subject = "12:34:56:78:9A:BC:DE:F0:12:34:56:78:9A:BC:DE:F0:12:34:56:78",
		.value = "found"},
	{.word = "table.lookup",
		.arguments = "TYPE:NAME KEY",
		.asks = "what a table that is not here, or that lives in a program, gives for a "
			"key",
		.why = "Tables decide who exists, what is permitted, and where mail goes.",
		.answers = {{"none", "the key is not there"}, {"found", "it is there"},
			{"VALUE",
				"it is there with that value; of sendmail's access map RELAY, OK, "
				"REJECT and DISCARD are asked for"},
			{"permit, neutral, reject", "of an access table: it names such an action"},
			{"other", "it has a value that nobody knows"},
			{"tempfail", "the table cannot be asked"}},
		.subject = "mysql:/etc/postfix/users.cf alice@example.org",
		.value = "found"},
	{.word = "policy.reply",
		.arguments = "ENDPOINT",
		.asks = "what a policy server answers (check_policy_service)",
		.why = "It may permit, refuse, or leave it to what follows, and says in which "
		       "words.",
		.answers = {{"neutral", "DUNNO: what follows decides"}, {"permit", "OK"},
			{"reject", "a refusal, in words of its own"},
			{"tempfail", "it cannot be asked: smtpd_policy_service_default_action"},
			{"ACTION", "this, as in an access table: DEFER_IF_PERMIT Greylisted"}},
		.subject = "inet:127.0.0.1:10023",
		.value = "neutral"},
	{.word = "milter.reply",
		.arguments = "NAME",
		.asks = "what a mail filter (smtpd_milters) says of the session",
		.why = "It may refuse at any command.",
		.answers = {{"permit", "it never refuses"}, {"reject", "it refuses for good"},
			{"tempfail", "it refuses for now"}},
		.subject = "inet:127.0.0.1:8891",
		.value = "permit"},
	{.word = "address.verified",
		.arguments = "ADDRESS",
		.asks = "whether mail for an address can be delivered, as verify(8) finds out",
		.why = "reject_unverified_sender and reject_unverified_recipient ask for it.",
		.answers = {{"none", "it cannot be delivered"}, {"found", "it can"},
			{"tempfail", "it is not known yet"}},
		.subject = "bob@example.org",
		.value = "found"},
	{.word = "limit",
		.arguments = "KIND ADDRESS",
		.asks = "whether a client has used up what the server has for it",
		.why = "sendmail holds the size that a client announces against what the disk of "
		       "its queue has free (disk-space); it is asked of more than a gigabyte.",
		.answers = FOUND_OR_NONE("the limit is reached", "it is not"),
		.subject = "disk-space 203.0.113.5",
		.value = "none"},
	{.word = "postscreen.seen",
		.arguments = "ADDRESS",
		.asks = "whether postscreen(8) knows a client that has passed its tests",
		.why = "A client that it does not know waits for the greeting, and with deep tests "
		       "cannot "
		       "send mail in its first session.",
		.answers = {{"none", "it does not know it"}, {"found", "it has passed all tests"},
			{"partly", "it has passed those before the greeting only"}},
		.subject = "203.0.113.5",
		.value = "found"},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

const struct mp_question_kind *mp_question_kinds(size_t *n)
{
	*n = KINDS;
	return kinds;
}

const struct mp_question_kind *mp_question_kind(const char *question)
{
	struct mp_slice s = mp_slice_str(question);
	struct mp_slice word = mp_slice_sub(s, 0, mp_slice_chr(s, ' '));

	for (size_t i = 0; i < KINDS; i++) {
		if (mp_slice_eq_str(word, kinds[i].word)) {
			return &kinds[i];
		}
	}
	return NULL;
}

const char *mp_question_subject(const char *question)
{
	const char *blank = strchr(question, ' ');

	return blank != NULL ? blank + 1 : "";
}
