/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands.c - the table of commands, with the text of their help; help.c prints it. */
#include <string.h>

#include "tools/asm/asm.h"
#include "tools/base/base.h"
#include "tools/bench/bench.h"
#include "tools/classify/classify.h"
#include "tools/command.h"
#include "tools/compare/compare.h"
#include "tools/control/control.h"
#include "tools/dap/dap.h"
#include "tools/grade/grade.h"
#include "tools/help.h"
#include "tools/host/host.h"
#include "tools/report/report.h"
#include "tools/run/run.h"
#include "tools/tutorial/tutorial.h"
#include "tools/type1/type1.h"
#include "tools/verify/verify.h"
#include "tools/web/web.h"
#include "tools/zoo/zoo.h"

const struct command command_table[] = {
    {"run", "run guests under the monitor", "[options] [KERNEL...]",
     "Runs each KERNEL in a virtual machine of its own; without one, two copies of the bundled\n"
     "mini guest. A kernel is a riscv32 ELF file, static position-independent ones too, Linux's\n"
     "Image or, with --load or --machine virt, a flat binary; each may be compressed with gzip or\n"
     "zstd. At a terminal, keys go to the VM in focus, and Ctrl-A ? lists the keys; else VM 0 reads\n"
     "standard input, unless --input or --append is given. Guests print on stdout; the summary\n"
     "and --stats go to stderr.",
     "  pz run                                   two mini guests at this terminal\n"
     "  pz run --append 'usertests; primes' --stats\n"
     "  pz run --vms 4 --shares 100,200 --append primes\n"
     "  pz run --vms 8 --threads 2 --append primes   on two host CPUs\n"
     "  pz run --sched bvt --cap 25 --charge exits    a fair machine: docs/resources.md\n"
     "  pz run --input a.txt --input b.txt       a script for each of two VMs\n"
     "  pz run --engine spec --shadow trace --trace exits.jsonl kernel.elf\n"
     "  pz run --variant popf --append ls         on a CPU that cannot be virtualised\n"
     "  pz run --record session.pzr              to run it again: pz replay session.pzr\n"
     "  pz run --disk root.img,snapshot --net user,hostfwd=tcp:8080-:80 kernel.elf\n"
     "  pz run --machine virt --mem 128M --initrd initrd.gz --append 'rdinit=/init' Image\n"
     "  pz run --save vm.pzs                      to continue another day: pz restore vm.pzs\n"
     "  pz run --gdb 1234                        gdb-multiarch -ex 'target remote :1234'\n"
     "  pz run --append primes --profile out.folded && flamegraph.pl out.folded > out.svg\n"
     "  perf record pz run --append primes --perf-map && perf report\n",
     OPTIONS_RUN, command_run},
    {"restore", "continue machines that pz run --save wrote to a file", "[options] FILE",
     "Continues the VMs of a snapshot from the instruction at which they were saved. Whatever --engine,\n"
     "--shadow policy and --monitor they run under now, they behave as if they had never been stopped.\n"
     "Kernels and disks must be unchanged. Console input that had not been read yet is kept, unless\n"
     "--input gives other input; --record FILE continues a recording. See docs/snapshot.md.",
     "  pz run --save half.pzs --save-at 5M --save-exit --append usertests\n"
     "  pz restore half.pzs\n"
     "  pz restore --engine spec --shadow trace half.pzs\n"
     "  pz restore --save later.pzs --save-at 9M half.pzs\n",
     OPTIONS_RESTORE, command_restore},
    {"clone", "turn one saved VM into many", "[options] NAME|FILE",
     "Starts --count VMs from a snapshot of one. Each continues as if it were the saved VM; they share\n"
     "its pages until they write to them. NAME is a run started with pz run --name: it is saved for\n"
     "this, and keeps running. What clones write to disks is discarded. See docs/snapshot.md.",
     "  pz run --vms 1 --rng-seed 1 --append primes --save booted.pzs --save-at 1M --save-exit\n"
     "  pz clone --count 1000 booted.pzs\n"
     "  pz clone --count 2 --identity --input a.txt --input b.txt booted.pzs\n"
     "  pz clone --count 8 a\n",
     OPTIONS_CLONE, command_clone},
    {"list", "list the runs that other commands can control", "[--json]",
     "Lists the runs of this user that were started with --name, and their VMs.",
     "  pz run --name a --append primes &\n"
     "  pz list\n",
     OPTIONS_LIST, command_list},
    {"pause", "pause a run's VMs", "[options] NAME",
     "Pauses the VMs (with --vm, one VM) of a run that was started with pz run --name NAME, or that\n"
     "listens at unix:PATH, and prints the instruction at which each stopped. See docs/control.md.",
     "  pz pause a\n"
     "  pz pause --vm 1 a\n",
     OPTIONS_CHANGE, command_pause},
    {"resume", "resume paused VMs", "[options] NAME",
     "Resumes the VMs that pz pause has paused.", "  pz resume a\n", OPTIONS_CHANGE,
     command_resume},
    {"save", "write a running machine to a file", "[options] -o FILE NAME",
     "Writes the machine of a run to FILE, for pz restore. The run continues, unless --stop ends it at\n"
     "that very instruction. With --since, only what has changed since an earlier snapshot is\n"
     "written; that snapshot must be kept (docs/snapshot.md).",
     "  pz save a -o a.pzs\n"
     "  pz save a -o later.pzs --since a.pzs\n"
     "  pz save --stop a -o a.pzs && pz restore a.pzs\n",
     OPTIONS_SAVE, command_save},
    {"migrate", "move a running machine to another pz", "[options] --to unix:PATH NAME",
     "Moves the VMs of a run, while they run, to the pz receive that waits at unix:PATH. They continue\n"
     "there, under any engine, policy and monitor. At no time do both processes run them, and if\n"
     "anything fails they continue here. See docs/migration.md.",
     "  pz migrate --to unix:/tmp/there.sock a\n"
     "  pz migrate --bandwidth 50M --to unix:/tmp/there.sock a\n"
     "  pz migrate --post-copy --to unix:/tmp/there.sock a\n",
     OPTIONS_MIGRATE, command_migrate},
    {"receive", "wait for a machine that pz migrate sends, and run it", "[options] unix:PATH",
     "Waits at a socket for one machine, which pz migrate sends, and continues it from the instruction\n"
     "at which it left, on any --engine, --shadow policy and --monitor. Its kernels and disks must be\n"
     "found here under the same paths as there. If the source is recording, this side needs\n"
     "--record FILE as well. See docs/migration.md.",
     "  pz receive unix:/tmp/there.sock\n"
     "  pz receive --engine spec --name b unix:/tmp/there.sock\n",
     OPTIONS_RESTORE | OPTIONS_RECEIVE, command_receive},
    {"stats", "show what each VM of a run has used", "[options] NAME",
     "Shows for each VM its instructions, exits, the monitor's host time, its memory now, and its memory\n"
     "integrated over time.",
     "  pz stats a\n"
     "  pz stats --prometheus unix:/run/pz/a.sock\n",
     OPTIONS_STATS, command_stats},
    {"stop", "end a run", "[options] NAME",
     "Ends a run as Ctrl-A x would; one that was started with --save FILE is saved.",
     "  pz stop a\n", OPTIONS_STOP, command_stop},
    {"kill", "end VMs at once", "[options] NAME",
     "Ends the VMs of a run, or with --vm one of them; the run itself ends with its last VM.",
     "  pz kill --vm 1 a\n", OPTIONS_CHANGE, command_kill},
    {"set", "change a running VM: its share of the machine, memory, CPUs, devices",
     "[options] NAME KEY=VALUE...",
     "Sets shares=N, cap=P and reserve=P (per cent of the machine's time; cap=0: no cap) for the VMs of a\n"
     "run, or with --vm for one, and prints the values now in force. mem=SIZE is the memory that a guest\n"
     "with a balloon (pz run --balloon 0) is asked to make do with; cpus=N is how many of its CPUs it is\n"
     "asked to use. disk-rate=SIZE, disk-ops=N, net-rate=SIZE and net-ops=N limit its devices per second\n"
     "of its own time (0: no limit). See docs/resources.md.",
     "  pz set a shares=200\n"
     "  pz set --vm 1 a cap=25 reserve=10\n"
     "  pz set a mem=8M cpus=2 disk-rate=1M\n",
     OPTIONS_CHANGE, command_set},
    {"console", "attach this terminal to a VM's console", "[options] NAME",
     "Shows what a VM prints from now on, and sends it what is typed here; Ctrl-A x leaves, Ctrl-A a\n"
     "sends a Ctrl-A. The VM takes input if it was started with --input @console, or at a terminal.\n"
     "A client that does not keep up is disconnected: the VM never waits for one.",
     "  pz run --vms 1 --name a --input @console >log &\n"
     "  pz console a\n",
     OPTIONS_CONSOLE, command_console},
    {"bare", "run a guest with no monitor under it", "[options] [KERNEL]",
     "Runs KERNEL, or the bundled mini guest, on the same board, with a real supervisor mode.\n"
     "pz verify compares with this run.",
     "  pz bare                                  the mini guest at this terminal\n"
     "  pz bare --append usertests               one command, then off\n"
     "  pz bare --max-insns 5M kernel.elf\n",
     OPTIONS_BARE, command_bare},
    {"verify", "compare a guest bare and virtualised, trap by trap", "[options] [KERNEL]",
     "Runs KERNEL, or the bundled mini guest, bare on the engine spec, and virtualised. Compares\n"
     "all registers at every trap that the guest takes, and at the end console, instruction\n"
     "count, RAM and the reason it ended. Shows the first difference, and the first instruction\n"
     "whose result differs. --engine, --monitor, --shadow and --slice may be 'all'; with --vms N, VM 0 is\n"
     "compared while the others run beside it.",
     "  pz verify --append usertests\n"
     "  pz verify --engine all --shadow all --slice 1,7,1000,1M --append forktest\n"
     "  pz verify --monitor all --append usertests\n"
     "  pz verify --variant popf --monitor hybrid --append ls\n"
     "  pz verify --vms 2 --input script.txt kernel.elf\n",
     OPTIONS_VERIFY, command_verify},
    {"compare", "compare what each technique costs one guest", "[options] [KERNEL...]",
     "Runs each KERNEL, or the bundled mini guest, bare, interpreted, and under each monitor (see\n"
     "--monitor of pz run) that the engine can serve, in rounds. Shows for each technique the host's\n"
     "CPU time relative to the bare machine's, the share of instructions that ran directly, exits by\n"
     "kind, memory for tables, what it requires of the CPU, and whether the guest could tell: console,\n"
     "RAM, registers and instruction count at the end. Exit code 1: a guest could tell.\n"
     "With --systems, compares instead the bundled systems on the common workload: what a call, a message\n"
     "and a process cost in each, memory, lines of trusted code, and what survives when a part dies.",
     "  pz compare --append usertests\n"
     "  pz compare --runs 5 --svg bill.svg --append 'forktest; primes'\n"
     "  pz compare --variant popf --append ls     which techniques repair a broken CPU\n"
     "  pz compare --json a.elf b.elf\n"
     "  pz compare --systems                      kernels, containers, VMs (docs/taxonomy.md)\n",
     OPTIONS_COMPARE, command_compare},
    {"zoo", "show every kind of machine: kernels, containers, VMs", "[options] [TERM]",
     "Shows the kinds of machine as a tree, each described in a sentence, and with the command that\n"
     "runs it if it can run here. With TERM, shows that one alone, and its source. With --run, runs\n"
     "their commands, twice each, and counts what one unit of work costs: instructions, and traps or\n"
     "exits. The counts are the same in every run. See docs/taxonomy.md.",
     "  pz zoo\n"
     "  pz zoo microkernel\n"
     "  pz zoo --run library-system\n"
     "  pz zoo --run --json > zoo.json\n",
     OPTIONS_ZOO, command_zoo},
    {"image", "pack VMs for the monitor that needs no operating system",
     "[options] -o FILE [KERNEL...]",
     "Packs each KERNEL, or the bundled mini guest, with its memory size, command line and device\n"
     "tree, into FILE: the initial RAM disk of type1.elf, which runs them on a bare machine. It is\n"
     "among the guests (pz doctor says where), and runs on QEMU's virt machine, and in pz itself.",
     "  pz image -o vms.img --append primes --append 'usertests'\n"
     "  pz run --machine virt --mem 128M --initrd vms.img type1.elf\n"
     "  pz bare --machine virt --mem 128M --initrd vms.img type1.elf\n"
     "  qemu-system-riscv32 -M virt -bios shim.bin -kernel type1.elf -initrd vms.img -nographic\n",
     OPTIONS_IMAGE, command_image},
    {"nest", "run monitors inside monitors, and count what each level costs",
     "[options] [KERNEL]",
     "Runs KERNEL, or the bundled mini guest, in a VM; then in a VM of type 1 inside a VM; and so\n"
     "on, --depth times. Shows for each depth the instructions, the exits of each level, how many\n"
     "exits of the outermost monitor one exit of the guest costs, and the time; and checks that the\n"
     "guest prints the same at every depth. Exit code 1: it does not.",
     "  pz nest --append ls\n"
     "  pz nest --depth 3 --append usertests\n",
     OPTIONS_NEST, command_nest},
    {"debug", "step through traps, forwards and backwards",
     "[options] [KERNEL...|RECORDING|SNAPSHOT]",
     "Runs each KERNEL, or one copy of the bundled mini guest, under the monitor, and stops it\n"
     "wherever you ask: between two instructions, at any trap, or inside the monitor's work on\n"
     "one. It also goes backwards. Commands come from -x files, then from the terminal or\n"
     "standard input; 'help' lists them (docs/debugger.md). With --json each command prints one\n"
     "line. A RECORDING of pz run --record includes its kernels, options and input; a SNAPSHOT of\n"
     "pz run --save is where the machine begins.",
     "  pz debug                                 the mini guest, at its first instruction\n"
     "  pz debug -x commands.txt --batch --append usertests\n"
     "  pz debug session.pzr\n"
     "  pz debug half.pzs\n"
     "  printf 'trap 100\\nwhy\\n' | pz debug --vms 2\n"
     "  pz debug -x points.txt --gdb unix:gdb.sock\n",
     OPTIONS_DEBUG, command_debug},
    {"dap", "debug from an editor (Debug Adapter Protocol)", "[--port N]",
     "Serves an editor that speaks the Debug Adapter Protocol, such as VS Code, on standard input and\n"
     "output: it steps through a guest's code and its traps in both directions. The editor says what\n"
     "to run; its configuration is in docs/dap.md.",
     "  pz dap                                   an editor starts it\n"
     "  pz dap --port 4711                       or connects to it\n",
     OPTIONS_DAP, command_dap},
    {"web", "serve the lab to a browser", "[--port N | --stdio]",
     "Serves the lab's page to browsers on this host, and prints its address, which includes a token. The\n"
     "page runs guests in this pz, on all engines, Linux included. It can read and write only those\n"
     "files of the host that it is given. Ctrl-C ends it. The protocol is in docs/web.md.",
     "  pz web                                   prints the address to open\n"
     "  pz web --port 8080\n"
     "  echo '{\"id\": 1, \"do\": \"hello\"}' | pz web --stdio\n",
     OPTIONS_WEB, command_web},
    {"replay", "run a recording again", "[options] FILE",
     "Replays a run recorded by pz run --record FILE: the same kernels, the same bytes typed at the\n"
     "same instructions. The state is checked throughout; the first difference is an error. The\n"
     "run must be the same on every --engine.",
     "  pz run --record session.pzr              at a terminal: type, then leave with Ctrl-A x\n"
     "  pz replay session.pzr\n"
     "  pz replay --engine spec session.pzr\n"
     "  pz replay --gdb 1234 session.pzr         gdb-multiarch -ex 'target remote :1234'\n",
     OPTIONS_REPLAY, command_replay},
    {"diff", "find the first instruction where two recorded runs differ",
     "[options] RECORDING RECORDING",
     "Runs two recordings of pz run --record again and finds the first instruction after which they\n"
     "are no longer the same, by halving: state, what was typed and what was printed are compared.\n"
     "Shows that instruction, and what differs behind it. Each VM is compared by its own count of\n"
     "instructions, so slices and shares make no difference. Exit code 1: the runs differ.",
     "  pz diff good.pzr bad.pzr\n"
     "  pz diff --json monday.pzr tuesday.pzr\n"
     "  pz diff --engine spec good.pzr bad.pzr\n",
     OPTIONS_DIFF, command_diff},
    {"bisect", "find when an expression became true",
     "[options] --when EXPR [RECORDING|KERNEL...]",
     "Runs guests, or a recording, to the end, and finds the instruction with which EXPR becomes\n"
     "true, by halving: it looks at some thirty states, however long the run is. It assumes that EXPR\n"
     "stays true from there on, and says so if one of the states shows otherwise. Guests that do not\n"
     "end need --max-insns. Exit code 1: EXPR is not true at the end.",
     "  pz bisect --when 'satp != 0' --append ls\n"
     "  pz bisect --when 'u32(0xc0010000) == 7' session.pzr\n"
     "  pz bisect --vm 1 --when 'retired > 5000' --json --vms 2 --append primes\n",
     OPTIONS_BISECT, command_bisect},
    {"trace", "print, filter and convert a trace", "[options] FILE",
     "Prints the events of a trace written by pz run --trace FILE.bin, one per line; or with\n"
     "--to-json writes them as Chrome trace events, which Perfetto opens (ui.perfetto.dev).",
     "  pz run --append ls --trace ls.bin\n"
     "  pz trace ls.bin --action inject --vm 0\n"
     "  pz trace ls.bin --cause 'page fault' --from 100k --to 200k\n"
     "  pz trace ls.bin --to-json ls.json\n"
     "  pz trace ls.bin --svg ls.svg             exits over instructions, drawn\n",
     OPTIONS_TRACE, command_trace},
    {"map", "show who has page 0", "[options] [KERNEL...]",
     "Boots guests, stops them after --max-insns instructions (default 3M), and shows where each\n"
     "guest's page 0 is: its virtual, guest-physical and machine address.",
     "  pz map                                   two mini guests\n"
     "  pz map --vms 3 --append primes           while a program runs\n"
     "  pz map --json\n"
     "  pz map --svg map.svg                     the same as a picture\n",
     OPTIONS_MAP, command_map},
    {"report", "show a run, a recording or the results of a class as one HTML file",
     "[options] [KERNEL...] | RECORDING | GRADES.json...",
     "Writes a page that needs neither a network nor a script, to be printed or sent. Of kernels,\n"
     "which are run for at most --max-insns instructions each (default 100M), or of a recording: what\n"
     "ran, who has page 0, machine memory by owner, exits over time, the bill, page tables, a flame\n"
     "graph, and the consoles. Of files that pz grade --json wrote: who has how many points, and what\n"
     "each lost point is about, with a link to the place in the lab's page. See docs/report.md.",
     "  pz report --append primes -o report.html  two mini guests\n"
     "  pz run --record run.pzr && pz report run.pzr -o report.html\n"
     "  pz grade 03 sret.c --json -o ada.json || pz report ada.json -o ada.html\n"
     "  pz report results/*.json -o class.html --page https://lab.example.org/\n",
     OPTIONS_REPORT, command_report},
    {"translate", "show guest code beside its translation by the engine jit",
     "[options] [KERNEL]",
     "Loads KERNEL, or the bundled mini guest, and shows guest instructions beside the host\n"
     "instructions they are translated to, in host memory order; then the slow paths. Nothing is\n"
     "run. The ELF file of a user program works as well. With --monitor translate it is the code of a\n"
     "guest's kernel; a load or store that keeps faulting there is a callout from its slow path, which\n"
     "only a run shows ('why' in pz debug). With --cost the guest is run, and what the translator has\n"
     "done so far is shown from when the code is cold to when it is hot.",
     "  pz translate --at trap --count 30\n"
     "  pz translate --at main build/release/guests/user/primes.elf\n"
     "  pz translate --at 0xc0000100 --json kernel.elf\n"
     "  pz translate --cost --append primes\n",
     OPTIONS_TRANSLATE, command_translate},
    {"bench", "measure the speed of pz, and of QEMU for comparison", "[options] [KERNEL]",
     "Runs the bundled benchmark guests bare and virtualised on each engine and shadow policy, and\n"
     "bare on qemu-system-riscv32 if it is installed, in turn; checks that all compute the same\n"
     "results; and prints medians, ratios, and the cost of exits. See docs/bench.md.\n"
     "KERNEL replaces the mini guest for --only debugger; --machine, --mem, --initrd, --append and\n"
     "--max-insns say how it runs.",
     "  pz bench --quick\n"
     "  pz bench --only compute,null_syscall --engines jit --svg chart.svg\n"
     "  pz bench --only debugger                 what breakpoints and going back cost\n"
     "  pz bench --only sched                    the schedulers on one trace\n"
     "  pz bench --only neighbours --quick       what a VM loses by a noisy neighbour\n"
     "  pz bench --only debugger --mem 64M --max-insns 1G kernel.elf\n"
     "  pz bench --json --runs 9 > bench.json\n",
     OPTIONS_BENCH, command_bench},
    {"tutorial", "take a ten-minute guided tour, each step checked", "[options]",
     "Each step explains something, shows a command, runs what you type, checks that it did what\n"
     "the step is about, and asks a question. Lines are read from standard input.",
     "  pz tutorial\n"
     "  pz tutorial --step 5                     begin at the first trap\n",
     OPTIONS_TUTORIAL, command_tutorial},
    {"grade", "grade an exercise", "[options] EXERCISE [FILE...]",
     "Builds FILE, a student's work on an exercise of examples/, and runs each of the exercise's\n"
     "checks on it, in a process of its own with limits. Without FILE, the exercise's file is\n"
     "taken from the current directory. Each failed check says what was expected and what\n"
     "happened, and leaves a replay file for pz debug.",
     "  pz grade --list\n"
     "  pz grade 03 sret.c\n"
     "  pz grade 03-sret sret.c --format gradescope -o results.json\n"
     "  pz grade 03 --all handed-in -o marks.csv\n",
     OPTIONS_GRADE, command_grade},
    {"classify", "derive Popek and Goldberg's classes by experiment", "[options]",
     "Runs each instruction alone, in supervisor and in user mode, from pairs of states that differ\n"
     "in one respect, and derives from the results which are privileged, which are sensitive, and\n"
     "whether a monitor can exist. Fails if that is not what the instruction tables claim. Each\n"
     "finding has a witness, which can be run again. With --mode assist the same is done with hardware\n"
     "assistance: what still leaves a guest, and what of the real machine it could still meet. See\n"
     "docs/popek-goldberg.md.",
     "  pz classify\n"
     "  pz classify --engine unicorn             another CPU\n"
     "  pz classify --mode assist                with hardware assistance\n"
     "  pz classify --only wfi,csrrs.satp\n"
     "  pz classify --witness csrrs.satp/location-1\n"
     "  pz classify --witness sret/control-1 --elf sret.elf && pz debug sret.elf\n",
     OPTIONS_CLASSIFY, command_classify},
    {"disk", "show, commit or discard what guests wrote to a disk's snapshot",
     "[--json] info|commit|discard FILE",
     "With --disk FILE,snapshot, what a guest writes is kept in FILE.snapshot. commit writes it to\n"
     "FILE, discard deletes it, info prints its size. If the host's disk fills up, or pz is killed,\n"
     "the snapshot stays intact and commit can be run again.",
     "  pz run --disk root.img,snapshot kernel.elf\n"
     "  pz disk info root.img\n"
     "  pz disk commit root.img\n",
     OPTIONS_DISK, command_disk},
    {"asm", "assemble a guest, without a compiler", "[options] FILE.S",
     "Assembles FILE.S, in the syntax of GNU as with the C preprocessor's #include and #define, to an ELF\n"
     "file that every command can run: FILE.elf, or the file given with -o. It knows the machine's own\n"
     "instructions. #include \"guest.inc\" works as in the exercises (docs/asm.md).",
     "  pz asm hello.S && pz run --vms 1 hello.elf\n"
     "  pz asm --ram-base 0x80000000 -o k.elf k.S && pz bare --machine virt k.elf\n",
     OPTIONS_ASM, command_asm},
    {"new-kernel", "create a small kernel to start from", "[--json] DIR",
     "Creates the folder DIR with a small kernel that prints, takes timer interrupts and turns paging\n"
     "on, and a Makefile that builds it with clang and runs it bare, in a VM and on QEMU. docs/board.md\n"
     "describes the machine that a kernel finds.",
     "  pz new-kernel mine && make -C mine run\n", OPTIONS_NEW, command_new_kernel},
    {"doctor", "show what this pz found, and what is missing", "[--json]",
     "Lists engines, libraries with their versions, guests and tools, and what each missing one\n"
     "costs you. Fails only if pz cannot run a guest at all.",
     "  pz doctor\n"
     "  pz doctor --json\n",
     OPTIONS_PLAIN, command_doctor},
    {"version", "print the version of pz", "[--json]", "Prints one line.", "  pz version\n",
     OPTIONS_PLAIN, command_version},
    {"help", "help on pz or a command; manual pages; shell completion", "[options] [COMMAND]",
     "The same as COMMAND --help. With --man prints the manual page pz(1), or that of COMMAND; with\n"
     "--completion prints a script that completes commands, options and their values in the shell.\n"
     "Both are generated from the same tables as this help.",
     "  pz help run\n"
     "  pz help --man run | man -l -\n"
     "  eval \"$(pz help --completion bash)\"     in this shell\n",
     OPTIONS_HELP, help_command},
};
const unsigned command_count = sizeof command_table / sizeof command_table[0];

const struct command *command_find(const char *name, struct problem *problem)
{
    for (unsigned i = 0; i < command_count; i++)
        if (!strcmp(command_table[i].name, name))
            return &command_table[i];
    (void)!nearest_refuse("command", name, &command_table[0].name, command_count,
                          sizeof command_table[0], "pz help", problem);
    return NULL;
}
