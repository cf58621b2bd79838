/*
 * pem - whether the server can use its files of certificates and keys.
 */
#ifndef MP_SERVER_PEM_H
#define MP_SERVER_PEM_H

#include "input/input.h"
#include "world/world.h"

/* Whether all of these files are there and, where their content matters, hold something in PEM (RFC
 * 7468). What a fact says of a file goes before what is seen of it here. For those that cannot be
 * seen, as a private key mostly is, one question stands ("tls.usable FILE", with the first of
 * them). The arena is for the texts of questions. */
bool mp_pem_usable(struct mp_world *world, struct mp_input *input, const char *const *files,
	size_t n, bool content, struct mp_arena *arena);

#endif
