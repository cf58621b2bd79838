/* surface_play - one case played once: a dialogue up to the end of a message, in one world. */
#include "predict/surface_internal.h"

#include "base/buf.h"
#include "base/limits.h"
#include "predict/said.h"
#include "smtp/base64.h"

/* A play under way. */
struct talk {
	struct surface_stage *stage;
	const struct surface_case *what;
	struct mp_arena *arena;
	struct mp_sim_session *session;
	bool with_said;
	MP_VEC(struct mp_turn) turns;
	size_t turns_seen; /* of the server's */
	MP_VEC(struct surface_answer) asked;
	MP_VEC(struct mp_said) said;
	bool name_asked;
	struct mp_sim_reply reply; /* the last */
	bool over; /* the dialogue cannot go on: out->end is set */
	struct surface_play *out;
};

/* ---- the world --------------------------------------------------------------------------------
 */

/* The number of a question; answers belong to it: a value that is asked about makes another one. */
static uint32_t question_number(
	struct talk *t, const char *text, const char *const *answers, size_t n)
{
	struct surface_stage *stage = t->stage;
	char *key = mp_arena_printf(t->arena, "%s\n%zu\n%s", text, n, answers[n - 1]);
	union {
		void *pointer;
		uintptr_t number;
	} u = {mp_map_get_str(&stage->question_numbers, key)};

	if (u.pointer == NULL) {
		const char **copy = mp_arena_array(&stage->arena, n, sizeof *copy);
		for (size_t i = 0; i < n; i++) {
			copy[i] = mp_arena_strdup(&stage->arena, answers[i]);
		}
		struct surface_question q = {mp_arena_strdup(&stage->arena, text), copy, n};
		mp_vec_push(&stage->questions, q);
		u.number = stage->questions.n;
		key = mp_arena_strdup(&stage->arena, key);
		mp_map_put(&stage->question_numbers, mp_slice_str(key), u.pointer);
	}
	return (uint32_t)(u.number - 1);
}

static uint32_t answer_of(const struct surface_case *what, uint32_t question)
{
	for (size_t i = 0; i < what->answer_count; i++) {
		if (what->answers[i].question == question) {
			return what->answers[i].answer;
		}
	}
	return 0;
}

static const struct surface_value *value_of(const struct talk *t, enum surface_aspect aspect)
{
	return &t->stage->choice->of[aspect].v[t->what->value[aspect]];
}

static bool is_about_client(const struct talk *t, const char *question, const char *kind)
{
	size_t n = strlen(kind);

	return strncmp(question, kind, n) == 0 && mp_str_eq(question + n, t->stage->client_text);
}

/* What the world says of the client's name: where the first value is taken, nothing at all. */
static const char *answer_name(struct talk *t, const char *question, const char *const *answers)
{
	const struct surface_value *name = value_of(t, SURFACE_NAME);

	t->name_asked = true;
	if (is_about_client(t, question, "client.name ")) {
		return name->say == NULL ? "none" : name->unverified ? "forged" : name->say;
	}
	(void)answers;
	return name->say != NULL && name->unverified ? name->say : "none";
}

static const char *answer(void *context, const char *question, const char *const *answers, size_t n)
{
	struct talk *t = context;

	if (is_about_client(t, question, "client.name ") ||
		is_about_client(t, question, "dns.ptr ")) {
		return answer_name(t, question, answers);
	}
	if (mp_slice_starts(mp_slice_str(question), "sasl.login ")) {
		return "found"; /* the password is the user's */
	}
	struct surface_answer a = {.question = question_number(t, question, answers, n)};
	a.answer = answer_of(t->what, a.question);
	mp_vec_push(&t->asked, a);
	return t->stage->questions.v[a.question].answers[a.answer];
}

/* ---- the dialogue -----------------------------------------------------------------------------
 */

enum hearing { GOOD, BAD, LOST };

/* Whether the dialogue can go on as the client wants it. An outside party that has the last word
 * may accept. */
static enum hearing hear(const struct mp_sim_reply *reply)
{
	switch (reply->kind) {
	case MP_SIM_REPLY:
		return reply->code < 400 ? GOOD : BAD;
	case MP_SIM_ANY:
		return strpbrk(reply->any, "23") != NULL ? GOOD : BAD;
	case MP_SIM_UNKNOWN:
		return LOST;
	case MP_SIM_CLOSED:
	case MP_SIM_REFUSED:
	case MP_SIM_TIMEOUT:
		break;
	}
	return BAD;
}

static void take_turns(struct talk *t)
{
	const struct mp_server_ops *ops = t->stage->subject->server->ops;
	const struct mp_turn *turns;

	if (t->session == NULL || ops->turns == NULL) {
		return;
	}
	size_t n = ops->turns(t->session, &turns);
	for (; t->turns_seen < n; t->turns_seen++) {
		mp_vec_push(&t->turns, turns[t->turns_seen]);
	}
}

static void add_turn(struct talk *t, unsigned step, unsigned code, bool refuses)
{
	struct mp_turn turn = {((uint64_t)step << 32) + code + 1, refuses};

	mp_vec_push(&t->turns, turn);
}

static void end(struct talk *t, enum surface_end how)
{
	t->over = true;
	t->out->end = how;
	t->out->note = how == SURFACE_UNKNOWN ? t->reply.note : "";
}

static void record(struct talk *t, const char *line)
{
	if (t->with_said) {
		mp_vec_push(&t->said, mp_said_of(line, &t->reply));
	}
}

/* The steps of the dialogue, as they mark turns. */
enum step { CONNECT = 1, HELLO, START_TLS, LOGIN, SENDER, RECIPIENT, CONTENT, END };

static enum hearing say(struct talk *t, const char *line)
{
	struct mp_slice slice = mp_slice_str(line);

	t->stage->subject->server->ops->say(t->session, &slice, 1, &t->reply);
	take_turns(t);
	record(t, line);
	return hear(&t->reply);
}

/* Says what the rest of the dialogue needs: a refusal ends it. */
static bool must_say(struct talk *t, enum step step, const char *line)
{
	enum hearing heard = say(t, line);

	if (heard == GOOD) {
		return true;
	}
	add_turn(t, step, t->reply.code, heard == BAD);
	end(t, heard == LOST ? SURFACE_UNKNOWN : SURFACE_REFUSED);
	return false;
}

static bool wants_tls(const struct talk *t)
{
	return value_of(t, SURFACE_TLS)->any || value_of(t, SURFACE_LOGIN)->tls ||
		(t->what->value[SURFACE_CERTIFICATE] != 0 &&
			t->stage->subject->tls != MP_TLS_IMPLICIT);
}

static void connect_client(struct talk *t, struct mp_world *world)
{
	const struct surface_value *certificate = value_of(t, SURFACE_CERTIFICATE);
	struct mp_client_certificate *own = MP_ARENA_NEW(t->arena, struct mp_client_certificate);
	struct mp_connect connect = {.listener = t->stage->connect,
		.client = t->stage->client,
		.tls = t->stage->subject->tls == MP_TLS_IMPLICIT};

	if (t->what->value[SURFACE_CERTIFICATE] != 0) {
		*own = (struct mp_client_certificate){.subject = "CN=somebody",
			.issuer = "CN=somebody",
			.fingerprint = certificate->say,
			.verified = !certificate->unverified};
		connect.certificate = own;
	}
	t->session = t->stage->subject->server->ops->open(
		t->stage->subject->server, world, t->arena, &connect, &t->reply);
	take_turns(t);
	record(t, "");
	if (t->reply.kind == MP_SIM_REFUSED) {
		end(t, SURFACE_UNREACHABLE);
		return;
	}
	enum hearing heard = hear(&t->reply);
	if (heard != GOOD || t->session == NULL) {
		add_turn(t, CONNECT, t->reply.code, heard != LOST);
		end(t, heard == LOST ? SURFACE_UNKNOWN : SURFACE_REFUSED);
	}
}

/* EHLO, HELO where that is refused; without a name there is none. What is refused here may still be
 * let through later. */
static void hello(struct talk *t)
{
	const struct surface_value *helo = value_of(t, SURFACE_HELO);
	const char *name = helo->say;

	if (t->what->value[SURFACE_HELO] == 0) {
		name = t->stage->choice->spare[SURFACE_HELO][t->stage->spare[SURFACE_HELO]];
	}
	if (name == NULL) {
		return;
	}
	enum hearing heard = say(t, mp_arena_printf(t->arena, "EHLO %s", name));
	if (heard == BAD) {
		heard = say(t, mp_arena_printf(t->arena, "HELO %s", name));
	}
	if (heard == LOST) {
		add_turn(t, HELLO, 0, false);
		end(t, SURFACE_UNKNOWN);
	}
}

/* ---- AUTH -------------------------------------------------------------------------------------
 */

static const char *base64(struct talk *t, const char *bytes, size_t n)
{
	struct mp_buf buf;

	mp_buf_init(&buf, MP_LIMIT_COMMAND);
	mp_base64_encode(&buf, mp_slice(bytes, n));
	const char *text = mp_arena_memdup(t->arena, buf.p, buf.n);
	mp_buf_release(&buf);
	return text;
}

/* What the reply to EHLO offers: "PLAIN LOGIN", or NULL. */
static const char *offered(const struct mp_sim_reply *hello)
{
	for (size_t i = 0; hello->kind == MP_SIM_REPLY && i < hello->line_count; i++) {
		const char *line = hello->lines[i];
		if (strlen(line) > 9 && mp_slice_istarts(mp_slice_str(line + 4), "AUTH ")) {
			return line + 9;
		}
	}
	return NULL;
}

static bool has_word(const char *words, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = words; (p = strstr(p, word)) != NULL; p += n) {
		if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0')) {
			return true;
		}
	}
	return false;
}

/* Logs in: what is not announced may work all the same. */
static void log_in(struct talk *t, const char *mechanisms)
{
	static const char password[] = "secret";
	const char *user = value_of(t, SURFACE_LOGIN)->say;
	char *message = mp_arena_printf(t->arena, "-%s-%s", user, password);
	size_t n = strlen(message);

	if (mechanisms == NULL || has_word(mechanisms, "PLAIN")) {
		message[0] = '\0';
		message[strlen(user) + 1] = '\0';
		must_say(t, LOGIN,
			mp_arena_printf(t->arena, "AUTH PLAIN %s", base64(t, message, n)));
	} else if (has_word(mechanisms, "LOGIN")) {
		if (must_say(t, LOGIN, "AUTH LOGIN") &&
			must_say(t, LOGIN, base64(t, user, strlen(user)))) {
			must_say(t, LOGIN, base64(t, password, strlen(password)));
		}
	} else {
		t->reply.note =
			mp_arena_printf(t->arena, "a login by %s is not simulated", mechanisms);
		add_turn(t, LOGIN, 0, false);
		end(t, SURFACE_UNKNOWN);
	}
}

/* ---- all of it --------------------------------------------------------------------------------
 */

static void set_up(struct talk *t)
{
	hello(t);
	if (!t->over && wants_tls(t) && must_say(t, START_TLS, "STARTTLS")) {
		hello(t);
	}
	if (!t->over && t->what->value[SURFACE_LOGIN] != 0) {
		log_in(t, offered(&t->reply));
	}
}

static const char *word_of(struct talk *t, enum surface_aspect aspect)
{
	return t->what->value[aspect] == 0
		? t->stage->choice->spare[aspect][t->stage->spare[aspect]]
		: value_of(t, aspect)->say;
}

/* What the server made of the recipient that it accepted. */
static enum surface_end taken(const struct mp_sim_reply *reply)
{
	switch (reply->taken) {
	case MP_TAKEN_LOCAL:
		return SURFACE_OWN;
	case MP_TAKEN_RELAY:
		return SURFACE_RELAYED;
	case MP_TAKEN_DISCARDED:
		return reply->served ? SURFACE_OWN : SURFACE_DISCARDED;
	case MP_TAKEN_NOT:
		break;
	}
	return SURFACE_UNKNOWN;
}

static void transact(struct talk *t)
{
	if (!must_say(t, SENDER,
		    mp_arena_printf(t->arena, "MAIL FROM:<%s>", word_of(t, SURFACE_SENDER))) ||
		!must_say(t, RECIPIENT,
			mp_arena_printf(t->arena, "RCPT TO:<%s>", word_of(t, SURFACE_RECIPIENT)))) {
		return;
	}
	struct mp_sim_reply accepted = t->reply;
	if (!must_say(t, CONTENT, "DATA") || !must_say(t, END, "Subject: test\r\n\r\n.")) {
		return;
	}
	t->reply.note = "what becomes of the recipient is not said";
	end(t, taken(&accepted));
	t->out->because = accepted.because;
	t->out->served = accepted.served;
	add_turn(t, END, (unsigned)t->out->end * 2 + accepted.served, false);
}

/* The aspects that the server looked at. */
static unsigned looked_at(const struct talk *t)
{
	static const struct {
		enum mp_aspect seen;
		enum surface_aspect aspect;
	} pairs[] = {{MP_ASPECT_HELO, SURFACE_HELO}, {MP_ASPECT_SENDER, SURFACE_SENDER},
		{MP_ASPECT_RECIPIENT, SURFACE_RECIPIENT}, {MP_ASPECT_LOGIN, SURFACE_LOGIN},
		{MP_ASPECT_CERTIFICATE, SURFACE_CERTIFICATE}, {MP_ASPECT_TLS, SURFACE_TLS}};
	const struct mp_server_ops *ops = t->stage->subject->server->ops;
	unsigned consulted = t->session != NULL && ops->consulted != NULL
		? ops->consulted(t->session)
		: MP_ASPECT_ALL;
	unsigned aspects = t->name_asked ? 1u << SURFACE_NAME : 0;

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		aspects |= (consulted & pairs[i].seen) != 0 ? 1u << pairs[i].aspect : 0;
	}
	return aspects;
}

/* Moves what was gathered on the heap into the arena. */
static void settle(struct talk *t)
{
	struct mp_turn *turns = mp_arena_array(t->arena, t->turns.n, sizeof *turns);
	struct surface_answer *asked = mp_arena_array(t->arena, t->asked.n, sizeof *asked);
	struct mp_said *said = mp_arena_array(t->arena, t->said.n, sizeof *said);

	if (t->turns.n > 0) {
		memcpy(turns, t->turns.v, t->turns.n * sizeof *turns);
	}
	if (t->asked.n > 0) {
		memcpy(asked, t->asked.v, t->asked.n * sizeof *asked);
	}
	if (t->said.n > 0) {
		memcpy(said, t->said.v, t->said.n * sizeof *said);
	}
	t->out->turns = turns;
	t->out->turn_count = t->turns.n;
	t->out->asked = asked;
	t->out->asked_count = t->asked.n;
	t->out->said = said;
	t->out->said_count = t->said.n;
	mp_vec_release(&t->turns);
	mp_vec_release(&t->asked);
	mp_vec_release(&t->said);
}

const struct surface_play *surface_play(struct surface_stage *stage,
	const struct surface_case *what, bool with_said, struct mp_arena *arena)
{
	struct talk t = {.stage = stage,
		.what = what,
		.arena = arena,
		.with_said = with_said,
		.out = MP_ARENA_NEW(arena, struct surface_play)};
	struct mp_world *world = mp_world_new_interactive(stage->subject->facts, answer, &t);

	*stage->plays_left -= *stage->plays_left > 0;
	connect_client(&t, world);
	if (!t.over) {
		set_up(&t);
	}
	if (!t.over) {
		transact(&t);
	}
	t.out->aspects = looked_at(&t);
	settle(&t);
	mp_world_free(world);
	return t.out;
}

void surface_stage_open(struct surface_stage *stage, const struct surface_subject *subject,
	const struct surface_choice *choice, const struct mp_ip *client, size_t *plays_left)
{
	char text[MP_IP_TEXT];

	*stage = (struct surface_stage){
		.subject = subject, .choice = choice, .client = *client, .plays_left = plays_left};
	stage->client_text = mp_arena_strdup(&stage->arena, mp_ip_format(client, text));
	stage->connect = subject->at[client->family == 6];
}

void surface_stage_close(struct surface_stage *stage)
{
	mp_vec_release(&stage->questions);
	mp_map_release(&stage->question_numbers);
	mp_arena_release(&stage->arena);
}
