/* load_options - the options that say what is loaded, and the facts. */
#include "cli/load.h"

#include "base/buf.h"
#include "base/limits.h"
#include "cli/host_facts.h"

#include <errno.h>
#include <string.h>

enum {
	OPT_TYPE = 1000,
	OPT_ROOT,
	OPT_ISOLATED,
	OPT_OVERLAY,
	OPT_FACTS,
	OPT_ASSUME,
	OPT_CF_DIR,
	OPT_NO_SECCOMP,
	OPT_NO_LANDLOCK
};

const struct mp_option mp_load_option_set[] = {
	{"type", "postfix|mc|cf", "what CONFIG is, instead of recognising it", OPT_TYPE},
	{"overlay", "NAME=FILE", "read FILE in place of NAME inside CONFIG", OPT_OVERLAY},
	{"root", "DIR", "look for absolute paths under DIR first", OPT_ROOT},
	{"cf-dir", "DIR", "sendmail's cf library (default: where systems have it)", OPT_CF_DIR},
	{"isolated", NULL, "read nothing outside CONFIG and --root", OPT_ISOLATED},
	{"facts", "FILE|auto", "facts about the host and the outside (repeats)", OPT_FACTS},
	{"assume", "QUESTION=ANSWER", "answer one question (repeats)", OPT_ASSUME},
	/* What m4 is confined by besides: tests turn each off to see what the rest is worth. */
	{"no-seccomp", NULL, NULL, OPT_NO_SECCOMP},
	{"no-landlock", NULL, NULL, OPT_NO_LANDLOCK},
	{NULL, NULL, NULL, 0},
};

static int add_overlay(struct mp_load_options *o, const char *value, struct mp_err *err)
{
	struct mp_slice s = mp_slice_str(value);
	size_t equals = mp_slice_chr(s, '=');

	if (equals == MP_NOT_FOUND || equals == 0 || equals + 1 == s.n) {
		return mp_err_set(err, MP_ERR_USAGE,
			"--overlay takes NAME=FILE, for example main.cf=/tmp/new.cf; got "
			"'%s'",
			value);
	}
	struct mp_overlay overlay = {
		.name = mp_arena_slicedup(&o->arena, mp_slice_sub(s, 0, equals)),
		.file = value + equals + 1,
	};
	mp_vec_push(&o->overlays, overlay);
	return 0;
}

int mp_load_option(struct mp_load_options *o, int id, const char *value, struct mp_err *err)
{
	switch (id) {
	case OPT_TYPE:
		o->type = value;
		return 0;
	case OPT_ROOT:
		o->root = value;
		return 0;
	case OPT_CF_DIR:
		o->sendmail.cf_dir = value;
		return 0;
	case OPT_NO_SECCOMP:
		o->sendmail.sandbox.no_seccomp = true;
		return 0;
	case OPT_NO_LANDLOCK:
		o->sendmail.sandbox.no_landlock = true;
		return 0;
	case OPT_ISOLATED:
		o->isolated = true;
		return 0;
	case OPT_OVERLAY:
		return add_overlay(o, value, err);
	case OPT_FACTS:
		mp_vec_push(&o->facts, value);
		return 0;
	case OPT_ASSUME:
		mp_vec_push(&o->assumed, value);
		return 0;
	default:
		return 1;
	}
}

void mp_load_options_release(struct mp_load_options *o)
{
	mp_vec_release(&o->overlays);
	mp_vec_release(&o->facts);
	mp_vec_release(&o->assumed);
	mp_arena_release(&o->arena);
}

int mp_load_file(const char *path, size_t max, struct mp_arena *arena, struct mp_slice *out,
	struct mp_err *err)
{
	bool standard = mp_str_eq(path, "-");
	FILE *in = standard ? stdin : fopen(path, "rb");
	struct mp_buf buf;
	char chunk[8192];
	size_t n;

	if (in == NULL) {
		return mp_err_set(err, MP_ERR_INPUT, "%s: %s", path, strerror(errno));
	}
	mp_buf_init(&buf, max);
	while (!buf.overflow && (n = fread(chunk, 1, sizeof chunk, in)) > 0) {
		mp_buf_put(&buf, mp_slice(chunk, n));
	}
	int rc = 0;
	if (ferror(in)) {
		rc = mp_err_set(err, MP_ERR_INPUT, "%s: %s", path, strerror(errno));
	} else if (buf.overflow) {
		rc = mp_err_set(
			err, MP_ERR_INPUT, "%s: larger than the limit of %zu bytes", path, max);
	} else {
		*out = mp_slice(mp_arena_memdup(arena, buf.p, buf.n), buf.n);
	}
	mp_buf_release(&buf);
	if (!standard) {
		fclose(in);
	}
	return rc;
}

int mp_load_facts(struct mp_facts *facts, const struct mp_load_options *options,
	struct mp_arena *arena, struct mp_err *err)
{
	for (size_t i = 0; i < options->facts.n; i++) {
		const char *name = options->facts.v[i];
		struct mp_slice text = {0};
		if (mp_str_eq(name, "auto")) {
			mp_host_facts(facts);
			continue;
		}
		if (mp_load_file(name, MP_LIMIT_FILE, arena, &text, err) < 0 ||
			mp_facts_read(facts, name, text, err) < 0) {
			return -1;
		}
	}
	for (size_t i = 0; i < options->assumed.n; i++) {
		if (mp_facts_assume(facts, options->assumed.v[i], err) < 0) {
			return -1;
		}
	}
	return 0;
}
