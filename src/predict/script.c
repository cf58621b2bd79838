/* script - dialogues read from JSON lines. */
#include "predict/script.h"

#include "base/limits.h"
#include "base/vec.h"
#include "json/read.h"

/* Where we are, for the messages. */
struct place {
	const char *name;
	unsigned line;
	struct mp_arena *arena;
	struct mp_err *err;
};

static int wrong(
	const struct place *at, const char *member, const char *want, const struct mp_json *v)
{
	return mp_err_set(at->err, MP_ERR_INPUT, "%s:%u: \"%s\": expected %s, found %s", at->name,
		at->line, member, want, mp_json_type_name(mp_json_type(v)));
}

static int read_string(
	const struct place *at, const char *member, const struct mp_json *v, const char **out)
{
	if (mp_json_type(v) != MP_JSON_STRING) {
		return wrong(at, member, "a string", v);
	}
	*out = mp_arena_strdup(at->arena, mp_json_cstring(v));
	return 0;
}

/* One line to send: whatever bytes, but only the content after DATA may hold line ends. */
static int read_line(const struct place *at, const struct mp_json *v, struct mp_slice *out)
{
	if (mp_json_type(v) != MP_JSON_STRING) {
		return wrong(at, "send", "strings or arrays of strings", v);
	}
	struct mp_slice s = mp_json_string(v);
	if (mp_slice_chr(s, '\n') != MP_NOT_FOUND && !mp_slice_eq_str(s, ".") &&
		!mp_slice_ends(s, "\n.") && !mp_slice_ends(s, "\n.\r\n")) {
		return mp_err_set(at->err, MP_ERR_INPUT,
			"%s:%u: \"send\": a command is one line without CR LF; message "
			"content ends in \"\\r\\n.\"; several lines in one write are a "
			"nested array",
			at->name, at->line);
	}
	*out = mp_slice(mp_arena_slicedup(at->arena, s), s.n);
	return 0;
}

static int read_group(const struct place *at, const struct mp_json *v, struct mp_send_group *out)
{
	size_t n = mp_json_type(v) == MP_JSON_ARRAY ? mp_json_count(v) : 1;
	struct mp_slice *lines = mp_arena_array(at->arena, n, sizeof *lines);

	if (n == 0) {
		return mp_err_set(at->err, MP_ERR_INPUT,
			"%s:%u: \"send\": a pipelined group needs at least one line", at->name,
			at->line);
	}
	for (size_t i = 0; i < n; i++) {
		const struct mp_json *line =
			mp_json_type(v) == MP_JSON_ARRAY ? mp_json_item(v, i) : v;
		if (read_line(at, line, &lines[i]) < 0) {
			return -1;
		}
	}
	*out = (struct mp_send_group){lines, n};
	return 0;
}

static int read_send(const struct place *at, const struct mp_json *v, struct mp_dialogue *d)
{
	if (mp_json_type(v) != MP_JSON_ARRAY) {
		return wrong(at, "send", "an array", v);
	}
	size_t n = mp_json_count(v);
	struct mp_send_group *groups = mp_arena_array(at->arena, n, sizeof *groups);
	for (size_t i = 0; i < n; i++) {
		if (read_group(at, mp_json_item(v, i), &groups[i]) < 0) {
			return -1;
		}
	}
	d->groups = groups;
	d->group_count = n;
	return 0;
}

static int read_certificate(const struct place *at, const struct mp_json *v, struct mp_dialogue *d)
{
	if (mp_json_type(v) != MP_JSON_OBJECT) {
		return wrong(at, "certificate", "an object", v);
	}
	struct mp_client_certificate *c = MP_ARENA_NEW(at->arena, struct mp_client_certificate);
	*c = (struct mp_client_certificate){.subject = "", .issuer = "", .fingerprint = ""};
	void *iterator = NULL;
	const char *key;
	const struct mp_json *value;
	while (mp_json_next(v, &iterator, &key, &value)) {
		int rc = 0;
		if (mp_str_eq(key, "subject")) {
			rc = read_string(at, "certificate.subject", value, &c->subject);
		} else if (mp_str_eq(key, "issuer")) {
			rc = read_string(at, "certificate.issuer", value, &c->issuer);
		} else if (mp_str_eq(key, "fingerprint")) {
			rc = read_string(at, "certificate.fingerprint", value, &c->fingerprint);
		} else if (mp_str_eq(key, "verified") && mp_json_type(value) == MP_JSON_BOOL) {
			c->verified = mp_json_bool(value);
		} else {
			rc = mp_err_set(at->err, MP_ERR_INPUT,
				"%s:%u: \"certificate\": unknown member or wrong type "
				"\"%s\" (subject, issuer, fingerprint: strings; verified: "
				"true or false)",
				at->name, at->line, key);
		}
		if (rc < 0) {
			return -1;
		}
	}
	d->certificate = c;
	return 0;
}

static int read_client(const struct place *at, const struct mp_json *v, struct mp_dialogue *d)
{
	if (mp_json_type(v) != MP_JSON_STRING) {
		return wrong(at, "client", "an address", v);
	}
	if (!mp_ip_parse(mp_json_string(v), &d->client)) {
		return mp_err_set(at->err, MP_ERR_INPUT,
			"%s:%u: \"client\": \"%s\" is not an IPv4 or IPv6 address", at->name,
			at->line, mp_json_cstring(v));
	}
	return 0;
}

static int read_member(
	const struct place *at, const char *key, const struct mp_json *value, struct mp_dialogue *d)
{
	if (mp_str_eq(key, "listener")) {
		return read_string(at, key, value, &d->listener);
	}
	if (mp_str_eq(key, "client")) {
		return read_client(at, value, d);
	}
	if (mp_str_eq(key, "send")) {
		return read_send(at, value, d);
	}
	if (mp_str_eq(key, "certificate")) {
		return read_certificate(at, value, d);
	}
	if (mp_str_eq(key, "tls")) {
		if (mp_json_type(value) != MP_JSON_BOOL) {
			return wrong(at, key, "true or false", value);
		}
		d->tls = mp_json_bool(value);
		return 0;
	}
	return mp_err_set(at->err, MP_ERR_INPUT,
		"%s:%u: unknown member \"%s\" (known: listener, client, tls, certificate, "
		"send)",
		at->name, at->line, key);
}

static int read_dialogue(const struct place *at, const struct mp_json *v, struct mp_dialogue *d)
{
	if (mp_json_type(v) != MP_JSON_OBJECT) {
		return mp_err_set(at->err, MP_ERR_INPUT,
			"%s:%u: a dialogue is a JSON object, this is %s", at->name, at->line,
			mp_json_type_name(mp_json_type(v)));
	}
	void *iterator = NULL;
	const char *key;
	const struct mp_json *value;
	while (mp_json_next(v, &iterator, &key, &value)) {
		if (read_member(at, key, value, d) < 0) {
			return -1;
		}
	}
	if (mp_json_get(v, "send") == NULL) {
		return mp_err_set(
			at->err, MP_ERR_INPUT, "%s:%u: \"send\" is missing", at->name, at->line);
	}
	if (d->client.family == 0) {
		return mp_err_set(at->err, MP_ERR_INPUT,
			"%s:%u: \"client\" is missing: the address that the client comes "
			"from",
			at->name, at->line);
	}
	return 0;
}

int mp_script_read(const char *name, struct mp_slice text, struct mp_arena *arena,
	struct mp_script *out, struct mp_err *err)
{
	struct place at = {name, 0, arena, err};
	MP_VEC(struct mp_dialogue) dialogues = {0};
	int rc = 0;

	while (text.n > 0 && rc == 0) {
		size_t end = mp_slice_chr(text, '\n');
		struct mp_slice line = mp_slice_trim(mp_slice_sub(text, 0, end));
		text = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(text, end + 1);
		at.line++;
		if (line.n == 0) {
			continue;
		}
		if (line.n > MP_LIMIT_SCRIPT_LINE) {
			rc = mp_err_set(err, MP_ERR_INPUT, "%s:%u: line longer than %d bytes", name,
				at.line, MP_LIMIT_SCRIPT_LINE);
			break;
		}
		struct mp_json *v = mp_json_parse(name, at.line - 1, line, err);
		struct mp_dialogue d = {0};
		rc = v == NULL ? -1 : read_dialogue(&at, v, &d);
		mp_json_free(v);
		if (rc == 0) {
			mp_vec_push(&dialogues, d);
		}
	}
	out->n = dialogues.n;
	out->dialogues = mp_arena_array(arena, dialogues.n, sizeof *out->dialogues);
	if (dialogues.n > 0) {
		memcpy(out->dialogues, dialogues.v, dialogues.n * sizeof *out->dialogues);
	}
	mp_vec_release(&dialogues);
	return rc;
}
