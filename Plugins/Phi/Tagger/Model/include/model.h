#ifndef SLUICE_TAGGER_MODEL_H
#define SLUICE_TAGGER_MODEL_H

const unsigned char *sluice_tagger_model(void);
unsigned long sluice_tagger_model_size(void);

/* Asks for a cache line that will be read soon. */
static inline void sluice_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

#endif
