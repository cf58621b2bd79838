/*
 * fuzz_ruleset - the tokenizer and the matcher: one rule and one address, separated by a line end
 *
 * The rule's line is read as a .cf has it, the address as a client says it. Tokens taken apart,
 * joined and taken apart again are the same tokens, and what a rule's wildcards bind lies in order.
 */
#include "base/alloc.h"
#include "sendmail/rule/internal.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_tokens(struct sm_run *run, struct mp_slice text)
{
	struct sm_tokens tokens = {0}, again = {0};
	enum sm_scan wrong = sm_run_scan(run, text, &tokens);
	char *joined;

	if (wrong > SM_SCAN_UNANGLE && tokens.n != 0) {
		MP_BUG("what is too long has no tokens");
	}
	if (tokens.n > SM_TOKENS_MAX) {
		MP_BUG("more tokens than there may be");
	}
	joined = sm_tokens_join(tokens.v, 0, tokens.n, ' ', &run->cf->chars, run->arena);
	if (sm_run_scan(run, mp_slice_str(joined), &again) != SM_SCAN_OK) {
		return;
	}
	if (again.n != tokens.n) {
		MP_BUG("tokens change when they are taken apart again");
	}
}

static void check_match(struct sm_run *run, struct mp_slice text)
{
	const struct sm_ruleset *r = sm_cf_ruleset(run->cf, "t");
	struct sm_binding bound[SM_BINDINGS];
	struct sm_tokens w = {0};
	size_t n, at = 0;

	sm_run_scan(run, text, &w);
	if (r == NULL || r->rules.n == 0 || !sm_match(run, &r->rules.v[0], &w, bound, &n)) {
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (bound[i].first < at || bound[i].end < bound[i].first || bound[i].end > w.n) {
			MP_BUG("wildcards bind in order, inside of the workspace");
		}
		at = bound[i].end;
	}
	sm_run_ruleset(run, r, &w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct mp_input_options options = {.type = "postfix", .isolated = true};
	static const char head[] =
		"V10/Berkeley\nO OperatorChars=.:%@!^/[]+\nCcone two one.two\nDmab.c\nSt\nR";
	struct mp_arena arena = {0};
	struct mp_findings findings;
	struct mp_err err = {MP_ERR_NONE, ""};
	struct mp_facts *facts = mp_facts_new();
	struct mp_input *input = mp_input_open("fixtures/demo/postfix", &options, &err);
	struct mp_slice all = mp_slice((const char *)data, size < 2000 ? size : 2000);
	size_t end = mp_slice_chr(all, '\n');
	struct mp_slice rule = mp_slice_sub(all, 0, end == MP_NOT_FOUND ? all.n : end);
	struct mp_slice text = mp_slice_from(all, rule.n + 1);
	char *cf_text = mp_arena_printf(&arena, "%s%.*s\n", head, MP_SLICE_ARG(rule));
	struct mp_world *world = mp_world_new_interactive(facts, NULL, NULL);
	struct sm_run run;
	struct sm_cf *cf;

	if (input == NULL) {
		MP_BUG(err.text);
	}
	facts->hostname = "mail.example.org";
	facts->have_addresses = facts->dns_complete = true;
	mp_findings_init(&findings, &arena);
	cf = sm_cf_read(&arena, input,
		mp_source_new(&arena, "sendmail.cf", "sendmail.cf", mp_slice_str(cf_text)), facts,
		&findings);
	sm_run_init(&run, cf, world, &arena);
	check_tokens(&run, text);
	check_match(&run, text);
	sm_run_release(&run);
	mp_world_free(world);
	mp_findings_release(&findings);
	sm_cf_free(cf);
	mp_input_free(input);
	mp_facts_free(facts);
	mp_arena_release(&arena);
	return 0;
}
