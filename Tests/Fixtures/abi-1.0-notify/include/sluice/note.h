/* note.h: what a plugin's file says of itself before anything of it runs. */
#ifndef SLUICE_NOTE_H
#define SLUICE_NOTE_H

#include "sluice/base.h"

/* An ELF note of type 1 by the owner "Sluice", in the section .note.sluice, with lines of text:
 *
 *     id=org.example.mrn                          as sluice_plugin.id
 *     abi=1.0                                     of the header that the plugin was built with
 *     extensions=sluice.detect/1 sluice.mask/1    in this order, one blank between them
 *     schemas=sha256:0000...                      64 hexadecimal digits
 *
 * Constructors of a library run while it is loaded, so a host may decide by this note whether to load it at all: a
 * plugin of another major number need never run. `schemas` is the SHA-256 over each extension's JSON Schema, in the
 * note's order, each followed by a NUL; zeros, which the macro writes, say nothing.
 *
 * Write it once, in one file, outside any function:
 *
 *     SLUICE_NOTE("org.example.mrn", "sluice.detect/1")
 */
#define SLUICE_NOTE_OWNER "Sluice"
#define SLUICE_NOTE_TYPE 1u
#define SLUICE_ABI_TEXT "1.0" /* SLUICE_ABI_MAJOR and SLUICE_ABI_MINOR of base.h */

#define SLUICE_NOTE_ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define SLUICE_NOTE_LINES(id, extensions) \
  "id=" id "\nabi=" SLUICE_ABI_TEXT "\nextensions=" extensions "\nschemas=sha256:" SLUICE_NOTE_ZEROS "\n"

#define SLUICE_NOTE(id, extensions)                                                                   \
  struct sluice_note_image {                                                                          \
    unsigned int owner_size, text_size, type;                                                         \
    char owner[8];                                                                                    \
    char text[(sizeof(SLUICE_NOTE_LINES(id, extensions)) + 3u) & ~3u];                                \
  };                                                                                                  \
  __attribute__((section(".note.sluice"), used, aligned(4))) static const struct sluice_note_image    \
      sluice_note_image_ = {7u, (sizeof(SLUICE_NOTE_LINES(id, extensions)) + 3u) & ~3u, SLUICE_NOTE_TYPE, \
                            SLUICE_NOTE_OWNER, SLUICE_NOTE_LINES(id, extensions)};

#endif
