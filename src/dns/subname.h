/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subname.h - what the labels left of a registered domain say by their form. */
#pragma once
#include "dns/qname.h"

/* A reversed address, as reverse zones and block lists have it. */
bool subname_numeric(const struct qname *q);
/* Information of the sub-domain in bits, under the model of names that people choose. */
unsigned subname_bits(const struct qname *q);
