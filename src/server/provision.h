/*
 * provision - what a server finds on its machine beside its configuration's own text.
 *
 * The description that an engine gives to whoever boots the real server (lab/lab.h): which files,
 * tables, folders and accounts the configuration names.
 */
#ifndef MP_SERVER_PROVISION_H
#define MP_SERVER_PROVISION_H

#include "base/slice.h"

#include <stddef.h>

enum mp_provision_kind {
	MP_PROVISION_CERTIFICATE, /* PEM; `with` is its key's file, "" where there is none */
	MP_PROVISION_AUTHORITIES, /* PEM: certificates only */
	MP_PROVISION_FOLDER,
	MP_PROVISION_QUEUE, /* a folder that is the server's alone */
	MP_PROVISION_TABLE, /* compiled from the text `what`, of the type `with`: "hash" */
	MP_PROVISION_ALIASES, /* compiled by the server's own program */
	MP_PROVISION_USER, /* the server does not run without this account */
	MP_PROVISION_GROUP
};

struct mp_provision {
	enum mp_provision_kind kind;
	const char *what; /* a path or a name, as the configuration has it */
	const char *with; /* never NULL */
};

struct mp_provisions {
	const struct mp_provision *v;
	size_t n;
	/* What the name of a compiled table ends in, behind that of its text, by the type that the
	 * configuration calls it by: ".db" for "hash". NULL for a type that is not compiled. */
	const char *(*suffix)(struct mp_slice type);
};

#endif
