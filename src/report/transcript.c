/* transcript - the part of a session that a check stands for. */
#include "result/transcript.h"
#include "base/alloc.h"
#include "report/terminal.h"
#include "report/verification.h"

#include <stdlib.h>

static void put_exchange(FILE *out, const char *indent, const struct mp_exchange *e)
{
	if (e->sent[0] != '\0') {
		fprintf(out, "%sC: ", indent);
		mp_print_safe_str(out, e->sent);
		fputc('\n', out);
	}
	if (!e->answered) {
		fprintf(out, "%sS: (no reply)\n", indent);
		return;
	}
	for (size_t i = 0; i < e->reply.line_count; i++) {
		fprintf(out, "%sS: ", indent);
		mp_print_safe(out, e->reply.lines[i]);
		fputc('\n', out);
	}
}

void mp_transcript_text(FILE *out, const char *indent, const struct mp_session_report *report,
	const struct mp_plan *plan, const struct mp_check *check)
{
	size_t *list = mp_alloc((report->exchange_count + 1) * sizeof *list);
	size_t n = mp_check_exchanges(report, plan, check, list);

	for (size_t i = 0; i < n; i++) {
		put_exchange(out, indent, &report->exchanges[list[i]]);
	}
	free(list);
}
