/*
 * login - the mechanism LOGIN, which no RFC describes (draft-murchison-sasl-login-00).
 *
 * The server asks twice, the client answers with the user's name, then with the password, whatever
 * the questions say.
 */
#include "base/alloc.h"
#include "sasl/mechanisms.h"

#include <stdlib.h>
#include <string.h>

struct login {
	const struct mp_login *login;
	unsigned said;
};

static void *login_start(const struct mp_login *credentials, const char *server)
{
	struct login *l = mp_alloc(sizeof *l);

	(void)server;
	l->login = credentials;
	return l;
}

static int login_respond(void *state, struct mp_slice challenge, char *out, size_t size, size_t *n)
{
	struct login *l = state;
	const char *text = l->said == 0 ? l->login->user : l->login->password;

	(void)challenge;
	if (l->said >= 2 || strlen(text) > size) {
		return -1;
	}
	l->said++;
	*n = strlen(text);
	memcpy(out, text, *n);
	return 0;
}

const struct mp_auth_mechanism mp_sasl_login = {
	.name = "LOGIN",
	.reveals_password = true,
	.client_first = false,
	.start = login_start,
	.respond = login_respond,
	.end = free,
};
