/* After the answer: records, signals and running messengers, from what the answering threads left. */
#pragma once

struct od_manager;
struct od_tell;

/* One, from the main thread; what it holds is taken. */
void od_telling_tell(struct od_manager *manager, struct od_tell *tell);
void od_telling_drain(struct od_manager *manager);
