#!/usr/bin/env node
// Who wants no contact is not handed to sales, unless a manager says why.
import { new_book, small_b2b } from '../book.mjs';
import { deep_equal, done, has, is } from '../tap.mjs';

const { comes, lead, shown, till } = new_book({
	zone: 'Europe/Berlin', ...small_b2b,
	map: `map: crm
files:
  - {match: leads.csv, as: leads, key: id, fields: {created: created}}
  - {match: touches.csv, as: touches, key: id, fields: {lead: lead, kind: kind, at: at}}
`,
});

till('2026-03-02T10:00:00Z'); // three asked for a demonstration
comes('leads.csv', ['id,created', ...['L1', 'L2', 'L3'].map((id) => `${id},2026-03-02 09:00`)].join('\n'),
	'touches.csv', ['id,lead,kind,at', ...[1, 2, 3].map((n) => `T${n},L${n},demo_request,2026-03-02 09:30`)].join('\n'));

is(shown('L1').opted_out, false, 'none of them opted out');
for (const key of ['L1', 'L2'])
	is(lead('opted-out', key).code, 0, `${key} opts out`);
is(shown('L1').opted_out, true, 'which is kept');
has(lead('show', 'L1').out, /· opted out/, 'and stands at the top');

till('2026-03-02T10:10:00Z');
const refused = lead('hand-over', 'L1');
is(refused.code, 1, 'it is not handed over');
has(refused.err.replace(/\s+/g, ' '), 'L1: opted out at 2026-03-02 11:00: sales is to leave it alone.', 'because it opted out');
deep_equal(lead('hand-over', '--waiting', '--format', 'json').json.handed_over, 1, 'of all that wait it is left out');
is(shown('L3').life, 'handed over', 'which the third is not');
is(lead('hand-over', 'L1', '--override', 'called again', '--by', 'Seller One').code, 1, 'no seller lets it pass');
has(lead('hand-over', 'L1', '--override', 'called again', '--by', 'Head of Sales').out, /points, on a manager's word: opted out$/m, 'a manager does');
is(lead('undo', 'L2').code, 0, 'one was a slip');
is(shown('L2').opted_out, false, 'and is taken back');
is(lead('hand-over', 'L2').code, 0, 'then it is handed over');
done();
