/* The body of a notification, from anybody: a host comes out of it or nothing does. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/notice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	od_cleanup(od_freep) char *body = strndup((const char *) data, size);
	char host[100];

	if (!body || !od_notice_host_from_body(body, host, sizeof(host)))
		return 0;
	if (host[0] == '\0' || strlen(host) >= sizeof(host) ||
		strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") != strlen(host))
		abort();
	return 0;
}
