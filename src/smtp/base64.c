/* base64 - RFC 4648 section 4. */
#include "smtp/base64.h"

#include "base/ascii.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void mp_base64_encode(struct mp_buf *out, struct mp_slice bytes)
{
	for (size_t i = 0; i < bytes.n; i += 3) {
		size_t have = bytes.n - i < 3 ? bytes.n - i : 3;
		unsigned long v = (unsigned long)(unsigned char)bytes.p[i] << 16;
		if (have > 1) {
			v |= (unsigned long)(unsigned char)bytes.p[i + 1] << 8;
		}
		if (have > 2) {
			v |= (unsigned long)(unsigned char)bytes.p[i + 2];
		}
		mp_buf_putc(out, alphabet[v >> 18]);
		mp_buf_putc(out, alphabet[v >> 12 & 63]);
		mp_buf_putc(out, have > 1 ? alphabet[v >> 6 & 63] : '=');
		mp_buf_putc(out, have > 2 ? alphabet[v & 63] : '=');
	}
}

static int value_of(char c)
{
	if (mp_is_upper(c)) {
		return c - 'A';
	}
	if (mp_is_lower(c)) {
		return c - 'a' + 26;
	}
	if (mp_is_digit(c)) {
		return c - '0' + 52;
	}
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool mp_base64_decode(struct mp_buf *out, struct mp_slice text)
{
	if (text.n % 4 != 0) {
		return false;
	}
	for (size_t i = 0; i < text.n; i += 4) {
		bool last = i + 4 == text.n;
		unsigned pad = 0;
		unsigned long v = 0;
		for (size_t k = 0; k < 4; k++) {
			char c = text.p[i + k];
			int x = value_of(c);
			if (c == '=' && last && k >= 2) {
				pad++;
				x = 0;
			} else if (x < 0 || pad > 0) {
				return false;
			}
			v = v << 6 | (unsigned long)x;
		}
		if ((pad == 1 && (v & 0xff) != 0) || (pad == 2 && (v & 0xffff) != 0)) {
			return false;
		}
		mp_buf_putc(out, (char)(v >> 16 & 0xff));
		if (pad < 2) {
			mp_buf_putc(out, (char)(v >> 8 & 0xff));
		}
		if (pad < 1) {
			mp_buf_putc(out, (char)(v & 0xff));
		}
	}
	return true;
}
