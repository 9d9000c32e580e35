// SPDX-License-Identifier: GPL-3.0-or-later
/* event.tsx - one line of the log, in words: what was done. Kinds that are seldom about an
 * incident are told in the server's sentence. */
import type { Schema } from '../../api';
import { Name, Said } from '../../parts/subject';
import { minutes, stamp } from '../../time';
import { rich, t, word, type Key } from '../../text';

export type Event = Schema['event'];
type Body = Record<string, unknown>;
const text = (b: Body, name: string) => b[name] === undefined || b[name] === null ? '' : String(b[name]);
const list = (b: Body, name: string) => Array.isArray(b[name]) ? b[name] as Body[] : [];
const mark = (b: Body, a: string, c: string) => [text(b, a), text(b, c)].filter(Boolean).join(' ');

/* null: the server's sentence says it. */
function told(e: Event): preact.ComponentChildren {
	const b = e.body as Body;
	const say = (key: Key, parts: Record<string, preact.ComponentChildren> = {}) => rich(key, parts);
	const name = (of: string) => <Name text={text(b, of)} />;

	switch (e.kind) {
	case 'incident.open': return say('event.open', { n: list(b, 'members').length });
	case 'incident.add': return say('event.add', { n: list(b, 'members').length });
	case 'incident.remove': return say('event.remove', { id: <Name text={text(b, 'id').slice(0, 12)} /> });
	case 'incident.merge': return say('event.merge', { into: text(b, 'into') });
	case 'incident.unmerge': return say('event.unmerge', {});
	case 'incident.split': return say('event.split', { n: list(b, 'members').length });
	case 'incident.assign': return text(b, 'owner') ? say('event.assign', { owner: name('owner') }) : say('event.unassign');
	case 'incident.title': return say('event.title', { title: <Said text={e.what} /> });
	case 'incident.note': return say('event.note');
	case 'incident.state': return say('event.state', { was: word('state', text(b, 'was')), state: <strong>{word('state', text(b, 'state'))}</strong> });
	case 'incident.label': return say('event.label', { label: mark(b, 'own_tlp', 'own_pap') });
	case 'incident.apart': return say('event.apart');
	case 'incident.mark': return say('event.mark', { id: <Name text={text(b, 'id').slice(0, 12)} />, label: mark(b, 'tlp', 'pap') });
	case 'incident.clock': return text(b, 'clocks') ? say('event.clock', { set: text(b, 'clocks'), at: minutes(stamp(text(b, 'aware'))) }) : say('event.clock.none');
	case 'incident.met': return say(text(b, 'met').startsWith('1970') || !text(b, 'met') ? 'event.unmet' : 'event.met', { name: e.what });
	case 'task.add': return say('event.task.add', { n: list(b, 'tasks').length });
	case 'task.state': return say('event.task', { place: text(b, 'place'), state: word('task', text(b, 'state')) });
	case 'notice.draft': return say('event.notice.draft', { contact: name('contact') });
	}
	if (e.kind.startsWith('notice.') && `event.${e.kind}` in noticeKinds)
		return t(noticeKinds[`event.${e.kind}`]!, { number: text(b, 'number') });
	return null;
}
const noticeKinds: Record<string, Key> = {
	'event.notice.approved': 'event.notice.approved', 'event.notice.cancelled': 'event.notice.cancelled',
	'event.notice.again': 'event.notice.again', 'event.notice.bounced': 'event.notice.bounced',
	'event.notice.sending': 'event.notice.sending', 'event.notice.sent': 'event.notice.sent',
	'event.notice.later': 'event.notice.later', 'event.notice.failed': 'event.notice.failed', 'event.notice.unsure': 'event.notice.unsure',
};

export function EventText(props: { is: Event }) {
	const b = props.is.body as Body;
	const reason = ['incident.open', 'incident.split'].includes(props.is.kind) ? '' : props.is.why;
	const what = told(props.is);

	if (what === null)
		return <span class="event-text"><Said text={props.is.said || props.is.kind} /></span>;
	return (
		<span class="event-text">
			{reason ? rich('colon', { what, why: <span class="quiet"><Said text={reason} /></span> }) : what}
			{props.is.kind === 'incident.note' && <span class="event-note"><Said text={text(b, 'text')} /></span>}
		</span>
	);
}
