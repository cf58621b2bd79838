/*
 * write - JSON written as a stream: nothing is built in memory first.
 *
 *     mp_json_begin_object(&w);
 *     mp_json_key(&w, "schema");
 *     mp_json_put_string(&w, "mtaproof.simulation/1");
 *     mp_json_end_object(&w);
 *
 * Commas, indentation and escapes are done here. Bytes that are not UTF-8 are written as the four
 * characters \xNN (so "\\xNN" in the JSON text), which is the contract of design 4.3.
 */
#ifndef MP_JSON_WRITE_H
#define MP_JSON_WRITE_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdio.h>

enum { MP_JSON_DEPTH = 64, MP_JSON_HELD = 16384 };

struct mp_json_writer {
	FILE *out;
	char held[MP_JSON_HELD]; /* until it is full, or a whole value is written */
	size_t held_count;
	bool pretty; /* indented; else one line */
	unsigned flat_from; /* of what is indented: what lies so deep stands on one line; 0: nothing
			     */
	unsigned depth;
	bool first[MP_JSON_DEPTH]; /* nothing written yet at this depth */
	bool after_key;
};

void mp_json_writer_init(struct mp_json_writer *w, FILE *out, bool pretty);

void mp_json_begin_object(struct mp_json_writer *w);
void mp_json_end_object(struct mp_json_writer *w);
void mp_json_begin_array(struct mp_json_writer *w);
void mp_json_end_array(struct mp_json_writer *w);
void mp_json_key(struct mp_json_writer *w, const char *key);
void mp_json_put_slice(struct mp_json_writer *w, struct mp_slice s);
void mp_json_put_string(struct mp_json_writer *w, const char *s);
void mp_json_put_integer(struct mp_json_writer *w, long long n);
void mp_json_put_bool(struct mp_json_writer *w, bool b);
void mp_json_put_null(struct mp_json_writer *w);
/* key and value in one */
void mp_json_string_member(struct mp_json_writer *w, const char *key, const char *value);
void mp_json_integer_member(struct mp_json_writer *w, const char *key, long long value);
/* an array of strings */
void mp_json_strings_member(
	struct mp_json_writer *w, const char *key, const char *const *values, size_t n);
void mp_json_bool_member(struct mp_json_writer *w, const char *key, bool value);
/* A line feed after a whole value. */
void mp_json_newline(struct mp_json_writer *w);

#endif
