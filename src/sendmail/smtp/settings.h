/*
 * settings - the options that the SMTP server follows, read once for a configuration.
 */
#ifndef SM_SMTP_SETTINGS_H
#define SM_SMTP_SETTINGS_H

#include "sendmail/cf/cf.h"

/* AuthOptions (reference 1.9). */
enum sm_auth_option {
	SM_AUTH_IF_AUTHENTICATED = 1 << 0, /* A */
	SM_AUTH_NOACTIVE = 1 << 1, /* a */
	SM_AUTH_PASSCRED = 1 << 2, /* c */
	SM_AUTH_NODICTIONARY = 1 << 3, /* d */
	SM_AUTH_FORWARD_SECRECY = 1 << 4, /* f */
	SM_AUTH_MUTUAL = 1 << 5, /* m */
	SM_AUTH_NOPLAINTEXT = 1 << 6, /* p */
	SM_AUTH_NOANONYMOUS = 1 << 7 /* y */
};

/* TLSSrvOptions. */
enum sm_tls_option {
	SM_TLS_NO_CERTIFICATE = 1 << 0, /* C: the server needs none */
	SM_TLS_NO_VERIFICATION = 1 << 1 /* V: of clients none is asked for */
};

/* The letters of delivery modes: interactive, queue, background, deferred. */
#define SM_DELIVERY_MODES "iqbd"

struct sm_settings {
	unsigned privacy; /* enum sm_privacy */
	unsigned auth_options; /* enum sm_auth_option */
	bool seven_bits; /* the eighth of what comes in is cut off, unless BODY= says otherwise */
	bool strict_bits; /* EightBitMode s: eight bits are refused without MIME */
	bool soft_bounce, bogus_helo, mime_errors, utf8;
	long size_max; /* 0: none */
	long recipients_max; /* 0: none */
	long headers_max; /* MaxHeadersLength; 0 and less: no limit */
	bool save_from; /* SaveFromLine */
	long alias_depth; /* MaxAliasRecursion */
	long deliver_by; /* DeliverByMin in seconds; below 0: not offered */
	long noop_max;
	long children_max;
	char delivery; /* DeliveryMode: b, i, q, d */
	struct sm_text greeting; /* SmtpGreetingMessage, references as they are */
	unsigned tls_options; /* enum sm_tls_option */
	long bad_throttle, bad_shutdown,
		bad_percent; /* BadRcptThrottle, -Shutdown, -ShutdownGood */
};

/* Reads the options; what keeps sendmail from starting is added to the refusals. */
struct sm_settings sm_settings_read(struct sm_cf *cf);
/* The value of an option, references expanded; "" when it is not set. In the arena. */
const char *sm_option_value(const struct sm_cf *cf, const char *name, struct mp_arena *arena);

/* ServerCertFile and ServerKeyFile: "file", or "first,second", for keys of two kinds. */
struct sm_key_pairs {
	const char *certificate[2], *key[2]; /* "": not named; NULL: there is no second */
};

/* In the arena. */
struct sm_key_pairs sm_key_pairs(const struct sm_cf *cf, struct mp_arena *arena);

#endif
