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

/* Whether the server serves the domain, or one of its subdomains. */
static bool is_served(const struct mp_names *names, const char *domain)
{
	const char *const own[] = {names->local_domain, names->hosted_domain, names->relay_domain};

	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
		if (own[i] != NULL && mp_str_ieq(own[i], domain)) {
			return true;
		}
	}
	for (size_t i = 0; i < names->each_domain.n; i++) {
		if (mp_str_ieq(names->each_domain.v[i], domain)) {
			return true;
		}
	}
	return false;
}

/* A domain that is nobody's (RFC 2606) and not the other; the last one where the server serves
 * them all. */
static const char *nobodys(const struct mp_names *names, const char *other)
{
	static const char *const domains[] = {"example.com", "example.net", "example.org",
		"foreign.example", "elsewhere.example", "mtaproof.example"};
	size_t last = sizeof domains / sizeof domains[0] - 1;

	for (size_t i = 0; i < last; i++) {
		if (!is_served(names, domains[i]) &&
			(other == NULL || !mp_str_ieq(other, domains[i]))) {
			return domains[i];
		}
	}
	return domains[last];
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
	if (names->server_literal6 == NULL && names->server_literal != NULL &&
		strchr(names->server_literal, ':') != NULL) {
		names->server_literal6 = names->server_literal;
	}
	if (names->sender == NULL) {
		bool qualified = names->helo[0] != '[' && strchr(names->helo, '.') != NULL;
		names->sender =
			qualified ? mp_arena_printf(arena, "postmaster@%s", names->helo) : "";
	}
	if (names->foreign_domain == NULL) {
		names->foreign_user = "mtaproof";
		names->foreign_domain = nobodys(names, NULL);
	}
	if (names->other_domain == NULL) {
		names->other_domain = nobodys(names, names->foreign_domain);
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
			names->deliver_to = NULL; /* a domain is no recipient */
			return 0;
		}
		if (set_address(which, value, arena, &names->local_user, &names->local_domain,
			    err) < 0) {
			return -1;
		}
		names->deliver_to = mp_arena_strdup(arena, value);
		return 0;
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
	{"other.domain", offsetof(struct mp_names, other_domain)},
	{"hosted.domain", offsetof(struct mp_names, hosted_domain)},
	{"relay.domain", offsetof(struct mp_names, relay_domain)},
	{"server.name", offsetof(struct mp_names, server_name)},
	{"server.address", offsetof(struct mp_names, server_address)},
	{"server.literal", offsetof(struct mp_names, server_literal)},
	{"server.literal6", offsetof(struct mp_names, server_literal6)},
	{"client.address", offsetof(struct mp_names, client_address)},
	{"user", offsetof(struct mp_names, user)},
	{"deliver.to", offsetof(struct mp_names, deliver_to)},
};

static const struct {
	const char *word;
	size_t offset;
} each_words[] = {
	{"each.sender", offsetof(struct mp_names, each_sender)},
	{"each.helo", offsetof(struct mp_names, each_helo)},
	{"each.domain", offsetof(struct mp_names, each_domain)},
};

bool mp_names_is_each(struct mp_slice word)
{
	for (size_t i = 0; i < sizeof each_words / sizeof each_words[0]; i++) {
		if (mp_slice_eq_str(word, each_words[i].word)) {
			return true;
		}
	}
	return false;
}

const struct mp_name_list *mp_names_each(const struct mp_names *names, const char *word)
{
	static const struct mp_name_list none;

	for (size_t i = 0; i < sizeof each_words / sizeof each_words[0]; i++) {
		if (mp_str_eq(word, each_words[i].word)) {
			return (const void *)((const char *)names + each_words[i].offset);
		}
	}
	return &none;
}

/* What stays in the line for somebody else to replace. */
static bool is_kept(struct mp_slice word)
{
	return mp_slice_eq_str(word, "login") || mp_slice_eq_str(word, "message") ||
		mp_names_is_each(word);
}

bool mp_names_known(struct mp_slice word)
{
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (mp_slice_eq_str(word, words[i].word)) {
			return true;
		}
	}
	return is_kept(word);
}

/* Who has logged in, as a sender: a login is often no whole address, and then the user writes from
 * the server's domain. */
static const char *user_address(const struct mp_names *names, struct mp_arena *arena)
{
	return names->user == NULL || names->local_domain == NULL ||
			strchr(names->user, '@') != NULL
		? names->user
		: mp_arena_printf(arena, "%s@%s", names->user, names->local_domain);
}

static const char *value_of(
	const struct mp_names *names, struct mp_slice word, struct mp_arena *arena)
{
	if (mp_slice_eq_str(word, "user")) {
		return user_address(names, arena);
	}
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (mp_slice_eq_str(word, words[i].word)) {
			const char *value;
			memcpy(&value, (const char *)names + words[i].offset, sizeof value);
			return value;
		}
	}
	return is_kept(word) ? mp_arena_printf(arena, "{%.*s}", (int)word.n, word.p) : NULL;
}

const char *mp_names_bind(const struct mp_names *names, const char *line, struct mp_arena *arena,
	const char **missing)
{
	struct mp_slice rest = mp_slice_str(line);
	struct mp_buf out;
	const char *bound = NULL;

	mp_buf_init(&out, MP_LIMIT_COMMAND + 1);
	while (rest.n > 0) {
		size_t open = mp_slice_chr(rest, '{');
		size_t close = mp_slice_chr(
			mp_slice_from(rest, open == MP_NOT_FOUND ? rest.n : open), '}');
		if (open == MP_NOT_FOUND || close == MP_NOT_FOUND) {
			mp_buf_put(&out, rest);
			break;
		}
		struct mp_slice word = mp_slice_sub(rest, open + 1, open + close);
		const char *value = value_of(names, word, arena);
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

const char *mp_names_put(
	const char *line, const char *word, const char *value, struct mp_arena *arena)
{
	const char *braced = mp_arena_printf(arena, "{%s}", word);
	struct mp_buf out;

	mp_buf_init(&out, MP_LIMIT_COMMAND + 1);
	for (const char *at; (at = strstr(line, braced)) != NULL; line = at + strlen(braced)) {
		mp_buf_put(&out, mp_slice(line, (size_t)(at - line)));
		mp_buf_puts(&out, value);
	}
	mp_buf_puts(&out, line);
	const char *put = mp_arena_memdup(arena, out.p, out.n);
	mp_buf_release(&out);
	return put;
}
