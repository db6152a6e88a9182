/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree.c - one pass over the device tree: /memory, /chosen, /cpus; all else is passed over. Nothing
 * is read beyond the size that the header gives.
 */
#include "vmm/type1/tree.h"

#include <stddef.h>

#include "isa/phys.h"

enum {
    MAGIC = 0xd00dfeed,
    BEGIN_NODE = 1,
    END_NODE = 2,
    PROP = 3,
    NOP = 4,
    MOST = 1 << 20, /* bytes of a tree */
    HEADER_BYTES = 40,
};

/* Offsets into the header. */
enum { TOTAL_SIZE = 4, STRUCT_OFFSET = 8, STRINGS_OFFSET = 12 };

enum node { OTHER, ROOT, MEMORY, CHOSEN };

struct reader {
    const uint8_t *blob;
    uint32_t at, size, strings;
    int depth;
    enum node node;
    uint32_t address_cells, size_cells;
    struct tree *tree;
};

struct property {
    const char *name;
    uint32_t at, len;
};

/* The tree is big-endian; outside of it there are zeros. */
static uint32_t word_at(const struct reader *reader, uint32_t at)
{
    const uint8_t *p = reader->blob + at;

    if (at > reader->size || reader->size - at < 4)
        return 0;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Is there a string's end before the tree's? */
static bool is_string(const struct reader *reader, uint32_t at)
{
    for (; at < reader->size; at++)
        if (!reader->blob[at])
            return true;
    return false;
}

static const char *string_at(const struct reader *reader, uint32_t at)
{
    return is_string(reader, at) ? (const char *)reader->blob + at : "";
}

/* Does `text` begin with `word`, and end there or with a unit address? */
static bool is_named(const char *text, const char *word)
{
    while (*word && *text == *word) {
        text++;
        word++;
    }
    return !*word && (!*text || *text == '@');
}

/* The last of a number's cells: this CPU has no use for more than 32 bits. */
static uint32_t low_cell(const struct reader *reader, uint32_t at, uint32_t cells)
{
    return cells ? word_at(reader, at + 4 * (cells - 1)) : 0;
}

static void memory_property(struct reader *reader, const struct property *property)
{
    uint32_t address = reader->address_cells, size = reader->size_cells;

    if (!is_named(property->name, "reg") || reader->tree->ram_size || address > 2 || size > 2 ||
        property->len < 4 * (address + size))
        return;
    reader->tree->ram_base = low_cell(reader, property->at, address);
    reader->tree->ram_size = low_cell(reader, property->at + 4 * address, size);
}

static void root_property(struct reader *reader, const struct property *property)
{
    if (is_named(property->name, "#address-cells"))
        reader->address_cells = word_at(reader, property->at);
    else if (is_named(property->name, "#size-cells"))
        reader->size_cells = word_at(reader, property->at);
}

/* Is `word` one of the words of `text`? */
static bool has_word(const char *text, const char *word)
{
    uint32_t len;

    for (; *text; text += len + (text[len] == ' ')) {
        uint32_t same = 0;

        for (len = 0; text[len] && text[len] != ' '; len++)
            same += same == len && text[len] == word[len];
        if (same == len && !word[len])
            return true;
    }
    return false;
}

static void read_words(struct tree *tree, const char *text)
{
    tree->stats = has_word(text, "stats");
    tree->plain = has_word(text, "accel=off");
    tree->collapse = has_word(text, "collapse");
    tree->no_relay = has_word(text, "relay=off");
}

static void chosen_property(struct reader *reader, const struct property *property)
{
    uint32_t value = low_cell(reader, property->at, property->len / 4);

    if (is_named(property->name, "linux,initrd-start"))
        reader->tree->initrd_start = value;
    else if (is_named(property->name, "linux,initrd-end"))
        reader->tree->initrd_end = value;
    else if (is_named(property->name, "bootargs"))
        read_words(reader->tree, string_at(reader, property->at));
}

static void read_property(struct reader *reader)
{
    struct property property = {
        .len = word_at(reader, reader->at),
        .name = string_at(reader, reader->strings + word_at(reader, reader->at + 4)),
        .at = reader->at + 8,
    };

    reader->at = property.at + ((property.len + 3) & ~3u);
    if (is_named(property.name, "timebase-frequency"))
        reader->tree->timebase = word_at(reader, property.at);
    else if (reader->node == ROOT)
        root_property(reader, &property);
    else if (reader->node == MEMORY)
        memory_property(reader, &property);
    else if (reader->node == CHOSEN)
        chosen_property(reader, &property);
}

static void begin_node(struct reader *reader)
{
    const char *name = string_at(reader, reader->at);
    uint32_t len = 0;

    while (name[len])
        len++;
    reader->at += (len + 4) & ~3u;
    reader->depth++;
    reader->node = OTHER;
    if (reader->depth == 1)
        reader->node = ROOT;
    else if (reader->depth == 2)
        reader->node = is_named(name, "memory")   ? MEMORY
                       : is_named(name, "chosen") ? CHOSEN
                                                  : OTHER;
}

/* False: the tree is damaged, or over. */
static bool read_token(struct reader *reader)
{
    uint32_t token = word_at(reader, reader->at);

    reader->at += 4;
    switch (token) {
    case BEGIN_NODE: begin_node(reader); return true;
    case END_NODE:
        reader->depth--;
        reader->node = reader->depth == 1 ? ROOT : OTHER;
        return reader->depth >= 0;
    case PROP: read_property(reader); return true;
    case NOP: return true;
    default: return false;
    }
}

bool tree_read(const uint8_t *blob, struct tree *tree)
{
    struct reader reader = {.blob = blob, .size = HEADER_BYTES, .tree = tree};

    memset(tree, 0, sizeof *tree);
    reader.address_cells = 2;
    reader.size_cells = 1;
    if (word_at(&reader, 0) != MAGIC)
        return false;
    tree->size = word_at(&reader, TOTAL_SIZE);
    if (tree->size < HEADER_BYTES || tree->size > MOST)
        return false;
    reader.size = tree->size;
    reader.at = word_at(&reader, STRUCT_OFFSET);
    reader.strings = word_at(&reader, STRINGS_OFFSET);
    while (reader.at < reader.size && read_token(&reader))
        ;
    return tree->ram_size != 0;
}
