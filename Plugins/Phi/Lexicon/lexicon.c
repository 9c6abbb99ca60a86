#include "lexicon.h"

/* Made by Scripts/make-lexicon.py, which says what it is made from. */
static const unsigned char words[] = {
#embed "lexicon.bin"
};

const unsigned char *sluice_lexicon(void) { return words; }
