/* finding_rules - the findings about a sendmail.mc. */
#include "sendmail/mc/finding_rules.h"

static const struct mp_rule rules[] = {
	{"mc/argument-dropped", "A comma outside of quotes ends an argument",
		"m4 passes what follows as another argument, which the macro does not look at: "
		"RELAY_DOMAIN(a, b) sets a alone, DAEMON_OPTIONS(Port=smtp,Addr=127.0.0.1) loses "
		"the address and listens everywhere.",
		"Put the whole value into one pair of quotes: `...'."},
	{"mc/backtick-open", "A string that is never closed",
		"A backtick opens a string in comments, too. m4 fails, and the .cf that a Makefile "
		"installs is cut off.",
		"Close the string with an apostrophe, or remove the backtick."},
	{"mc/blank-before-parenthesis", "A blank between a macro and its arguments",
		"m4 calls a macro with arguments only when \"(\" follows its name at once.",
		"Remove the blank."},
	{"mc/checks-off", "A delivery mode in which nothing is checked",
		"With confDELIVERY_MODE deferred no check_ ruleset is run: everybody may relay "
		"through the daemon.",
		"Use the default, background."},
	{"mc/command", "A .mc that wants to run a command",
		"Building a configuration should run nothing. The command was not run here, and "
		"what "
		"it would have written is missing.",
		"Write its output into the .mc."},
	{"mc/comment-active", "A macro behind \"#\" that is in force",
		"The cf library switches m4's comments off: from then on \"#\" is text, and macros "
		"behind it are expanded.",
		"Comment with dnl."},
	{"mc/conf-unknown", "A variable that nothing looks at",
		"m4 defines any name. A misspelt one has no effect.",
		"Correct the name; cf/README lists the variables."},
	{"mc/define-late", "A setting of a mailer behind its MAILER line",
		"MAILER takes what is set when it is expanded.", "Move the line above MAILER."},
	{"mc/define-unquoted", "define of a name without quotes",
		"m4 expands the name first: if it has a value, that value gets defined instead.",
		"Put the name into quotes: define(`confLOG_LEVEL', `20')."},
	{"mc/dnl-joined", "dnl with a word stuck to it",
		"\"dnlFEATURE\" is a word that m4 does not know: the line is no comment.",
		"Write a blank behind dnl."},
	{"mc/domain-missing", "A DOMAIN whose file the library here lacks",
		"DOMAIN reads a file of the site's own from the library's folder. m4 fails without "
		"it.",
		"Put the file into the folder domain of the cf library."},
	{"mc/endless", "A .mc that m4 does not come to an end with",
		"A macro that calls itself takes all time, memory or room. m4 was stopped.",
		"Look for a macro whose definition names itself outside of quotes."},
	{"mc/feature-after-mailer", "A FEATURE behind MAILER",
		"A feature that changes mailers does nothing there; others still do.",
		"Move all FEATUREs above the first MAILER."},
	{"mc/feature-order", "A FEATURE before, or without, one that it needs",
		"The later line finds nothing to work on and stays off.",
		"Put the required FEATURE above it."},
	{"mc/feature-unknown", "A FEATURE that does not exist",
		"m4 cannot open its file: nothing is switched on, and m4 fails.",
		"Correct the name."},
	{"mc/hack-missing", "A HACK whose file the library here lacks", "m4 fails without it.",
		"Put the file into the folder hack of the cf library."},
	{"mc/include-missing", "An included file that is not there",
		"m4 fails, and what the file says is missing.",
		"Put the file beside the .mc, or give --root."},
	{"mc/include-outside", "An include of a file that is no part of the configuration",
		"A .mc may come from somebody else; only its own folder, /etc/mail and the cf "
		"library are read.",
		"Copy the file into the configuration's folder."},
	{"mc/include-substituted", "A distribution's file that is not here",
		"Debian's tools write files that the .mc includes. One that is absent is read as "
		"they "
		"write it by default.",
		"Put a copy of the server's file beside the .mc."},
	{"mc/incomplete", "A .mc that m4 does not come to the end of",
		"A Makefile installs what m4 had written until then: a sendmail.cf that ends in "
		"the "
		"middle, with which sendmail does not start.",
		"Mend what m4 complains about."},
	{"mc/kernel", "A .mc that made m4 do what it may not",
		"m4 runs confined; the kernel stopped it.", "Look at what the line asks of m4."},
	{"mc/library-missing", "No cf library on this machine",
		"A .mc means what the library makes of it. Without it the settings are read, but "
		"who "
		"may relay stays unknown.",
		"Install the package sendmail-cf (Debian, Red Hat), or name its folder with "
		"--cf-dir."},
	{"mc/library-says", "A complaint of the cf library",
		"The library tells of combinations that do not work; m4 succeeds all the same.",
		"See cf/README."},
	{"mc/m4-exit", "A .mc that ends m4 early", "What follows is missing from the .cf.",
		"Remove the call."},
	{"mc/m4-extension", "A macro that only GNU m4 has",
		"It is not evaluated here, and not by m4 -G: its text is missing.",
		"Write the text itself."},
	{"mc/m4-guarded", "A macro by which m4's protection could be passed",
		"It was not done here, so the .cf may differ from what plain m4 writes.",
		"Remove the call."},
	{"mc/m4-says", "A complaint of m4", "m4 could not do what a line asks.",
		"Look at the line."},
	{"mc/mailer-smtp-missing", "No MAILER(`smtp')",
		"Mail to other hosts is refused: 553 5.1.2 Unrecognized host name.",
		"Add MAILER(`smtp')."},
	{"mc/mailer-twice", "A MAILER that is there twice", "The second line is ignored.",
		"Remove it."},
	{"mc/mailer-unknown", "A MAILER that does not exist",
		"m4 cannot open its file: the mailer is missing, and m4 fails.",
		"Correct the name."},
	{"mc/map-without-temp", "A map argument of FEATURE(`access_db') without -T<TMPF>",
		"Where the library does not add it, trouble with the database counts as an address "
		"that is not in it: the sender is let through.",
		"Write `hash -T<TMPF> -o /etc/mail/access'."},
	{"mc/obsolete", "A setting that the library calls obsolete",
		"It may be ignored, and goes away in a later version.",
		"Use what the library names in its place."},
	{"mc/ostype-missing", "No OSTYPE",
		"Paths and mailers are the library's defaults, not the system's.", "Add OSTYPE."},
	{"mc/ostype-twice", "OSTYPE twice", "The later one wins where they differ.", "Remove one."},
	{"mc/ostype-unknown", "An OSTYPE that does not exist",
		"m4 cannot open its file: paths and mailers are the library's defaults, and m4 "
		"fails.",
		"Correct the name."},
	{"mc/parenthesis-open", "A macro call that is never closed",
		"All that follows is read as its arguments. m4 fails, and the .cf is cut off.",
		"Write the \")\"."},
	{"mc/reply-text", "A reply text that does not reach the client as written",
		"confRELAY_MSG and its like are put into a rule: without double quotes the text is "
		"taken apart, without a code the reply is 553 5.3.0, and a \"#\" cuts it.",
		"Write `\"550 text\"'."},
	{"mc/rules-without-section", "Rules outside of a LOCAL_ section",
		"They go to the top of the .cf, before OperatorChars is read: addresses are split "
		"wrongly in all rules, or the daemon does not start.",
		"Write LOCAL_RULESETS before them."},
	{"mc/section-before-mailer", "A LOCAL_ section before MAILER",
		"The library warns of it; sendmail takes it.", "Move it behind MAILER."},
	{"mc/straight-quotes", "Two apostrophes for quotes",
		"m4 quotes with a backtick before and an apostrophe behind; two apostrophes are "
		"text.",
		"Write `...'."},
	{"mc/stray-text", "Text that goes into the .cf",
		"What m4 does not know as a macro is copied. The daemon does not start over a line "
		"that is no configuration.",
		"Begin a comment with dnl."},
	{"mc/typographic-quotes", "Typographic quotes",
		"They come from word processors and web pages, and are text for m4.",
		"Write `...'."},
	{"mc/unknown-macro", "A call of a macro that does not exist",
		"Names are in capitals, and must be right: any other word is copied into the .cf.",
		"Correct the name."},
	{"mc/without-arguments", "A macro's name as a word",
		"m4 calls it without arguments, in a line behind \"#\" too.",
		"Begin a comment with dnl."},
	{"mc/word-bites", "A macro of m4 within a name",
		"m4 expands whole words anywhere outside of two pairs of quotes: relay.dnl.example "
		"ends at \"relay.\".",
		"Put the word into another pair of quotes."},
	{"mc/write", "A .mc that wants to write a file",
		"Building a configuration should write nothing but the .cf. Nothing was written.",
		"Remove the call."},
};

struct mp_rules mp_sendmail_mc_rules(void)
{
	return (struct mp_rules){rules, sizeof rules / sizeof *rules};
}
