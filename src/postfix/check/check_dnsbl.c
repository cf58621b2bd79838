/*
 * check_dnsbl - DNS lists of addresses and of domains (RFC 5782, postconf(5) reject_rbl_client).
 */
#include "base/ascii.h"
#include "base/limits.h"
#include "postfix/check/check_keyword.h"
#include "postfix/check/session_macro.h"
#include "postfix/config/hostname.h"
#include "postfix/lookup/ip_pattern.h"

/* A list as it is configured, and what it says of an object. */
struct list {
	const char *spec; /* "bl.example=127.0.0.[2..4]" */
	const char *zone, *pattern; /* pattern NULL: any record */
	const char *subject; /* what is listed: the address, the domain */
	enum mp_found status;
	const char *text; /* of its TXT record, "" none */
};

/* The name that is asked for. */
static const char *query_name(struct pf_eval *e, const struct list *l)
{
	struct mp_ip ip;

	if (!mp_ip_parse(mp_slice_str(l->subject), &ip)) {
		return mp_arena_printf(e->arena, "%s.%s", l->subject, l->zone);
	}
	if (ip.family == 4) {
		return mp_arena_printf(
			e->arena, "%u.%u.%u.%u.%s", ip.b[3], ip.b[2], ip.b[1], ip.b[0], l->zone);
	}
	const char *name = l->zone;
	for (size_t i = 0; i < 16; i++) {
		name = mp_arena_printf(e->arena, "%x.%x.%s", ip.b[i] & 15u, ip.b[i] >> 4, name);
	}
	return name;
}

/* Whether one of the list's addresses is of the pattern; open where they are. */
static bool pattern_matches(
	struct pf_eval *e, const struct list *l, const struct mp_dns_result *result)
{
	struct mp_ip ip;

	if (l->pattern == NULL) {
		return true;
	}
	if (!result->known) {
		return mp_ask_is(e->world,
			mp_arena_printf(e->arena, "dns.list %s %s", l->subject, l->zone),
			l->pattern);
	}
	for (size_t i = 0; i < result->values.n; i++) {
		if (mp_ip_parse(mp_slice_str(result->values.v[i]), &ip) &&
			pf_ip_pattern_match(l->pattern, &ip)) {
			return true;
		}
	}
	return false;
}

/* The list's own words: known with its records, else open. */
static const char *list_text(struct pf_eval *e, const struct list *l,
	const struct mp_dns_result *result, const char *txt)
{
	const char *name = query_name(e, l);

	if (result->known && txt[0] == '\0') {
		return "";
	}
	struct mp_dns_result texts = mp_ask_dns(e->world, MP_DNS_TXT, name);
	if (texts.status != MP_FOUND) {
		return "";
	}
	if (!texts.known) {
		return PF_WORDS_OF_LIST;
	}
	const char *all = "";
	for (size_t i = 0; i < texts.values.n && strlen(all) < 500; i++) {
		all = mp_arena_printf(
			e->arena, "%.500s%s%s", all, i > 0 ? " / " : "", texts.values.v[i]);
	}
	return mp_arena_printf(e->arena, "%.500s", all);
}

/* Looks the subject up; false when the pattern is unusable, of which smtpd dies. */
static bool look_up(struct pf_eval *e, struct list *l, bool with_text)
{
	const char *txt = "";

	l->status = MP_NONE;
	if (l->pattern != NULL && !pf_ip_pattern_valid(l->pattern)) {
		return false;
	}
	if (l->subject[0] != '{' && !pf_valid_dns_name(mp_slice_str(query_name(e, l)))) {
		return true;
	}
	struct mp_dns_result result =
		mp_ask_dns_list(e->world, l->subject, l->zone, with_text ? &txt : NULL);
	l->status = result.status;
	if (l->status == MP_FOUND && !pattern_matches(e, l, &result)) {
		l->status = MP_NONE;
	}
	if (l->status == MP_FOUND) {
		l->text = with_text ? list_text(e, l, &result, txt) : "";
	}
	return true;
}

static struct list open_list(struct pf_eval *e, const char *spec, const char *subject)
{
	struct mp_slice s = mp_slice_str(spec);
	size_t equals = mp_slice_chr(s, '=');

	return (struct list){.spec = spec,
		.zone = mp_arena_slicedup(e->arena, mp_slice_sub(s, 0, equals)),
		.pattern = equals == MP_NOT_FOUND ? NULL : spec + equals + 1,
		.subject = subject,
		.text = ""};
}

/* ---- the reply ---- */

/* What the macros of the template stand for. */
struct reply_values {
	struct pf_eval *e;
	const struct list *l;
	const char *what, *class;
};

static const char *reply_value(void *context, const char *name)
{
	const struct reply_values *v = context;

	if (mp_str_eq(name, "rbl_code")) {
		return mp_arena_printf(
			v->e->arena, "%ld", pf_int(v->e->checks->settings, "maps_rbl_reject_code"));
	}
	if (mp_str_eq(name, "rbl_domain")) {
		return v->l->zone;
	}
	if (mp_str_eq(name, "rbl_reason") || mp_str_eq(name, "rbl_txt")) {
		return v->l->text;
	}
	if (mp_str_eq(name, "rbl_what")) {
		return v->what;
	}
	if (mp_str_eq(name, "rbl_class")) {
		return v->class;
	}
	return NULL;
}

/* The list's own template, NULL for none; *failed when the table cannot be used. */
static const char *find_template(struct pf_eval *e, const struct list *l, bool *failed)
{
	struct pf_maps *maps = e->checks->rbl_reply_maps;
	struct mp_table_result result = {.status = MP_TABLE_NONE};

	if (!pf_maps_is_empty(maps)) {
		result = pf_maps_find(maps, e->world, l->spec, false, MP_ROLE_VALUE, e->arena);
		if (result.status == MP_TABLE_NONE && l->pattern != NULL &&
			e->checks->version >= PF_VERSION_3_10) {
			result = pf_maps_find(
				maps, e->world, l->zone, false, MP_ROLE_VALUE, e->arena);
		}
	}
	*failed = result.status == MP_TABLE_ERROR;
	if (result.status != MP_TABLE_FOUND) {
		return NULL;
	}
	pf_eval_because(e, result.loc, result.value);
	return result.value;
}

static const char *expand_template(
	struct pf_eval *e, const char *template, struct reply_values *values)
{
	struct mp_buf buf;
	const char *recipient = e->s->recipient;

	mp_buf_init(&buf, MP_LIMIT_REPLY);
	e->s->recipient = e->recipient;
	enum pf_macro_status status = pf_macro_expand(e->s, template, reply_value, values, &buf);
	e->s->recipient = recipient;
	const char *text = status == PF_MACRO_OK ? mp_arena_strdup(e->arena, buf.p) : NULL;
	mp_buf_release(&buf);
	return text;
}

/* "554 words" or "554 5.7.1 words" from a template. */
static enum pf_status reject_with(struct pf_eval *e, const char *text, const char *class)
{
	if ((text[0] != '4' && text[0] != '5') || !mp_is_digit(text[1]) || !mp_is_digit(text[2]) ||
		text[3] != ' ') {
		return pf_reject(e, PF_FAULT_POLICY, 450, "4.7.1", "Service unavailable");
	}
	long code = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
	const char *words;
	const char *dsn = pf_split_words(e, "4.7.1", text + 4, &words);
	return pf_reject(e, PF_FAULT_POLICY, code, pf_dsn_fit(e->arena, dsn, class), "%s",
		words[0] != '\0' ? words : "Service unavailable");
}

static enum pf_status reject_listed(
	struct pf_eval *e, const struct list *l, const char *what, const char *class)
{
	struct reply_values values = {e, l, what, class};
	bool failed;
	const char *template = find_template(e, l, &failed);

	if (failed) {
		return pf_reject_server_error(e, "rbl_reply_maps cannot be looked up");
	}
	const char *text = template != NULL ? expand_template(e, template, &values) : NULL;
	if (text == NULL) {
		text = expand_template(
			e, pf_str(e->checks->settings, "default_rbl_reply"), &values);
	}
	if (text == NULL) {
		pf_eval_because_setting(e, "default_rbl_reply");
		return pf_hangup(e);
	}
	return reject_with(e, text, class);
}

/* ---- keywords ---- */

static enum pf_status reject_client(struct pf_eval *e, const char *spec)
{
	struct list l = open_list(e, spec, pf_client_address(e->s));

	if (!look_up(e, &l, true)) {
		return pf_hangup(e);
	}
	return l.status == MP_FOUND ? reject_listed(e, &l, e->s->said.client_text, PF_NAME_CLIENT)
				    : PF_S_DUNNO;
}

enum pf_status pf_run_rbl_client(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	(void)keyword, (void)cx;
	return reject_client(e, arg->s);
}

enum pf_status pf_run_maps_rbl(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_text *v;
	size_t n = pf_split(e->arena, pf_value(e->checks->settings, "maps_rbl_domains"), &v);
	enum pf_status status = PF_S_DUNNO;
	(void)keyword, (void)arg, (void)cx;

	for (size_t i = 0; i < n && status == PF_S_DUNNO; i++) {
		status = reject_client(e, v[i].s);
	}
	return status;
}

/* The domain of a name or an address, or NULL where lists of domains are not asked. */
static const char *domain_to_list(const char *what)
{
	const char *domain = pf_domain_of(what);

	domain = domain != NULL ? domain : what;
	if (domain[0] == '{') {
		return domain;
	}
	const char *dot = strrchr(domain, '.');
	const char *last = dot != NULL ? dot + 1 : domain;
	bool numeric = last[0] != '\0' && last[strspn(last, "0123456789")] == '\0';
	return numeric || !pf_valid_hostname(mp_slice_str(domain)) ? NULL : domain;
}

enum pf_status pf_run_rhsbl(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_object o;
	(void)cx;

	const char *domain = pf_object_of(e, keyword->object, &o) ? domain_to_list(o.value) : NULL;
	if (domain == NULL) {
		return PF_S_DUNNO;
	}
	struct list l = open_list(e, arg->s, domain);
	if (!look_up(e, &l, true)) {
		return pf_hangup(e);
	}
	return l.status == MP_FOUND ? reject_listed(e, &l, o.value, o.class) : PF_S_DUNNO;
}

/* A list that permits: at RCPT only where anybody may send (8.4). */
static enum pf_status permit_listed(struct pf_eval *e, struct list *l, const char *what)
{
	if (e->where == PF_AT_RCPT && e->recipient != NULL) {
		enum pf_status status = pf_permit_auth_destination(e, e->recipient);
		if (status != PF_S_OK) {
			return status;
		}
	}
	if (!look_up(e, l, false)) {
		return pf_hangup(e);
	}
	if (l->status == MP_TEMPFAIL) {
		pf_defer_if_reject(e, 450, "4.7.1",
			"<%s>: " PF_NAME_CLIENT " rejected: Service unavailable", what);
	}
	return l->status == MP_FOUND ? PF_S_OK : PF_S_DUNNO;
}

enum pf_status pf_run_dnswl_client(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct list l = open_list(e, arg->s, pf_client_address(e->s));
	(void)keyword, (void)cx;

	return permit_listed(e, &l, e->s->said.client_text);
}

enum pf_status pf_run_rhswl_client(struct pf_eval *e, const struct pf_keyword *keyword,
	const struct pf_token *arg, const struct pf_context *cx)
{
	struct pf_object o;
	(void)cx;

	if (!pf_object_of(e, keyword->object, &o)) {
		return PF_S_DUNNO;
	}
	const char *domain = domain_to_list(o.value);
	struct list l = open_list(e, arg->s, domain != NULL ? domain : "");
	return permit_listed(e, &l, o.value);
}
