/* Pattern, newline, text: whatever they are, matching ends soon and stays within its bytes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/glob.h"
#include "model/share.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	od_cleanup(od_freep) char *pattern = strndup((const char *) data, size);
	static const char *const xdg[] = { "documents", "/home/alice/Documents", NULL };
	struct od_file_facts facts = { .home = "/home/alice", .xdg = xdg };
	char root[64], *text;

	if (!pattern)
		return 0;
	text = pattern + strcspn(pattern, "\n");
	if (*text)
		*text++ = '\0';
	facts.path = text;

	(void) od_glob_matches(pattern, text);
	if (od_glob_path_matches(pattern, text) && (*pattern != '/' || *text != '/'))
		abort(); /* only absolute paths */
	if (!od_glob_is_wild(text, strlen(text)) && !strchr(text, '/') &&
		!od_glob_matches(text, text))
		abort(); /* plain text matches itself */
	(void) od_share_path_matches(pattern, &facts);
	if (od_share_path_root(pattern, &facts, root, sizeof(root)) == 0 &&
		(root[0] != '/' || strlen(root) >= sizeof(root)))
		abort();
	return 0;
}
