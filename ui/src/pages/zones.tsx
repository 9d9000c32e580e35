// SPDX-License-Identifier: GPL-3.0-or-later
/* zones.tsx - zones that were audited: when last, and what was found. */
import { useList } from '../api';
import { useLive } from '../live';
import { Empty } from '../parts/empty';
import { FaultView } from '../parts/fault';
import { Skeleton } from '../parts/loading';
import { Tally } from '../parts/severity';
import { Name } from '../parts/subject';
import { Table } from '../parts/table';
import { Time } from '../parts/when';
import { to } from '../router';
import { t } from '../text';

export default function Zones() {
	const list = useList('/api/v1/zones');

	useLive((e) => e.kind === 'findings', list.again, 2000);
	return (
		<div class="page whole">
			<header class="page-head"><h1>{t('nav.zones')}</h1></header>
			{list.fault ? <FaultView fault={list.fault} again={list.again} />
			: !list.data ? list.slow ? <Skeleton rows={10} /> : null
			: !list.data.length ? <Empty title={t('zones.none')} text={t('zones.none.help')} command="vedette verify zone example.zone --db desk.db" />
			: <Table fill keys label={t('nav.zones')} rows={list.data} id={(z) => z.zone} href={(z) => to('zones', z.zone)}
				card={(z) => <div class="row-card"><div class="line"><strong><Name text={z.zone} /></strong></div><div class="line"><Tally of={z.severities} /></div></div>}
				columns={[
					{ name: 'zone', head: t('kind.zone'), cell: (z) => <a class="subject" href={to('zones', z.zone)}><Name text={z.zone} /></a> },
					{ name: 'last', head: t('zones.last'), width: '10rem', cell: (z) => <Time at={z.last} /> },
					{ name: 'found', head: t('nav.findings'), cell: (z) => <Tally of={z.severities} /> },
				]} />}
		</div>
	);
}
