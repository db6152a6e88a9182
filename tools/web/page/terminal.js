// SPDX-License-Identifier: GPL-2.0-or-later
// terminal.js - a script of its own, with what only consoles need: xterm.js.
import { Terminal } from '@xterm/xterm';

globalThis.PZ_TERMINAL = { Terminal };
