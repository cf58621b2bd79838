/* What makes two .cf differ, and what does not. */
#include "sendmail/cf/differ.h"

#include "base/buf.h"
#include "sm_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEAD                                                                                       \
	"V10/Berkeley\n# built by a@example.org on Monday\nCwlocalhost example.org\n"              \
	"Dja.example\nO LogLevel=9\nO DaemonPortOptions=Name=MTA, M=A\n"                           \
	"O DaemonPortOptions=Port=587, Name=MSA, M=Ea\nKm hash -o /etc/mail/m\n"                   \
	"HReceived: from $s\n\tby $j\n"
#define TAIL                                                                                       \
	"Scheck_rcpt\nR$*\t\t$: $1\tas it is\nR$- @ $=w\t$@ OK\nMlocal, P=/bin/mail, F=lsDFM,\n"   \
	"\tA=mail $u\n"

/* The second .cf against HEAD and TAIL: "what: left <line> / right <line>", a line each. */
static const struct {
	const char *cf;
	const char *told;
} cases[] = {
	{HEAD TAIL, ""},
	/* What sendmail does not see. */
	{"#\n\nV10/Berkeley\n# built by b@example.net on Tuesday\n\nCw example.org\nC{w}LOCALHOST\n"
	 "D{j}a.example\nO  loglev=9\nO DaemonPortOptions=Name=MTA, M=A # why\n"
	 "OOPort=587, Name=MSA, M=Ea\nKm  hash -o  /etc/mail/m\nHReceived: from $s by $j\n"
	 "S check_rcpt\nR$*\t$: $1\t\tsomething else\nR$- @ $=w\t$@ OK\n"
	 "Mlocal, P=/bin/mail, F=lsDFM, A=mail $u\n",
		""},
	/* One setting each. */
	{HEAD "O MaxHopCount=9\n" TAIL, "option MaxHopCount: - / 9 <11>\n"},
	{HEAD "O LogLevel=14\n" TAIL, "option LogLevel: - / 14 <11>\n"},
	{HEAD "CRexample.net example.com\n" TAIL, "class R: - / example.net example.com <11>\n"},
	{HEAD "FR-o /etc/mail/relay-domains\n" TAIL,
		"class R: - / the file -o /etc/mail/relay-domains <11>\n"},
	{HEAD "Tdaemon\n" TAIL, "class t (trusted users): - / daemon <11>\n"},
	{HEAD "DSsmart.example\n" TAIL, "macro S: - / smart.example <11>\n"},
	{HEAD "DZ8.15\n" TAIL, "the version of the cf library (macro Z): - / 8.15 <11>\n"},
	{HEAD "Kn text /etc/mail/n\n" TAIL, "map n: - / n text /etc/mail/n <11>\n"},
	{HEAD "Xf, S=inet:1@localhost\n" TAIL, "mail filter f: - / f, S=inet:1@localhost <11>\n"},
	{HEAD "H?M?Message-Id: <$t>\n" TAIL, "header Message-Id: - / ?M?Message-Id: <$t> <11>\n"},
	{HEAD "Pjunk=-100\n" TAIL, "precedence junk: - / junk=-100 <11>\n"},
	{HEAD TAIL "Mx, P=/x, A=x\n", "mailer x: - / x, P=/x, A=x <16>\n"},
	{HEAD TAIL "Snew\nR$*\t$#error $: no\n", "ruleset new: - / $* -> $#error $: no <17>\n"},
	{HEAD TAIL "Scheck_rcpt\nR$+\t$#OK\n", "ruleset check_rcpt: - / $+ -> $#OK <17>\n"},
	{HEAD "nonsense\n" TAIL, "a line that sendmail does not take: - / nonsense <11>\n"},
	{HEAD "O Nonsense=1\n" TAIL, "a line that sendmail does not take: - / O Nonsense=1 <11>\n"},
	{"V10/Berkeley\nCwlocalhost example.org\nDja.example\nO LogLevel=9\n"
	 "O DaemonPortOptions=Name=MTA, M=Ea\nO DaemonPortOptions=Port=587, Name=MSA, M=A\n"
	 "Km hash -o /etc/mail/m\nHReceived: from $s\n\tby $j\n" TAIL,
		"option DaemonPortOptions: Name=MTA, M=A <6> / Name=MTA, M=Ea <5>\n"
		"option DaemonPortOptions: Port=587, Name=MSA, M=Ea <7> / Port=587, Name=MSA, M=A "
		"<6>\n"},
	/* The same lines, which mean something else. */
	{HEAD "Scheck_rcpt\nR$- @ $=w\t$@ OK\nR$*\t$: $1\nMlocal, P=/bin/mail, F=lsDFM,\n"
	      "\tA=mail $u\n",
		"the order in ruleset check_rcpt: $* -> $: $1 <12> / $- @ $=w -> $@ OK <12>\n"},
	{"V10/Berkeley\nO LogLevel=9\nCwlocalhost example.org\nDja.example\n"
	 "O DaemonPortOptions=Name=MTA, M=A\nO DaemonPortOptions=Port=587, Name=MSA, M=Ea\n"
	 "Km hash -o /etc/mail/m\nHReceived: from $s\n\tby $j\n" TAIL,
		"the order of the lines: a.example <4> / 9 <2>\n"},
	{"",
		"option LogLevel: 9 <5> / -\n"
		"option DaemonPortOptions: Name=MTA, M=A <6> / -\n"
		"option DaemonPortOptions: Port=587, Name=MSA, M=Ea <7> / -\n"
		"class w: localhost example.org <3> / -\nmacro j: a.example <4> / -\n"
		"map m: m hash -o /etc/mail/m <8> / -\n"
		"ruleset check_rcpt: $* -> $: $1 <12> / -\n"
		"ruleset check_rcpt: $- @ $=w -> $@ OK <13> / -\n"
		"mailer local: local, P=/bin/mail, F=lsDFM, A=mail $u <14> / -\n"
		"header Received: Received: from $s by $j <9> / -\n"
		"the version line: 10/Berkeley <1> / -\n"},
};

static void put(struct mp_buf *b, const char *text, struct mp_loc loc)
{
	mp_buf_puts(b, text != NULL ? text : "-");
	if (text != NULL) {
		mp_buf_printf(b, " <%u>", mp_loc_position(loc).line);
	}
}

static void check(const char *left, const char *right, const char *told)
{
	struct sm_fixture a = {0}, b = {0};
	struct mp_buf got;
	size_t before;

	sm_fixture_open(&a, left);
	sm_fixture_open(&b, right);
	before = b.findings.list.n;
	mp_buf_init(&got, 10000);

	struct sm_differences d = sm_cf_differ(a.cf, b.cf, &a.arena);

	for (size_t i = 0; i < d.n; i++) {
		mp_buf_printf(&got, "%s: ", d.v[i].what);
		put(&got, d.v[i].left, d.v[i].left_loc);
		mp_buf_puts(&got, " / ");
		put(&got, d.v[i].right, d.v[i].right_loc);
		mp_buf_puts(&got, "\n");
	}
	assert_string_equal(got.p, told);
	/* Nothing is found a second time. */
	assert_int_equal(b.findings.list.n, before);
	mp_buf_release(&got);
	sm_fixture_close(&a);
	sm_fixture_close(&b);
}

static void test_settings(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		check(HEAD TAIL, cases[i].cf, cases[i].told);
	}
}

/* Left and right change places. */
static void test_sides(void **state)
{
	(void)state;
	check(HEAD "CRa.example\n" TAIL, HEAD "CRb.example\n" TAIL,
		"class R: a.example <11> / b.example <11>\n");
	check(HEAD "Sx\n" TAIL, HEAD TAIL, "");
	check(HEAD "Sx=98\nRa\tb\n" TAIL, HEAD "S98\nRa\tb\n" TAIL,
		"ruleset x: a -> b <12> / -\nruleset 98: - / a -> b <12>\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_settings),
		cmocka_unit_test(test_sides),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
