/* envelope - what every JSON report says of its run. */
#include "cli/envelope.h"

#include "report/findings_json.h"
#include "world/facts_write.h"

static void put_config(struct mp_json_writer *w, const struct mp_loaded *loaded)
{
	const struct mp_source *const *sources;
	size_t n = mp_input_sources(loaded->input, &sources);

	mp_json_key(w, "config");
	mp_json_begin_array(w);
	for (size_t i = 0; i < n; i++) {
		mp_json_begin_object(w);
		mp_json_string_member(w, "file", sources[i]->name);
		mp_json_string_member(w, "sha256", mp_input_sha256(loaded->input, sources[i]));
		if (sources[i]->outside) {
			mp_json_bool_member(w, "outside", true);
		}
		mp_json_end_object(w);
	}
	mp_json_end_array(w);
}

static void put_notes(struct mp_json_writer *w, const struct mp_loaded *loaded)
{
	const char *const *notes;
	size_t n = mp_input_notes(loaded->input, &notes);

	mp_json_strings_member(w, "notes", notes, n);
}

static void put_name(struct mp_json_writer *w, const char *key, const char *value)
{
	mp_json_string_member(w, key, value != NULL ? value : "");
}

static void put_pair(
	struct mp_json_writer *w, const char *key, const char *user, const char *domain)
{
	char text[600] = "";

	if (user != NULL && domain != NULL) {
		snprintf(text, sizeof text, "%s@%s", user, domain);
	}
	mp_json_string_member(w, key, text);
}

static void put_names(struct mp_json_writer *w, const struct mp_names *names)
{
	mp_json_key(w, "names");
	mp_json_begin_object(w);
	put_pair(w, "foreign", names->foreign_user, names->foreign_domain);
	put_name(w, "sender", names->sender);
	put_name(w, "helo", names->helo);
	put_pair(w, "local", names->local_user, names->local_domain);
	mp_json_end_object(w);
}

void mp_listeners_json(struct mp_json_writer *w, const struct mp_server_view *view)
{
	static const char *const tls[] = {[MP_TLS_NONE] = "none",
		[MP_TLS_STARTTLS] = "starttls",
		[MP_TLS_IMPLICIT] = "implicit"};

	mp_json_key(w, "listeners");
	mp_json_begin_array(w);
	for (size_t i = 0; i < view->listener_count; i++) {
		const struct mp_listener *l = &view->listeners[i];
		mp_json_begin_object(w);
		mp_json_string_member(w, "name", l->name);
		mp_json_string_member(w, "address", l->address);
		mp_json_integer_member(w, "port", l->port);
		mp_json_string_member(w, "tls", tls[l->tls]);
		mp_json_key(w, "because");
		mp_because_json(w, l->because);
		mp_json_end_object(w);
	}
	mp_json_end_array(w);
}

void mp_envelope_json(struct mp_json_writer *w, const char *schema, const struct mp_loaded *loaded,
	const struct mp_names *names)
{
	mp_json_string_member(w, "schema", schema);
	mp_json_string_member(w, "mta", loaded->server->ops->mta);
	put_config(w, loaded);
	put_notes(w, loaded);
	mp_json_key(w, "facts");
	mp_facts_write(w, loaded->facts, false);
	put_names(w, names);
}
