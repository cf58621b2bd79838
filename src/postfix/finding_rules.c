/* finding_rules - the findings about main.cf, master.cf and what stands in them. */
#include "postfix/finding_rules.h"

static const struct mp_rule rules[] = {
	{"list/bad-network", "An item of a list that is no network",
		"The lookup fails there: who should be told by a later item is answered by 451 "
		"4.3.0.",
		"Write address/length with no bits set behind the length; IPv6 as "
		"[address]/length."},
	{"list/bare-ipv6", "An IPv6 address without brackets",
		"It is read as a table, of the type before its first colon: every lookup that "
		"reaches it fails.",
		"Write [address] or [address]/length."},
	{"list/comment", "A \"#\" inside of a list",
		"It does not begin a comment: Postfix ignores all items behind it.",
		"Put the comment on a line of its own."},
	{"list/folder", "A folder in a list", "The process that reads it does not start.",
		"Name the file itself."},
	{"list/lone-negation", "A \"!\" without a pattern",
		"The process that reads it does not start.",
		"Write the pattern right behind the \"!\"."},
	{"list/no-file", "A file of a list that cannot be read",
		"Every lookup that reaches this item fails.",
		"Create the file, or remove the item."},
	{"maincf/duplicate", "A parameter that is set twice", "Only the last line counts.",
		"Remove the line that is not meant."},
	{"maincf/missing-equals", "A line without \"=\"",
		"Every program of Postfix refuses to start.",
		"Write \"name = value\"; indent the line if it continues the one before, or begin "
		"it with \"#\" if it is a "
		"comment."},
	{"maincf/missing-name", "A line without the name of a parameter",
		"Every program of Postfix refuses to start.",
		"Put the name of a parameter before the \"=\"."},
	{"maps/empty-result", "An entry with an empty result",
		"Postfix takes the empty result for an error.",
		"Give the entry a value, or remove it."},
	{"maps/proxy-unlisted", "A proxy: table that proxy_read_maps does not list",
		"The process that opens it dies, and the client sees the connection close.",
		"Add it to proxy_read_maps in main.cf, or write it without \"proxy:\"."},
	{"mastercf/assumed-service", "A service that master.cf does not have",
		"A reply needs it; the stock entry is assumed, which may not be what the server "
		"has.",
		"Add the service to master.cf if the server has it."},
	{"mastercf/bad-endpoint", "A name of an inet service that is no endpoint",
		"The master refuses to start.", "Write port, host:port or [ipv6-address]:port."},
	{"mastercf/bad-field", "A field of master.cf with a value that it cannot have",
		"The master refuses to start.",
		"Write a value that the field has; \"-\" is its default, where it has one."},
	{"mastercf/bad-option", "An option that the daemon does not have",
		"The process does not start: clients are not greeted.",
		"Settings are given as -o name=value, or as -o { name = value }."},
	{"mastercf/bad-type", "A service type that does not exist", "The master refuses to start.",
		"Write inet, unix, unix-dgram, fifo or pass."},
	{"mastercf/duplicate", "A service that stands there a second time",
		"The later entry replaces the earlier one.", "Remove one of the two entries."},
	{"mastercf/extra-argument", "A word of a command line that belongs to no option",
		"The process does not start: the service closes every connection.",
		"A value with blanks needs braces: -o { name = value }."},
	{"mastercf/missing-field", "A line of master.cf with less than eight fields",
		"The master refuses to start.",
		"A line has eight fields: name, type, private, unprivileged, chroot, wakeup, "
		"maxproc, command."},
	{"mastercf/private-inet", "An inet service that is private", "The master refuses to start.",
		"Write n in the third field."},
	{"mastercf/stock", "No master.cf", "The stock services are assumed: smtp on port 25.",
		"Give the folder that holds both files."},
	{"mastercf/unbalanced-brace", "A brace without its other half",
		"The master refuses to start.", "Write { text } with blanks around it."},
	{"restriction/bare-table", "A table in a list of restrictions where none may stand",
		"Whoever gets there is answered 451 4.3.5 Server configuration error.",
		"Put check_sender_access or its like before it."},
	{"restriction/no-argument", "A restriction without its argument",
		"Without its table or server whoever gets there is answered 451 4.3.5 Server "
		"configuration error; without "
		"its domain it has no effect.",
		"Write the argument behind it."},
	{"restriction/removed", "A restriction that Postfix no longer has",
		"From 3.9 on whoever gets there is answered 451 4.3.5 Server configuration error.",
		"Take it out."},
	{"restriction/unknown", "A word that is no restriction",
		"Whoever gets there is answered 451 4.3.5 Server configuration error.",
		"Correct the name, or define it in smtpd_restriction_classes."},
	{"restriction/unreachable", "A restriction that is never looked at",
		"One before it always ends the list.", "Move it before, or take it out."},
	{"settings/bad-value", "A value that the parameter cannot have",
		"The program that reads it does not start.", "Correct the value."},
	{"settings/does-not-start", "A service that does not start",
		"Clients connect, and are not greeted.", "Correct what the message names."},
};

struct mp_rules mp_postfix_rules(void)
{
	return (struct mp_rules){rules, sizeof rules / sizeof rules[0]};
}
