/* What the file says of itself before it is loaded (sluice/note.h). */
#include <sluice/note.h>

SLUICE_NOTE("org.sluice.phi", "sluice.detect/1 sluice.mask/1 sluice.score/1")
