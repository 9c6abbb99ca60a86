/* What the file says of itself before it is loaded (sluice/note.h). */
#include <sluice/note.h>

SLUICE_NOTE("org.sluice.s3", "sluice.sink/1 sluice.sink.read/1")
