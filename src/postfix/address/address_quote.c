/*
 * address_quote - external (RFC 5321 quoted) and internal (plain) forms of an address.
 *
 * Only the local part is touched: what stands left of the last @, or of the end, and right of a
 * leading "@a,@b:" route.
 */
#include "postfix/address/address.h"

#include "base/ascii.h"

/* Where the local part begins and ends. */
static struct mp_slice local_part(const char *address)
{
	const char *start = address;
	if (*address == '@') {
		const char *colon = strchr(address, ':');
		start = colon != NULL ? colon + 1 : address;
	}
	const char *end = strrchr(start, '@');
	return mp_slice(start, end != NULL ? (size_t)(end - start) : strlen(start));
}

/* Whether it can stand without quotes: atoms with single dots between them (RFC 822 6.1). Bytes
 * above 127 pass as they are. */
static bool is_dot_string(struct mp_slice s)
{
	if (s.n == 0 || s.p[0] == '.' || s.p[s.n - 1] == '.') {
		return false;
	}
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c == '.' && s.p[i - 1] == '.') {
			return false;
		}
		if (mp_is_ascii(c) &&
			(!mp_is_print(c) || c == ' ' || strchr("()<>@,;:\\\"[]", c) != NULL)) {
			return false;
		}
	}
	return true;
}

const char *pf_address_quote(struct mp_arena *arena, const char *internal)
{
	struct mp_slice local = local_part(internal);
	if (is_dot_string(local)) {
		return mp_arena_strdup(arena, internal);
	}
	size_t before = (size_t)(local.p - internal), after = strlen(local.p + local.n);
	char *out = mp_arena_alloc(arena, before + 2 * local.n + 2 + after + 1);
	size_t n = before;
	memcpy(out, internal, before);
	out[n++] = '"';
	for (size_t i = 0; i < local.n; i++) {
		if (local.p[i] == '"' || local.p[i] == '\\' || local.p[i] == '\r') {
			out[n++] = '\\';
		}
		out[n++] = local.p[i];
	}
	out[n++] = '"';
	memcpy(out + n, local.p + local.n, after + 1);
	return out;
}

const char *pf_address_unquote(struct mp_arena *arena, const char *external)
{
	struct mp_slice local = local_part(external);
	size_t before = (size_t)(local.p - external), after = strlen(local.p + local.n);
	char *out = mp_arena_alloc(arena, before + local.n + after + 1);
	size_t n = before;
	memcpy(out, external, before);
	for (size_t i = 0; i < local.n; i++) {
		if (local.p[i] == '"') {
			continue;
		}
		if (local.p[i] == '\\') {
			if (local.p[i + 1] == '\0') {
				continue;
			}
			i++;
		}
		out[n++] = local.p[i];
	}
	memcpy(out + n, local.p + local.n, after + 1);
	return out;
}
