/*
 * auth - how the session machine talks to a SASL mechanism (RFC 4422, RFC 4954).
 *
 * The mechanisms themselves are in sasl/. Responses are passwords or derived from them: they are
 * written to memory that the caller wipes, and never reach a transcript.
 */
#ifndef MP_SMTP_AUTH_H
#define MP_SMTP_AUTH_H

#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/* Credentials; borrowed, the owner wipes the password. */
struct mp_login {
	const char *user;
	const char *password;
	const char *authorize_as; /* "" for the user itself */
};

struct mp_auth_mechanism {
	const char *name; /* "PLAIN", in upper case */
	bool reveals_password; /* to everybody who can read the connection */
	bool client_first; /* the first response may go with the AUTH command */
	/* A new exchange, or NULL when it cannot be made. server is the host's name. */
	void *(*start)(const struct mp_login *login, const char *server);
	/* The response (not base64) to a challenge; of the first response of a client-first
	 * mechanism the challenge is empty. 0, or -1: the exchange must be cancelled. */
	int (*respond)(void *state, struct mp_slice challenge, char *out, size_t size, size_t *n);
	/* Whether the mechanism is content with the server (a server's proof was checked where the
	 * mechanism has one). Called after 235. */
	bool (*complete)(const void *state);
	void (*end)(void *state);
};

#endif
