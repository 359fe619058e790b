#include "io/ics_write.h"

#include <libical/ical.h>

#include "base/err.h"

static struct icaltimetype instant(int64_t at_ms)
{
	return icaltime_from_timet_with_zone((time_t)(at_ms / 1000), 0, icaltimezone_get_utc_timezone());
}

static void add(icalcomponent *to, icalproperty *property)
{
	if (!property)
		out_of_memory(sizeof(property));
	icalcomponent_add_property(to, property);
}

static icalcomponent *event_of(const struct ics_event *event, int64_t now_ms)
{
	icalcomponent *out = icalcomponent_new(ICAL_VEVENT_COMPONENT);

	if (!out)
		out_of_memory(sizeof(*event));
	add(out, icalproperty_new_uid(event->uid));
	add(out, icalproperty_new_dtstamp(instant(now_ms)));
	add(out, icalproperty_new_dtstart(instant(event->at_ms - (int64_t)event->minutes * 60000)));
	add(out, icalproperty_new_dtend(instant(event->at_ms)));
	add(out, icalproperty_new_summary(event->summary));
	if (event->text)
		add(out, icalproperty_new_description(event->text));
	if (event->url)
		add(out, icalproperty_new_url(event->url));
	/* It says when something is due, and keeps nobody from being invited elsewhere. */
	add(out, icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
	return out;
}

void ics_write(struct buf *out, const char *name, const struct ics_event *events, size_t count, int64_t now_ms)
{
	icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
	icalproperty *shown = icalproperty_new_x(name);
	char *text;

	if (!calendar || !shown)
		out_of_memory(sizeof(*events));
	add(calendar, icalproperty_new_version("2.0"));
	add(calendar, icalproperty_new_prodid("-//Lockstep//Lockstep//EN"));
	icalproperty_set_x_name(shown, "X-WR-CALNAME");
	add(calendar, shown);
	for (size_t i = 0; i < count; i++)
		icalcomponent_add_component(calendar, event_of(&events[i], now_ms));
	text = icalcomponent_as_ical_string_r(calendar);
	if (!text)
		out_of_memory(sizeof(*events));
	buf_add_text(out, text);
	icalmemory_free_buffer(text);
	icalcomponent_free(calendar);
}
