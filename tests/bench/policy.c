/*
 * What the policy costs: load time, memory, verdicts.
 *
 * bench_policy FOLDER [ROUNDS]: FOLDER is empty and on a file system in memory, so that no disk is
 * measured; sets of 1, 100 and 1,000 drop-ins and 10,000 catalogue entries are written there, of the
 * size of the shipped ones. Compared figures are taken in turn, round by round, and the median is
 * told beside the spread, so that whatever else the machine does falls on both. The last line is
 * JSON; exit 1 when a target is missed.
 *
 * od_glob_matches() is wrapped by the linker to count how often a glob is really tried.
 */
#include <dirent.h>
#include <errno.h>
#include <iniparser.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ini/load.h"
#include "model/glob.h"
#include "model/launch.h"

#define ROUNDS_MAX 99
#define ENTRIES    10000
#define FEW        100
#define VERDICTS   200000
#define ASKED      64 /* programs a machine really starts */

struct series {
	double values[ROUNDS_MAX];
	size_t n;
};

struct rows {
	char *text;
	size_t size;
	FILE *out;
	unsigned n, missed;
};

static unsigned long globs;

bool __real_od_glob_matches(const char *pattern, const char *text);
bool __wrap_od_glob_matches(const char *pattern, const char *text);
bool __wrap_od_glob_matches(const char *pattern, const char *text)
{
	globs++;
	return __real_od_glob_matches(pattern, text);
}

static void give_up(const char *what)
{
	perror(what);
	exit(2);
}

/* ---- figures ----------------------------------------------------------------------------------- */

/* Processor time: what else the machine does is not ours. Nothing here waits. */
static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *) a, y = *(const double *) b;

	return (x > y) - (x < y);
}

static double median(struct series *series)
{
	qsort(series->values, series->n, sizeof(*series->values), compare);
	return series->values[series->n / 2];
}

/* Half the distance between the quartiles, in percent of the median: the noise. */
static double noise(struct series *series)
{
	double middle = median(series);

	return middle > 0
		       ? 50 * (series->values[series->n * 3 / 4] - series->values[series->n / 4]) /
				 middle
		       : 0;
}

static void add(struct series *series, double value)
{
	if (series->n < ROUNDS_MAX)
		series->values[series->n++] = value;
}

/* @target: the most that is fine; 0: none. */
static void tell(struct rows *rows, const char *quantity, const char *unit, double value,
	double spread, double target)
{
	bool ok = target <= 0 || value <= target;
	char wanted[32] = "";

	if (target > 0)
		snprintf(wanted, sizeof(wanted), "<= %.4g", target);
	printf("%-58s %12.4g %-5s +-%4.1f%%  %-8s %s\n", quantity, value, unit, spread, wanted,
		ok ? "" : "MISSED");
	fprintf(rows->out, "%s{\"quantity\":\"%s\",\"value\":%.6g,\"unit\":\"%s\",\"noise\":%.1f,",
		rows->n++ ? "," : "", quantity, value, unit, spread);
	if (target > 0)
		fprintf(rows->out, "\"target\":%.6g,\"ok\":%s}", target, ok ? "true" : "false");
	else
		fprintf(rows->out, "\"target\":null,\"ok\":true}");
	rows->missed += !ok;
}

/* ---- sets of files ----------------------------------------------------------------------------- */

static FILE *create(const char *folder, const char *format, unsigned i)
{
	char name[64], path[PATH_MAX];
	FILE *file;

	snprintf(name, sizeof(name), format, i);
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	if (!file)
		give_up(path);
	return file;
}

static void write_drop_in(const char *folder, unsigned i)
{
	FILE *file = create(folder, "rule-%05u.ini", i);

	fprintf(file,
		"; rule %u of many\n[sharing rule-%u]\npaths.1 = /srv/share-%u/**\n"
		"paths.2 = xdg:documents/Share %u/**\ngroups = group-%u\nextensions = pdf, docx, "
		"xlsx\n"
		"messengers = quality:no-e2ee, messenger:app-%05u\naction = ask\nhold = 20s\n"
		"on-timeout = block ; as the charter says\n"
		"message.en = \"Share %u: please ask the service that owns it first.\"\n"
		"message.fr = \"Partage %u : demandez d'abord au service concern\xc3\xa9.\"\n"
		"[messenger app-%05u]\nverdict = warn\ngroups = group-%u\nwhen = on-duty\n"
		"message.en = \"For meetings only.\"\n",
		i, i, i, i, i, i % FEW, i, i, i % FEW, i);
	fclose(file);
}

static void write_entry(const char *folder, unsigned i)
{
	static const char *const criteria[] = { "price", "e2ee", "client", "server", "collects",
		"privacy-policy" };
	static const char *const levels[] = { "free", "default", "open", "closed", "metadata",
		"known" };
	FILE *file = create(folder, "app-%05u.ini", i);

	fprintf(file,
		"; one of many\n[messenger]\nname = \"App %u\"\nvendor = \"Vendor %u Ltd.\"\n"
		"service = service-%u\nrole = official\nkind = both\nstatus = active\n"
		"as-of = 2026-11-23\n\n[identity]\nexecutables = app-%05u, App%05u\n"
		"paths.1 = /opt/App%u/app-%05u\npaths.2 = ~/.local/share/app%u/**/app-%05u\n"
		"paths.3 = /opt/App%u/bin/*\nflatpak = org.example.App%u\nsnap = app-%05u\n"
		"appimage = App%u-*.AppImage\nasar = app-%05u\ndesktop = app-%05u, "
		"org.example.App%u\n"
		"app-names = App %u\nentries = app-%05u\norigins.1 = app%u.example.com\n"
		"origins.2 = *.app%u.example.org\nrecalled = appimage, desktop\n"
		"sources.1 = \"https://example.com/app%u/source\"\n"
		"sources.2 = \"https://example.com/app%u/package\"\n\n[criteria]\n",
		i, i, i / 3, i, i, i, i, i, i, i, i, i, i, i, i, i, i, i, i, i, i, i);
	for (size_t c = 0; c < OD_ELEMENTS(criteria); c++)
		fprintf(file,
			"%s = %s\n%s.confidence = verified\n%s.text = \"as the vendor says\"\n"
			"%s.source = \"https://example.com/app%u/%s\"\n%s.as-of = 2026-08-07\n",
			criteria[c], levels[c], criteria[c], criteria[c], criteria[c], i,
			criteria[c], criteria[c]);
	fprintf(file,
		"hosting.countries = FR, US\nhosting.confidence = verified\n"
		"hosting.source = \"https://example.com/where\"\nhosting.as-of = 2026-08-07\n");
	fclose(file);
}

/* A folder of @n files below @root, kept for the whole run. */
static const char *make(const char *root, const char *name, unsigned n,
	void (*write_one)(const char *folder, unsigned i))
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", root, name) < 0 || mkdir(path, 0755) < 0)
		give_up(name);
	for (unsigned i = 0; i < n; i++)
		write_one(path, i);
	return path;
}

/* ---- loading ------------------------------------------------------------------------------------ */

struct set {
	const char *policy[2], *catalogue[2];
};

static struct od_policy *load(const struct set *set)
{
	static const char *const none[] = { NULL };
	const struct od_ini_paths paths = { .policy = set->policy,
		.catalogue = set->catalogue,
		.holidays = none,
		.zoneinfo = "/usr/share/zoneinfo" };
	struct od_problems problems = { 0 };
	struct od_policy *policy = NULL;

	if (od_ini_load(&paths, &problems, &policy) != 0) {
		od_problems_print(&problems, stderr);
		exit(2);
	}
	od_problems_done(&problems);
	return policy;
}

/* What a program would keep that reads the same files by iniparser alone, none of them checked. */
struct bare {
	OD_ARRAY(dictionary *) list;
};

static void load_bare(const char *folder, struct bare *bare)
{
	DIR *files = folder ? opendir(folder) : NULL;
	struct dirent *entry;
	char path[PATH_MAX];

	while (files && (entry = readdir(files)) != NULL) {
		dictionary **ini;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		ini = od_array_add(&bare->list);
		if (!ini || !(*ini = iniparser_load(path)))
			give_up(path);
	}
	if (files)
		closedir(files);
}

static void bare_done(struct bare *bare)
{
	od_array_foreach (ini, &bare->list)
		iniparser_freedict(*ini);
	free(bare->list.items);
}

static void time_load(struct rows *rows, const char *what, const struct set *set, unsigned rounds)
{
	struct series ours = { 0 }, bare = { 0 }, ratio = { 0 };
	char quantity[96];
	size_t memory;

	for (unsigned round = 0; round <= rounds; round++) {
		struct od_policy *policy;
		double a, b, c, d;
		struct mallinfo2 before = mallinfo2();
		struct bare kept = { 0 };

		a = now();
		policy = load(set);
		b = now();
		memory =
			mallinfo2().uordblks - before.uordblks + mallinfo2().hblkhd - before.hblkhd;
		od_policy_unref(policy);
		c = now();
		load_bare(set->policy[0], &kept);
		load_bare(set->catalogue[0], &kept);
		d = now();
		bare_done(&kept); /* letting go is nobody's load time */
		if (round == 0)
			continue; /* warms the caches */
		add(&bare, d - c);
		add(&ours, b - a);
		add(&ratio, (b - a) / bare.values[bare.n - 1]);
	}
	snprintf(quantity, sizeof(quantity), "load %s", what);
	tell(rows, quantity, "ms", median(&ours) * 1e3, noise(&ours), 0);
	snprintf(quantity, sizeof(quantity), "bare iniparser_load of %s", what);
	tell(rows, quantity, "ms", median(&bare) * 1e3, noise(&bare), 0);
	snprintf(quantity, sizeof(quantity), "load %s / bare", what);
	tell(rows, quantity, "x", median(&ratio), noise(&ratio), 2);
	snprintf(quantity, sizeof(quantity), "memory of %s", what);
	tell(rows, quantity, "KiB", (double) memory / 1024, 0, 0);
}

/* ---- verdicts ------------------------------------------------------------------------------------ */

static const struct od_person person = { .name = "alice", .uid = 1000 };

static unsigned ask(const struct od_policy *policy, const char *path)
{
	const struct od_program program = { .path = path, .home = "/home/alice" };
	const struct od_messenger *messenger =
		od_catalogue_match_program(policy->catalogue, &program, NULL);
	struct od_decision decision;

	od_launch_decide(policy, &person, messenger, true, &decision);
	return (unsigned) decision.verdict + (messenger != NULL);
}

/* Seconds a verdict, over ASKED programs named by @format. */
static double time_verdicts(const struct od_policy *policy, const char *format, unsigned asked)
{
	char(*paths)[64] = calloc(asked, sizeof(*paths));
	unsigned sum = 0;
	double begin;

	if (!paths)
		give_up("memory");
	for (unsigned i = 0; i < asked; i++)
		snprintf(paths[i], sizeof(paths[i]), format, i);
	begin = now();
	for (unsigned i = 0; i < VERDICTS; i++)
		sum += ask(policy, paths[i % asked]);
	begin = (now() - begin) / VERDICTS;
	free(paths);
	return sum == UINT_MAX ? 0 : begin;
}

static void compare_verdicts(struct rows *rows, const char *what, const struct od_policy *few,
	const struct od_policy *many, const char *format, unsigned rounds, double target)
{
	struct series small = { 0 }, large = { 0 }, ratio = { 0 };
	char quantity[96];

	for (unsigned round = 0; round <= rounds * 3; round++) {
		double a = time_verdicts(few, format, ASKED);
		double b = time_verdicts(many, format, ASKED);

		if (round == 0)
			continue;
		add(&small, a);
		add(&large, b);
		add(&ratio, b / a);
	}
	snprintf(quantity, sizeof(quantity), "verdicts, %s, %d entries", what, FEW);
	tell(rows, quantity, "1/s", 1 / median(&small), noise(&small), 0);
	snprintf(quantity, sizeof(quantity), "verdicts, %s, %d entries", what, ENTRIES);
	tell(rows, quantity, "1/s", 1 / median(&large), noise(&large), 0);
	snprintf(quantity, sizeof(quantity), "a verdict, %s, %d / %d entries", what, ENTRIES, FEW);
	tell(rows, quantity, "x", median(&ratio), noise(&ratio), target);
}

static void count_globs(struct rows *rows, const char *what, const struct od_policy *policy,
	const char *path, double target)
{
	char quantity[96];

	globs = 0;
	(void) ask(policy, path);
	snprintf(quantity, sizeof(quantity), "globs tried, %s, %d entries", what, ENTRIES);
	tell(rows, quantity, "", (double) globs, 0, target);
}

static void verdicts(struct rows *rows, const struct set *few_files, const struct set *many_files,
	unsigned rounds)
{
	struct od_policy *few = load(few_files), *many = load(many_files);
	struct series spread = { 0 };

	compare_verdicts(rows, "exact key", few, many, "/usr/bin/app-%05u", rounds, 1.2);
	compare_verdicts(rows, "no messenger", few, many, "/usr/bin/program-%u", rounds, 1.2);
	for (unsigned round = 0; round < rounds; round++)
		add(&spread, time_verdicts(many, "/usr/bin/app-%05u", ENTRIES));
	tell(rows, "verdicts, 10000 exact keys in turn, 10000 entries", "1/s", 1 / median(&spread),
		noise(&spread), 0);
	/* 0 would mean "no target": half a glob is none. */
	count_globs(rows, "exact key", many, "/usr/bin/app-00042", 0.5);
	count_globs(rows, "no messenger", many, "/usr/bin/program", 0.5);
	count_globs(rows, "an AppImage of nobody", many, "/home/alice/Other.AppImage", 0.5);
	count_globs(rows, "an AppImage of one", many, "/home/alice/App4242-1.0.AppImage", 4);
	od_policy_unref(few);
	od_policy_unref(many);
}

int main(int argc, char **argv)
{
	unsigned rounds = argc > 2 ? (unsigned) atoi(argv[2]) : 7;
	struct rows rows = { 0 };
	struct set sets[4] = { 0 };
	const char *few;

	if (argc < 2 || rounds == 0 || rounds > ROUNDS_MAX / 3) {
		fprintf(stderr, "usage: %s FOLDER [ROUNDS, at most %d]\n", argv[0], ROUNDS_MAX / 3);
		return 2;
	}
	rows.out = open_memstream(&rows.text, &rows.size);
	if (!rows.out)
		give_up("memory");
	few = make(argv[1], "catalogue-100", FEW, write_entry);
	sets[0] = (struct set){ { make(argv[1], "policy-1", 1, write_drop_in) }, { few } };
	sets[1] = (struct set){ { make(argv[1], "policy-100", 100, write_drop_in) }, { few } };
	sets[2] = (struct set){ { make(argv[1], "policy-1000", 1000, write_drop_in) }, { few } };
	sets[3] = (struct set){ { sets[0].policy[0] },
		{ make(argv[1], "catalogue-10000", ENTRIES, write_entry) } };
	time_load(&rows, "1 drop-in, 100 entries", &sets[0], rounds);
	time_load(&rows, "100 drop-ins, 100 entries", &sets[1], rounds);
	time_load(&rows, "1000 drop-ins, 100 entries", &sets[2], rounds);
	time_load(&rows, "1 drop-in, 10000 entries", &sets[3], rounds);
	verdicts(&rows, &sets[0], &sets[3], rounds);
	fclose(rows.out);
	printf("{\"bench\":\"policy\",\"rows\":[%s]}\n", rows.text);
	free(rows.text);
	return rows.missed > 0;
}
