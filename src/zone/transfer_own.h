/* SPDX-License-Identifier: GPL-3.0-or-later */
/* transfer_own.h - what transfer.c and transfer_key.c share. */
#pragma once
#include "zone/transfer.h"
#include <libknot/libknot.h>

struct transfer_key {
	knot_tsig_key_t tsig;
};
