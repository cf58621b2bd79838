/* read - JSON values that were read, by way of jansson. */
#include "json/read.h"

#include "base/alloc.h"

#include <jansson.h>
#include <stdint.h>

/* A struct mp_json is a json_t under another name: jansson stays inside this folder. */
static json_t *inner(const struct mp_json *v)
{
	return (json_t *)(uintptr_t)v;
}

static struct mp_json *outer(json_t *v)
{
	return (struct mp_json *)v;
}

struct mp_json *mp_json_parse(
	const char *name, unsigned line, struct mp_slice text, struct mp_err *err)
{
	json_error_t error;
	json_t *v = json_loadb(text.n > 0 ? text.p : "", text.n,
		JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);

	if (v == NULL) {
		mp_err_set(err, MP_ERR_INPUT, "%s:%u:%d: not valid JSON: %s", name,
			line + (unsigned)(error.line > 0 ? error.line : 1),
			error.column > 0 ? error.column : 1, error.text);
		return NULL;
	}
	return outer(v);
}

void mp_json_free(struct mp_json *document)
{
	json_decref(inner(document));
}

enum mp_json_type mp_json_type(const struct mp_json *v)
{
	if (v == NULL) {
		return MP_JSON_NULL;
	}
	switch (json_typeof(inner(v))) {
	case JSON_OBJECT:
		return MP_JSON_OBJECT;
	case JSON_ARRAY:
		return MP_JSON_ARRAY;
	case JSON_STRING:
		return MP_JSON_STRING;
	case JSON_INTEGER:
		return MP_JSON_INTEGER;
	case JSON_REAL:
		return MP_JSON_REAL;
	case JSON_TRUE:
	case JSON_FALSE:
		return MP_JSON_BOOL;
	case JSON_NULL:
		return MP_JSON_NULL;
	}
	MP_BUG("jansson type out of range");
}

const char *mp_json_type_name(enum mp_json_type type)
{
	static const char *const names[] = {"null", "true or false", "a whole number", "a number",
		"a string", "an array", "an object"};

	return names[type];
}

const struct mp_json *mp_json_get(const struct mp_json *object, const char *key)
{
	return outer(json_object_get(inner(object), key));
}

bool mp_json_next(
	const struct mp_json *object, void **at, const char **key, const struct mp_json **value)
{
	*at = *at == NULL ? json_object_iter(inner(object))
			  : json_object_iter_next(inner(object), *at);
	if (*at == NULL) {
		return false;
	}
	*key = json_object_iter_key(*at);
	*value = outer(json_object_iter_value(*at));
	return true;
}

size_t mp_json_count(const struct mp_json *v)
{
	return mp_json_type(v) == MP_JSON_ARRAY ? json_array_size(inner(v))
						: json_object_size(inner(v));
}

const struct mp_json *mp_json_item(const struct mp_json *array, size_t i)
{
	return outer(json_array_get(inner(array), i));
}

struct mp_slice mp_json_string(const struct mp_json *v)
{
	const char *p = json_string_value(inner(v));

	return p != NULL ? mp_slice(p, json_string_length(inner(v))) : mp_slice("", 0);
}

const char *mp_json_cstring(const struct mp_json *v)
{
	const char *p = json_string_value(inner(v));

	return p != NULL ? p : "";
}

long long mp_json_integer(const struct mp_json *v)
{
	return json_integer_value(inner(v));
}

bool mp_json_bool(const struct mp_json *v)
{
	return json_is_true(inner(v));
}
