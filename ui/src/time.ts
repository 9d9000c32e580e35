// SPDX-License-Identifier: GPL-3.0-or-later
/* time.ts - times in the reader's zone, or in UTC; all by Intl. */
import { effect, signal } from '@preact/signals';
import { regional } from './text';
import { zone } from './state';

/* How far the server's clock is ahead of this computer's, in ms. Times and deadlines are the
 * server's: where the computer's clock is wrong, "overdue" must not be. */
export const skew = signal(0);
export const serverNow = () => Date.now() + skew.value;
/* An answer says when it was made, in whole seconds: somewhere between `sent` and now. What
 * agrees with that stays. */
export function heard(date: string | null, sent: number): void {
	const is = Date.parse(date ?? ''), least = is - Date.now(), most = is + 1000 - sent;

	if (skew.peek() < least || skew.peek() > most)
		skew.value = least <= 0 && most >= 0 ? 0 : (least + most) / 2;
}

/* Ticks, so that what is relative stays true. */
export const now = signal(Date.now());
const tick = () => { now.value = serverNow(); };
effect(tick);
setInterval(() => { if (!document.hidden) tick(); }, 15000);
document.addEventListener('visibilitychange', tick);

const made = new Map<string, Intl.DateTimeFormat>();
function format(options: Intl.DateTimeFormatOptions, utc = zone.value === 'utc') {
	const name = `${regional()} ${utc} ${JSON.stringify(options)}`;
	let f = made.get(name);

	if (!f) {
		f = new Intl.DateTimeFormat(regional(), { hourCycle: 'h23', ...options,
			...(utc ? { timeZone: 'UTC' } : {}) });
		made.set(name, f);
	}
	return f;
}

const day: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'short', day: '2-digit' };
const clock: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };

export const stamp = (is: string | number | Date) => new Date(is);
export const isTime = (is: string | undefined | null): is is string =>
	!!is && !Number.isNaN(Date.parse(is)) && !is.startsWith('1970-01-01T00:00:00');

/* "22 Nov 2026, 06:15" */
export const full = (is: Date) => format({ ...day, ...clock, second: '2-digit' }).format(is);
export const minutes = (is: Date) => format({ ...day, ...clock }).format(is);
export const date = (is: Date) => format(day).format(is);
export const dayMonth = (is: Date) => format({ month: 'short', day: 'numeric' }).format(is);
export const seconds = (is: Date) => format({ ...clock, second: '2-digit', fractionalSecondDigits: 3 }).format(is);
export const hour = (is: Date) => format(clock).format(is);
/* For rows: the time of today, else the day and the time. */
export function brief(is: Date): string {
	const same = format(day).format(is) === format(day).format(new Date(now.value));
	const year = is.getUTCFullYear() === new Date(now.value).getUTCFullYear();

	return same ? format({ ...clock, second: '2-digit' }).format(is)
		: format({ month: 'short', day: '2-digit', ...(year ? {} : { year: 'numeric' }), ...clock }).format(is);
}
/* A day for <input type="date">, so many from now. */
export const inDays = (n: number) => new Date(serverNow() + n * 86400000).toISOString().slice(0, 10);
/* As the logs of servers have it; always UTC: "2026-11-22 06:15:00Z" */
export const utc = (is: Date) => is.toISOString().replace('T', ' ').replace(/\.\d+/, '');
export const zoneName = () => zone.value === 'utc' ? 'UTC'
	: Intl.DateTimeFormat().resolvedOptions().timeZone;
/* "UTC", "UTC+01:00": how far from it, now */
export function zoneNow(): string {
	const by = zone.value === 'utc' ? 0 : -new Date(now.value).getTimezoneOffset();
	const two = (n: number) => String(n).padStart(2, '0');

	return by ? `UTC${by < 0 ? '−' : '+'}${two(Math.floor(Math.abs(by) / 60))}:${two(Math.abs(by) % 60)}` : 'UTC';
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
	['year', 31557600], ['month', 2629800], ['day', 86400], ['hour', 3600], ['minute', 60],
];
/* "3 minutes ago", "tomorrow", "in 2 months"; never "next month", which 59 days from now can be */
export function relative(is: Date, from = now.value): string {
	const s = (is.getTime() - from) / 1000;
	const [unit, length] = steps.find(([, least]) => Math.abs(s) >= least) ?? ['second', 1];
	const numeric = unit === 'year' || unit === 'month' ? 'always' : 'auto';

	return new Intl.RelativeTimeFormat(regional(), { numeric, style: 'short' }).format(Math.trunc(s / length), unit);
}
/* A length of time in its greatest unit and, below a week, the one under that: "2 d 4 h" */
export function span(ms: number): string {
	let s = Math.round(Math.abs(ms) / 1000), room = s < 7 * 86400 ? 2 : 1;
	const parts: string[] = [];

	for (const [unit, length] of [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]] as const) {
		const n = Math.floor(s / length);

		s -= n * length;
		if ((n || parts.length || unit === 'second') && room-- > 0 && (n || !parts.length))
			parts.push(new Intl.NumberFormat(regional(), { style: 'unit', unit, unitDisplay: 'narrow' }).format(n));
	}
	return parts.join(' ');
}
