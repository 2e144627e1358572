/*
 * Custom properties are read as text, not as XML: name="MSIP_Label_GUID_Name" and the text of the
 * first element behind it. A document that hides its own label from that wins nothing a person could
 * not have by deleting the label.
 */
#include "inspect/labels.h"

#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>

static void trim(const char **from, const char **to)
{
	while (*from < *to && strchr(" \t\r\n", **from))
		(*from)++;
	while (*from < *to && strchr(" \t\r\n", (*to)[-1]))
		(*to)--;
}

void od_labels_from_list(const char *text, size_t size, struct od_inspect_reply *reply)
{
	const char *at = text, *end = text + size;

	while (at < end) {
		const char *stop = memchr(at, ',', (size_t) (end - at));
		const char *from = at, *to = stop ? stop : end;

		trim(&from, &to);
		od_inspect_reply_add_label(reply, from, (size_t) (to - from));
		if (!stop)
			return;
		at = stop + 1;
	}
}

void od_labels_from_attributes(int fd, struct od_inspect_reply *reply)
{
	static const char *const names[] = { "user.offduty.sensitivity", "user.xdg.tags" };
	char value[1024];

	for (size_t i = 0; i < OD_ELEMENTS(names); i++) {
		ssize_t n = fgetxattr(fd, names[i], value, sizeof(value));

		if (n > 0)
			od_labels_from_list(value, (size_t) n, reply);
	}
}

/* Text of the element behind @at: what stands between '>' and '<' of the next one with a text. */
static bool value_behind(const char *at, const char *end, const char **ret, size_t *ret_length)
{
	for (unsigned i = 0; i < 3 && at < end; i++) {
		const char *open = memchr(at, '>', (size_t) (end - at));
		const char *close = open ? memchr(open, '<', (size_t) (end - open)) : NULL;

		if (!close)
			return false;
		if (close > open + 1) {
			*ret = open + 1;
			*ret_length = (size_t) (close - open - 1);
			return true;
		}
		at = close;
	}
	return false;
}

static const char *find(const char *from, const char *end, const char *word)
{
	return memmem(from, (size_t) (end - from), word, strlen(word));
}

static bool is_enabled(const char *text, const char *end, const char *id, size_t id_length)
{
	char name[128];
	const char *at, *value;
	size_t length;

	(void) snprintf(name, sizeof(name), "\"MSIP_Label_%.*s_Enabled\"", (int) id_length, id);
	at = find(text, end, name);
	return at && value_behind(at, end, &value, &length) && length == 4 &&
	       (memcmp(value, "true", 4) == 0 || memcmp(value, "True", 4) == 0);
}

void od_labels_from_custom_xml(const char *text, size_t size, struct od_inspect_reply *reply)
{
	static const char prefix[] = "\"MSIP_Label_";
	const char *at = text, *end = text + size;

	while ((at = find(at, end, prefix)) != NULL) {
		const char *id = at + sizeof(prefix) - 1, *value;
		size_t id_length = 0, length;

		while (id + id_length < end && id_length < 64 && id[id_length] != '_' &&
			id[id_length] != '"')
			id_length++;
		at = id + id_length;
		if (end - at < 6 || memcmp(at, "_Name\"", 6) != 0 ||
			!is_enabled(text, end, id, id_length))
			continue;
		if (value_behind(at, end, &value, &length))
			od_inspect_reply_add_label(reply, value, length);
		od_inspect_reply_add_label(reply, id, id_length);
	}
}
