/* distinct_table - the keys of the tables that rules look into. */
#include "sendmail/distinct/distinct_internal.h"

#include "base/ascii.h"
#include "base/limits.h"

/* An entry of the access map about certificates. */
struct certificate_entry {
	const char *name; /* as in the key: "/C=US/CN=name" */
	const char *value;
	struct mp_reason because;
};

/* The table that is being listed. */
struct listing {
	struct sm_distinct_list *list;
	const char *map;
	bool access; /* its keys have tags */
	MP_VEC(struct certificate_entry) issuers, subjects;
};

const char *sm_distinct_roles(const char *key, const char **rest)
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
	struct listing *t = context;
	struct sm_distinct_list *l = t->list;
	const char *rest = mp_arena_strdup(l->arena, key), *roles = "r";
	struct mp_reason because = {
		loc, mp_arena_printf(l->arena, "%s %s: %s", t->map, key, value)};
	const char *like;

	if (t->access) {
		roles = sm_distinct_roles(rest, &rest);
	}
	/* Keys with tags have other roles than those without. */
	like = mp_arena_printf(l->arena, "%s %s %s", t->map, roles, value);
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
			mp_vec_push(&t->issuers,
				((struct certificate_entry){
					rest, mp_arena_strdup(l->arena, value), because}));
			break;
		default:
			mp_vec_push(&t->subjects,
				((struct certificate_entry){
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
static void add_certificates(const struct listing *t)
{
	struct sm_distinct_list *l = t->list;

	for (size_t i = 0; i < t->issuers.n; i++) {
		const struct certificate_entry *issuer = &t->issuers.v[i];

		add_certificate(l, issuer->name, "", issuer->because);
		for (size_t k = 0; k < t->subjects.n; k++) {
			if (mp_str_ieq(issuer->value, "SUBJECT")) {
				add_certificate(l, issuer->name, t->subjects.v[k].name,
					t->subjects.v[k].because);
			}
		}
	}
	for (size_t k = 0; k < t->subjects.n; k++) {
		add_certificate(l, "", t->subjects.v[k].name, t->subjects.v[k].because);
	}
}

/* ---- a table ----------------------------------------------------------------------------------
 */

void sm_distinct_add_map(struct sm_distinct_list *l, const char *name)
{
	struct sm_map *map = sm_maps_find(l->cf->maps, name);
	const char *key = mp_arena_printf(l->arena, "map %s", name);

	if (map == NULL || mp_map_get_str(&l->seen, key) != NULL) {
		return;
	}
	mp_map_put(&l->seen, mp_slice_str(key), l);

	struct listing t = {.list = l, .map = sm_map_name(map)};

	t.access = mp_str_eq(t.map, "access");
	(void)sm_map_entries(map, add_entry, &t);
	add_certificates(&t);
	mp_vec_release(&t.issuers);
	mp_vec_release(&t.subjects);
	if (sm_map_expression(map) != NULL) {
		sm_distinct_add_expression(l, map);
	}
}
