/* view - what a configuration trusts and calls its own. */
#include "postfix/view.h"

#include "postfix/rewrite_internal.h"

size_t pf_view_networks(
	const struct pf_smtpd *smtpd, struct mp_arena *arena, const struct mp_network **out)
{
	struct pf_list *list = pf_list_new(smtpd->engine, smtpd->settings, "mynetworks",
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
	MP_VEC(const char *) first, last;
};

static void collect(struct domains *d, const struct pf_settings *settings, const char *parameter,
	struct mp_arena *arena)
{
	struct pf_text *tokens;
	size_t n = pf_split(arena, pf_value(settings, parameter), &tokens);

	for (size_t i = 0; i < n && tokens[i].s[0] != '#'; i++) {
		if (!is_domain(tokens[i].s)) {
			continue;
		}
		if (mp_slice_istarts(mp_slice_str(tokens[i].s), "localhost")) {
			mp_vec_push(&d->last, tokens[i].s);
		} else {
			mp_vec_push(&d->first, tokens[i].s);
		}
	}
}

size_t pf_view_domains(
	const struct pf_smtpd *smtpd, struct mp_arena *arena, const char *const **out)
{
	static const char *const parameters[] = {"mydestination", "virtual_mailbox_domains",
		"virtual_alias_domains", "relay_domains"};
	struct domains d = {0};

	if (smtpd->rewrite == NULL) {
		*out = NULL; /* it does not start */
		return 0;
	}

	for (size_t i = 0; i < sizeof parameters / sizeof parameters[0]; i++) {
		collect(&d, smtpd->rewrite->settings, parameters[i], arena);
	}
	size_t n = d.first.n + d.last.n;
	const char **list = mp_arena_array(arena, n, sizeof *list);
	for (size_t i = 0; i < n; i++) {
		list[i] = i < d.first.n ? d.first.v[i] : d.last.v[i - d.first.n];
	}
	mp_vec_release(&d.first);
	mp_vec_release(&d.last);
	*out = list;
	return n;
}
