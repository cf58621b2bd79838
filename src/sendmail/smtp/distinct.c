/*
 * distinct - what a configuration tells clients, senders and recipients apart by.
 *
 * The rules are not understood: all that they could compare with is listed. A word that looks like
 * an address, or like the beginning of one ("198.51.100", "IPv6:2001:db8"), is a network.
 */
#include "sendmail/smtp/distinct.h"

#include "sendmail/smtp/distinct_list.h"

#include "base/ascii.h"
#include "base/limits.h"

/* ---- classes ----------------------------------------------------------------------------------
 */

/* Classes of the cf library whose words are what rules say to each other, or domains that do not
 * exist in the DNS: no client is called so. */
static bool is_vocabulary(const char *class)
{
	static const char *const names[] = {"{Accept}", "{ResOk}", "{SMTPOpModes}", "{SpamTag}",
		"{Src}", "{Tls}", "{TlsVerified}", "{TrustAuthMech}", "P"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (mp_str_eq(class, names[i])) {
			return true;
		}
	}
	return false;
}

/* A rule may ask for the end of a name ("$* $=R"). */
static void add_hosts_below(
	struct sm_distinct_list *l, const char *domain, const char *class, struct mp_reason because)
{
	const char *host =
		mp_arena_printf(l->arena, "host%s%s", domain[0] == '.' ? "" : ".", domain);
	const char *pattern = host + strlen("host");
	const char *like = mp_arena_printf(l->arena, "below class %s", class);

	sm_distinct_add_text(l, MP_ASPECT_NAME, pattern, host, like, because);
	sm_distinct_add_text(
		l, MP_ASPECT_SENDER, pattern, sm_distinct_mailbox(l, host), like, because);
	sm_distinct_add_text(
		l, MP_ASPECT_RECIPIENT, pattern, sm_distinct_mailbox(l, host), like, because);
}

static void add_words(
	struct sm_distinct_list *l, const struct sm_class *c, const char *name, bool ends)
{
	for (size_t i = 0; i < c->words.n; i++) {
		const char *word = c->words.v[i].word;
		bool domain = sm_distinct_is_name(word) && strchr(word, '.') != NULL;
		struct mp_reason because = {
			c->words.v[i].loc, mp_arena_printf(l->arena, "class %s: %s", name, word)};
		const char *like = mp_arena_printf(l->arena, "class %s %s", name,
			word[0] == '[' || strchr(word, '.') == NULL ? word : "");

		if (ends && domain) {
			add_hosts_below(l, word, name, because);
		}
		if (!ends) {
			sm_distinct_add_client(l, word, like, because);
		}
		if (!ends && domain) {
			sm_distinct_add_mail(l, MP_ASPECT_SENDER, word, like, because);
			sm_distinct_add_mail(l, MP_ASPECT_RECIPIENT, word, like, because);
		}
	}
}

/* What a class was listed for already: whole names, ends of names. */
struct listed {
	bool whole, ends;
};

/* The class at place i of a rule's left side. */
static void add_class(
	struct sm_distinct_list *l, const struct sm_rule *r, size_t i, struct listed *listed)
{
	unsigned id = r->lhs[i].arg;
	const struct sm_class *c = id < l->cf->classes.n ? l->cf->classes.v[id] : NULL;
	const char *name = sm_names_text(l->cf->names, id);
	bool ends = i > 0 &&
		(r->lhs[i - 1].symbol == SM_SYM_ZANY || r->lhs[i - 1].symbol == SM_SYM_ANY);

	if (c == NULL || is_vocabulary(name)) {
		return;
	}
	if (!listed[id].whole) {
		listed[id].whole = true;
		add_words(l, c, name, false);
	}
	if (ends && !listed[id].ends) {
		listed[id].ends = true;
		add_words(l, c, name, true);
	}
}

/* ---- tables -----------------------------------------------------------------------------------
 */

/* What the entries of a tag are looked up by: c client, s sender, r recipient, i and t the
 * issuer and the subject ("to whom") of a certificate. */
static const char *roles_of(const char *key, const char **rest)
{
	static const struct {
		const char *tag, *roles;
	} tags[] = {
		{"Connect:", "c"},
		{"From:", "s"},
		{"To:", "r"},
		{"Spam:", "r"},
		{"TLS_Clt:", "c"},
		{"Srv_Features:", "c"},
		{"GreetPause:", "c"},
		{"ClientRate:", "c"},
		{"ClientConn:", "c"},
		{"CERTIssuer:", "i"},
		{"CERTSubject:", "t"},
	};

	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		if (mp_slice_istarts(mp_slice_str(key), tags[i].tag)) {
			*rest = key + strlen(tags[i].tag);
			return tags[i].roles;
		}
	}
	*rest = key;
	return mp_slice_istarts(mp_slice_str(key), "IPv6:") || strchr(key, ':') == NULL ? "csr"
											: "";
}

static bool add_entry(void *context, const char *key, const char *value, struct mp_loc loc)
{
	struct sm_distinct_list *l = context;
	const char *rest = mp_arena_strdup(l->arena, key), *roles = "r";
	struct mp_reason because = {
		loc, mp_arena_printf(l->arena, "%s %s: %s", l->map, key, value)};
	const char *like;

	if (l->access) {
		roles = roles_of(rest, &rest);
	}
	/* Keys with tags have other roles than those without. */
	like = mp_arena_printf(l->arena, "%s %s %s", l->map, roles, value);
	for (; *roles != '\0'; roles++) {
		switch (*roles) {
		case 'c':
			sm_distinct_add_client(l, rest, like, because);
			break;
		case 's':
			sm_distinct_add_mail(l, MP_ASPECT_SENDER, rest, like, because);
			break;
		case 'r':
			sm_distinct_add_mail(l, MP_ASPECT_RECIPIENT, rest, like, because);
			break;
		case 'i':
			mp_vec_push(&l->issuers,
				((struct sm_certificate_entry){
					rest, mp_arena_strdup(l->arena, value), because}));
			break;
		default:
			mp_vec_push(&l->subjects,
				((struct sm_certificate_entry){
					rest, mp_arena_strdup(l->arena, value), because}));
		}
	}
	return l->n < MP_LIMIT_DISTINCTIONS;
}

/* ---- certificates -----------------------------------------------------------------------------
 */

/* "/C=US/O=Some+20Body/CN=name", as rules see it (reference 2.9), as people write it: "C=US, O=Some
 * Body, CN=name". NULL where a part cannot be told from two. */
static const char *distinguished_name(struct sm_distinct_list *l, const char *key)
{
	char *out = mp_arena_alloc(l->arena, 2 * strlen(key) + 1);
	size_t n = 0;

	if (key[0] != '/' || strchr(key, ',') != NULL) {
		return NULL;
	}
	for (const char *p = key + 1; *p != '\0'; p++) {
		if (*p == '/') {
			out[n++] = ',';
			out[n++] = ' ';
		} else if (*p == '+' && mp_hex_value(p[1]) >= 0 && mp_hex_value(p[2]) >= 0) {
			out[n++] = (char)(mp_hex_value(p[1]) * 16 + mp_hex_value(p[2]));
			p += 2;
			if (out[n - 1] == ',' || out[n - 1] == '\0') {
				return NULL;
			}
		} else {
			out[n++] = *p;
		}
	}
	out[n] = '\0';
	return out;
}

/* A certificate with these names as in keys; "": anybody's. Where a regular expression takes a part
 * of a name for the key (CERT_REGEX_ISSUER), nobody can say which name that is. */
static void add_certificate(struct sm_distinct_list *l, const char *issuer, const char *subject,
	struct mp_reason because)
{
	const char *issuer_name = issuer[0] != '\0' ? distinguished_name(l, issuer) : "CN=somebody";
	const char *subject_name =
		subject[0] != '\0' ? distinguished_name(l, subject) : "CN=somebody";
	bool known = issuer_name != NULL && subject_name != NULL &&
		sm_maps_find(l->cf->maps, "CERTIssuer") == NULL &&
		sm_maps_find(l->cf->maps, "CERTSubject") == NULL;
	const char *pattern =
		mp_arena_printf(l->arena, "%s%s%s%s%s", subject[0] != '\0' ? "of " : "", subject,
			subject[0] != '\0' && issuer[0] != '\0' ? " " : "",
			issuer[0] != '\0' ? "issued by " : "", issuer);

	sm_distinct_add(l,
		(struct mp_distinction){
			.aspect = MP_ASPECT_CERTIFICATE,
			.example = known ? pattern : NULL,
			.pattern = pattern,
			.because = because,
			.subject = subject_name,
			.issuer = issuer_name,
		});
}

/* RelayTLS asks for the issuer, and where the answer is SUBJECT for the subject, too (cf/README,
 * "Relaying"). */
static void add_certificates(struct sm_distinct_list *l)
{
	for (size_t i = 0; i < l->issuers.n; i++) {
		const struct sm_certificate_entry *issuer = &l->issuers.v[i];

		add_certificate(l, issuer->name, "", issuer->because);
		for (size_t k = 0; k < l->subjects.n; k++) {
			if (mp_str_ieq(issuer->value, "SUBJECT")) {
				add_certificate(l, issuer->name, l->subjects.v[k].name,
					l->subjects.v[k].because);
			}
		}
	}
	for (size_t k = 0; k < l->subjects.n; k++) {
		add_certificate(l, "", l->subjects.v[k].name, l->subjects.v[k].because);
	}
}

static void add_map(struct sm_distinct_list *l, const char *name)
{
	struct sm_map *map = sm_maps_find(l->cf->maps, name);
	const char *key = mp_arena_printf(l->arena, "map %s", name);

	if (map == NULL || mp_map_get_str(&l->seen, key) != NULL) {
		return;
	}
	mp_map_put(&l->seen, mp_slice_str(key), l);
	l->map = sm_map_name(map);
	l->access = mp_str_eq(l->map, "access");
	(void)sm_map_entries(map, add_entry, l);
	if (sm_map_expression(map) != NULL) {
		sm_distinct_add_expression(l, map);
	}
}

/* ---- macros ------------------------------------------------------------------------------------
 */

static unsigned aspect_of(const char *macro)
{
	static const struct {
		const char *name;
		unsigned aspects;
	} table[] = {
		{"s", MP_ASPECT_HELO},
		{"{auth_type}", MP_ASPECT_LOGIN},
		{"{auth_authen}", MP_ASPECT_LOGIN},
		{"{auth_author}", MP_ASPECT_LOGIN},
		{"{auth_ssf}", MP_ASPECT_LOGIN},
		{"{verify}", MP_ASPECT_TLS | MP_ASPECT_CERTIFICATE},
		{"{cert_subject}", MP_ASPECT_CERTIFICATE},
		{"{cert_issuer}", MP_ASPECT_CERTIFICATE},
		{"{cn_subject}", MP_ASPECT_CERTIFICATE},
		{"{cn_issuer}", MP_ASPECT_CERTIFICATE},
		{"{cert_md5}", MP_ASPECT_CERTIFICATE},
		{"{cert_fp}", MP_ASPECT_CERTIFICATE},
		{"{cipher_bits}", MP_ASPECT_TLS},
		{"{tls_version}", MP_ASPECT_TLS},
		{"{cipher}", MP_ASPECT_TLS},
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (mp_str_eq(macro, table[i].name)) {
			return table[i].aspects;
		}
	}
	return 0;
}

static unsigned aspects_of_ruleset(const struct sm_cf *cf, const struct sm_ruleset *ruleset)
{
	unsigned found = 0;

	for (size_t k = 0; k < ruleset->rules.n; k++) {
		const struct sm_rule *r = &ruleset->rules.v[k];

		for (size_t t = 0; t < r->lhs_n + r->rhs_n; t++) {
			const struct sm_token *token =
				t < r->lhs_n ? &r->lhs[t] : &r->rhs[t - r->lhs_n];

			if (token->symbol == SM_SYM_LATE) {
				found |= aspect_of(sm_names_text(cf->names, token->arg));
			}
		}
	}
	return found;
}

unsigned sm_aspects_in_rules(const struct sm_cf *cf)
{
	unsigned found = 0;

	for (size_t i = 0; i < cf->rulesets.n; i++) {
		found |= aspects_of_ruleset(cf, cf->rulesets.v[i]);
	}
	return found;
}

/* ---- rules ------------------------------------------------------------------------------------
 */

/* Where the words that stand side by side in a rule end. */
static size_t words_end(const struct sm_rule *r, size_t from)
{
	size_t i = from;

	while (i < r->lhs_n && r->lhs[i].symbol == 0 && strpbrk(r->lhs[i].text, "<>@|$") == NULL) {
		i++;
	}
	return i;
}

/* The words as one text, without the dots and colons at the end: one marks a domain that was made
 * whole, or goes before what may follow ("10.$*"). */
static const char *words(
	struct sm_distinct_list *l, const struct sm_rule *r, size_t from, size_t to)
{
	const char *text = sm_tokens_join(r->lhs, from, to, 0, &l->cf->chars, l->arena);
	size_t n = strlen(text);

	while (n > 0 && strchr(".:", text[n - 1]) != NULL) {
		n--;
	}
	return mp_arena_memdup(l->arena, text, n);
}

/* A domain, a host, or an address: of one word alone nothing can be told. */
static void add_host(struct sm_distinct_list *l, const struct sm_rule *r, size_t from, size_t to)
{
	const char *text = words(l, r, from, to);
	struct mp_reason because = {r->loc, text};
	struct mp_cidr net;

	if (to < from + 2 || strstr(text, "..") != NULL ||
		(strpbrk(text, ".:") == NULL && !sm_distinct_network(text, &net, l->arena))) {
		return;
	}
	sm_distinct_add_client(l, text, NULL, because);
	sm_distinct_add_mail(l, MP_ASPECT_SENDER, text, NULL, because);
	sm_distinct_add_mail(l, MP_ASPECT_RECIPIENT, text, NULL, because);
}

/* "user@example.org", "user@$*", "user < @ example.org. >": the words from `from` are the user. */
static void add_mailbox(struct sm_distinct_list *l, const struct sm_rule *r, size_t from, size_t to)
{
	size_t at = to + (to < r->lhs_n && mp_str_eq(r->lhs[to].text, "<"));
	const char *user = words(l, r, from, to), *domain, *key;

	if (at >= r->lhs_n || !mp_str_eq(r->lhs[at].text, "@") || !sm_distinct_is_user(user)) {
		return;
	}
	domain = words(l, r, at + 1, words_end(r, at + 1));
	if (domain[0] != '\0' && (!sm_distinct_is_name(domain) || strstr(domain, "..") != NULL)) {
		return;
	}
	key = mp_arena_printf(l->arena, "%s@%s", user, domain);

	struct mp_reason because = {r->loc, key};

	sm_distinct_add_mail(l, MP_ASPECT_SENDER, key, NULL, because);
	sm_distinct_add_mail(l, MP_ASPECT_RECIPIENT, key, NULL, because);
}

/* One word, which a client may call itself by. */
static void add_word(struct sm_distinct_list *l, const struct sm_rule *r, size_t at)
{
	const char *text = words(l, r, at, at + 1);

	if (sm_distinct_is_name(text)) {
		sm_distinct_add_text(
			l, MP_ASPECT_HELO, text, text, NULL, (struct mp_reason){r->loc, text});
	}
}

/* What is written out on the left side of a rule. */
static void add_literals(struct sm_distinct_list *l, const struct sm_rule *r)
{
	for (size_t i = 0; i < r->lhs_n; i++) {
		size_t from = i;

		i = words_end(r, i);
		if (i > from) {
			add_host(l, r, from, i);
			add_mailbox(l, r, from, i);
		}
		if (i == from + 1 && l->helo_here) {
			add_word(l, r, from);
		}
	}
}

static void add_rule(struct sm_distinct_list *l, const struct sm_rule *r, struct listed *listed)
{
	for (size_t i = 0; i < r->lhs_n; i++) {
		if (r->lhs[i].symbol == SM_SYM_CLASS || r->lhs[i].symbol == SM_SYM_NOT_CLASS) {
			add_class(l, r, i, listed);
		}
	}
	for (size_t i = 0; i + 1 < r->rhs_n; i++) {
		if (r->rhs[i].symbol == SM_SYM_MAP_BEGIN && r->rhs[i + 1].symbol == 0) {
			add_map(l, r->rhs[i + 1].text);
		}
	}
	add_literals(l, r);
}

size_t sm_distinctions(
	const struct sm_cf *cf, struct mp_arena *arena, const struct mp_distinction **out)
{
	struct sm_distinct_list l = {
		.cf = cf, .arena = arena, .helo = (sm_aspects_in_rules(cf) & MP_ASPECT_HELO) != 0};
	struct listed *listed = mp_arena_array(arena, cf->classes.n + 1, sizeof *listed);

	for (size_t i = 0; i < cf->rulesets.n; i++) {
		const struct sm_ruleset *r = cf->rulesets.v[i];

		l.helo_here = l.helo && (aspects_of_ruleset(cf, r) & MP_ASPECT_HELO) != 0;
		for (size_t k = 0; k < r->rules.n; k++) {
			add_rule(&l, &r->rules.v[k], listed);
		}
	}
	add_certificates(&l);
	mp_vec_release(&l.issuers);
	mp_vec_release(&l.subjects);
	mp_map_release(&l.seen);
	*out = l.v;
	return l.n;
}

/* ---- networks ---------------------------------------------------------------------------------
 */

struct networks {
	struct mp_arena *arena;
	struct mp_network *v;
	size_t n, cap;
};

static void add_network(struct networks *l, const char *word, struct mp_reason because)
{
	struct mp_cidr net;

	if (sm_distinct_network(word, &net, l->arena)) {
		l->v = mp_arena_room(l->arena, l->v, l->n, &l->cap, sizeof *l->v, 16);
		l->v[l->n++] = (struct mp_network){.net = net, .because = because};
	}
}

static bool add_relay_entry(void *context, const char *key, const char *value, struct mp_loc loc)
{
	struct networks *l = context;
	const char *rest;
	const char *roles = roles_of(key, &rest);

	if (mp_str_ieq(value, "RELAY") && strchr(roles, 'c') != NULL) {
		add_network(l, mp_arena_strdup(l->arena, rest),
			(struct mp_reason){
				loc, mp_arena_printf(l->arena, "access %s: %s", key, value)});
	}
	return true;
}

size_t sm_networks(const struct sm_cf *cf, struct mp_arena *arena, const struct mp_network **out)
{
	static const char *const classes[] = {"R", "w"};
	static const char *const loopback[] = {"127.0.0.1", "IPv6:0:0:0:0:0:0:0:1"};
	struct networks l = {.arena = arena};
	struct sm_map *access = sm_maps_find(cf->maps, "access");

	for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++) {
		add_network(&l, loopback[i], (struct mp_reason){mp_loc(NULL, 0, 0), "loopback"});
	}
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
		const struct sm_class *c = sm_cf_class(cf, classes[i]);

		for (size_t k = 0; c != NULL && k < c->words.n; k++) {
			const struct sm_class_word *w = &c->words.v[k];

			/* Of the server's own names only addresses in brackets are compared. */
			if (i == 0 || w->word[0] == '[') {
				add_network(&l, w->word,
					(struct mp_reason){w->loc,
						mp_arena_printf(arena, "class %s: %s", classes[i],
							w->word)});
			}
		}
	}
	if (access != NULL) {
		(void)sm_map_entries(access, add_relay_entry, &l);
	}
	*out = l.v;
	return l.n;
}
