#include "model.h"

/* Made by `make train`; MODEL_CARD.md says what from. The loader maps it with the library, read-only. */
_Alignas(64) static const unsigned char model[] = {
#embed "model.bin"
};

const unsigned char *sluice_tagger_model(void) { return model; }
unsigned long sluice_tagger_model_size(void) { return sizeof model; }
