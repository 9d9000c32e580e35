// SPDX-License-Identifier: GPL-3.0-or-later
/* text.tsx - the words of the page, in the language of who looks.
 *
 *   t('findings.count', { n: 3 })         a sentence; numbers as the language writes them
 *   rich('finding.of', { who: <b/> })     the same with parts of the page inside
 *
 * Keys are typed by the English catalogue (text/en.ts); the others must have the same, with
 * the same {places} (test/unit.mjs looks). A message that counts is an object of plural
 * forms (Intl.PluralRules) and goes by `n`. English lies in the first load, the others are
 * fetched when they are chosen. */
import { effect, signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import en from './text/en';
import { kept } from './state';

export type Plural = { one?: string; many?: string; other: string };
export type Message = string | Plural;
export type Key = keyof typeof en;
export type Catalogue = Record<Key, Message>;
export type Places = Record<string, string | number>;

export const languages = ['en', 'es', 'fr'] as const;
export type Language = (typeof languages)[number];
export const languageNames: Record<Language, string> = {
	en: 'English', es: 'Español', fr: 'Français',
};
const others: Record<Exclude<Language, 'en'>, () => Promise<{ default: Catalogue }>> = {
	es: () => import('./text/es'),
	fr: () => import('./text/fr'),
};

function first(): Language {
	for (const is of navigator.languages) {
		const two = is.slice(0, 2) as Language;
		if (languages.includes(two))
			return two;
	}
	return 'en';
}

/* What was chosen, and what is there to be shown with. */
export const language = kept<Language>('language', languages, first());
const shown = signal<{ code: Language; words: Catalogue }>({ code: 'en', words: en });
export const locale = () => shown.value.code;
/* For numbers and times: the reader's own country's way where it speaks this language. */
export const regional = () => navigator.languages.find((l) => l.slice(0, 2) === shown.value.code) ?? shown.value.code;

effect(() => {
	const want = language.value;

	if (want === 'en')
		shown.value = { code: 'en', words: en };
	else
		others[want]().then((m) => {
			if (language.value === want)
				shown.value = { code: want, words: m.default };
		}, () => { /* stays as it is; the next choice tries again */ });
});
effect(() => { document.documentElement.lang = shown.value.code; });

const numbers = new Map<string, Intl.NumberFormat>();
export function number(n: number, options?: Intl.NumberFormatOptions): string {
	const name = regional() + JSON.stringify(options ?? null);
	let f = numbers.get(name);

	if (!f)
		numbers.set(name, (f = new Intl.NumberFormat(regional(), options)));
	return f.format(n);
}
/* 1234567 -> "1.2M"; numbers below `from` as they are */
export const short = (n: number, from = 10000) => number(n, n < from ? {} :
	{ notation: 'compact', maximumFractionDigits: 1 });

export function pick(m: Message, code: string, n: unknown): string {
	if (typeof m === 'string')
		return m;
	const form = new Intl.PluralRules(code).select(Number(n ?? 0)) as keyof Plural;
	return m[form] ?? m.other;
}

function message(key: Key, places?: Places): string {
	const { code, words } = shown.value;

	return pick(words[key] ?? en[key] ?? key, code, places?.n);
}

export function t(key: Key, places?: Places): string {
	return message(key, places).replace(/\{(\w+)\}/g, (all, name: string) => {
		const is = places?.[name];

		return is === undefined ? all : typeof is === 'number' ? number(is) : is;
	});
}

/* A word for a value that the server gives ("mitigating", "high"); the value itself when
 * there is none: the server may be newer than the page. */
export function word(group: string, value: string): string {
	const key = `${group}.${value}` as Key;

	return key in en ? t(key) : value;
}

export function rich(key: Key, parts: Record<string, ComponentChildren>): ComponentChildren {
	const n = typeof parts.n === 'number' ? { n: parts.n } : undefined;

	return message(key, n).split(/(\{\w+\})/).map((piece) => {
		const name = /^\{(\w+)\}$/.exec(piece)?.[1];

		return name && name in parts
			? typeof parts[name] === 'number' ? number(parts[name] as number) : parts[name]
			: piece;
	});
}
