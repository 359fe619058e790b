-- When the clocks of each zone changed from 1990 to 2037, by PostgreSQL's own zones, asked from UTC only. Minutes since 1970.
-- Zones that agree in all of it are asked about once.

create function shown(z text, utc bigint) returns bigint language sql stable as
	$$ select (date_part('epoch', to_timestamp(utc * 60) at time zone z) / 60)::bigint $$;

create function change_between(z text, low bigint, high bigint) returns bigint language plpgsql stable as $$
declare
	before bigint := shown(z, low) - low;
	middle bigint;
begin
	while high - low > 1 loop
		middle := (low + high) / 2;
		if shown(z, middle) - middle = before then
			low := middle;
		else
			high := middle;
		end if;
	end loop;
	return high;
end $$;

create table zone as
	select name z, array_agg(shown(name, week) - week order by week) clocks
	from pg_timezone_names, generate_series(10519200, 35765280, 10080) week
	where name !~ '^(posix|right)/' and name <> 'localtime'
	group by name;
create table one as select min(z) z, clocks from zone group by clocks;

create table change as
	select z, change_between(z, week, week + 10080) at, before, after
	from (select z, 10519200 + (n - 1) * 10080 week, before, lead(before) over (partition by z order by n) after
		from one, unnest(clocks) with ordinality as clock(before, n)) weeks
	where before <> after;
create index on change (z, at);

copy (select z, at from change union all select z, 0 from one order by z, at) to stdout;
