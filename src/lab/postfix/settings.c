/* settings - the settings that decide where things lie, as postconf(1) prints them. */
#include "lab/postfix/postfix.h"

#define POSTCONF "/usr/sbin/postconf"

/* One line of postconf: "name = value", or with -P "smtp/inet/name = value". */
static void add_setting(struct lab_box *box, struct mp_slice line, bool service)
{
	size_t equal = mp_slice_find(line, " =");
	struct lab_setting s = {0};

	if (equal == MP_NOT_FOUND) {
		return;
	}
	struct mp_slice name = mp_slice_sub(line, 0, equal);
	struct mp_slice value = mp_slice_trim(mp_slice_from(line, equal + 2));
	size_t slash = mp_slice_rchr(name, '/');
	if (service && slash == MP_NOT_FOUND) {
		return;
	}
	s.service = service ? mp_memdup(name.p, slash) : mp_strdup("");
	name = service ? mp_slice_from(name, slash + 1) : name;
	s.name = mp_memdup(name.p, name.n);
	s.value = mp_memdup(value.p, value.n);
	mp_vec_push(&lab_postfix(box)->settings, s);
}

static void read_postconf(struct lab_box *box, const char *const argv[], bool service)
{
	char *text = NULL;

	if (lab_loop_run(&box->loop, argv, &text) == 0) {
		struct mp_slice rest = mp_slice_str(text);
		while (rest.n > 0) {
			size_t end = mp_slice_chr(rest, '\n');
			size_t n = end == MP_NOT_FOUND ? rest.n : end;
			add_setting(box, mp_slice_sub(rest, 0, n), service);
			rest = mp_slice_from(rest, n + 1);
		}
	}
	free(text);
}

void lab_postfix_read_settings(struct lab_box *box)
{
	const char *const main_cf[] = {POSTCONF, "-c", box->config_path, "-x", NULL};
	const char *const master_cf[] = {POSTCONF, "-c", box->config_path, "-x", "-P", NULL};

	read_postconf(box, main_cf, false);
	read_postconf(box, master_cf, true);
}

const char *lab_postfix_setting(const struct lab_box *box, const char *name, const char *fallback)
{
	const struct lab_postfix *p = lab_postfix(box);

	for (size_t i = 0; i < p->settings.n; i++) {
		const struct lab_setting *s = &p->settings.v[i];
		if (s->service[0] == '\0' && mp_str_eq(s->name, name)) {
			return s->value[0] != '\0' ? s->value : fallback;
		}
	}
	return fallback;
}

const char *lab_postfix_effective(const struct lab_box *box, const char *service, const char *name)
{
	const struct lab_postfix *p = lab_postfix(box);
	const char *value = NULL;

	for (size_t i = 0; i < p->settings.n; i++) {
		const struct lab_setting *s = &p->settings.v[i];
		if (mp_str_eq(s->name, name) &&
			(s->service[0] == '\0' || mp_str_eq(s->service, service))) {
			value = s->value;
		}
	}
	return value != NULL ? value : "";
}

int lab_postfix_each_service(struct lab_box *box,
	int (*act)(struct lab_box *box, const char *service, struct mp_err *err),
	struct mp_err *err)
{
	const struct lab_postfix *p = lab_postfix(box);

	if (act(box, "", err) < 0) {
		return -1;
	}
	for (size_t i = 0; i < p->settings.n; i++) {
		const char *service = p->settings.v[i].service;
		if (service[0] != '\0' && !mp_str_eq(service, p->settings.v[i - 1].service) &&
			act(box, service, err) < 0) {
			return -1;
		}
	}
	return 0;
}
