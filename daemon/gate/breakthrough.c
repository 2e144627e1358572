/* Counted by label, so that a reload of the policy gives nobody a fresh allowance. */
#include "gate/breakthrough.h"

#include <errno.h>
#include <string.h>

static struct od_breakthrough_rule *find(const struct od_breakthroughs *all, const char *label)
{
	od_array_foreach (rule, &all->rules) {
		if (strcmp(rule->label, label) == 0)
			return rule;
	}
	return NULL;
}

bool od_breakthroughs_left(
	const struct od_breakthroughs *all, const struct od_breakthrough *rule, int64_t now_us)
{
	const struct od_breakthrough_rule *kept = find(all, rule->label);
	unsigned n = 0;

	if (rule->limit == 0)
		return false;
	if (!kept)
		return true;
	od_array_foreach (instant, &kept->passed) {
		/* One from the future: the clock was set back; it counts. */
		if (*instant > now_us - rule->limit_period_us)
			n++;
	}
	return n < rule->limit && n < OD_BREAKTHROUGH_KEPT;
}

int od_breakthroughs_record(
	struct od_breakthroughs *all, const struct od_breakthrough *rule, int64_t now_us)
{
	struct od_breakthrough_rule *kept = find(all, rule->label);
	int64_t *instant;

	if (!kept) {
		char *label = strdup(rule->label);

		kept = label ? od_array_add(&all->rules) : NULL;
		if (!kept) {
			free(label);
			return -ENOMEM;
		}
		kept->label = label;
	}
	if (kept->passed.n == OD_BREAKTHROUGH_KEPT)
		memmove(kept->passed.items, kept->passed.items + 1,
			--kept->passed.n * sizeof(*kept->passed.items));
	instant = od_array_add(&kept->passed);
	if (!instant)
		return -ENOMEM;
	*instant = now_us;
	return 0;
}

void od_breakthroughs_done(struct od_breakthroughs *all)
{
	od_array_foreach (rule, &all->rules) {
		free(rule->label);
		free(rule->passed.items);
	}
	free(all->rules.items);
	*all = (struct od_breakthroughs){ 0 };
}
