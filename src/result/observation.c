/* observation - names of what was seen. */
#include "result/observation.h"

const char *mp_reach_name(enum mp_reach reach)
{
	switch (reach) {
	case MP_REACH_UNTRIED:
		return "untried";
	case MP_REACH_CONNECTED:
		return "connected";
	case MP_REACH_REFUSED:
		return "refused";
	case MP_REACH_UNREACHABLE:
		return "unreachable";
	case MP_REACH_SILENT:
		return "silent";
	}
	return "";
}
