/*
 * input - what CONFIG is, and every file that is read because of it.
 *
 * CONFIG is a folder, a file, or REV:PATH in git. A path that a configuration names is looked for
 * as design 3 says: overlays first, then --root, then inside CONFIG when it begins with CONFIG's
 * own path, /etc/postfix or /etc/mail, then on this machine, unless --isolated (implied by
 * REV:PATH). Everything read is remembered, for the list of files in the output.
 */
#ifndef MP_INPUT_INPUT_H
#define MP_INPUT_INPUT_H

#include "base/arena.h"
#include "base/err.h"
#include "diag/source.h"

enum mp_config_kind { MP_CONFIG_POSTFIX, MP_CONFIG_MC, MP_CONFIG_CF };

/* "postfix", "mc", "cf" */
const char *mp_config_kind_name(enum mp_config_kind kind);

struct mp_overlay {
	const char *name; /* inside CONFIG: "main.cf" */
	const char *file; /* what is read in its place */
};

struct mp_input_options {
	const char *type; /* "postfix", "mc", "cf", or NULL: recognise */
	const char *root; /* --root, or NULL */
	bool isolated;
	const struct mp_overlay *overlays;
	size_t overlay_count;
	bool prefer_cf; /* with .mc and .cf in one folder take the .cf (verify) */
};

struct mp_input;

/* Opens CONFIG and recognises it. NULL and err (MP_ERR_INPUT: no such file, not a configuration, a
 * template (says which mark was found and where), unreadable, not in git; MP_ERR_USAGE: bad type).
 */
struct mp_input *mp_input_open(
	const char *config, const struct mp_input_options *options, struct mp_err *err);
void mp_input_free(struct mp_input *in);

enum mp_config_kind mp_input_kind(const struct mp_input *in);
/* The name of the main file inside CONFIG: "main.cf", "sendmail.mc"; of postfix always "main.cf".
 */
const char *mp_input_main(const struct mp_input *in);
/* Of a sendmail.mc the .cf that is beside it as what it was built into, and of a .cf its .mc; NULL
 * where there is none, or where the two cannot be compared (a note says so). A name inside CONFIG.
 */
const char *mp_input_beside(const struct mp_input *in);
/* Where CONFIG is taken to live on the server: "/etc/postfix" unless CONFIG is an absolute system
 * folder of its own; what $config_directory expands to. */
const char *mp_input_directory(const struct mp_input *in);
/* Notes for the output ("main.cf taken from overlay ...", "both .mc and .cf found: took ..."). */
size_t mp_input_notes(const struct mp_input *in, const char *const **notes);

/* Says whether a file that is absent here is absent on the server too (fact config_complete). */
void mp_input_set_complete(struct mp_input *in, bool complete);

enum mp_read {
	MP_READ_OK,
	MP_READ_ABSENT, /* not there, and not on the server either */
	MP_READ_OPEN, /* not there, but perhaps on the server: the question file.exists PATH */
	MP_READ_ERROR /* there, but unreadable, a folder, or over MP_LIMIT_FILE: err says */
};

/* Reads a file by the name that the configuration uses (absolute, or relative to CONFIG). The
 * source lives as long as the input, and reading again gives the same source. */
enum mp_read mp_input_read(
	struct mp_input *in, const char *path, const struct mp_source **source, struct mp_err *err);
/* The same without reading: whether it is there. Never MP_READ_ERROR for a readable folder. */
enum mp_read mp_input_exists(struct mp_input *in, const char *path);

/* Modification time of a file on disk in seconds, for compiled tables against their text; false
 * when it has none (git) or is absent. */
bool mp_input_mtime(struct mp_input *in, const char *path, long long *seconds);

/* Every source that was read, in order of first reading. */
size_t mp_input_sources(const struct mp_input *in, const struct mp_source *const **sources);
/* SHA-256 of a source as 64 hexadecimal digits, in the input's arena. */
const char *mp_input_sha256(struct mp_input *in, const struct mp_source *source);

#endif
