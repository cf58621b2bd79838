/* surface_sim - the surface of a configuration in strings, as short texts, for tests. */
#include "unit/surface_sim.h"

#include "base/buf.h"
#include "predict/client.h"

static void put_words(struct mp_buf *out, const char *what, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		mp_buf_printf(out, "%s%s", i == 0 ? what : "|", v[i]);
	}
	mp_buf_puts(out, n > 0 ? " " : "");
}

static void put_from(struct mp_buf *out, const struct mp_opening *o)
{
	char ip[MP_IP_TEXT];

	for (size_t i = 0; i < o->from.address_count; i++) {
		const struct mp_cidr *net = &o->from.addresses[i];
		mp_buf_printf(
			out, "%s%s/%u", i > 0 ? "|" : "", mp_ip_format(&net->ip, ip), net->length);
	}
	mp_buf_puts(out, o->from.address_count > 0 ? " " : "");
	put_words(out, "address=", o->from.address_patterns, o->from.address_pattern_count);
	put_words(out, "name=", o->from.client_names, o->from.client_name_count);
	put_words(out, "sender=", o->from.senders, o->from.sender_count);
	put_words(out, "helo=", o->from.helos, o->from.helo_count);
	put_words(out, "login=", o->from.logins, o->from.login_count);
	put_words(out, "certificate=", o->from.certificates, o->from.certificate_count);
	mp_buf_puts(out, o->from.tls ? "tls " : "");
	mp_buf_puts(out, o->from.anyone ? "anyone " : "");
}

static void put_opening(struct mp_buf *out, const struct mp_opening *o)
{
	put_from(out, o);
	mp_buf_printf(out, "-> %s%s%s%s%s%s", o->to, o->form[0] != '\0' ? " as " : "", o->form,
		o->forgeable ? " forgeable" : "", o->discarded ? " discarded" : "",
		o->intended ? " intended" : "");
	put_words(out, " (", o->listeners, o->listener_count);
	if (out->n > 0 && out->p[out->n - 1] == ' ') {
		mp_buf_truncate(out, out->n - 1);
	}
	mp_buf_puts(out, ")");
	if (o->because.n > 0) {
		struct mp_position at = mp_loc_position(o->because.v[0].loc);
		mp_buf_printf(out, " <- %s:%u %s", at.file[0] != '\0' ? at.file : "default",
			at.line, o->because.v[0].text);
	}
	mp_buf_putc(out, '\n');
	for (size_t i = 0; i < o->assumption_count; i++) {
		mp_buf_printf(out, "  if %s\n", o->assumptions[i]);
	}
}

const char *surface_text(const struct mp_surface *surface, struct mp_arena *arena)
{
	struct mp_buf out;

	mp_buf_init(&out, 1 << 20);
	for (size_t i = 0; i < surface->n; i++) {
		put_opening(&out, &surface->v[i]);
	}
	for (size_t i = 0; i < surface->note_count; i++) {
		mp_buf_printf(&out, "incomplete: %s\n", surface->notes[i]);
	}
	const char *text = mp_arena_memdup(arena, out.p, out.n);
	mp_buf_release(&out);
	return text;
}

struct mp_surface surface_of(const struct sim *sim, struct mp_arena *arena)
{
	struct mp_server_view view = mp_server_survey(sim_server(sim), sim_facts(sim), arena);
	struct mp_names names = {.helo = "probe.example.net",
		.sender = "postmaster@probe.example.net",
		.foreign_user = "mtaproof",
		.foreign_domain = "example.com",
		.local_domain = view.local_domain};

	mp_names_fill(&names, arena);
	return mp_surface_find(sim_server(sim), &view, sim_facts(sim), &names, arena);
}
