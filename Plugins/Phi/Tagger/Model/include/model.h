#ifndef SLUICE_TAGGER_MODEL_H
#define SLUICE_TAGGER_MODEL_H

const unsigned char *sluice_tagger_model(void);
unsigned long sluice_tagger_model_size(void);

#endif
