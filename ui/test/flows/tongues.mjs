// SPDX-License-Identifier: GPL-3.0-or-later
/* tongues.mjs - what readers of Spanish and French are shown: no word of English in what the
 * page says, names instead of ids, and the spaces that French wants beside signs. */
import { places } from '../places.mjs';

/* A reader who chose the language in this browser. */
async function reader({ open }, code) {
	const p = await open({ language: code === 'fr' ? 'fr-FR' : 'es-ES' });

	await p.addInitScript((c) => { localStorage.setItem('vedette.language', c); localStorage.setItem('vedette.language.chosen', '1'); }, code);
	return p;
}

async function evidence(d, language, some, header) {
	const { s, data, ok } = d;
	const p = await reader(d, language);

	await p.goto(`${s.url}/findings/${data.finding.id}`);
	await p.locator('.byte-name', { hasText: some[0] }).waitFor();
	const names = await p.locator('.byte-name').allTextContents();
	const texts = await p.locator('.byte-text').allTextContents();
	ok(`${language}: fields of a message have names of the language`, some.every((n) => names.includes(n)), names);
	ok('  those of the protocol stay', ['TYPE', 'CLASS', 'qr', 'rd'].every((n) => names.includes(n)), names);
	ok('  and what they say is said in it, too', header.test(texts[0]) && !texts.some((x) => /^[01] (response|recursion)/.test(x)), texts);
}

/* A deadline that a state met, and one that a rule meets. */
async function met(d) {
	const { s, data, ok } = d;
	const number = data.late;
	const change = async (path, body) => s.api.ask('POST', `/api/v1/incidents/${number}/${path}`,
		{ ...body, version: (await s.api.ask('GET', `/api/v1/incidents/${number}`)).version });

	await change('clock', { set: 'registrar-ack' });
	for (const state of ['confirmed', 'mitigated'])
		await change('state', { state });
	const p = await reader(d, 'es');
	await p.goto(`${s.url}/incidents/${number}`);
	await p.waitForSelector('.clock .chip-good');
	const said = await p.locator('.clock', { has: p.locator('.chip-good') }).first().innerText();
	ok('who met a deadline, and how, is said in words', /por admin, con el estado «mitigado»/.test(said), said);
	await p.goto(`${s.url}/settings/clocks`);
	await p.getByText('carta «').first().waitFor();
	const clocks = await p.locator('.page').innerText();
	ok('  and what meets one', /estado «Mitigado»/.test(clocks) && !/state:|notice:/.test(clocks), clocks.slice(0, 600));
}

async function rules(d) {
	const { s, ok } = d;

	await s.api.ask('POST', '/api/v1/notice_rules', { name: 'hosts', role: 'host', letter: 'acknowledgement', state: 'confirmed' });
	const p = await reader(d, 'es');
	await p.goto(s.url + '/settings/rules');
	await p.getByText('acuse de recibo').first().waitFor();
	ok('a rule names its letter as the reader calls it', !(await p.locator('.table').innerText()).includes('acknowledgement'));
}

/* Text of the page, without what others wrote and what programs read. */
const badly = () => {
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];

	for (let n = walk.nextNode(); n; n = walk.nextNode()) {
		const text = n.textContent, in_ = n.parentElement;

		if (in_.closest('pre, code, kbd, script, .name, .mono, .letter, :not(html)[lang], .byte-text, .references, option') || !in_.checkVisibility?.())
			continue;
		if (/ [:;!?%»]|« |\p{L}[;!?]|\p{L}: |  /u.test(text))
			found.push(text.trim().slice(0, 80));
	}
	return [...new Set(found)];
};
async function french(d) {
	const { s, data, ok } = d;
	const p = await reader(d, 'fr'), all = [];

	for (const place of places(data)) {
		if (place.open)
			continue;
		await p.goto(s.url + place.path);
		if (place.ready)
			await p.waitForSelector(place.ready);
		await place.act?.(p);
		await p.waitForTimeout(100);
		const found = await p.evaluate(badly);
		all.push(...found.map((x) => `${place.name}: ${x}`));
	}
	ok('signs of French stand behind spaces that do not break', all.length === 0, all);
	await p.goto(s.url + '/findings');
	await p.waitForSelector('.table tbody tr');
	const titles = await p.locator('.table td [title]').evaluateAll((all) => all.map((e) => e.title));
	ok('  which no hover shows as hidden characters', titles.length > 0 && !titles.some((x) => /\u27e800A0|\u27e8202F/.test(x)), titles);
}

export default async function (d) {
	await evidence(d, 'es', ['cabecera', 'indicadores', 'código de respuesta', 'pregunta'], /^(consulta|respuesta) QUERY /);
	await evidence(d, 'fr', ['en-tête', 'drapeaux', 'code de réponse', 'question'], /^(requête|réponse) QUERY /);
	await met(d);
	await rules(d);
	await french(d);
}
