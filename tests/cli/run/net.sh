#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Networks: VMs on a switch, the user's network with its router, what is refused, and that runs with
# either are replayed and gone back in.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3

guest=$PZ_GUESTS/t_net.elf
[[ -r $guest ]] || skip "the micro-guest is not built"

# ---- Refused ----
run 2 run "$guest" --net wire
in_file err "'wire' is neither user"
run 2 run "$guest" --net switch=
run 2 run "$guest" --net user,hostfwd=tcp:1-2
in_file err "is not hostfwd=tcp:[HOST]:PORT-[GUEST]:PORT"
run 2 run "$guest" --net user,hostfwd=tcp::99999-:80
run 2 run "$guest" "$guest" --net switch=a --net switch=a --net switch=a
in_file err "--net: 3 of them for 2 VMs"

# ---- A switch: each VM hears of the other, twice in the same way ----
for version in legacy modern; do
    for k in 1 2; do
        run 0 run "$guest" "$guest" --net switch=a --virtio $version --record "$k.pzr"
        in_file out "[vm0] 00000806"
        in_file out "[vm0] 00123457" # VM 1's address, without its beginning
        in_file out "[vm1] 00123456"
        mv out "$k.out"
    done
    cmp -s 1.out 2.out || fail "$version: another run, another output"
    run 0 replay 1.pzr
    run 0 replay 1.pzr --engine spec
done

# ---- Nobody is left who could answer: such a VM ends ----
ended="it waits for an interrupt that can never come"
run 1 bare "$guest" --net switch=a
in_file err "waits for an interrupt that can never come"
run 1 run "$guest" --net switch=a --cpus 2
in_file err "$ended"
run 1 run "$guest" "$guest" --net switch=a --net switch=b # two switches are two networks
[[ $(grep -c "$ended" err) == 2 ]] || fail "not both ended"
run 1 run "$guest" "$PZ_GUESTS/t_warl.elf" --net switch=a --record left.pzr # the other one goes
[[ $(grep -c "$ended" err) == 1 ]] || fail "not just the one that waits ended"
run 0 replay left.pzr
run 0 replay left.pzr --engine spec
printf 'continue\nback 100\ncontinue\n' >commands
run 0 debug -x commands --batch left.pzr
run 0 debug -x commands --batch "$guest" "$PZ_GUESTS/t_warl.elf" --net switch=a

# ---- The user's: the router answers ----
"$PZ" doctor | grep -q "libslirp *found" || finish
for how in run bare; do
    run 0 $how "$guest" --net user
    in_file out "00000806"
    in_file out "0a000202" # 52:55:0a:00:02:02
done
run 0 run "$guest" "$guest" --net user --record user.pzr
run 0 replay user.pzr
run 0 replay user.pzr --engine spec
cat >commands <<END
continue
END
run 0 debug -x commands --batch user.pzr
python3 -c '
import signal, socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
print(s.getsockname()[1], flush=True); signal.pause()' >port &
until_by "$!" test -s port
run 2 run "$guest" --net "user,hostfwd=tcp:127.0.0.1:$(cat port)-:80"
in_file err "port $(cat port) of 127.0.0.1 cannot be forwarded"
kill $!
finish
