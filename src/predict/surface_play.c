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
	const struct mp_ip *client;
	const char *client_text;
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

/* The text with the client's address in braces: the same question is asked of each client. */
static const char *general(const struct talk *t, const char *text, struct mp_arena *arena)
{
	const char *at = strstr(text, t->client_text);

	if (at == NULL) {
		return mp_arena_strdup(arena, text);
	}
	return mp_arena_printf(arena, "%.*s{client.address}%s", (int)(at - text), text,
		at + strlen(t->client_text));
}

/* Which of the answers is taken unless another is tried: the best guess, and of a table that what
 * nobody has heard of is not in it. */
static size_t first_answer(const char *question, const char *const *answers, size_t n)
{
	for (size_t i = 0; i < n && mp_slice_starts(mp_slice_str(question), "table.lookup "); i++) {
		if (mp_str_eq(answers[i], "none")) {
			return i;
		}
	}
	return 0;
}

/* The answers in the order of numbers: the first one in front. */
static size_t answer_place(size_t first, size_t number)
{
	return number == 0 ? first : number == first ? 0 : number;
}

/* The number of a question; answers belong to it: a value that is asked about makes another one. */
static uint32_t question_number(
	struct talk *t, const char *text, const char *const *answers, size_t n)
{
	struct surface_stage *stage = t->stage;
	const char *last = general(t, answers[n - 1], t->arena);
	const char *asked = general(t, text, t->arena);
	char *key = mp_arena_printf(t->arena, "%s\n%zu\n%s", asked, n, last);
	union {
		void *pointer;
		uintptr_t number;
	} u = {mp_map_get_str(&stage->question_numbers, key)};

	if (u.pointer == NULL) {
		const char **copy = mp_arena_array(&stage->arena, n, sizeof *copy);
		size_t first = first_answer(text, answers, n);
		for (size_t i = 0; i < n; i++) {
			copy[i] = general(t, answers[answer_place(first, i)], &stage->arena);
		}
		struct surface_question q = {
			.text = mp_arena_strdup(&stage->arena, asked), .answers = copy, .n = n};
		mp_vec_push(&stage->questions, q);
		u.number = stage->questions.n;
		key = mp_arena_strdup(&stage->arena, key);
		mp_map_put(&stage->question_numbers, mp_slice_str(key), u.pointer);
	}
	return (uint32_t)(u.number - 1);
}

uint32_t surface_answer_in(const struct surface_case *what, uint32_t question)
{
	for (size_t i = 0; i < what->answer_count; i++) {
		if (what->answers[i].question == question) {
			return what->answers[i].answer;
		}
	}
	return 0;
}

struct surface_case surface_keep_case(const struct surface_case *what, struct mp_arena *arena)
{
	struct surface_case out = *what;
	struct surface_answer *v = mp_arena_array(arena, what->answer_count, sizeof *v);

	if (what->answer_count > 0) {
		memcpy(v, what->answers, what->answer_count * sizeof *v);
	}
	out.answers = v;
	return out;
}

static const void *keep_bytes(const void *bytes, size_t n, struct mp_arena *arena)
{
	return n > 0 ? mp_arena_memdup(arena, bytes, n) : NULL;
}

struct mp_reasons surface_keep_reasons(struct mp_reasons reasons, struct mp_arena *arena)
{
	struct mp_reason *v = mp_arena_array(arena, reasons.n, sizeof *v);

	for (size_t i = 0; i < reasons.n; i++) {
		v[i] = (struct mp_reason){
			reasons.v[i].loc, mp_arena_strdup(arena, reasons.v[i].text)};
	}
	return (struct mp_reasons){v, reasons.n};
}

const struct surface_play *surface_keep_play(
	const struct surface_play *play, struct mp_arena *arena)
{
	struct surface_play *copy = MP_ARENA_NEW(arena, struct surface_play);

	*copy = *play;
	copy->because = surface_keep_reasons(play->because, arena);
	copy->note = "";
	copy->said = NULL;
	copy->said_count = 0;
	copy->turns = keep_bytes(play->turns, play->turn_count * sizeof *play->turns, arena);
	copy->asked = keep_bytes(play->asked, play->asked_count * sizeof *play->asked, arena);
	return copy;
}

struct surface_case surface_with_answer(
	const struct surface_case *what, struct surface_answer answer, struct mp_arena *arena)
{
	struct surface_case out = *what;
	struct surface_answer *v = mp_arena_array(arena, what->answer_count + 1, sizeof *v);
	size_t n = 0;
	bool placed = answer.answer == 0;

	for (size_t i = 0; i < what->answer_count; i++) {
		const struct surface_answer *a = &what->answers[i];
		if (!placed && a->question >= answer.question) {
			v[n++] = answer;
			placed = true;
		}
		if (a->question != answer.question) {
			v[n++] = *a;
		}
	}
	if (!placed) {
		v[n++] = answer;
	}
	out.answers = v;
	out.answer_count = n;
	return out;
}

static const struct surface_value *value_of(const struct talk *t, enum surface_aspect aspect)
{
	return &t->stage->choice->of[aspect].v[t->what->value[aspect]];
}

static bool is_about_client(const struct talk *t, const char *question, const char *kind)
{
	size_t n = strlen(kind);

	return strncmp(question, kind, n) == 0 && mp_str_eq(question + n, t->client_text);
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

/* Whether it is asked if the host has a name that it has not by definition: that was verified for
 * the client, which would be the host itself, or that of a foreign domain. */
static bool is_itself(
	const struct talk *t, const char *question, const char *const *answers, size_t n)
{
	const struct surface_value *name = value_of(t, SURFACE_NAME);
	const char *const *foreign = t->stage->choice->spare[SURFACE_RECIPIENT];

	if (n != 2 || !mp_str_eq(question, "host.name")) {
		return false;
	}
	for (size_t i = 0; i < SURFACE_SPARES; i++) {
		if (mp_str_ieq(answers[1], strrchr(foreign[i], '@') + 1)) {
			return true;
		}
	}
	return name->say != NULL && !name->unverified && mp_str_ieq(answers[1], name->say);
}

static const char *answer(void *context, const char *question, const char *const *answers, size_t n)
{
	struct talk *t = context;

	if (is_itself(t, question, answers, n)) {
		return answers[0];
	}
	if (is_about_client(t, question, "client.name ") ||
		is_about_client(t, question, "dns.ptr ")) {
		return answer_name(t, question, answers);
	}
	if (mp_slice_starts(mp_slice_str(question), "sasl.login ")) {
		return "found"; /* the password is the user's */
	}
	struct surface_answer a = {.question = question_number(t, question, answers, n)};
	a.answer = surface_answer_in(t->what, a.question);
	mp_vec_push(&t->asked, a);
	return answers[answer_place(first_answer(question, answers, n), a.answer)];
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
	struct mp_connect connect = {.listener = t->stage->subject->at[t->client->family == 6],
		.client = *t->client,
		.tls = t->stage->subject->tls == MP_TLS_IMPLICIT};

	if (t->what->value[SURFACE_CERTIFICATE] != 0) {
		static const char somebody[] = "CN=somebody";
		*own = (struct mp_client_certificate){
			.subject = certificate->subject != NULL ? certificate->subject : somebody,
			.issuer = certificate->issuer != NULL ? certificate->issuer : somebody,
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
	const char *name = surface_word(t->stage, t->what, SURFACE_HELO);

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

const char *surface_word(const struct surface_stage *stage, const struct surface_case *what,
	enum surface_aspect aspect)
{
	const char *spare = stage->choice->spare[aspect][stage->spare[aspect]];

	return what->value[aspect] == 0 && spare != NULL
		? spare
		: stage->choice->of[aspect].v[what->value[aspect]].say;
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
		return reply->served ? SURFACE_DROPPED : SURFACE_DISCARDED;
	case MP_TAKEN_NOT:
		break;
	}
	return SURFACE_UNKNOWN;
}

static void transact(struct talk *t)
{
	if (!must_say(t, SENDER,
		    mp_arena_printf(t->arena, "MAIL FROM:<%s>",
			    surface_word(t->stage, t->what, SURFACE_SENDER))) ||
		!must_say(t, RECIPIENT,
			mp_arena_printf(t->arena, "RCPT TO:<%s>",
				surface_word(t->stage, t->what, SURFACE_RECIPIENT)))) {
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
	} pairs[] = {{MP_ASPECT_ADDRESS, SURFACE_ADDRESS}, {MP_ASPECT_HELO, SURFACE_HELO},
		{MP_ASPECT_SENDER, SURFACE_SENDER}, {MP_ASPECT_RECIPIENT, SURFACE_RECIPIENT},
		{MP_ASPECT_LOGIN, SURFACE_LOGIN}, {MP_ASPECT_CERTIFICATE, SURFACE_CERTIFICATE},
		{MP_ASPECT_TLS, SURFACE_TLS}};
	const struct mp_server_ops *ops = t->stage->subject->server->ops;
	unsigned consulted = ops->consulted == NULL ? MP_ASPECT_ALL
		: t->session != NULL                ? ops->consulted(t->session)
						    : 0;
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

const struct mp_ip *surface_client(
	const struct surface_stage *stage, const struct surface_case *what)
{
	uint32_t place = what->value[SURFACE_ADDRESS];

	return &stage->choice->places[place].examples[stage->example[place]];
}

const struct surface_play *surface_play(struct surface_stage *stage,
	const struct surface_case *what, bool with_said, struct mp_arena *arena)
{
	char text[MP_IP_TEXT];
	struct talk t = {.stage = stage,
		.what = what,
		.arena = arena,
		.client = surface_client(stage, what),
		.with_said = with_said,
		.out = MP_ARENA_NEW(arena, struct surface_play)};
	struct mp_world *world = mp_world_new_interactive(stage->subject->facts, answer, &t);

	const struct surface_value *to =
		&stage->choice->of[SURFACE_RECIPIENT].v[what->value[SURFACE_RECIPIENT]];
	mp_world_grant(world, to->granted, to->granted_count);
	t.client_text = mp_ip_format(t.client, text);
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
	const struct surface_choice *choice, size_t *plays_left)
{
	*stage = (struct surface_stage){
		.subject = subject, .choice = choice, .plays_left = plays_left};
	stage->example =
		mp_arena_array(&stage->arena, choice->place_count + 1, sizeof *stage->example);
}

void surface_stage_close(struct surface_stage *stage)
{
	mp_vec_release(&stage->questions);
	mp_map_release(&stage->question_numbers);
	mp_arena_release(&stage->arena);
}

bool surface_same_way(const struct surface_play *a, const struct surface_play *b)
{
	if (a->turn_count != b->turn_count || a->end != b->end) {
		return false;
	}
	for (size_t i = 0; i < a->turn_count; i++) {
		if (!surface_same_turn(&a->turns[i], &b->turns[i])) {
			return false;
		}
	}
	return true;
}
