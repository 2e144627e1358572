#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/cleanup.h"
#include "guard/id_cache.h"

static struct od_id_cache cache;

static struct od_id_key key(unsigned long inode, long size, long ns)
{
	struct stat st;
	struct od_id_key ret;

	memset(&st, 0, sizeof(st));
	st.st_dev = 5;
	st.st_ino = inode;
	st.st_size = size;
	st.st_ctim.tv_sec = 1000;
	st.st_ctim.tv_nsec = ns;
	od_id_key_from(&st, &ret);
	return ret;
}

static void test_any_change_of_the_file_is_another_file(OD_UNUSED void **state)
{
	struct od_id_key kept = key(7, 100, 1), grown = key(7, 101, 1), touched = key(7, 100, 2),
			 other = key(8, 100, 1);

	od_id_cache_clear(&cache);
	assert_int_equal(od_id_cache_find(&cache, &kept), OD_FOUND_NOTHING);
	od_id_cache_keep(&cache, &kept, OD_FOUND_PLAIN);
	assert_int_equal(od_id_cache_find(&cache, &kept), OD_FOUND_PLAIN);
	assert_int_equal(od_id_cache_find(&cache, &grown), OD_FOUND_NOTHING);
	assert_int_equal(od_id_cache_find(&cache, &touched), OD_FOUND_NOTHING);
	assert_int_equal(od_id_cache_find(&cache, &other), OD_FOUND_NOTHING);
	od_id_cache_clear(&cache);
	assert_int_equal(od_id_cache_find(&cache, &kept), OD_FOUND_NOTHING);
}

static void test_a_full_cache_keeps_the_newest(OD_UNUSED void **state)
{
	unsigned found = 0;

	od_id_cache_clear(&cache);
	for (unsigned i = 1; i <= 100000; i++) {
		struct od_id_key k = key(i, 1, 1);

		od_id_cache_keep(&cache, &k, OD_FOUND_PLAIN);
		assert_int_equal(od_id_cache_find(&cache, &k), OD_FOUND_PLAIN);
	}
	for (unsigned i = 1; i <= 100000; i++) {
		struct od_id_key k = key(i, 1, 1);

		found += od_id_cache_find(&cache, &k) == OD_FOUND_PLAIN;
	}
	assert_in_range(found, OD_ID_CACHE_SETS, OD_ID_CACHE_SETS * OD_ID_CACHE_WAYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_change_of_the_file_is_another_file),
		cmocka_unit_test(test_a_full_cache_keeps_the_newest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
