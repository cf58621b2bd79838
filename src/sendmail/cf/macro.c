/* macro - values of macros, and texts with references to them. */
#include "sendmail/cf/macro.h"

#include "base/vec.h"

/* sendmail's own: levels of references, and MACBUFSIZE - 1. */
enum { EXPAND_DEPTH = 10, EXPAND_ROOM = 4095 };

void sm_macros_set(
	struct sm_macros *macros, unsigned id, struct sm_text text, struct mp_arena *arena)
{
	if (id >= macros->n) {
		size_t n = macros->n == 0 ? 256 : macros->n;

		while (id >= n) {
			n *= 2;
		}

		struct sm_text *v = mp_arena_array(arena, n, sizeof *v);

		if (macros->n > 0) {
			memcpy(v, macros->v, macros->n * sizeof *v);
		}
		macros->v = v;
		macros->n = n;
	}
	macros->v[id] = text;
}

struct sm_text sm_text_of(struct mp_slice bytes, struct mp_arena *arena)
{
	sm_unit *units = mp_arena_array(arena, bytes.n + 1, sizeof *units);

	for (size_t i = 0; i < bytes.n; i++) {
		units[i] = (unsigned char)bytes.p[i];
	}
	return (struct sm_text){units, bytes.n};
}

struct sm_text sm_text_munched(struct sm_text text, struct mp_arena *arena)
{
	sm_unit *out = mp_arena_array(arena, text.n + 1, sizeof *out);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		sm_unit c = text.p[i];

		if (c == '\\' && i + 1 < text.n) {
			c = text.p[++i];
			out[n++] = c == 'r' ? '\r'
				: c == 'n'  ? '\n'
				: c == 'f'  ? '\f'
				: c == 'b'  ? '\b'
					    : c;
		} else if (c != '"' && c != '\\') {
			out[n++] = c;
		}
	}
	return (struct sm_text){out, n};
}

/* How a symbol, or the name behind one, is written. */
static const char *written(sm_unit c, const struct sm_names *names)
{
	return c >= SM_NAME ? sm_names_text(names, (unsigned)(c - SM_NAME)) : sm_symbol_text(c);
}

char *sm_text_bytes(struct sm_text text, const struct sm_names *names, struct mp_arena *arena)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		n += text.p[i] < 0x100 ? 1 : strlen(written(text.p[i], names));
	}

	char *bytes = mp_arena_alloc(arena, n + 1), *p = bytes;

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] < 0x100) {
			*p++ = (char)text.p[i];
		} else {
			struct mp_slice add = mp_slice_str(written(text.p[i], names));

			memcpy(p, add.p, add.n);
			p += add.n;
		}
	}
	return bytes;
}

/* One pass over a text. */
struct expansion {
	const struct sm_macros *macros;
	MP_VEC(sm_unit) out;
	unsigned level; /* of open conditionals */
	unsigned skipped; /* conditionals opened inside of what is skipped */
	bool skipping;
	bool again; /* a value with references of its own was put in */
};

static struct sm_text value_of(const struct expansion *x, sm_unit name)
{
	return name >= SM_NAME ? sm_macros_get(x->macros, (unsigned)(name - SM_NAME))
			       : (struct sm_text){NULL, 0};
}

/* Handles a conditional symbol; false when it is none of an open conditional and stays. */
static bool conditional(struct expansion *x, sm_unit symbol, sm_unit name)
{
	switch (symbol) {
	case SM_SYM_IF:
		x->level++;
		if (x->skipping) {
			x->skipped++;
		} else {
			x->skipping = value_of(x, name).n == 0;
		}
		return true;
	case SM_SYM_ELSE:
		if (x->level > 0 && x->skipped == 0) {
			x->skipping = !x->skipping;
		}
		return x->level > 0;
	default:
		if (x->level == 0) {
			return false;
		}
		x->level--;
		if (x->skipped == 0) {
			x->skipping = false;
		} else {
			x->skipped--;
		}
		return true;
	}
}

static void put(struct expansion *x, sm_unit c)
{
	if (!x->skipping && x->out.n < EXPAND_ROOM) {
		mp_vec_push(&x->out, c);
	}
}

static void pass(struct expansion *x, struct sm_text text)
{
	for (size_t i = 0; i < text.n; i++) {
		sm_unit c = text.p[i], next = i + 1 < text.n ? text.p[i + 1] : 0;

		if (c == SM_SYM_MACRO) {
			struct sm_text value = value_of(x, next);

			i++;
			for (size_t k = 0; k < value.n; k++) {
				x->again = x->again || value.p[k] >= 0x100;
				put(x, value.p[k]);
			}
		} else if (c == SM_SYM_IF || c == SM_SYM_ELSE || c == SM_SYM_FI) {
			if (!conditional(x, c, next)) {
				put(x, c);
			}
			i += c == SM_SYM_IF;
		} else {
			put(x, c);
			/* The name that belongs to it is no character. */
			if (next >= SM_NAME && i + 1 < text.n) {
				put(x, next);
				i++;
			}
		}
	}
}

struct sm_text sm_expand(
	struct sm_text text, const struct sm_macros *macros, struct mp_arena *arena)
{
	bool again = true;

	for (int depth = 0; again && depth <= EXPAND_DEPTH; depth++) {
		struct expansion x = {.macros = macros};

		pass(&x, text);

		sm_unit *units = mp_arena_array(arena, x.out.n + 1, sizeof *units);

		if (x.out.n > 0) {
			memcpy(units, x.out.v, x.out.n * sizeof *units);
		}
		text = (struct sm_text){units, x.out.n};
		again = x.again;
		mp_vec_release(&x.out);
	}
	return text;
}
