/* environment - version, host name, distribution of a world. */
#include "postfix/config/environment.h"

#include "base/ascii.h"

enum { LAST_PATCH = 99 };

unsigned pf_version_parse(const char *text)
{
	unsigned part[3] = {0, 0, LAST_PATCH};
	size_t n = 0;

	for (const char *p = text; n < 3 && mp_is_digit(*p); n++) {
		unsigned value = 0;
		while (mp_is_digit(*p) && value < 100) {
			value = value * 10 + (unsigned)(*p++ - '0');
		}
		if (value > 99) {
			return 0;
		}
		part[n] = value;
		if (*p == '.') {
			p++;
		}
	}
	return n >= 2 ? part[0] * 10000 + part[1] * 100 + part[2] : 0;
}

/* One representative of each class of versions that differ (reference 13). */
static unsigned ask_version(struct mp_world *world, bool *unlikely)
{
	static const char *const answers[] = {"3.8", "3.9", "3.6", "3.5", "3.2"};
	const char *known = mp_known_version(world);
	unsigned version = known != NULL ? pf_version_parse(known) : 0;

	if (version == 0) {
		const char *answer =
			mp_ask(world, "mta.version", answers, sizeof answers / sizeof answers[0]);
		version = pf_version_parse(answer);
		*unlikely = !mp_str_eq(answer, answers[0]);
	}
	return version != 0 ? version : pf_version_parse(answers[0]);
}

static const char *file_of(const struct pf_setting *set)
{
	return set != NULL && mp_str_eq(set->name, "myorigin") && set->raw.n > 0 &&
			set->raw.s[0] == '/'
		? set->raw.s
		: NULL;
}

/* Debian reads the first line of the file that myorigin names; others take the path literally. */
static const char *myorigin_file(const struct pf_config *config)
{
	const char *path = file_of(mp_map_get_str(&config->main.by_name, "myorigin"));

	for (size_t i = 0; i < config->master.services.n && path == NULL; i++) {
		const struct pf_service *service = config->master.services.v[i];
		for (size_t j = 0; j < service->override_count && path == NULL; j++) {
			path = file_of(service->overrides[j]);
		}
	}
	return path;
}

static bool find_debian(struct pf_engine *engine, struct mp_world *world)
{
	static const char *const answers[] = {"debian", "other"};
	const char *known = mp_known_distribution(world);

	if (known == NULL && myorigin_file(engine->config) != NULL) {
		known = mp_ask(world, "host.distribution", answers, 2);
	}
	return known == NULL || mp_str_ieq(known, "debian") || mp_str_ieq(known, "ubuntu");
}

static void find_origin(struct pf_engine *engine, struct pf_environment *e)
{
	struct mp_arena scratch = {0};

	e->origin_path = myorigin_file(engine->config);
	if (e->origin_path != NULL) {
		e->origin_text = mp_map_get_str(&engine->facts->answers,
			mp_arena_printf(&scratch, "file.text %s", e->origin_path));
	}
	mp_arena_release(&scratch);
}

struct pf_environment pf_environment_find(struct pf_engine *engine, struct mp_world *world)
{
	struct pf_environment e = {.hostname = "{host.name}"};

	e.version = ask_version(world, &e.unlikely);
	const char *hostname = mp_known_host_name(world);
	if (hostname != NULL) {
		e.hostname = hostname;
	}
	e.debian = find_debian(engine, world);
	find_origin(engine, &e);
	e.addresses = mp_known_addresses(world, &e.address_count);
	return e;
}

bool pf_environment_equal(const struct pf_environment *a, const struct pf_environment *b)
{
	if (a->version != b->version || a->debian != b->debian ||
		!mp_str_eq(a->hostname, b->hostname) ||
		(a->addresses == NULL) != (b->addresses == NULL) ||
		a->address_count != b->address_count) {
		return false;
	}
	for (size_t i = 0; a->addresses != NULL && i < a->address_count; i++) {
		if (a->addresses[i].length != b->addresses[i].length ||
			!mp_ip_eq(&a->addresses[i].ip, &b->addresses[i].ip)) {
			return false;
		}
	}
	return true;
}

struct pf_environment pf_environment_keep(
	struct mp_arena *arena, const struct pf_environment *environment)
{
	struct pf_environment e = *environment;

	e.hostname = mp_arena_strdup(arena, e.hostname);
	if (e.addresses != NULL) {
		struct mp_cidr *copy = mp_arena_array(arena, e.address_count + 1, sizeof *copy);
		memcpy(copy, e.addresses, e.address_count * sizeof *copy);
		e.addresses = copy;
	}
	return e;
}
