// SPDX-License-Identifier: GPL-3.0-or-later
/* findings.tsx - what was found, the most severe first. */
import { useList } from '../api';
import { useLive } from '../live';
import { Empty } from '../parts/empty';
import { FaultView } from '../parts/fault';
import { Skeleton } from '../parts/loading';
import { Severity } from '../parts/severity';
import { Name } from '../parts/subject';
import { Table } from '../parts/table';
import { Time } from '../parts/when';
import { to } from '../router';
import { t } from '../text';

export default function Findings() {
	const list = useList('/api/v1/findings');

	useLive((e) => e.kind === 'findings', list.again);
	if (list.fault)
		return <FaultView fault={list.fault} again={list.again} />;
	if (!list.data)
		return list.slow ? <Skeleton rows={20} /> : null;
	if (!list.data.length)
		return <Empty title={t('nav.findings')} command="vedette observe --db vedette.db FILE.pcap" />;
	return (
		<div class="page whole">
			<Table fill keys label={t('nav.findings')} rows={list.data} id={(f) => f.id} href={(f) => to('findings', f.id)} more={list.more}
				columns={[
					{ name: 'severity', head: '', width: '7rem', cell: (f) => <Severity is={f.severity} /> },
					{ name: 'subject', head: '', width: '20rem', cell: (f) => <Name text={f.subject} /> },
					{ name: 'sentence', head: '', cell: (f) => f.sentence },
					{ name: 'time', head: '', width: '9rem', cell: (f) => <Time at={f.until} /> },
				]} />
		</div>
	);
}
