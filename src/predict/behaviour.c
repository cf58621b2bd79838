/* behaviour - what can be wrong with how a server behaves. */
#include "predict/behaviour.h"

#include "base/slice.h"

static const struct mp_behaviour_rule rules[] = {
	{.id = "relay/open",
		.title = "An outsider may have mail carried anywhere",
		.why = "A server that carries mail from anybody to anybody is used for spam within "
		       "hours, and is on every block list within days.",
		.fix = "Let only the networks, logins and certificates of your own users pass "
		       "before "
		       "the check of the destination, and refuse every other foreign destination.",
		.message = "{who} may have mail carried anywhere through {where}{scenarios}",
		.undecided = "relay/depends",
		.discarded = "relay/discarded",
		.unlisted = "relay/unlisted"},
	{.id = "relay/depends",
		.title = "Whether an outsider may relay is not decided by the configuration alone",
		.why = "Where a policy server, a table that cannot be read here, or the version "
		       "decides who may relay, the configuration does not show that it is safe.",
		.fix = "State what is open as a fact, make the table readable, or refuse foreign "
		       "destinations whatever the answer is.",
		.message = "whether {who} may have mail carried elsewhere through {where} is not "
			   "decided by the configuration alone{if}{what}{scenarios}",
		.within = "relay/open"},
	{.id = "relay/partial",
		.title = "An outsider may have mail carried to domains that are not the server's",
		.why = "Mail that is carried for strangers is answered for by this server: its "
		       "recipients see it as the sender of the spam.",
		.fix = "If the server is to receive mail for it, list it as a domain that is "
		       "relayed "
		       "for; otherwise permit it only after the check of the destination.",
		.message = "{who} may have mail carried to {to} through {where}, which is not the "
			   "server's own",
		.within = "relay/open"},
	{.id = "relay/wide",
		.title = "Trusted networks cover much of the public Internet",
		.why = "Everybody in a trusted network sends mail through this server without "
		       "login; a network of this size is not one's own.",
		.fix = "List the networks of your own hosts only, with their real prefix lengths.",
		.message = "{who} may have mail carried anywhere through {where} without login: "
			   "{what}",
		.within = "relay/open"},
	{.id = "relay/discarded",
		.title = "Mail for elsewhere is answered with 2xx and thrown away",
		.why = "To the client, and to everybody who tests for open relays, it looks like "
		       "relaying; a sender is not told that the message is lost.",
		.fix = "Refuse it instead, or discard it only for what the server takes mail for.",
		.message = "mail for elsewhere is accepted from {who} on {where} and thrown away: "
			   "testers see an open relay"},
	{.id = "relay/unlisted",
		.title = "The server relays for a client that its configuration does not let relay",
		.why = "The server that runs is not the one that the configuration describes.",
		.fix = "Reload the server with this configuration, and look for what stands before "
		       "it: another instance, a proxy, an address translation that hides clients.",
		.message = "{who} had mail for elsewhere accepted by {where}, and by the "
			   "configuration no such client may relay{scenarios}"},
	{.id = "relay/xclient",
		.title = "An outsider may say which client it is to be taken for",
		.why = "XCLIENT overrides address, name and login of the client: whoever may say "
		       "it "
		       "relays as the server itself.",
		.fix = "Allow XCLIENT to your own proxies and test hosts only (Postfix: "
		       "smtpd_authorized_xclient_hosts).",
		.message = "{who} may say on {where} which client it is to be taken for (XCLIENT), "
			   "and have mail carried anywhere as such"},
	{.id = "relay/certificates",
		.title = "Every certificate of the server's authorities may relay",
		.why = "Where these are public authorities, anybody can get such a certificate.",
		.fix = "Let only authorities of your own stand in that list, or name the "
		       "certificates (Postfix: permit_tls_clientcerts, relay_clientcerts).",
		.message = "{who} may have mail carried anywhere through {where} with any "
			   "certificate of an authority that the server knows"},
	{.id = "auth/clear",
		.title = "AUTH before TLS",
		.why = "A client that logs in on a connection in clear shows its password to "
		       "everybody on the way.",
		.fix = "Offer AUTH under TLS only (Postfix: smtpd_tls_auth_only = yes; sendmail: "
		       "confAUTH_OPTIONS with the letter p).",
		.message = "a client can log in before TLS on {where}{what}{scenarios}"},
	{.id = "submission/no-auth",
		.title = "A submission port takes mail without login",
		.why = "A submission port serves users who have logged in (RFC 6409 4.3); without "
		       "login it is a second way in for mail from anywhere, often past the checks "
		       "of port 25.",
		.fix = "Refuse on this service whoever has not logged in (Postfix: "
		       "smtpd_relay_restrictions = permit_sasl_authenticated, reject; sendmail: "
		       "the "
		       "modifier a of that daemon, M=a).",
		.message = "{where} takes mail for the server's own domains from clients that have "
			   "not logged in{scenarios}",
		.within = "relay/open"},
	{.id = "local/refused",
		.title = "Mail for the server's own domain is refused from outside",
		.why = "Nobody can write to the users of this server.",
		.fix = "If the server is to receive mail, let what is addressed to its own domains "
		       "pass, without login (sendmail: no modifier a on port 25; A is the one that "
		       "switches AUTH off).",
		.message = "mail for the server's own domain is refused from outside on "
			   "{where}: {reply}"},
	{.id = "listen/nothing",
		.title = "Nothing listens",
		.why = "Without a listening service nobody can hand mail to this server.",
		.fix = "Enable a service for the network (Postfix: the smtp line of type inet in "
		       "master.cf; sendmail: DAEMON_OPTIONS).",
		.message = "nothing listens: no service takes connections from the network{what}"},
	{.id = "start/refused",
		.title = "The server would not start, or never greets",
		.why = "A client that connects gets no greeting and goes away.",
		.fix = "Correct the setting.",
		.message = "{where} would never greet a client: {what}"},
	{.id = "surface/incomplete",
		.title = "The list of who may relay is not complete",
		.why = "What could not be followed may hold an opening.",
		.fix = "Look at what is named, or state it as a fact.",
		.message = "the list of who may relay is not complete: {what}"},
	{.id = "session/injection",
		.title = "Bytes in clear behind the reply to STARTTLS",
		.why = "What somebody on the way adds in clear would count as said under TLS "
		       "(CVE-2011-0411).",
		.fix = "Update the server; if it is up to date, look for who is on the way.",
		.message = "{where}: bytes in clear follow the reply to STARTTLS: somebody on the "
			   "way, or a broken server, injects replies"},
	{.id = "session/data-accepted",
		.title = "DATA is answered with 354 although every recipient was refused",
		.why = "A server that refuses the recipient but takes the message has refused "
		       "nothing.",
		.fix = "Update the server, or what filters in front of it.",
		.message = "{where}: DATA is answered with 354 although every recipient was "
			   "refused{scenarios}"},
	{.id = "session/same-greeting",
		.title = "The server and the reference greet with the same words",
		.why = "Where a network answers port 25 itself, all that is seen there is said of "
		       "the wrong server.",
		.fix = "Run this from another network, or test the submission ports.",
		.message = "{where}: it greets with the same words as {what}: something on the way "
			   "may answer port 25 in place of the servers"},
	{.id = "session/unasked",
		.title = "Replies to nothing",
		.why = "Client and server no longer agree on which reply belongs to what.",
		.fix = "Look at what stands before the server.",
		.message = "{where}: the server sends replies to nothing"},
	{.id = "session/garbage",
		.title = "No reply of SMTP",
		.why = "A client cannot know what it means.",
		.fix = "Look at what listens there.",
		.message = "{where}: what it sends is no reply of SMTP"},
	{.id = "session/auth",
		.title = "A challenge that the mechanism does not have",
		.why = "A client that answers it may show more than it wants to.",
		.fix = "Look at what stands before the server, and at its SASL library.",
		.message = "{where}: the server asks for more than the mechanism of AUTH has"},
};

const struct mp_behaviour_rule *mp_behaviour_rules(size_t *n)
{
	*n = sizeof rules / sizeof rules[0];
	return rules;
}

const struct mp_behaviour_rule *mp_behaviour_rule_find(const char *id)
{
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
		if (mp_str_eq(rules[i].id, id)) {
			return &rules[i];
		}
	}
	return NULL;
}
