/* simulation_text - the simulated replies as the telnet session that they stand for. */
#include "cli/simulation.h"
#include "report/findings_text.h"
#include "report/terminal.h"

static void put_reason(FILE *out, bool color, const struct mp_reason *r)
{
	mp_print_style(out, color, MP_STYLE_DIM);
	fputs("        <- ", out);
	mp_print_place(out, r->loc, "default: ");
	mp_print_safe_str(out, r->text);
	mp_print_style(out, color, MP_STYLE_PLAIN);
	fputc('\n', out);
}

static void put_line(FILE *out, bool color, unsigned code, const char *line)
{
	enum mp_style style = code >= 500 ? MP_STYLE_RED
		: code >= 400             ? MP_STYLE_YELLOW
					  : MP_STYLE_GREEN;

	fputs("S: ", out);
	mp_print_style(out, color, style);
	mp_print_safe_str(out, line);
	mp_print_style(out, color, MP_STYLE_PLAIN);
	fputc('\n', out);
}

void mp_simulation_reply_text(FILE *out, bool color, const struct mp_sim_reply *reply)
{
	switch (reply->kind) {
	case MP_SIM_REPLY:
		for (size_t i = 0; i < reply->line_count; i++) {
			put_line(out, color, reply->code, reply->lines[i]);
		}
		break;
	case MP_SIM_ANY:
		fprintf(out, "S: (a reply beginning with one of %s, worded by an outside party)\n",
			reply->any);
		break;
	case MP_SIM_UNKNOWN:
		fprintf(out, "S: (unknown: %s)\n", reply->note != NULL ? reply->note : "");
		break;
	case MP_SIM_CLOSED:
		fputs("S: (connection closed)\n", out);
		break;
	case MP_SIM_REFUSED:
		fputs("S: (connection refused: nothing listens)\n", out);
		break;
	case MP_SIM_TIMEOUT:
		fputs("S: (connected, but no greeting ever comes)\n", out);
		break;
	}
	for (size_t i = 0; i < reply->because.n; i++) {
		put_reason(out, color, &reply->because.v[i]);
	}
}

static void put_assumptions(FILE *out, const struct mp_world_result *world)
{
	size_t shown = world->case_count < MP_SHOWN_CASES ? world->case_count : MP_SHOWN_CASES;

	for (size_t i = 0; i < shown; i++) {
		const struct mp_assumptions *when = &world->cases[i];
		fputs(i == 0 ? "--- if " : "--- or if ", out);
		for (size_t j = 0; j < when->n; j++) {
			fputs(j > 0 ? " and " : "", out);
			mp_print_safe_str(out, when->v[j].question);
			fputs(" = ", out);
			mp_print_safe_str(out, when->v[j].answer);
		}
		fputs(":\n", out);
	}
	if (world->case_count > shown) {
		fprintf(out, "--- or in %zu other cases:\n", world->case_count - shown);
	}
}

static void put_sent(FILE *out, struct mp_slice line)
{
	fputs("C: ", out);
	mp_print_safe(out, line);
	fputc('\n', out);
}

static void put_world(
	FILE *out, bool color, const struct mp_dialogue *dialogue, const struct mp_played *played)
{
	size_t at = 1;

	mp_simulation_reply_text(out, color, &played->replies[0]);
	for (size_t i = 0; i < dialogue->group_count; i++) {
		const struct mp_send_group *group = &dialogue->groups[i];
		for (size_t j = 0; j < group->n && at + j < played->n; j++) {
			put_sent(out, group->lines[j]);
		}
		for (size_t j = 0; j < group->n && at < played->n; j++) {
			mp_simulation_reply_text(out, color, &played->replies[at++]);
		}
	}
}

void mp_simulation_text(FILE *out, bool color, const struct mp_dialogue *dialogue,
	const struct mp_exploration *worlds)
{
	char client[MP_IP_TEXT];

	mp_print_style(out, color, MP_STYLE_BOLD);
	fputs("=== listener ", out);
	mp_print_safe_str(out, dialogue->listener != NULL ? dialogue->listener : "(first)");
	fprintf(out, ", client %s", mp_ip_format(&dialogue->client, client));
	mp_print_style(out, color, MP_STYLE_PLAIN);
	fputc('\n', out);
	for (size_t i = 0; i < worlds->n; i++) {
		if (worlds->n > 1) {
			put_assumptions(out, &worlds->v[i]);
		}
		put_world(out, color, dialogue, worlds->v[i].value);
	}
	if (worlds->truncated) {
		fputs("--- more worlds are possible than are shown\n", out);
	}
}
