#include "problems.h"

#include <json-c/json.h>
#include <stdio.h>

#include "base/translate.h"
#include "cli.h"
#include "model/policy.h"
#include "output.h"

static void print_json(const struct od_problems *problems, const struct od_policy *policy,
	size_t faults, size_t warnings)
{
	struct json_object *answer = json_object_new_object(), *list = json_object_new_array();

	od_json_bool(answer, "good", faults == 0);
	od_json_int(answer, "faults", (int64_t) faults);
	od_json_int(answer, "warnings", (int64_t) warnings);
	od_json_bool(answer, "more", problems->lost);
	od_json_string(answer, "hash", policy ? policy->sha256 : NULL);
	if (policy)
		od_json_strings(answer, "files", &policy->files);
	od_array_foreach (problem, &problems->list) {
		struct json_object *item = json_object_new_object();

		od_json_string(item, "severity",
			problem->severity == OD_SEVERITY_ERROR ? "error" : "warning");
		od_json_string(item, "code", problem->code);
		od_json_string(item, "file", problem->file);
		od_json_int(item, "line", problem->line);
		od_json_int(item, "column", problem->column);
		od_json_string(item, "text", problem->text);
		(void) json_object_array_add(list, item);
	}
	(void) json_object_object_add(answer, "problems", list);
	od_json_print(answer);
}

void od_problems_show(
	const struct od_cli *cli, struct od_problems *problems, const struct od_policy *policy)
{
	size_t faults = od_problems_count(problems, OD_SEVERITY_ERROR);
	size_t warnings = od_problems_count(problems, OD_SEVERITY_WARNING);

	od_problems_sort(problems);
	if (cli->json) {
		print_json(problems, policy, faults, warnings);
		return;
	}
	od_problems_print(problems, stdout);
	if (problems->lost)
		puts(_("There is more; not all of it could be kept."));
	fputs(od_out_colour(faults     ? OD_COLOUR_BAD
			    : warnings ? OD_COLOUR_WARNING
				       : OD_COLOUR_GOOD,
		      stdout),
		stdout);
	printf(ngettext("%zu fault", "%zu faults", faults), faults);
	fputs(", ", stdout);
	printf(ngettext("%zu warning", "%zu warnings", warnings), warnings);
	printf("%s\n", od_out_plain(stdout));
}
