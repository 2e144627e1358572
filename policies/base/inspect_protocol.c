#include "base/inspect_protocol.h"

#include <string.h>

#include "base/error.h"

void od_inspect_request_init(struct od_inspect_request *request)
{
	memset(request, 0, sizeof(*request));
	request->magic = OD_INSPECT_MAGIC;
	request->version = OD_INSPECT_VERSION;
}

int od_inspect_request_check(const void *bytes, size_t size)
{
	struct od_inspect_request request;

	if (size != sizeof(request))
		return OD_E_SYNTAX;
	memcpy(&request, bytes, sizeof(request));
	if (request.magic != OD_INSPECT_MAGIC)
		return OD_E_SYNTAX;
	return request.version == OD_INSPECT_VERSION ? 0 : OD_E_UNSUPPORTED;
}

void od_inspect_reply_init(struct od_inspect_reply *reply)
{
	memset(reply, 0, sizeof(*reply));
	reply->magic = OD_INSPECT_MAGIC;
	reply->version = OD_INSPECT_VERSION;
}

void od_inspect_reply_add_label(struct od_inspect_reply *reply, const char *label, size_t length)
{
	char *slot;

	if (reply->n_labels == OD_INSPECT_LABELS_MAX || length == 0 || memchr(label, '\0', length))
		return;
	if (length >= OD_INSPECT_LABEL_MAX)
		length = OD_INSPECT_LABEL_MAX - 1;
	slot = reply->labels[reply->n_labels++];
	memcpy(slot, label, length);
	slot[length] = '\0';
}

void od_inspect_reply_add_detected(struct od_inspect_reply *reply, const char *name, unsigned count)
{
	size_t length = strlen(name);

	if (count == 0 || reply->n_detected == OD_INSPECT_DETECTORS_MAX ||
		length >= OD_INSPECT_NAME_MAX)
		return;
	memcpy(reply->detected[reply->n_detected].name, name, length + 1);
	reply->detected[reply->n_detected++].count = count;
}

static bool terminated(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

int od_inspect_reply_check(const void *bytes, size_t size, struct od_inspect_reply *ret)
{
	struct od_inspect_reply reply;

	if (size != sizeof(reply))
		return OD_E_SYNTAX;
	memcpy(&reply, bytes, sizeof(reply));
	if (reply.magic != OD_INSPECT_MAGIC)
		return OD_E_SYNTAX;
	if (reply.version != OD_INSPECT_VERSION)
		return OD_E_UNSUPPORTED;
	if (reply.n_labels > OD_INSPECT_LABELS_MAX || reply.n_detected > OD_INSPECT_DETECTORS_MAX ||
		!terminated(reply.mime, sizeof(reply.mime)))
		return OD_E_SYNTAX;
	for (uint32_t i = 0; i < reply.n_labels; i++)
		if (!terminated(reply.labels[i], sizeof(reply.labels[i])))
			return OD_E_SYNTAX;
	for (uint32_t i = 0; i < reply.n_detected; i++)
		if (!terminated(reply.detected[i].name, sizeof(reply.detected[i].name)))
			return OD_E_SYNTAX;
	*ret = reply;
	return 0;
}
