/* Any file at all, through everything the inspector does with it but libmagic's own rules. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "inspect/content.h"
#include "inspect/labels.h"
#include "inspect/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
	const uint8_t *data;
	size_t size;
};

static long read_bytes(void *userdata, uint64_t offset, void *to, size_t size)
{
	const struct bytes *bytes = userdata;

	if (offset > bytes->size)
		return -1;
	if (size > bytes->size - offset)
		size = bytes->size - (size_t) offset;
	memcpy(to, bytes->data + offset, size);
	return (long) size;
}

static void unpack(const uint8_t *data, size_t size, struct od_findings *findings)
{
	static struct od_zip zip;
	static char out[1 << 16];
	struct bytes bytes = { data, size };

	if (od_zip_open(&zip, read_bytes, &bytes, size) != 0)
		return;
	for (size_t i = 0; i < zip.n && i < 16; i++) {
		size_t n = 0;

		if (od_zip_unpack(&zip, &zip.member[i], out, sizeof(out), &n) != 0)
			continue;
		if (n > sizeof(out))
			abort();
		od_detect(out, od_content_strip_tags(out, n), findings);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct od_findings findings;
	struct od_inspect_reply reply, checked;
	char *text = malloc(size ? size : 1);

	if (!text)
		return 0;
	memset(&findings, 0, sizeof(findings));
	od_inspect_reply_init(&reply);
	od_detect((const char *) data, size, &findings);
	unpack(data, size, &findings);
	od_labels_from_list((const char *) data, size, &reply);
	od_labels_from_custom_xml((const char *) data, size, &reply);
	memcpy(text, data, size);
	if (od_content_strip_tags(text, size) > size)
		abort();
	for (unsigned i = 0; i < OD_DETECTOR_MAX_; i++)
		od_inspect_reply_add_detected(
			&reply, od_detector_to_string((enum od_detector) i), findings.count[i]);
	if (od_inspect_reply_check(&reply, sizeof(reply), &checked) != 0)
		abort();
	if (od_inspect_reply_check(data, size, &checked) == 0 &&
		checked.n_labels > OD_INSPECT_LABELS_MAX)
		abort();
	free(text);
	return 0;
}
