// The five questions in SQL. Columns: the group's labels, then the figures in the order of bench/ask.c.
// Money in minor units, times in seconds; null where not reached.

const Q0 = Date.UTC(2025, 6, 1) / 1000;
const Q1 = Date.UTC(2025, 9, 1) / 1000;
const D90 = Date.UTC(2025, 9, 2) / 1000;

// SQLite has no percentile_cont: the two ranks around the place, and between them in proportion.
function sqlite_percentile(p) {
	const place = `${p} * (n - 1)`;
	const lower = `max(CASE WHEN k = CAST(${place} AS INTEGER) THEN x END)`;
	const upper = `max(CASE WHEN k = min(CAST(${place} AS INTEGER) + 1, n - 1) THEN x END)`;
	return `${lower} + (${upper} - ${lower}) * (max(${place}) - CAST(max(${place}) AS INTEGER))`;
}

export const QUESTIONS = [
	{
		name: 'funnel',
		title: 'Funnel by source, cohort of a quarter',
		labels: 1,
		sql: `SELECT source, count(*), count(qualified), count(handed_off), count(first_response), count(accepted), count(rejected),
		             count(opportunity), count(won), count(lost), sum(CASE WHEN won IS NOT NULL THEN amount END)
		        FROM journey WHERE created >= ${Q0} AND created < ${Q1} GROUP BY source`,
	},
	{
		name: 'follow_up',
		title: 'Follow-up by rep, last 90 days',
		labels: 1,
		percentiles: [2, 3], // figures
		sql: `SELECT rep, count(*), count(CASE WHEN first_response <= response_due THEN 1 END),
		             percentile_cont(0.5) WITHIN GROUP (ORDER BY first_response - handed_off),
		             percentile_cont(0.9) WITHIN GROUP (ORDER BY first_response - handed_off)
		        FROM journey WHERE handed_off >= ${D90} GROUP BY rep`,
		sqlite: `WITH d AS (SELECT rep, first_response - handed_off AS x, first_response <= response_due AS in_time
		                      FROM journey WHERE handed_off >= ${D90}),
		              r AS (SELECT rep, x, in_time, row_number() OVER (PARTITION BY rep ORDER BY x NULLS LAST) - 1 AS k,
		                           count(x) OVER (PARTITION BY rep) AS n FROM d)
		         SELECT rep, count(*), sum(in_time), ${sqlite_percentile('0.5')}, ${sqlite_percentile('0.9')} FROM r GROUP BY rep`,
	},
	{
		name: 'conversion',
		title: 'Conversion to the rep, all time',
		labels: 2,
		sql: `SELECT team, rep, count(accepted), count(opportunity), count(won), sum(CASE WHEN won IS NOT NULL THEN won - opportunity END)
		        FROM journey WHERE accepted IS NOT NULL GROUP BY team, rep`,
	},
	{
		name: 'threshold',
		title: 'Threshold curve: leads and opportunities at or above each score',
		labels: 1,
		sql: `SELECT score, sum(n) OVER (ORDER BY score DESC), sum(o) OVER (ORDER BY score DESC)
		        FROM (SELECT score, count(*) n, count(opportunity) o FROM journey GROUP BY score) s`,
	},
	{
		name: 'attribution',
		title: 'Linear attribution: won amount over the touches before the opportunity, by campaign',
		labels: 1,
		rounded: true, // Lockstep tells sums of money in whole minor units
		sql: `SELECT campaign, sum(amount * 1.0 / n)
		        FROM (SELECT t.campaign, j.amount, count(*) OVER (PARTITION BY j.lead_id) n FROM journey j JOIN touch t ON t.lead_id = j.lead_id
		               WHERE j.won IS NOT NULL AND t.ts < j.opportunity) s GROUP BY campaign`,
	},
];

// Rows of text → Map of "label / label" → figures as numbers (null where empty).
export function by_label(question, rows) {
	return new Map(rows.map((row) => [
		row.slice(0, question.labels).join(' / '),
		row.slice(question.labels).map((text) => (text === '' ? null : Number(text))),
	]));
}

// Our driver answers figure by figure: number of the figure, labels, value.
export function of_driver(question, rows) {
	const groups = new Map();
	for (const row of rows) {
		const label = row.slice(1, 1 + question.labels).join(' / ');
		if (!groups.has(label))
			groups.set(label, []);
		groups.get(label)[Number(row[0])] = row.at(-1) === '' ? null : Number(row.at(-1));
	}
	return groups;
}

// What differs, as texts; empty when the answers are the same. Whole numbers must be equal, percentiles but for the last bits, sums
// of shares once rounded to whole minor units. A group without anything may be 0 in one engine and null in another.
export function differences(question, ours, theirs) {
	const found = [];
	if (ours.size !== theirs.size)
		found.push(`${ours.size} groups, wanted ${theirs.size}`);
	for (const [label, figures] of theirs) {
		const mine = ours.get(label) ?? [];
		figures.forEach((wanted, i) => {
			const a = mine[i] ?? 0;
			const b = wanted ?? 0;
			const last_bits = Math.abs(b) * 1e-12;
			const limit = question.rounded ? 0.5 + last_bits : question.percentiles?.includes(i) ? last_bits : 0;
			if (!(Math.abs(a - b) <= limit))
				found.push(`${label}, figure ${i + 1}: ${mine[i]}, wanted ${wanted}`);
		});
	}
	return found;
}
