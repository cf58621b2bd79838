/* host_facts - the facts of the machine that we run on. */
#include "cli/host_facts.h"

#include "base/vec.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

static void add_hostname(struct mp_facts *facts)
{
	char name[256];

	if (gethostname(name, sizeof name) == 0) {
		name[sizeof name - 1] = '\0';
		facts->hostname = mp_arena_strdup(&facts->arena, name);
	}
}

static unsigned prefix_length(const unsigned char *mask, size_t n)
{
	unsigned length = 0;

	for (size_t i = 0; i < n; i++) {
		for (unsigned bit = 0x80; bit != 0; bit >>= 1) {
			if ((mask[i] & bit) == 0) {
				return length;
			}
			length++;
		}
	}
	return length;
}

static bool read_interface(const struct ifaddrs *at, struct mp_cidr *out)
{
	if (at->ifa_addr == NULL || at->ifa_netmask == NULL) {
		return false;
	}
	*out = (struct mp_cidr){0};
	if (at->ifa_addr->sa_family == AF_INET) {
		const struct sockaddr_in *ip = (const void *)at->ifa_addr;
		const struct sockaddr_in *mask = (const void *)at->ifa_netmask;
		out->ip.family = 4;
		memcpy(out->ip.b, &ip->sin_addr, 4);
		out->length = prefix_length((const void *)&mask->sin_addr, 4);
		return true;
	}
	if (at->ifa_addr->sa_family == AF_INET6) {
		const struct sockaddr_in6 *ip = (const void *)at->ifa_addr;
		const struct sockaddr_in6 *mask = (const void *)at->ifa_netmask;
		out->ip.family = 6;
		memcpy(out->ip.b, &ip->sin6_addr, 16);
		out->length = prefix_length((const void *)&mask->sin6_addr, 16);
		return true;
	}
	return false;
}

static void add_addresses(struct mp_facts *facts)
{
	struct ifaddrs *all;
	MP_VEC(struct mp_cidr) list = {0};

	if (getifaddrs(&all) != 0) {
		return;
	}
	for (const struct ifaddrs *at = all; at != NULL; at = at->ifa_next) {
		struct mp_cidr net;
		if (read_interface(at, &net)) {
			mp_vec_push(&list, net);
		}
	}
	freeifaddrs(all);
	facts->addresses = mp_arena_array(&facts->arena, list.n, sizeof *facts->addresses);
	if (list.n > 0) {
		memcpy(facts->addresses, list.v, list.n * sizeof *facts->addresses);
	}
	facts->address_count = list.n;
	facts->have_addresses = true;
	mp_vec_release(&list);
}

static void add_users(struct mp_facts *facts)
{
	MP_VEC(const char *) users = {0};
	const struct passwd *entry;

	setpwent();
	while ((entry = getpwent()) != NULL) {
		mp_vec_push(&users, mp_arena_strdup(&facts->arena, entry->pw_name));
	}
	endpwent();
	const char **list = mp_arena_array(&facts->arena, users.n, sizeof *list);
	if (users.n > 0) {
		memcpy(list, users.v, users.n * sizeof *list);
	}
	facts->local_users = (struct mp_strings){list, users.n};
	facts->have_local_users = users.n > 0;
	mp_vec_release(&users);
}

/* ID= of os-release(5). */
static void add_distribution(struct mp_facts *facts)
{
	FILE *in = fopen("/etc/os-release", "r");
	char line[256];

	if (in == NULL) {
		return;
	}
	while (fgets(line, sizeof line, in) != NULL) {
		struct mp_slice s = mp_slice_trim(mp_slice_str(line));
		if (mp_slice_starts(s, "ID=")) {
			s = mp_slice_from(s, 3);
			if (s.n >= 2 && s.p[0] == '"') {
				s = mp_slice_sub(s, 1, s.n - 1);
			}
			facts->distribution = mp_arena_slicedup(&facts->arena, s);
		}
	}
	fclose(in);
}

void mp_host_facts(struct mp_facts *facts)
{
	add_hostname(facts);
	add_addresses(facts);
	add_users(facts);
	add_distribution(facts);
}
