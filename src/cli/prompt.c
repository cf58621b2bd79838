/* prompt - the offline telnet: a person talks to the simulated server. */
#define _GNU_SOURCE /* getline() is POSIX, but only declared so with some libcs */
#include "cli/prompt.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/number.h"
#include "cli/simulation.h"
#include "report/terminal.h"

#include <stdlib.h>
#include <unistd.h>

struct prompt {
	FILE *in, *out;
	bool color;
	bool echo; /* nobody types: the lines are shown as a terminal would */
	char *line; /* of getline() */
	size_t size;
	struct mp_arena texts; /* of answers */
};

/* The next line without its line end; false at the end of input. */
static bool read_line(struct prompt *p, struct mp_slice *out)
{
	ssize_t n = getline(&p->line, &p->size, p->in);

	if (n < 0) {
		return false;
	}
	*out = mp_slice(p->line, (size_t)n);
	while (out->n > 0 && (out->p[out->n - 1] == '\n' || out->p[out->n - 1] == '\r')) {
		out->n--;
	}
	if (p->echo) {
		mp_print_safe(p->out, *out);
		fputc('\n', p->out);
	}
	return true;
}

static void list_answers(
	struct prompt *p, const char *question, const char *const *answers, size_t n)
{
	fputs("? ", p->out);
	mp_print_safe_str(p->out, question);
	fputs(" - the configuration does not say. Which is it?\n", p->out);
	for (size_t i = 0; i < n; i++) {
		fprintf(p->out, "  %zu) ", i + 1);
		mp_print_safe_str(p->out, answers[i]);
		fputc('\n', p->out);
	}
	fputs("a number, or the answer itself [1]: ", p->out);
	fflush(p->out);
}

static const char *answer(void *context, const char *question, const char *const *answers, size_t n)
{
	struct prompt *p = context;
	struct mp_slice line;
	unsigned long number;

	list_answers(p, question, answers, n);
	if (!read_line(p, &line) || line.n == 0) {
		return answers[0];
	}
	if (mp_parse_uint(line, 1, n, &number)) {
		return answers[number - 1];
	}
	return mp_arena_slicedup(&p->texts, mp_slice_trim(line));
}

/* Content after 354: all lines up to the lone dot, as one element. false at the end of input. */
static bool read_content(struct prompt *p, struct mp_buf *content)
{
	struct mp_slice line;

	mp_buf_reset(content);
	while (read_line(p, &line)) {
		mp_buf_put(content, line);
		if (mp_slice_eq_str(line, ".")) {
			return true;
		}
		mp_buf_puts(content, "\r\n");
	}
	return false;
}

static bool ends_session(const struct mp_sim_reply *reply)
{
	return reply->closes || reply->kind == MP_SIM_CLOSED || reply->kind == MP_SIM_REFUSED ||
		reply->kind == MP_SIM_TIMEOUT || reply->kind == MP_SIM_UNKNOWN;
}

static void converse(
	struct prompt *p, const struct mp_server *server, struct mp_sim_session *session)
{
	struct mp_buf content;
	struct mp_sim_reply reply = {0};

	mp_buf_init(&content, MP_LIMIT_FILE);
	do {
		struct mp_slice line;
		fputs("C: ", p->out);
		fflush(p->out);
		if (reply.kind == MP_SIM_REPLY && reply.code == 354) {
			if (!read_content(p, &content)) {
				break;
			}
			line = mp_buf_slice(&content);
		} else if (!read_line(p, &line)) {
			fputc('\n', p->out);
			break;
		}
		server->ops->say(session, &line, 1, &reply);
		mp_simulation_reply_text(p->out, p->color, &reply);
	} while (!ends_session(&reply));
	mp_buf_release(&content);
}

void mp_prompt_run(const struct mp_server *server, const struct mp_facts *facts,
	const struct mp_connect *connect, FILE *in, FILE *out, bool color)
{
	struct prompt p = {.in = in, .out = out, .color = color, .echo = isatty(fileno(in)) == 0};
	struct mp_arena arena = {0};
	struct mp_world *world = mp_world_new_interactive(facts, answer, &p);
	struct mp_sim_reply greeting;
	struct mp_sim_session *session =
		server->ops->open(server, world, &arena, connect, &greeting);

	mp_simulation_reply_text(out, color, &greeting);
	if (session != NULL && !ends_session(&greeting)) {
		converse(&p, server, session);
	}
	mp_world_free(world);
	mp_arena_release(&arena);
	mp_arena_release(&p.texts);
	free(p.line);
}
