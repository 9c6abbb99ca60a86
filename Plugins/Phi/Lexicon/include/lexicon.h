#ifndef SLUICE_LEXICON_H
#define SLUICE_LEXICON_H

/* The slots of the lexicon's hash table, as Scripts/make-lexicon.py lays them out. */
#define SLUICE_LEXICON_SLOTS 262144

const unsigned char *sluice_lexicon(void);

#endif
