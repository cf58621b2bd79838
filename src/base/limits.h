/*
 * limits - every cap on untrusted input, with its reason.
 *
 * Hitting one is a finding or an error, never a crash (design, section 6).
 */
#ifndef MP_BASE_LIMITS_H
#define MP_BASE_LIMITS_H

enum {
	/* A configuration file or text table; the largest real access maps are a few MiB. */
	MP_LIMIT_FILE = 16 * 1024 * 1024,
	/* Names in a folder given as CONFIG, or in its version in git. */
	MP_LIMIT_FOLDER = 100000,
	/* What git says of a version's files. */
	MP_LIMIT_GIT_LIST = 32 * 1024 * 1024,
	/* Seconds that git may take for one answer. */
	MP_LIMIT_GIT_SECONDS = 30,
	/* Lists that name files that name files. */
	MP_LIMIT_INCLUDE_DEPTH = 16,
	/* Macro nesting, as Postfix' own limit (mac_expand). */
	MP_LIMIT_MACRO_DEPTH = 100,
	/* An expanded parameter value: beyond this it is an attack, not a setting. */
	MP_LIMIT_VALUE = 1024 * 1024,
	/* Restriction recursion through classes and tables, as Postfix' smtpd. */
	MP_LIMIT_RESTRICTION_DEPTH = 100,
	/* One command line sent to a server; RFC 5321 4.5.3.1 asks for 512, extensions for more. */
	MP_LIMIT_COMMAND = 12288,
	/* One line of a server's reply; RFC 5321 4.5.3.1.5 says 512, servers exceed it. */
	MP_LIMIT_REPLY_LINE = 4096,
	/* Lines in one reply. */
	MP_LIMIT_REPLY_LINES = 128,
	/* One reply in all. */
	MP_LIMIT_REPLY = 64 * 1024,
	/* A transcript of one session. */
	MP_LIMIT_TRANSCRIPT = 256 * 1024,
	/* Worlds printed for one dialogue (design 4.3). */
	MP_LIMIT_WORLDS = 256,
	/* Replays of one dialogue before the exploration is cut. */
	MP_LIMIT_REPLAYS = 8192,
	/* Choices along one world. */
	MP_LIMIT_CHOICES = 256,
	/* Dialogues by which the surface of a server is found. */
	MP_LIMIT_SURFACE_PLAYS = 20000,
	/* One line of a dialogue script. */
	MP_LIMIT_SCRIPT_LINE = 4 * 1024 * 1024,
	/* A whole script. */
	MP_LIMIT_SCRIPT = 256 * 1024 * 1024,
	/* A file of rules or scenarios. */
	MP_LIMIT_RULES = 4 * 1024 * 1024,
	/* Names that a scenario is played with, one after the other. */
	MP_LIMIT_EACH = 24,
	/* Findings kept for one run; the rest is counted. */
	MP_LIMIT_FINDINGS = 1000,
	/* Rules of one pattern table, items of one list. */
	MP_LIMIT_TABLE_RULES = 1000000,
	/* Values that a configuration tells apart, of one kind (networks, names): each is a cell
	 * that the surface looks into. */
	MP_LIMIT_DISTINCTIONS = 20000,
	/* Kinds of values of one aspect that are treated each in its own way. */
	MP_LIMIT_DISTINCTION_KINDS = 512,
	/* Values of one kind that are listed; the rest is counted. */
	MP_LIMIT_DISTINCTION_ALIKE = 1000,
	/* Rules that are gone through, for one aspect, to find out what values are alike. */
	MP_LIMIT_DISTINCTION_WORK = 1000000,
	/* Steps of one regular expression match. */
	MP_LIMIT_PCRE_MATCH = 1000000,
	MP_LIMIT_PCRE_DEPTH = 1000,
	/* Records of one DNS answer: long ones have some dozens. */
	MP_LIMIT_DNS_RECORDS = 256,
	/* Bytes of one TXT record. */
	MP_LIMIT_DNS_TEXT = 4096,
	/* CNAMEs that are followed, as Postfix' own limit (dns_lookup). */
	MP_LIMIT_DNS_CHAIN = 10,
	/* Names that one run asks of the DNS. */
	MP_LIMIT_DNS_NAMES = 2000,
	/* Tokens that one call of a ruleset may make before it counts as one that never ends: stock
	 * rules make some thousands. */
	MP_LIMIT_REWRITING = 1000000,
	/* Elements of left sides that one call of a ruleset may try: nine wildcards over a long
	 * address never end, stock rules take some thousands. */
	MP_LIMIT_MATCHING = 20000000,
	/* Steps of one reply that a trace keeps. */
	MP_LIMIT_STEPS = 20000,
	/* CPU seconds that m4 may take for a .mc; real ones take a hundredth of one. */
	MP_LIMIT_M4_SECONDS = 5,
	/* Seconds that m4 may take by the clock, waiting included. */
	MP_LIMIT_M4_WAIT = 10,
	/* Address space of m4. */
	MP_LIMIT_M4_MEMORY = 256 * 1024 * 1024,
	/* What m4 may write: a .cf has some 60 KiB. */
	MP_LIMIT_M4_OUTPUT = 8 * 1024 * 1024,
	/* Forbidden things that a .mc tried, kept for one run. */
	MP_LIMIT_M4_ATTEMPTS = 100,
	/* How often answers of the DNS may lead to new questions: a name, its mail hosts, their
	 * addresses, and the same of parent domains. */
	MP_LIMIT_DNS_ROUNDS = 16
};

#endif
