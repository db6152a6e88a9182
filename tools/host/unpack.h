/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unpack.h - decompresses gzip and zstd files. The compressed bytes may be hostile: the output is
 * limited, and damaged files are refused.
 */
#ifndef PZ_TOOLS_HOST_UNPACK_H
#define PZ_TOOLS_HOST_UNPACK_H

#include "tools/base/base.h"

/*
 * If the file's first bytes say that it is compressed (RFC 1952; RFC 8878), its contents take its
 * place: `most` bytes at the most. Any other file stays as it is.
 */
enum pz_err unpack(struct file *file, size_t most, struct problem *problem) PZ_MUST_CHECK;

#endif
