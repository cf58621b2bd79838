/* live - the options of every command that talks to a live server. */
#include "cli/live.h"

#include "base/limits.h"
#include "base/number.h"
#include "cli/load.h"

enum {
	OPT_INTRUSIVE = 2000,
	OPT_SOURCE,
	OPT_SEEN_AS,
	OPT_LOGIN,
	OPT_PASSWORD_FILE,
	OPT_PASSWORD_ENV,
	OPT_PASSWORD_COMMAND,
	OPT_PLAINTEXT,
	OPT_CA_FILE,
	OPT_CERTIFICATE,
	OPT_KEY,
	OPT_TIMEOUT,
	OPT_DELIVER,
	OPT_TARGETS,
	OPT_REFERENCE,
	OPT_STRICT,
	OPT_ALLOW_INCONCLUSIVE
};

const struct mp_option mp_live_option_set[] = {
	{"intrusive", NULL, "play intrusive scenarios, too", OPT_INTRUSIVE},
	{"source", "ADDR", "connect from this address", OPT_SOURCE},
	{"seen-as", "ADDR", "the server sees this address (behind NAT)", OPT_SEEN_AS},
	{"login", "USER", "log in as USER; the password from one of the next three", OPT_LOGIN},
	{"password-file", "FILE", "first line of FILE", OPT_PASSWORD_FILE},
	{"password-env", "NAME", "environment variable NAME", OPT_PASSWORD_ENV},
	{"password-command", "COMMAND", "first line that COMMAND prints", OPT_PASSWORD_COMMAND},
	{"allow-plaintext-auth", NULL, "send the password without TLS, too", OPT_PLAINTEXT},
	{"certificate", "FILE",
		"certificate to show in TLS, with its chain (PEM), for the scenarios that need one",
		OPT_CERTIFICATE},
	{"key", "FILE",
		"its private key, without a passphrase (default: in the certificate's file)",
		OPT_KEY},
	{"ca-file", "FILE", "trusted authorities (default: the system's)", OPT_CA_FILE},
	{"timeout", "SECONDS", "wait so long for a reply (default: 20)", OPT_TIMEOUT},
	{"deliver", NULL, "allow that test messages are delivered", OPT_DELIVER},
	{"targets", "FILE", "read targets from FILE, one a line (repeats)", OPT_TARGETS},
	{"reference", "HOST",
		"a host that is known to answer on port 25: tells a network that blocks the port",
		OPT_REFERENCE},
	{"strict", NULL, "other words count as a difference", OPT_STRICT},
	{"allow-inconclusive", NULL, "exit 0 although something could not be checked",
		OPT_ALLOW_INCONCLUSIVE},
	{NULL, NULL, NULL, 0},
};

/* HOST, HOST:25 or smtp://HOST: another port says nothing of port 25. */
static int take_reference(struct mp_live_options *o, const char *value, struct mp_err *err)
{
	if (mp_target_parse(&o->reference, value, &o->play.arena, err) < 0) {
		return mp_err_wrap(err, "--reference");
	}
	return o->reference.port == 25 ? 0
				       : mp_err_set(err, MP_ERR_USAGE,
						 "--reference takes a host that answers on port "
						 "25, not '%s'",
						 value);
}

static int take_timeout(struct mp_live_options *o, const char *value, struct mp_err *err)
{
	unsigned long seconds;

	if (!mp_parse_uint(mp_slice_str(value), 1, 3600, &seconds)) {
		return mp_err_set(err, MP_ERR_USAGE,
			"--timeout takes seconds from 1 to 3600, not '%s'", value);
	}
	o->timeout_s = (unsigned)seconds;
	return 0;
}

/* Options that only set a member. */
static bool take_plain(struct mp_live_options *o, int id, const char *value)
{
	switch (id) {
	case OPT_INTRUSIVE:
		o->intrusive = true;
		return true;
	case OPT_LOGIN:
		o->user = value;
		return true;
	case OPT_PASSWORD_FILE:
		o->password_from.file = value;
		return true;
	case OPT_PASSWORD_ENV:
		o->password_from.environment = value;
		return true;
	case OPT_PASSWORD_COMMAND:
		o->password_from.command = value;
		return true;
	case OPT_PLAINTEXT:
		o->allow_plaintext_auth = true;
		return true;
	case OPT_CA_FILE:
		o->ca_file = value;
		return true;
	case OPT_CERTIFICATE:
		o->certificate = value;
		return true;
	case OPT_KEY:
		o->key = value;
		return true;
	case OPT_DELIVER:
		o->deliver = true;
		return true;
	case OPT_TARGETS:
		mp_vec_push(&o->target_files, value);
		return true;
	case OPT_STRICT:
		o->strict = true;
		return true;
	case OPT_ALLOW_INCONCLUSIVE:
		o->allow_inconclusive = true;
		return true;
	default:
		return false;
	}
}

int mp_live_option(struct mp_live_options *o, int id, const char *value, struct mp_err *err)
{
	if (take_plain(o, id, value)) {
		return 0;
	}
	switch (id) {
	case OPT_SOURCE:
		return mp_option_address("source", value, &o->source, err);
	case OPT_SEEN_AS:
		return mp_option_address("seen-as", value, &o->seen_as, err);
	case OPT_REFERENCE:
		return take_reference(o, value, err);
	case OPT_TIMEOUT:
		return take_timeout(o, value, err);
	default:
		return mp_play_option(&o->play, id, value, err);
	}
}

void mp_live_options_init(struct mp_live_options *o)
{
	*o = (struct mp_live_options){0};
	mp_play_options_init(&o->play, "quick");
}

void mp_live_options_release(struct mp_live_options *o)
{
	mp_vec_release(&o->target_files);
	mp_play_options_release(&o->play);
}

static int read_login(struct mp_live *live, struct mp_err *err)
{
	const struct mp_live_options *o = live->options;
	const struct mp_password_source *from = &o->password_from;
	bool have_source = from->file != NULL || from->environment != NULL || from->command != NULL;

	if (o->user == NULL) {
		return have_source ? mp_err_set(err, MP_ERR_USAGE,
					     "a password without --login USER is of no use")
				   : 0;
	}
	live->password = mp_password_read(from, err);
	if (live->password == NULL) {
		return -1;
	}
	live->login = (struct mp_login){o->user, live->password, ""};
	live->probe.session.login = &live->login;
	return 0;
}

static int read_certificate(struct mp_live *live, struct mp_err *err)
{
	const struct mp_live_options *o = live->options;

	if (o->certificate == NULL) {
		return o->key == NULL ? 0
				      : mp_err_set(err, MP_ERR_USAGE,
						"--key without --certificate FILE is of no use");
	}
	if (mp_certificate_read(&live->own, o->certificate, o->key, err) < 0) {
		return -1;
	}
	live->probe.identity = live->own.identity;
	return 0;
}

static void set_deadlines(struct mp_live *live)
{
	unsigned seconds = live->options->timeout_s;

	if (seconds == 0) {
		return;
	}
	struct mp_deadlines *d = &live->probe.session.deadlines;
	*d = mp_default_deadlines;
	d->connect = d->handshake = d->greeting = d->command = d->content = seconds * 1000;
	d->session = seconds * 1000 * 20;
}

int mp_live_begin(struct mp_live *live, const struct mp_live_options *options, struct mp_err *err)
{
	*live = (struct mp_live){.options = options};
	live->reference = options->reference.host != NULL ? &options->reference : NULL;
	struct mp_session_options *session = &live->probe.session;

	live->probe.source = options->source;
	live->probe.ca_file = options->ca_file;
	session->deliver = options->deliver;
	session->pipelining = true;
	session->allow_plaintext_auth = options->allow_plaintext_auth;
	session->mechanisms = mp_sasl_mechanisms(&session->mechanism_count);
	set_deadlines(live);
	if (mp_play_scenarios(&options->play, &live->scenarios, err) < 0) {
		return -1;
	}
	if (read_certificate(live, err) < 0) {
		return -1;
	}
	return read_login(live, err);
}

void mp_live_end(struct mp_live *live)
{
	mp_scenarios_release(&live->scenarios);
	mp_password_free(live->password);
	mp_certificate_release(&live->own);
}

struct target_list {
	MP_VEC(struct mp_probe_target) v;
};

static int add_target(
	struct target_list *list, const char *text, struct mp_arena *arena, struct mp_err *err)
{
	struct mp_probe_target target = {0};

	if (mp_target_parse(&target, text, arena, err) < 0) {
		return -1;
	}
	mp_vec_push(&list->v, target);
	return 0;
}

static int read_target_file(
	struct target_list *list, const char *path, struct mp_arena *arena, struct mp_err *err)
{
	struct mp_slice text;

	if (mp_load_file(path, MP_LIMIT_FILE, arena, &text, err) < 0) {
		return -1;
	}
	for (unsigned line = 1; text.n > 0; line++) {
		size_t end = mp_slice_chr(text, '\n');
		struct mp_slice word = mp_slice_sub(text, 0, end);
		word = mp_slice_trim(mp_slice_sub(word, 0, mp_slice_chr(word, '#')));
		text = end == MP_NOT_FOUND ? mp_slice("", 0) : mp_slice_from(text, end + 1);
		if (word.n > 0 &&
			add_target(list, mp_arena_slicedup(arena, word), arena, err) < 0) {
			return mp_err_wrap(err, "%s:%u", path, line);
		}
	}
	return 0;
}

int mp_live_targets(const struct mp_live_options *o, char *const *words, size_t n,
	struct mp_arena *arena, struct mp_probe_target **targets, size_t *count, struct mp_err *err)
{
	struct target_list list = {0};
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = add_target(&list, words[i], arena, err);
	}
	for (size_t i = 0; i < o->target_files.n && rc == 0; i++) {
		rc = read_target_file(&list, o->target_files.v[i], arena, err);
	}
	*targets = mp_arena_array(arena, list.v.n, sizeof **targets);
	*count = list.v.n;
	if (list.v.n > 0) {
		memcpy(*targets, list.v.v, list.v.n * sizeof **targets);
	}
	mp_vec_release(&list.v);
	return rc;
}
