/* What the file says of itself before it is loaded (sluice/note.h). */
#include <sluice/note.h>

SLUICE_NOTE("org.sluice.servicenow", "sluice.notify/1")
