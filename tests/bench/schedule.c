/*
 * bench_schedule SOURCE-TREE: duty of the sample policy with public holidays, a leave
 * list of 1,000 events and on-call, evaluations a second; the peer's figures come in on standard
 * input as lines "NAME PER-SECOND" (tests/bench/schedule.sh). Prints a table and one line of JSON.
 *
 * An evaluation is state and next change at an instant picked at random within four years. Each row
 * is the best of ROUNDS, in one process, on one thread.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/error.h"
#include "ini/load.h"
#include "model/duty.h"

#define EVENTS   1000
#define COUNT    100000
#define ROUNDS   5
#define DAY_USEC (86400 * OD_USEC_PER_SEC)
#define TARGET   100

static int64_t instants[COUNT];
static uint64_t state_of_random = 0x9e3779b97f4a7c15;

static uint64_t random_next(void)
{
	state_of_random ^= state_of_random << 13;
	state_of_random ^= state_of_random >> 7;
	state_of_random ^= state_of_random << 17;
	return state_of_random;
}

static double seconds_now(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static struct od_policy *load_sample(const char *tree)
{
	od_cleanup(od_problems_done) struct od_problems problems = { 0 };
	char text[3][PATH_MAX];
	const char *lists[3][2] = { { text[0] }, { text[1] }, { text[2] } };
	struct od_ini_paths paths = { .policy = lists[0],
		.catalogue = lists[1],
		.holidays = lists[2],
		.zoneinfo = "/usr/share/zoneinfo" };
	struct od_policy *policy = NULL;

	(void) snprintf(text[0], PATH_MAX, "%s/policies/examples/exemplar", tree);
	(void) snprintf(text[1], PATH_MAX, "%s/policies/catalogue", tree);
	(void) snprintf(text[2], PATH_MAX, "%s/policies/holidays", tree);
	if (od_ini_load(&paths, &problems, &policy) != 0) {
		od_problems_print(&problems, stderr);
		exit(1);
	}
	return policy;
}

/* Every fourth day or so, half of them for a few hours. */
static struct od_leave *make_leave(void)
{
	struct od_leave *leave = calloc(1, sizeof(*leave));
	int64_t day = od_day_from_civil(2025, 1, 1) * DAY_USEC;

	for (int i = 0; leave && i < EVENTS; i++) {
		struct od_leave_span *span = od_array_add(&leave->spans);

		if (!span)
			exit(1);
		day += (2 + (int64_t) (random_next() % 3)) * DAY_USEC;
		*span = i % 2 ? (struct od_leave_span){ day, day + DAY_USEC, true }
			      : (struct od_leave_span){ day + 13 * 3600 * OD_USEC_PER_SEC,
					day + 17 * 3600 * OD_USEC_PER_SEC, false };
	}
	if (leave)
		od_leave_settle(leave);
	return leave;
}

static double measure(const struct od_duty_input *input, int64_t *checksum)
{
	double best = 0;

	for (int round = 0; round < ROUNDS; round++) {
		double begin = seconds_now(), rate;
		struct od_duty duty;

		for (size_t i = 0; i < COUNT; i++) {
			od_duty_at(input, instants[i], &duty);
			*checksum += duty.on + duty.until_us % 1000003;
		}
		rate = COUNT / (seconds_now() - begin);
		best = rate > best ? rate : best;
	}
	return best;
}

static void row(const char *name, double rate, double peer, bool last, char *json, size_t size)
{
	size_t n = strlen(json);

	if (peer > 0)
		printf("%-34s %14.0f %12.0f %9.0f x\n", name, rate, peer, rate / peer);
	else
		printf("%-34s %14.0f %12s\n", name, rate, "-");
	(void) snprintf(json + n, size - n,
		"{\"what\":\"%s\",\"per_second\":%.0f,\"ns\":%.0f,\"peer_per_second\":%.0f,"
		"\"ratio\":%.1f}%s",
		name, rate, 1e9 / rate, peer, peer > 0 ? rate / peer : 0, last ? "" : ",");
}

/* "full 1234.5" and "plain 1234.5"; what does not come is 0. */
static void read_peer(double *full, double *plain)
{
	char line[128], name[32];
	double rate;

	*full = *plain = 0;
	while (fgets(line, sizeof(line), stdin))
		if (sscanf(line, "%31s %lf", name, &rate) == 2)
			*(strcmp(name, "full") == 0 ? full : plain) = rate;
}

int main(int argc, char **argv)
{
	static const char *const groups[] = { "netops" };
	static const struct od_person alice = { "alice", 1000, groups, 1 };
	struct od_policy *policy = load_sample(argc > 1 ? argv[1] : ".");
	struct od_leave *leave = make_leave();
	struct od_duty_input full = { .policy = policy, .person = &alice, .leave = leave };
	struct od_duty_input plain = { .policy = policy, .person = &alice };
	char json[2048] = "";
	int64_t checksum = 0;
	double peer_full, peer_plain, rate;

	read_peer(&peer_full, &peer_plain);
	for (size_t i = 0; i < COUNT; i++)
		instants[i] = od_day_from_civil(2025, 1, 1) * DAY_USEC +
			      (int64_t) (random_next() % (uint64_t) (4 * 365 * DAY_USEC));
	printf("%-34s %14s %12s %11s\n", "state and next change", "a second", "peer", "ratio");
	rate = measure(&full, &checksum);
	row("holidays, 1000 events, on-call", rate, peer_full, false, json, sizeof(json));
	row("holidays, on-call", measure(&plain, &checksum), peer_plain, true, json, sizeof(json));
	printf("{\"bench\":\"schedule\",\"target_ratio\":%d,\"checksum\":%" PRId64
	       ",\"rows\":[%s]}\n",
		TARGET, checksum, json);
	od_leave_free(leave);
	od_policy_unref(policy);
	return peer_full > 0 && rate < TARGET * peer_full;
}
