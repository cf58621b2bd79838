/*
 * read - JSON values that were read (RFC 8259), by way of jansson.
 *
 * A value is borrowed from its document. Asking a value for what it is not gives the empty answer
 * (NULL, 0, false): callers check the type where that matters. Duplicate members are errors.
 */
#ifndef MP_JSON_READ_H
#define MP_JSON_READ_H

#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>

enum mp_json_type {
	MP_JSON_NULL,
	MP_JSON_BOOL,
	MP_JSON_INTEGER,
	MP_JSON_REAL,
	MP_JSON_STRING,
	MP_JSON_ARRAY,
	MP_JSON_OBJECT
};

struct mp_json; /* a value */

/* Parses one document. NULL and err (MP_ERR_INPUT, "NAME:LINE:COLUMN: ...") otherwise. name is for
 * the message; line is added to the line number of the message (for a line inside a file: its
 * number - 1). Free with mp_json_free(). */
struct mp_json *mp_json_parse(
	const char *name, unsigned line, struct mp_slice text, struct mp_err *err);
void mp_json_free(struct mp_json *document);

enum mp_json_type mp_json_type(const struct mp_json *v);
/* "a string", "an object", ... for messages. */
const char *mp_json_type_name(enum mp_json_type type);

/* A member of an object, or NULL. */
const struct mp_json *mp_json_get(const struct mp_json *object, const char *key);
/* The members in their order: begin with *at NULL; false past the last. */
bool mp_json_next(
	const struct mp_json *object, void **at, const char **key, const struct mp_json **value);
/* How many items or members. */
size_t mp_json_count(const struct mp_json *v);
const struct mp_json *mp_json_item(const struct mp_json *array, size_t i);
/* The bytes of a string (UTF-8, may hold NUL). */
struct mp_slice mp_json_string(const struct mp_json *v);
/* The C string, cut at a NUL; "" for what is no string. */
const char *mp_json_cstring(const struct mp_json *v);
long long mp_json_integer(const struct mp_json *v);
bool mp_json_bool(const struct mp_json *v);

#endif
