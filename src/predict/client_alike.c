/*
 * client_alike - trusted networks between which the server makes no difference.
 *
 * DESCRIPTION
 *	Distinctions of a client's address that have one `like` are treated alike by everything that
 *	looks at it. So two addresses that fall under the same likes, in the same order, get the
 *	same answers, and one of them stands for both. Where the extent of some distinction is not
 *	known, nobody knows what falls under it, and each address stands for itself. So does one of
 *	each family: a literal in HELO and a zone of a block list depend on it.
 */
#include "predict/client.h"
#include "predict/distinctions.h"

/* Whether what every distinction of addresses covers is known. */
static bool extents_known(const struct mp_distinctions *seen)
{
	for (size_t i = 0; i < seen->n; i++) {
		if (seen->v[i].aspect == MP_ASPECT_ADDRESS && seen->v[i].net.ip.family == 0) {
			return false;
		}
	}
	return true;
}

/* The next distinction from *at on that holds the address and whose like is not that of one before
 * it that does; NULL after the last. */
static const char *next_like(const struct mp_distinctions *seen, const struct mp_ip *ip, size_t *at)
{
	while (*at < seen->n) {
		const struct mp_distinction *d = &seen->v[(*at)++];
		bool again = false;
		if (d->aspect != MP_ASPECT_ADDRESS || !mp_cidr_contains(&d->net, ip)) {
			continue;
		}
		for (const struct mp_distinction *b = seen->v; b < d && !again; b++) {
			again = b->aspect == MP_ASPECT_ADDRESS && mp_cidr_contains(&b->net, ip) &&
				b->like != NULL && d->like != NULL && mp_str_eq(b->like, d->like);
		}
		if (!again) {
			return d->like != NULL ? d->like : d->pattern;
		}
	}
	return NULL;
}

static bool are_alike(const struct mp_distinctions *seen, const struct mp_client_sample *a,
	const struct mp_client_sample *b)
{
	size_t x = 0, y = 0;
	const char *like;

	if (a->client != MP_CLIENT_TRUSTED || b->client != MP_CLIENT_TRUSTED ||
		a->address.family != b->address.family) {
		return false;
	}
	do {
		like = next_like(seen, &a->address, &x);
		const char *other = next_like(seen, &b->address, &y);
		if ((like == NULL) != (other == NULL) ||
			(like != NULL && !mp_str_eq(like, other))) {
			return false;
		}
	} while (like != NULL);
	return true;
}

static void add_alike(struct mp_client_sample *first, const struct mp_client_sample *other,
	struct mp_arena *arena)
{
	const char **texts = mp_arena_array(arena, first->alike_count + 1, sizeof *texts);

	for (size_t i = 0; i < first->alike_count; i++) {
		texts[i] = first->alike[i];
	}
	texts[first->alike_count++] = other->because.text;
	first->alike = texts;
}

size_t mp_client_join_alike(const struct mp_server *server, const struct mp_facts *facts,
	const char *listener, struct mp_client_sample *v, size_t n, struct mp_arena *arena)
{
	size_t kept = 0;

	if (server->ops->distinctions == NULL || n < 2) {
		return n;
	}
	struct mp_arena scratch = {0};
	struct mp_distinctions seen = mp_distinctions_first(server, facts, listener, &scratch);
	bool known = extents_known(&seen);
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;
		while (k < kept && !(known && are_alike(&seen, &v[k], &v[i]))) {
			k++;
		}
		if (k < kept) {
			add_alike(&v[k], &v[i], arena);
		} else {
			v[kept++] = v[i];
		}
	}
	mp_arena_release(&scratch);
	return kept;
}
