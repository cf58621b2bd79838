/*
 * server - the simulated server, whichever MTA stands behind it.
 *
 * Built from a configuration alone. One opens a session to a listener, says a line, and gets the
 * reply with the lines of the configuration that decided it. Nothing above this interface knows
 * which MTA it is. Facts that the configuration does not hold are asked of the world that the
 * session is opened in (world/world.h); the same server is used for any number of sessions and
 * worlds, and is not changed by them.
 */
#ifndef MP_SERVER_SERVER_H
#define MP_SERVER_SERVER_H

#include "base/arena.h"
#include "base/ip.h"
#include "diag/finding.h"
#include "diag/trace.h"
#include "world/world.h"

enum mp_listener_tls {
	MP_TLS_NONE, /* never */
	MP_TLS_STARTTLS, /* offered after EHLO */
	MP_TLS_IMPLICIT /* from the first byte (RFC 8314) */
};

/* A place where the server listens. */
struct mp_listener {
	const char *name; /* service or daemon name: "smtp", "submission", "MSA" */
	const char *address; /* "0.0.0.0", "::", or a literal address */
	unsigned port; /* 0 when a port name cannot be resolved */
	enum mp_listener_tls tls;
	/* What one connection may cost the server before it turns on the client; 0: not known. */
	unsigned error_limit; /* with so many refused commands it slows down or hangs up */
	unsigned idle_limit; /* so many EHLO, RSET, NOOP and the like are free; more are errors */
	struct mp_reasons because;
};

/* What a server does for a domain. */
enum mp_domain_kind {
	MP_DOMAIN_LOCAL, /* delivers to its own accounts */
	MP_DOMAIN_HOSTED, /* delivers to mailboxes or aliases that are no accounts */
	MP_DOMAIN_RELAY /* sends its mail on */
};

struct mp_domain {
	const char *name;
	enum mp_domain_kind kind;
};

struct mp_client_certificate;

/* What can be worked out of a certificate that is at hand as a whole. */
struct mp_certificate_ops {
	/* The fingerprint under a digest ("sha256"), of the certificate or of its public key, as
	 * hexadecimal pairs with colons, in the arena; NULL when there is no such digest. */
	const char *(*fingerprint)(const struct mp_client_certificate *certificate,
		const char *digest, bool of_key, struct mp_arena *arena);
	/* Whether these authorities (PEM) vouch for it, as a client's, now. */
	bool (*vouched)(
		const struct mp_client_certificate *certificate, struct mp_slice authorities);
};

/* A client's own certificate, as the script or the prober describes it. */
struct mp_client_certificate {
	const char *subject, *issuer; /* "CN=name, O=...", or the name alone */
	const char *fingerprint; /* hexadecimal pairs with colons, whatever the digest */
	bool verified; /* by the authorities that the server trusts */
	/* Where it is at hand: then fingerprint is that of SHA-256, only for show, and `verified`
	 * says nothing. NULL: the members above are all that is known. */
	const struct mp_certificate_ops *ops;
};

struct mp_connect {
	const char *listener; /* address:port, or a name; NULL for the first listener */
	struct mp_ip client; /* the source address that the server sees */
	bool tls; /* the client begins TLS at once */
	const struct mp_client_certificate *certificate; /* NULL for none */
	bool traced; /* replies are to tell the steps that led to them */
};

enum mp_sim_kind {
	MP_SIM_REPLY, /* code and lines are known */
	MP_SIM_ANY, /* an outside party words the reply: `any` holds the possible first digits */
	MP_SIM_UNKNOWN, /* cannot be followed from here on */
	MP_SIM_CLOSED, /* the server had closed before this line */
	MP_SIM_REFUSED, /* nothing listens */
	MP_SIM_TIMEOUT /* connected, but no greeting ever comes */
};

/* What became of a recipient (or a message) that got a 2xx. */
enum mp_taken {
	MP_TAKEN_NOT, /* no such reply, or nothing was taken by it */
	MP_TAKEN_LOCAL, /* delivered here: one of the server's own domains */
	MP_TAKEN_RELAY, /* to be sent on, also to domains that it relays for by intent */
	MP_TAKEN_DISCARDED /* answered with 2xx, and thrown away */
};

/* One reply of the simulated server. Lives in the session's arena. */
struct mp_sim_reply {
	enum mp_sim_kind kind;
	unsigned code; /* of a REPLY */
	const char *const *lines; /* "250-mail.example.org", without CR LF; may hold {holes} */
	size_t line_count;
	const char *any; /* of ANY: "45" */
	struct mp_reasons because;
	bool closes; /* the server closes after this reply */
	enum mp_taken taken; /* of a 2xx to RCPT */
	bool served; /* of a 2xx to RCPT: the server takes mail for the recipient's domain by its
			own lists, to deliver it or to send it on */
	const char *note; /* of UNKNOWN: why it cannot be followed; else "" */
	struct mp_trace trace; /* of a traced session: since the reply before this one */
};

/* A network that the configuration trusts, or (negated) takes out of a wider one: in the order of
 * the list, the first that holds an address decides. */
struct mp_network {
	struct mp_cidr net;
	bool negated;
	struct mp_reason because;
};

/* What a server can tell clients and dialogues apart by: bits. */
enum mp_aspect {
	MP_ASPECT_ADDRESS = 1 << 0, /* the client's address */
	MP_ASPECT_NAME =
		1 << 1, /* the client's verified or reverse name: always asked of the world */
	MP_ASPECT_HELO = 1 << 2, /* what the client calls itself */
	MP_ASPECT_SENDER = 1 << 3,
	MP_ASPECT_RECIPIENT = 1 << 4,
	MP_ASPECT_LOGIN = 1 << 5, /* whether, and as whom, the client has logged in */
	MP_ASPECT_CERTIFICATE = 1 << 6, /* the client's own */
	MP_ASPECT_TLS = 1 << 7 /* whether the session is encrypted */
};

enum { MP_ASPECT_ALL = (1 << 8) - 1 };

/* A value of an aspect that the configuration tells apart from others. */
struct mp_distinction {
	enum mp_aspect aspect;
	struct mp_cidr net; /* of ADDRESS: nothing but its two borders matters; family 0: a pattern
			       whose extent is not known */
	/* What a client would say (or be) to fall under it: an address, a host name, a login, a
	 * fingerprint. NULL: no example could be made; what follows from the pattern is not known.
	 */
	const char *example;
	const char
		*pattern; /* as the configuration spells it: "10.0.0.0/8", ".example.net", "/^a/" */
	/* Distinctions of one aspect with the same `like` are treated alike by everything that
	 * looks at the aspect (keys of one table with one value): one stands for all. */
	const char *like;
	struct mp_reason because; /* where it is written */
	/* What whoever says the example must have brought about, and can: answers that hold then,
	 * whatever the facts say (records in a DNS zone of one's own). */
	const struct mp_assumption *granted;
	size_t granted_count;
	/* Of CERTIFICATE: the names in it ("CN=name, O=..."); NULL: whoever's. */
	const char *subject, *issuer;
};

/* A turn that an evaluation took: a rule was looked at, and this came of it. */
struct mp_turn {
	uint64_t what; /* the same for the same rule with the same effect, for any client */
	bool refuses; /* that very rule refused */
};

struct mp_sim_session;
struct mp_server;

struct mp_server_ops {
	/* "postfix" or "sendmail" */
	const char *mta;
	/* The listeners in the order of the configuration; owned by the server. They may depend on
	 * the world (inet_interfaces, the host's addresses), hence the arena for the result. */
	size_t (*listeners)(const struct mp_server *server, struct mp_world *world,
		struct mp_arena *arena, const struct mp_listener **out);
	/* Connects. Returns the session (in the arena) and fills the greeting; with REFUSED or
	 * TIMEOUT or when the server closed at once, returns NULL or a session that only says
	 * CLOSED. */
	struct mp_sim_session *(*open)(const struct mp_server *server, struct mp_world *world,
		struct mp_arena *arena, const struct mp_connect *connect,
		struct mp_sim_reply *greeting);
	/* Says n lines (without CR LF) that the client sends in one write and fills
	 * replies[0..n-1]. After a 354 the line is the whole content, "text\r\n.". A line that the
	 * server never reads because it closed gets CLOSED. */
	void (*say)(struct mp_sim_session *session, const struct mp_slice *lines, size_t n,
		struct mp_sim_reply *replies);
	/* The networks whose clients a listener trusts (Postfix' mynetworks, sendmail's relay
	 * addresses); in the arena. */
	size_t (*networks)(const struct mp_server *server, struct mp_world *world,
		struct mp_arena *arena, const char *listener, const struct mp_network **out);
	/* Everything that the configuration tells clients, senders, HELO names, recipients, logins
	 * and certificates of a listener apart by: list items, table keys, patterns. Complete: a
	 * value that falls under none of them is treated as any other such value. In the arena. */
	size_t (*distinctions)(const struct mp_server *server, struct mp_world *world,
		struct mp_arena *arena, const char *listener, const struct mp_distinction **out);
	/* The aspects (enum mp_aspect) that any answer of this session so far was looked up by:
	 * with another value of an aspect that is not among them, every reply would be the same. */
	unsigned (*consulted)(const struct mp_sim_session *session);
	/* The turns of this session so far, in order; valid until the next call for the session.
	 * Two sessions with the same turns and the same replies, neither of which looked at more
	 * than the other, went the same way: what they differ in has made no difference, and can
	 * make none together with anything else before some turn differs. NULL: it keeps no record.
	 */
	size_t (*turns)(const struct mp_sim_session *session, const struct mp_turn **out);
	/* The domains whose mail a listener takes, as far as they are named outright (not those
	 * that only a table holds), each once, most telling first; in the arena. */
	size_t (*domains)(const struct mp_server *server, struct mp_world *world,
		struct mp_arena *arena, const char *listener, const struct mp_domain **out);
};

struct mp_server {
	const struct mp_server_ops *ops;
};

/* The reply that stands for the rest of the dialogue after the server closed. */
static inline struct mp_sim_reply mp_sim_closed(void)
{
	return (struct mp_sim_reply){.kind = MP_SIM_CLOSED, .closes = true, .note = ""};
}

/* Whether a connection to this address and port arrives at the listener. */
bool mp_listener_serves(
	const struct mp_listener *l, const struct mp_ip *address, unsigned long port);
/* Whether it listens on all addresses of its family. */
bool mp_listener_is_wild(const struct mp_listener *l);
/* Whether the client's address is of the family that it listens on; a client without address
 * (family 0) is of any. */
bool mp_listener_same_family(const struct mp_listener *l, const struct mp_ip *client);
/* Takes "address:port" or "[address]:port" apart. False when the text is none, e.g. a listener's
 * name: *port is as it was then, *ip may be changed. */
bool mp_endpoint_split(const char *text, struct mp_ip *ip, unsigned long *port);
/* A reply that an outside party words: it begins with one of these digits, in whatever order they
 * come and however often. In the arena. */
struct mp_sim_reply mp_sim_any(struct mp_arena *arena, const char *digits, const char *note);
/* Whether a client would see no difference: kinds, codes and texts, not what decided them. */
bool mp_sim_reply_equal(const struct mp_sim_reply *a, const struct mp_sim_reply *b);

#endif
