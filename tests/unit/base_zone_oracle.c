/* All zones of this machine against Python's zoneinfo: instants around changes, at random, and far in the future. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/zone.h"
#include "tap.h"

static const char script[] =
	"import random, zoneinfo, datetime as d\n"
	"random.seed(7)\n"
	"U = d.timezone.utc; E = d.datetime(1970, 1, 1); EU = E.replace(tzinfo=U)\n"
	"names = sorted(n for n in zoneinfo.available_timezones() if n not in ('localtime', 'posixrules', 'Factory'))\n"
	"for n in random.sample(names, min(len(names), 250)):\n"
	"  z = zoneinfo.ZoneInfo(n)\n"
	"  off = lambda s: (EU + d.timedelta(seconds=s)).astimezone(z).utcoffset().total_seconds()\n"
	"  at = [random.randrange(-4000000000, 16000000000) for i in range(12)]\n"
	"  s = random.randrange(0, 3600 * 24 * 30)\n"
	"  while s < 3000000000 and len(at) < 60:\n"
	"    t = s + 3600 * 24 * 61\n"
	"    if off(s) != off(t):\n"
	"      a, b = s, t\n"
	"      while b - a > 1:\n"
	"        m = (a + b) // 2\n"
	"        if off(m) == off(s): a = m\n"
	"        else: b = m\n"
	"      at += [a, b, b + 1800]\n"
	"    s = t\n"
	"  for s in at:\n"
	"    print(n, 'local', s, int(s + off(s)))\n"
	"    for l in (int(s + off(s)), int(s + off(s)) + 1799, s):\n"
	"      w = (E + d.timedelta(seconds=l)).replace(tzinfo=z)\n"
	"      print(n, 'utc', l, int(l - w.utcoffset().total_seconds()))\n";

static long compare(FILE *oracle, long *wrong)
{
	char name[128] = "", loaded[128] = "", what[8];
	struct zone *zone = NULL;
	struct err err = ERR_INIT;
	int64_t in, wanted;
	long count = 0;

	while (fscanf(oracle, "%127s %7s %" SCNd64 " %" SCNd64, name, what, &in, &wanted) == 4) {
		if (strcmp(name, loaded) != 0) {
			zone_free(zone);
			zone = NULL;
			if (zone_load(&zone, name, &err) < 0)
				break;
			snprintf(loaded, sizeof(loaded), "%s", name);
		}

		int64_t got = what[0] == 'l' ? zone_local_s(zone, in * 1000) : zone_utc_ms(zone, in) / 1000;

		count++;
		if (got != wanted && ++*wrong <= 10)
			note("%s: %s of %" PRId64 " is %" PRId64 ", not %" PRId64, name, what, in, wanted, got);
	}
	if (err.kind)
		note("%s", err.text);
	zone_free(zone);
	return err.kind ? -1 : count;
}

int main(void)
{
	char path[] = "/tmp/lockstep-oracle-XXXXXX", command[64];
	int fd = mkstemp(path);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");

	if (!file || system("python3 -c 'import zoneinfo; zoneinfo.ZoneInfo(\"Europe/Berlin\")' 2>/dev/null") != 0) {
		skip("no Python with zoneinfo here");
		return done();
	}
	fputs(script, file);
	fclose(file);
	snprintf(command, sizeof(command), "python3 %s", path);
	FILE *oracle = popen(command, "r");
	long wrong = 0, count = compare(oracle, &wrong);

	ok(pclose(oracle) == 0 && count > 1000, "%ld answers were compared", count);
	is_int(wrong, 0, "all agree");
	remove(path);
	return done();
}
