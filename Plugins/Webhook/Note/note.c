/* What the file says of itself before it is loaded (sluice/note.h). */
#include <sluice/note.h>

SLUICE_NOTE("org.sluice.webhook", "sluice.notify/1")
