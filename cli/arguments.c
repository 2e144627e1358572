/*
 * The command line, read against the table of verbs.
 *
 * Options may stand anywhere before "--", as --name=value or --name value. They are read first by
 * name alone (one name means one thing in every verb), then held against the verb that was found.
 */
#include "cli.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "base/translate.h"

static const struct od_flag *flag_in(const struct od_flag *flags, const char *name, size_t length)
{
	for (; flags && flags->name; flags++)
		if (strlen(flags->name) == length && strncmp(flags->name, name, length) == 0)
			return flags;
	return NULL;
}

static const struct od_flag *flag_find(const char *name, size_t length)
{
	const struct od_flag *flag = flag_in(od_common_flags, name, length);

	for (const struct od_verb *v = od_verbs; !flag && v->name; v++)
		flag = flag_in(v->flags, name, length);
	return flag;
}

static void flags_offer(struct od_nearest *nearest, const struct od_flag *flags)
{
	for (; flags && flags->name; flags++)
		if (flags->help)
			od_nearest_offer(nearest, flags->name);
}

static int complain(const char *problem, const char *prefix, const char *nearest)
{
	fprintf(stderr, "offduty: %s", problem);
	if (nearest) {
		fputs(" ", stderr);
		fprintf(stderr, _("Did you mean \"%s%s\"?"), prefix, nearest);
	}
	fputc('\n', stderr);
	return OD_E_USAGE;
}

static int unknown_flag(const char *word)
{
	size_t length = 2 + strcspn(word + (word[1] == '-' ? 2 : 0), "=");
	char name[OD_NEAREST_MAX + 1], problem[256];
	struct od_nearest nearest = { .wanted = name };

	(void) snprintf(name, sizeof(name), "%.*s", (int) (length - 2), word + 2);
	flags_offer(&nearest, od_common_flags);
	for (const struct od_verb *v = od_verbs; v->name; v++)
		flags_offer(&nearest, v->flags);
	(void) snprintf(problem, sizeof(problem), _("there is no option \"%.64s\"."), word);
	return complain(problem, "--", word[1] == '-' ? nearest.best : NULL);
}

static int flag_take(struct od_cli *cli, char **argv, int argc, int *i)
{
	const char *word = argv[*i], *name = word + (word[1] == '-' ? 2 : 1),
		   *equals = strchr(name, '=');
	const struct od_flag *flag = NULL;
	const char *value = "";
	char problem[256];

	if (strcmp(word, "-h") == 0)
		flag = flag_find("help", 4);
	else if (strcmp(word, "-n") == 0)
		flag = flag_find("number", 6);
	else if (word[1] == '-')
		flag = flag_find(name, equals ? (size_t) (equals - name) : strlen(name));
	if (!flag)
		return unknown_flag(word);
	if (flag->argument)
		value = equals ? equals + 1 : *i + 1 < argc ? argv[++*i] : NULL;
	else if (equals)
		value = NULL;
	if (!value || cli->n_given == OD_CLI_FLAGS_MAX) {
		(void) snprintf(problem, sizeof(problem),
			flag->argument ? _("option --%s needs a value.")
				       : _("option --%s takes no value."),
			flag->name);
		return complain(problem, "", NULL);
	}
	cli->given[cli->n_given].flag = flag;
	cli->given[cli->n_given++].value = value;
	return 0;
}

static int unknown_verb(const char *name)
{
	struct od_nearest nearest = { .wanted = name };
	char problem[256];

	for (const struct od_verb *v = od_verbs; v->name; v++)
		if (*v->name)
			od_nearest_offer(&nearest, v->name);
	(void) snprintf(problem, sizeof(problem), _("there is no verb \"%.64s\"."), name);
	return complain(problem, "offduty ", nearest.best);
}

static int unknown_subverb(const char *name, const char *subverb)
{
	struct od_nearest nearest = { .wanted = subverb ? subverb : "" };
	char problem[256], prefix[64];
	size_t used = 0;

	used = (size_t) snprintf(problem, sizeof(problem), _("\"offduty %s\" needs one of:"), name);
	for (const struct od_verb *v = od_verbs; v->name; v++)
		if (v->subverb && strcmp(v->name, name) == 0) {
			if (used < sizeof(problem))
				used += (size_t) snprintf(
					problem + used, sizeof(problem) - used, " %s", v->subverb);
			od_nearest_offer(&nearest, v->subverb);
		}
	if (used < sizeof(problem))
		(void) snprintf(problem + used, sizeof(problem) - used, ".");
	(void) snprintf(prefix, sizeof(prefix), "offduty %s ", name);
	return complain(problem, prefix, nearest.best);
}

/* The row of @name that the second word picks; *@ret_plain: the one without a sub-verb. */
static const struct od_verb *row_find(
	const char *name, const char *sub, const struct od_verb **ret_plain, bool *ret_subverbs)
{
	const struct od_verb *found = NULL;

	*ret_plain = NULL;
	*ret_subverbs = false;
	for (const struct od_verb *v = od_verbs; v->name; v++) {
		if (strcmp(v->name, name) != 0)
			continue;
		if (!v->subverb)
			*ret_plain = v;
		else if (sub && strcmp(v->subverb, sub) == 0)
			found = v;
		*ret_subverbs = *ret_subverbs || v->subverb;
	}
	return found;
}

static int verb_find(struct od_cli *cli, bool help)
{
	const char *name = cli->n_arguments ? cli->arguments[0] : "";
	const char *sub = cli->n_arguments > 1 ? cli->arguments[1] : NULL;
	const struct od_verb *plain;
	size_t used = cli->n_arguments ? 1 : 0;
	bool subverbs;

	cli->verb = row_find(name, sub, &plain, &subverbs);
	if ((cli->n_arguments && !*name) || (!cli->verb && !plain && !subverbs))
		return unknown_verb(name);
	if (help)
		cli->help = name;
	if (cli->verb)
		used = 2;
	else if (subverbs && (sub || !plain) && !help)
		return unknown_subverb(name, sub);
	else if (!subverbs || !help)
		cli->verb = plain;
	cli->n_arguments -= used;
	memmove(cli->arguments, cli->arguments + used, cli->n_arguments * sizeof(char *));
	cli->arguments[cli->n_arguments] = NULL;
	return 0;
}

static int verb_check(const struct od_cli *cli)
{
	const struct od_verb *verb = cli->verb;
	char problem[256];

	for (size_t i = 0; i < cli->n_given; i++) {
		const char *name = cli->given[i].flag->name;

		if (flag_in(od_common_flags, name, strlen(name)) ||
			flag_in(verb->flags, name, strlen(name)))
			continue;
		(void) snprintf(problem, sizeof(problem),
			_("option --%s does not belong to this verb."), name);
		return complain(problem, "", NULL);
	}
	if (cli->n_arguments >= verb->least && cli->n_arguments <= verb->most)
		return 0;
	(void) snprintf(problem, sizeof(problem), _("say it like this: offduty %s%s%s %s"),
		verb->name, verb->subverb ? " " : "", verb->subverb ? verb->subverb : "",
		verb->synopsis);
	return complain(problem, "", NULL);
}

int od_cli_parse(int argc, char **argv, struct od_cli *ret)
{
	bool words_only = false, help;
	int r;

	memset(ret, 0, sizeof(*ret));
	ret->arguments = calloc((size_t) argc + 1, sizeof(char *));
	if (!ret->arguments)
		return -ENOMEM;
	for (int i = 1; i < argc; i++) {
		if (!words_only && strcmp(argv[i], "--") == 0) {
			words_only = true;
		} else if (!words_only && argv[i][0] == '-' && argv[i][1]) {
			r = flag_take(ret, argv, argc, &i);
			if (r != 0)
				return r;
		} else {
			ret->arguments[ret->n_arguments++] = argv[i];
		}
	}
	ret->json = od_cli_flag(ret, "json");
	if (od_cli_flag(ret, "version") || od_cli_flag(ret, "list-verbs"))
		return 0;
	help = od_cli_flag(ret, "help");
	r = verb_find(ret, help);
	return r != 0 || help ? r : verb_check(ret);
}

void od_cli_done(struct od_cli *cli)
{
	free(cli->arguments);
	cli->arguments = NULL;
}

const char *od_cli_flag(const struct od_cli *cli, const char *name)
{
	for (size_t i = cli->n_given; i > 0; i--) /* the last one said counts */
		if (strcmp(cli->given[i - 1].flag->name, name) == 0)
			return cli->given[i - 1].value;
	return NULL;
}

char *od_cli_words(const struct od_cli *cli)
{
	size_t size = 1;
	char *text;

	for (size_t i = 0; i < cli->n_arguments; i++)
		size += strlen(cli->arguments[i]) + 1;
	text = calloc(1, size);
	for (size_t i = 0; text && i < cli->n_arguments; i++) {
		if (i > 0)
			strcat(text, " ");
		strcat(text, cli->arguments[i]);
	}
	return text;
}
