/*
 * distinct_backup - recipients of domains that name this host as a backup mail exchanger
 * (permit_mx_backup).
 *
 * Nothing in the configuration says which domains these are: whoever has a domain publishes its MX
 * records. The distinction is such a domain, with the records that make it one.
 */
#include "postfix/check/check_keyword.h"
#include "postfix/config/interfaces.h"
#include "postfix/distinct/distinct_internal.h"

#define BACKED_UP "mtaproof-backup.test"

/* An address that the host takes for its own: a listed one, else loopback, which it has where it
 * listens everywhere. */
static const char *own_address(struct pf_distinct *d)
{
	struct pf_own own = pf_own_addresses(d->checks->settings, d->arena);
	char text[MP_IP_TEXT];

	return own.n > 0 ? mp_arena_strdup(d->arena, mp_ip_format(&own.v[0].ip, text))
			 : "127.0.0.1";
}

/* An address in permit_mx_backup_networks where that is set: primaries must be there. */
static const char *primary_address(struct pf_distinct *d)
{
	struct pf_list_item item;
	char text[MP_IP_TEXT];

	for (size_t i = 0; pf_list_item(d->checks->mx_networks, i, &item); i++) {
		if (item.kind == PF_ITEM_NETWORK && !item.negated) {
			return mp_arena_strdup(d->arena, mp_ip_format(&item.net.ip, text));
		}
	}
	return "198.51.100.1";
}

void pf_distinct_backup(struct pf_distinct *d)
{
	for (size_t i = 0; i < d->keywords.n; i++) {
		const struct pf_used *used = &d->keywords.v[i];
		if (used->keyword->run != pf_run_mx_backup) {
			continue;
		}
		struct mp_assumption *granted = mp_arena_array(d->arena, 3, sizeof *granted);
		granted[0] = (struct mp_assumption){
			"dns.mx " BACKED_UP, "10 primary." BACKED_UP ",20 backup." BACKED_UP};
		granted[1] = (struct mp_assumption){
			"dns.address primary." BACKED_UP, primary_address(d)};
		granted[2] =
			(struct mp_assumption){"dns.address backup." BACKED_UP, own_address(d)};
		pf_distinct_add(d,
			&(struct mp_distinction){.aspect = MP_ASPECT_RECIPIENT,
				.example = "someone@" BACKED_UP,
				.pattern = "domains that name this host as a backup exchanger",
				.because = {used->loc, used->keyword->name},
				.granted = granted,
				.granted_count = 3});
	}
}
