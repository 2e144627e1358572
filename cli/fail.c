#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/translate.h"
#include "cli.h"
#include "output.h"

int od_cli_fail(const struct od_cli *cli, int result, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	if (format)
		(void) vsnprintf(text, sizeof(text), format, arguments);
	else
		(void) snprintf(text, sizeof(text), "%s",
			result < 0 ? strerror(-result) : _(od_error_text(result)));
	va_end(arguments);
	if (cli->json) {
		struct json_object *answer = json_object_new_object();

		od_json_string(answer, "error", result < 0 ? "Failed" : od_error_name(result));
		od_json_string(answer, "text", text);
		od_json_print(answer);
	} else {
		fprintf(stderr, "offduty: %s\n", text);
	}
	return result;
}
