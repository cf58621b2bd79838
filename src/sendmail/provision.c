/*
 * provision - what a sendmail.cf names outside of itself.
 *
 * Not among it: what belongs to the configuration and cannot be made up (the files of classes,
 * the text of tables).
 */
#include "sendmail/provision.h"

#include "base/vec.h"
#include "sendmail/smtp/mailer.h"
#include "sendmail/smtp/settings.h"

struct provisions {
	const struct sm_cf *cf;
	struct mp_arena *arena;
	MP_VEC(struct mp_provision) v;
};

static void add(
	struct provisions *n, enum mp_provision_kind kind, const char *what, const char *with)
{
	for (size_t i = 0; i < n->v.n; i++) {
		if (n->v.v[i].kind == kind && mp_str_eq(n->v.v[i].what, what)) {
			return;
		}
	}
	mp_vec_push(&n->v, ((struct mp_provision){kind, what, with}));
}

static const char *value_of(const struct provisions *n, const char *option)
{
	return sm_option_value(n->cf, option, n->arena);
}

/* "user:group", "user.group", each a name or a number (Operations Guide 5.6); a number needs no
 * account. */
static void add_account(struct provisions *n, const char *text)
{
	struct mp_slice s = mp_slice_trim(mp_slice_str(text));
	size_t end = 0;

	while (end < s.n && strchr(":./ \t", s.p[end]) == NULL) {
		end++;
	}

	struct mp_slice user = mp_slice_sub(s, 0, end);
	struct mp_slice group = mp_slice_trim(mp_slice_from(s, end < s.n ? end + 1 : end));

	if (user.n > 0 && (user.p[0] < '0' || user.p[0] > '9')) {
		add(n, MP_PROVISION_USER, mp_arena_slicedup(n->arena, user), "");
	}
	if (group.n > 0 && (group.p[0] < '0' || group.p[0] > '9')) {
		add(n, MP_PROVISION_GROUP, mp_arena_slicedup(n->arena, group), "");
	}
}

/* U= of a mailer. */
static void add_mailer(struct provisions *n, const struct sm_mailer *mailer)
{
	struct mp_slice rest = mp_slice_str(mailer->text), value;
	char letter;

	while (sm_mailer_field(&rest, &letter, &value)) {
		if (letter == 'U') {
			add_account(n, mp_arena_slicedup(n->arena, value));
		}
	}
}

static void add_accounts(struct provisions *n)
{
	static const char *const options[] = {"DefaultUser", "RunAsUser", "TrustedUser"};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		add_account(n, value_of(n, options[i]));
	}
	for (size_t i = 0; i < n->cf->mailers.n; i++) {
		add_mailer(n, &n->cf->mailers.v[i]);
	}
}

/* The folder above a path. */
static void add_folder_of(struct provisions *n, const char *path)
{
	size_t slash = mp_slice_rchr(mp_slice_str(path), '/');

	if (path[0] == '/' && slash > 0 && slash != MP_NOT_FOUND) {
		add(n, MP_PROVISION_FOLDER, mp_arena_slicedup(n->arena, mp_slice(path, slash)), "");
	}
}

/* The queue may be several folders, named by a "*" at the end: any one of them will do. */
static void add_folders(struct provisions *n)
{
	static const char *const files[] = {"PidFile", "StatusFile", "DeadLetterDrop"};
	const char *queue = value_of(n, "QueueDirectory");
	size_t star = mp_slice_chr(mp_slice_str(queue), '*');

	if (queue[0] == '/') {
		add(n, MP_PROVISION_QUEUE,
			star == MP_NOT_FOUND ? queue
					     : mp_arena_printf(n->arena, "%.*s1", (int)star, queue),
			"");
	}
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		add_folder_of(n, value_of(n, files[i]));
	}
}

static void add_certificates(struct provisions *n)
{
	struct sm_key_pairs pairs = sm_key_pairs(n->cf, n->arena);
	const char *authorities = value_of(n, "CACertFile");
	const char *folder = value_of(n, "CACertPath");

	for (size_t i = 0; i < 2; i++) {
		if (pairs.certificate[i] != NULL && pairs.certificate[i][0] == '/') {
			add(n, MP_PROVISION_CERTIFICATE, pairs.certificate[i],
				pairs.key[i] != NULL ? pairs.key[i] : "");
		}
	}
	if (authorities[0] == '/') {
		add(n, MP_PROVISION_AUTHORITIES, authorities, "");
	}
	if (folder[0] == '/') {
		add(n, MP_PROVISION_FOLDER, folder, "");
	}
}

static void add_tables(struct provisions *n)
{
	const char *aliases = value_of(n, "AliasFile");
	size_t count = sm_maps_count(n->cf->maps);

	for (size_t i = 0; i < count; i++) {
		const struct sm_map *map = sm_maps_at(n->cf->maps, i);
		const char *text = sm_map_compiled_from(map);

		if (text != NULL && !mp_str_eq(sm_map_class(map), "implicit")) {
			add(n, MP_PROVISION_TABLE, text, sm_map_class(map));
		}
	}
	if (aliases[0] != '\0') {
		add(n, MP_PROVISION_ALIASES, aliases, "");
	}
}

struct mp_provisions sm_provisions(const struct sm_cf *cf, struct mp_arena *arena)
{
	struct provisions n = {.cf = cf, .arena = arena};

	add_accounts(&n);
	add_folders(&n);
	add_certificates(&n);
	add_tables(&n);

	struct mp_provision *v = mp_arena_array(arena, n.v.n + 1, sizeof *v);

	for (size_t i = 0; i < n.v.n; i++) {
		v[i] = n.v.v[i];
	}

	struct mp_provisions out = {v, n.v.n, sm_map_suffix};

	mp_vec_release(&n.v);
	return out;
}
