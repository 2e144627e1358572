/*
 * What a program start costs beside nobody, a minimal listener, the guard and fapolicyd.
 *
 * usage: bench_exec ROUNDS STARTS FIRSTS MODE=FOLDER[:PID]...
 *
 * Each mode is a filesystem of its own with the same programs in it and its listener standing there all
 * the time, so that modes are measured in turn within a round without starting anybody anew; a
 * listener that is not asked costs nothing. Ratios are taken inside a round against the first mode
 * and the median of the rounds is told. The second mode is the first once more: what it differs by is
 * the noise, and beyond 2 % the row is void. First the listeners run on our processor (judged), then on
 * the other one (shown).
 *
 * Programs in FOLDER: root (ours), user (somebody's), linked (with a loader beside it), first-N.
 * BENCH_KINDS, of the letters r u l f, leaves the others out. The last line is JSON. Exit: 0, 1 (a target is missed), 3 (void).
 */
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MODES_MAX  6
#define ROUNDS_MAX 200
#define NOISE      0.02

extern char **environ;

enum mode_id { NONE, AGAIN, MINIMAL, GUARD, PEER };

struct mode {
	const char *name, *folder;
	int pid; /* of the listener; 0: none */
	double p10[ROUNDS_MAX], cpu[ROUNDS_MAX], listener[ROUNDS_MAX];
};

struct bench {
	unsigned rounds, starts, firsts, n_modes, next_first;
	struct mode modes[MODES_MAX];
	char *json;
	size_t json_size;
	FILE *out;
	const char *only; /* letters of kinds; NULL: all */
	unsigned missed, voided, rows;
};

static void give_up(const char *what)
{
	perror(what);
	exit(2);
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec * 1e6 + (double) t.tv_nsec / 1e3;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *) a, y = *(const double *) b;

	return (x > y) - (x < y);
}

static double at_rank(const double *values, unsigned n, double rank)
{
	double *sorted = malloc(n * sizeof(*sorted)), result;

	if (!sorted)
		give_up("memory");
	memcpy(sorted, values, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare);
	result = sorted[(unsigned) ((n - 1) * rank)];
	free(sorted);
	return result;
}

static double median_ratio(const double *of, const double *to, unsigned n)
{
	double ratios[ROUNDS_MAX];

	for (unsigned i = 0; i < n; i++)
		ratios[i] = of[i] / to[i];
	return at_rank(ratios, n, 0.5);
}

/* ---- measuring ----------------------------------------------------------------------------------- */

static void stand_on(int pid, int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	if (sched_setaffinity(pid, sizeof(set), &set) < 0)
		give_up("sched_setaffinity");
}

/* Calls @fn for each thread of @pid. */
static void each_thread(
	int pid, void (*fn)(int thread, double *sum, int number), double *sum, int number)
{
	char path[64];
	struct dirent *entry;
	DIR *folder;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	folder = opendir(path);
	if (!folder)
		give_up(path);
	while ((entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			fn(atoi(entry->d_name), sum, number);
	closedir(folder);
}

static void move_thread(int thread, double *sum, int number)
{
	(void) sum;
	stand_on(thread, number);
}

static void add_thread(int thread, double *sum, int number)
{
	char path[64];
	unsigned long long ns;
	FILE *file;

	(void) number;
	snprintf(path, sizeof(path), "/proc/%d/schedstat", thread);
	file = fopen(path, "re");
	if (file && fscanf(file, "%llu", &ns) == 1)
		*sum += (double) ns / 1e3;
	if (file)
		fclose(file);
}

static double listener_cpu(const struct mode *mode)
{
	double sum = 0;

	if (mode->pid)
		each_thread(mode->pid, add_thread, &sum, 0);
	return sum;
}

static double of_usage(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return (double) (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	       (double) (u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static double our_cpu(void)
{
	return of_usage(RUSAGE_SELF) + of_usage(RUSAGE_CHILDREN);
}

static double start_one(const char *program)
{
	char *argv[] = { (char *) program, NULL };
	double begin = now_us();
	int status, r;
	pid_t pid;

	r = posix_spawn(&pid, program, NULL, NULL, argv, environ);
	if (r != 0) {
		errno = r;
		give_up(program);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			give_up("waitpid");
	if (status != 0) {
		fprintf(stderr, "%s: status %d\n", program, status);
		exit(2);
	}
	return now_us() - begin;
}

/* One round of one mode. @first: the first of programs nobody has started yet; else @program. */
static void measure(struct bench *bench, struct mode *mode, unsigned round, const char *program)
{
	unsigned n = program ? bench->starts : bench->firsts;
	double *took = calloc(n, sizeof(*took)), ours, theirs;
	char first[32];

	if (!took || chdir(mode->folder) < 0)
		give_up(mode->folder);
	for (unsigned i = 0; i < 10; i++)
		(void) start_one(program ? program : "./root");
	theirs = listener_cpu(mode);
	ours = our_cpu();
	for (unsigned i = 0; i < n; i++) {
		if (!program)
			snprintf(first, sizeof(first), "./first-%u", bench->next_first + i);
		took[i] = start_one(program ? program : first);
	}
	ours = our_cpu() - ours;
	theirs = listener_cpu(mode) - theirs;
	mode->p10[round] = at_rank(took, n, 0.1);
	mode->cpu[round] = (ours + theirs) / n;
	mode->listener[round] = theirs / n;
	free(took);
}

/* ---- telling ------------------------------------------------------------------------------------- */

static void row(struct bench *bench, const char *what, const char *mode, const char *statistic,
	double value)
{
	fprintf(bench->out,
		"%s{\"what\":\"%s\",\"mode\":\"%s\",\"statistic\":\"%s\",\"value\":%.4f}",
		bench->rows++ ? "," : "", what, mode, statistic, value);
}

/* @most: true: @value may be @target at most; false: at least. */
static void judge(struct bench *bench, const char *what, const char *statistic, double value,
	double target, bool most, bool counts)
{
	bool ok = most ? value <= target : value >= target;

	printf("  %-52s %8.3f  %s %-6.4g %s\n", statistic, value, most ? "<=" : ">=", target,
		!counts ? "void"
		: ok    ? "ok"
			: "MISSED");
	row(bench, what, "judged", statistic, value);
	if (counts && !ok)
		bench->missed++;
}

static double p10(const struct bench *bench, enum mode_id id)
{
	return at_rank(bench->modes[id].p10, bench->rounds, 0.5);
}

static double ratio(const struct bench *bench, enum mode_id of, enum mode_id to, bool cpu)
{
	const struct mode *a = &bench->modes[of], *b = &bench->modes[to];

	return cpu ? median_ratio(a->cpu, b->cpu, bench->rounds)
		   : median_ratio(a->p10, b->p10, bench->rounds);
}

static bool print_modes(struct bench *bench, const char *what)
{
	double noise = ratio(bench, AGAIN, NONE, false),
	       noise_cpu = ratio(bench, AGAIN, NONE, true);
	bool counts = noise >= 1 - NOISE && noise <= 1 + NOISE && noise_cpu >= 1 - NOISE &&
		      noise_cpu <= 1 + NOISE;

	printf("\n%-44s %9s %9s %9s %12s\n", what, "p10 us", "r_p10", "r_cpu", "listener us");
	for (unsigned i = 0; i < bench->n_modes; i++) {
		const struct mode *mode = &bench->modes[i];
		double listener = at_rank(mode->listener, bench->rounds, 0.5);

		printf("  %-42s %9.2f %9.3f %9.3f %12.2f\n", mode->name,
			p10(bench, (enum mode_id) i), ratio(bench, (enum mode_id) i, NONE, false),
			ratio(bench, i, NONE, true), listener);
		row(bench, what, mode->name, "p10_us", p10(bench, (enum mode_id) i));
		row(bench, what, mode->name, "r_p10", ratio(bench, (enum mode_id) i, NONE, false));
		row(bench, what, mode->name, "r_cpu", ratio(bench, (enum mode_id) i, NONE, true));
		row(bench, what, mode->name, "listener_us", listener);
	}
	if (!counts)
		printf("  void: the second \"none\" is at %.3f (p10) and %.3f (CPU)\n", noise,
			noise_cpu);
	return counts;
}

/* What fapolicyd adds to a start, in times of what the guard adds (or of what cannot be seen). */
static double advantage(const struct bench *bench)
{
	double none = p10(bench, NONE), ours = p10(bench, GUARD) - none;
	double bound = p10(bench, AGAIN) - none;

	bound = bound < 0 ? -bound : bound;
	bound = bound < NOISE * none ? NOISE * none : bound;
	return (p10(bench, PEER) - none) / (ours > bound ? ours : bound);
}

enum kind { ROOTS, USERS, LINKED, FIRST };
static const struct {
	const char *what, *program;
	char letter;
} kinds[] = {
	[ROOTS] = { "steady, root's program", "./root", 'r' },
	[USERS] = { "steady, a user's program", "./user", 'u' },
	[LINKED] = { "steady, root's program with a guarded loader", "./linked", 'l' },
	[FIRST] = { "first start of a program", NULL, 'f' },
};

static void judge_kind(struct bench *bench, enum kind kind, bool counts)
{
	const char *what = kinds[kind].what;
	bool peer = bench->n_modes > PEER;

	switch (kind) {
	case ROOTS:
		judge(bench, what, "guard / none, p10", ratio(bench, GUARD, NONE, false), 1.02,
			true, counts);
		judge(bench, what, "guard / none, CPU", ratio(bench, GUARD, NONE, true), 1.02, true,
			counts);
		break;
	case USERS:
		judge(bench, what, "guard / minimal, p10", ratio(bench, GUARD, MINIMAL, false),
			1.03, true, counts);
		judge(bench, what, "guard / minimal, CPU", ratio(bench, GUARD, MINIMAL, true), 1.03,
			true, counts);
		return;
	case LINKED:
		return;
	case FIRST:
		judge(bench, what, "guard / minimal, p10", ratio(bench, GUARD, MINIMAL, false),
			1.10, true, counts);
		judge(bench, what, "guard's CPU, us",
			at_rank(bench->modes[GUARD].listener, bench->rounds, 0.5), 15, true,
			counts);
		break;
	}
	if (peer)
		judge(bench, what, "added by fapolicyd / by the guard", advantage(bench),
			kind == FIRST ? 4 : 20, false, counts);
}

static void run_kind(struct bench *bench, enum kind kind, bool judged)
{
	char what[96];
	bool counts;

	for (unsigned round = 0; round < bench->rounds; round++) {
		for (unsigned i = 0; i < bench->n_modes; i++)
			measure(bench, &bench->modes[(i + round) % bench->n_modes], round,
				kinds[kind].program);
		if (!kinds[kind].program)
			bench->next_first += bench->firsts;
	}
	snprintf(what, sizeof(what), "%s%s", kinds[kind].what, judged ? "" : " (other processor)");
	counts = print_modes(bench, what);
	if (!judged)
		return;
	bench->voided += !counts;
	judge_kind(bench, kind, counts);
}

static void run_on(struct bench *bench, int listeners, bool judged)
{
	for (unsigned i = 0; i < bench->n_modes; i++)
		if (bench->modes[i].pid)
			each_thread(bench->modes[i].pid, move_thread, NULL, listeners);
	for (unsigned kind = ROOTS; kind <= FIRST; kind++)
		if (!bench->only || strchr(bench->only, kinds[kind].letter))
			run_kind(bench, kind, judged);
}

static bool read_mode(char *text, struct mode *mode)
{
	char *folder = strchr(text, '='), *pid = strrchr(text, ':');

	if (!folder)
		return false;
	*folder++ = '\0';
	if (pid)
		*pid++ = '\0';
	mode->name = text;
	mode->folder = folder;
	mode->pid = pid ? atoi(pid) : 0;
	return true;
}

int main(int argc, char **argv)
{
	static struct bench bench;

	for (int i = 4; i < argc && bench.n_modes < MODES_MAX; i++)
		if (!read_mode(argv[i], &bench.modes[bench.n_modes++]))
			argc = 0;
	if (argc < 8) {
		fprintf(stderr,
			"usage: %s ROUNDS STARTS FIRSTS none=DIR again=DIR "
			"minimal=DIR:PID guard=DIR:PID [fapolicyd=DIR:PID]\n",
			argv[0]);
		return 2;
	}
	bench.rounds = (unsigned) atoi(argv[1]);
	bench.starts = (unsigned) atoi(argv[2]);
	bench.firsts = (unsigned) atoi(argv[3]);
	bench.only = getenv("BENCH_KINDS");
	bench.out = open_memstream(&bench.json, &bench.json_size);
	if (!bench.out || bench.rounds < 1 || bench.rounds > ROUNDS_MAX)
		give_up("arguments");
	stand_on(0, 0);
	run_on(&bench, 0, true);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1)
		run_on(&bench, 1, false);
	fclose(bench.out);
	printf("{\"bench\":\"exec\",\"rounds\":%u,\"missed\":%u,\"void\":%u,\"rows\":[%s]}\n",
		bench.rounds, bench.missed, bench.voided, bench.json);
	free(bench.json);
	return bench.missed ? 1 : bench.voided ? 3 : 0;
}
