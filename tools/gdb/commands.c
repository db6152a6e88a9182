/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands.c - the table of packets, and choosing one. */
#include "tools/gdb/commands.h"

#include <string.h>

static const struct {
    const char *words;
    bool whole; /* nothing follows */
    gdb_function *run;
} rows[] = {
    {"?", true, gdb_ask_stop},
    {"g", true, gdb_read_all},
    {"G", false, gdb_write_all},
    {"p", false, gdb_read_one},
    {"P", false, gdb_write_one},
    {"m", false, gdb_read_memory},
    {"M", false, gdb_write_memory},
    {"X", false, gdb_write_binary},
    {"Z", false, gdb_insert},
    {"z", false, gdb_remove},
    {"H", false, gdb_set_thread},
    {"T", false, gdb_thread_alive},
    {"c", false, gdb_continue},
    {"C", false, gdb_continue},
    {"s", false, gdb_step},
    {"S", false, gdb_step},
    {"bs", true, gdb_reverse_step},
    {"bc", true, gdb_reverse_continue},
    {"D", true, gdb_detach},
    {"k", true, gdb_kill},
    {"vCont?", true, gdb_ask_resume},
    {"vCont", false, gdb_resume},
    {"vCtrlC", true, gdb_accept},
    {"vKill;", false, gdb_kill_process},
    {"qSupported", false, gdb_supported},
    {"QStartNoAckMode", true, gdb_no_ack},
    {"qXfer:features:read:target.xml:", false, gdb_xfer_features},
    {"qXfer:threads:read::", false, gdb_xfer_threads},
    {"qfThreadInfo", true, gdb_first_threads},
    {"qsThreadInfo", true, gdb_more_threads},
    {"qThreadExtraInfo,", false, gdb_thread_extra},
    {"qC", true, gdb_current_thread},
    {"qAttached", false, gdb_attached},
    {"qRcmd,", false, gdb_monitor},
    {"qqemu.PhyMemMode", true, gdb_ask_physical},
    {"Qqemu.PhyMemMode:", false, gdb_set_physical},
    {"qqemu.Supported", true, gdb_ask_qemu},
};
#define ROWS (sizeof rows / sizeof rows[0])

bool gdb_execute(struct gdb *gdb, const char *text, size_t len)
{
    for (unsigned i = 0; i < ROWS; i++) {
        size_t words = strlen(rows[i].words);

        if (len < words || memcmp(text, rows[i].words, words) ||
            (rows[i].whole && len != words))
            continue;
        rows[i].run(gdb, text + words, len - words);
        break;
    }
    /* A client that kills does not wait for an answer. */
    return gdb->over != GDB_KILLED || *text != 'k';
}
