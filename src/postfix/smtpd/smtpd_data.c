/* smtpd_data - DATA and BDAT, the message and its end (reference 4.3; RFC 3030). */
#include "postfix/smtpd/smtpd.h"

#include "base/number.h"

#include <limits.h>

static bool mail_ready(struct pf_talk *t, const char **why)
{
	if (t->s.recipient_count > 0) {
		return true;
	}
	*why = t->s.said.sender == NULL ? "503 5.5.1 Error: need RCPT command"
					: "554 5.5.1 Error: no valid recipients";
	return false;
}

bool pf_cmd_data(struct pf_talk *t, struct pf_words args)
{
	const char *why;

	if (t->bdat != PF_BDAT_NONE) {
		pf_say(t, pf_no_reasons(), "503 5.5.1 Error: DATA after BDAT");
		return true;
	}
	if (!mail_ready(t, &why)) {
		pf_say(t, pf_no_reasons(), "%s", why);
		return true;
	}
	if (args.n != 1) {
		pf_say(t, pf_no_reasons(), "501 5.5.4 Syntax: DATA");
		return true;
	}
	if (pf_say_verdict(t, pf_check_data(&t->s))) {
		return true;
	}
	if (t->refused_at_end) {
		pf_talk_crash(t);
		return true;
	}
	if (t->proxied) {
		pf_say_any(t, pf_because(t, "smtpd_proxy_filter", (char *)NULL), "345",
			"the before-queue filter answers");
	} else {
		pf_say(t, pf_no_reasons(), "354 End data with <CR><LF>.<CR><LF>");
	}
	t->waiting = PF_WAIT_DATA;
	t->data_bytes = 0;
	t->data_after_crlf = true;
	return false;
}

/* ---- the end of the message -------------------------------------------------------------------
 */

static bool too_big(const struct pf_talk *t, long long bytes)
{
	long limit = pf_int(t->s.smtpd->settings, "message_size_limit");

	return limit > 0 && bytes > limit;
}

/* Whether a table fails with which cleanup(8) rewrites the envelope: the sender, and of the
 * recipients the first, whose tables are those of the others too. */
static bool queue_fails(struct pf_talk *t)
{
	const struct pf_smtpd *smtpd = t->s.smtpd;
	struct mp_arena *arena = t->s.arena;

	if (t->s.discard || pf_checks_skip_mappings(smtpd->checks)) {
		return false;
	}
	const char *sender =
		pf_rewrite_internal(smtpd->rewrite, t->s.world, arena, pf_sender(&t->s));
	const char *recipient =
		pf_rewrite_internal(smtpd->rewrite, t->s.world, arena, t->s.first_recipient);
	return pf_cleanup_fails(smtpd->validation, t->s.world, arena, sender, true) ||
		pf_cleanup_fails(smtpd->validation, t->s.world, arena, recipient, false);
}

/* The message is complete: end-of-data restrictions, then the queue. True when refused. */
static bool finish_message(struct pf_talk *t, long long bytes, const char *queued)
{
	bool refused = true;

	if (too_big(t, bytes)) {
		pf_say(t, pf_because(t, "message_size_limit", (char *)NULL),
			"552 5.3.4 Error: message file too big");
	} else if (pf_say_verdict(t, pf_check_eod(&t->s))) {
		/* The transaction stays open, but for a message that is thrown away. */
		t->refused_at_end = true;
		return true;
	} else if (!t->proxied && queue_fails(t)) {
		pf_say(t, pf_no_reasons(), "451 4.3.0 Error: queue file write error");
	} else {
		if (t->proxied) {
			pf_say_any(t, pf_because(t, "smtpd_proxy_filter", (char *)NULL), "245",
				"the before-queue filter answers");
		} else {
			pf_say(t, pf_no_reasons(), "%s", queued);
		}
		refused = false;
		t->errors = 0;
		t->junk = 0;
	}
	pf_talk_reset_mail(t);
	return refused;
}

/* Whether bare LF ends no message: smtpd_forbid_bare_newline other than "no". */
static bool strict_end(struct pf_talk *t)
{
	const char *policy = pf_str(t->s.smtpd->settings, "smtpd_forbid_bare_newline");

	return *policy != '\0' && !mp_str_ieq(policy, "no") &&
		pf_check_client_list(&t->s, "smtpd_forbid_bare_newline_exclusions") != PF_MATCH;
}

void pf_data_read(struct pf_talk *t)
{
	while (t->input.n > 0 && t->waiting == PF_WAIT_DATA) {
		size_t end = mp_slice_chr(t->input, '\n');
		if (end == MP_NOT_FOUND) {
			t->data_bytes += (long long)t->input.n;
			t->input = mp_slice(NULL, 0);
			return;
		}
		struct mp_slice line = mp_slice_sub(t->input, 0, end);
		t->input = mp_slice_from(t->input, end + 1);
		bool crlf = line.n > 0 && line.p[line.n - 1] == '\r';
		while (line.n > 0 && line.p[line.n - 1] == '\r') {
			line.n--;
		}
		if (mp_slice_eq_str(line, ".") &&
			((crlf && t->data_after_crlf) || !strict_end(t))) {
			t->waiting = PF_WAIT_COMMAND;
			if (finish_message(
				    t, t->data_bytes, "250 2.0.0 Ok: queued as {queue-id}")) {
				t->errors++;
			}
			return;
		}
		t->data_after_crlf = crlf;
		t->data_bytes += (long long)line.n + 2;
	}
}

/* ---- BDAT -------------------------------------------------------------------------------------
 */

static bool bdat_syntax(struct pf_talk *t, struct pf_words args)
{
	if ((t->discard & PF_EHLO_CHUNKING) != 0) {
		pf_say(t, pf_because(t, "smtpd_discard_ehlo_keywords", (char *)NULL),
			"521 5.5.1 Error: command not implemented");
		return false;
	}
	if (args.n < 2 || args.n > 3 || !pf_all_digits(args.v[1]) ||
		!mp_parse_uint(mp_slice_str(args.v[1]), 0, LONG_MAX, &t->chunk) ||
		(args.n == 3 && !mp_str_ieq(args.v[2], "LAST"))) {
		pf_say(t, pf_no_reasons(), "521 5.5.4 Syntax: BDAT count [LAST]");
		return false;
	}
	t->chunk_last = args.n == 3;
	return true;
}

static const char *chunk_refusal(struct pf_talk *t)
{
	const char *why;

	if (t->bdat == PF_BDAT_ERROR) {
		return mp_arena_printf(
			t->s.arena, "551 5.0.0 Discarded %lu bytes after earlier error", t->chunk);
	}
	if (!mail_ready(t, &why)) {
		return why;
	}
	if (t->chunk == 0 && !t->chunk_last) {
		return "551 5.7.1 Null BDAT request";
	}
	if (too_big(t, t->bdat_bytes + (long long)t->chunk)) {
		return "552 5.3.4 Chunk exceeds message size limit";
	}
	return NULL;
}

/* A chunk is refused only after it has been read, and what follows it is thrown away. */
static bool chunk_done(struct pf_talk *t)
{
	t->waiting = PF_WAIT_COMMAND;
	if (t->chunk_reply != NULL) {
		if (t->chunk_reply[0] != '\0') {
			pf_say(t, pf_no_reasons(), "%s", t->chunk_reply);
		}
		if (t->chunk_last) {
			pf_talk_reset_mail(t);
		} else {
			t->bdat = PF_BDAT_ERROR;
		}
		return true;
	}
	if (t->refused_at_end) {
		pf_talk_crash(t);
		return true;
	}
	t->bdat = PF_BDAT_OPEN;
	if (t->chunk_last) {
		const char *queued = mp_arena_printf(
			t->s.arena, "250 2.0.0 Ok: %lld bytes queued as {queue-id}", t->bdat_bytes);
		return finish_message(t, t->bdat_bytes, queued);
	}
	pf_say(t, pf_no_reasons(), "250 2.0.0 Ok: %lu bytes", t->chunk);
	return false;
}

void pf_chunk_read(struct pf_talk *t)
{
	unsigned long want = t->chunk;

	if (t->input.n < want) {
		pf_talk_lose(t, "the bytes of the chunk are not in the dialogue");
		return;
	}
	t->input = mp_slice_from(t->input, want);
	if (chunk_done(t)) {
		t->errors++;
	}
}

bool pf_cmd_bdat(struct pf_talk *t, struct pf_words args)
{
	if (!bdat_syntax(t, args)) {
		return true;
	}
	t->chunk_reply = chunk_refusal(t);
	if (t->chunk_reply == NULL && t->bdat == PF_BDAT_NONE) {
		struct pf_verdict verdict = pf_check_data(&t->s);
		if (pf_say_verdict(t, verdict)) {
			t->chunk_reply = "";
		}
	}
	if (t->chunk_reply == NULL) {
		t->bdat_bytes += (long long)t->chunk;
	}
	if (t->chunk == 0) {
		return chunk_done(t);
	}
	t->waiting = PF_WAIT_CHUNK;
	if (t->input.n == 0) {
		pf_talk_lose(t, "the bytes of the chunk are not in the dialogue");
	}
	return false;
}
