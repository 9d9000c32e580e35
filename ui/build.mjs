// SPDX-License-Identifier: GPL-3.0-or-later
/* build.mjs - the page's files, and the C table that puts them into the program.
 *
 *   src/main.tsx, src/style/main.css  --esbuild-->  OUT/p/NAME-HASH.js|css|svg
 *                                                   OUT/index.html (names those)
 *   each, and each packed by gzip -9  ---------->   OUT/page_embedded.c (src/web/page.h)
 *
 * A name holds the hash of its octets, so such a file may be kept by browsers for ever.
 * Pages are loaded when they are gone to: one chunk a page.
 *
 * Usage: node build.mjs [OUT]      (default: ../build/page) */
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2] ?? join(here, '..', 'build', 'page');
const types = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.svg': 'image/svg+xml',
};

async function bundle() {
	const made = await build({
		absWorkingDir: here,
		entryPoints: ['src/main.tsx', 'src/first.ts', 'src/style/main.css', 'src/style/icon.svg'],
		outdir: join(out, 'p'),
		bundle: true,
		splitting: true,
		format: 'esm',
		minify: true,
		target: 'es2022',
		jsx: 'automatic',
		jsxImportSource: 'preact',
		loader: { '.svg': 'copy' },
		entryNames: '[name]-[hash]',
		chunkNames: '[name]-[hash]',
		legalComments: 'none',
		charset: 'utf8',
		metafile: true,
		logLevel: 'warning',
	});
	return made.metafile;
}

/* "main.tsx" -> "/p/main-XXXX.js", and what it needs before it can begin. */
function named(meta, source) {
	for (const [file, is] of Object.entries(meta.outputs)) {
		const from = is.entryPoint ?? Object.keys(is.inputs)[0];
		if (from === source)
			return { url: '/' + relative(out, join(here, file)), needs: is.imports
				.filter((i) => i.kind === 'import-statement')
				.map((i) => '/' + relative(out, join(here, i.path))) };
	}
	throw new Error(`${source} was not built`);
}

function index(meta) {
	const main = named(meta, 'src/main.tsx');

	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Vedette</title>
<link rel="icon" href="${named(meta, 'src/style/icon.svg').url}">
<link rel="stylesheet" href="${named(meta, 'src/style/main.css').url}">
<script src="${named(meta, 'src/first.ts').url}" type="module"></script>
${main.needs.map((n) => `<link rel="modulepreload" href="${n}">`).join('\n')}
<script src="${main.url}" type="module"></script>
</head>
<body>
<div id="page"></div>
<noscript>The page of Vedette needs JavaScript. The API under /api/v1 does not.</noscript>
</body>
</html>
`;
}

function octets(name, data) {
	const rows = [];

	for (let i = 0; i < data.length; i += 24)
		rows.push([...data.subarray(i, i + 24)].join(','));
	return `static const u8 ${name}[] = {\n${rows.join(',\n')}\n};\n`;
}

/* One row a file; see src/web/page.h. */
function table(files) {
	let c = '/* Made by ui/build.mjs. */\n#include "web/page.h"\n';
	let rows = '';

	files.forEach((f, i) => {
		const plain = readFileSync(join(out, f));
		const packed = gzipSync(plain, { level: 9 });
		const etag = createHash('sha256').update(plain).digest('hex').slice(0, 16);

		c += octets(`plain_${i}`, plain) + octets(`packed_${i}`, packed);
		rows += `{ "/${f}", "${types[extname(f)]}", "\\"${etag}\\"", plain_${i}, packed_${i}, ` +
			`${plain.length}, ${packed.length}, ${f === 'index.html' ? 'false' : 'true'} },\n`;
	});
	return `${c}const struct page_file page_files[] = {\n${rows}{ .path = NULL }\n};\n`;
}

rmSync(join(out, 'p'), { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const meta = await bundle();
writeFileSync(join(out, 'index.html'), index(meta));
const files = ['index.html', ...readdirSync(join(out, 'p')).sort().map((f) => 'p/' + f)];
writeFileSync(join(out, 'page_embedded.c'), table(files));
