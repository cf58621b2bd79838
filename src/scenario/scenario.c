/*
 * scenario - reading suites of scenarios.
 *
 * DESCRIPTION
 *	Every member is checked; an unknown one, a wrong type or a dialogue that does not hold
 *	together is an error that names file, scenario and member, so that a file of the user's own
 *	(--rules) cannot be half understood.
 */
#include "scenario/scenario.h"

#include "base/alloc.h"
#include "base/limits.h"
#include "scenario/names.h"
#include "json/read.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

const char *mp_client_class_name(enum mp_client_class client)
{
	switch (client) {
	case MP_CLIENT_ANY:
		return "any";
	case MP_CLIENT_OUTSIDER:
		return "outsider";
	case MP_CLIENT_TRUSTED:
		return "trusted";
	case MP_CLIENT_SERVER:
		return "server";
	}
	return "";
}

bool mp_client_plays(enum mp_client_class client, enum mp_client_class wanted)
{
	return wanted == MP_CLIENT_ANY || wanted == client ||
		(wanted == MP_CLIENT_TRUSTED && client == MP_CLIENT_SERVER);
}

const char *mp_service_name(enum mp_service service)
{
	switch (service) {
	case MP_SERVICE_SMTP:
		return "smtp";
	case MP_SERVICE_SUBMISSION:
		return "submission";
	case MP_SERVICE_SUBMISSIONS:
		return "submissions";
	}
	return "";
}

enum mp_service mp_service_of_port(unsigned port)
{
	return port == 587    ? MP_SERVICE_SUBMISSION
		: port == 465 ? MP_SERVICE_SUBMISSIONS
			      : MP_SERVICE_SMTP;
}

const char *mp_impact_name(enum mp_impact impact)
{
	switch (impact) {
	case MP_IMPACT_QUIET:
		return "quiet";
	case MP_IMPACT_LOGGED:
		return "logged";
	case MP_IMPACT_INTRUSIVE:
		return "intrusive";
	}
	return "";
}

void mp_scenarios_release(struct mp_scenarios *s)
{
	mp_vec_release(&s->list);
	mp_vec_release(&s->suites);
	mp_arena_release(&s->arena);
}

enum mp_verb mp_scenario_verb(const char *line)
{
	return mp_str_eq(line, MP_MESSAGE_LINE) ? MP_VERB_CONTENT
						: mp_command_verb(mp_slice_str(line));
}

bool mp_scenario_expects_refusal(const struct mp_scenario *s, size_t line)
{
	enum mp_verb verb = mp_scenario_verb(s->dialogue[line]);

	if (!s->rejects || line > s->tested) {
		return false;
	}
	return line == s->tested || (verb == MP_VERB_RCPT && s->tests == MP_VERB_DATA) ||
		(verb == MP_VERB_AUTH && !mp_str_eq(s->dialogue[line], MP_LOGIN_LINE));
}

/* What is being read, for messages. */
struct reader {
	struct mp_scenarios *all;
	const char *file;
	const char *id;
	struct mp_err *err;
	struct mp_scenario *s;
};

static int refuse(struct reader *r, const char *member, const char *what)
{
	return mp_err_set(r->err, MP_ERR_INPUT, "%s: scenario \"%s\": \"%s\": %s", r->file, r->id,
		member, what);
}

/* A value among names; -1 when it is none of them. */
static int choice(struct mp_slice value, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (mp_slice_eq_str(value, names[i])) {
			return (int)i;
		}
	}
	return -1;
}

static const char *const need_names[] = {"credentials", "clear", "tls", "deliver", "certificate"};

const char *mp_need_name(enum mp_need need)
{
	for (size_t i = 0; i < sizeof need_names / sizeof need_names[0]; i++) {
		if (need == 1u << i) {
			return need_names[i];
		}
	}
	return "";
}

static const char *const client_names[] = {"any", "outsider", "trusted", "server"};
static const char *const service_names[] = {"smtp", "submission", "submissions"};
static const char *const impact_names[] = {"quiet", "logged", "intrusive"};
static const char *const severity_names[] = {"note", "warning", "error"};
static const char *const alarm_outcomes[] = {
	"accepted", "accepted-local", "accepted-relay", "refused", "offered", "not-offered"};

enum { ALARM_OUTCOMES = sizeof alarm_outcomes / sizeof alarm_outcomes[0] };

static int read_text(struct reader *r, const char *key, const struct mp_json *v, const char **out)
{
	struct mp_slice s = mp_json_string(v);

	if (mp_json_type(v) != MP_JSON_STRING || s.n == 0 ||
		mp_slice_chr(s, '\0') != MP_NOT_FOUND) {
		return refuse(r, key, "expected a text");
	}
	*out = mp_arena_slicedup(&r->all->arena, s);
	return 0;
}

static int read_bool(struct reader *r, const char *key, const struct mp_json *v, bool *out)
{
	if (mp_json_type(v) != MP_JSON_BOOL) {
		return refuse(r, key, "expected true or false");
	}
	*out = mp_json_bool(v);
	return 0;
}

static int read_choice(struct reader *r, const char *key, const struct mp_json *v,
	const char *const *names, size_t n, int *out)
{
	*out = choice(mp_json_string(v), names, n);
	return *out < 0 ? refuse(r, key, "not one of the words that may stand here") : 0;
}

/* A list of words as bits. */
static int read_bits(struct reader *r, const char *key, const struct mp_json *v,
	const char *const *names, size_t n, unsigned *out)
{
	*out = 0;
	if (mp_json_type(v) != MP_JSON_ARRAY) {
		return refuse(r, key, "expected an array of words");
	}
	for (size_t i = 0; i < mp_json_count(v); i++) {
		int bit;
		if (read_choice(r, key, mp_json_item(v, i), names, n, &bit) != 0) {
			return -1;
		}
		*out |= 1U << bit;
	}
	return 0;
}

static int read_texts(struct reader *r, const char *key, const struct mp_json *v,
	const char *const **out, size_t *n)
{
	if (mp_json_type(v) != MP_JSON_ARRAY) {
		return refuse(r, key, "expected an array of texts");
	}
	const char **texts = mp_arena_array(&r->all->arena, mp_json_count(v), sizeof *texts);
	for (size_t i = 0; i < mp_json_count(v); i++) {
		if (read_text(r, key, mp_json_item(v, i), &texts[i]) != 0) {
			return -1;
		}
	}
	*out = texts;
	*n = mp_json_count(v);
	return 0;
}

static int read_port(struct reader *r, const char *key, const struct mp_json *v, unsigned *out)
{
	long long port = mp_json_integer(v);

	if (mp_json_type(v) != MP_JSON_INTEGER || port < 1 || port > 65535) {
		return refuse(r, key, "expected a number from 1 to 65535");
	}
	*out = (unsigned)port;
	return 0;
}

/* One outcome, or an array of them. */
static int read_alarm_outcomes(struct reader *r, const struct mp_json *v)
{
	struct mp_alarm *alarm = &r->s->alarm;
	bool many = mp_json_type(v) == MP_JSON_ARRAY;
	size_t count = many ? mp_json_count(v) : 1;
	const char **outcomes = mp_arena_array(&r->all->arena, count, sizeof *outcomes);

	for (size_t i = 0; i < count; i++) {
		int n;
		if (read_choice(r, "alarm.outcome", many ? mp_json_item(v, i) : v, alarm_outcomes,
			    ALARM_OUTCOMES, &n) != 0) {
			return -1;
		}
		outcomes[i] = alarm_outcomes[n];
	}
	alarm->outcomes = outcomes;
	alarm->outcome_count = count;
	return 0;
}

static int read_alarm_member(struct reader *r, const char *key, const struct mp_json *v)
{
	struct mp_alarm *alarm = &r->s->alarm;
	int n = 0, bad;

	if (mp_str_eq(key, "outcome")) {
		bad = read_alarm_outcomes(r, v);
	} else if (mp_str_eq(key, "severity")) {
		bad = read_choice(r, "alarm.severity", v, severity_names, 3, &n);
		alarm->severity = (enum mp_severity)n;
	} else if (mp_str_eq(key, "message")) {
		bad = read_text(r, "alarm.message", v, &alarm->message);
	} else if (mp_str_eq(key, "rule")) {
		bad = read_text(r, "alarm.rule", v, &alarm->rule);
	} else if (mp_str_eq(key, "client")) {
		bad = read_choice(r, "alarm.client", v, client_names, 4, &n);
		alarm->client = (enum mp_client_class)n;
	} else if (mp_str_eq(key, "services")) {
		bad = read_bits(r, "alarm.services", v, service_names, 3, &alarm->services);
	} else if (mp_str_eq(key, "port")) {
		bad = read_port(r, "alarm.port", v, &alarm->port);
	} else if (mp_str_eq(key, "certain")) {
		bad = read_bool(r, "alarm.certain", v, &alarm->certain);
	} else if (mp_str_eq(key, "passwords")) {
		bad = read_bool(r, "alarm.passwords", v, &alarm->passwords);
	} else {
		bad = refuse(r, "alarm", "unknown member");
	}
	return bad;
}

static int read_alarm(struct reader *r, const struct mp_json *v)
{
	void *at = NULL;
	const char *key;
	const struct mp_json *member;
	struct mp_alarm *alarm = &r->s->alarm;

	if (mp_json_type(v) != MP_JSON_OBJECT) {
		return refuse(r, "alarm", "expected an object");
	}
	*alarm = (struct mp_alarm){.severity = MP_ERROR, .message = "", .services = MP_SERVICE_ALL};
	while (mp_json_next(v, &at, &key, &member)) {
		if (read_alarm_member(r, key, member) != 0) {
			return -1;
		}
	}
	if (alarm->outcome_count == 0 || (alarm->rule == NULL && alarm->message[0] == '\0')) {
		return refuse(r, "alarm", "outcome, and message or rule, are missing");
	}
	return 0;
}

static int read_member(struct reader *r, const char *key, const struct mp_json *v)
{
	struct mp_scenario *s = r->s;
	const char *text = "";
	int n = 0, bad = 0;

	if (mp_str_eq(key, "id")) {
		bad = read_text(r, key, v, &s->id);
	} else if (mp_str_eq(key, "title")) {
		bad = read_text(r, key, v, &s->title);
	} else if (mp_str_eq(key, "why")) {
		bad = read_text(r, key, v, &s->why);
	} else if (mp_str_eq(key, "group")) {
		bad = read_text(r, key, v, &s->group);
	} else if (mp_str_eq(key, "control")) {
		bad = read_text(r, key, v, &s->control);
	} else if (mp_str_eq(key, "keyword")) {
		bad = read_text(r, key, v, &s->keyword);
	} else if (mp_str_eq(key, "suites")) {
		bad = read_texts(r, key, v, &s->suites, &s->suite_count);
	} else if (mp_str_eq(key, "dialogue")) {
		bad = read_texts(r, key, v, &s->dialogue, &s->line_count);
	} else if (mp_str_eq(key, "client")) {
		bad = read_choice(r, key, v, client_names, 4, &n);
		s->client = (enum mp_client_class)n;
	} else if (mp_str_eq(key, "services")) {
		bad = read_bits(r, key, v, service_names, 3, &s->services);
	} else if (mp_str_eq(key, "needs")) {
		bad = read_bits(r, key, v, need_names, 5, &s->needs);
	} else if (mp_str_eq(key, "impact")) {
		bad = read_choice(r, key, v, impact_names, 3, &n);
		s->impact = (enum mp_impact)n;
	} else if (mp_str_eq(key, "rejects")) {
		bad = read_bool(r, key, v, &s->rejects);
	} else if (mp_str_eq(key, "any_refusal")) {
		bad = read_bool(r, key, v, &s->any_refusal);
	} else if (mp_str_eq(key, "tests")) {
		bad = read_text(r, key, v, &text);
		s->tests = bad == 0 ? mp_verb_find(mp_slice_str(text)) : MP_VERB_OTHER;
		if (bad == 0 && s->tests == MP_VERB_OTHER) {
			bad = refuse(r, key, "not a command");
		}
	} else if (mp_str_eq(key, "alarm")) {
		bad = read_alarm(r, v);
	} else {
		bad = refuse(r, key, "unknown member");
	}
	return bad;
}

/* A word in braces: one that can be bound, and of the each.* names one only. */
static int check_word(struct reader *r, struct mp_slice word)
{
	struct mp_scenario *s = r->s;

	if (!mp_names_known(word)) {
		return refuse(r, "dialogue", "a name in braces that is not known");
	}
	if (!mp_names_is_each(word)) {
		return 0;
	}
	if (s->each != NULL && !mp_slice_eq_str(word, s->each)) {
		return refuse(r, "dialogue", "only one kind of each.* names can be played");
	}
	s->each = mp_arena_slicedup(&r->all->arena, word);
	return 0;
}

/* Every word in braces is known, and the line can be sent. */
static int check_line(struct reader *r, const char *line)
{
	struct mp_slice rest = mp_slice_str(line);

	if (!mp_command_ok(rest)) {
		return refuse(r, "dialogue", "a line that cannot be sent");
	}
	for (size_t open; (open = mp_slice_chr(rest, '{')) != MP_NOT_FOUND;) {
		rest = mp_slice_from(rest, open + 1);
		size_t close = mp_slice_chr(rest, '}');
		if (close == MP_NOT_FOUND) {
			return refuse(r, "dialogue", "a brace that is not closed");
		}
		if (check_word(r, mp_slice_sub(rest, 0, close)) != 0) {
			return -1;
		}
	}
	return 0;
}

/* A message stands behind DATA, to one recipient who may have it, and only where the scenario says
 * that it delivers. */
static int check_message(struct reader *r)
{
	const struct mp_scenario *s = r->s;
	bool delivers = (s->needs & MP_NEED_DELIVER) != 0, content = false;

	for (size_t i = 0; i < s->line_count; i++) {
		const char *line = s->dialogue[i];
		enum mp_verb before =
			i > 0 ? mp_command_verb(mp_slice_str(s->dialogue[i - 1])) : MP_VERB_OTHER;
		if (!mp_str_eq(line, MP_MESSAGE_LINE)) {
			if (delivers && mp_command_verb(mp_slice_str(line)) == MP_VERB_RCPT &&
				!mp_str_eq(line, "RCPT TO:<{deliver.to}>")) {
				return refuse(r, "dialogue",
					"a message is delivered to {deliver.to} only");
			}
			continue;
		}
		if (!delivers || before != MP_VERB_DATA) {
			return refuse(r, "dialogue",
				"{message} stands behind DATA, and needs \"deliver\"");
		}
		content = true;
	}
	return delivers && !content ? refuse(r, "needs", "\"deliver\" without a {message}") : 0;
}

static int find_tested(struct reader *r)
{
	struct mp_scenario *s = r->s;
	bool found = false;

	for (size_t i = 0; i < s->line_count; i++) {
		if (mp_scenario_verb(s->dialogue[i]) == s->tests) {
			s->tested = i;
			found = true;
		}
	}
	return found ? 0 : refuse(r, "tests", "no line of the dialogue has this command");
}

static int check_scenario(struct reader *r)
{
	struct mp_scenario *s = r->s;

	if (s->id == NULL || s->title == NULL || s->why == NULL || s->group == NULL ||
		s->line_count == 0) {
		return refuse(r, "id, title, why, group, dialogue", "one of them is missing");
	}
	for (size_t i = 0; i < s->line_count; i++) {
		if (check_line(r, s->dialogue[i]) != 0) {
			return -1;
		}
	}
	if (find_tested(r) != 0 || check_message(r) != 0) {
		return -1;
	}
	if (s->keyword != NULL && s->tests != MP_VERB_EHLO) {
		return refuse(r, "keyword", "only the reply to EHLO has keywords");
	}
	return 0;
}

static void add(struct mp_scenarios *all, const struct mp_scenario *scenario)
{
	for (size_t i = 0; i < all->list.n; i++) {
		if (mp_str_eq(all->list.v[i]->id, scenario->id)) {
			all->list.v[i] = scenario;
			return;
		}
	}
	mp_vec_push(&all->list, scenario);
}

static int read_scenario(struct reader *r, const struct mp_json *v)
{
	void *at = NULL;
	const char *key;
	const struct mp_json *member;

	r->s = MP_ARENA_NEW(&r->all->arena, struct mp_scenario);
	r->s->services = MP_SERVICE_ALL;
	r->s->tests = MP_VERB_OTHER;
	r->s->with = "";
	r->id = mp_arena_strdup(&r->all->arena, mp_json_cstring(mp_json_get(v, "id")));
	if (mp_json_type(v) != MP_JSON_OBJECT) {
		return refuse(r, "scenarios", "expected objects");
	}
	while (mp_json_next(v, &at, &key, &member)) {
		if (read_member(r, key, member) != 0) {
			return -1;
		}
	}
	if (check_scenario(r) != 0) {
		return -1;
	}
	add(r->all, r->s);
	return 0;
}

static int read_suite(struct reader *r, const struct mp_json *v)
{
	struct mp_suite *suite = MP_ARENA_NEW(&r->all->arena, struct mp_suite);
	void *at = NULL;
	const char *key;
	const struct mp_json *member;

	r->id = "";
	if (mp_json_type(v) != MP_JSON_OBJECT) {
		return refuse(r, "suites", "expected objects");
	}
	while (mp_json_next(v, &at, &key, &member)) {
		int bad = 0;
		if (mp_str_eq(key, "name")) {
			bad = read_text(r, key, member, &suite->name);
		} else if (mp_str_eq(key, "title")) {
			bad = read_text(r, key, member, &suite->title);
		} else if (mp_str_eq(key, "rejects")) {
			long long n = mp_json_integer(member);
			bool good = mp_json_type(member) == MP_JSON_INTEGER && n >= 1 && n <= 1000;
			bad = good ? 0 : refuse(r, key, "expected a number from 1 to 1000");
			suite->rejects = good ? (unsigned)n : 0;
		} else {
			bad = refuse(r, key, "unknown member of a suite");
		}
		if (bad != 0) {
			return -1;
		}
	}
	if (suite->name == NULL || suite->title == NULL) {
		return refuse(r, "suites", "name and title are missing");
	}
	mp_vec_push(&r->all->suites, suite);
	return 0;
}

static int read_list(struct reader *r, const struct mp_json *document, const char *key,
	int (*read_item)(struct reader *, const struct mp_json *))
{
	const struct mp_json *list = mp_json_get(document, key);

	if (list == NULL) {
		return 0;
	}
	if (mp_json_type(list) != MP_JSON_ARRAY) {
		return mp_err_set(
			r->err, MP_ERR_INPUT, "%s: \"%s\": expected an array", r->file, key);
	}
	for (size_t i = 0; i < mp_json_count(list); i++) {
		if (read_item(r, mp_json_item(list, i)) != 0) {
			return -1;
		}
	}
	return 0;
}

int mp_scenarios_read(
	struct mp_scenarios *s, const char *name, struct mp_slice json, struct mp_err *err)
{
	struct reader r = {.all = s, .file = name, .id = "", .err = err};
	struct mp_json *document = mp_json_parse(name, 0, json, err);

	if (document == NULL) {
		return -1;
	}
	size_t known = (mp_json_get(document, "scenarios") != NULL) +
		(mp_json_get(document, "suites") != NULL);
	int bad = 0;
	if (mp_json_type(document) != MP_JSON_OBJECT || known == 0 ||
		mp_json_count(document) != known) {
		bad = mp_err_set(err, MP_ERR_INPUT,
			"%s: expected an object with an array \"scenarios\" (or \"suites\", or "
			"both)",
			name);
	}
	bad = bad != 0 ? bad : read_list(&r, document, "suites", read_suite);
	bad = bad != 0 ? bad : read_list(&r, document, "scenarios", read_scenario);
	mp_json_free(document);
	return bad;
}

int mp_scenarios_check(const struct mp_scenarios *s, struct mp_err *err)
{
	for (size_t i = 0; i < s->list.n; i++) {
		const struct mp_scenario *one = s->list.v[i];
		if (one->control == NULL) {
			continue;
		}
		const struct mp_scenario *control = mp_scenario_find(s, one->control);
		if (control == NULL || control == one || control->each != NULL) {
			return mp_err_set(err, MP_ERR_INPUT,
				"scenario \"%s\": \"control\": \"%s\" is no scenario that could be "
				"its control",
				one->id, one->control);
		}
	}
	return 0;
}

static int read_file(struct mp_scenarios *s, const char *path, struct mp_err *err)
{
	FILE *f = fopen(path, "rb");
	int bad = 0;

	if (f == NULL) {
		return mp_err_set(err, MP_ERR_INPUT, "%s: %s", path, strerror(errno));
	}
	char *text = mp_alloc(MP_LIMIT_RULES + 1);
	size_t n = fread(text, 1, MP_LIMIT_RULES + 1, f);
	if (ferror(f)) {
		bad = mp_err_set(err, MP_ERR_INPUT, "%s: cannot be read", path);
	} else if (n > MP_LIMIT_RULES) {
		bad = mp_err_set(err, MP_ERR_INPUT, "%s: too large", path);
	} else {
		bad = mp_scenarios_read(s, path, mp_slice(text, n), err);
	}
	free(text);
	fclose(f);
	return bad;
}

static int is_json(const struct dirent *entry)
{
	return mp_slice_ends(mp_slice_str(entry->d_name), ".json");
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

int mp_scenarios_folder(struct mp_scenarios *s, const char *dir, struct mp_err *err)
{
	struct dirent **entries;
	struct stat st;
	const char *inner = mp_arena_printf(&s->arena, "%s/scenarios", dir);
	const char *folder = stat(inner, &st) == 0 && S_ISDIR(st.st_mode) ? inner : dir;
	int bad = 0;
	int n = scandir(folder, &entries, is_json, by_bytes);

	if (n < 0) {
		return mp_err_set(err, MP_ERR_INPUT, "%s: %s", folder, strerror(errno));
	}
	for (int i = 0; i < n; i++) {
		const char *path = mp_arena_printf(&s->arena, "%s/%s", folder, entries[i]->d_name);
		bad = bad != 0 ? bad : read_file(s, path, err);
		free(entries[i]);
	}
	free(entries);
	return bad != 0 ? bad : mp_scenarios_check(s, err);
}

const struct mp_scenario *mp_scenario_find(const struct mp_scenarios *s, const char *id)
{
	for (size_t i = 0; i < s->list.n; i++) {
		if (mp_str_eq(s->list.v[i]->id, id)) {
			return s->list.v[i];
		}
	}
	return NULL;
}

bool mp_scenario_in_suite(const struct mp_scenario *scenario, const char *suite)
{
	for (size_t i = 0; i < scenario->suite_count; i++) {
		if (mp_str_eq(scenario->suites[i], suite)) {
			return true;
		}
	}
	return mp_str_eq(suite, "full") || mp_str_eq(suite, scenario->id);
}

const struct mp_suite *mp_suite_find(const struct mp_scenarios *s, const char *name)
{
	for (size_t i = s->suites.n; i > 0; i--) {
		if (mp_str_eq(s->suites.v[i - 1]->name, name)) {
			return s->suites.v[i - 1];
		}
	}
	return NULL;
}

bool mp_suite_exists(const struct mp_scenarios *s, const char *suite)
{
	for (size_t i = 0; i < s->list.n; i++) {
		if (mp_scenario_in_suite(s->list.v[i], suite)) {
			return true;
		}
	}
	return mp_str_eq(suite, "full");
}

bool mp_alarm_names(const struct mp_alarm *alarm, const char *outcome)
{
	for (size_t i = 0; i < alarm->outcome_count; i++) {
		const char *named = alarm->outcomes[i];
		if (mp_str_eq(named, outcome) ||
			(mp_str_eq(named, "accepted") &&
				(mp_str_eq(outcome, "accepted-relay") ||
					mp_str_eq(outcome, "accepted-local")))) {
			return true;
		}
	}
	return false;
}
