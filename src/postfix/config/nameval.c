/* nameval - "name = value". */
#include "postfix/config/nameval.h"

#include "base/alloc.h"
#include "base/ascii.h"

static size_t skip_space(struct mp_slice text, size_t i)
{
	while (i < text.n && mp_is_space(text.p[i])) {
		i++;
	}
	return i;
}

enum pf_nameval_error pf_nameval_split(struct mp_slice text, struct pf_nameval *out)
{
	size_t i = skip_space(text, 0);
	size_t name = i;

	if (i == text.n || text.p[i] == '=') {
		return PF_NAMEVAL_NO_NAME;
	}
	while (i < text.n && !mp_is_space(text.p[i]) && text.p[i] != '=') {
		i++;
	}
	size_t name_end = i;
	i = skip_space(text, i);
	if (i == text.n || text.p[i] != '=') {
		return PF_NAMEVAL_NO_EQUALS;
	}
	size_t value = skip_space(text, i + 1);
	size_t end = text.n;
	while (end > value && mp_is_space(text.p[end - 1])) {
		end--;
	}
	*out = (struct pf_nameval){
		.name = mp_slice_sub(text, name, name_end),
		.value = mp_slice_sub(text, value, end),
		.name_from = name,
		.value_from = value,
		.value_to = end,
	};
	return PF_NAMEVAL_OK;
}

const char *pf_nameval_why(enum pf_nameval_error error)
{
	switch (error) {
	case PF_NAMEVAL_OK:
		break;
	case PF_NAMEVAL_NO_NAME:
		return "missing attribute name";
	case PF_NAMEVAL_NO_EQUALS:
		return "missing '=' after attribute name";
	}
	MP_BUG("no error to explain");
}
