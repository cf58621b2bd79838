/* simulation_text - the simulated replies as the telnet session that they stand for. */
#include "cli/simulation.h"
#include "predict/said.h"
#include "report/said.h"
#include "report/terminal.h"

void mp_simulation_reply_text(FILE *out, bool color, const struct mp_sim_reply *reply)
{
	struct mp_said said = mp_said_of("", reply);

	mp_said_reply_text(out, color, "", &said);
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
