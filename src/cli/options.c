/* options - one table of options serves for parsing and for --help. */
#include "cli/options.h"

#include "base/slice.h"

static const struct mp_option *find_option(
	const struct mp_option *const *sets, size_t set_count, struct mp_slice name)
{
	for (size_t i = 0; i < set_count; i++) {
		for (const struct mp_option *o = sets[i]; o->name != NULL; o++) {
			if (mp_slice_eq_str(name, o->name)) {
				return o;
			}
		}
	}
	return NULL;
}

/* One option at argv[*i]; moves *i to the last word that it used. */
static int parse_one(int argc, char **argv, int *i, const struct mp_option *const *sets,
	size_t set_count, mp_option_fn *handler, void *context, struct mp_err *err)
{
	struct mp_slice word = mp_slice_str(argv[*i]);
	size_t equals = mp_slice_chr(word, '=');
	struct mp_slice name = mp_slice_sub(word, 2, equals);
	const struct mp_option *o = find_option(sets, set_count, name);

	if (o == NULL || word.p[1] != '-') {
		return mp_err_set(err, MP_ERR_USAGE, "unknown option '%s' (see --help)", argv[*i]);
	}
	if (o->argument == NULL) {
		if (equals != MP_NOT_FOUND) {
			return mp_err_set(err, MP_ERR_USAGE, "option --%s takes no value", o->name);
		}
		return handler(context, o->id, "", err);
	}
	if (equals != MP_NOT_FOUND) {
		return handler(context, o->id, word.p + equals + 1, err);
	}
	if (*i + 1 >= argc) {
		return mp_err_set(err, MP_ERR_USAGE, "option --%s wants a value: --%s %s", o->name,
			o->name, o->argument);
	}
	return handler(context, o->id, argv[++*i], err);
}

int mp_options_parse(int argc, char **argv, const struct mp_option *const *sets, size_t set_count,
	bool stop_at_argument, mp_option_fn *handler, void *context, int *first, struct mp_err *err)
{
	int kept = 0; /* arguments so far, kept at argv[1..kept] */
	int i = 1;

	for (; i < argc; i++) {
		if (mp_str_eq(argv[i], "--")) {
			i++;
			break;
		}
		if (argv[i][0] == '-' && argv[i][1] != '\0') {
			if (parse_one(argc, argv, &i, sets, set_count, handler, context, err) < 0) {
				return -1;
			}
		} else if (stop_at_argument) {
			break;
		} else {
			argv[++kept] = argv[i];
		}
	}
	for (; i < argc; i++) {
		argv[++kept] = argv[i];
	}
	/* Move them to the end: the words between are used up. */
	*first = argc - kept;
	for (int k = kept; k > 0; k--) {
		argv[argc - 1 - (kept - k)] = argv[k];
	}
	return 0;
}

void mp_options_help(FILE *out, const struct mp_option *const *sets, size_t set_count)
{
	for (size_t i = 0; i < set_count; i++) {
		for (const struct mp_option *o = sets[i]; o->name != NULL; o++) {
			if (o->help == NULL) {
				continue;
			}

			int n = fprintf(out, "  --%s%s%s", o->name, o->argument ? " " : "",
				o->argument ? o->argument : "");
			/* What is too long for its column stands on a line of its own. */
			fprintf(out, "%s%*s%s\n", n < 26 ? "" : "\n", n < 26 ? 26 - n : 26, "",
				o->help);
		}
	}
}

int mp_option_address(
	const char *name, const char *value, struct mp_ip *address, struct mp_err *err)
{
	return mp_ip_parse(mp_slice_str(value), address)
		? 0
		: mp_err_set(err, MP_ERR_USAGE, "--%s: '%s' is not an IPv4 or IPv6 address", name,
			  value);
}

int mp_option_format(const char *value, bool *json, struct mp_err *err)
{
	*json = mp_str_eq(value, "json");
	return *json || mp_str_eq(value, "text")
		? 0
		: mp_err_set(err, MP_ERR_USAGE, "--format takes text or json, not '%s'", value);
}
