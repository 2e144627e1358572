#include "guard/counters.h"

const char *od_count_to_string(enum od_count count)
{
	switch (count) {
	case OD_COUNT_EXECS:
		return "execs";
	case OD_COUNT_ALLOWED:
		return "allowed";
	case OD_COUNT_DENIED:
		return "denied";
	case OD_COUNT_WARNED:
		return "warned";
	case OD_COUNT_CACHED:
		return "cached";
	case OD_COUNT_IGNORED:
		return "ignored";
	case OD_COUNT_ENDED:
		return "ended";
	case OD_COUNT_OVERFLOWS:
		return "overflows";
	case OD_COUNT_DEADLINES:
		return "deadlines";
	case OD_COUNT_ERRORS:
		return "errors";
	case OD_COUNT_UNRESOLVED:
		return "unresolved";
	case OD_COUNT_LOST:
		return "lost";
	case OD_COUNT_SHARES:
		return "shares";
	case OD_COUNT_REFUSED:
		return "refused";
	case OD_COUNT_OPENS:
		return "opens";
	case OD_COUNT_MAX_:
		break;
	}
	return "unknown";
}
