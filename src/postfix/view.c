/* view - what a configuration trusts and calls its own. */
#include "postfix/view.h"

#include "postfix/address/rewrite_internal.h"

size_t pf_view_networks(
	const struct pf_smtpd *smtpd, struct mp_arena *arena, const struct mp_network **out)
{
	/* An smtpd that does not start may have read nothing. */
	struct pf_list *list = smtpd->checks != NULL
		? pf_checks_mynetworks(smtpd->checks)
		: pf_list_new(smtpd->engine, smtpd->settings, "mynetworks",
			  pf_value(smtpd->settings, "mynetworks"), PF_CLIENT_LIST);
	struct pf_list_network *found;
	size_t n = pf_list_networks(list, arena, &found);
	struct mp_network *nets = mp_arena_array(arena, n, sizeof *nets);

	for (size_t i = 0; i < n; i++) {
		nets[i].net = found[i].net;
		nets[i].negated = found[i].negated;
		nets[i].because = (struct mp_reason){
			found[i].loc, mp_arena_slicedup(arena, mp_loc_text(found[i].loc))};
	}
	*out = nets;
	return n;
}

/* Whether a token of a domain list is a domain and nothing else. */
static bool is_domain(const char *token)
{
	return token[0] != '!' && token[0] != '/' && token[0] != '.' && token[0] != '[' &&
		token[0] != '#' && token[0] != '{' && strchr(token, ':') == NULL &&
		strchr(token, '.') != NULL;
}

struct domains {
	MP_VEC(struct mp_domain) first, last;
};

static bool is_listed(const struct domains *d, const char *name)
{
	for (size_t i = 0; i < d->first.n; i++) {
		if (mp_str_ieq(d->first.v[i].name, name)) {
			return true;
		}
	}
	for (size_t i = 0; i < d->last.n; i++) {
		if (mp_str_ieq(d->last.v[i].name, name)) {
			return true;
		}
	}
	return false;
}

static void collect(struct domains *d, const struct pf_settings *settings, const char *parameter,
	enum mp_domain_kind kind, struct mp_arena *arena)
{
	struct pf_text *tokens;
	size_t n = pf_split(arena, pf_value(settings, parameter), &tokens);

	for (size_t i = 0; i < n && tokens[i].s[0] != '#'; i++) {
		struct mp_domain domain = {tokens[i].s, kind};
		if (!is_domain(tokens[i].s) || is_listed(d, tokens[i].s)) {
			continue;
		}
		if (mp_slice_istarts(mp_slice_str(tokens[i].s), "localhost")) {
			mp_vec_push(&d->last, domain);
		} else {
			mp_vec_push(&d->first, domain);
		}
	}
}

size_t pf_view_domains(
	const struct pf_smtpd *smtpd, struct mp_arena *arena, const struct mp_domain **out)
{
	static const struct {
		const char *parameter;
		enum mp_domain_kind kind;
	} lists[] = {
		{"mydestination", MP_DOMAIN_LOCAL},
		{"virtual_mailbox_domains", MP_DOMAIN_HOSTED},
		{"virtual_alias_domains", MP_DOMAIN_HOSTED},
		{"relay_domains", MP_DOMAIN_RELAY},
	};
	struct domains d = {0};

	if (smtpd->rewrite == NULL) {
		*out = NULL; /* it does not start */
		return 0;
	}

	for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
		collect(&d, smtpd->rewrite->settings, lists[i].parameter, lists[i].kind, arena);
	}
	size_t n = d.first.n + d.last.n;
	struct mp_domain *list = mp_arena_array(arena, n, sizeof *list);
	for (size_t i = 0; i < n; i++) {
		list[i] = i < d.first.n ? d.first.v[i] : d.last.v[i - d.first.n];
	}
	mp_vec_release(&d.first);
	mp_vec_release(&d.last);
	*out = list;
	return n;
}
