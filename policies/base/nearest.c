/*
 * "Did you mean", by optimal string alignment: three rows of the distance table are enough, and
 * words are short, so that the whole works on the stack.
 */
#include "base/nearest.h"

#include <string.h>

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

static unsigned smallest(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

unsigned od_nearest_distance(const char *a, const char *b, unsigned limit)
{
	size_t n = strnlen(a, OD_NEAREST_MAX + 1), m = strnlen(b, OD_NEAREST_MAX + 1);
	unsigned rows[3][OD_NEAREST_MAX + 1];

	if (n > OD_NEAREST_MAX || m > OD_NEAREST_MAX || (n > m ? n - m : m - n) > limit)
		return limit + 1;
	for (unsigned j = 0; j <= m; j++)
		rows[0][j] = j;
	for (unsigned i = 1; i <= n; i++) {
		unsigned *now = rows[i % 3], *last = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];

		now[0] = i;
		for (unsigned j = 1; j <= m; j++) {
			char x = lower(a[i - 1]), y = lower(b[j - 1]);

			now[j] = smallest(last[j] + 1, now[j - 1] + 1, last[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b[j - 2]) && lower(a[i - 2]) == y &&
				older[j - 2] + 1 < now[j])
				now[j] = older[j - 2] + 1;
		}
	}
	return rows[n % 3][m] > limit ? limit + 1 : rows[n % 3][m];
}

void od_nearest_offer(struct od_nearest *nearest, const char *known)
{
	size_t length = strlen(nearest->wanted);
	unsigned limit = length < 3 ? 1 : (unsigned) (length + 2) / 3;
	unsigned distance;

	if (nearest->best)
		limit = nearest->distance - 1; /* only a nearer one; the first of equals stays */
	if (nearest->best && nearest->distance == 0)
		return;
	distance = od_nearest_distance(nearest->wanted, known, limit);
	if (distance > limit || distance >= strlen(known))
		return;
	nearest->best = known;
	nearest->distance = distance;
}

const char *od_nearest_of(const char *wanted, const char *const *known, size_t n)
{
	struct od_nearest nearest = { .wanted = wanted };

	for (size_t i = 0; i < n; i++)
		od_nearest_offer(&nearest, known[i]);
	return nearest.best;
}
