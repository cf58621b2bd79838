/* Maps: what K lines are refused, and what lookups give. All that is expected here was taken from
 * sendmail 8.17.1.9: K lines from what `sendmail -bt` says when it starts, lookups from its trace
 * (-d60.5), with the same tables (compiled by its makemap) and the same DNS. */
#include "base/buf.h"
#include "base/limits.h"
#include "sm_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <utime.h>

#include <cmocka.h>

static const struct {
	const char *text;
	const char *refusal; /* NULL: it is accepted */
} declarations[] = {
	{"", "readcf: config K line: no map name"},
	{"  ", "readcf: config K line: no map name"},
	{"-", "readcf: config K line: no map name"},
	{"1", "readcf: config K line, map 1: no map class"},
	{"a", "readcf: config K line, map a: no map class"},
	{"a-", "readcf: config K line, map a: no map class"},
	{"a -", "readcf: config K line, map a: no map class"},
	{"_a hash /x", "readcf: config K line: no map name"},
	{"a hash", "No file name for hash map a"},
	{"a hash -o", "No file name for hash map a"},
	{"a.b hash -T<TMPF>", "No file name for hash map a.b"},
	{"a.b_c hash /x", NULL},
	{"a:hash /x", NULL},
	{"a hash: /x", NULL},
	{"a nosuch /x", "readcf: map a: class nosuch not available"},
	{"a HASH -o /x", NULL},
	{"a hash -x /x", "Illegal option x map a"},
	{"a hash -o -y -x /x", "Illegal option y map a"},
	{"a hash - /x", "Illegal option   map a"},
	{"a hash -n /x", "Illegal option n map a"},
	{"a dns", "dns map a: missing -R type"},
	{"a dns -RA", NULL},
	{"a dns -R a", NULL},
	{"a dns -RX", "dns map a: wrong type X"},
	{"a dns -Rmx -x", NULL},
	{"a regex", NULL},
	{"a regex (", "pattern-compile-error: Unmatched ( or \\("},
	{"a regex -s3 (a)", "field (3) out of range, only 2 substrings in pattern"},
	{"a regex -s1,2 (a)", "field (2) out of range, only 2 substrings in pattern"},
	{"a regex -sx (a)", NULL},
	{"a regex -b (", NULL},
	{"a sequence b", "Sequence map a: unknown member map b"},
	{"a sequence host", "Sequence map a: unknown member map host"},
	{"a sequence", NULL},
	{"a switch", "No file name for switch map a"},
	{"a switch -o s", NULL},
	{"a syslog -L", NULL},
	{"a syslog -Lfoo", "syslog_map_parseargs: Unknown priority foo"},
	{"a syslog -LLOG_ERR", NULL},
	{"a syslog -x", "Illegal option x map syslog"},
	{"a user", NULL},
	{"a user -x", "Illegal option x map a"},
	{"a null", NULL},
	{"a bestmx -x", "Illegal option x map a"},
	{"a text", "No file name for text map a"},
	{"a program", "No file name for program map a"},
	{"a host -x", NULL},
	{"a macro -x", NULL},
	{"a arith x", NULL},
	{"a text -kx /x", NULL},
};

/* /etc/mail/t, which makemap compiles; x and w for class text. */
static const char table_t[] = "# comment\n"
			      "a\tone\n"
			      "A\ttwo\n"
			      "b  two words \n"
			      "c\t%0 %1 %2 %3\n"
			      "d\t10% off %% %x %\n"
			      " lead\tx\n"
			      "noval\n"
			      "noval2 \t\n"
			      "Key\tMixed\n"
			      "\"q\tquoted\n"
			      "e\t\"v w\"\n"
			      "r\tRELAY\r\n"
			      "#x\thash\n"
			      "h#x\tinner\n";
static const char table_x[] = "k:v:w\n"
			      "K2:x\n"
			      ":empty\n"
			      "b c:d\n"
			      "#c:no\n"
			      "k:second\n"
			      "last:1";
static const char table_w[] = "one two  three\n"
			      "  in dented\n"
			      "ONE four\n"
			      "word\n";

struct row {
	const char *map;
	const char *key;
	const char *args[3];
	enum sm_map_status status;
	const char *value;
	bool temporary; /* the ruleset ends with a temporary failure */
};

static const struct row rows[] = {
	{"hash /etc/mail/t", "a", {NULL}, SM_MAP_FOUND, "one", false},
	{"hash /etc/mail/t", "A", {NULL}, SM_MAP_FOUND, "one", false},
	{"hash /etc/mail/t", "\"a\"", {NULL}, SM_MAP_FOUND, "one", false},
	{"hash /etc/mail/t", "a\"", {NULL}, SM_MAP_FOUND, "one", false},
	{"hash /etc/mail/t", "b", {NULL}, SM_MAP_FOUND, "two words ", false},
	{"hash /etc/mail/t", "c", {NULL}, SM_MAP_FOUND, "c   ", false},
	{"hash /etc/mail/t", "c", {"x"}, SM_MAP_FOUND, "c x  ", false},
	{"hash /etc/mail/t", "c", {"x", "y", "z"}, SM_MAP_FOUND, "c x y z", false},
	{"hash /etc/mail/t", "d", {NULL}, SM_MAP_FOUND, "10% off % %x %", false},
	{"hash /etc/mail/t", "lead", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash /etc/mail/t", "noval", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash /etc/mail/t", "noval2", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash /etc/mail/t", "key", {NULL}, SM_MAP_FOUND, "Mixed", false},
	{"hash /etc/mail/t", "KEY", {NULL}, SM_MAP_FOUND, "Mixed", false},
	{"hash /etc/mail/t", "\"q", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash /etc/mail/t", "e", {NULL}, SM_MAP_FOUND, "\"v w\"", false},
	{"hash /etc/mail/t", "r", {NULL}, SM_MAP_FOUND, "RELAY\r", false},
	{"hash /etc/mail/t", "#x", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash /etc/mail/t", "h#x", {NULL}, SM_MAP_FOUND, "inner", false},
	{"hash /etc/mail/t", "", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash /etc/mail/t", "zz", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash /etc/mail/t", "a\\", {NULL}, SM_MAP_FOUND, "one", false},
	{"hash /etc/mail/t", "\\a", {NULL}, SM_MAP_FOUND, "one", false},
	{"HASH -a.OK /etc/mail/t", "a", {NULL}, SM_MAP_FOUND, "one.OK", false},
	{"HASH -a.OK /etc/mail/t", "zz", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash -m /etc/mail/t", "A", {NULL}, SM_MAP_FOUND, "A", false},
	{"hash -m /etc/mail/t", "zz", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash -m -a@ /etc/mail/t", "A", {NULL}, SM_MAP_FOUND, "A@", false},
	{"hash -a /etc/mail/t", "a", {NULL}, SM_MAP_FOUND, "one", false},
	{"hash -q /etc/mail/t", "\"a\"", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash -q /etc/mail/t", "a", {NULL}, SM_MAP_FOUND, "one", false},
	{"hash -T<TMPF> -o /etc/mail/t-none", "a", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash -o /etc/mail/t-none", "a", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash -T<TMPF> /etc/mail/t-none", "a", {NULL}, SM_MAP_FOUND, "a<TMPF>", true},
	{"hash -T<TMPF> /etc/mail/t-none", "\"A b\"", {NULL}, SM_MAP_FOUND, "A b<TMPF>", true},
	{"hash -t /etc/mail/t-none", "a", {NULL}, SM_MAP_NONE, NULL, false},
	{"hash -t -T<TMPF> /etc/mail/t-none", "a", {NULL}, SM_MAP_FOUND, "a<TMPF>", false},
	{"hash /etc/mail/t-none", "a", {NULL}, SM_MAP_TEMPFAIL, NULL, true},
	{"hash /etc/mail/t.db", "a", {NULL}, SM_MAP_FOUND, "one", false},
	{"btree -oX -a+ /etc/mail/t-none trailing text", "a", {NULL}, SM_MAP_NONE, NULL, false},
	{"implicit /etc/mail/t", "A", {NULL}, SM_MAP_FOUND, "one", false},
	{"implicit /etc/mail/t-none", "A", {NULL}, SM_MAP_TEMPFAIL, NULL, true},
	{"text -z: -k0 -v1 /etc/mail/x", "k", {NULL}, SM_MAP_FOUND, "v", false},
	{"text -z: -k0 -v1 /etc/mail/x", "K", {NULL}, SM_MAP_FOUND, "v", false},
	{"text -z: -k0 -v1 /etc/mail/x", "k2", {NULL}, SM_MAP_FOUND, "x", false},
	{"text -z: -k0 -v1 /etc/mail/x", "b.c", {NULL}, SM_MAP_NONE, NULL, false},
	{"text -z: -k0 -v1 /etc/mail/x", "last", {NULL}, SM_MAP_FOUND, "1", false},
	{"text -z: -k0 -v1 /etc/mail/x", "empty", {NULL}, SM_MAP_NONE, NULL, false},
	{"text -z: -k0 -v1 /etc/mail/x", "", {NULL}, SM_MAP_NONE, NULL, false},
	{"text -z: -k0 -v1 /etc/mail/x", "#c", {NULL}, SM_MAP_NONE, NULL, false},
	{"text -z: -k 1 -v0 /etc/mail/x", "v", {NULL}, SM_MAP_FOUND, "k", false},
	{"text -z: -k 1 -v0 /etc/mail/x", "empty", {NULL}, SM_MAP_NONE, NULL, false},
	{"text -z: -k 1 -v0 /etc/mail/x", "d", {NULL}, SM_MAP_FOUND, "b c", false},
	{"text -z: -v2 /etc/mail/x", "k", {NULL}, SM_MAP_FOUND, "w", false},
	{"text -z: -v2 /etc/mail/x", "k2", {NULL}, SM_MAP_NONE, NULL, false},
	{"text -z: /etc/mail/x", "K", {NULL}, SM_MAP_FOUND, "k", false},
	{"text /etc/mail/w", "one", {NULL}, SM_MAP_FOUND, "one", false},
	{"text /etc/mail/w", "ONE", {NULL}, SM_MAP_FOUND, "one", false},
	{"text /etc/mail/w", "in", {NULL}, SM_MAP_FOUND, "in", false},
	{"text /etc/mail/w", "word", {NULL}, SM_MAP_FOUND, "word", false},
	{"text -v1 /etc/mail/w", "one", {NULL}, SM_MAP_FOUND, "two", false},
	{"text -v1 /etc/mail/w", "in", {NULL}, SM_MAP_FOUND, "in", false},
	{"text -v1 /etc/mail/w", "word", {NULL}, SM_MAP_NONE, NULL, false},
	{"text -k1 -v 2 /etc/mail/w", "two", {NULL}, SM_MAP_FOUND, "three", false},
	{"text -k1 -v 2 /etc/mail/w", "in", {NULL}, SM_MAP_FOUND, "dented", false},
	{"text -k1 -v 2 /etc/mail/w", "four", {NULL}, SM_MAP_NONE, NULL, false},
	{"text -k1 -v 2 /etc/mail/w", "dented", {NULL}, SM_MAP_NONE, NULL, false},
	{"text -f -k0 -v1 -m -a! /etc/mail/w", "ONE", {NULL}, SM_MAP_FOUND, "ONE!", false},
	{"text -kx /etc/mail/w", "one", {NULL}, SM_MAP_TEMPFAIL, NULL, true},
	{"text -T<T> /etc/mail/none", "one", {NULL}, SM_MAP_FOUND, "one<T>", true},
	{"text -o /etc/mail/none", "one", {NULL}, SM_MAP_NONE, NULL, false},
	{"dequote", "\"ab\"", {NULL}, SM_MAP_FOUND, "ab", false},
	{"dequote", "ab", {NULL}, SM_MAP_NONE, NULL, false},
	{"dequote", "\"a b\"", {NULL}, SM_MAP_NONE, NULL, false},
	{"dequote", "\"a@b\"", {NULL}, SM_MAP_FOUND, "a@b", false},
	{"dequote", "a\"b\"c", {NULL}, SM_MAP_FOUND, "abc", false},
	{"dequote", "\"a\"b\"\"", {NULL}, SM_MAP_FOUND, "ab", false},
	{"dequote", "\"(a\"", {NULL}, SM_MAP_NONE, NULL, false},
	{"dequote", "\"a)\"", {NULL}, SM_MAP_NONE, NULL, false},
	{"dequote", "\"<a\"", {NULL}, SM_MAP_NONE, NULL, false},
	{"dequote", "\"<a>\"", {NULL}, SM_MAP_FOUND, "<a>", false},
	{"dequote", "\"a\\\"b\"", {NULL}, SM_MAP_FOUND, "a\\\"b", false},
	{"dequote", "\"a\\\\\"", {NULL}, SM_MAP_FOUND, "a\\\\", false},
	{"dequote", "\"\"", {NULL}, SM_MAP_FOUND, "", false},
	{"dequote", "", {NULL}, SM_MAP_NONE, NULL, false},
	{"dequote -s_", "\"a b\"", {NULL}, SM_MAP_FOUND, "a_b", false},
	{"dequote -S_", "\"a b\"", {NULL}, SM_MAP_FOUND, "a_b", false},
	{"dequote -a@ -s_", "\"a b\"", {NULL}, SM_MAP_NONE, NULL, false},
	{"dequote -a@ -s_", "\"ab\"", {NULL}, SM_MAP_FOUND, "ab@", false},
	{"arith", "+", {"1", "2"}, SM_MAP_FOUND, "3", false},
	{"arith", "-", {"1", "2"}, SM_MAP_FOUND, "-1", false},
	{"arith", "*", {"3", "-4"}, SM_MAP_FOUND, "-12", false},
	{"arith", "/", {"7", "2"}, SM_MAP_FOUND, "3", false},
	{"arith", "/", {"-7", "2"}, SM_MAP_FOUND, "-3", false},
	{"arith", "/", {"1", "0"}, SM_MAP_NONE, NULL, false},
	{"arith", "%", {"7", "3"}, SM_MAP_FOUND, "1", false},
	{"arith", "%", {"1", "0"}, SM_MAP_NONE, NULL, false},
	{"arith", "|", {"5", "2"}, SM_MAP_FOUND, "7", false},
	{"arith", "&", {"6", "3"}, SM_MAP_FOUND, "2", false},
	{"arith", "l", {"1", "2"}, SM_MAP_FOUND, "TRUE", false},
	{"arith", "l", {"2", "1"}, SM_MAP_FOUND, "FALSE", false},
	{"arith", "=", {"3", "3"}, SM_MAP_FOUND, "TRUE", false},
	{"arith", "=", {"3", "4"}, SM_MAP_FOUND, "FALSE", false},
	{"arith", "r", {"5", "5"}, SM_MAP_FOUND, "5", false},
	{"arith", "r", {"5", "4"}, SM_MAP_NONE, NULL, false},
	{"arith", "+", {"0x10", "010"}, SM_MAP_FOUND, "24", false},
	{"arith", "+", {"x", "2y"}, SM_MAP_FOUND, "2", false},
	{"arith", "+", {"1"}, SM_MAP_NONE, NULL, false},
	{"arith", "+", {NULL}, SM_MAP_NONE, NULL, false},
	{"arith", "^", {"1", "2"}, SM_MAP_NONE, NULL, false},
	{"arith", "less", {"1", "2"}, SM_MAP_FOUND, "TRUE", false},
	{"arith", "+", {"9223372036854775807", "1"}, SM_MAP_FOUND, "-92233720368547", false},
	{"arith", "*", {"99999999", "99999999"}, SM_MAP_FOUND, "999999980000000", false},
	{"arith", "+", {"1", "2", "3"}, SM_MAP_FOUND, "3", false},
	{"arith", "\"+\"", {"1", "2"}, SM_MAP_NONE, NULL, false},
	{"arith", "", {"1", "2"}, SM_MAP_NONE, NULL, false},
	{"arpa", "192.0.2.1", {NULL}, SM_MAP_FOUND, "1.2.0.192", false},
	{"arpa", "IPv6:2001:db8::1", {NULL}, SM_MAP_FOUND,
		"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2", false},
	{"arpa", "2001:db8::1", {NULL}, SM_MAP_NONE, NULL, false},
	{"arpa", "ipv6:::1", {NULL}, SM_MAP_FOUND,
		"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", false},
	{"arpa", "192.0.2", {NULL}, SM_MAP_NONE, NULL, false},
	{"arpa", "x", {NULL}, SM_MAP_NONE, NULL, false},
	{"arpa", "192.0.2.1x", {NULL}, SM_MAP_NONE, NULL, false},
	{"arpa -a.bl", "192.0.2.1", {NULL}, SM_MAP_FOUND, "1.2.0.192.bl", false},
	{"macro", "{mymac}", {"v"}, SM_MAP_FOUND, "", false},
	{"macro", "{mymac}", {NULL}, SM_MAP_FOUND, "", false},
	{"macro", "g", {"v"}, SM_MAP_FOUND, "", false},
	{"macro", "", {"v"}, SM_MAP_NONE, NULL, false},
	{"regex ^a", "abc", {NULL}, SM_MAP_FOUND, "", false},
	{"regex ^a", "ABC", {NULL}, SM_MAP_FOUND, "", false},
	{"regex ^a", "xa", {NULL}, SM_MAP_NONE, NULL, false},
	{"regex -f ^a", "abc", {NULL}, SM_MAP_FOUND, "", false},
	{"regex -f ^a", "ABC", {NULL}, SM_MAP_NONE, NULL, false},
	{"regex -n ^a", "abc", {NULL}, SM_MAP_NONE, NULL, false},
	{"regex -n ^a", "xyz", {NULL}, SM_MAP_FOUND, "", false},
	{"regex -a.M ^a", "abc", {NULL}, SM_MAP_FOUND, ".M", false},
	{"regex -a.M ^a", "xyz", {NULL}, SM_MAP_NONE, NULL, false},
	{"regex -m -a.M ^a", "ABC", {NULL}, SM_MAP_FOUND, "ABC.M", false},
	{"regex -n -a.N ^a", "xyz", {NULL}, SM_MAP_FOUND, ".N", false},
	{"regex -s1,2 -d+ ^([a-z]+)@(.*)$", "user@example.com", {NULL}, SM_MAP_FOUND,
		"user+example.com", false},
	{"regex -s1,2 -d+ ^([a-z]+)@(.*)$", "nope", {NULL}, SM_MAP_NONE, NULL, false},
	{"regex -s -d- ^(a)(b)?", "ab", {NULL}, SM_MAP_FOUND, "ab-a-b", false},
	{"regex -s -d- ^(a)(b)?", "ac", {NULL}, SM_MAP_FOUND, "a-a-", false},
	{"regex -s2 ^(a)(b)?", "abc", {NULL}, SM_MAP_FOUND, "b", false},
	{"regex -s2 ^(a)(b)?", "abc", {"1"}, SM_MAP_FOUND, "a", false},
	{"regex -s2 ^(a)(b)?", "abc", {"3"}, SM_MAP_NONE, NULL, false},
	{"regex -s1 -a@x (.*)", "a.b", {NULL}, SM_MAP_FOUND, "a.b@x", false},
	{"regex -s1 -a@x (.*)", "a<b>", {NULL}, SM_MAP_FOUND, "a<b>@x", false},
	{"regex -s1 -a@x (.*)", "a(b)", {NULL}, SM_MAP_FOUND, "a(b)@x", false},
	{"regex -s1 -a@x (.*)", "(a", {NULL}, SM_MAP_NONE, NULL, false},
	{"regex -s1 -a@x (.*)", "\"a", {NULL}, SM_MAP_FOUND, "a@x", false},
	{"regex -s1 -a@x (.*)", "a\\", {NULL}, SM_MAP_FOUND, "a@x", false},
	{"regex -b \\(a\\)b*$", "xa", {NULL}, SM_MAP_FOUND, "", false},
	{"regex -b \\(a\\)b*$", "xabb", {NULL}, SM_MAP_FOUND, "", false},
	{"regex -b (a)", "(a)", {NULL}, SM_MAP_FOUND, "", false},
	{"regex -b (a)", "a", {NULL}, SM_MAP_NONE, NULL, false},
	{"regex -q ^\"", "\"a\"", {NULL}, SM_MAP_FOUND, "", false},
	{"regex ^\"", "\"a\"", {NULL}, SM_MAP_NONE, NULL, false},
	{"null", "a", {NULL}, SM_MAP_NONE, NULL, false},
	{"syslog", "a", {NULL}, SM_MAP_FOUND, "", false},
	{"syslog -Lerr", "a", {NULL}, SM_MAP_FOUND, "", false},
	{"user", "root", {NULL}, SM_MAP_FOUND, "root", false},
	{"user", "ROOT", {NULL}, SM_MAP_FOUND, "root", false},
	{"user", "nosuch", {NULL}, SM_MAP_NONE, NULL, false},
	{"user -v passwd", "root", {NULL}, SM_MAP_FOUND, "x", false},
	{"host -a.", "mail.example.org", {NULL}, SM_MAP_FOUND, "mail.example.org.", false},
	{"host -a.", "MAIL.example.org", {NULL}, SM_MAP_FOUND, "MAIL.example.org.", false},
	{"host -a.", "good.example.com", {NULL}, SM_MAP_FOUND, "good.example.com.", false},
	{"host -a.", "mxonly.example.net", {NULL}, SM_MAP_FOUND, "mxonly.example.net.", false},
	{"host -a.", "alias.example", {NULL}, SM_MAP_FOUND, "good.example.com.", false},
	{"host -a.", "nx.example", {NULL}, SM_MAP_NONE, NULL, false},
	{"host -a.", "temp.example", {NULL}, SM_MAP_TEMPFAIL, NULL, true},
	{"host -a.", "nodata.example", {NULL}, SM_MAP_NONE, NULL, false},
	{"host -a.", "[192.0.2.10]", {NULL}, SM_MAP_FOUND, "mail.example.org.", false},
	{"host -a.", "[203.0.113.5]", {NULL}, SM_MAP_FOUND, "good.example.com.", false},
	{"host -a.", "[203.0.113.99]", {NULL}, SM_MAP_NONE, NULL, false},
	{"host -a.", "[127.0.0.1]", {NULL}, SM_MAP_FOUND, "localhost.", false},
	{"host -a.", "[203.0.113.5", {NULL}, SM_MAP_NONE, NULL, false},
	{"host -a.", "[good.example.com]", {NULL}, SM_MAP_NONE, NULL, false},
	{"host -a.", "localhost", {NULL}, SM_MAP_FOUND, "localhost.example.org.", false},
	{"host -a.", "good.example.com.", {NULL}, SM_MAP_FOUND, "good.example.com.", false},
	{"host -a.", "", {NULL}, SM_MAP_NONE, NULL, false},
	{"host", "good.example.com", {NULL}, SM_MAP_FOUND, "good.example.com", false},
	{"host -T<TEMP> -a<OKR>", "temp.example", {NULL}, SM_MAP_FOUND, "temp.example<TEMP>", true},
	{"host -T<TEMP> -a<OKR>", "good.example.com", {NULL}, SM_MAP_FOUND, "good.example.com<OKR>",
		false},
	{"host -T<TEMP> -a<OKR>", "nx.example", {NULL}, SM_MAP_NONE, NULL, false},
	{"host -m -a.", "alias.example", {NULL}, SM_MAP_FOUND, "alias.example.", false},
	{"dns -RA", "good.example.com", {NULL}, SM_MAP_FOUND, "203.0.113.5", false},
	{"dns -RA", "alias.example", {NULL}, SM_MAP_FOUND, "203.0.113.5", false},
	{"dns -RA", "mxonly.example.net", {NULL}, SM_MAP_NONE, NULL, false},
	{"dns -RA", "nx.example", {NULL}, SM_MAP_NONE, NULL, false},
	{"dns -RA", "temp.example", {NULL}, SM_MAP_TEMPFAIL, NULL, true},
	{"dns -R A -a.", "good.example.com", {NULL}, SM_MAP_FOUND, "203.0.113.5.", false},
	{"dns -RAAAA", "six.example.com", {NULL}, SM_MAP_FOUND, "IPv6:2001:db8:0:0:0:0:0:1", false},
	{"dns -RAAAA", "good.example.com", {NULL}, SM_MAP_NONE, NULL, false},
	{"dns -z+ -RMX", "example.com", {NULL}, SM_MAP_FOUND, "b.example.com+a.example.com", false},
	{"dns -z+ -RMX", "null.example", {NULL}, SM_MAP_FOUND, "", false},
	{"dns -z+ -RMX", "good.example.com", {NULL}, SM_MAP_NONE, NULL, false},
	{"dns -RMX", "example.com", {NULL}, SM_MAP_FOUND, "b.example.com", false},
	{"dns -RTXT", "text.example", {NULL}, SM_MAP_FOUND, "some text", false},
	{"dns -RNS", "example.com", {NULL}, SM_MAP_FOUND, "ns.example.com", false},
	{"dns -RCNAME", "alias.example", {NULL}, SM_MAP_FOUND, "good.example.com", false},
	{"dns -RCNAME", "good.example.com", {NULL}, SM_MAP_NONE, NULL, false},
	{"dns -RPTR", "5.113.0.203.in-addr.arpa", {NULL}, SM_MAP_FOUND, "good.example.com", false},
	{"dns -m -RA", "good.example.com", {NULL}, SM_MAP_FOUND, "good.example.com", false},
	{"dns -RA -Bbl.example", "5.113.0.203", {NULL}, SM_MAP_FOUND, "127.0.0.2", false},
	{"dns -T<T> -RA", "temp.example", {NULL}, SM_MAP_FOUND, "temp.example<T>", true},
	{"bestmx", "example.com", {NULL}, SM_MAP_FOUND, "a.example.com.", false},
	{"bestmx", "good.example.com", {NULL}, SM_MAP_FOUND, "good.example.com.", false},
	{"bestmx", "e\\xample.com", {NULL}, SM_MAP_FOUND, "a.example.com.", false},
	{"bestmx", "nx.example", {NULL}, SM_MAP_NONE, NULL, false},
	{"bestmx", "null.example", {NULL}, SM_MAP_NONE, NULL, false},
	{"bestmx", "temp.example", {NULL}, SM_MAP_TEMPFAIL, NULL, true},
	{"bestmx", "alias.example", {NULL}, SM_MAP_NONE, NULL, false},
	{"bestmx", "[192.0.2.1]", {NULL}, SM_MAP_FOUND, "[192.0.2.1]", false},
	{"bestmx", "[good.example.com]", {NULL}, SM_MAP_FOUND, "good.example.com.", false},
	{"bestmx -z:", "example.com", {NULL}, SM_MAP_FOUND, "a.example.com.:b.example.com.", false},
	{"bestmx -T<T>", "temp.example", {NULL}, SM_MAP_FOUND, "temp.example<T>", true},
};

/* The same names as facts. */
static const char facts[] =
	"{\"dns_complete\": true, \"local_users\": [\"root\"], \"dns\": {"
	"\"address mail.example.org\": [\"192.0.2.10\"], "
	"\"address good.example.com\": [\"203.0.113.5\"], "
	"\"mx mxonly.example.net\": [\"10 good.example.com\"], "
	"\"cname alias.example\": \"good.example.com\", "
	"\"address temp.example\": \"tempfail\", \"mx temp.example\": \"tempfail\", "
	"\"txt nodata.example\": [\"t\"], \"ptr 192.0.2.10\": \"mail.example.org\", "
	"\"ptr 203.0.113.5\": \"good.example.com\", "
	"\"address six.example.com\": [\"2001:db8::1\"], "
	"\"mx example.com\": [\"20 b.example.com\", \"10 a.example.com\"], "
	"\"ns example.com\": [\"ns.example.com\"], \"mx null.example\": [\"0 .\"], "
	"\"txt text.example\": [\"some text\"], "
	"\"list 203.0.113.5 bl.example\": [\"127.0.0.2\"]}}";

static void test_declare(void **state)
{
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof declarations / sizeof *declarations; i++) {
		struct mp_arena arena = {0};
		struct mp_findings findings;
		struct sm_maps *maps;
		const char *said;

		mp_findings_init(&findings, &arena);
		maps = sm_maps_new(&arena, NULL, &findings);
		said = sm_maps_declare(
			maps, mp_slice_str(declarations[i].text), ' ', mp_loc(NULL, 0, 0));
		if (said == NULL ? declarations[i].refusal != NULL
				 : declarations[i].refusal == NULL ||
					!mp_str_eq(said, declarations[i].refusal)) {
			print_error("K%s: %s\n", declarations[i].text, said != NULL ? said : "-");
			wrong++;
		}
		sm_maps_free(maps);
		mp_findings_release(&findings);
		mp_arena_release(&arena);
	}
	assert_int_equal(wrong, 0);
}

static void open_with(struct sm_fixture *f, const char *map)
{
	struct mp_err err = {0};
	char cf[512];

	sm_fixture_begin(f);
	if (mp_facts_read(f->facts, "facts", mp_slice_str(facts), &err) != 0) {
		fail_msg("%s", err.text);
	}
	sm_fixture_file(f, "t", table_t);
	sm_fixture_file(f, "x", table_x);
	sm_fixture_file(f, "w", table_w);
	snprintf(cf, sizeof cf, "V10/Berkeley\nO BlankSub=.\nDmexample.org\nKm %s\n", map);
	sm_fixture_open(f, cf);
}

static struct sm_map_result look_up(
	struct sm_fixture *f, const char *key, const char *const *args, size_t argc)
{
	return sm_map_lookup(sm_maps_find(f->cf->maps, "M"),
		&(struct sm_map_call){.world = f->world,
			.arena = &f->arena,
			.key = key,
			.args = args,
			.argc = argc});
}

static bool as_expected(const struct row *row, const struct sm_map_result *r)
{
	return r->status == row->status && r->temporary == row->temporary &&
		(r->status != SM_MAP_FOUND || mp_str_eq(r->value, row->value));
}

static void test_lookups(void **state)
{
	struct sm_fixture f;
	unsigned wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct sm_map_result r;
		size_t argc = 0;

		if (i == 0 || !mp_str_eq(row->map, row[-1].map)) {
			open_with(&f, row->map);
		}
		while (argc < 3 && row->args[argc] != NULL) {
			argc++;
		}
		r = look_up(&f, row->key, row->args, argc);
		if (!as_expected(row, &r)) {
			print_error("%s %s: %d \"%s\"%s\n", row->map, row->key, (int)r.status,
				r.value != NULL ? r.value : "", r.temporary ? " (temporary)" : "");
			wrong++;
		}
		if (i + 1 == sizeof rows / sizeof *rows || !mp_str_eq(row->map, row[1].map)) {
			sm_fixture_close(&f);
		}
	}
	assert_int_equal(wrong, 0);
}

/* A table is searched with the first 256 bytes of a key. */
static void test_long_key(void **state)
{
	struct sm_fixture f;
	char text[300], key[301];

	(void)state;
	memset(text, 'g', 256);
	snprintf(text + 256, sizeof text - 256, " long\n");
	memset(key, 'G', 300);
	key[300] = '\0';
	sm_fixture_begin(&f);
	sm_fixture_file(&f, "t", text);
	sm_fixture_open(&f, "V10\nKm hash /etc/mail/t\n");
	assert_string_equal(look_up(&f, key, NULL, 0).value, "long");
	key[255] = '\0';
	assert_int_equal(look_up(&f, key, NULL, 0).status, SM_MAP_NONE);
	sm_fixture_close(&f);
}

/* What makemap complains of, and where the compiled table may differ from its text. */
static void test_findings(void **state)
{
	struct sm_fixture f;
	char path[128];
	struct utimbuf old = {1000, 1000};

	(void)state;
	sm_fixture_begin(&f);
	sm_fixture_file(&f, "t", table_t);
	sm_fixture_file(&f, "old", "a b\n");
	sm_fixture_file(&f, "old.db", "");
	sm_fixture_file(&f, "only.db", "");
	snprintf(path, sizeof path, "%s/old.db", f.folder);
	assert_int_equal(utime(path, &old), 0);
	sm_fixture_open(&f,
		"V10\nKt hash /etc/mail/t\nKold btree /etc/mail/old\nKonly hash /etc/mail/only\n"
		"Knone hash -T<TMPF> /etc/mail/none\nKopt hash -o /etc/mail/none\n"
		"Krel hash -o x\nKcdb cdb -o /etc/mail/none\nKcol text -kx /etc/mail/t\n"
		"Kcase hash -f /etc/mail/t\n");
	assert_true(sm_fixture_finding(&f, "map/duplicate", 3));
	assert_true(sm_fixture_finding(&f, "map/bad-line", 7));
	assert_true(sm_fixture_finding(&f, "map/bad-line", 8));
	assert_true(sm_fixture_finding(&f, "map/bad-line", 9));
	assert_true(sm_fixture_finding(&f, "map/not-compiled", 2));
	assert_true(sm_fixture_finding(&f, "map/older", 3));
	assert_true(sm_fixture_finding(&f, "map/only-compiled", 4));
	assert_true(sm_fixture_finding(&f, "map/missing", 5));
	assert_false(sm_fixture_finding(&f, "map/missing", 6));
	assert_true(sm_fixture_finding(&f, "map/relative-path", 7));
	assert_true(sm_fixture_finding(&f, "map/class-build", 8));
	assert_true(sm_fixture_finding(&f, "map/column", 9));
	assert_true(sm_fixture_finding(&f, "map/makemap-flags", 3));
	sm_fixture_close(&f);
}

/* Members of a sequence are asked without what rules add to a lookup in them. */
static void test_sequence(void **state)
{
	struct sm_fixture f;

	(void)state;
	sm_fixture_begin(&f);
	sm_fixture_file(&f, "t", "a 1\n");
	sm_fixture_file(&f, "u", "a 2\nb 3\n");
	sm_fixture_file(&f, "service.switch", "# a comment\nthings one two\n");
	sm_fixture_open(&f,
		"V10\nKt hash /etc/mail/t\nKu hash -a+ /etc/mail/u\nKgone hash -T<x> /etc/mail/no\n"
		"Km sequence t u\nKm2 sequence gone, t\nKs switch things\nKs.one null\n"
		"Ks.two hash /etc/mail/u\n");

	struct sm_map_call call = {.world = f.world, .arena = &f.arena, .key = "a"};

	assert_string_equal(sm_map_lookup(sm_maps_find(f.cf->maps, "m"), &call).value, "1");
	assert_string_equal(sm_map_lookup(sm_maps_find(f.cf->maps, "m2"), &call).value, "1");
	assert_string_equal(sm_map_lookup(sm_maps_find(f.cf->maps, "s"), &call).value, "2");
	call.key = "b";
	assert_string_equal(sm_map_lookup(sm_maps_find(f.cf->maps, "m"), &call).value, "3+");
	assert_int_equal(
		sm_map_lookup(sm_maps_find(f.cf->maps, "m2"), &call).status, SM_MAP_TEMPFAIL);
	sm_fixture_close(&f);
}

/* In the delivery mode "defer" maps with -D are not asked, and the usual host map has it. */
static void test_deferred(void **state)
{
	struct sm_fixture f;

	(void)state;
	sm_fixture_begin(&f);
	sm_fixture_file(&f, "t", "a 1\n");
	sm_fixture_open(&f, "V10\nKt hash -D -T<x> /etc/mail/t\nKu hash /etc/mail/t\n");

	struct sm_map_call call = {
		.world = f.world, .arena = &f.arena, .key = "a", .deferred = true};
	struct sm_map_result r = sm_map_lookup(sm_maps_find(f.cf->maps, "t"), &call);

	assert_int_equal(r.status, SM_MAP_TEMPFAIL);
	assert_true(r.temporary);
	r = sm_map_lookup(sm_maps_find(f.cf->maps, "host"), &call);
	assert_int_equal(r.status, SM_MAP_TEMPFAIL);
	assert_string_equal(sm_map_lookup(sm_maps_find(f.cf->maps, "u"), &call).value, "1");
	sm_fixture_close(&f);
}

/* Of a table that is here only compiled each key is a question, whose answers are values. */
static void test_outside(void **state)
{
	static const char *const assumed[] = {
		"table.lookup hash:/etc/mail/access connect:192.0.2.1=RELAY",
		"table.lookup hash:/etc/mail/access connect:192.0.2.2=other",
		"table.lookup ldap:dir bob=bob@%1.example", "table.lookup ldap:dir eve=tempfail"};
	struct sm_fixture f;
	struct mp_err err = {0};

	(void)state;
	sm_fixture_begin(&f);
	for (size_t i = 0; i < sizeof assumed / sizeof *assumed; i++) {
		assert_int_equal(mp_facts_assume(f.facts, assumed[i], &err), 0);
	}
	sm_fixture_file(&f, "access.db", "");
	sm_fixture_open(&f,
		"V10\nKaccess hash -a+ /etc/mail/access\n"
		"Kdir ldap -T<x> -1 -k (uid=%0) -v mail\n");

	const char *args[] = {"a"};
	struct sm_map_call call = {.world = f.world,
		.arena = &f.arena,
		.key = "Connect:192.0.2.1",
		.args = args,
		.argc = 1};
	struct sm_map *access = sm_maps_find(f.cf->maps, "access");
	struct sm_map *dir = sm_maps_find(f.cf->maps, "dir");

	assert_string_equal(sm_map_lookup(access, &call).value, "RELAY+");
	assert_false(sm_map_lookup(access, &call).outside);
	call.key = "Connect:192.0.2.2";
	assert_string_equal(sm_map_lookup(access, &call).value, "{table.value}+");
	assert_true(sm_map_lookup(access, &call).outside);
	call.key = "Connect:192.0.2.3";
	assert_int_equal(sm_map_lookup(access, &call).status, SM_MAP_NONE);
	call.key = "bob";
	assert_string_equal(sm_map_lookup(dir, &call).value, "bob@a.example");
	call.key = "eve";
	assert_string_equal(sm_map_lookup(dir, &call).value, "eve<x>");
	assert_false(sm_map_entries(access, NULL, NULL));
	sm_fixture_close(&f);
}

/* Tables keep the BlankSub of their K line, others take the last one. */
static void test_blank(void **state)
{
	struct sm_fixture f;

	(void)state;
	sm_fixture_begin(&f);
	sm_fixture_open(&f,
		"V10\nKt hash -o /x\nKd dequote\nKs hash -o -S_ /x\nO BlankSub=.\nKu hash -o /x\n");
	assert_int_equal(sm_map_blank(sm_maps_find(f.cf->maps, "t")), ' ');
	assert_int_equal(sm_map_blank(sm_maps_find(f.cf->maps, "d")), '.');
	assert_int_equal(sm_map_blank(sm_maps_find(f.cf->maps, "s")), '_');
	assert_int_equal(sm_map_blank(sm_maps_find(f.cf->maps, "u")), '.');
	sm_fixture_close(&f);
}

/* Sequences of sequences, many and deep: what is not followed is a question. */
static void test_nested(void **state)
{
	static const struct {
		unsigned maps, members;
	} shapes[] = {{100000, 1}, {12, 12}};

	(void)state;
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		struct sm_fixture f = {0};
		struct mp_buf b;
		char name[32];

		mp_buf_init(&b, MP_LIMIT_FILE);
		mp_buf_puts(&b, "V10/Berkeley\nKs0 null\n");
		for (unsigned k = 1; k <= shapes[i].maps; k++) {
			mp_buf_printf(&b, "Ks%u sequence", k);
			for (unsigned m = 0; m < shapes[i].members; m++) {
				mp_buf_printf(&b, " s%u", k - 1);
			}
			mp_buf_putc(&b, '\n');
		}
		sm_fixture_open(&f, b.p);
		snprintf(name, sizeof name, "s%u", shapes[i].maps);

		struct sm_map *map = sm_maps_find(f.cf->maps, name);
		struct sm_map_call call = {.world = f.world, .arena = &f.arena, .key = "k"};

		assert_non_null(map);
		assert_int_equal(sm_map_lookup(map, &call).status, SM_MAP_NONE);
		assert_true(sm_fixture_asked(&f));
		mp_buf_release(&b);
		sm_fixture_close(&f);
	}
}

/* What a switch asks is known only with the service switch: one that cannot be read is a question.
 */
static void test_unread_switch(void **state)
{
	struct sm_fixture f = {0};
	struct sm_map_call call = {.argc = 0};
	struct mp_err err = {0};
	char path[128];

	(void)state;
	sm_fixture_begin(&f);
	snprintf(path, sizeof path, "%s/service.switch", f.folder);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(
		mp_facts_assume(f.facts, "file.exists /etc/mail/service.switch=found", &err), 0);
	sm_fixture_open(&f, "V10\nKs.files null\nKs switch aliases\n");
	call = (struct sm_map_call){.world = f.world, .arena = &f.arena, .key = "k"};
	assert_false(sm_fixture_asked(&f));
	assert_int_equal(sm_map_lookup(sm_maps_find(f.cf->maps, "s"), &call).status, SM_MAP_NONE);
	assert_true(sm_fixture_asked(&f));
	assert_false(sm_map_entries(sm_maps_find(f.cf->maps, "s"), NULL, NULL));
	sm_fixture_close(&f);
}

/* A second K line that is refused leaves nothing of the first that could be asked. */
static void test_declared_again(void **state)
{
	struct sm_fixture f = {0};

	(void)state;
	sm_fixture_open(&f, "V10/Berkeley\nKa dequote\nKa regex (\nKb regex x\nKb regex (\n");
	for (const char *name = "a"; name != NULL; name = *name == 'a' ? "b" : NULL) {
		struct sm_map_call call = {.world = f.world, .arena = &f.arena, .key = "x"};

		assert_int_equal(
			sm_map_lookup(sm_maps_find(f.cf->maps, name), &call).status, SM_MAP_NONE);
	}
	sm_fixture_close(&f);
}

/* A key that the C library cannot be asked about: whether it matches is a question. */
static void test_regex_fails(void **state)
{
	struct sm_fixture f = {0};
	struct sm_map_call call = {.argc = 0};
	char *key;

	(void)state;
	sm_fixture_open(&f, "V10/Berkeley\nKa regex -s1 (x)\n");
	key = mp_arena_alloc(&f.arena, 70001);
	memset(key, 'x', 70000);
	call = (struct sm_map_call){.world = f.world, .arena = &f.arena, .key = key};
	assert_int_equal(sm_map_lookup(sm_maps_find(f.cf->maps, "a"), &call).status, SM_MAP_NONE);
	assert_true(sm_fixture_asked(&f));
	sm_fixture_close(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_declare),
		cmocka_unit_test(test_lookups),
		cmocka_unit_test(test_long_key),
		cmocka_unit_test(test_findings),
		cmocka_unit_test(test_sequence),
		cmocka_unit_test(test_deferred),
		cmocka_unit_test(test_blank),
		cmocka_unit_test(test_outside),
		cmocka_unit_test(test_nested),
		cmocka_unit_test(test_unread_switch),
		cmocka_unit_test(test_declared_again),
		cmocka_unit_test(test_regex_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
