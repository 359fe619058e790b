#!/usr/bin/env node
// tools/tidy on a small tree with one fault of each kind: every fault is found where it stands, and a clean tree passes.

import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deep_equal, done, has, is, ok, root, run, temporary_folder } from '../tap.mjs';

function tree(contents) {
	const folder = temporary_folder();
	copyFileSync(join(root, '.clang-format'), join(folder, '.clang-format'));
	for (const [path, text] of Object.entries(contents)) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), text);
		if (path.startsWith('tests/'))
			chmodSync(join(folder, path), 0o755);
	}
	return folder;
}

function tidy(contents) {
	const result = run([tree(contents)], { command: join(root, 'tools', 'tidy') });
	const findings = result.err.split('\n').filter((line) => line.startsWith('# ')).map((line) => line.slice(2));
	return { code: result.code, out: result.out, findings };
}

const header = (name, body = 'struct x;\n') => {
	const guard = name.toUpperCase().replace(/[^A-Z]/g, '_');
	return `#ifndef ${guard}\n#define ${guard}\n\n${body}\n#endif\n`;
};
const clean = {
	'ARCHITECTURE.md': 'A lead is checked in `src/desk/intake.c` by `lead_check`. See [the guide](docs/guide.md).\n',
	'docs/guide.md': 'Back to [the architecture](../ARCHITECTURE.md#rooms) or [elsewhere](https://example.org/).\n',
	'src/base/str.h': header('base/str.h', 'int str_len(const char *text);\n'),
	'src/book/book.h': header('book/book.h', 'int book_open(void);\n'),
	'src/facts/facts.c': '#include "book/book.h"\n#include "base/str.h"\n',
	'src/desk/intake.c': '#include "book/book.h"\n\n/* strcpy( in a comment is no call */\nint lead_check(void)\n{\n\treturn book_open();\n}\n',
	'tests/program/one.mjs': '#!/usr/bin/env node\ndone();\n',
};

const good = tidy(clean);
is(good.code, 0, 'a clean tree passes');
deep_equal(good.findings, [], 'and nothing is said of it');
has(good.out, /^1\.\.\d+$/m, 'the output has a plan');

function finds(name, change, ...expected) {
	const result = tidy({ ...clean, ...change });
	is(result.code, 1, `${name}: refused`);
	for (const text of expected)
		ok(result.findings.some((finding) => finding.startsWith(text)), `${name}: ${text}`);
	if (!expected.every((text) => result.findings.some((finding) => finding.startsWith(text))))
		console.log(result.findings.map((finding) => `#   found ${finding}`).join('\n'));
	is(result.findings.length, expected.length, `${name}: nothing else`);
}

const c = (body, before = '') => `${before}int f(void)\n{\n${body}\treturn 0;\n}\n`;
finds('upward include', { 'src/base/x.c': '#include "book/book.h"\n' }, 'src/base/x.c:1: base/ is below book/');
finds('neighbours', { 'src/book/x.c': '#include "facts/y.h"\n', 'src/facts/y.h': header('facts/y.h') },
	'src/book/x.c:1: book/ and facts/ do not know each other');
finds('a report that reads the book', { 'src/report/x.c': '\n#include "book/book.h"\n' }, 'src/report/x.c:2: report/ never reads the book');
finds('a header that is not there', { 'src/desk/x.c': '#include "str.h"\n' }, 'src/desk/x.c:1: "str.h" is no file of src/');
finds('the database outside its room', { 'src/desk/x.c': '#include <sqlite3.h>\n' }, 'src/desk/x.c:1: <sqlite3.h> belongs to book');
finds('a room nobody knows', { 'src/util/x.c': '\n' }, 'src/util/x.c: no room named util');
finds('a wrong guard', { 'src/base/x.h': header('base/y.h') }, 'src/base/x.h: begins without "#ifndef BASE_X_H"');
finds('a banned call', { 'src/base/x.c': c('\tatoi("1");\n') }, 'src/base/x.c:3: atoi is banned; use strtoll');
finds('a clock', { 'src/desk/x.c': c('\ttime(0);\n') }, 'src/desk/x.c:3: time() reads the clock');
finds('input in domain/', { 'src/domain/x.c': c('\tfopen("a", "b");\n') }, 'src/domain/x.c:3: fopen() has no place in domain/');
finds('JSON by hand', { 'src/cli/x.c': c('\tputs("{\\"a\\": 1}");\n') }, 'src/cli/x.c:3: JSON by hand');
finds('HTML by hand', { 'src/cli/x.c': c('\tputs("<td>");\n') }, 'src/cli/x.c:3: HTML by hand');
finds('SQL outside its room', { 'src/desk/x.c': c('\tputs("SELECT 1 FROM entry");\n') }, 'src/desk/x.c:3: SQL by hand');
finds('SQL with a hole', { 'src/book/x.c': c('\tputs("SELECT 1 FROM %s");\n') }, 'src/book/x.c:3: SQL put together at run time');
finds('a long function', { 'src/base/x.c': c('\tf();\n'.repeat(81)) }, 'src/base/x.c:2: f has 82 lines');
finds('a long file', { 'src/base/x.c': 'int f(void);\n'.repeat(701) }, 'src/base/x.c:700: 701 lines');
finds('another format', { 'src/base/x.c': 'int f( void );\n' }, 'src/base/x.c:1: not in the one format');
finds('blanks and a lost line end', { 'docs/x.md': 'one \ntwo' }, 'docs/x.md:1: ends in blanks', 'docs/x.md:2: the last line has no line end');
finds('a test that may stop early', { 'tests/program/x.mjs': '#!/usr/bin/env node\n' }, 'tests/program/x.mjs: never says done()');
finds('a walk past a file that is gone', { 'ARCHITECTURE.md': '\nFirst `src/desk/gone.c`.\n' }, 'ARCHITECTURE.md:2: src/desk/gone.c does not exist');
finds('a walk past a function that moved', { 'ARCHITECTURE.md': '`src/desk/intake.c` calls `lead_match`.\n' },
	'ARCHITECTURE.md:1: lead_match is not in src/desk/intake.c');
finds('a dead link', { 'docs/x.md': '\n[there](there.md)\n' }, 'docs/x.md:2: there.md does not exist');

done();
