/* After the answer: records, signals and running messengers, from what the answering threads left. */
#pragma once

struct od_manager;

void od_telling_drain(struct od_manager *manager);
