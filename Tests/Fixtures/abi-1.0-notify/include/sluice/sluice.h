/* sluice.h: the filter ABI of Sluice, whole. Include this one.
 *
 * A plugin is a shared library that exports exactly one symbol, sluice_plugin_v1, and hides every other.
 * Through it the host finds the filters that the plugin provides, one for each kind of stage at most:
 *
 *     sluice_plugin_v1(host) -> sluice_plugin -> get_extension("sluice.detect/1") -> sluice_detect
 *                                                        |                               |
 *                                          "sluice.mask/1", "sluice.sink/1", ...         +- filter: create()
 *                                                                                        +- open, feed, close
 *
 * Read base.h, then plugin.h and exchange.h, then the page of the stage that you write:
 *
 *     authenticate.h   who is asking                     guard.h   what policy forbids
 *     detect.h         where protected values are        mask.h    what stands in for them
 *     score.h          how risky it is, 0 to 100         gate.h    whether a person must decide
 *     sink.h           where the evidence goes           host.h    what the host offers to plugins
 *     sink_read.h      reading it back from there      notify.h  telling people where they are
 *     note.h           what the file says of itself before it is loaded
 *
 * Thread tags. Each function carries one, and the host keeps to it:
 *     [control]   while configuring or shutting down; never two at once for one plugin; may block.
 *     [session]   any thread, but one at a time for one session, each call seeing what the last one did.
 *     [any]       any thread, at any time, several at once.
 *     [blocking]  a thread of the filter's own that the host keeps for it; may block.
 * Functions tagged [session] or [any] must not block, unless the filter's flags say SLUICE_FILTER_BLOCKS.
 * The host never calls a plugin from inside a call that the plugin made to the host.
 *
 * Memory. Who allocates frees. What a call receives is valid until that call returns, and what it hands
 * out goes through an emitter that copies before it returns; so nothing allocated crosses the border.
 * A table or a string that a plugin returns from sluice_plugin_v1 or get_extension is valid for ever.
 *
 * Growth. The first field of each table and each struct is its size in bytes, set by whoever fills it.
 * Fields are only ever appended; a reader takes what the size covers and treats the rest as zero.
 * An extension id never changes its meaning: what is incompatible is published as ".../2" beside ".../1".
 */
#ifndef SLUICE_SLUICE_H
#define SLUICE_SLUICE_H

#include "sluice/base.h"
#include "sluice/plugin.h"
#include "sluice/exchange.h"
#include "sluice/host.h"
#include "sluice/history.h"
#include "sluice/authenticate.h"
#include "sluice/guard.h"
#include "sluice/detect.h"
#include "sluice/mask.h"
#include "sluice/score.h"
#include "sluice/gate.h"
#include "sluice/sink.h"
#include "sluice/sink_read.h"
#include "sluice/notify.h"
#include "sluice/note.h"

#endif
