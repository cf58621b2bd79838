/* mailer - M lines: flags and rulesets of mailers. */
#include "sendmail/smtp/mailer.h"

#include "base/ascii.h"
#include "sendmail/cf/read.h"

bool sm_delivery_has(const struct sm_delivery *mailer, char flag)
{
	return strchr(mailer->flags, flag) != NULL;
}

const struct sm_delivery *sm_delivery_find(const struct sm_deliveries *all, const char *name)
{
	/* A later line of the same name replaces an earlier one. */
	for (size_t i = all->n; i > 0; i--) {
		if (mp_str_ieq(all->v[i - 1].name, name)) {
			return &all->v[i - 1];
		}
	}
	return NULL;
}

/* The end of a field: a comma that no backslash protects. */
static size_t field_end(struct mp_slice text)
{
	size_t i = 0;

	while (i < text.n && text.p[i] != ',') {
		i += text.p[i] == '\\' && i + 1 < text.n ? 2 : 1;
	}
	return i < text.n ? i : text.n;
}

bool sm_mailer_field(struct mp_slice *definition, char *letter, struct mp_slice *value)
{
	struct mp_slice field = {"", 0};

	while (field.n == 0 && definition->n > 0) {
		size_t end = field_end(*definition);

		field = mp_slice_trim(mp_slice_sub(*definition, 0, end));
		*definition = mp_slice_from(*definition, end + 1);
	}
	if (field.n == 0) {
		return false;
	}

	size_t equals = mp_slice_chr(field, '=');

	*letter = field.p[0];
	*value = equals == MP_NOT_FOUND ? mp_slice("", 0)
					: mp_slice_trim(mp_slice_from(field, equals + 1));
	return true;
}

static const char *letters(struct sm_cf *cf, struct mp_slice value)
{
	char *out = mp_arena_alloc(cf->arena, value.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < value.n; i++) {
		if (!mp_is_space(value.p[i])) {
			out[n++] = value.p[i];
		}
	}
	return out;
}

/* "EnvToSMTP/HdrFromSMTP": the part before the slash. */
static const char *envelope_rules(struct sm_cf *cf, struct mp_slice value)
{
	size_t slash = mp_slice_chr(value, '/');

	value = mp_slice_trim(mp_slice_sub(value, 0, slash == MP_NOT_FOUND ? value.n : slash));
	return value.n == 0 || mp_slice_eq_str(value, "0") ? NULL
							   : mp_arena_slicedup(cf->arena, value);
}

static struct sm_delivery read_mailer(struct sm_cf *cf, const struct sm_mailer *m)
{
	struct mp_slice rest = mp_slice_str(m->text), value;
	struct sm_delivery d = {.name = m->name, .flags = "", .loc = m->loc};
	bool network = false;
	char letter;

	while (sm_mailer_field(&rest, &letter, &value)) {
		switch (letter) {
		case 'F':
			d.flags = letters(cf, value);
			break;
		case 'R':
			d.recipient_rules = envelope_rules(cf, value);
			break;
		case 'P':
			network = mp_slice_ieq_str(value, "[IPC]") ||
				mp_slice_ieq_str(value, "[TCP]");
			break;
		default:
			break;
		}
	}
	d.local = !network &&
		(sm_delivery_has(&d, 'l') || mp_str_ieq(d.name, "local") ||
			mp_str_ieq(d.name, "prog") || mp_str_ieq(d.name, "*file*"));
	return d;
}

/* What a file that was cut off lacks: sendmail does not start without these. */
static void check_whole(struct sm_cf *cf)
{
	bool local = false;

	for (size_t i = 0; i < cf->mailers.n; i++) {
		local = local || mp_str_ieq(cf->mailers.v[i].name, "local");
	}
	if (!local) {
		sm_cf_refuse(cf, mp_loc(cf->source, 0, 0), "cf/incomplete",
			"in a .mc: MAILER(`local')", "No local mailer defined");
	}
	if (sm_cf_option(cf, "QueueDirectory") == NULL) {
		sm_cf_refuse(cf, mp_loc(cf->source, 0, 0), "cf/incomplete",
			"write O QueueDirectory=/var/spool/mqueue",
			"QueueDirectory (Q) option must be set");
	}
}

struct sm_deliveries sm_deliveries_read(struct sm_cf *cf)
{
	static const struct sm_delivery own[] = {
		{.name = "prog", .flags = "lsouDq9", .local = true},
		{.name = "*file*", .flags = "lsDFMPEouq9", .local = true},
		{.name = "*include*", .flags = "su", .local = true},
	};
	struct sm_deliveries out = {0};
	size_t n = sizeof own / sizeof *own;

	check_whole(cf);
	out.v = mp_arena_array(cf->arena, cf->mailers.n + n, sizeof *out.v);
	for (size_t i = 0; i < n; i++) {
		out.v[out.n++] = own[i];
	}
	for (size_t i = 0; i < cf->mailers.n; i++) {
		out.v[out.n++] = read_mailer(cf, &cf->mailers.v[i]);
	}
	return out;
}
