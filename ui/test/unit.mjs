// SPDX-License-Identifier: GPL-3.0-or-later
/* unit.mjs - what can be said of the page without a browser: the catalogues are whole, the
 * places in them agree, plural forms are those of the language, nothing is said that no
 * page says, and no file puts text in as HTML.
 *
 * Usage: node --test unit.mjs */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const src = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');
const made = join(tmpdir(), `vedette-unit-${process.pid}`);

async function load(file) {
	const to = join(made, file.replace(/\W/g, '-') + '.mjs');

	await build({ entryPoints: [join(src, file)], outfile: to, bundle: true, format: 'esm', platform: 'node',
		jsx: 'automatic', jsxImportSource: 'preact', logLevel: 'warning' });
	return import(pathToFileURL(to));
}
function* files(folder = src) {
	for (const f of readdirSync(folder, { withFileTypes: true }))
		if (f.isDirectory())
			yield* files(join(folder, f.name));
		else if (/\.tsx?$/.test(f.name) && !f.name.endsWith('.gen.d.ts'))
			yield join(folder, f.name);
}
const words = {};
for (const l of ['en', 'es', 'fr'])
	words[l] = (await load(`text/${l}.ts`)).default;
const forms = (m) => typeof m === 'string' ? [m] : Object.values(m);
const places = (m) => [...new Set(forms(m).join(' ').match(/\{\w+\}/g) ?? [])].sort().join();
const all = [...files()].map((f) => [f, readFileSync(f, 'utf8')]);
const code = all.filter(([f]) => !f.includes('/text/')).map(([, text]) => text).join('\n');

test.after(() => rmSync(made, { recursive: true, force: true }));

for (const l of ['es', 'fr']) {
	test(`${l} says all that English says, and no more`, () => {
		assert.deepEqual(Object.keys(words[l]).sort(), Object.keys(words.en).sort());
	});
	test(`${l} has the same places`, () => {
		for (const key of Object.keys(words.en))
			assert.equal(places(words[l][key]), places(words.en[key]), key);
	});
	test(`${l} counts where English counts, with the forms of the language`, () => {
		const want = new Intl.PluralRules(l).resolvedOptions().pluralCategories;
		for (const [key, m] of Object.entries(words.en)) {
			assert.equal(typeof words[l][key], typeof m, key);
			if (typeof m === 'object')
				for (const form of want)
					assert.ok(words[l][key][form], `${key} wants '${form}'`);
		}
	});
	test(`${l} is not English left over`, () => {
		const same = Object.keys(words.en).filter((k) => typeof words.en[k] === 'string' &&
			/[a-z]{4,} [a-z]{3,}/.test(words.en[k]) && words.en[k] === words[l][k]);
		assert.deepEqual(same, []);
	});
}
test('French has the spaces that it wants beside signs, and none that break', () => {
	for (const [key, m] of Object.entries(words.fr))
		for (const form of forms(m))
			assert.doesNotMatch(form.replace('Authorization: Bearer', ''), / [:;!?%»]|« |[\p{L}}][;!?]|[\p{L}}]: |n° /u, key);
	assert.equal(words.fr['incidents.priority.is'], 'Priorité\u00a0: {is}');
	assert.match(words.fr['bytes.octets'].other, /^\{n\} octets$/);
});
test('fields of messages have names in every language, as the decoder names them', () => {
	const decoder = readFileSync(join(src, '../../src/dns/msg_parts.c'), 'utf8');
	const stay = ['EDNS', 'NSID', 'DAU', 'DHU', 'N3U', 'qr', 'aa', 'tc', 'rd', 'ra', 'z', 'ad', 'cd'];
	const layouts = /layouts\[\] = \{([^]*?)\n\};/.exec(decoder)[1];
	const named = [...layouts.matchAll(/\{ \d+, ((?:"[^"]*"\s*)+)\}/g)]
		.flatMap((m) => m[1].replace(/"\s*"/g, '').replace(/"/g, '').trim().split(',').map((f) => f.slice(2)));
	const told = [...decoder.matchAll(/\btell(?:_name)?\(&?t, (?:depth \+ )?\d, "([^"]+)"/g)].map((m) => m[1]);
	const tables = [...decoder.matchAll(/\b(?:names|titles|counts)\[[^=]*= \{([^]*?)\};/g)]
		.flatMap((m) => [...m[1].matchAll(/"([^"]+)"/g)].map((x) => x[1]));
	const said = [...decoder.matchAll(/\{ MSG_\w+, "\w+", "([^"]+)" \}/g)].map((m) => m[1]);

	assert.ok(named.length > 60 && told.length > 15 && tables.length > 15 && said.length === 8, `${named.length} ${told.length} ${tables.length} ${said.length}`);
	assert.deepEqual([...new Set([...named, ...told, ...tables])].filter((n) => !stay.includes(n) && !(`part.${n}` in words.en)), []);
	assert.deepEqual(said.filter((n) => !(`flag.${n}` in words.en)), []);
});
test('no message is empty or has blanks at its ends', () => {
	for (const [l, is] of Object.entries(words))
		for (const [key, m] of Object.entries(is))
			for (const form of forms(m))
				assert.ok(form && form === form.trim(), `${l} ${key}`);
});
test('every message is said somewhere', () => {
	/* whole keys, or a group whose value is put in: t(`live.${x}`), word('role', x) */
	const groups = [...code.matchAll(/`([\w.-]+[.-])\$\{/g)].map((m) => m[1])
		.concat([...code.matchAll(/\bword\('([\w.-]+)'/g)].map((m) => m[1] + '.'))
		.concat(['severity.', 'area.', 'state.', 'kind.', 'role.', 'unit.', 'party.']);	// shared by all pages
	const unsaid = Object.keys(words.en).filter((k) => !code.includes(`'${k}'`) && !groups.some((g) => k.startsWith(g)));
	assert.deepEqual(unsaid, []);
});
test('every class that has a style is drawn, and every icon', () => {
	const style = readdirSync(join(src, 'style')).filter((f) => f.endsWith('.css')).map((f) => readFileSync(join(src, 'style', f), 'utf8')).join('\n');
	const heads = style.replace(/\/\*[^]*?\*\//g, '').replace(/@import.*/g, '').replace(/\{[^{}]*\}/g, '{}');
	const made = [...code.matchAll(/([a-z][\w-]*-)\$\{/g)].map((m) => m[1]).concat([...code.matchAll(/'([a-z][a-z-]*-)' \+/g)].map((m) => m[1]), ['u-', 'chip-']);
	const drawn = (c) => new RegExp(`(?<![\\w-])${c}(?![\\w-])`).test(code) || made.some((m) => c.startsWith(m));
	assert.deepEqual([...new Set([...heads.matchAll(/\.([a-zA-Z][\w-]*)/g)].map((m) => m[1]))].filter((c) => c !== 'uplot' && !drawn(c)), []);
	const icons = [...readFileSync(join(src, 'parts/icon.tsx'), 'utf8').matchAll(/^\t(\w+): 'M/gm)].map((m) => m[1]);
	assert.deepEqual(icons.filter((i) => !new RegExp(`['"]${i}['"]`).test(code)), []);
});
test('text is text: nothing is put in as HTML', () => {
	for (const [f, text] of all)
		assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|dangerouslySet|\beval\(|new Function/, f);
});
test('nothing is loaded from elsewhere', () => {
	for (const [f, text] of all)
		assert.doesNotMatch(text, /https?:\/\/(?!www\.w3\.org\/2000\/svg)/, f);
});
/* What the modules of the page take for granted; nothing ticks. */
const browser = () => {
	globalThis.setInterval = () => 0;
	globalThis.document = { addEventListener() {}, documentElement: { dataset: {} } };
	globalThis.location = { pathname: '/', search: '', origin: 'http://x' };
	globalThis.history = { replaceState() {} };
	globalThis.addEventListener = () => {};
	globalThis.navigator ??= { languages: ['en'] };
	globalThis.matchMedia = () => ({ matches: false, addEventListener() {} });
	globalThis.localStorage = { getItem: () => null, setItem() {} };
};
test('a time is told no less exactly than it is', async () => {
	browser();
	const { relative } = await load('time.ts');
	const day = 86400000, from = Date.UTC(2026, 0, 1);
	assert.equal(relative(new Date(from + 59 * day), from), 'in 1 mo.');
	assert.equal(relative(new Date(from + day), from), 'tomorrow');
	assert.equal(relative(new Date(from - 700 * day), from), '1 yr. ago');
});
test('names of outsiders cannot hide or turn', async () => {
	browser();
	const { visibleText } = await load('parts/subject.tsx');
	assert.equal(visibleText('a\u202egpj.exe'), 'a⟨202E⟩gpj.exe');
	assert.equal(visibleText('x\u0000\u200b\u{e0041}y'), 'x⟨0000⟩⟨200B⟩⟨E0041⟩y');
	assert.equal(visibleText('bücher.example'), 'bücher.example');
	assert.equal(visibleText('<b>&"'), '<b>&"');
	const { fits } = await load('router.ts');
	assert.deepEqual(fits('/findings/:id', '/findings/a%2Fb'), { id: 'a/b' });
	assert.equal(fits('/findings/:id', '/findings'), null);
	assert.equal(fits('/findings/:id', '/findings/%ff'), null);
	assert.deepEqual(fits('/s/:kind/:name*', '/s/d/a/b'), { kind: 'd', name: 'a/b' });
});
