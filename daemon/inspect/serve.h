/* Answers questions on a listening SOCK_SEQPACKET socket. */
#pragma once

#include "inspect/content.h"

/* One question, one answer, on a connected socket. Return: 0, OD_E_SYNTAX (no proper question),
 * OD_E_ACCESS (neither root nor ourselves asked), -errno. */
int od_serve_one(struct od_content *content, int connection) OD_CHECK;

/* Until nobody has asked for @idle_ms (-1: for ever). Return: 0 or -errno. */
int od_serve(struct od_content *content, int listener, int idle_ms);

/* A socket at @path, for us alone. Return: a descriptor, or -errno. */
int od_serve_listen(const char *path);
