/* auth - the server side of Dovecot's authentication protocol, version 1. */
#include "lab/auth.h"

#include "base/ascii.h"
#include "base/number.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

struct mechanism {
	const char *name, *properties;
};

/* Properties as Dovecot declares them. */
static const struct mechanism mechanisms[] = {
	{"PLAIN", "\tplaintext"},
	{"LOGIN", "\tplaintext"},
	{"CRAM-MD5", "\tdictionary\tactive"},
	{"DIGEST-MD5", "\tdictionary\tactive\tmutual-auth"},
	{"NTLM", "\tdictionary\tactive"},
	{"APOP", "\tprivate\tdictionary\tactive"},
	{"ANONYMOUS", "\tanonymous"},
	{"GSSAPI", "\tmutual-auth"},
	{"SCRAM-SHA-1", "\tmutual-auth"},
	{"SCRAM-SHA-256", "\tmutual-auth"},
	{"OAUTHBEARER", "\tplaintext"},
	{"XOAUTH2", "\tplaintext"},
};

static const char *properties_of(const char *name)
{
	for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
		if (mp_str_ieq(mechanisms[i].name, name)) {
			return mechanisms[i].properties;
		}
	}
	return "";
}

void lab_auth_greet(struct lab_auth *a, unsigned serial, struct mp_buf *out)
{
	mp_buf_puts(out, "VERSION\t1\t2\n");
	for (size_t i = 0; i < a->plan->sasl_mechanism_count; i++) {
		const char *name = a->plan->sasl_mechanisms[i];
		mp_buf_printf(out, "MECH\t%s%s\n", name, properties_of(name));
	}
	mp_buf_printf(out, "SPID\t1\nCUID\t%u\nCOOKIE\t%032x\nDONE\n", serial, serial);
}

/* The next TAB-separated field. */
static struct mp_slice field(struct mp_slice *rest)
{
	size_t tab = mp_slice_chr(*rest, '\t');
	struct mp_slice f = tab == MP_NOT_FOUND ? *rest : mp_slice_sub(*rest, 0, tab);

	*rest = tab == MP_NOT_FOUND ? mp_slice(NULL, 0) : mp_slice_from(*rest, tab + 1);
	return f;
}

/* Decodes base64 (RFC 4648) into space; false when it is not. */
static bool decode(struct mp_slice text, uint8_t space[LAB_AUTH_LINE], struct mp_slice *out)
{
	*out = mp_slice((const char *)space, 0);
	if (text.n % 4 != 0 || text.n > LAB_AUTH_LINE) {
		return false;
	}
	if (text.n == 0) {
		return true;
	}
	int n = EVP_DecodeBlock(space, (const unsigned char *)text.p, (int)text.n);
	if (n < 0) {
		return false;
	}
	n -= (text.p[text.n - 1] == '=') + (text.p[text.n - 2] == '=');
	out->n = (size_t)n;
	return true;
}

static void put_base64(struct mp_buf *out, const char *text)
{
	unsigned char space[512];
	size_t n = strlen(text);

	EVP_EncodeBlock(space, (const unsigned char *)text, (int)(n < 256 ? n : 256));
	mp_buf_puts(out, (const char *)space);
}

static void put_challenge(struct mp_buf *out, const struct lab_auth_request *r, const char *text)
{
	mp_buf_printf(out, "CONT\t%lu\t", r->id);
	put_base64(out, text);
	mp_buf_putc(out, '\n');
}

/* The user of that name: as written, or with the server's host name as realm. */
static const struct mp_lab_user *find_user(const struct mp_lab_plan *plan, struct mp_slice name)
{
	for (size_t i = 0; i < plan->sasl_user_count; i++) {
		struct mp_slice known = mp_slice_str(plan->sasl_users[i].name);
		size_t at = mp_slice_rchr(known, '@');
		if (mp_slice_ieq(known, name) ||
			(at != MP_NOT_FOUND && mp_slice_ieq(mp_slice_sub(known, 0, at), name) &&
				mp_slice_ieq_str(mp_slice_from(known, at + 1), plan->hostname))) {
			return &plan->sasl_users[i];
		}
	}
	return NULL;
}

/* Dovecot folds user names to lower case before it looks them up. TAB and LF cannot stand in a
 * field. */
static void put_user(struct mp_buf *out, struct mp_slice user)
{
	mp_buf_puts(out, "\tuser=");
	for (size_t i = 0; i < user.n; i++) {
		if ((unsigned char)user.p[i] >= ' ') {
			mp_buf_putc(out, mp_to_lower(user.p[i]));
		}
	}
}

static void finish(struct lab_auth_request *r, bool good, struct mp_slice user, struct mp_buf *out)
{
	mp_buf_printf(out, "%s\t%lu", good ? "OK" : "FAIL", r->id);
	if (user.n > 0) {
		put_user(out, user);
	}
	mp_buf_putc(out, '\n');
	memset(r, 0, sizeof *r);
}

static bool is_password(const struct mp_lab_user *user, struct mp_slice password)
{
	return user != NULL && mp_slice_eq_str(password, user->password);
}

/* authzid NUL authcid NUL password; an authorization identity of another user is not granted. */
static void step_plain(
	struct lab_auth *a, struct lab_auth_request *r, struct mp_slice data, struct mp_buf *out)
{
	size_t first = mp_slice_chr(data, '\0');
	struct mp_slice rest = first == MP_NOT_FOUND ? data : mp_slice_from(data, first + 1);
	size_t second = mp_slice_chr(rest, '\0');

	if (first == MP_NOT_FOUND || second == MP_NOT_FOUND) {
		finish(r, false, mp_slice(NULL, 0), out);
		return;
	}
	struct mp_slice authzid = mp_slice_sub(data, 0, first);
	struct mp_slice user = mp_slice_sub(rest, 0, second);
	bool good = is_password(find_user(a->plan, user), mp_slice_from(rest, second + 1)) &&
		(authzid.n == 0 || mp_slice_eq(authzid, user));
	finish(r, good, user, out);
}

static void step_login(
	struct lab_auth *a, struct lab_auth_request *r, struct mp_slice data, struct mp_buf *out)
{
	if (!r->has_user) {
		if (data.n >= sizeof r->user) {
			finish(r, false, mp_slice(NULL, 0), out);
			return;
		}
		memcpy(r->user, data.p, data.n);
		r->user[data.n] = '\0';
		r->has_user = true;
		put_challenge(out, r, "Password:");
		return;
	}
	char name[sizeof r->user];
	memcpy(name, r->user, sizeof name);
	struct mp_slice user = mp_slice_str(name);
	finish(r, is_password(find_user(a->plan, user), data), user, out);
}

/* "user digest", the digest being HMAC-MD5 of the challenge in lower-case hex. */
static void step_cram(
	struct lab_auth *a, struct lab_auth_request *r, struct mp_slice data, struct mp_buf *out)
{
	size_t blank = mp_slice_rchr(data, ' ');
	struct mp_slice user = mp_slice_sub(data, 0, blank == MP_NOT_FOUND ? 0 : blank);
	const struct mp_lab_user *known = find_user(a->plan, user);
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1] = "";
	unsigned n = 0;

	if (known != NULL &&
		HMAC(EVP_md5(), known->password, (int)strlen(known->password),
			(const unsigned char *)r->challenge, strlen(r->challenge), digest,
			&n) != NULL) {
		for (unsigned i = 0; i < n; i++) {
			snprintf(hex + (size_t)2 * i, 3, "%02x", digest[i]);
		}
	}
	bool good = n > 0 && blank != MP_NOT_FOUND &&
		mp_slice_eq_str(mp_slice_from(data, blank + 1), hex);
	finish(r, good, user, out);
}

static void step(
	struct lab_auth *a, struct lab_auth_request *r, struct mp_slice data, struct mp_buf *out)
{
	if (mp_str_ieq(r->mechanism, "PLAIN")) {
		step_plain(a, r, data, out);
	} else if (mp_str_ieq(r->mechanism, "LOGIN")) {
		step_login(a, r, data, out);
	} else if (mp_str_ieq(r->mechanism, "CRAM-MD5")) {
		step_cram(a, r, data, out);
	} else if (mp_str_ieq(r->mechanism, "ANONYMOUS")) {
		finish(r, true, mp_slice_str("anonymous"), out);
	} else {
		finish(r, false, mp_slice(NULL, 0), out);
	}
}

/* A request that brought no initial response. */
static void begin(struct lab_auth *a, struct lab_auth_request *r, struct mp_buf *out)
{
	if (mp_str_ieq(r->mechanism, "LOGIN")) {
		put_challenge(out, r, "Username:");
	} else if (mp_str_ieq(r->mechanism, "CRAM-MD5")) {
		snprintf(r->challenge, sizeof r->challenge, "<%u.%lu@%.64s>", a->next, r->id,
			a->plan->hostname);
		put_challenge(out, r, r->challenge);
	} else if (mp_str_ieq(r->mechanism, "PLAIN") || mp_str_ieq(r->mechanism, "ANONYMOUS")) {
		put_challenge(out, r, "");
	} else {
		finish(r, false, mp_slice(NULL, 0), out);
	}
}

static bool is_offered(const struct lab_auth *a, struct mp_slice mechanism)
{
	for (size_t i = 0; i < a->plan->sasl_mechanism_count; i++) {
		if (mp_slice_ieq_str(mechanism, a->plan->sasl_mechanisms[i])) {
			return true;
		}
	}
	return false;
}

static void line_auth(
	struct lab_auth *a, unsigned long id, struct mp_slice rest, struct mp_buf *out)
{
	struct lab_auth_request *r = &a->requests[a->next++ % LAB_AUTH_REQUESTS];
	struct mp_slice mechanism = field(&rest), resp = {0}, data;
	uint8_t space[LAB_AUTH_LINE];
	bool has_resp = false;

	memset(r, 0, sizeof *r);
	r->id = id;
	while (rest.n > 0) {
		struct mp_slice f = field(&rest);
		if (mp_slice_starts(f, "resp=")) {
			resp = mp_slice_from(f, 5);
			has_resp = true;
		}
	}
	if (!is_offered(a, mechanism) || mechanism.n >= sizeof r->mechanism) {
		finish(r, false, mp_slice(NULL, 0), out);
		return;
	}
	memcpy(r->mechanism, mechanism.p, mechanism.n);
	if (!has_resp) {
		begin(a, r, out);
	} else if (decode(resp, space, &data)) {
		step(a, r, data, out);
	} else {
		mp_buf_printf(
			out, "FAIL\t%lu\treason=Invalid base64 data in initial response\n", id);
		memset(r, 0, sizeof *r);
	}
}

static void line_cont(
	struct lab_auth *a, unsigned long id, struct mp_slice rest, struct mp_buf *out)
{
	uint8_t space[LAB_AUTH_LINE];
	struct mp_slice data;

	for (size_t i = 0; i < LAB_AUTH_REQUESTS; i++) {
		struct lab_auth_request *r = &a->requests[i];
		if (r->id != id) {
			continue;
		}
		if (decode(field(&rest), space, &data)) {
			step(a, r, data, out);
		} else {
			mp_buf_printf(out,
				"FAIL\t%lu\treason=Invalid base64 data in continued response\n",
				id);
			memset(r, 0, sizeof *r);
		}
		return;
	}
}

void lab_auth_line(struct lab_auth *a, struct mp_slice line, struct mp_buf *out)
{
	struct mp_slice command = field(&line);
	unsigned long id = 0;

	/* VERSION and CPID need no answer; the request number 0 is not used. */
	if (!mp_slice_eq_str(command, "AUTH") && !mp_slice_eq_str(command, "CONT")) {
		return;
	}
	if (!mp_parse_uint(field(&line), 1, 0xffffffff, &id)) {
		return;
	}
	if (mp_slice_eq_str(command, "AUTH")) {
		line_auth(a, id, line, out);
	} else {
		line_cont(a, id, line, out);
	}
}
