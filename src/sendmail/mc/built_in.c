/*
 * built_in - files that a distribution's tools write, and that a .mc includes.
 *
 * A checkout of /etc/mail seldom holds them. What stands in them by default is known (reference
 * 1.13) and read in their place.
 */
#include "sendmail/mc/build.h"

static const char sasl[] =
	"divert(-1)dnl\n"
	"define(`confAUTH_MECHANISMS',`EXTERNAL DIGEST-MD5 CRAM-MD5 PLAIN LOGIN')dnl\n"
	"TRUST_AUTH_MECH(`EXTERNAL DIGEST-MD5 CRAM-MD5 PLAIN LOGIN')dnl\n"
	"define(`confTO_AUTH',`2m')dnl\n"
	"define(`confDONT_BLAME_SENDMAIL',defn(`confDONT_BLAME_SENDMAIL')"
	"`,GroupReadableSASLDBFile,GroupWritableSASLDBFile')dnl\n"
	"divert(0)dnl\n";

static const char starttls[] =
	"divert(-1)dnl\n"
	"define(`confTO_STARTTLS',`2m')dnl\n"
	"define(`confCACERT_PATH',`/etc/ssl/certs')dnl\n"
	"define(`confCACERT',`/etc/mail/tls/sendmail-server.crt')dnl\n"
	"define(`confSERVER_CERT',`/etc/mail/tls/sendmail-server.crt')dnl\n"
	"define(`confSERVER_KEY',`/etc/mail/tls/sendmail-common.key')dnl\n"
	"define(`confCLIENT_CERT',`/etc/mail/tls/sendmail-client.crt')dnl\n"
	"define(`confCLIENT_KEY',`/etc/mail/tls/sendmail-common.key')dnl\n"
	"define(`confDH_PARAMETERS',`/etc/mail/tls/sendmail-common.prm')dnl\n"
	"define(`confTLS_SRV_OPTIONS',`')dnl\n"
	"define(`confDONT_BLAME_SENDMAIL',defn(`confDONT_BLAME_SENDMAIL')"
	"`,GroupReadableKeyFile')dnl\n"
	"divert(0)dnl\n";

static const struct {
	const char *path, *text;
} substitutes[] = {
	{"/etc/mail/dialup.m4", ""},
	{"/etc/mail/m4/dialup.m4", ""},
	{"/etc/mail/m4/provider.m4", ""},
	{"/etc/mail/provider.m4", ""},
	{"/etc/mail/sasl/sasl.m4", sasl},
	{"/etc/mail/tls/starttls.m4", starttls},
};

const char *sm_include_built_in(const char *path)
{
	for (size_t i = 0; i < sizeof substitutes / sizeof *substitutes; i++) {
		if (mp_str_eq(substitutes[i].path, path)) {
			return substitutes[i].text;
		}
	}
	return NULL;
}
