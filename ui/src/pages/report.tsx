// SPDX-License-Identifier: GPL-3.0-or-later
/* report.tsx - one report from outside: what it says, what speaks for and against it, the
 * document that it came in, and what becomes of it. */
import { useSignal } from '@preact/signals';
import { raw, sentence, url, useGet } from '../api';
import { useKeys } from '../keys';
import { useLive } from '../live';
import { Dialog } from '../parts/dialog';
import { FaultView } from '../parts/fault';
import { Icon } from '../parts/icon';
import { Label } from '../parts/label';
import { Letter } from '../parts/letter';
import { Skeleton } from '../parts/loading';
import { Name, Said, Subject } from '../parts/subject';
import { Time } from '../parts/when';
import { to } from '../router';
import { useHeading } from '../shell';
import { may } from '../state';
import { isTime } from '../time';
import { t, word } from '../text';
import { Decide, type Choice, type Report } from './inbox/decide';
import { Weights } from './inbox/weight';

const LONG = 200000;	// characters of an original that are shown

function Original(props: { is: Report; close: () => void }) {
	const text = useSignal<string | null>(null), fault = useSignal('');
	const asked = useSignal(false);
	const address = url('/api/v1/reports/{number}/original', { number: props.is.number });

	if (!asked.value) {
		asked.value = true;
		raw('GET', address).then((r) => r.text()).then((is) => { text.value = is; }, (e) => { fault.value = sentence(e); });
	}
	return (
		<Dialog open wide close={props.close} title={t('report.original')}>
			{fault.value && <p class="form-fault" role="alert" dir="auto">{fault.value}</p>}
			{text.value !== null && (
				<>
					<p class="quiet">SHA-256 <Name text={props.is.original} /> <a href={address} download={`report-${props.is.number}`}><Icon name="download" /> {t('report.download')}</a></p>
					<Letter text={text.value.slice(0, LONG)} />
					{text.value.length > LONG && <p class="quiet">{t('report.cut')}</p>}
				</>
			)}
			{text.value === null && !fault.value && <Skeleton rows={8} />}
		</Dialog>
	);
}

function Facts(props: { is: Report }) {
	const r = props.is;

	return (
		<dl class="facts">
			<dt>{t('incidents.subject')}</dt><dd>{r.subject ? ['domain', 'address', 'server'].includes(r.subject_kind) ? <Subject kind={r.subject_kind} name={r.subject} /> : <Name text={r.subject} /> : '–'}</dd>
			<dt>{t('inbox.abuse')}</dt><dd>{r.abuse ? word('abuse', r.abuse) : '–'}</dd>
			<dt>{t('inbox.sender')}</dt><dd><Name text={r.sender || '–'} /></dd>
			<dt>{t('inbox.received')}</dt><dd><Time at={r.received} as="minutes" /></dd>
			<dt>{t('inbox.seen')}</dt><dd><Time at={r.seen} as="minutes" /></dd>
			<dt>{t('report.format')}</dt><dd>{word('format', r.format)}</dd>
			{r.references && <><dt>{t('inbox.url')}</dt><dd>{r.references.split('\n').map((u) => <div key={u}><Name text={u} /></div>)}</dd></>}
			{r.same > 0 && <><dt>{t('report.same')}</dt><dd><a href={to('inbox', r.same)}>{r.same}</a></dd></>}
			{r.copies > 0 && <><dt>{t('inbox.copies')}</dt><dd>{r.copies}</dd></>}
			{r.incident > 0 && <><dt>{t('nav.incident')}</dt><dd><a href={to('incidents', r.incident)}>{r.incident}</a></dd></>}
			{r.verdict && <><dt>{t('state.why')}</dt><dd><Said text={r.verdict} /></dd></>}
			{r.by && <><dt>{t('report.by')}</dt><dd><Name text={r.by} /> {isTime(r.changed) && <Time at={r.changed} as="relative" />}</dd></>}
		</dl>
	);
}

export default function OneReport(props: { number: string }) {
	const number = Number(props.number);
	const got = useGet(Number.isInteger(number) && number > 0 ? '/api/v1/reports/{number}' : null, { path: { number } });
	const deciding = useSignal<Choice | null>(null), original = useSignal(false);
	const r = got.data;
	const does = (c: Choice) => () => { if (r && may('analyst')) deciding.value = c; };

	useHeading(r ? String(r.number) : undefined);
	useLive((e) => e.kind.startsWith('report.'), got.again, 1000);
	useKeys([
		{ keys: 'a', help: 'keys.report.accept', run: does('each') },
		{ keys: 'z', help: 'keys.report.noise', run: does('noise') },
		{ keys: 'o', help: 'keys.report.original', run: () => { original.value = !!r?.original; } },
	]);
	if (got.fault)
		return <FaultView fault={got.fault} again={got.again} />;
	if (!r)
		return got.slow ? <Skeleton rows={10} /> : null;
	return (
		<div class="page">
			<header class="page-head">
				<div class="incident-head">
					<h1><span class="quiet">{r.number}</span> <Said text={r.title || r.subject || t('nav.report')} /></h1>
					<div class="line"><span class="chip">{word('report', r.state)}</span>{r.abuse && <span class="chip">{word('abuse', r.abuse)}</span>}<Label tlp={r.tlp} pap={r.pap} /></div>
				</div>
				<div class="line">
					{r.original && <button type="button" onClick={() => { original.value = true; }}>{t('report.original')}</button>}
					{may('analyst') && <button type="button" onClick={does('noise')}>{t('inbox.asnoise')}</button>}
					{may('analyst') && <button type="button" class="main" onClick={does('each')}>{t('inbox.accept')}</button>}
				</div>
			</header>
			<div class="incident-grid">
				<div class="stack-wide">
					<section class="box"><div class="box-head"><h2>{t('inbox.facts')}</h2></div><Weights is={r} /></section>
					{r.text && <section class="box"><h2>{t('inbox.text')}</h2><Letter text={r.text} /></section>}
				</div>
				<section class="box"><h2>{t('incident.facts')}</h2><Facts is={r} /></section>
			</div>
			{deciding.value && <Decide heap={{ count: 1, set: String(r.number), examples: [r] }} first={deciding.value} close={() => { deciding.value = null; }} done={got.again} />}
			{original.value && <Original is={r} close={() => { original.value = false; }} />}
		</div>
	);
}
