/*
 * sasl - client mechanisms of AUTH, and where the password comes from.
 *
 * A password is read from a file, the environment or a command, never from the command line's own
 * words, and is wiped when it is freed.
 */
#ifndef MP_SASL_SASL_H
#define MP_SASL_SASL_H

#include "base/err.h"
#include "smtp/auth.h"

/* All mechanisms, best first: those that do not reveal the password come before those that do. The
 * array is constant. */
const struct mp_auth_mechanism *const *mp_sasl_mechanisms(size_t *n);
/* By name, without case; NULL when there is none. */
const struct mp_auth_mechanism *mp_sasl_find(const char *name);

/* Where to find a password; exactly one is set. */
struct mp_password_source {
	const char *file; /* its first line; "-" is not special */
	const char *environment; /* the value of this variable */
	const char *command; /* the first line that `sh -c` of it prints */
};

/* Reads the password, without its line end, into heap memory: mp_password_free(). NULL and err
 * (MP_ERR_USAGE: none or several sources, an unset variable; MP_ERR_INPUT: unreadable, empty, too
 * long, a NUL byte; the command failed). */
char *mp_password_read(const struct mp_password_source *source, struct mp_err *err);
/* Wipes and frees. */
void mp_password_free(char *password);

#endif
