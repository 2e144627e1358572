/*
 * The list of what is wrong. Adding never fails towards the caller: a scanner must be able to
 * report in the middle of anything. What cannot be kept is counted (.errors) and said (.lost), so
 * that a set with a lost fault is still a faulty set.
 */
#include "ini/problem.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *od_problem_word(const struct od_problems *problems, const char *msgid)
{
	return problems->translate ? problems->translate(msgid) : msgid;
}

static void problem_done(struct od_problem *problem)
{
	free(problem->code);
	free(problem->file);
	free(problem->text);
}

void od_problems_done(struct od_problems *problems)
{
	od_array_foreach (problem, &problems->list)
		problem_done(problem);
	free(problems->list.items);
	memset(&problems->list, 0, sizeof(problems->list));
	problems->lost = false;
	problems->errors = 0;
}

static struct od_problem *add_problem(struct od_problems *problems, const char *code,
	const char *file, const char *format, va_list arguments)
{
	struct od_problem *problem;

	if (problems->list.n >= OD_PROBLEMS_MAX)
		return NULL;
	problem = od_array_add(&problems->list);
	if (!problem)
		return NULL;
	problem->code = strdup(code);
	problem->file = strdup(file ? file : "");
	if (!problem->code || !problem->file ||
		vasprintf(&problem->text, od_problem_word(problems, format), arguments) < 0) {
		problem->text = NULL;
		problem_done(problem);
		problems->list.n--;
		return NULL;
	}
	return problem;
}

void od_problem_add(struct od_problems *problems, enum od_severity severity, const char *code,
	const char *file, unsigned line, unsigned column, const char *format, ...)
{
	struct od_problem *problem;
	va_list arguments;

	if (severity == OD_SEVERITY_ERROR)
		problems->errors++;
	va_start(arguments, format);
	problem = add_problem(problems, code, file, format, arguments);
	va_end(arguments);
	if (!problem) {
		problems->lost = true;
		return;
	}
	problem->severity = severity;
	problem->line = line;
	problem->column = column;
}

void od_problem_suggest(struct od_problems *problems, const char *nearest)
{
	struct od_problem *last;
	char *hint, *text;

	/* Once one was lost, the last kept is not the last added. */
	if (!nearest || problems->lost || problems->list.n == 0)
		return;
	last = &problems->list.items[problems->list.n - 1];
	if (asprintf(&hint, od_problem_word(problems, N_("did you mean \"%s\"?")), nearest) < 0)
		return;
	if (asprintf(&text, "%s; %s", last->text, hint) >= 0) {
		free(last->text);
		last->text = text;
	}
	free(hint);
}

size_t od_problems_count(const struct od_problems *problems, enum od_severity severity)
{
	size_t n = 0;

	if (severity == OD_SEVERITY_ERROR)
		return problems->errors;
	od_array_foreach (problem, &problems->list)
		n += problem->severity == severity;
	return n;
}

static int compare(const void *a, const void *b)
{
	const struct od_problem *x = a, *y = b;
	int order = strcmp(x->file, y->file);

	if (order == 0)
		order = (x->line > y->line) - (x->line < y->line);
	if (order == 0)
		order = (x->column > y->column) - (x->column < y->column);
	return order ? order : strcmp(x->text, y->text);
}

void od_problems_sort(struct od_problems *problems)
{
	if (problems->list.n > 1)
		qsort(problems->list.items, problems->list.n, sizeof(*problems->list.items),
			compare);
}

void od_problems_print(const struct od_problems *problems, FILE *out)
{
	od_array_foreach (problem, &problems->list) {
		bool error = problem->severity == OD_SEVERITY_ERROR;

		fprintf(out, "%s:", problem->file);
		if (problem->line)
			fprintf(out, "%u:", problem->line);
		if (problem->line && problem->column)
			fprintf(out, "%u:", problem->column);
		fprintf(out, " %s: %s [%s]\n",
			od_problem_word(problems, error ? N_("error") : N_("warning")),
			problem->text, problem->code);
	}
	if (problems->lost)
		fprintf(out, "%s\n",
			od_problem_word(
				problems, N_("There are more problems than can be listed.")));
}
