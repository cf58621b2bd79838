/*
 * settings_dump - prints the settings of a Postfix process as the engine has them, one "name =
 * value" a line, to be held against `postconf -x`.
 *
 * Usage: settings_dump CONFIGDIR [version=30711] [host=NAME] [program=smtpd] [service=NAME]
 *                      [addresses=192.0.2.1/24,...] [names=a,b,...]
 * A fatal error is printed as "fatal: FILE:LINE:COLUMN: [parameter] text" on standard error, exit
 * status 1.
 */
#include "base/number.h"
#include "postfix/config/params.h"
#include "postfix/lookup/list.h"

#include <stdio.h>

struct options {
	struct pf_environment environment;
	enum pf_program program;
	const char *service;
	const char *names;
};

static const char *value_of(const char *argument, const char *name)
{
	size_t n = strlen(name);

	return strncmp(argument, name, n) == 0 && argument[n] == '=' ? argument + n + 1 : NULL;
}

static void read_addresses(struct options *o, struct mp_arena *arena, const char *text)
{
	struct pf_text *tokens;
	size_t n = pf_split(arena, pf_text_plain(text), &tokens);
	struct mp_cidr *v = mp_arena_array(arena, n + 1, sizeof *v);

	o->environment.addresses = v;
	for (size_t i = 0; i < n; i++) {
		if (mp_cidr_parse(mp_slice(tokens[i].s, tokens[i].n), v)) {
			v++;
			o->environment.address_count++;
		}
	}
}

static bool read_option(struct options *o, struct mp_arena *arena, const char *argument)
{
	static const char *const programs[] = {"smtpd", "trivial-rewrite", "postscreen", "master"};
	const char *value;
	unsigned long number;

	if ((value = value_of(argument, "version")) != NULL) {
		if (!mp_parse_uint(mp_slice_str(value), 20000, 99999, &number)) {
			return false;
		}
		o->environment.version = (unsigned)number;
	} else if ((value = value_of(argument, "host")) != NULL) {
		o->environment.hostname = value;
	} else if ((value = value_of(argument, "service")) != NULL) {
		o->service = value;
	} else if ((value = value_of(argument, "names")) != NULL) {
		o->names = value;
	} else if ((value = value_of(argument, "addresses")) != NULL) {
		read_addresses(o, arena, value);
	} else if ((value = value_of(argument, "program")) != NULL) {
		for (int i = 0; i < 4; i++) {
			if (strcmp(value, programs[i]) == 0) {
				o->program = (enum pf_program)i;
				return true;
			}
		}
		return false;
	} else {
		return false;
	}
	return true;
}

static void print(const struct pf_settings *s, const struct options *o, struct mp_arena *arena)
{
	if (o->names != NULL) {
		struct pf_text *tokens;
		size_t n = pf_split(arena, pf_text_plain(o->names), &tokens);
		for (size_t i = 0; i < n; i++) {
			printf("%s = %s\n", tokens[i].s, pf_str(s, tokens[i].s));
		}
		return;
	}
	for (size_t i = 0; i < PF_ID_COUNT; i++) {
		struct pf_version_row row = pf_parameter_at(i, o->environment.version);
		const char *name = pf_parameters(&(size_t){0})[i].name;
		if (row.present) {
			printf("%s = %s\n", name, pf_str(s, name));
		}
	}
}

static int dump(struct mp_arena *arena, const char *path, const struct options *o)
{
	struct mp_err err = {0};
	struct mp_input_options input_options = {.type = "postfix"};
	struct mp_findings findings;
	struct mp_input *input = mp_input_open(path, &input_options, &err);

	if (input == NULL) {
		fprintf(stderr, "settings_dump: %s\n", err.text);
		return 2;
	}
	mp_findings_init(&findings, arena);
	struct pf_config *config = pf_config_load(arena, input, &findings, &err);
	int status = 2;
	if (config == NULL) {
		fprintf(stderr, "settings_dump: %s\n", err.text);
	} else {
		const struct pf_service *service = NULL;
		for (size_t i = 0; o->service != NULL && i < config->master.services.n; i++) {
			if (strcmp(config->master.services.v[i]->name, o->service) == 0) {
				service = config->master.services.v[i];
				break;
			}
		}
		const struct pf_settings *s =
			pf_settings_new(arena, config, service, o->program, &o->environment);
		print(s, o, arena);
		const struct pf_fatal *fatal = pf_settings_fatal(s);
		status = fatal != NULL;
		if (fatal != NULL) {
			struct mp_position at = mp_loc_position(fatal->loc);
			fprintf(stderr, "fatal: %s:%u:%u: [%s] %s\n", at.file, at.line, at.column,
				fatal->parameter, fatal->text);
		}
		pf_config_release(config);
	}
	mp_findings_release(&findings);
	mp_input_free(input);
	return status;
}

int main(int argc, char **argv)
{
	struct mp_arena arena = {0};
	struct options o = {
		.environment = {.version = 30711, .hostname = "mail.example.org", .debian = true}};

	if (argc < 2) {
		fprintf(stderr, "usage: settings_dump CONFIGDIR [option=value...]\n");
		return 2;
	}
	for (int i = 2; i < argc; i++) {
		if (!read_option(&o, &arena, argv[i])) {
			fprintf(stderr, "settings_dump: bad option: %s\n", argv[i]);
			return 2;
		}
	}
	int status = dump(&arena, argv[1], &o);
	mp_arena_release(&arena);
	return status;
}
