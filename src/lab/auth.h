/*
 * auth - the server side of Dovecot's authentication protocol, version 1.
 *
 * After Dovecot's public description of the protocol ("Authentication Protocol"): lines of
 * TAB-separated fields. It stands in for a Dovecot that the configuration names and the machine
 * lacks, knows the plan's users, and carries out PLAIN (RFC 4616), LOGIN, CRAM-MD5 (RFC 2195) and
 * ANONYMOUS (RFC 4505); other mechanisms of the plan are offered, and fail.
 */
#ifndef MP_LAB_AUTH_H
#define MP_LAB_AUTH_H

#include "base/buf.h"
#include "lab/lab.h"

#include <stdint.h>

struct lab_auth_request {
	unsigned long id; /* the client's number for it, 0: unused */
	char mechanism[24];
	char user[256]; /* LOGIN: once it is known */
	char challenge[128]; /* CRAM-MD5 */
	bool has_user;
};

enum { LAB_AUTH_REQUESTS = 8, LAB_AUTH_LINE = 16384 };

struct lab_auth {
	const struct mp_lab_plan *plan;
	struct lab_auth_request requests[LAB_AUTH_REQUESTS]; /* dialogues under way */
	unsigned next;
};

/* The lines that the server says first. serial: a number that no other connection has. */
void lab_auth_greet(struct lab_auth *a, unsigned serial, struct mp_buf *out);
/* One line of the client, without its LF; what the server says to it is appended to out. */
void lab_auth_line(struct lab_auth *a, struct mp_slice line, struct mp_buf *out);

#endif
