/*
 * The policy as its admin would write it in one piece, with where each value comes from. What is
 * printed is itself a policy of the same meaning: origins are comments, texts are quoted, and a list
 * written in several places comes in numbered parts.
 */
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "cli.h"
#include "commands.h"
#include "ini/effective.h"
#include "output.h"
#include "places.h"

#define ORIGIN_COLUMN 44

static void print_origin(const struct od_origin *origin, bool usual)
{
	fputs(od_out_colour(OD_COLOUR_FAINT, stdout), stdout);
	if (usual)
		printf("; %s", _("default"));
	else if (origin->file)
		printf("; %s:%u", origin->file, origin->line);
	printf("%s\n", od_out_plain(stdout));
}

/* "name = value   ; file:line" */
static void print_line(const char *name, unsigned number, const char *value, bool quoted,
	const struct od_origin *origin, bool usual)
{
	od_cleanup(od_freep) char *clean = od_out_clean(value, 0);
	const char *quote = quoted ? "\"" : "";
	char head[160];
	size_t width;

	if (!clean)
		return;
	(void) snprintf(head, sizeof(head), number ? "%s.%u" : "%s", name, number);
	printf("%s = %s%s%s ", head, quote, clean, quote);
	width = od_out_width(head) + 4 + 2 * strlen(quote) + od_out_width(clean);
	if (width < ORIGIN_COLUMN)
		printf("%*s", (int) (ORIGIN_COLUMN - width), "");
	print_origin(origin, usual);
}

static bool same_line(const struct od_origin *a, const struct od_origin *b)
{
	return a->file == b->file && a->line == b->line;
}

/* Whether all items stand on one line, so that they can be printed on one. */
static bool on_one_line(const struct od_effective_key *key)
{
	od_array_foreach (value, &key->values)
		if (value->number || !same_line(&value->origin, &key->values.items[0].origin))
			return false;
	return true;
}

static void print_list(const struct od_effective_key *key)
{
	od_cleanup(od_freep) char *text = od_effective_text(key);
	unsigned number = 0;

	if (text && on_one_line(key)) {
		print_line(key->name, 0, text, false, &key->values.items[0].origin, key->usual);
		return;
	}
	od_array_foreach (value, &key->values)
		print_line(key->name, ++number, value->text, strpbrk(value->text, ";#\"'") != NULL,
			&value->origin, false);
}

static void print_key(const struct od_effective_key *key)
{
	if (key->values.n == 0)
		printf("%s =\n", key->name); /* a list that was emptied */
	else if (key->list)
		print_list(key);
	else
		print_line(key->name, 0, key->values.items[0].text, key->text,
			&key->values.items[0].origin, key->usual);
}

static void print_text(const struct od_effective *effective, const char *hash)
{
	printf("; %s %s\n", _("policy"), hash);
	od_array_foreach (section, &effective->sections) {
		if (section->keys.n == 0)
			continue;
		printf("\n%s[%s%s%s]%s\n", od_out_colour(OD_COLOUR_STRONG, stdout), section->name,
			section->label ? " " : "", section->label ? section->label : "",
			od_out_plain(stdout));
		od_array_foreach (key, &section->keys)
			print_key(key);
	}
}

static void json_origin(struct json_object *object, const struct od_origin *origin)
{
	od_json_string(object, "file", origin->file);
	od_json_int(object, "line", origin->line);
}

static struct json_object *key_json(const struct od_effective_key *key)
{
	struct json_object *object = json_object_new_object(), *list = json_object_new_array();

	od_json_string(object, "name", key->name);
	od_json_bool(object, "list", key->list);
	od_json_bool(object, "default", key->usual);
	od_array_foreach (value, &key->values) {
		struct json_object *one = json_object_new_object();

		od_json_string(one, "text", value->text);
		json_origin(one, &value->origin);
		(void) json_object_array_add(list, one);
	}
	(void) json_object_object_add(object, "values", list);
	return object;
}

static void print_json(const struct od_effective *effective, const char *hash)
{
	struct json_object *answer = json_object_new_object(), *list = json_object_new_array();

	od_json_string(answer, "hash", hash);
	od_json_strings(answer, "files", &effective->files);
	od_array_foreach (section, &effective->sections) {
		struct json_object *one = json_object_new_object();
		struct json_object *keys = json_object_new_array();

		od_json_string(one, "name", section->name);
		od_json_string(one, "label", section->label);
		json_origin(one, &section->origin);
		od_array_foreach (key, &section->keys)
			(void) json_object_array_add(keys, key_json(key));
		(void) json_object_object_add(one, "keys", keys);
		(void) json_object_array_add(list, one);
	}
	(void) json_object_object_add(answer, "sections", list);
	od_json_print(answer);
}

int od_cmd_policy_show(struct od_cli *cli)
{
	od_cleanup(od_effective_freep) struct od_effective *effective = NULL;
	od_cleanup(od_policy_unrefp) struct od_policy *policy = NULL;
	od_cleanup(od_places_done) struct od_places places = { 0 };
	int r = od_places_find(cli, cli->arguments, cli->n_arguments, &places);

	if (r == 0)
		r = od_places_require(cli, &places, false, &policy);
	if (r != 0)
		return r;
	r = od_effective_read(&places.paths, places.files, &effective);
	if (r != 0)
		return od_cli_fail(cli, r, NULL);
	if (cli->json)
		print_json(effective, policy->sha256);
	else
		print_text(effective, policy->sha256);
	return 0;
}
