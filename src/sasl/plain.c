/* plain - the mechanism PLAIN (RFC 4616). */
#include "base/alloc.h"
#include "sasl/mechanisms.h"

#include <stdlib.h>
#include <string.h>

struct plain {
	const struct mp_login *login;
	bool said;
};

static void *plain_start(const struct mp_login *login, const char *server)
{
	struct plain *p = mp_alloc(sizeof *p);

	(void)server;
	p->login = login;
	return p;
}

/* message = [authzid] NUL authcid NUL passwd */
static int plain_respond(void *state, struct mp_slice challenge, char *out, size_t size, size_t *n)
{
	struct plain *p = state;
	const char *authorize_as = p->login->authorize_as != NULL ? p->login->authorize_as : "";
	size_t a = strlen(authorize_as), u = strlen(p->login->user), w = strlen(p->login->password);

	(void)challenge; /* empty; some servers say something */
	if (p->said || a + u + w + 2 > size) {
		return -1;
	}
	p->said = true;
	memcpy(out, authorize_as, a);
	out[a] = '\0';
	memcpy(out + a + 1, p->login->user, u);
	out[a + 1 + u] = '\0';
	memcpy(out + a + u + 2, p->login->password, w);
	*n = a + u + w + 2;
	return 0;
}

const struct mp_auth_mechanism mp_sasl_plain = {
	.name = "PLAIN",
	.reveals_password = true,
	.client_first = true,
	.start = plain_start,
	.respond = plain_respond,
	.end = free,
};
