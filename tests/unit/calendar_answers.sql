-- Answers the questions in the file `asked` by its own reckoning and says how many of the answers given with them are others.
-- Minutes since 1970, days since 1970; a window is some days around `at`.

create table weekly (z text, weekday int, n int, opens int, closes int);
create table dated (z text, day int, n int, opens int, closes int);
create table asked (id int, z text, at bigint, kind text, start bigint, amount bigint, got_ms bigint);
\copy weekly from weekly
\copy dated from dated
\copy asked from asked

create table around as select row_number() over () w, z, at from (select distinct z, at from asked) windows;
create table day as select w, z, day from around, generate_series((at / 1440 - 5)::int, (at / 1440 + 6)::int) day;
create table hours as
	select w, day, n, opens, closes from day join dated using (z, day) where opens is not null
	union all
	select w, day, n, opens, closes from day join weekly using (z)
	where weekday = extract(isodow from date '1970-01-01' + day) - 1
		and not exists (select from dated where dated.z = day.z and dated.day = day.day);
create index on hours (w, day);

-- How clocks stand in a window, from change to change.
create table nearby as
	select w, change.at, before, after from around join change on change.z = around.z and change.at between around.at - 14400 and around.at + 14400;
create table clock as
	select w, at low, coalesce(lead(at) over (partition by w order by at), 99999999) high, after ahead from nearby
	union all
	select w, 0, min(at), (array_agg(before order by at))[1] from nearby group by w
	union all
	select w, 0, 99999999, shown(z, at) - at from around where not exists (select from nearby where nearby.w = around.w);
create index on clock (w);

-- The first minute that shows `local`; where none does, it was jumped over: the minute as the clock before the jump would have shown it.
\set first_shown 'coalesce(min(local - ahead) filter (where local - ahead >= low and local - ahead < high), (array_agg(local - ahead order by low desc) filter (where local - ahead >= high))[1])'

create table edge as
	select w, local, :first_shown utc
	from (select distinct w, day * 1440 + minute local from hours cross join lateral (values (opens), (closes)) minutes (minute)) locals
		join clock using (w)
	group by w, local;
create index on edge (w, local);
analyze;

-- Of each range what no earlier one has.
create table span as
	select w, day, lower(piece) opens, upper(piece) closes, 0::bigint worked
	from (select w, day, unnest(int8multirange(open) - coalesce(range_agg(open) over (partition by w order by day, n
			rows between unbounded preceding and 1 preceding), '{}'::int8multirange)) piece
		from (select w, day, n, int8range(o, greatest(o, c)) open
			from (select w, day, n, a.utc o, b.utc c from hours join edge a using (w) join edge b using (w)
				where a.local = day * 1440 + opens and b.local = day * 1440 + closes) ends) ranges) pieces;
create table worked as
	select w, day, opens, closes, sum(closes - opens) over (partition by w order by opens) - (closes - opens) before from span;
create index on worked (w, opens);
analyze;

create table answer as
	-- e: minutes between two instants
	select id, case when amount >= start then 1 else -1 end *
		(select coalesce(sum(greatest(0, least(greatest(start, amount), closes) - greatest(least(start, amount), opens))), 0)
		from worked where worked.w = around.w) answer
	from asked join around using (z, at) where kind = 'e'
	union all
	-- m: so many working minutes later
	select id, (select opens + target - before from worked
		where worked.w = asked.w and before + closes - opens >= target order by opens limit 1)
	from (select id, around.w, amount + (select coalesce(sum(greatest(0, least(start, closes) - opens)), 0)
			from worked where worked.w = around.w) target
		from asked join around using (z, at) where kind = 'm') asked
	union all
	-- d: so many working days later, at the same time of day
	select id, :first_shown
	from (select id, began.w, later.day * 1440 + coalesce(
			(select case when of_day < opens then closes else of_day end from hours
				where hours.w = began.w and hours.day = later.day and of_day <= closes order by n limit 1),
			(select max(closes) from hours where hours.w = began.w and hours.day = later.day)) local
		from (select id, around.w, amount, first.day, shown(z, greatest(start, opens)) - first.day * 1440 of_day
				from asked join around using (z, at) cross join lateral
					(select day, opens from worked where worked.w = around.w and closes > start order by opens limit 1) first
				where kind = 'd') began
			cross join lateral (select day from (select distinct day from hours where hours.w = began.w and hours.day > began.day) days
				order by day offset amount - 1 limit 1) later) locals
		join clock using (w)
	group by id;

select count(*), count(answer), count(*) filter (where got_ms <> answer * case when kind = 'e' then 1 else 60000 end) from asked left join answer using (id);
select z, kind, start, amount, got_ms, answer from asked join answer using (id)
	where got_ms <> answer * case when kind = 'e' then 1 else 60000 end order by id limit 10;
