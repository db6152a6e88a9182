/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - state by name: each device lists the fields of its state in a table, which is used to
 * save, restore, hash and show state. Other fields are not state: they follow from those listed, or
 * from the configuration.
 */
#ifndef PZ_VMM_BOARD_STATE_H
#define PZ_VMM_BOARD_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `count` values of `width` bytes (1, 2, 4 or 8) at `offset` of the struct. */
struct state_field {
    const char *name;
    uint32_t offset;
    uint16_t width, count;
    bool flag; /* a bool: only 0 and 1 are valid */
};

#define STATE_IS_FLAG(value) _Generic((value), bool : true, default : false)
#define STATE_FIELD(type, field)                                                               \
    {                                                                                          \
#field, offsetof(type, field), sizeof(((type *)0)->field), 1,                          \
            STATE_IS_FLAG(((type *)0)->field)                                                  \
    }
#define STATE_ARRAY(type, field)                                                               \
    {                                                                                          \
#field, offsetof(type, field), sizeof(((type *)0)->field[0]),                          \
            sizeof(((type *)0)->field) / sizeof(((type *)0)->field[0]),                        \
            STATE_IS_FLAG(((type *)0)->field[0])                                               \
    }
/* Describes a struct, or an array of structs, that consists of values of one type. */
#define STATE_WORDS(type, field, word)                                                         \
    {                                                                                          \
#field, offsetof(type, field), sizeof(word),                                           \
            sizeof(((type *)0)->field) / (sizeof(word)), false                                 \
    }
#define STATE_END                                                                              \
    {                                                                                          \
        NULL, 0, 0, 0, false                                                                   \
    }

/* A device's struct, its table, and the device's name and number. */
struct state_part {
    const char *name;
    unsigned index;
    const struct state_field *fields;
    void *at;
};

/* Get value `i` of a field, zero-extended; and set it: any value but 0 sets a flag. */
uint64_t state_get(const void *at, const struct state_field *field, unsigned i);
void state_set(void *at, const struct state_field *field, unsigned i, uint64_t value);

#endif
