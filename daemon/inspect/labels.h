/* Sensitivity labels, in attributes of the file and in office documents. */
#pragma once

#include "base/inspect_protocol.h"

/* user.offduty.sensitivity and user.xdg.tags of an open file. */
void od_labels_from_attributes(int fd, struct od_inspect_reply *reply);
/* A comma list ("confidential, hr"). Pure. */
void od_labels_from_list(const char *text, size_t size, struct od_inspect_reply *reply);
/* docProps/custom.xml of an office document: MSIP_Label_ID_Name where MSIP_Label_ID_Enabled is true;
 * the name and the id. Pure. */
void od_labels_from_custom_xml(const char *text, size_t size, struct od_inspect_reply *reply);
