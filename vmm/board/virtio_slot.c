/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio_slot.c - the identity registers, the only ones that an empty slot has (Virtual I/O Device
 * 1.2, 4.2.3.1.1). The vendor ID is QEMU's: kernels check it.
 */
#include "vmm/board/virtio.h"

#define MAGIC 0x74726976u  /* "virt" */
#define VENDOR 0x554d4551u /* "QEMU" */
#define VERSION_LEGACY 1u
#define VERSION_MODERN 2u

uint32_t virtio_identity(const struct virtio *virtio, uint32_t offset)
{
    switch ((enum virtio_identity)offset) {
    case VIRTIO_MAGIC: return MAGIC;
    case VIRTIO_VERSION: return virtio->config.legacy ? VERSION_LEGACY : VERSION_MODERN;
    case VIRTIO_DEVICE_ID: return virtio->config.device;
    case VIRTIO_VENDOR_ID: return VENDOR;
    }
    return 0;
}
