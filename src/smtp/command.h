/*
 * command - the lines that a client sends.
 *
 * A command is built from text of the user's (addresses, names); a CR, LF or NUL in it would let
 * that text smuggle in a second command, so such a line is refused.
 */
#ifndef MP_SMTP_COMMAND_H
#define MP_SMTP_COMMAND_H

#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>

enum mp_verb {
	MP_VERB_GREETING, /* nothing is sent; the server speaks first */
	MP_VERB_EHLO,
	MP_VERB_HELO,
	MP_VERB_STARTTLS,
	MP_VERB_AUTH,
	MP_VERB_MAIL,
	MP_VERB_RCPT,
	MP_VERB_DATA,
	MP_VERB_CONTENT, /* the message, after 354 */
	MP_VERB_RSET,
	MP_VERB_NOOP,
	MP_VERB_VRFY,
	MP_VERB_EXPN,
	MP_VERB_ETRN,
	MP_VERB_QUIT,
	MP_VERB_OTHER
};

enum { MP_VERBS = MP_VERB_OTHER + 1 };

/* "RCPT"; "greeting", "content" and "other" for what is no command. */
const char *mp_verb_name(enum mp_verb verb);
/* The verb of a name, without case; MP_VERB_OTHER when it is none. */
enum mp_verb mp_verb_find(struct mp_slice name);
/* The verb of a command line: its first word. */
enum mp_verb mp_command_verb(struct mp_slice line);
/* Whether a server takes the command for idle talk, of which it bears only so much. */
bool mp_verb_is_idle(enum mp_verb verb);
/* Whether the line may be sent: no CR, LF or NUL, not over MP_LIMIT_COMMAND. */
bool mp_command_ok(struct mp_slice line);
/* Appends the line and CR LF; false, and nothing appended, when it may not be sent. */
bool mp_command_put(struct mp_buf *out, struct mp_slice line);
/* Appends a message with its end (RFC 5321 4.5.2): line ends become CR LF, a leading dot is
 * doubled, CR LF . CR LF follows. */
void mp_content_put(struct mp_buf *out, struct mp_slice text);

/* Splits an address at its last '@' outside quotes; false when it has none, or an empty side. */
bool mp_address_split(struct mp_slice address, struct mp_slice *local, struct mp_slice *domain);
/* Whether a text can stand between < and > of a command: printable, no angle brackets, no blank
 * outside quotes, balanced quotes. Empty is fine (the null sender). */
bool mp_path_ok(struct mp_slice path);

#endif
