/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_image.c - relocatable, flat and compressed kernels, and what is loaded beside them: where
 * each is placed, and what is refused. ELF files themselves are tested in test_elf.c.
 */
#include <elf.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "tests/support/suite.h"
#include "tools/host/elf_reloc.h"
#include "tools/host/flat.h"
#include "tools/host/image.h"
#include "tools/host/unpack.h"

enum { PAGE = 0x1000, RAM_SIZE = 1 << 20, WORDS = 4, RELOCS = 3 };
#define RAM_BASE 0x80000000u

static struct problem problem;
static struct elf elf;

/* ---- A static position-independent executable ---- */

static struct {
    Elf32_Ehdr header;
    Elf32_Phdr segments[2];
    uint32_t words[WORDS];
    Elf32_Rela relocs[RELOCS];
    Elf32_Dyn dynamic[5];
} pie;
#define AT(member) offsetof(__typeof__(pie), member)
#define LINKED 0x3000u /* its segment begins here, so that moving it is no mere addition */

static void make_pie(void)
{
    memset(&pie, 0, sizeof pie);
    memcpy(pie.header.e_ident, ELFMAG, SELFMAG);
    pie.header.e_ident[EI_CLASS] = ELFCLASS32;
    pie.header.e_ident[EI_DATA] = ELFDATA2LSB;
    pie.header.e_type = ET_DYN;
    pie.header.e_machine = EM_RISCV;
    pie.header.e_version = EV_CURRENT;
    pie.header.e_entry = LINKED + AT(words);
    pie.header.e_phoff = AT(segments);
    pie.header.e_ehsize = sizeof pie.header;
    pie.header.e_phentsize = sizeof pie.segments[0];
    pie.header.e_phnum = 2;
    pie.segments[0] = (Elf32_Phdr){.p_type = PT_LOAD,
                                   .p_vaddr = LINKED,
                                   .p_paddr = LINKED,
                                   .p_filesz = sizeof pie,
                                   .p_memsz = sizeof pie + 64,
                                   .p_align = PAGE};
    pie.segments[1] = (Elf32_Phdr){
        .p_type = PT_DYNAMIC, .p_offset = AT(dynamic), .p_filesz = sizeof pie.dynamic};
    pie.relocs[0] = (Elf32_Rela){LINKED + AT(words) + 4, R_RISCV_RELATIVE, LINKED + 0x10};
    pie.relocs[1] = (Elf32_Rela){0, R_RISCV_NONE, 0};
    pie.relocs[2] = (Elf32_Rela){LINKED + sizeof pie + 60, R_RISCV_RELATIVE, -4}; /* in .bss */
    pie.dynamic[0] = (Elf32_Dyn){DT_RELA, {LINKED + AT(relocs)}};
    pie.dynamic[1] = (Elf32_Dyn){DT_RELASZ, {sizeof pie.relocs}};
    pie.dynamic[2] = (Elf32_Dyn){DT_RELAENT, {sizeof pie.relocs[0]}};
    pie.dynamic[3] = (Elf32_Dyn){DT_NULL, {0}};
}

static enum pz_err parse_pie(uint64_t load)
{
    const struct elf_place place = {{RAM_BASE, RAM_SIZE}, load};

    problem.text[0] = '\0';
    if (elf_parse((const uint8_t *)&pie, sizeof pie, place, &elf, &problem))
        return PZ_USAGE;
    return elf_reloc_find(&elf, &problem);
}

static void pie_is_at(uint64_t load, uint32_t at)
{
    uint32_t pa, word;

    ck_assert_msg(!parse_pie(load), "%s", problem.text);
    ck_assert_uint_eq(elf.segments[0].pa, at);
    ck_assert_uint_eq(elf.entry, at + AT(words));
    ck_assert_uint_eq(elf.reloc_count, RELOCS);
    ck_assert(elf_reloc(&elf, 0, &pa, &word));
    ck_assert_uint_eq(pa, at + AT(words) + 4);
    ck_assert_uint_eq(word, at + 0x10);
    ck_assert(!elf_reloc(&elf, 1, &pa, &word));
    ck_assert(elf_reloc(&elf, 2, &pa, &word));
    ck_assert_uint_eq(pa, at + sizeof pie + 60);
    ck_assert_uint_eq(word, at - LINKED - 4);
}

static void pie_is_refused(const char *reason)
{
    ck_assert_int_eq(parse_pie(ELF_NO_LOAD), PZ_USAGE);
    ck_assert_msg(strstr(problem.text, reason), "not '%s' but: %s", reason, problem.text);
    make_pie();
}

START_TEST(test_pie)
{
    make_pie();
    pie_is_at(ELF_NO_LOAD, RAM_BASE);
    pie_is_at(RAM_BASE + 0x5000, RAM_BASE + 0x5000);
    ck_assert_int_eq(parse_pie(RAM_BASE + 0x800), PZ_USAGE);
    ck_assert(strstr(problem.text, "multiple of 0x1000"));
    ck_assert_int_eq(parse_pie(0x1000), PZ_USAGE);
    ck_assert(strstr(problem.text, "outside RAM"));
    pie.segments[1].p_type = PT_NULL; /* none to relocate */
    ck_assert(!parse_pie(ELF_NO_LOAD));
    ck_assert_uint_eq(elf.reloc_count, 0);
}
END_TEST

START_TEST(test_pie_refused)
{
    make_pie();
    pie.relocs[1].r_info = R_RISCV_32;
    pie_is_refused("a relocation of type 1, number 1");
    pie.relocs[2].r_offset = LINKED + sizeof pie + 61;
    pie_is_refused("number 2, for");
    pie.relocs[0].r_offset = LINKED - 1;
    pie_is_refused("number 0, for");
    pie.dynamic[0].d_un.d_ptr = 0xfffffff0;
    pie_is_refused("are in none of its segments");
    pie.dynamic[1].d_un.d_val = 0xfffffffc; /* a multiple of 12 */
    pie_is_refused("are in none of its segments");
    pie.dynamic[1].d_un.d_val = 13;
    pie_is_refused("relocations of 12 bytes in 13");
    pie.dynamic[2].d_un.d_val = 8;
    pie_is_refused("relocations of 8 bytes");
    pie.dynamic[3] = (Elf32_Dyn){DT_NEEDED, {1}};
    pie_is_refused("needs a dynamic linker");
    pie.dynamic[3] = (Elf32_Dyn){DT_RELSZ, {8}};
    pie_is_refused("not of the kind .rela.dyn");
    pie.segments[1].p_offset = 0xfffffff0;
    pie_is_refused("is cut off: its dynamic section");
    pie.segments[0].p_align = 0x1001;
    pie_is_refused("no power of two");
    pie.segments[0].p_align = 0x80000000;
    ck_assert(!parse_pie(ELF_NO_LOAD));
    pie.segments[0].p_paddr = 0x90000000;
    pie_is_refused("outside RAM");
}
END_TEST

START_TEST(test_float_abi)
{
    make_pie();
    ck_assert(!parse_pie(ELF_NO_LOAD) && !elf.hard_float);
    pie.header.e_flags = 1; /* compressed instructions */
    ck_assert(!parse_pie(ELF_NO_LOAD) && !elf.hard_float);
    pie.header.e_flags = 5; /* ... and double precision */
    ck_assert(!parse_pie(ELF_NO_LOAD) && elf.hard_float);
}
END_TEST

/* ---- Flat ones ---- */

static uint8_t flat[256];

static void put64(unsigned offset, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++)
        flat[offset + i] = (uint8_t)(value >> 8 * i);
}

static void make_linux(uint64_t offset, uint64_t size)
{
    memset(flat, 0, sizeof flat);
    put64(8, offset);
    put64(16, size);
    memcpy(flat + 48, "RISCV\0\0\0RSC\5", 12);
}

static enum pz_err parse_flat(uint64_t load)
{
    const struct elf_place place = {{RAM_BASE, RAM_SIZE}, load};

    problem.text[0] = '\0';
    return flat_parse(flat, sizeof flat, place, &elf, &problem);
}

static void flat_is(uint64_t load, uint32_t at, uint32_t size)
{
    ck_assert_msg(!parse_flat(load), "%s", problem.text);
    ck_assert_uint_eq(elf.entry, at);
    ck_assert_uint_eq(elf.count, 1);
    ck_assert_uint_eq(elf.segments[0].pa, at);
    ck_assert_uint_eq(elf.segments[0].size, size);
    ck_assert_uint_eq(elf.segments[0].len, sizeof flat);
}

static void flat_is_refused(uint64_t load, const char *reason)
{
    ck_assert_int_eq(parse_flat(load), PZ_USAGE);
    ck_assert_msg(strstr(problem.text, reason), "not '%s' but: %s", reason, problem.text);
}

START_TEST(test_linux)
{
    make_linux(0x4000, 0x10000);
    ck_assert(flat_is_linux(flat, sizeof flat) && !flat_is_linux(flat, 63));
    flat_is(ELF_NO_LOAD, RAM_BASE + 0x4000, 0x10000);
    flat_is(RAM_BASE + 0x8000, RAM_BASE + 0x8000, 0x10000);
    make_linux(0x4000, 0); /* as before the field meant anything */
    flat_is(ELF_NO_LOAD, RAM_BASE + 0x4000, sizeof flat);
    make_linux(0x4000, RAM_SIZE - 0x4000);
    flat_is(ELF_NO_LOAD, RAM_BASE + 0x4000, RAM_SIZE - 0x4000);
    make_linux(0x4000, RAM_SIZE - 0x4000 + 1);
    flat_is_refused(ELF_NO_LOAD, "outside RAM");
    make_linux(0x4000, sizeof flat - 1);
    flat_is_refused(ELF_NO_LOAD, "is longer");
    make_linux(UINT64_MAX, 0x1000);
    flat_is_refused(ELF_NO_LOAD, "more than 32 bits");
    make_linux(0, 1ull << 32);
    flat_is_refused(ELF_NO_LOAD, "more than 32 bits");
    make_linux(1, 0x1000);
    flat_is_refused(ELF_NO_LOAD, "odd");
    make_linux(0x4000, 0x10000);
    put64(24, 1);
    flat_is_refused(ELF_NO_LOAD, "big-endian");
}
END_TEST

START_TEST(test_flat)
{
    memset(flat, 0x13, sizeof flat);
    ck_assert(!flat_is_linux(flat, sizeof flat));
    flat_is(RAM_BASE, RAM_BASE, sizeof flat);
    flat_is(RAM_BASE + RAM_SIZE - sizeof flat, RAM_BASE + RAM_SIZE - sizeof flat, sizeof flat);
    flat_is_refused(RAM_BASE + RAM_SIZE - sizeof flat + 2, "outside RAM");
    flat_is_refused(RAM_BASE - 2, "outside RAM");
    flat_is_refused(RAM_BASE + 1, "odd");
}
END_TEST

/* Where QEMU's virt machine puts it: only if RAM is where that has it. */
START_TEST(test_flat_virt)
{
    const struct elf_ram virt = {RAM_BASE, 8u << 20}, other = {0, 8u << 20};
    const struct elf_place place = {virt, ELF_NO_LOAD};

    memset(flat, 0x13, sizeof flat);
    ck_assert(flat_has_place(&virt) && !flat_has_place(&other));
    ck_assert(!flat_parse(flat, sizeof flat, place, &elf, &problem));
    ck_assert_uint_eq(elf.entry, RAM_BASE + (4u << 20));
}
END_TEST

/* ---- Compressed ones ---- */

enum { PLAIN = 3000, PACKED_MOST = 8192 };

struct packed {
    uint8_t bytes[PACKED_MOST];
    size_t len;
};

static void add_gzip(struct packed *packed, const uint8_t *bytes, size_t len)
{
    z_stream stream = {.next_in = (uint8_t *)(uintptr_t)bytes,
                       .avail_in = (uInt)len,
                       .next_out = packed->bytes + packed->len,
                       .avail_out = (uInt)(PACKED_MOST - packed->len)};

    ck_assert_int_eq(
        deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    ck_assert_int_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed->len = PACKED_MOST - stream.avail_out;
    deflateEnd(&stream);
}

static void add_zstd(struct packed *packed, const uint8_t *bytes, size_t len)
{
    size_t added =
        ZSTD_compress(packed->bytes + packed->len, PACKED_MOST - packed->len, bytes, len, 3);

    ck_assert(!ZSTD_isError(added));
    packed->len += added;
}

/* The result, to be freed. */
static enum pz_err unpacked(const struct packed *packed, size_t len, size_t most,
                            struct file *file)
{
    file->bytes = malloc(len + 1);
    file->len = len;
    memcpy(file->bytes, packed->bytes, len);
    return unpack(file, most, &problem);
}

typedef void adds(struct packed *packed, const uint8_t *bytes, size_t len);

static void plain_bytes(uint8_t *plain)
{
    for (unsigned i = 0; i < PLAIN; i++)
        plain[i] = (uint8_t)(i * i >> 5);
}

static void check_packer(adds *add)
{
    struct packed packed = {.len = 0};
    uint8_t plain[PLAIN];
    struct file file;

    plain_bytes(plain);
    add(&packed, plain, 1000);
    add(&packed, plain + 1000, PLAIN - 1000); /* a second member */
    ck_assert(!unpacked(&packed, packed.len, PLAIN, &file));
    ck_assert_uint_eq(file.len, PLAIN);
    ck_assert_mem_eq(file.bytes, plain, PLAIN);
    file_free(&file);
    ck_assert_int_eq(unpacked(&packed, packed.len, PLAIN - 1, &file), PZ_USAGE);
    ck_assert(strstr(problem.text, "when unpacked"));
    file_free(&file);
}

/* Cut off anywhere, or with any one byte changed: never a crash; cut is never taken for whole. */
static void check_hostile(adds *add)
{
    struct packed packed = {.len = 0};
    uint8_t plain[PLAIN];
    struct file file;

    plain_bytes(plain);
    add(&packed, plain, PLAIN);
    for (size_t len = 4; len < packed.len; len++) {
        ck_assert_int_eq(unpacked(&packed, len, PLAIN, &file), PZ_USAGE);
        file_free(&file);
    }
    for (size_t i = 4; i < packed.len; i++) {
        packed.bytes[i] ^= 0x55;
        if (!unpacked(&packed, packed.len, PLAIN, &file))
            ck_assert_uint_le(file.len, PLAIN);
        file_free(&file);
        packed.bytes[i] ^= 0x55;
    }
}

START_TEST(test_gzip)
{
    check_packer(add_gzip);
    check_hostile(add_gzip);
}
END_TEST

START_TEST(test_zstd)
{
    check_packer(add_zstd);
    check_hostile(add_zstd);
}
END_TEST

START_TEST(test_not_packed)
{
    struct packed packed = {.bytes = {0x1f, 0x8b, 0x07, 0x28, 0xb5}, .len = 5};
    struct file file;

    for (size_t len = 0; len <= packed.len; len++) {
        ck_assert(!unpacked(&packed, len, 1, &file));
        ck_assert_uint_eq(file.len, len);
        file_free(&file);
    }
}
END_TEST

/* ---- What goes beside a kernel ---- */

static uint8_t ram[RAM_SIZE];

static bool write_ram(void *owner, uint64_t pa, const void *bytes, uint32_t len)
{
    (void)owner;
    ck_assert(pa >= RAM_BASE && pa + len <= RAM_BASE + RAM_SIZE);
    memcpy(ram + (pa - RAM_BASE), bytes, len);
    return true;
}

static const struct elf_ram whole = {RAM_BASE, RAM_SIZE};
static const struct image_memory memory = {.write = write_ram};

static void write_file(const char *path, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");

    ck_assert(file && fwrite(bytes, 1, len, file) == len && !fclose(file));
}

static uint32_t property(const void *tree, const char *name)
{
    int chosen = fdt_path_offset(tree, "/chosen"), len;
    const fdt32_t *cell = fdt_getprop(tree, chosen, name, &len);

    ck_assert(cell && len == 4);
    return fdt32_to_cpu(*cell);
}

static const char *bootargs(const void *tree)
{
    return fdt_getprop(tree, fdt_path_offset(tree, "/chosen"), "bootargs", NULL);
}

static enum pz_err load(const struct image_setup *setup, struct image_boot *boot)
{
    const struct elf_place place = {whole, ELF_NO_LOAD};
    struct image image;
    struct image_set set = {.image = NULL};
    enum pz_err err = image_open(&image, "kernel.test", place, &problem);

    if (!err)
        err = image_gather(&set, &image, &whole, setup, &problem);
    if (!err)
        err = image_load(&set, &memory, boot, &problem);
    image_set_free(&set);
    image_close(&image);
    return err;
}

static void enter_directory(void)
{
    char name[] = "/tmp/pz-image-XXXXXX";

    ck_assert(mkdtemp(name) && !chdir(name));
    make_pie();
    write_file("kernel.test", &pie, sizeof pie);
}

static void leave_directory(void)
{
    char name[64];

    unlink("kernel.test");
    unlink("initrd.test");
    unlink("tree.test");
    ck_assert(getcwd(name, sizeof name) && !chdir("/") && !rmdir(name));
}

START_TEST(test_initrd)
{
    struct image_setup setup = {
        .cpus = 1, .bootargs = "root=/dev/ram", .initrd = "initrd.test"};
    struct image_boot boot;
    uint32_t start, word;
    uint8_t *tree;

    enter_directory();
    write_file("initrd.test", "an archive", 10);
    ck_assert_msg(!load(&setup, &boot), "%s", problem.text);
    tree = ram + (boot.dtb - RAM_BASE);
    start = property(tree, "linux,initrd-start");
    ck_assert_uint_eq(start, ((boot.entry + RAM_SIZE / 2) + PAGE - 1) & ~(PAGE - 1u));
    ck_assert_uint_eq(property(tree, "linux,initrd-end"), start + 10);
    ck_assert_mem_eq(ram + (start - RAM_BASE), "an archive", 10);
    ck_assert_str_eq(bootargs(tree), "root=/dev/ram");
    memcpy(&word, ram + AT(words) + 4, 4); /* the kernel was relocated */
    ck_assert_uint_eq(word, RAM_BASE + 0x10);

    write_file("initrd.test", ram, RAM_SIZE / 2);
    ck_assert_int_eq(load(&setup, &boot), PZ_USAGE);
    ck_assert(strstr(problem.text, "no room for its 524288 bytes"));
    write_file("initrd.test", ram, 0);
    ck_assert_int_eq(load(&setup, &boot), PZ_USAGE);
    ck_assert(strstr(problem.text, "--initrd: initrd.test: is empty"));
    setup.initrd = "none.test";
    ck_assert_int_eq(load(&setup, &boot), PZ_HOST);
    leave_directory();
}
END_TEST

/* The tree that pz makes, taken for the user's own: the boot's own words win. */
START_TEST(test_own_tree)
{
    struct image_setup setup = {.cpus = 1, .bootargs = "first"};
    const struct elf_place place = {whole, ELF_NO_LOAD};
    struct image_boot boot;
    struct image image;
    uint8_t *tree;
    size_t len;

    enter_directory();
    ck_assert(!image_open(&image, "kernel.test", place, &problem));
    ck_assert(!image_tree(&image, &whole, &setup, &tree, &len, &problem));
    image_close(&image);
    ck_assert_str_eq(bootargs(tree), "first");
    write_file("tree.test", tree, len);
    setup.dtb = "tree.test";
    setup.bootargs = "";
    ck_assert_msg(!load(&setup, &boot), "%s", problem.text);
    ck_assert_str_eq(bootargs(ram + (boot.dtb - RAM_BASE)), "first");
    setup.bootargs = "second";
    ck_assert(!load(&setup, &boot));
    ck_assert_str_eq(bootargs(ram + (boot.dtb - RAM_BASE)), "second");
    for (size_t cut = 0; cut < len; cut += 7) {
        write_file("tree.test", tree, cut);
        ck_assert_int_eq(load(&setup, &boot), PZ_USAGE);
        ck_assert(strstr(problem.text, "--dtb: tree.test: is not a device tree"));
    }
    free(tree);
    leave_directory();
}
END_TEST

SUITE_MAIN("image", test_pie, test_pie_refused, test_float_abi, test_linux, test_flat,
           test_flat_virt, test_gzip, test_zstd, test_not_packed, test_initrd, test_own_tree)
