/* transcript - the part of a session that a check stands for, as one would see it in telnet. */
#include "result/transcript.h"
#include "report/terminal.h"
#include "report/verification.h"

/* The command that would bring a person to the same server. */
static void put_command(
	FILE *out, const char *indent, const struct mp_target_seen *target, bool tls)
{
	bool colon = strchr(target->host, ':') != NULL;

	fputs(indent, out);
	if (tls) {
		fprintf(out, "openssl s_client -quiet -crlf -connect %s", colon ? "[" : "");
		mp_print_safe_str(out, target->host);
		fprintf(out, "%s:%u\n", colon ? "]" : "", target->port);
	} else {
		fputs("telnet ", out);
		mp_print_safe_str(out, target->host);
		fprintf(out, " %u\n", target->port);
	}
}

static void put_line(FILE *out, const char *indent, const char *line)
{
	fputs(indent, out);
	mp_print_safe_str(out, line);
	fputc('\n', out);
}

/* The tested step was never said: what it would have been. */
static void put_unsaid(FILE *out, const char *indent, const struct mp_check_seen *seen)
{
	const struct mp_session_seen *session = seen->session;

	if (session->report->results[seen->check->step].exchange < 0) {
		const struct mp_step *step = &session->plan->steps[seen->check->step];
		fprintf(out, "%s(not said, and to be tested: ", indent);
		mp_print_safe_str(
			out, step->line[0] != '\0' ? step->line : mp_verb_name(step->verb));
		fputs(")\n", out);
	}
}

void mp_transcript_text(FILE *out, const char *indent, const struct mp_target_seen *target,
	const struct mp_check_seen *seen, int marked, const char *mark)
{
	struct mp_arena scratch = {0};
	const struct mp_session_seen *session = seen->session;
	bool done = mark[0] == '\0';

	if (session == NULL) {
		return;
	}
	struct mp_transcript t =
		mp_transcript_seen(session->report, session->plan, seen->check, &scratch);
	put_command(out, indent, target, session->plan->implicit_tls);
	for (size_t i = 0; i < t.n; i++) {
		put_line(out, indent, t.lines[i]);
		bool last = i + 1 == t.n || t.steps[i + 1] != t.steps[i];
		if (!done && last && t.steps[i] == marked) {
			fprintf(out, "%s^ ", indent);
			mp_print_safe_str(out, mark);
			fputc('\n', out);
			done = true;
		}
	}
	put_unsaid(out, indent, seen);
	mp_arena_release(&scratch);
}
