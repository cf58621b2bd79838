/* config - main.cf and master.cf of one configuration. */
#include "postfix/config/config.h"

#include "postfix/config/endpoint.h"

/* The services of Debian's master.cf, whose programs answer a client or help smtpd to. */
static const char stock_text[] = "smtp inet n - y - - smtpd\n"
				 "pickup unix n - y 60 1 pickup\n"
				 "cleanup unix n - y - 0 cleanup\n"
				 "qmgr unix n - n 300 1 qmgr\n"
				 "tlsmgr unix - - y 1000? 1 tlsmgr\n"
				 "rewrite unix - - y - - trivial-rewrite\n"
				 "bounce unix - - y - 0 bounce\n"
				 "defer unix - - y - 0 bounce\n"
				 "trace unix - - y - 0 bounce\n"
				 "verify unix - - y - 1 verify\n"
				 "flush unix n - y 1000? 0 flush\n"
				 "proxymap unix - - n - - proxymap\n"
				 "proxywrite unix - - n - 1 proxymap\n"
				 "smtp unix - - y - - smtp\n"
				 "relay unix - - y - - smtp\n"
				 "showq unix n - y - - showq\n"
				 "error unix - - y - - error\n"
				 "retry unix - - y - - error\n"
				 "discard unix - - y - - discard\n"
				 "local unix - n n - - local\n"
				 "virtual unix - n n - - virtual\n"
				 "lmtp unix - - y - - lmtp\n"
				 "anvil unix - - y - 1 anvil\n"
				 "scache unix - - y - 1 scache\n"
				 "postlog unix-dgram n - n - 1 postlogd\n";

const char *pf_mastercf_stock(void)
{
	return stock_text;
}

/* The stock file as services without places. */
static struct pf_mastercf parse_stock(struct mp_arena *arena)
{
	struct pf_mastercf stock;
	const struct mp_source *source =
		mp_source_new(arena, "master.cf", "", mp_slice(stock_text, sizeof stock_text - 1));

	pf_mastercf_parse(&stock, arena, source, NULL);
	for (size_t i = 0; i < stock.services.n; i++) {
		stock.services.v[i]->stock = true;
		stock.services.v[i]->at = (struct mp_loc){0};
	}
	stock.source = NULL;
	return stock;
}

static int load_master(struct pf_config *config, struct mp_err *err)
{
	const struct mp_source *source;

	switch (mp_input_read(config->input, "master.cf", &source, err)) {
	case MP_READ_OK:
		pf_mastercf_parse(&config->master, config->arena, source, config->findings);
		return 0;
	case MP_READ_ABSENT:
	case MP_READ_OPEN:
		config->master = parse_stock(config->arena);
		mp_finding_add(config->findings, MP_NOTE, "mastercf/stock", (struct mp_loc){0}, "",
			"there is no master.cf: the stock services are assumed (smtp on port 25)");
		return 0;
	case MP_READ_ERROR:
		break;
	}
	return mp_err_wrap(err, "reading master.cf");
}

struct pf_config *pf_config_load(struct mp_arena *arena, struct mp_input *input,
	struct mp_findings *findings, struct mp_err *err)
{
	const struct mp_source *source;
	struct pf_config *config = MP_ARENA_NEW(arena, struct pf_config);

	config->arena = arena;
	config->input = input;
	config->findings = findings;
	switch (mp_input_read(input, "main.cf", &source, err)) {
	case MP_READ_OK:
		break;
	case MP_READ_ABSENT:
	case MP_READ_OPEN:
		mp_err_set(err, MP_ERR_INPUT, "there is no main.cf");
		return NULL;
	case MP_READ_ERROR:
		mp_err_wrap(err, "reading main.cf");
		return NULL;
	}
	pf_maincf_parse(&config->main, arena, source, findings);
	if (load_master(config, err) != 0) {
		pf_config_release(config);
		return NULL;
	}
	return config;
}

void pf_config_release(struct pf_config *config)
{
	mp_vec_release(&config->main.entries);
	mp_map_release(&config->main.by_name);
	mp_vec_release(&config->master.services);
	mp_vec_release(&config->master.broken);
	mp_vec_release(&config->assumed);
}

static struct pf_service *find(struct mp_arena *arena, struct pf_service *const *services,
	size_t count, const char *name, enum pf_service_type type)
{
	const char *key = type == PF_INET ? pf_endpoint_canonical(arena, name) : name;

	for (size_t i = 0; i < count; i++) {
		if (services[i]->type != type) {
			continue;
		}
		if (strcmp(services[i]->name, name) == 0 ||
			(type == PF_INET &&
				strcmp(pf_endpoint_canonical(arena, services[i]->name), key) ==
					0)) {
			return services[i];
		}
	}
	return NULL;
}

struct pf_service *pf_config_find_service(
	struct pf_config *config, const char *name, enum pf_service_type type)
{
	struct pf_service *service = find(
		config->arena, config->master.services.v, config->master.services.n, name, type);

	if (service != NULL || config->master.source == NULL) {
		return service;
	}
	service = find(config->arena, config->assumed.v, config->assumed.n, name, type);
	if (service != NULL) {
		return service;
	}
	struct pf_mastercf stock = parse_stock(config->arena);
	service = find(config->arena, stock.services.v, stock.services.n, name, type);
	mp_vec_release(&stock.services);
	mp_vec_release(&stock.broken);
	if (service == NULL) {
		return NULL;
	}
	mp_vec_push(&config->assumed, service);
	mp_finding_add(config->findings, MP_NOTE, "mastercf/assumed-service",
		mp_loc(config->master.source, 0, 0),
		"Add the service to master.cf if the server has it.",
		"master.cf has no service \"%s\": the stock entry is assumed", name);
	return service;
}
