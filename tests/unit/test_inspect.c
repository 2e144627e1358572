/* Whole files: what offduty-inspect says of them. Zip files are written here, with zlib's crc32. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <zlib.h>

#include "base/error.h"
#include "inspect/content.h"
#include "inspect/labels.h"
#include "inspect/serve.h"
#include "inspect/zip.h"

static struct od_content *content;

struct bytes {
	size_t n;
	char at[1 << 16];
};

static void put(struct bytes *b, const void *from, size_t n)
{
	assert_true(b->n + n <= sizeof(b->at));
	memcpy(b->at + b->n, from, n);
	b->n += n;
}

static void put16(struct bytes *b, unsigned value)
{
	put(b, (char[]){ (char) value, (char) (value >> 8) }, 2);
}

static void put32(struct bytes *b, uint32_t value)
{
	put16(b, value & 0xffff);
	put16(b, value >> 16);
}

struct member {
	const char *name, *text;
	unsigned flags;
	uint32_t claimed; /* size it claims to unpack to; 0: the true one */
};

static size_t pack(const char *text, char *to, size_t room)
{
	z_stream stream = { .next_in = (unsigned char *) (uintptr_t) text,
		.avail_in = (uInt) strlen(text),
		.next_out = (unsigned char *) to,
		.avail_out = (uInt) room };

	assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, 0), Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	deflateEnd(&stream);
	return room - stream.avail_out;
}

static void make_zip(const struct member *members, size_t n, struct bytes *file)
{
	struct bytes list = { 0 };
	uint32_t list_at;

	file->n = 0;
	for (size_t i = 0; i < n; i++) {
		char packed[4096];
		size_t size = pack(members[i].text, packed, sizeof(packed));
		uint32_t at = (uint32_t) file->n, name = (uint32_t) strlen(members[i].name);
		uint32_t whole = members[i].claimed ? members[i].claimed
						    : (uint32_t) strlen(members[i].text);

		put(file, "PK\3\4\24\0", 6);
		put16(file, members[i].flags);
		put16(file, 8);
		put32(file, 0);
		put32(file, 0);
		put32(file, (uint32_t) size);
		put32(file, whole);
		put16(file, name);
		put16(file, 0);
		put(file, members[i].name, name);
		put(file, packed, size);
		put(&list, "PK\1\2\24\0\24\0", 8);
		put16(&list, members[i].flags);
		put16(&list, 8);
		put32(&list, 0);
		put32(&list, 0);
		put32(&list, (uint32_t) size);
		put32(&list, whole);
		put16(&list, name);
		put(&list, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
		put32(&list, at);
		put(&list, members[i].name, name);
	}
	list_at = (uint32_t) file->n;
	put(file, list.at, list.n);
	put(file, "PK\5\6\0\0\0\0", 8);
	put16(file, (unsigned) n);
	put16(file, (unsigned) n);
	put32(file, (uint32_t) list.n);
	put32(file, list_at);
	put16(file, 0);
}

static int file_of(const void *bytes, size_t n)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), (ssize_t) n);
	return fd;
}

static void look(const void *bytes, size_t n, struct od_inspect_reply *reply)
{
	od_cleanup(od_closep) int fd = file_of(bytes, n);

	od_inspect_reply_init(reply);
	od_content_look(content, fd, INT64_MAX, reply);
}

static unsigned count_of(const struct od_inspect_reply *reply, const char *name)
{
	for (uint32_t i = 0; i < reply->n_detected; i++)
		if (strcmp(reply->detected[i].name, name) == 0)
			return reply->detected[i].count;
	return 0;
}

static bool has_label(const struct od_inspect_reply *reply, const char *label)
{
	for (uint32_t i = 0; i < reply->n_labels; i++)
		if (strcmp(reply->labels[i], label) == 0)
			return true;
	return false;
}

static void test_plain_text_is_searched(OD_UNUSED void **state)
{
	static const char text[] = "MC5811222000010123456789030 alice@exemplar.example\n";
	struct od_inspect_reply reply;

	look(text, strlen(text), &reply);
	assert_string_equal(reply.mime, "text/plain");
	assert_int_equal(count_of(&reply, "iban"), 1);
	assert_int_equal(count_of(&reply, "emails"), 1);
	assert_int_equal(reply.flags, 0);
}

static void test_both_ends_of_a_large_file_are_searched(OD_UNUSED void **state)
{
	static const char iban[] = "MC5811222000010123456789030";
	size_t size = OD_CONTENT_HEAD * 2;
	char *text = malloc(size);
	struct od_inspect_reply reply;

	assert_non_null(text);
	memset(text, '\n', size);
	memcpy(text + size - 100, iban, sizeof(iban) - 1);
	look(text, size, &reply);
	assert_int_equal(count_of(&reply, "iban"), 1);
	assert_true(reply.flags & OD_INSPECT_PARTIAL);
	free(text);
}

static void test_an_office_document_is_unpacked(OD_UNUSED void **state)
{
	const struct member members[] = {
		{ "[Content_Types].xml", "<Types/>", 0, 0 },
		{ "word/document.xml",
			"<w:p><w:r><w:t>FR14 2004 1010 05</w:t></w:r><w:r><w:t>05 0001 3M02 "
			"606</w:t></w:r></w:p><w:p>BE68539007547034</w:p>",
			0, 0 },
		{ "docProps/custom.xml",
			"<Properties><property "
			"name=\"MSIP_Label_8f2c_Enabled\"><vt:lpwstr>true</vt:lpwstr>"
			"</property><property name=\"MSIP_Label_8f2c_Name\"><vt:lpwstr>Confidential"
			"</vt:lpwstr></property><property name=\"MSIP_Label_0000_Name\"><vt:lpwstr>"
			"Old</vt:lpwstr></property></Properties>",
			0, 0 },
	};
	struct od_inspect_reply reply;
	struct bytes file;

	make_zip(members, OD_ELEMENTS(members), &file);
	look(file.at, file.n, &reply);
	assert_int_equal(count_of(&reply, "iban"), 2);
	assert_true(has_label(&reply, "Confidential"));
	assert_true(has_label(&reply, "8f2c"));
	assert_false(has_label(&reply, "Old"));
	assert_int_equal(reply.flags, 0);
}

static void test_a_password_is_noticed(OD_UNUSED void **state)
{
	static const char pdf[] = "%PDF-1.7\n1 0 obj\n<< /Encrypt 5 0 R >>\n";
	const struct member members[] = { { "x.txt", "secret", 1, 0 } };
	struct od_inspect_reply reply;
	struct bytes file;

	make_zip(members, 1, &file);
	look(file.at, file.n, &reply);
	assert_int_equal(reply.flags, OD_INSPECT_ENCRYPTED);
	look(pdf, strlen(pdf), &reply);
	assert_int_equal(reply.flags, OD_INSPECT_ENCRYPTED);
	assert_string_equal(reply.mime, "application/pdf");
}

static void test_traps_are_unscannable(OD_UNUSED void **state)
{
	const struct member too_much[] = { { "word/document.xml", "x", 0, 1u << 30 } };
	const struct member lying[] = { { "word/document.xml",
		"this text is longer than it says it is", 0, 5 } };
	struct od_inspect_reply reply;
	struct bytes file;

	make_zip(too_much, 1, &file);
	look(file.at, file.n, &reply);
	assert_int_equal(reply.flags, OD_INSPECT_UNSCANNABLE);
	make_zip(lying, 1, &file);
	look(file.at, file.n, &reply);
	assert_int_equal(reply.flags, OD_INSPECT_UNSCANNABLE);
	look("PK\3\4 and nothing more", 21, &reply);
	assert_int_equal(reply.flags, OD_INSPECT_UNSCANNABLE);
}

static void test_no_byte_of_a_zip_file_is_trusted(OD_UNUSED void **state)
{
	const struct member members[] = { { "word/document.xml", "<w:p>text</w:p>", 0, 0 },
		{ "docProps/custom.xml", "<x/>", 0, 0 } };
	struct od_inspect_reply reply;
	struct bytes file;

	make_zip(members, 2, &file);
	for (size_t i = 0; i < file.n; i++)
		for (unsigned bit = 0; bit < 8; bit++) {
			file.at[i] ^= (char) (1 << bit);
			look(file.at, file.n, &reply);
			file.at[i] ^= (char) (1 << bit);
		}
	for (size_t i = 0; i < file.n; i++)
		look(file.at, i, &reply);
	look(file.at, file.n, &reply);
	assert_int_equal(reply.flags, 0);
}

static void test_what_is_no_file_is_unscannable(OD_UNUSED void **state)
{
	struct od_inspect_reply reply;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	od_inspect_reply_init(&reply);
	od_content_look(content, ends[0], INT64_MAX, &reply);
	assert_int_equal(reply.flags, OD_INSPECT_UNSCANNABLE);
	(void) close(ends[0]);
	(void) close(ends[1]);
}

static void test_a_deadline_ends_the_look(OD_UNUSED void **state)
{
	od_cleanup(od_closep) int fd = file_of("MC5811222000010123456789030", 27);
	struct od_inspect_reply reply;

	od_inspect_reply_init(&reply);
	od_content_look(content, fd, 0, &reply);
	assert_true(reply.flags & OD_INSPECT_UNSCANNABLE);
	assert_int_equal(reply.n_detected, 0);
}

static void test_labels_are_a_comma_list(OD_UNUSED void **state)
{
	struct od_inspect_reply reply;

	od_inspect_reply_init(&reply);
	od_labels_from_list(" hr, Confidential ,,x", 21, &reply);
	assert_int_equal(reply.n_labels, 3);
	assert_string_equal(reply.labels[0], "hr");
	assert_string_equal(reply.labels[1], "Confidential");
	for (unsigned i = 0; i < 20; i++)
		od_labels_from_list("y", 1, &reply);
	assert_int_equal(reply.n_labels, OD_INSPECT_LABELS_MAX);
}

static void test_tags_go_and_cells_part(OD_UNUSED void **state)
{
	char text[] = "<si><t>41</t><t>11</t></si><si>x</si> & <unfinished";
	size_t n = od_content_strip_tags(text, strlen(text));

	assert_int_equal(n, strlen("4111\nx\n & "));
	assert_memory_equal(text, "4111\nx\n & ", n);
}

static void test_replies_are_checked(OD_UNUSED void **state)
{
	struct od_inspect_reply reply, out;
	struct od_inspect_request request;

	od_inspect_reply_init(&reply);
	od_inspect_reply_add_label(&reply, "hr", 2);
	od_inspect_reply_add_detected(&reply, "iban", 3);
	od_inspect_reply_add_detected(&reply, "card", 0);
	assert_int_equal(od_inspect_reply_check(&reply, sizeof(reply), &out), 0);
	assert_int_equal(out.n_detected, 1);
	assert_int_equal(od_inspect_reply_check(&reply, sizeof(reply) - 1, &out), OD_E_SYNTAX);
	reply.n_labels = OD_INSPECT_LABELS_MAX + 1;
	assert_int_equal(od_inspect_reply_check(&reply, sizeof(reply), &out), OD_E_SYNTAX);
	reply.n_labels = 1;
	memset(reply.labels[0], 'x', sizeof(reply.labels[0]));
	assert_int_equal(od_inspect_reply_check(&reply, sizeof(reply), &out), OD_E_SYNTAX);
	reply.version++;
	assert_int_equal(od_inspect_reply_check(&reply, sizeof(reply), &out), OD_E_UNSUPPORTED);
	od_inspect_request_init(&request);
	assert_int_equal(od_inspect_request_check(&request, sizeof(request)), 0);
	request.magic++;
	assert_int_equal(od_inspect_request_check(&request, sizeof(request)), OD_E_SYNTAX);
}

static void send_question(int socket, const struct od_inspect_request *request, int fd)
{
	struct iovec part = { (void *) (uintptr_t) request, sizeof(*request) };
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (fd >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		control.header = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS,
			.cmsg_len = CMSG_LEN(sizeof(int)) };
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	assert_true(sendmsg(socket, &message, 0) > 0);
}

static void test_one_question_gets_one_answer(OD_UNUSED void **state)
{
	od_cleanup(od_closep) int fd = file_of("alice@exemplar.example", 22);
	struct od_inspect_request request;
	struct od_inspect_reply reply;
	char buffer[sizeof(reply) + 1];
	ssize_t n;
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
	od_inspect_request_init(&request);
	send_question(ends[0], &request, fd);
	assert_int_equal(od_serve_one(content, ends[1]), 0);
	n = recv(ends[0], buffer, sizeof(buffer), 0);
	assert_true(n > 0);
	assert_int_equal(od_inspect_reply_check(buffer, (size_t) n, &reply), 0);
	assert_int_equal(count_of(&reply, "emails"), 1);
	send_question(ends[0], &request, -1);
	assert_int_equal(od_serve_one(content, ends[1]), OD_E_SYNTAX);
	request.version++;
	send_question(ends[0], &request, fd);
	assert_int_equal(od_serve_one(content, ends[1]), OD_E_UNSUPPORTED);
	(void) close(ends[0]);
	(void) close(ends[1]);
}

static int start(OD_UNUSED void **state)
{
	return od_content_new(&content);
}

static int stop(OD_UNUSED void **state)
{
	od_content_free(content);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_text_is_searched),
		cmocka_unit_test(test_both_ends_of_a_large_file_are_searched),
		cmocka_unit_test(test_an_office_document_is_unpacked),
		cmocka_unit_test(test_a_password_is_noticed),
		cmocka_unit_test(test_traps_are_unscannable),
		cmocka_unit_test(test_no_byte_of_a_zip_file_is_trusted),
		cmocka_unit_test(test_what_is_no_file_is_unscannable),
		cmocka_unit_test(test_a_deadline_ends_the_look),
		cmocka_unit_test(test_labels_are_a_comma_list),
		cmocka_unit_test(test_tags_go_and_cells_part),
		cmocka_unit_test(test_replies_are_checked),
		cmocka_unit_test(test_one_question_gets_one_answer),
	};

	return cmocka_run_group_tests(tests, start, stop);
}
