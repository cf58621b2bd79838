/* names - the words that a scenario's braces stand for. */
#include "scenario/names.h"

#include "base/ascii.h"
#include "base/buf.h"
#include "base/ip.h"
#include "base/limits.h"
#include "smtp/command.h"

#include <unistd.h>

enum { HOST_NAME = 256 };

/* The host's name when it is a qualified one. */
static const char *own_name(struct mp_arena *arena)
{
	char name[HOST_NAME];

	if (gethostname(name, sizeof name) != 0) {
		return NULL;
	}
	name[sizeof name - 1] = '\0';
	return strchr(name, '.') != NULL ? mp_arena_strdup(arena, name) : NULL;
}

static const char *literal(const char *address, struct mp_arena *arena)
{
	struct mp_ip ip;

	if (!mp_ip_parse(mp_slice_str(address), &ip)) {
		return NULL;
	}
	return mp_arena_printf(arena, ip.family == 6 ? "[IPv6:%s]" : "[%s]", address);
}

void mp_names_fill(struct mp_names *names, struct mp_arena *arena)
{
	struct mp_ip ip;

	if (names->server_name != NULL && mp_ip_parse(mp_slice_str(names->server_name), &ip)) {
		names->server_name = NULL; /* the user gave an address: that is no name */
	}
	if (names->helo == NULL) {
		names->helo = own_name(arena);
	}
	if (names->helo == NULL && names->client_address != NULL) {
		names->helo = literal(names->client_address, arena);
	}
	if (names->helo == NULL) {
		names->helo = "localhost";
	}
	if (names->server_literal == NULL && names->server_address != NULL) {
		names->server_literal = literal(names->server_address, arena);
	}
	if (names->sender == NULL) {
		bool qualified = names->helo[0] != '[' && strchr(names->helo, '.') != NULL;
		names->sender =
			qualified ? mp_arena_printf(arena, "postmaster@%s", names->helo) : "";
	}
	if (names->foreign_domain == NULL) {
		names->foreign_user = "mtaproof";
		names->foreign_domain = "example.com";
	}
	if (names->local_user == NULL) {
		names->local_user = "postmaster";
	}
}

static bool host_ok(const char *value)
{
	if (value[0] == '\0') {
		return false;
	}
	for (const char *p = value; *p != '\0'; p++) {
		if (!mp_is_print(*p) || *p == ' ' || *p == '<' || *p == '>' || *p == '@') {
			return false;
		}
	}
	return true;
}

/* USER@DOMAIN into two names. */
static int set_address(const char *which, const char *value, struct mp_arena *arena,
	const char **user, const char **domain, struct mp_err *err)
{
	struct mp_slice local, host;

	if (!mp_path_ok(mp_slice_str(value)) ||
		!mp_address_split(mp_slice_str(value), &local, &host)) {
		return mp_err_set(
			err, MP_ERR_USAGE, "--%s: \"%s\" is not an address", which, value);
	}
	*user = mp_arena_slicedup(arena, local);
	*domain = mp_arena_slicedup(arena, host);
	return 0;
}

int mp_names_set(struct mp_names *names, const char *which, const char *value,
	struct mp_arena *arena, struct mp_err *err)
{
	if (mp_str_eq(which, "helo")) {
		if (!host_ok(value)) {
			return mp_err_set(
				err, MP_ERR_USAGE, "--helo: \"%s\" is not a host name", value);
		}
		names->helo = mp_arena_strdup(arena, value);
		return 0;
	}
	if (mp_str_eq(which, "sender")) {
		if (mp_str_eq(value, "<>")) {
			value = "";
		}
		if (!mp_path_ok(mp_slice_str(value))) {
			return mp_err_set(
				err, MP_ERR_USAGE, "--sender: \"%s\" is not an address", value);
		}
		names->sender = mp_arena_strdup(arena, value);
		return 0;
	}
	if (mp_str_eq(which, "foreign")) {
		return set_address(
			which, value, arena, &names->foreign_user, &names->foreign_domain, err);
	}
	if (mp_str_eq(which, "local")) {
		if (strchr(value, '@') == NULL && host_ok(value)) {
			names->local_domain = mp_arena_strdup(arena, value);
			return 0;
		}
		return set_address(
			which, value, arena, &names->local_user, &names->local_domain, err);
	}
	return mp_err_set(err, MP_ERR_USAGE, "no name \"%s\"", which);
}

static const struct {
	const char *word;
	size_t offset;
} words[] = {
	{"helo", offsetof(struct mp_names, helo)},
	{"sender", offsetof(struct mp_names, sender)},
	{"foreign.user", offsetof(struct mp_names, foreign_user)},
	{"foreign.domain", offsetof(struct mp_names, foreign_domain)},
	{"local.user", offsetof(struct mp_names, local_user)},
	{"local.domain", offsetof(struct mp_names, local_domain)},
	{"server.name", offsetof(struct mp_names, server_name)},
	{"server.address", offsetof(struct mp_names, server_address)},
	{"server.literal", offsetof(struct mp_names, server_literal)},
	{"client.address", offsetof(struct mp_names, client_address)},
	{"user", offsetof(struct mp_names, user)},
};

bool mp_names_known(struct mp_slice word)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (mp_slice_eq_str(word, words[i].word)) {
			return true;
		}
	}
	return mp_slice_eq_str(word, "login");
}

static const char *value_of(const struct mp_names *names, struct mp_slice word)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (mp_slice_eq_str(word, words[i].word)) {
			const char *value;
			memcpy(&value, (const char *)names + words[i].offset, sizeof value);
			return value;
		}
	}
	return mp_slice_eq_str(word, "login") ? "{login}" : NULL;
}

const char *mp_names_bind(const struct mp_names *names, const char *line, struct mp_arena *arena,
	const char **missing)
{
	struct mp_slice rest = mp_slice_str(line);
	struct mp_buf out;
	const char *bound = NULL;

	mp_buf_init(&out, MP_LIMIT_COMMAND);
	while (rest.n > 0) {
		size_t open = mp_slice_chr(rest, '{');
		size_t close = mp_slice_chr(
			mp_slice_from(rest, open == MP_NOT_FOUND ? rest.n : open), '}');
		if (open == MP_NOT_FOUND || close == MP_NOT_FOUND) {
			mp_buf_put(&out, rest);
			break;
		}
		struct mp_slice word = mp_slice_sub(rest, open + 1, open + close);
		const char *value = value_of(names, word);
		if (value == NULL) {
			*missing = mp_arena_slicedup(arena, word);
			goto out;
		}
		mp_buf_put(&out, mp_slice_sub(rest, 0, open));
		mp_buf_puts(&out, value);
		rest = mp_slice_from(rest, open + close + 1);
	}
	bound = mp_arena_memdup(arena, out.p, out.n);
out:
	mp_buf_release(&out);
	return bound;
}
