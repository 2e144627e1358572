/* The same without the instructions of the processor. */
#include "unit/test_sha256.c"
