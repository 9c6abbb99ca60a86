#ifndef SLUICE_CVECTORSCAN_SHIM_H
#define SLUICE_CVECTORSCAN_SHIM_H
#include <malloc.h>
#include <hs/hs.h>
#endif
