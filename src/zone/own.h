/* SPDX-License-Identifier: GPL-3.0-or-later */
/* own.h - what zone.c and seal.c share: the insides of a zone. */
#pragma once
#include "zone/zone.h"

/* An array that grows by half. */
struct zone_run {
	u8 *at;
	u64 len, cap;	/* octets */
};

struct zone {
	u64 memory, key;
	struct zone_run names, data;
	struct zone_record *records;
	u64 record_cap;
	u32 record_count;
	u32 *slots;		/* hash table of names: handles */
	u32 slot_mask, name_count;
	u32 *tags;		/* beside each slot: upper half of the hash */
	u32 origin;		/* 0 while it is not known */
	u32 last_owner;		/* of the record added last */
	bool sorted;		/* so far every owner came in canonical order, in one piece */
	bool sealed;
	u32 *owners, *cuts;
	struct zone_host *hosts;
	u32 owner_count, cut_count, host_count;
};

static inline struct zone_name *zone_name_at(const struct zone *z, u32 handle)
{
	return (struct zone_name *)(z->names.at + (u64)handle * 4);
}
/* Finds or makes the name: its handle, or 0 when memory is short (*rc says how). */
u32 zone_intern(struct zone *z, const u8 *wire, unsigned len, u64 hash, int *rc);
