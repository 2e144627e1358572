/*
 * iniparser over a memory file.
 *
 * iniparser 4.1 takes only a path. A path to the file itself could name other bytes than those that
 * were hashed and scanned a moment ago; a sealed memfd cannot. Its errors go to one global callback
 * (not thread-safe, like the rest of it); they are silenced here, because the scanner has already
 * said better what is wrong.
 */
#include "ini/dictionary.h"

#include <errno.h>
#include <fcntl.h>
#include <iniparser.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/error.h"

struct od_dictionary {
	dictionary *ini;
};

static int no_message(const char *format OD_UNUSED, ...)
{
	return 0;
}

static int write_all(int fd, const char *text, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, text, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		size -= (size_t) n;
	}
	return 0;
}

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

/* Hosts may refuse memory that could be executed (vm.memfd_noexec); kernels before 6.3 do not know
 * the flag that says it never will be. */
static int new_memory(void)
{
	int fd = memfd_create("policy", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("policy", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	return fd < 0 ? -errno : fd;
}

static int sealed_memory(const char *text, size_t size)
{
	od_cleanup(od_closep) int fd = new_memory();
	int r;

	if (fd < 0)
		return fd;
	r = write_all(fd, text, size);
	if (r < 0)
		return r;
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)
		return -errno;
	return od_take_fd(&fd);
}

/* In the C locale: in some others a byte of a UTF-8 letter is a blank, and would be cut off. */
static dictionary *load(const char *path)
{
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t) 0);
	locale_t before = plain ? uselocale(plain) : (locale_t) 0;
	dictionary *ini;

	iniparser_set_error_callback(no_message);
	ini = iniparser_load(path);
	iniparser_set_error_callback(NULL);
	if (plain) {
		(void) uselocale(before); /* always valid: it was in use */
		freelocale(plain);
	}
	return ini;
}

int od_dictionary_new(const char *text, size_t size, struct od_dictionary **ret)
{
	od_cleanup(od_dictionary_freep) struct od_dictionary *d = calloc(1, sizeof(*d));
	od_cleanup(od_closep) int fd = sealed_memory(text, size);
	char path[32];

	if (!d)
		return -ENOMEM;
	if (fd < 0)
		return fd;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	d->ini = load(path);
	if (!d->ini)
		return access(path, R_OK) < 0 ? -errno : OD_E_SYNTAX;
	*ret = od_take(&d);
	return 0;
}

void od_dictionary_free(struct od_dictionary *dictionary)
{
	if (!dictionary)
		return;
	if (dictionary->ini)
		iniparser_freedict(dictionary->ini);
	free(dictionary);
}

const char *od_dictionary_get(
	const struct od_dictionary *dictionary, const char *section, const char *key)
{
	char name[1024];
	int n = snprintf(name, sizeof(name), "%s:%s", section, key);

	if (n < 0 || (size_t) n >= sizeof(name))
		return NULL;
	return iniparser_getstring(dictionary->ini, name, NULL);
}

const char *od_dictionary_next(
	const struct od_dictionary *dictionary, size_t *cursor, const char **ret_name)
{
	const struct _dictionary_ *ini = dictionary->ini;

	while (*cursor < (size_t) ini->size) {
		size_t at = (*cursor)++;

		if (!ini->key[at] || !ini->val[at])
			continue; /* free, or a section */
		*ret_name = ini->key[at];
		return ini->val[at];
	}
	return NULL;
}
