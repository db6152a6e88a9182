/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hll_load.c - a module's sections: types, imports, functions, table, memory, globals, exports,
 * elements, data. What is read is checked here, but for the bodies of functions (hll_verify.c).
 * Segments are written when everything has been verified.
 */
#include <stddef.h>
#include <string.h>

#include "hll_module.h"

enum { FUNCTION, TABLE, MEMORY, GLOBAL };

enum {
    SECTION_CUSTOM,
    SECTION_TYPE,
    SECTION_IMPORT,
    SECTION_FUNCTION,
    SECTION_TABLE,
    SECTION_MEMORY,
    SECTION_GLOBAL,
    SECTION_EXPORT,
    SECTION_START,
    SECTION_ELEMENT,
    SECTION_CODE,
    SECTION_DATA,
    SECTION_DATA_COUNT,
};

uint32_t hll_type_words(uint8_t type)
{
    return type == HLL_I64 ? 2 : 1;
}

uint8_t hll_value_type(struct hll *m)
{
    uint8_t type = hll_byte(m);

    if (type == HLL_I32 || type == HLL_I64)
        return type;
    if (type == 0x7d || type == 0x7c)
        hll_refuse(m, "floating point is not supported");
    else if (type == 0x7b || type == 0x70 || type == 0x6f)
        hll_refuse(m, "vectors and references are not supported");
    else
        hll_refuse(m, "malformed value type");
    return HLL_I32;
}

static const uint8_t *value_types(struct hll *m, uint32_t *n, uint32_t *words)
{
    const uint8_t *types;

    *n = hll_count(m, HLL_MAX_VALUES, "a type of more than 256 values");
    types = m->bytes + m->at;
    *words = 0;
    for (uint32_t i = 0; i < *n; i++)
        *words += hll_type_words(hll_value_type(m));
    return types;
}

static bool same_type(const struct hll_sig *a, const struct hll_sig *b)
{
    return a->params == b->params && a->results == b->results &&
           memcmp(a->param, b->param, a->params) == 0 &&
           memcmp(a->result, b->result, a->results) == 0;
}

static void read_types(struct hll *m)
{
    m->types = hll_count(m, HLL_MAX_TYPES, "more than 1024 types");
    m->type = hll_take(m, m->types, sizeof(*m->type));
    for (uint32_t i = 0; i < m->types && !m->why; i++) {
        struct hll_sig *t = &m->type[i];

        if (hll_byte(m) != 0x60)
            hll_refuse(m, "malformed function type");
        t->param = value_types(m, &t->params, &t->param_words);
        t->result = value_types(m, &t->results, &t->result_words);
        while (!same_type(&m->type[t->same], t))
            t->same++;
    }
}

static const struct hll_sig *type_index(struct hll *m)
{
    uint32_t i = hll_u32(m);

    if (i < m->types)
        return &m->type[i];
    hll_refuse(m, "unknown type");
    return NULL;
}

static bool is_type(const struct hll_sig *t, const char *text)
{
    static const uint8_t codes[] = {['i'] = HLL_I32, ['I'] = HLL_I64};
    uint32_t i = 0;

    for (; i < t->params && text[i] && text[i] != ':'; i++)
        if (codes[(uint8_t)text[i]] != t->param[i])
            return false;
    if (i < t->params || text[i] != ':')
        return false;
    text += i + 1;
    for (i = 0; i < t->results && text[i]; i++)
        if (codes[(uint8_t)text[i]] != t->result[i])
            return false;
    return i == t->results && !text[i];
}

struct wanted {
    const uint8_t *module, *name;
    uint32_t module_length, length;
};

static const struct hll_import *find_import(const struct hll_import *table, struct wanted *w)
{
    for (; table && table->name; table++)
        if (hll_is_name(w->module, w->module_length, table->module) &&
            hll_is_name(w->name, w->length, table->name))
            return table;
    return NULL;
}

static const struct hll_import *resolve(struct hll *m, struct wanted *w)
{
    const struct hll_import *found = find_import(hll_host_imports, w);

    if (!found)
        found = find_import(m->system->more, w);
    if (!found) {
        found = find_import(hll_heap_imports, w);
        m->has_heap |= found != NULL;
    }
    return found;
}

static void read_import(struct hll *m)
{
    struct hll_function *f = &m->function[m->functions];
    struct wanted w;
    uint8_t kind;

    w.module = hll_name(m, &w.module_length);
    w.name = hll_name(m, &w.length);
    kind = hll_byte(m);
    if (kind != FUNCTION) {
        hll_refuse(m, kind <= GLOBAL ? "an import that is not a function is not supported"
                                     : "malformed import kind");
        return;
    }
    f->sig = type_index(m);
    if (m->why)
        return;
    f->import = resolve(m, &w);
    if (!f->import)
        hll_refuse(m, "unknown import");
    else if (!is_type(f->sig, f->import->type))
        hll_refuse(m, "incompatible import type");
    m->functions++;
}

/* The array of functions grows once: imports come before all others, and their number is known. */
static void read_imports(struct hll *m)
{
    uint32_t n = hll_count(m, HLL_MAX_FUNCTIONS, "more than 16384 functions");

    m->function = hll_take(m, n, sizeof(*m->function));
    for (uint32_t i = 0; i < n && !m->why; i++)
        read_import(m);
    m->imported = m->functions;
}

static void read_functions(struct hll *m)
{
    uint32_t n = hll_count(m, HLL_MAX_FUNCTIONS, "more than 16384 functions");
    struct hll_function *all = hll_take(m, m->imported + n, sizeof(*all));

    if (m->why)
        return;
    if (m->imported)
        memcpy(all, m->function, m->imported * sizeof(*all));
    m->function = all;
    for (uint32_t i = 0; i < n && !m->why; i++)
        m->function[m->functions++].sig = type_index(m);
}

static void read_limits(struct hll *m, uint32_t *least, uint32_t *most, uint32_t highest)
{
    uint8_t flags = hll_byte(m);

    if (flags > 1)
        hll_refuse(m, "malformed limits: integer too large");
    *least = hll_u32(m);
    *most = flags ? hll_u32(m) : highest;
    if (*least > *most)
        hll_refuse(m, "size minimum must not be greater than maximum");
}

static void read_table(struct hll *m)
{
    uint32_t n = hll_count(m, UINT32_MAX, ""), most;

    if (n > 1)
        hll_refuse(m, "multiple tables");
    if (n != 1 || m->why)
        return;
    if (hll_byte(m) != 0x70)
        hll_refuse(m, "malformed reference type, or not one to functions");
    read_limits(m, &m->table_size, &most, UINT32_MAX);
    if (m->table_size > HLL_MAX_ELEMENTS)
        hll_refuse(m, "a table of more than 65536 elements");
    m->table = hll_take(m, m->table_size, sizeof(*m->table));
    m->has_table = true;
}

static void read_memory(struct hll *m)
{
    uint32_t n = hll_count(m, UINT32_MAX, "");

    if (n > 1)
        hll_refuse(m, "multiple memories");
    if (n != 1 || m->why)
        return;
    read_limits(m, &m->pages, &m->max_pages, 65536);
    if (!m->why && (m->pages > 65536 || m->max_pages > 65536))
        hll_refuse(m, "memory size must be at most 65536 pages (4GiB)");
    m->has_memory = true;
}

/* Constant expressions: one constant. Imported globals, the only others, there are none. */
bool hll_constant(struct hll *m, uint8_t type, uint32_t *words)
{
    uint8_t opcode = hll_byte(m);
    int64_t value = 0;

    if (opcode == 0x41)
        value = hll_s32(m);
    else if (opcode == 0x42)
        value = hll_s64(m);
    else if (opcode == 0x43 || opcode == 0x44)
        hll_refuse(m, "floating point is not supported");
    else if (opcode == 0x0b)
        hll_refuse(m, "type mismatch: an empty constant expression");
    else
        hll_refuse(m, "constant expression required");
    if (!m->why && type != (opcode == 0x41 ? HLL_I32 : HLL_I64))
        hll_refuse(m, "type mismatch in a constant expression");
    if (!m->why && hll_byte(m) != 0x0b)
        hll_refuse(m, "type mismatch: a constant expression of more than one instruction");
    words[0] = (uint32_t)value;
    words[1] = (uint32_t)((uint64_t)value >> 32);
    return !m->why;
}

static void read_globals(struct hll *m)
{
    m->globals = hll_count(m, UINT32_MAX, "");
    m->global = hll_take(m, m->globals, sizeof(*m->global));
    for (uint32_t i = 0; i < m->globals && !m->why; i++) {
        struct hll_value_global *g = &m->global[i];

        g->type = hll_value_type(m);
        g->changes = hll_byte(m);
        if (g->changes > 1)
            hll_refuse(m, "malformed mutability");
        hll_constant(m, g->type, g->words);
    }
}

static bool has(const struct hll *m, uint32_t kind, uint32_t index)
{
    switch (kind) {
    case FUNCTION: return index < m->functions;
    case TABLE: return m->has_table && index == 0;
    case MEMORY: return m->has_memory && index == 0;
    default: return index < m->globals;
    }
}

static void check_name(struct hll *m, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (m->export[i].length == m->export[n].length &&
            memcmp(m->export[i].name, m->export[n].name, m->export[n].length) == 0)
            hll_refuse(m, "duplicate export name");
}

static void read_exports(struct hll *m)
{
    static const char *const unknown[] = {"unknown function", "unknown table", "unknown memory",
                                          "unknown global"};

    m->exports = hll_count(m, HLL_MAX_TYPES, "more than 1024 exports");
    m->export = hll_take(m, m->exports, sizeof(*m->export));
    for (uint32_t i = 0; i < m->exports && !m->why; i++) {
        struct hll_export *e = &m->export[i];

        e->name = hll_name(m, &e->length);
        e->kind = hll_byte(m);
        e->index = hll_u32(m);
        if (e->kind > GLOBAL)
            hll_refuse(m, "malformed export kind");
        else if (!has(m, e->kind, e->index))
            hll_refuse(m, unknown[e->kind]);
        check_name(m, i);
    }
}

static void read_start(struct hll *m)
{
    uint32_t i = hll_u32(m);

    if (i >= m->functions)
        hll_refuse(m, "unknown function");
    else if (m->function[i].sig->params || m->function[i].sig->results)
        hll_refuse(m, "start function: it takes or gives values");
    m->start = i + 1;
}

/* Active segments only: a flag of zero, and where it goes. */
static uint32_t segment_offset(struct hll *m, bool there, const char *unknown)
{
    uint32_t words[2] = {0, 0};

    if (hll_u32(m) != 0)
        hll_refuse(m, "only active segments of table or memory 0 are supported");
    if (!there)
        hll_refuse(m, unknown);
    hll_constant(m, HLL_I32, words);
    return words[0];
}

/* Read twice: first checked, and then, in the second pass, written. */
static void read_elements(struct hll *m, bool write)
{
    uint32_t n = hll_count(m, UINT32_MAX, "");

    for (uint32_t i = 0; i < n && !m->why; i++) {
        uint32_t at = segment_offset(m, m->has_table, "unknown table");
        uint32_t count = hll_count(m, UINT32_MAX, "");

        if (write && (at > m->table_size || count > m->table_size - at)) {
            hll_trap(m, "out of bounds table access");
            return;
        }
        for (uint32_t k = 0; k < count; k++) {
            uint32_t f = hll_u32(m);

            if (f >= m->functions)
                hll_refuse(m, "unknown function");
            if (write)
                m->table[at + k] = f + 1;
        }
    }
}

static void read_data(struct hll *m, bool write)
{
    uint32_t n = hll_count(m, UINT32_MAX, "");

    for (uint32_t i = 0; i < n && !m->why; i++) {
        uint32_t at = segment_offset(m, m->has_memory, "unknown memory");
        uint32_t length = hll_count(m, UINT32_MAX, "");
        uint8_t *to = write ? hll_memory(m, at, length) : NULL;

        if (write && !to) {
            hll_trap(m, "out of bounds memory access");
            return;
        }
        if (to)
            memcpy(to, m->bytes + m->at, length);
        m->at += length;
    }
}

/* Bodies are marked now, and verified when all else is known. */
static void read_code(struct hll *m)
{
    uint32_t n = hll_count(m, HLL_MAX_FUNCTIONS, "more than 16384 functions");

    if (!m->why && n != m->functions - m->imported)
        hll_refuse(m, "function and code section have inconsistent lengths");
    for (uint32_t i = 0; i < n && !m->why; i++) {
        struct hll_function *f = &m->function[m->imported + i];
        uint32_t size = hll_count(m, UINT32_MAX, "");

        f->at = m->at;
        m->at += size;
        f->end = m->at;
    }
}

static void read_section(struct hll *m, uint32_t id, bool second)
{
    uint32_t length;

    switch (id) {
    case SECTION_CUSTOM:
        hll_name(m, &length);
        m->at = m->end;
        break;
    case SECTION_TYPE: read_types(m); break;
    case SECTION_IMPORT: read_imports(m); break;
    case SECTION_FUNCTION: read_functions(m); break;
    case SECTION_TABLE: read_table(m); break;
    case SECTION_MEMORY: read_memory(m); break;
    case SECTION_GLOBAL: read_globals(m); break;
    case SECTION_EXPORT: read_exports(m); break;
    case SECTION_START: read_start(m); break;
    case SECTION_ELEMENT: read_elements(m, second); break;
    case SECTION_CODE: read_code(m); break;
    case SECTION_DATA: read_data(m, second); break;
    default: hll_u32(m); break; /* the number of data segments: for passive ones */
    }
}

/* The data count comes before the code, though its number is higher. */
static uint32_t rank(uint32_t id)
{
    return id == SECTION_DATA_COUNT ? 2 * SECTION_ELEMENT + 1 : 2 * id;
}

/* One section; in the second pass only segments are read again. */
static void next_section(struct hll *m, uint32_t whole, uint32_t *last, bool second)
{
    uint32_t id = hll_byte(m);
    uint32_t size = hll_u32(m);

    if (id > SECTION_DATA_COUNT)
        hll_refuse(m, "malformed section id");
    else if (id != SECTION_CUSTOM && rank(id) <= *last)
        hll_refuse(m, "unexpected content after last section: a section out of order");
    else if (size > m->end - m->at)
        hll_refuse(m, "length out of bounds");
    if (m->why)
        return;
    if (id != SECTION_CUSTOM)
        *last = rank(id);
    m->end = m->at + size;
    if (second && id != SECTION_ELEMENT && id != SECTION_DATA)
        m->at = m->end;
    else
        read_section(m, id, second);
    if (!m->why && m->at != m->end)
        hll_refuse(m, "section size mismatch");
    m->end = whole;
}

static bool read_sections(struct hll *m, uint32_t n, bool second)
{
    static const uint8_t magic[] = {0, 'a', 's', 'm'}, version[] = {1, 0, 0, 0};
    uint32_t last = 0;

    m->at = 0;
    m->end = n;
    if (n < 4 || memcmp(m->bytes, magic, 4) != 0)
        return hll_refuse(m, "magic header not detected");
    if (n < 8 || memcmp(m->bytes + 4, version, 4) != 0)
        return hll_refuse(m, "unknown binary version");
    m->at = 8;
    while (m->at < m->end && !m->why)
        next_section(m, n, &last, second);
    for (uint32_t i = m->imported; i < m->functions && !second && !m->why; i++)
        if (m->function[i].end == 0)
            hll_refuse(m, "function and code section have inconsistent lengths");
    return !m->why;
}

/* Stack, calls, heap; the linear memory is last, and may grow to the arena's end. */
static bool make_room(struct hll *m)
{
    uint64_t limit = (uint64_t)m->max_pages * HLL_PAGE;

    m->stack = hll_take(m, HLL_STACK_WORDS, sizeof(*m->stack));
    m->call = hll_take(m, HLL_MAX_CALLS, sizeof(*m->call));
    if (m->why || (m->has_heap && !hll_heap_start(m)))
        return false;
    m->stack_end = m->stack + HLL_STACK_WORDS;
    m->stack_used = m->stack;
    m->memory = m->arena + m->next;
    m->memory_limit = (m->size - m->next) / HLL_PAGE * HLL_PAGE;
    if (m->memory_limit > limit)
        m->memory_limit = (uint32_t)limit;
    if (m->pages > m->memory_limit / HLL_PAGE)
        return hll_refuse(m, "the VM's arena has no room for this module's memory");
    m->memory_size = m->pages * HLL_PAGE;
    m->next += m->memory_size;
    return true;
}

static enum hll_result outcome(const struct hll *m)
{
    return m->exited ? HLL_EXITED : HLL_TRAPPED;
}

enum hll_result hll_load(struct hll *m, const uint8_t *bytes, uint32_t n)
{
    m->bytes = bytes;
    if (!read_sections(m, n, false) || !hll_verify(m) || !make_room(m))
        return HLL_REFUSED;
    if (!read_sections(m, n, true))
        return HLL_TRAPPED;
    if (m->start && !hll_run(m, &m->function[m->start - 1], m->stack))
        return outcome(m);
    return HLL_OK;
}

struct hll *hll_create(void *arena, uint32_t size, const struct hll_system *system)
{
    struct hll *m = arena;
    uint32_t own = (sizeof(*m) + 15) & ~15u;

    if (size < own || size > INT32_MAX)
        return NULL;
    *m = (struct hll){.system = system, .arena = arena, .next = own, .size = size & ~15u};
    m->fuel = system->fuel;
    return m;
}

static const struct hll_export *find_export(struct hll *m, const char *name, uint32_t kind)
{
    for (uint32_t i = 0; i < m->exports; i++)
        if (m->export[i].kind == kind &&
            hll_is_name(m->export[i].name, m->export[i].length, name))
            return &m->export[i];
    return NULL;
}

enum hll_result hll_call(struct hll *m, const char *name, uint32_t *words, uint32_t max)
{
    const struct hll_export *e = find_export(m, name, FUNCTION);
    const struct hll_function *f = e ? &m->function[e->index] : NULL;

    m->why = NULL;
    m->calls = 0;
    m->stack_used = m->stack;
    if (!f || f->sig->param_words > max || f->sig->result_words > max) {
        hll_trap(m, "no such exported function");
        return HLL_TRAPPED;
    }
    memcpy(m->stack, words, f->sig->param_words * sizeof(*words));
    if (!hll_run(m, f, m->stack))
        return outcome(m);
    memcpy(words, m->stack, f->sig->result_words * sizeof(*words));
    return HLL_OK;
}

static char *add_types(char *to, const uint8_t *types, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        *to++ = types[i] == HLL_I32 ? 'i' : 'I';
    return to;
}

const char *hll_type(struct hll *m, const char *name, char *buffer, uint32_t size)
{
    const struct hll_export *e = find_export(m, name, FUNCTION);
    const struct hll_sig *t = e ? m->function[e->index].sig : NULL;
    char *to = buffer;

    if (!t || t->params + t->results + 2 > size)
        return NULL;
    to = add_types(to, t->param, t->params);
    *to++ = ':';
    *add_types(to, t->result, t->results) = '\0';
    return buffer;
}

bool hll_global(struct hll *m, const char *name, uint32_t *words)
{
    const struct hll_export *e = find_export(m, name, GLOBAL);

    if (e)
        memcpy(words, m->global[e->index].words, 2 * sizeof(*words));
    return e != NULL;
}

const char *hll_why(const struct hll *m)
{
    return m->why ? m->why : "";
}

uint32_t hll_where(const struct hll *m)
{
    return m->where;
}

int hll_status(const struct hll *m)
{
    return m->status;
}

uint32_t hll_code_words(const struct hll *m)
{
    return m->code_words;
}

uint32_t hll_used(const struct hll *m)
{
    return m->next;
}

const struct hll_system *hll_system(const struct hll *m)
{
    return m->system;
}

bool hll_trap(struct hll *m, const char *why)
{
    if (!m->why)
        m->why = why;
    return false;
}

bool hll_exit(struct hll *m, int status)
{
    m->status = status;
    m->exited = true;
    return false;
}

uint8_t *hll_memory(struct hll *m, uint32_t at, uint32_t n)
{
    return at <= m->memory_size && n <= m->memory_size - at ? m->memory + at : NULL;
}
