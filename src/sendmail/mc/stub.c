/*
 * stub - macros in place of the cf library.
 *
 * They have the library's names and do nothing but be seen by m4's trace; those that change where
 * text goes do that. Variables that have a value before the .mc is read have one here, too: a
 * define of their bare name goes astray as it would with the library.
 */
#include "base/buf.h"
#include "sendmail/mc/build.h"
#include "sendmail/mc/names.h"

const char *sm_stub(struct mp_arena *arena)
{
	size_t count;
	const struct sm_name *names = sm_names(&count);
	struct mp_buf b;

	mp_buf_init(&b, 64 * 1024);
	mp_buf_puts(&b, "divert(-1)\nchangecom()\nundefine(`format')\n");
	for (size_t i = 0; i < count; i++) {
		if (names[i].stub != NULL) {
			mp_buf_printf(&b, "define(`%s', `%s')\n", names[i].name, names[i].stub);
		}
	}
	for (const char *const *p = sm_names_preset(); *p != NULL; p++) {
		mp_buf_printf(&b, "define(`%s', `0')\n", *p);
	}
	mp_buf_puts(&b, "define(`MAIL_SETTINGS_DIR', `/etc/mail/')\n");
	mp_buf_puts(&b, "define(`ALIAS_FILE', `/etc/mail/aliases')\n");
	mp_buf_puts(&b, "define(`DATABASE_MAP_TYPE', `hash')\n");
	mp_buf_puts(&b, "divert(0)dnl\n");
	const char *text = mp_arena_slicedup(arena, mp_buf_slice(&b));
	mp_buf_release(&b);
	return text;
}
