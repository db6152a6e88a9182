#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# No circles: a module is a .c file and the header of its name (X_internal.h counts with X, and
# internal.h with the folder's own module); no module includes, by way of whichever others, one
# that includes it. The modules of vmm/ are parts of one machine, whose state each needs whole; of them
# only the headers are looked at.
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

# Names each include that is part of a circle. Includes of modules that have none of their own are
# taken away until there are no more, then includes by modules that nobody includes; of what is left
# those are at fault from whose goal a way leads back.
check() {
    LC_ALL=C awk '
        function module(file, parts, n) {
            n = split(file, parts, "/")
            sub(/\.[ch]$/, "", file)
            sub(/_internal$/, "", file)
            if (parts[n] == "internal.h")
                sub(/internal$/, parts[n - 1], file)
            return file
        }
        BEGIN { for (i = 1; i < ARGC; i++) exists[ARGV[i]] = 1 }
        FILENAME ~ /^vmm\/.*\.c$/ { nextfile }
        /^[ \t]*#[ \t]*include[ \t]*"/ {
            split($0, quoted, "\"")
            beside = FILENAME
            sub(/[^\/]*$/, "", beside)
            target = (beside quoted[2]) in exists ? beside quoted[2] : quoted[2]
            from = module(FILENAME)
            to = module(target)
            if (!(target in exists) || from == to || (from, to) in seen)
                next
            seen[from, to] = 1
            count++
            where[count] = FILENAME ":" FNR
            source[count] = from
            goal[count] = to
        }
        function strip(ends, others, i, stripped) {
            do {
                stripped = 0
                split("", used)
                for (i in where)
                    used[others[i]] = 1
                for (i in where)
                    if (!(ends[i] in used)) {
                        delete where[i]
                        stripped++
                    }
            } while (stripped)
        }
        function leads_back(to, from, i, grown) {
            split("", reached)
            reached[to] = 1
            do {
                grown = 0
                for (i in where)
                    if (source[i] in reached && !(goal[i] in reached)) {
                        reached[goal[i]] = 1
                        grown = 1
                    }
            } while (grown && !(from in reached))
            return from in reached
        }
        END {
            strip(goal, source)
            strip(source, goal)
            for (i = 1; i <= count; i++)
                if (i in where && leads_back(goal[i], source[i]))
                    print where[i] ": a circle: " source[i] " includes " goal[i]
        }' "$@"
}

# sample <name> <included...>
sample() {
    local file=$1
    shift
    printf '#include "%s"\n' "$@" | plant "$file"
}

for last in tools/base/c.h isa/e.h; do
    plant "$last" </dev/null
done
sample tools/base/a.h tools/base/b.h
sample tools/base/a.c tools/base/a.h
sample tools/base/b.h tools/base/c.h
sample tools/base/b.c tools/base/b.h isa/e.h
must_pass 'a row of modules' tools/base/{a,b}.{c,h} tools/base/c.h isa/e.h
sample tools/base/c.c tools/base/c.h tools/base/a.h
must_complain '^tools/base/c.c:2: a circle: tools/base/c includes tools/base/a' \
    tools/base/{a,b,c}.{c,h} isa/e.h
sample isa/d.h isa/e.h
sample isa/d.c isa/d.h
sample isa/e.c e.h d.h
must_complain '^isa/d.h:1: a circle: isa/d includes isa/e' isa/{d,e}.{c,h}
sample isa/jit/jit.c isa/jit/internal.h
sample isa/jit/internal.h isa/jit/jit.h
sample isa/jit/jit.h isa/e.h
must_pass 'a header shared inside' isa/jit/jit.{c,h} isa/jit/internal.h isa/e.h
sample isa/p.c isa/jit/jit.h isa/q.h
plant isa/p.h </dev/null
sample isa/q.h isa/p.h isa/r.h
sample isa/r.h isa/s.h
sample isa/s.h isa/r.h
must_complain '^isa/p.c:2: a circle: isa/p includes isa/q' isa/{p,q,r,s}.h isa/p.c isa/jit/jit.h
if (cd "$SCRATCH" && check isa/{p,q,r,s}.h isa/p.c) | grep -q 'isa/q includes isa/r'; then
    echo "self-check: the way from one circle to another was blamed"
    exit 1
fi
sample vmm/f.h vmm/g.h
sample vmm/g.h vmm/f.h
must_complain '^vmm/f.h:1: a circle' vmm/{f,g}.h

check_tree 'isa/*.[ch]' 'vmm/*.[ch]' 'tools/*.[ch]' 'guestos/*.[ch]'
