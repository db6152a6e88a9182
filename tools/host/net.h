/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * net.h - the networks of guests' network cards: a user-mode network (libslirp: NAT and forwarded
 * ports, no root), or a switch that joins VMs of this pz. Frames wait in a queue of each card until
 * its guest asks. A network is the outside world: its input is not the same in every run, so it is
 * recorded (recorder.h).
 */
#ifndef PZ_TOOLS_HOST_NET_H
#define PZ_TOOLS_HOST_NET_H

#include "tools/host/options.h"

struct nets;

/*
 * The networks of all machines of the options; `*nets` NULL: there are none. Ports of the host's
 * are forwarded between nets_listen() and nets_unlisten() only: one process has them at a time.
 */
enum pz_err nets_open(struct nets **nets, const struct options *options,
                      struct problem *problem) PZ_MUST_CHECK;
void nets_close(struct nets *nets);
enum pz_err nets_listen(struct nets *nets, struct problem *problem) PZ_MUST_CHECK;
void nets_unlisten(struct nets *nets);

/* Are the options' networks good, without opening any? */
enum pz_err nets_check(const struct options *options, struct problem *problem) PZ_MUST_CHECK;

/* What machine `vm` is connected to; nothing if `nets` is NULL. */
struct board_net nets_board(struct nets *nets, unsigned vm);

/*
 * What networks ask about machines. Ticks that `vm` has slept through so far: with them, one that
 * has nothing to do but wait for a frame waits in the world's time, while one that computes is
 * not held up. And is it still running? Frames from a switch can come only from one that is
 * (NULL: all are).
 */
struct nets_watch {
    uint64_t (*slept)(void *owner, unsigned vm);
    bool (*alive)(void *owner, unsigned vm);
    void *owner;
};
void nets_watch(struct nets *nets, const struct nets_watch *watch);

/*
 * The state of a VM's card, as bytes to be freed: frames that wait for it, by what address its
 * switch knows it. NULL: no memory. And back: `*left` are its TCP connections of a user-mode
 * network, which no other process can go on with. False: the bytes make no sense. Without a card
 * there are no bytes, and they are passed over.
 */
uint8_t *nets_pack(const struct nets *nets, unsigned vm, size_t *len);
bool nets_unpack(struct nets *nets, unsigned vm, const uint8_t *bytes, size_t len,
                 uint32_t *left) PZ_MUST_CHECK;

/* Bytes of the frames that `vm` has sent so far, or received. */
uint64_t nets_bytes(const struct nets *nets, unsigned vm, bool sent);

#endif
