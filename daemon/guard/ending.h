/*
 * Messengers that run although they may not (any more): their person is warned, has the grace time of
 * [enforcement], and then they end. Main thread only.
 */
#pragma once

#include "base/cleanup.h"

struct od_manager;
struct od_endings;

/* Borrows @manager. Return: 0, -ENOMEM, -errno. */
int od_endings_new(struct od_manager *manager, struct od_endings **ret) OD_CHECK;
void od_endings_free(struct od_endings *endings);
OD_DEFINE_CLEANUP(struct od_endings *, od_endings_free)

/*
 * od_endings_review() - judge everything that runs, by what is in force now
 *
 * To be called when policy, hours, people or the set of running messengers changed. What is allowed
 * again goes on running; for what is not, the grace time starts when that is first seen.
 */
void od_endings_review(struct od_endings *endings);
/* People are being looked up anew: review once more when that is done. */
void od_endings_expect_news(struct od_endings *endings);
