/*
 * Order: what it is (libmagic, 64 KiB at most), labels, whether a password protects it, what stands in
 * it. Plain bytes are searched as they are; of an office document the members that hold text are
 * unpacked, within bounds, and searched without their tags.
 *
 * Limits: PDF text (compressed streams), old binary Office files, archives in archives and pictures
 * are not read: of those only kind, size and labels count. The first MiB and the last 64 KiB are.
 */
#include "inspect/content.h"

#include <errno.h>
#include <magic.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/error.h"
#include "inspect/labels.h"
#include "inspect/zip.h"

#define MAGIC_BYTES  ((size_t) 64 << 10)
#define MEMBERS_READ 64

struct od_content {
	magic_t magic;
	struct od_findings findings;
	struct od_zip zip;
	char head[OD_CONTENT_HEAD];
	char tail[OD_CONTENT_TAIL];
	char unpacked[OD_ZIP_OUT_MAX];
};

/* One look. */
struct look {
	struct od_content *content;
	int fd;
	int64_t deadline_ns;
	uint64_t size;
	size_t n_head, n_tail;
	struct od_inspect_reply *reply;
};

int64_t od_content_now_ns(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now); /* cannot fail for this clock */
	return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

int od_content_new(struct od_content **ret)
{
	od_cleanup(od_content_freep) struct od_content *content = calloc(1, sizeof(*content));

	if (!content)
		return -ENOMEM;
	content->magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF);
	if (!content->magic)
		return -ENOMEM;
	if (magic_load(content->magic, NULL) < 0)
		return -EIO;
	*ret = od_take(&content);
	return 0;
}

void od_content_free(struct od_content *content)
{
	if (!content)
		return;
	if (content->magic)
		magic_close(content->magic);
	free(content);
}

static long read_full(int fd, uint64_t offset, void *to, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = pread(fd, (char *) to + done, size - done, (off_t) (offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		if (n == 0)
			break;
		done += (size_t) n;
	}
	return (long) done;
}

static long zip_read(void *userdata, uint64_t offset, void *to, size_t size)
{
	const struct look *look = userdata;

	return read_full(look->fd, offset, to, size);
}

static bool late(const struct look *look)
{
	return od_content_now_ns() > look->deadline_ns;
}

static bool has(const char *bytes, size_t size, const char *word, size_t length)
{
	return size >= length && memmem(bytes, size, word, length) != NULL;
}

static bool begins(const struct look *look, const char *word, size_t length)
{
	return look->n_head >= length && memcmp(look->content->head, word, length) == 0;
}

static void find_kind(struct look *look)
{
	struct od_content *content = look->content;
	const char *mime = magic_buffer(content->magic, content->head,
		look->n_head < MAGIC_BYTES ? look->n_head : MAGIC_BYTES);

	if (mime && strlen(mime) < sizeof(look->reply->mime))
		memcpy(look->reply->mime, mime, strlen(mime) + 1);
}

/* ---- office documents */

size_t od_content_strip_tags(char *text, size_t size)
{
	static const char *const breaks[] = { ":p>", "si>", "/c>", "row>", "/p>", "cell>", ":t>/" };
	char *out = text;
	size_t at = 0;

	while (at < size) {
		char *close;
		bool line = false;

		if (text[at] != '<') {
			*out++ = text[at++];
			continue;
		}
		close = memchr(text + at, '>', size - at);
		if (!close)
			break;
		for (size_t i = 0; text[at + 1] == '/' && i < OD_ELEMENTS(breaks); i++) {
			size_t length = strlen(breaks[i]);

			line |= (size_t) (close + 1 - (text + at)) >= length &&
				memcmp(close + 1 - length, breaks[i], length) == 0;
		}
		if (line)
			*out++ = '\n';
		at = (size_t) (close + 1 - text);
	}
	return (size_t) (out - text);
}

static bool holds_text(const char *name)
{
	static const char *const whole[] = { "word/document.xml", "xl/sharedStrings.xml",
		"content.xml", NULL };
	static const char *const start[] = { "xl/worksheets/sheet", "ppt/slides/slide",
		"word/header", "word/footer", NULL };

	for (const char *const *at = whole; *at; at++)
		if (strcmp(name, *at) == 0)
			return true;
	for (const char *const *at = start; *at; at++)
		if (strncmp(name, *at, strlen(*at)) == 0)
			return true;
	return false;
}

static void look_into_member(struct look *look, const struct od_zip_member *member)
{
	struct od_content *content = look->content;
	bool labels = strcmp(member->name, "docProps/custom.xml") == 0;
	size_t size;

	if (!labels && !holds_text(member->name))
		return;
	if (late(look) || od_zip_unpack(&content->zip, member, content->unpacked,
				  sizeof(content->unpacked), &size) != 0) {
		look->reply->flags |= OD_INSPECT_UNSCANNABLE;
		return;
	}
	if (labels)
		od_labels_from_custom_xml(content->unpacked, size, look->reply);
	else
		od_detect(content->unpacked, od_content_strip_tags(content->unpacked, size),
			&content->findings);
}

static void look_into_zip(struct look *look)
{
	struct od_zip *zip = &look->content->zip;

	if (od_zip_open(zip, zip_read, look, look->size) != 0) {
		look->reply->flags |= OD_INSPECT_UNSCANNABLE;
		return;
	}
	for (size_t i = 0; i < zip->n; i++)
		if (zip->member[i].encrypted) {
			look->reply->flags |= OD_INSPECT_ENCRYPTED;
			return;
		}
	if (zip->more)
		look->reply->flags |= OD_INSPECT_PARTIAL;
	for (size_t i = 0, read = 0; i < zip->n && read < MEMBERS_READ; i++, read++)
		look_into_member(look, &zip->member[i]);
}

/* ---- protected by a password */

static bool is_encrypted(const struct look *look)
{
	static const char package[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
	const struct od_content *content = look->content;

	if (begins(look, "%PDF-", 5))
		return has(content->head, look->n_head, "/Encrypt", 8) ||
		       has(content->tail, look->n_tail, "/Encrypt", 8);
	if (begins(look, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8))
		return has(content->head, look->n_head, package, sizeof(package) - 1) ||
		       has(content->tail, look->n_tail, package, sizeof(package) - 1);
	return begins(look, "-----BEGIN PGP MESSAGE", 22) ||
	       begins(look, "age-encryption.org/", 19) || begins(look, "LUKS\xba\xbe", 6);
}

/* ---- all of it */

static bool read_ends(struct look *look)
{
	struct od_content *content = look->content;
	struct stat st;
	long n;

	if (fstat(look->fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size < 0)
		return false;
	look->size = (uint64_t) st.st_size;
	n = read_full(look->fd, 0, content->head, sizeof(content->head));
	if (n < 0)
		return false;
	look->n_head = (size_t) n;
	if (look->size <= sizeof(content->head))
		return true;
	if (look->size > sizeof(content->head) + sizeof(content->tail))
		look->reply->flags |= OD_INSPECT_PARTIAL;
	n = read_full(
		look->fd, look->size - sizeof(content->tail), content->tail, sizeof(content->tail));
	look->n_tail = n > 0 ? (size_t) n : 0;
	return n >= 0;
}

static void search(struct look *look)
{
	struct od_content *content = look->content;

	if (is_encrypted(look)) {
		look->reply->flags |= OD_INSPECT_ENCRYPTED;
		return;
	}
	if (begins(look, "PK\3\4", 4) || begins(look, "PK\5\6", 4)) {
		look_into_zip(look);
		return;
	}
	od_detect(content->head, look->n_head, &content->findings);
	if (late(look)) {
		look->reply->flags |= OD_INSPECT_UNSCANNABLE;
		return;
	}
	od_detect(content->tail, look->n_tail, &content->findings);
}

void od_content_look(
	struct od_content *content, int fd, int64_t deadline_ns, struct od_inspect_reply *reply)
{
	struct look look = {
		.content = content, .fd = fd, .deadline_ns = deadline_ns, .reply = reply
	};

	memset(&content->findings, 0, sizeof(content->findings));
	od_labels_from_attributes(fd, reply);
	if (!read_ends(&look)) {
		reply->flags |= OD_INSPECT_UNSCANNABLE;
		return;
	}
	find_kind(&look);
	if (late(&look))
		reply->flags |= OD_INSPECT_UNSCANNABLE;
	else
		search(&look);
	for (unsigned i = 0; i < OD_DETECTOR_MAX_; i++)
		od_inspect_reply_add_detected(reply, od_detector_to_string((enum od_detector) i),
			content->findings.count[i]);
}
