/*
 * lab - boots the real MTA with a candidate configuration, in private namespaces.
 *
 * The server's root is an overlay over this machine's, the configuration lies at its own path,
 * the server runs under its own host name and on its own ports, its log is collected, names come
 * from a responder that answers from the plan's records, and the clients live in a second network
 * namespace. The two namespaces are joined to each other and to nothing else: no packet leaves.
 * Nothing on the machine is changed, and all is gone when the lab is freed or its owner dies.
 *
 * Needs root (CAP_SYS_ADMIN and CAP_NET_ADMIN): the MTA changes between several users.
 */
#ifndef MP_LAB_LAB_H
#define MP_LAB_LAB_H

#include "base/err.h"
#include "base/ip.h"
#include "base/slice.h"
#include "server/provision.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A file of the candidate configuration that is given as text. */
struct mp_lab_file {
	const char *path; /* absolute, as the MTA sees it, or relative to the plan's config_path */
	struct mp_slice text;
};

enum mp_lab_dns_type {
	MP_LAB_DNS_ADDRESS, /* values: IPv4 and IPv6 addresses */
	MP_LAB_DNS_MX, /* values: "10 host", "host", "." */
	MP_LAB_DNS_NS,
	MP_LAB_DNS_TXT,
	MP_LAB_DNS_PTR, /* name: an address */
	MP_LAB_DNS_CNAME
};

enum mp_lab_dns_state {
	MP_LAB_DNS_FOUND,
	MP_LAB_DNS_NONE, /* no such record; no such name when the name has no other */
	MP_LAB_DNS_TEMPFAIL /* SERVFAIL */
};

struct mp_lab_dns {
	enum mp_lab_dns_type type;
	enum mp_lab_dns_state state;
	const char *name; /* a domain name, or an address where type is MP_LAB_DNS_PTR */
	const char *const *values;
	size_t value_count;
};

enum mp_lab_mta { MP_LAB_POSTFIX, MP_LAB_SENDMAIL };

struct mp_lab_user {
	const char *name, *password; /* "alice@mail.example.org" or "alice" */
};

/* Everything is borrowed until mp_lab_boot() returns. */
struct mp_lab_plan {
	enum mp_lab_mta mta;
	const char *mta_root; /* folder with an unpacked MTA, or NULL: the installed one */
	const char *config_dir; /* folder that is copied to config_path, or NULL */
	const char *config_path; /* NULL: /etc/postfix, /etc/mail */
	const struct mp_lab_file *files; /* on top of config_dir */
	size_t file_count;
	struct mp_provisions provisions; /* of Postfix the suffix alone: postconf tells the rest */
	const char *hostname;
	const struct mp_cidr *addresses; /* the server's own; loopback is always there */
	size_t address_count;
	const char *const *local_users; /* users that the MTA itself needs are added */
	size_t local_user_count;
	const struct mp_lab_dns *dns; /* any other name does not exist */
	size_t dns_count;
	const char *const *sasl_mechanisms;
	size_t sasl_mechanism_count;
	const struct mp_lab_user *sasl_users;
	size_t sasl_user_count;
	const struct mp_ip *clients; /* the first of a family is the client side's default source */
	size_t client_count;
	bool as_is; /* supply nothing: what the configuration names and the machine lacks is missing
		     */
	/* sendmail: one that cannot have a socket goes on without it after most of a minute. */
	bool starts_late;
	unsigned deadline_ms; /* for the server to start; 0: 20 seconds */
};

enum mp_lab_supplied_kind {
	MP_LAB_SUPPLIED_CERTIFICATE, /* key and certificate in the file that the configuration names
				      */
	MP_LAB_SUPPLIED_TABLE, /* compiled from its text source */
	MP_LAB_SUPPLIED_SASL, /* a socket or a password file with the plan's users */
	MP_LAB_SUPPLIED_USER, /* an account or a group that the MTA needs */
	MP_LAB_SUPPLIED_FOLDER, /* a folder or link that the configuration names */
	MP_LAB_SUPPLIED_FILE, /* another file */
	MP_LAB_MISSING /* named, absent and not supplied */
};

struct mp_lab_supplied {
	enum mp_lab_supplied_kind kind;
	char *what; /* path, "type:path", name of the user, ... */
};

/* Which side of the wire. */
enum mp_lab_side { MP_LAB_CLIENT, MP_LAB_SERVER };

struct mp_lab;

/* Whether this machine has the server's own programs: a plan without mta_root boots these. */
bool mp_lab_installed(enum mp_lab_mta mta);
/* Boots. On success *out is the lab, owned by the caller: mp_lab_free(). A server that does not
 * start with this configuration is a success too: see mp_lab_started() and the log. -1 with err
 * where the machine does not let us (no root, no namespaces, no MTA at mta_root). */
int mp_lab_boot(const struct mp_lab_plan *plan, struct mp_lab **out, struct mp_err *err);
/* True when the server said that it runs (and its listeners answer). */
bool mp_lab_started(const struct mp_lab *lab);
/* What was supplied, in a stable order; borrowed. */
const struct mp_lab_supplied *mp_lab_supplied(const struct mp_lab *lab, size_t *n);
/* The accounts of the server, the added ones included; borrowed. */
const char *const *mp_lab_users(const struct mp_lab *lab, size_t *n);
/* The log of the server so far, one line each, without date and host; owned by the caller: free().
 */
char *mp_lab_log(const struct mp_lab *lab);
/* Addresses and ports where the server listens now ("0.0.0.0:25", "[::]:587"), one line each,
 * sorted; owned by the caller: free(). The lab's own name server is left out. */
char *mp_lab_listeners(const struct mp_lab *lab);
/* The server's first address of the family (4 or 6), or NULL; borrowed. */
const struct mp_ip *mp_lab_address(const struct mp_lab *lab, int family);
/* The MTA's version as it says itself ("3.7.11"), or NULL; borrowed. */
const char *mp_lab_version(const struct mp_lab *lab);
/* The plan's client addresses; borrowed. */
const struct mp_ip *mp_lab_clients(const struct mp_lab *lab, size_t *n);
/* Descriptors that live as long as the lab: the clients' network namespace, the log. */
int mp_lab_client_ns(const struct mp_lab *lab);
int mp_lab_log_fd(const struct mp_lab *lab);
/* Process id of the lab's process 1, as this process sees it. */
pid_t mp_lab_pid(const struct mp_lab *lab);

/* From here to mp_lab_leave(), new sockets of the calling thread live on that side. Any address
 * that is not the server's can be bound on the client side. 0, or -1 with err. */
int mp_lab_enter(const struct mp_lab *lab, enum mp_lab_side side, struct mp_err *err);
void mp_lab_leave(const struct mp_lab *lab);

/* Runs a command on that side, with the caller's files and standard streams and with these
 * variables: MTAPROOF_SERVER, MTAPROOF_SERVER6, MTAPROOF_CLIENT, MTAPROOF_CLIENT6 (addresses),
 * MTAPROOF_LISTENERS (as above, separated by blanks), MTAPROOF_STARTED (yes or no), MTAPROOF_LOG
 * (a file to read the server's log from), MTAPROOF_SERVER_NS, MTAPROOF_CLIENT_NS (network
 * namespaces, for setns(2)). *status is its exit status (128 + signal where one ended it). */
int mp_lab_run(const struct mp_lab *lab, enum mp_lab_side side, char *const argv[], int *status,
	struct mp_err *err);

/* Ends every process of the lab and waits until they are gone. NULL is allowed. */
void mp_lab_free(struct mp_lab *lab);

#endif
