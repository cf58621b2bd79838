/*
 * daemon - where sendmail listens, and how each daemon behaves (reference 1.7, 1.8).
 */
#ifndef SM_SMTP_DAEMON_H
#define SM_SMTP_DAEMON_H

#include "base/ip.h"
#include "sendmail/cf/cf.h"

struct sm_daemon {
	const char *name; /* "MTA", "Daemon0" */
	const char *address; /* "0.0.0.0", "::", or a literal address; a host name as written, and
				then the address is not known */
	unsigned port; /* 0: a service whose port is not known */
	const char *family; /* "inet", "inet6", "local" */
	const char *flags; /* the modifiers: "Ea" */
	const char *shown; /* ${daemon_flags}: "EE a" */
	char delivery; /* D=: "b", "i", "q", "d"; 0: none of its own */
	long children; /* children=: MaxDaemonChildren of its sessions; -1: none of its own */
	const char *filters; /* I=; NULL: those of InputMailFilters */
	bool lost; /* nobody reaches it: M=O, and another daemon has its port; or a local socket */
	struct mp_loc loc; /* source NULL: no line */
};

struct sm_daemons {
	struct sm_daemon *v;
	size_t n;
	bool delayed; /* sendmail tries for most of a minute to have an optional one's socket */
};

/* Whether a socket for all IPv6 addresses takes the IPv4 ones, too: on Linux it does. */
enum sm_dual { SM_DUAL_NO, SM_DUAL_YES, SM_DUAL_OPEN };

/* Reads the lines of DaemonPortOptions; without any there is Daemon0 on port 25. In the
 * configuration's arena. What keeps sendmail from starting is added to its refusals; what is only
 * odd is a finding. Daemons that nobody reaches are left out. */
struct sm_daemons sm_daemons_read(struct sm_cf *cf, enum sm_dual dual);
/* Whether the daemon has a modifier. */
bool sm_daemon_has(const struct sm_daemon *daemon, char flag);

#endif
