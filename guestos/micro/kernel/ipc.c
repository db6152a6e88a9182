/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipc.c - messages: synchronous, in registers, with one item at most. A call waits for the reply
 * to it, for which the receiver gets a capability that is good once. Faults are calls that the
 * kernel makes in the thread's name. Signals wait for nobody: bits, collected at the endpoint.
 *
 * ipc_fast() is the same for what is done most: a call to a server that waits, and its reply.
 */
#include "kernel.h"

static void copy_words(struct thread *to, const struct thread *from)
{
    to->x[REG_A2] = from->x[REG_A2];
    to->x[REG_A3] = from->x[REG_A3];
    to->x[REG_A4] = from->x[REG_A4];
    to->x[REG_A5] = from->x[REG_A5];
    to->x[REG_A6] = from->x[REG_A6];
    to->x[REG_T0] = from->x[REG_T0];
}

static bool move_cap(struct thread *to, struct thread *from, bool grant)
{
    struct cap *c = cap_slot(from->space, from->x[REG_T2]);
    struct cap *place = cap_slot(to->space, to->x[REG_T5]);

    if (!c || !place || c == place || !cap_is_live(c) || (c->type == CAP_REPLY && !grant))
        return false;
    cap_clear(place);
    *place = *c;
    if (grant)
        c->type = CAP_NONE;
    return true;
}

/* The tag to deliver: without the item, if it could not be. */
static uint32_t move_item(struct thread *to, struct thread *from, uint32_t tag)
{
    const uint32_t *x = from->x;
    bool moved;

    if (tag & TAG_CAP)
        moved = move_cap(to, from, tag & TAG_GRANT);
    else
        moved = tag & TAG_MAP && to->x[REG_T5] != 0 &&
                space_map_item(to->space, to->x[REG_T5], from->space, x[REG_T2], x[REG_T3],
                               x[REG_T4]) == 0;
    return moved ? tag : tag & ~(uint32_t)TAG_ITEM;
}

static void deliver(struct thread *to, struct thread *from, uint32_t tag, uint32_t badge)
{
    if (tag & TAG_ITEM)
        tag = move_item(to, from, tag);
    copy_words(to, from);
    if (from->faulted) {
        to->x[REG_A2] = from->fault[0];
        to->x[REG_A3] = from->fault[1];
    }
    to->x[REG_A0] = 0;
    to->x[REG_A1] = tag;
    to->x[REG_T1] = badge;
}

/* The sender waits for a reply now, by a capability in the slot that the receiver named. */
static void expect_reply(struct thread *receiver, uint32_t slot, struct thread *sender)
{
    struct cap *c = cap_slot(receiver->space, slot);

    sender->state = CALLING;
    sender->calls++;
    if (c) {
        cap_clear(c);
        cap_set(c, CAP_REPLY, sender, sender->calls);
    } else {
        ipc_abandon(sender, -EINTR);
    }
}

/* From one who is ready or SENDING to one who is in no queue. */
static void meet(struct thread *sender, struct thread *receiver)
{
    uint32_t slot = receiver->x[REG_T1];

    deliver(receiver, sender, sender->message, sender->badge);
    if (sender->wants_reply) {
        expect_reply(receiver, slot, sender);
        return;
    }
    sender->x[REG_A0] = 0;
    if (sender->state == SENDING)
        sched_ready(sender);
}

static void send(struct thread *t, const struct cap *to, uint32_t tag, bool wants_reply)
{
    struct endpoint *e = (struct endpoint *)to->object;
    struct thread *receiver = e->receivers.first;

    t->message = tag;
    t->badge = to->badge;
    t->wants_reply = wants_reply;
    if (receiver) {
        queue_remove(&e->receivers, receiver);
        receiver->state = STOPPED;
        meet(t, receiver);
        sched_ready(receiver);
    } else {
        t->state = SENDING;
        t->endpoint = e;
        queue_add(&e->senders, t);
    }
}

static void deliver_signals(struct thread *t, struct endpoint *e)
{
    t->x[REG_A0] = 0;
    t->x[REG_A1] = TAG_SIGNAL;
    t->x[REG_A2] = e->signals;
    t->x[REG_T1] = 0;
    e->signals = 0;
}

static void receive(struct thread *t, struct endpoint *e)
{
    struct thread *sender = e->senders.first;

    if (e->signals) {
        deliver_signals(t, e);
    } else if (sender) {
        queue_remove(&e->senders, sender);
        meet(sender, t);
    } else {
        t->state = RECEIVING;
        t->endpoint = e;
        queue_add(&e->receivers, t);
    }
}

void ipc_signal(struct endpoint *e, uint32_t bits)
{
    struct thread *t = e->receivers.first;

    e->signals |= bits;
    if (!t || !e->signals)
        return;
    queue_remove(&e->receivers, t);
    deliver_signals(t, e);
    sched_ready(t);
}

void ipc_abandon(struct thread *t, int error)
{
    sched_remove(t);
    if (!t->faulted)
        t->x[REG_A0] = (uint32_t)error;
    t->faulted = false;
    sched_ready(t);
}

/* The one who faulted goes on: with the page that came along, or elsewhere. */
static int answer_fault(struct thread *t, struct thread *from, uint32_t tag)
{
    const uint32_t *x = from->x;

    if (tag & TAG_MAP) {
        int error = space_map_item(t->space, t->fault[0] & ~(uint32_t)(PAGE_SIZE - 1),
                                   from->space, x[REG_T2], x[REG_T3], x[REG_T4]);
        if (error < 0)
            return error;
    }
    if ((tag & TAG_LABEL) == FAULT_GO_ON) {
        t->x[0] = x[REG_A2];
        t->x[REG_GP] = t->fault[0];
        t->x[REG_TP] = t->fault[1];
    }
    t->faulted = false;
    return 0;
}

static int reply(struct thread *from, uint32_t slot)
{
    struct cap *c = cap_find(from->space, slot, CAP_REPLY, 0);
    uint32_t tag = from->x[REG_A1] & (TAG_LABEL | TAG_ITEM);
    struct thread *t = c ? (struct thread *)c->object : NULL;
    int error = 0;

    if (!t)
        return -EINVAL;
    if (t->faulted)
        error = answer_fault(t, from, tag);
    else
        deliver(t, from, tag, 0);
    if (error < 0)
        return error;
    c->type = CAP_NONE;
    t->state = STOPPED;
    sched_ready(t);
    return 0;
}

void ipc_dispatch(uint32_t call)
{
    struct thread *t = current;
    uint32_t right = call == CALL_call || call == CALL_send ? RIGHT_SEND : RIGHT_RECEIVE;
    struct cap *c;

    if (call == CALL_reply) {
        t->x[REG_A0] = (uint32_t)reply(t, t->x[REG_A0]);
        return;
    }
    c = cap_find(t->space, t->x[REG_A0], CAP_ENDPOINT, right);
    if (!c) {
        t->x[REG_A0] = (uint32_t)-EINVAL;
        return;
    }
    if (call == CALL_reply_recv)
        reply(t, t->x[REG_T1]);
    if (right == RIGHT_SEND)
        send(t, c, t->x[REG_A1] & (TAG_LABEL | TAG_ITEM), call == CALL_call);
    else
        receive(t, (struct endpoint *)c->object);
}

/* Whom nobody looks after stops for good. */
void ipc_fault(uint32_t cause, uint32_t address)
{
    struct thread *t = current;

    t->faulted = true;
    t->fault[0] = address;
    t->fault[1] = t->x[0];
    if (t->handler.type == CAP_ENDPOINT && cap_is_live(&t->handler))
        send(t, &t->handler, (uint32_t)TAG_FAULT | (cause & TAG_LABEL), true);
    else
        t->state = STOPPED;
}

/* Straight to the server: it waits here, and nobody is above it. */
static bool fast_call(struct thread *t, const struct cap *c)
{
    struct endpoint *e = (struct endpoint *)c->object;
    struct thread *server = e->receivers.first;
    struct cap *place;

    if (!server || server->priority < t->priority)
        return false;
    place = cap_slot(server->space, server->x[REG_T1]);
    if (!place || place->type != CAP_NONE)
        return false;
    e->receivers.first = server->next;
    if (server->next)
        server->next->previous = NULL;
    else
        e->receivers.last = NULL;
    copy_words(server, t);
    server->x[REG_A0] = 0;
    server->x[REG_A1] = t->x[REG_A1] & TAG_LABEL;
    server->x[REG_T1] = c->badge;
    t->state = CALLING;
    cap_set(place, CAP_REPLY, t, ++t->calls);
    sched_switch(server);
    return true;
}

/* Straight back to the caller; the server waits for the next, and nobody has sent yet. */
static bool fast_reply(struct thread *server, struct endpoint *e)
{
    struct cap *c = cap_find(server->space, server->x[REG_T1], CAP_REPLY, 0);
    struct thread *t = c ? (struct thread *)c->object : NULL;

    if (!t || t->faulted || e->senders.first || e->signals ||
        sched_is_anybody_above(t->priority))
        return false;
    c->type = CAP_NONE;
    copy_words(t, server);
    t->x[REG_A0] = 0;
    t->x[REG_A1] = server->x[REG_A1] & TAG_LABEL;
    t->x[REG_T1] = 0;
    server->state = RECEIVING;
    server->endpoint = e;
    queue_add(&e->receivers, server);
    sched_switch(t);
    return true;
}

bool ipc_fast(struct thread *t, uint32_t call)
{
    uint32_t right = call == CALL_call ? RIGHT_SEND : RIGHT_RECEIVE;
    struct cap *c;

    if (t->x[REG_A1] & TAG_ITEM)
        return false;
    c = cap_find(t->space, t->x[REG_A0], CAP_ENDPOINT, right);
    if (!c)
        return false;
    return call == CALL_call ? fast_call(t, c) : fast_reply(t, (struct endpoint *)c->object);
}

int32_t sys_signal(const uint32_t *a, uint32_t *more)
{
    struct cap *c = cap_find(current->space, a[0], CAP_ENDPOINT, RIGHT_SEND);

    (void)more;
    if (!c)
        return -EINVAL;
    ipc_signal((struct endpoint *)c->object, c->badge);
    return 0;
}
