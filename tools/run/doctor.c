/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * doctor.c - `pz doctor`: engines, libraries, guests and tools, each with its version, or with
 * what does not work without it.
 */
#include <jansson.h>
#include <libfdt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/utsname.h>

#include "tools/base/base.h"
#include "tools/host/host.h"
#include "tools/run/run.h"
#include "tools/sandbox/sandbox.h"
#include "tools/show/show.h"

#if PZ_HAVE_CAPSTONE
#include <capstone/capstone.h>
#endif
#if PZ_HAVE_UNICORN
#include "isa/engine/unicorn_library.h"
#endif
#if PZ_HAVE_EDITLINE
#include <editline/readline.h>
#endif

#define FINDING_TEXT 256

/* One line of the report. */
struct finding {
    const char *kind, *name;
    bool found;
    char version[FINDING_TEXT]; /* or where it is; "" if it does not say */
    const char *cost;           /* of its lack */
};

enum { FINDINGS_MOST = 40, ENGINES_MOST = 8 };

struct findings {
    struct finding list[FINDINGS_MOST];
    unsigned count;
    struct problem why[ENGINES_MOST]; /* an engine cannot be made */
};

static struct finding *add(struct findings *findings, const char *kind, const char *name,
                           bool found, const char *cost)
{
    struct finding *finding = &findings->list[findings->count];

    if (findings->count < FINDINGS_MOST - 1)
        findings->count++;
    *finding = (struct finding){.kind = kind, .name = name, .found = found, .cost = cost};
    return finding;
}

static void say(struct finding *finding, const char *text)
{
    snprintf(finding->version, sizeof finding->version, "%.*s", FINDING_TEXT - 1, text);
}

static void add_engines(struct findings *findings)
{
    for (unsigned i = 0; i < engines_count && i < ENGINES_MOST; i++) {
        const struct engines_kind *kind = &engines_all[i];
        struct problem *why = &findings->why[i];
        bool works = engines_works(kind, why);

        say(add(findings, "engine", kind->name, works,
                kind->missing ? kind->missing : why->text),
            kind->about);
    }
}

/* The version in use, and the one built against where they differ. */
static void say_versions(struct finding *finding, const char *built, const char *used)
{
    if (strcmp(built, used))
        snprintf(finding->version, sizeof finding->version, "%.20s (built with %.20s)", used,
                 built);
    else
        say(finding, used);
}

#if PZ_HAVE_UNICORN
static void add_unicorn(struct findings *findings)
{
    unsigned major, minor, all;
    char built[24], used[24];

    if (!unicorn_library_load()) {
        add(findings, "library", "unicorn", false, "no engine unicorn");
        return;
    }
    all = unicorn_library.version(&major, &minor); /* a byte for each part */
    snprintf(used, sizeof used, "%u.%u.%u", major, minor, all >> 8 & 0xff);
    snprintf(built, sizeof built, "%d.%d.%d", UC_API_MAJOR, UC_API_MINOR, UC_API_PATCH);
    say_versions(add(findings, "library", "unicorn", true, NULL), built, used);
}
#else
static void add_unicorn(struct findings *findings)
{
    add(findings, "library", "unicorn", false, "no engine unicorn");
}
#endif

static void add_no_capstone(struct findings *findings)
{
    add(findings, "library", "capstone", false,
        "disassembly by our own table, without the usual aliases");
}

#if PZ_HAVE_CAPSTONE
static void add_capstone(struct findings *findings)
{
    unsigned major, minor;
    char built[24], used[24];

    if (!disasm_capstone_version(&major, &minor)) {
        add_no_capstone(findings);
        return;
    }
    snprintf(used, sizeof used, "%u.%u", major, minor);
    snprintf(built, sizeof built, "%d.%d", CS_API_MAJOR, CS_API_MINOR);
    say_versions(add(findings, "library", "capstone", true, NULL), built, used);
}
#else
static void add_capstone(struct findings *findings)
{
    add_no_capstone(findings);
}
#endif

#if PZ_HAVE_EDITLINE
static void add_editline(struct findings *findings)
{
    say(add(findings, "library", "libedit", true, NULL), rl_library_version);
}
#else
static void add_editline(struct findings *findings)
{
    add(findings, "library", "libedit", false, "no line editing at prompts");
}
#endif

static void add_libdw(struct findings *findings)
{
    struct finding *finding =
        add(findings, "library", "libdw", !lines_no_library,
            lines_no_library ? "no source lines and stack frames in the debugger" : NULL);

    if (!lines_no_library)
        say(finding, "reads debug information");
}

/* Found by asking the kernel: it can be there and switched off. */
static void add_landlock(struct findings *findings)
{
    int version = filewall_version();
    struct finding *finding =
        add(findings, "kernel", "Landlock", version,
            "student code can be compiled that includes your files; pz grade --all refuses");

    if (version)
        snprintf(finding->version, sizeof finding->version, "version %d", version);
}

static void add_libraries(struct findings *findings)
{
    add_unicorn(findings);
    add_capstone(findings);
    add_editline(findings);
    add_libdw(findings);
    add(findings, "library", "libseccomp", boxwall_filters(),
        "nothing keeps the programs that pz grade runs away from other files, processes "
        "and the network");
    add(findings, "library", "libslirp", PZ_HAVE_SLIRP, "no --net user");
    add(findings, "library", "libwebsockets", PZ_HAVE_WEBSOCKETS, "pz web has --stdio only");
    add_landlock(findings);
    say_versions(add(findings, "library", "jansson", true, NULL), JANSSON_VERSION,
                 jansson_version_str());
    say(add(findings, "library", "libfdt", true, NULL), "writes device trees of version 17");
}

static void add_guest(struct findings *findings, const char *name, const char *cost)
{
    char path[PATH_MAX];
    struct problem problem;
    bool found = !guests_find(name, path, sizeof path, &problem);
    struct finding *finding = add(findings, "guest", name, found, cost);

    if (found)
        say(finding, path);
}

static void add_guests(struct findings *findings)
{
    add_guest(findings, GUESTS_DEFAULT, "pz run, bare, verify and map need a KERNEL named");
    add_guest(findings, "mini-virt.elf", "the mini guest cannot be tried on QEMU");
}

/* What pz grade and gdb need: exercises, headers, the guests' sources. */
static void add_home(struct findings *findings)
{
    static const struct {
        const char *name, *cost;
    } parts[] = {
        {"examples", "pz grade has no exercises: set PZ_HOME"},
        {"vmm/parts.h", "pz grade cannot build parts of the monitor: set PZ_HOME"},
        {"tests/guest/guest.ld", "pz grade cannot build guests: set PZ_HOME"},
        {"guestos/mini", "no source lines of the bundled guests: set PZ_HOME"},
    };
    char path[PATH_MAX];

    for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        bool fits =
            snprintf(path, sizeof path, "%s/%s", home_directory(), parts[i].name) < PATH_MAX;
        bool found = fits && !access(path, R_OK);
        struct finding *finding = add(findings, "source", parts[i].name, found, parts[i].cost);

        if (found)
            say(finding, path);
    }
}

/* pz.js is pz.wasm, and all else that the page's Worker needs. */
static void add_web(struct findings *findings)
{
    static const struct {
        const char *name, *file, *cost;
    } parts[] = {
        {"page", "index.html",
         "pz web serves only its protocol: the build makes the page where node and npm's "
         "packages are (scripts/setup.sh)"},
        {"pz.wasm", "pz.js",
         "the page works only behind pz web: the build makes it where clang, lld, wasi-libc and "
         "libraries' sources are (scripts/setup_wasm.sh)"},
    };
    char path[PATH_MAX];

    for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        bool found = home_page(parts[i].file, path, sizeof path);
        struct finding *finding = add(findings, "web", parts[i].name, found, parts[i].cost);

        if (found)
            say(finding, path);
    }
}

/* Is there a program of this name on PATH? */
static bool on_path(const char *name)
{
    const char *path = getenv("PATH");
    char file[PATH_MAX];

    while (path && *path) {
        size_t len = strcspn(path, ":");
        int written = snprintf(file, sizeof file, "%.*s/%s", (int)len, path, name);

        if (written > 0 && (size_t)written < sizeof file && !access(file, X_OK))
            return true;
        path += path[len] ? len + 1 : len;
    }
    return false;
}

static void add_programs(struct findings *findings)
{
    static const struct {
        const char *name, *cost;
    } programs[] = {
        {"clang", "guests cannot be built"},
        {"ld.lld", "guests cannot be built"},
        {"llvm-objcopy", "guests cannot be built"},
        {"cc", "pz grade cannot build parts of the monitor"},
        {"qemu-system-riscv32", "the mini guest is not tried on QEMU's virt machine"},
        {"gdb-multiarch", "guests cannot be debugged with gdb"},
    };

    for (unsigned i = 0; i < sizeof programs / sizeof programs[0]; i++)
        add(findings, "program", programs[i].name, on_path(programs[i].name), programs[i].cost);
}

static json_t *findings_document(const struct findings *findings)
{
    json_t *array = json_array();

    for (unsigned i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->list[i];
        json_t *object = json_object();

        json_put_text(object, "kind", finding->kind);
        json_put_text(object, "name", finding->name);
        json_put(object, "found", json_boolean(finding->found));
        if (finding->version[0])
            json_put_text(object, "about", finding->version);
        if (!finding->found)
            json_put_text(object, "cost", finding->cost);
        json_array_append_new(array, object);
    }
    return array;
}

static enum pz_err print_document(const struct findings *findings, const char *revision,
                                  struct problem *problem)
{
    json_t *document = json_document("pz-doctor/1");
    struct utsname host = {0};

    uname(&host);
    if (revision[0])
        json_put_text(document, "revision", revision);
    json_put_text(document, "host", host.machine);
    json_put_text(document, "engine", engines_best(false)->name);
    json_put(document, "findings", findings_document(findings));
    return json_print(document, problem);
}

static void print_findings(const struct findings *findings, const char *revision)
{
    struct utsname host = {0};
    struct table table;

    uname(&host);
    table_init(&table, "llll");
    for (unsigned i = 0; i < findings->count; i++) {
        const struct finding *finding = &findings->list[i];

        table_add(&table, "%s\t%s\t%s\t%s", finding->kind, finding->name,
                  finding->found ? "found" : "MISSING",
                  finding->found ? finding->version : finding->cost);
    }
    printf("pz %s%s%s%s on %s\n", PZ_VERSION, revision[0] ? " (" : "", revision,
           revision[0] ? ")" : "", host.machine);
    table_print(&table, stdout, 0, 0);
    printf("Guests run on the engine %s unless --engine says otherwise.\n",
           engines_best(false)->name);
}

enum pz_err command_doctor(const struct options *options, struct problem *problem)
{
    struct findings findings = {.count = 0};

    add_engines(&findings);
    add_libraries(&findings);
    add_guests(&findings);
    add_home(&findings);
    add_web(&findings);
    add_programs(&findings);
    if (options->json)
        return print_document(&findings, options->revision, problem);
    print_findings(&findings, options->revision);
    return PZ_OK;
}
