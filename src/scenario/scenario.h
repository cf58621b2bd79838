/*
 * scenario - dialogues with a purpose, read from rules/scenarios/ (design 4.5).
 *
 * A scenario is data: what is said, which reply is tested, who says it, and where. It names no
 * server: the words in braces are bound per run (scenario/names.h), and scenario/planner.h puts
 * many scenarios into few connections.
 *
 *	{"scenarios": [
 *	  {"id": "relay/plain", "title": "...", "why": "...", "group": "relay", "suites": ["quick"],
 *	   "client": "outsider", "services": ["smtp"], "needs": [], "impact": "quiet",
 *	   "control": "local/recipient", "rejects": true, "tests": "RCPT",
 *	   "dialogue": ["EHLO {helo}", "MAIL FROM:<{sender}>",
 *	                "RCPT TO:<{foreign.user}@{foreign.domain}>"],
 *	   "alarm": {"outcome": "accepted-relay", "rule": "relay/open", "severity": "error"}}]}
 *
 * A file may also hold {"suites": [{"name": "quick", "title": "...", "rejects": 4}]}.
 *
 * Optional members: suites, services, needs, control, keyword, rejects, any_refusal, alarm.
 * "tests" is a command: the last line of the dialogue with it is tested. "AUTH {login}" is a login
 * with the user's credentials; "{message}", behind "DATA", is a test message. A name
 * "{each.domain}" has the scenario played once for each of many. Of an alarm, "outcome" (one, or an
 * array) and either "rule" or "message" are needed; "severity" (error), "client", "services",
 * "port", "certain" and "passwords" narrow it. "accepted" stands for accepted-local and
 * accepted-relay, too; what is seen as accepted is "accepted-relay" unless the prediction takes it
 * for local.
 */
#ifndef MP_SCENARIO_SCENARIO_H
#define MP_SCENARIO_SCENARIO_H

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"
#include "diag/finding.h"
#include "smtp/command.h"

enum mp_client_class {
	MP_CLIENT_ANY, /* of scenarios only: whoever asks */
	MP_CLIENT_OUTSIDER,
	MP_CLIENT_TRUSTED, /* in a network that the configuration trusts */
	MP_CLIENT_SERVER /* the host itself; it plays the scenarios of the trusted, too */
};

/* "any", "outsider", "trusted", "server" */
const char *mp_client_class_name(enum mp_client_class client);
/* Whether a client of this class plays scenarios that are for `wanted`. */
bool mp_client_plays(enum mp_client_class client, enum mp_client_class wanted);

/* Where a scenario makes sense: bits. */
enum mp_service {
	MP_SERVICE_SMTP = 1 << 0, /* mail from other servers: port 25 */
	MP_SERVICE_SUBMISSION = 1 << 1, /* port 587, STARTTLS (RFC 6409) */
	MP_SERVICE_SUBMISSIONS = 1 << 2 /* port 465, TLS at once (RFC 8314) */
};

enum { MP_SERVICE_ALL = MP_SERVICE_SMTP | MP_SERVICE_SUBMISSION | MP_SERVICE_SUBMISSIONS };

/* "smtp", "submission", "submissions" */
const char *mp_service_name(enum mp_service service);
/* What a port is used for; MP_SERVICE_SMTP for ports without a meaning of their own. */
enum mp_service mp_service_of_port(unsigned port);

/* What a scenario cannot do without: bits. */
enum mp_need {
	MP_NEED_CREDENTIALS = 1 << 0,
	MP_NEED_CLEAR = 1 << 1, /* a connection without TLS at first */
	MP_NEED_TLS = 1 << 2, /* it begins TLS itself, or the listener does */
	MP_NEED_DELIVER = 1 << 3, /* a message is delivered: only where the user allows that */
	MP_NEED_CERTIFICATE = 1 << 4 /* the client's own, which it shows in TLS */
};

enum {
	MP_NEED_ALL = MP_NEED_CREDENTIALS | MP_NEED_CLEAR | MP_NEED_TLS | MP_NEED_DELIVER |
		MP_NEED_CERTIFICATE
};

/* "credentials", "clear", "tls", "deliver", "certificate" */
const char *mp_need_name(enum mp_need need);

enum mp_impact { MP_IMPACT_QUIET, MP_IMPACT_LOGGED, MP_IMPACT_INTRUSIVE };

const char *mp_impact_name(enum mp_impact impact);

/* An outcome that is bad whatever the configuration says. */
struct mp_alarm {
	const char *const *outcomes; /* any of "accepted-relay", "offered", ...; none: no alarm */
	size_t outcome_count;
	/* The permanent id of what is wrong ("relay/open": predict/behaviour.h), which many
	 * scenarios may show; NULL: the scenario's own. */
	const char *rule;
	enum mp_severity severity;
	const char *message; /* "" where the rule says it all */
	enum mp_client_class client; /* only when one of this class played it */
	unsigned services; /* only at these: enum mp_service */
	unsigned port; /* only at a listener of this port; 0: at any */
	bool certain; /* only when it is so in every world */
	bool passwords; /* a note where no mechanism that is offered shows a password */
};

struct mp_scenario {
	const char *id, *title, *why, *group;
	const char *const *suites;
	size_t suite_count;
	enum mp_client_class client;
	unsigned services; /* enum mp_service */
	unsigned needs; /* enum mp_need */
	enum mp_impact impact;
	const char *control; /* id of the scenario that is the control; NULL: none */
	bool rejects; /* a refusal is expected: counted against the budget */
	bool any_refusal; /* see smtp/plan.h */
	enum mp_verb tests;
	size_t tested; /* the line of the dialogue */
	const char *keyword; /* of the reply to EHLO; NULL: the reply itself */
	const char *const *dialogue;
	size_t line_count;
	const char *each; /* "each.sender": played once for each of these names; NULL: once */
	const char *with; /* of one such play (select.h): the name; else "" */
	struct mp_alarm alarm;
};

/* A named choice of scenarios. "full" needs no entry. */
struct mp_suite {
	const char *name, *title;
	unsigned rejects; /* expected refusals at one server in one run, all its listeners
			     together; 0: as many as there are */
};

/* The line of a dialogue that is a login with the user's credentials. */
#define MP_LOGIN_LINE "AUTH {login}"
/* The line that is a message. */
#define MP_MESSAGE_LINE "{message}"

/* What a line of a dialogue is: its command, or MP_VERB_CONTENT of a message. */
enum mp_verb mp_scenario_verb(const char *line);

/* Whether a refusal of this line of the dialogue is expected: of the tested one where the scenario
 * `rejects`, and of what leads there: each recipient before DATA, a made-up login. */
bool mp_scenario_expects_refusal(const struct mp_scenario *s, size_t line);

struct mp_scenarios {
	struct mp_arena arena;
	MP_VEC(const struct mp_scenario *) list;
	MP_VEC(const struct mp_suite *) suites;
};

/* Empty with {0}; frees all. */
void mp_scenarios_release(struct mp_scenarios *s);
/* Adds those that are compiled in, in the order of their files; they were checked when they were.
 * 0. */
int mp_scenarios_builtin(struct mp_scenarios *s, struct mp_err *err);
/* Adds those of all DIR/scenarios/NAME.json (or DIR/NAME.json when there is no such folder). An id
 * that is already there is replaced. MP_ERR_INPUT. */
int mp_scenarios_folder(struct mp_scenarios *s, const char *dir, struct mp_err *err);
/* Adds those of one text; name is for messages. MP_ERR_INPUT names file and member. */
int mp_scenarios_read(
	struct mp_scenarios *s, const char *name, struct mp_slice json, struct mp_err *err);
/* Whether each control that is named is a scenario that can be one: it may stand in another file,
 * so this is for when all are read. MP_ERR_INPUT. */
int mp_scenarios_check(const struct mp_scenarios *s, struct mp_err *err);
/* Whether the alarm is about this outcome ("accepted-relay"). */
bool mp_alarm_names(const struct mp_alarm *alarm, const char *outcome);
/* By id; NULL when there is none. */
const struct mp_scenario *mp_scenario_find(const struct mp_scenarios *s, const char *id);
/* Whether the suite holds the scenario; "full" holds all, and a scenario's id is a suite of its
 * own. */
bool mp_scenario_in_suite(const struct mp_scenario *scenario, const char *suite);
/* What is said of a suite; NULL when nothing is. */
const struct mp_suite *mp_suite_find(const struct mp_scenarios *s, const char *name);
/* Whether any scenario is in the suite: "full" always. */
bool mp_suite_exists(const struct mp_scenarios *s, const char *suite);

#endif
