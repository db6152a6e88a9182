/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * messages.h - what the two sides of a migration say, in the order in which it is said. A
 * connection begins with MESSAGES_MAGIC; then there are messages, as channel.h has them. Those with
 * fields are JSON. What each means for who owns the VMs is in docs/migration.md.
 *
 *    source                         target
 *    head  what machine it is  -->
 *                              <--  made  id, which process
 *    page ...                  -->
 *    past ...                  -->        what the source has recorded so far
 *    mark                      -->        the end of a round
 *                              <--  mark  it has come so far
 *    (its VMs stop)
 *    past ...                  -->
 *    page ...                  -->
 *    miss  pages yet to come   -->        post-copy only
 *    stat  all but memory      -->
 *                              <--  have  it could run
 *    take  id: run it          -->
 *                              <--  mine  it runs
 *
 *    page ...                  -->        post-copy only...
 *                              <--  want  a page
 *                              <--  full  ...until no page is missing
 *    bye                       -->        both know, and nothing is in doubt any more
 *
 * Instead of what comes next, the target may say `fail`, with a text; the source, before `take`,
 * `undo`. A connection that breaks after `take` is made again by the source, which says `take`
 * first; the target answers `mine`, and with post-copy `miss`, what it still has not; or `fail`.
 */
#ifndef PZ_TOOLS_MIGRATE_MESSAGES_H
#define PZ_TOOLS_MIGRATE_MESSAGES_H

#define MESSAGES_MAGIC "pz-moving 3\n"
#define MESSAGES_MAGIC_LEN (sizeof MESSAGES_MAGIC - 1)
#define MESSAGES_ID 16u /* bytes; random, the target's choice */

#define MESSAGE_HEAD "head"
#define MESSAGE_MADE "made"
#define MESSAGE_PAGES "page"
#define MESSAGE_PAST "past"
#define MESSAGE_MARK "mark"
#define MESSAGE_MISSING "miss"
#define MESSAGE_STATE "stat"
#define MESSAGE_HAVE "have"
#define MESSAGE_TAKE "take"
#define MESSAGE_MINE "mine"
#define MESSAGE_BYE "bye."
#define MESSAGE_WANT "want"
#define MESSAGE_FULL "full"
#define MESSAGE_FAIL "fail"
#define MESSAGE_UNDO "undo"

#endif
