/*
 * version - what depends on the version of the server itself, not of the configuration (reference
 * 9).
 */
#include "base/ascii.h"
#include "sendmail/smtp/session.h"

#include <stdlib.h>

/* The second number of "8.17.1.9". */
static long minor(const char *version)
{
	const char *dot = strchr(version, '.');

	return dot != NULL && strtol(version, NULL, 10) == 8 ? strtol(dot + 1, NULL, 10) : 0;
}

static bool is_debian(struct sm_session *s)
{
	const char *distribution = mp_known_distribution(s->world);

	return distribution != NULL && mp_str_ieq(distribution, "debian");
}

bool sm_refuses_early_talkers(struct sm_session *s)
{
	static const char *const answers[] = {"8.17", "8.18"};
	const char *version = mp_known_version(s->world);

	if (version == NULL) {
		version = mp_ask(s->world, "mta.version", answers, 2);
	}
	/* Debian has it in a security update of 8.17.1.9. */
	return minor(version) >= 18 || (mp_str_eq(version, "8.17.1.9") && is_debian(s));
}

bool sm_has_early_feature(struct sm_session *s)
{
	const char *version = mp_known_version(s->world);

	return version != NULL && minor(version) >= 18;
}
