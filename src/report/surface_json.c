/* surface_json - the surface as members of mtaproof.prediction/1 (design 4.4). */
#include "report/surface_json.h"

#include "report/assumptions_json.h"
#include "report/findings_json.h"
#include "report/said.h"

/* "192.0.2.0/24"; a single address without its length. */
static void put_cidr(struct mp_json_writer *w, const struct mp_cidr *net)
{
	char ip[MP_IP_TEXT], text[MP_IP_TEXT + 8];

	mp_ip_format(&net->ip, ip);
	if (net->length == mp_ip_bits(&net->ip)) {
		mp_json_put_string(w, ip);
		return;
	}
	snprintf(text, sizeof text, "%s/%u", ip, net->length);
	mp_json_put_string(w, text);
}

/* A member that is left out when it is empty. */
static void put_strings(
	struct mp_json_writer *w, const char *key, const char *const *values, size_t n)
{
	if (n > 0) {
		mp_json_strings_member(w, key, values, n);
	}
}

static void put_from(struct mp_json_writer *w, const struct mp_opening *o)
{
	mp_json_begin_object(w);
	if (o->from.address_count > 0) {
		mp_json_key(w, "addresses");
		mp_json_begin_array(w);
		for (size_t i = 0; i < o->from.address_count; i++) {
			put_cidr(w, &o->from.addresses[i]);
		}
		mp_json_end_array(w);
	}
	put_strings(w, "address_patterns", o->from.address_patterns, o->from.address_pattern_count);
	put_strings(w, "client_names", o->from.client_names, o->from.client_name_count);
	put_strings(w, "senders", o->from.senders, o->from.sender_count);
	put_strings(w, "helos", o->from.helos, o->from.helo_count);
	put_strings(w, "logins", o->from.logins, o->from.login_count);
	put_strings(w, "certificates", o->from.certificates, o->from.certificate_count);
	if (o->from.tls) {
		mp_json_bool_member(w, "tls", true);
	}
	if (o->from.anyone) {
		mp_json_bool_member(w, "anyone", true);
	}
	mp_json_end_object(w);
}

void mp_opening_json(struct mp_json_writer *w, const struct mp_opening *o)
{
	char ip[MP_IP_TEXT];

	mp_json_begin_object(w);
	mp_json_key(w, "from");
	put_from(w, o);
	mp_json_bool_member(w, "forgeable", o->forgeable);
	mp_json_string_member(w, "to", o->to);
	mp_json_string_member(w, "form", o->form);
	mp_json_bool_member(w, "discarded", o->discarded);
	mp_json_bool_member(w, "intended", o->intended);
	mp_json_strings_member(w, "listeners", o->listeners, o->listener_count);
	mp_json_key(w, "because");
	mp_because_json(w, o->because);
	mp_json_key(w, "assumptions");
	mp_assumptions_json(w, o->assumptions, o->assumption_count);
	mp_json_key(w, "example");
	mp_json_begin_object(w);
	mp_json_string_member(
		w, "client", o->example.family != 0 ? mp_ip_format(&o->example, ip) : "");
	mp_json_key(w, "dialogue");
	mp_json_begin_array(w);
	for (size_t i = 0; i < o->dialogue_count; i++) {
		mp_said_json(w, &o->dialogue[i], true);
	}
	mp_json_end_array(w);
	mp_json_end_object(w);
	mp_json_end_object(w);
}

void mp_surface_json(struct mp_json_writer *w, const struct mp_surface *surface)
{
	mp_json_key(w, "surface");
	mp_json_begin_array(w);
	for (size_t i = 0; i < surface->n; i++) {
		mp_opening_json(w, &surface->v[i]);
	}
	mp_json_end_array(w);
	mp_json_bool_member(w, "surface_complete", surface->complete);
	mp_json_strings_member(w, "surface_notes", surface->notes, surface->note_count);
}
