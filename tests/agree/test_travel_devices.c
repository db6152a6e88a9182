/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_travel_devices.c - going back with devices: a guest that writes a journal to a disk, and two
 * that communicate over a switch. Each earlier state, with the disk's contents, can be restored
 * from any later one, on every engine; nothing is written to the disk's file.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/loops.h"
#include "tests/support/random.h"
#include "tests/support/travel.h"

static const char *const engines[] = {"spec", "unicorn", "jit"};
#define ENGINES ((int)(sizeof engines / sizeof engines[0]))

#define DISK_SIZE (64u << 10)
#define MARKS 40u
#define VISITS 120u

/* A place of the run: the state of the VMs, and what their disks held. */
struct place {
    struct travel_mark mark;
    uint64_t disks;
};

static struct travel travel;
static char path[] = "/tmp/pz-test-travel-XXXXXX";

static void make_disk(void)
{
    int fd;

    strcpy(path + sizeof path - 7, "XXXXXX");
    fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ftruncate(fd, DISK_SIZE), 0);
    close(fd);
}

static struct place here(void)
{
    struct machine *machine = timeline_machine(travel.timeline);
    struct place place = {.mark = travel_mark(&travel)};

    for (unsigned k = 0; k < machine->count; k++)
        for (unsigned i = 0; i < machine->devices[k].disk_count; i++) {
            uint64_t hash;

            ck_assert(disk_hash(&machine->devices[k].disks[i], &hash));
            place.disks = place.disks * 31 + hash;
        }
    return place;
}

static void is_place(const struct place *place)
{
    struct place now = here();

    ck_assert_str_eq(timeline_problem(travel.timeline), "");
    ck_assert_int_eq(timeline_compare(now.mark.at, place->mark.at), 0);
    ck_assert_uint_eq(now.mark.hash, place->mark.hash);
    ck_assert_uint_eq(now.disks, place->disks);
}

/* Forwards in steps of up to `most` instructions; back and forth; and how many places differ. */
static unsigned wander(uint32_t most)
{
    static struct place places[MARKS];
    struct rng rng = rng_new(rng_seed(11));
    unsigned disks = 0;

    for (unsigned i = 0; i < MARKS; i++) {
        struct timeline_position to = timeline_now(travel.timeline);

        to.retired += 1 + rng_below(&rng, most);
        (void)timeline_run(travel.timeline, to, NULL);
        places[i] = here();
        disks += i && places[i].disks != places[i - 1].disks;
    }
    for (unsigned i = 0; i < VISITS; i++) {
        const struct place *place = &places[rng_below(&rng, MARKS)];

        (void)timeline_goto(travel.timeline, place->mark.at);
        is_place(place);
    }
    return disks;
}

static void file_is_untouched(void)
{
    uint8_t bytes[DISK_SIZE];
    int fd = open(path, O_RDONLY);

    ck_assert_int_eq(read(fd, bytes, sizeof bytes), DISK_SIZE);
    ck_assert(!bytes[0] && !memcmp(bytes, bytes + 1, sizeof bytes - 1));
    close(fd);
}

/* Of the second guest a disk's contents are all that outlives each restart. */
static const char *const journals[] = {PZ_GUESTS "/t_journal.elf",
                                       PZ_GUESTS "/t_journal_reboot.elf"};

START_TEST(a_disk_goes_back)
{
    const char *words[] = {"--engine",
                           engines[_i % ENGINES],
                           "--disk",
                           path,
                           "--slice",
                           "7777",
                           "--mem",
                           "8M",
                           "--max-insns",
                           "400000",
                           journals[_i / ENGINES],
                           NULL};

    make_disk();
    travel_open(&travel, words, NULL, (struct travel_how){.interval = 9000});
    ck_assert_uint_gt(wander(9000), 20);
    travel_close(&travel);
    file_is_untouched();
    unlink(path);
}
END_TEST

START_TEST(a_network_goes_back)
{
    const char *words[] = {"--engine",
                           engines[_i],
                           "--net",
                           "switch=a",
                           "--slice",
                           "100",
                           "--virtio",
                           "modern",
                           "--vms",
                           "2",
                           "--rng-seed",
                           "3",
                           PZ_GUESTS "/t_net.elf",
                           NULL};

    travel_open(&travel, words, NULL, (struct travel_how){.interval = 200});
    (void)wander(60);
    (void)timeline_run(travel.timeline, TIMELINE_END, NULL);
    for (unsigned k = 0; k < 2; k++)
        ck_assert_uint_eq(timeline_machine(travel.timeline)->vms[k].end, VM_OFF);
    travel_close(&travel);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {{a_disk_goes_back, 2 * ENGINES},
                                 {a_network_goes_back, ENGINES}};

    return LOOPS_RUN("travel with devices", loops);
}
