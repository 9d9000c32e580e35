// SPDX-License-Identifier: GPL-3.0-or-later
/* list.tsx - what the lists of the settings have in common: a head with a way to add one, an
 * empty place that teaches, a table. */
import type { ComponentChildren } from 'preact';
import type { Listing } from '../../api';
import { Empty } from '../../parts/empty';
import { FaultView } from '../../parts/fault';
import { Icon } from '../../parts/icon';
import { Skeleton } from '../../parts/loading';
import { Table, type TableProps } from '../../parts/table';

export interface ListProps<R> extends Omit<TableProps<R>, 'label' | 'rows' | 'more'> {
	title: string;
	list: Listing<R>;
	none?: { title: string; text: string };
	add?: { label: string; run: () => void } | false;
	head?: ComponentChildren;	// beside the title
	children?: ComponentChildren;	// dialogs
}
export function List<R>(props: ListProps<R>) {
	const { title, list, none, add, head, children, ...table } = props;

	return (
		<section class="box">
			<div class="box-head"><h2>{title}</h2>{head}
				{add && <button type="button" class="main" onClick={add.run}><Icon name="plus" />{add.label}</button>}</div>
			{list.fault ? <FaultView fault={list.fault} again={list.again} />
			: !list.data ? list.slow && <Skeleton rows={6} />
			: !list.data.length && none ? <Empty {...none} />
			: <Table {...table} label={title} rows={list.data} more={list.more} />}
			{children}
		</section>
	);
}
