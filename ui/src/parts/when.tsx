// SPDX-License-Identifier: GPL-3.0-or-later
/* when.tsx - a time: as the reader's zone has it (or relative), UTC on hover. */
import { brief, full, isTime, minutes, relative, seconds, stamp, utc } from '../time';

export interface TimeProps {
	at: string | null | undefined;
	as?: 'brief' | 'full' | 'minutes' | 'relative' | 'seconds';
}
export function Time(props: TimeProps) {
	if (!isTime(props.at))
		return <span class="quiet">–</span>;
	const is = stamp(props.at);
	const how = { brief, full, minutes, seconds, relative: (d: Date) => relative(d) }[props.as ?? 'brief'];

	return <time dateTime={props.at} title={`${full(is)}\n${utc(is)}`}>{how(is)}</time>;
}
