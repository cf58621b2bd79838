/*
 * reply - what an SMTP server answers (RFC 5321 4.2).
 *
 * The parser takes bytes as they come and gives one reply at a time. It never reads past the end
 * of a reply, so the caller sees what a server sends too early (which matters after STARTTLS).
 * What is wrong but readable is noted; what cannot be read as a reply is garbage and ends the
 * session. Every size is capped by base/limits.h.
 */
#ifndef MP_SMTP_REPLY_H
#define MP_SMTP_REPLY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stddef.h>

/* An enhanced status code (RFC 2034, RFC 3463): class.subject.detail. */
struct mp_enhanced {
	bool present;
	unsigned class, subject, detail;
};

enum { MP_ENHANCED_TEXT = 16 };

/* What is odd about a reply: bits. */
enum mp_reply_note {
	MP_REPLY_BARE_LF = 1 << 0, /* a line ended in LF without CR */
	MP_REPLY_LONG_LINE = 1 << 1, /* a line over the 512 bytes of RFC 5321 4.5.3.1.5 */
	MP_REPLY_NUL = 1 << 2,
	MP_REPLY_CONTROL = 1 << 3, /* another control byte, bare CR included */
	MP_REPLY_CODES_DIFFER = 1 << 4, /* not the same code on all lines */
	MP_REPLY_NOT_ASCII = 1 << 5, /* bytes above 127 */
	MP_REPLY_ENHANCED_DIFFERS = 1 << 6 /* the enhanced class is not the code's first digit */
};

enum { MP_REPLY_NOTES = 7 };

struct mp_reply {
	unsigned code; /* of the last line, which is the one that ends the reply */
	const struct mp_slice *lines; /* "250-mail.example.org", without the line end */
	size_t line_count; /* at least 1 */
	struct mp_enhanced enhanced; /* of the first line */
	unsigned notes; /* enum mp_reply_note */
};

/* The words for one note, for messages. */
const char *mp_reply_note_text(enum mp_reply_note note);
/* The text of a line: without code, separator and (of replies other than EHLO's) nothing else. */
struct mp_slice mp_reply_text(struct mp_slice line);
/* The first digit of the code: 2 to 5. */
unsigned mp_reply_class(const struct mp_reply *reply);

/* Reads "D.D{1,3}.D{1,3}" at the start of a text, class 2, 4 or 5, followed by white space or the
 * end. */
struct mp_enhanced mp_enhanced_parse(struct mp_slice text);
/* "4.7.1", or "" when absent; returns out. */
const char *mp_enhanced_format(const struct mp_enhanced *e, char out[MP_ENHANCED_TEXT]);

/* A reply made of its lines (without line ends, each "NNN text" or "NNN-text"); the lines are
 * borrowed. False when they are not one well-formed reply. */
bool mp_reply_from_lines(struct mp_reply *reply, const struct mp_slice *lines, size_t n);

enum mp_reply_status {
	MP_REPLY_MORE, /* incomplete: feed more bytes */
	MP_REPLY_READY, /* a whole reply: take it */
	MP_REPLY_GARBAGE /* not a reply: mp_reply_parser_why() says why */
};

struct mp_reply_parser {
	struct mp_buf text; /* the lines read so far, without line ends */
	struct mp_buf line; /* the unfinished line */
	struct {
		size_t start, n;
	} * spans; /* of the lines in text */
	size_t span_count, span_cap;
	unsigned notes;
	enum mp_reply_status status;
	const char *why;
};

void mp_reply_parser_init(struct mp_reply_parser *p);
void mp_reply_parser_release(struct mp_reply_parser *p);
/* Takes bytes up to the end of one reply and returns how many it took; all of them when the status
 * is MORE, none when a reply waits to be taken. */
size_t mp_reply_parser_feed(struct mp_reply_parser *p, struct mp_slice bytes);
enum mp_reply_status mp_reply_parser_status(const struct mp_reply_parser *p);
/* Why the bytes are garbage; a constant. */
const char *mp_reply_parser_why(const struct mp_reply_parser *p);
/* True when a reply has begun but not ended. */
bool mp_reply_parser_inside(const struct mp_reply_parser *p);
/* The reply that is READY, copied to the arena; the parser is empty again. */
struct mp_reply mp_reply_parser_take(struct mp_reply_parser *p, struct mp_arena *arena);
/* What was received of a reply that never became whole, for the transcript; in the arena. */
struct mp_slice mp_reply_parser_rest(const struct mp_reply_parser *p, struct mp_arena *arena);

#endif
