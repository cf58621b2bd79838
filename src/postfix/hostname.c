/* hostname - what Postfix takes for a host name or a numerical address. */
#include "postfix/hostname.h"

#include "base/ascii.h"
#include "base/ip.h"

enum { LABEL_MAX = 63, NAME_MAX_LENGTH = 255 };

static bool valid_label(struct mp_slice label)
{
	return label.n > 0 && label.n <= LABEL_MAX && label.p[0] != '-' &&
		label.p[label.n - 1] != '-';
}

static bool valid(struct mp_slice name, bool utf8)
{
	size_t start = 0;
	bool numeric = true;

	if (name.n == 0 || name.n > NAME_MAX_LENGTH) {
		return false;
	}
	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];
		if (c == '.') {
			if (!valid_label(mp_slice_sub(name, start, i))) {
				return false;
			}
			start = i + 1;
			continue;
		}
		if (!mp_is_alnum(c) && c != '_' && c != '-' && !(utf8 && !mp_is_ascii(c))) {
			return false;
		}
		numeric = numeric && mp_is_digit(c);
	}
	return valid_label(mp_slice_from(name, start)) && !numeric;
}

bool pf_valid_hostname(struct mp_slice name)
{
	return valid(name, false);
}

bool pf_valid_utf8_hostname(struct mp_slice name)
{
	return valid(name, true);
}

bool pf_valid_hostaddr(struct mp_slice text)
{
	struct mp_ip ip;

	return mp_ip_parse(text, &ip);
}
