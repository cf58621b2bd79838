/*
 * fuzz_sendmailcf - sendmail.cf, from bytes to rules at work
 *
 * The text is read, and every ruleset is run on some addresses, so that what it says is expanded,
 * matched, looked up and called. No input may make rules run without end: sendmail's own limits do.
 */
#include "base/alloc.h"
#include "sendmail/rule/run.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Rulesets times rules that are tried: past that an input only takes time. */
enum { MOST_RULES = 40, MOST_TEXT = 4096 };

static const char *first_answer(
	void *context, const char *question, const char *const *answers, size_t n)
{
	(void)context;
	(void)question;
	return answers[n - 1];
}

static void run_all(const struct sm_cf *cf, const struct mp_facts *facts)
{
	static const char *const addresses[] = {
		"", "<a@b.example>", "a%b!c@[192.0.2.1]", "\"x y\"@z(c), d"};
	size_t rules = 0;

	for (size_t i = 0; i < cf->rulesets.n; i++) {
		rules += cf->rulesets.v[i]->rules.n;
	}
	for (size_t i = 0; rules <= MOST_RULES && i < cf->rulesets.n; i++) {
		struct mp_arena arena = {0};
		struct mp_world *world = mp_world_new_interactive(facts, first_answer, NULL);
		struct sm_run run;
		struct sm_tokens w = {0};

		sm_run_init(&run, cf, world, &arena);
		sm_run_set(&run, "client_addr", "192.0.2.7");
		sm_run_set(&run, "f", "<a\"b@c");
		sm_run_scan(&run,
			mp_slice_str(addresses[i % (sizeof addresses / sizeof *addresses)]), &w);
		sm_run_ruleset(&run, cf->rulesets.v[i], &w);
		if (w.n > SM_TOKENS_MAX) {
			MP_BUG("a workspace has no more tokens than there may be");
		}
		sm_run_release(&run);
		mp_world_free(world);
		mp_arena_release(&arena);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mp_input_options options = {.type = "postfix", .isolated = true};
	struct mp_arena arena = {0};
	struct mp_findings findings;
	struct mp_err err = {MP_ERR_NONE, ""};
	struct mp_facts *facts = mp_facts_new();
	/* Gives the folder's name, and nothing of the machine is read. */
	struct mp_input *input = mp_input_open("fixtures/demo/postfix", &options, &err);
	struct sm_cf *cf;

	if (input == NULL) {
		MP_BUG(err.text);
	}
	size = size < MOST_TEXT ? size : MOST_TEXT;
	facts->hostname = size % 2 != 0 ? "mail.example.org" : NULL;
	mp_findings_init(&findings, &arena);

	char *text = mp_arena_memdup(&arena, (const char *)data, size);

	cf = sm_cf_read(&arena, input,
		mp_source_new(&arena, "sendmail.cf", "sendmail.cf", mp_slice(text, size)), facts,
		&findings);
	run_all(cf, facts);
	for (size_t i = 0; i < cf->refusals.n; i++) {
		mp_loc_position(cf->refusals.v[i].loc);
	}
	mp_findings_sort(&findings);
	mp_findings_release(&findings);
	sm_cf_free(cf);
	mp_input_free(input);
	mp_facts_free(facts);
	mp_arena_release(&arena);
	return 0;
}
