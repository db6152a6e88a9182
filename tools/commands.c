/* SPDX-License-Identifier: GPL-2.0-or-later */
/* commands.c - the table of commands. What their help is made of is here; help.c prints it. */
#include <string.h>

#include "tools/base/base.h"
#include "tools/bench/bench.h"
#include "tools/classify/classify.h"
#include "tools/command.h"
#include "tools/grade/grade.h"
#include "tools/help.h"
#include "tools/host/host.h"
#include "tools/run/run.h"
#include "tools/tutorial/tutorial.h"
#include "tools/verify/verify.h"

const struct command command_table[] = {
    {"run", "run guests under the monitor", "[options] [KERNEL...]",
     "Runs each KERNEL, a riscv32 ELF file, in a virtual machine of its own; without one, two\n"
     "copies of the bundled mini guest. At a terminal, keys go to the VM in focus, and Ctrl-A ?\n"
     "lists the commands; else VM 0 reads standard input, unless --input or --append is given.\n"
     "Guests print on stdout; the summary and --stats go to stderr.",
     "  pz run                                   two mini guests at this terminal\n"
     "  pz run --append 'usertests; primes' --stats\n"
     "  pz run --vms 4 --shares 100,200 --append primes\n"
     "  pz run --input a.txt --input b.txt       a script for each of two VMs\n"
     "  pz run --engine spec --shadow trace --trace exits.jsonl kernel.elf\n"
     "  pz run --variant popf --append ls         on a CPU that is no good for a monitor\n"
     "  pz run --record session.pzr              to run it again: pz replay session.pzr\n"
     "  pz run --disk root.img,snapshot --net user,hostfwd=tcp:8080-:80 kernel.elf\n"
     "  pz run --gdb 1234                        gdb-multiarch -ex 'target remote :1234'\n"
     "  pz run --append primes --profile out.folded && flamegraph.pl out.folded > out.svg\n"
     "  perf record pz run --append primes --perf-map && perf report\n",
     OPTIONS_RUN, command_run},
    {"bare", "run a guest with no monitor under it", "[options] [KERNEL]",
     "Runs KERNEL, or the bundled mini guest, on the same board, with a real supervisor mode.\n"
     "This is what pz verify compares with.",
     "  pz bare                                  the mini guest at this terminal\n"
     "  pz bare --append usertests               one command, then off\n"
     "  pz bare --max-insns 5M kernel.elf\n",
     OPTIONS_BARE, command_bare},
    {"verify", "compare a guest bare and virtualised, trap by trap", "[options] [KERNEL]",
     "Runs KERNEL, or the bundled mini guest, bare on the engine spec, and virtualised: all\n"
     "registers are compared at every trap that the guest takes, and console, instruction count,\n"
     "end and RAM at the end. The first difference is shown, and the first instruction that comes\n"
     "out differently. --engine, --shadow and --slice may be 'all'; with --vms N, VM 0 is compared\n"
     "while the others run beside it.",
     "  pz verify --append usertests\n"
     "  pz verify --engine all --shadow all --slice 1,7,1000,1M --append forktest\n"
     "  pz verify --variant popf --monitor hybrid --append ls\n"
     "  pz verify --vms 2 --input script.txt kernel.elf\n",
     OPTIONS_VERIFY, command_verify},
    {"debug", "step through traps, forwards and backwards", "[options] [KERNEL...|RECORDING]",
     "Runs each KERNEL, or one copy of the bundled mini guest, under the monitor, and stops it\n"
     "wherever it is asked to: between two instructions, at any trap, inside the monitor's work\n"
     "on one; and goes back. Commands come from -x files, then from the terminal or standard\n"
     "input; 'help' lists them (docs/debugger.md). With --json each command's result is a line.\n"
     "A RECORDING of pz run --record brings its kernels, options and input with it.",
     "  pz debug                                 the mini guest, at its first instruction\n"
     "  pz debug -x commands.txt --batch --append usertests\n"
     "  pz debug session.pzr\n"
     "  echo 'trap 100\nwhy' | pz debug --vms 2\n"
     "  pz debug -x points.txt --gdb unix:gdb.sock\n",
     OPTIONS_DEBUG, command_debug},
    {"replay", "run a recording again", "[options] FILE",
     "Runs again what pz run --record FILE has kept: the same kernels, the same bytes typed at the\n"
     "same instruction. The state is compared all the way; the first difference is an error. On\n"
     "another --engine it has to come out the same as well.",
     "  pz run --record session.pzr              at a terminal: type, then leave with Ctrl-A x\n"
     "  pz replay session.pzr\n"
     "  pz replay --engine spec session.pzr\n"
     "  pz replay --gdb 1234 session.pzr         gdb-multiarch -ex 'target remote :1234'\n",
     OPTIONS_REPLAY, command_replay},
    {"trace", "print, filter and convert a trace", "[options] FILE",
     "Prints the events of a trace that pz run --trace FILE.bin has written, one a line; or with\n"
     "--to-json writes them as Chrome trace events, which Perfetto opens (ui.perfetto.dev).",
     "  pz run --append ls --trace ls.bin\n"
     "  pz trace ls.bin --action inject --vm 0\n"
     "  pz trace ls.bin --cause 'page fault' --from 100k --to 200k\n"
     "  pz trace ls.bin --to-json ls.json\n",
     OPTIONS_TRACE, command_trace},
    {"map", "who has page 0", "[options] [KERNEL...]",
     "Boots guests, stops them after --max-insns instructions (default 3M), and draws where each\n"
     "one's page 0 is: virtual, physical as the guest believes, and in the machine.",
     "  pz map                                   two mini guests\n"
     "  pz map --vms 3 --append primes           while a program runs\n"
     "  pz map --json\n",
     OPTIONS_MAP, command_map},
    {"translate", "what the engine jit makes of code, side by side", "[options] [KERNEL]",
     "Loads KERNEL, or the bundled mini guest, and shows the guest's instructions beside the\n"
     "host's that they are translated to, in the order in which they lie in the host's memory;\n"
     "then the slow paths. Nothing is run. An ELF file of a program will do as well.",
     "  pz translate --at trap --count 30\n"
     "  pz translate --at main build/release/guests/user/primes.elf\n"
     "  pz translate --at 0xc0000100 --json kernel.elf\n",
     OPTIONS_TRANSLATE, command_translate},
    {"bench", "measure pz, and QEMU beside it", "[options]",
     "Runs the bundled benchmark guests bare and virtualised on each engine and shadow policy, and\n"
     "bare on qemu-system-riscv32 where it is installed, in turn; checks that all compute the\n"
     "same; and tells medians, ratios, and what the exits cost. See docs/bench.md.",
     "  pz bench --quick\n"
     "  pz bench --only compute,null_syscall --engines jit --svg chart.svg\n"
     "  pz bench --json --runs 9 > bench.json\n",
     OPTIONS_BENCH, command_bench},
    {"tutorial", "ten guided minutes, from running it twice to a verdict", "[options]",
     "Explains a step, shows the command for it, runs what is typed, checks that it came to what\n"
     "the step is about, and asks. Lines are read from standard input.",
     "  pz tutorial\n"
     "  pz tutorial --step 5                     begin at the first trap\n",
     OPTIONS_TUTORIAL, command_tutorial},
    {"grade", "grade an exercise", "[options] EXERCISE [FILE...]",
     "Builds FILE, a student's work on an exercise of examples/, and runs each of the exercise's\n"
     "checks on it, in a process of its own with limits. Without FILE, the exercise's file is\n"
     "taken from the current folder. Each check that fails says what was expected and what came,\n"
     "and leaves a replay file for pz debug.",
     "  pz grade --list\n"
     "  pz grade 03 sret.c\n"
     "  pz grade 03-sret sret.c --format gradescope -o results.json\n"
     "  pz grade 03 --all handed-in -o marks.csv\n",
     OPTIONS_GRADE, command_grade},
    {"classify", "derive Popek and Goldberg's classes by experiment", "[options]",
     "Runs each instruction alone, in supervisor and in user mode, from pairs of states that differ\n"
     "in one thing, and derives from what happens which are privileged and which are sensitive, and\n"
     "whether a monitor can exist. Fails if that is not what the instruction tables claim. Each\n"
     "finding has a witness, which can be run again. See docs/popek-goldberg.md.",
     "  pz classify\n"
     "  pz classify --engine unicorn             another CPU\n"
     "  pz classify --only wfi,csrrs.satp\n"
     "  pz classify --witness csrrs.satp/location-1\n"
     "  pz classify --witness sret/control-1 --elf sret.elf && pz debug sret.elf\n",
     OPTIONS_CLASSIFY, command_classify},
    {"disk", "what guests wrote to a disk's snapshot", "[--json] info|commit|discard FILE",
     "With --disk FILE,snapshot what a guest writes is kept in FILE.snapshot. commit brings it to\n"
     "FILE, discard throws it away, info says how much it is. If the host's disk is full, or pz is\n"
     "killed, the snapshot stays whole and commit can be run again.",
     "  pz run --disk root.img,snapshot kernel.elf\n"
     "  pz disk info root.img\n"
     "  pz disk commit root.img\n",
     OPTIONS_DISK, command_disk},
    {"doctor", "what this pz found, and what is missing", "[--json]",
     "Lists engines, libraries with their versions, guests and tools, and what the lack of each\n"
     "costs. Fails only if pz cannot run a guest at all.",
     "  pz doctor\n"
     "  pz doctor --json\n",
     OPTIONS_PLAIN, command_doctor},
    {"version", "the version of pz", "[--json]", "Prints one line.", "  pz version\n",
     OPTIONS_PLAIN, command_version},
    {"help", "this text, or a command's; manual pages; completion", "[options] [COMMAND]",
     "The same as COMMAND --help. With --man the manual page pz(1), or that of COMMAND, and with\n"
     "--completion a script for the shell's completion of commands, options and their values, come\n"
     "out on stdout; both are made from the tables that this help is made from.",
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
