/* What is said to chats: what somebody typed is text there, no link, no mark, and calls nobody. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "serve/webhook.h"
#include "tap.h"

static const char typed[] = "<!channel> [free](https://evil.example) *now* & \"then\"";

static json_t *body_of(enum outbox_way way)
{
	struct outbox_message message = { .way = way, .kind = STR("lead.rejected") };
	struct buf out;
	json_t *root;

	outbox_say(&message, "lead", STR("L1"));
	outbox_say(&message, "reason", STR(typed));
	buf_init(&out, 1 << 16);
	webhook_body(&message, NULL, &out);
	root = json_loadb(out.at, out.len, 0, NULL);
	buf_release(&out);
	return root;
}

static void slack(void)
{
	json_t *root = body_of(OUTBOX_SLACK);
	const char *text = json_string_value(json_object_get(root, "text"));

	ok(text && !strchr(text, '<') && !strchr(text, '>'), "Slack is given no marks of its own");
	ok(text && strstr(text, "&lt;!channel&gt;") && strstr(text, "&amp;"), "but what was typed");
	json_decref(root);
}

/* Of a card's blocks: what stands in one of text alone is read as Markdown. */
static void teams(void)
{
	json_t *root = body_of(OUTBOX_TEAMS), *card, *block, *run;
	const char *text;

	card = json_object_get(json_array_get(json_object_get(root, "attachments"), 0), "content");
	block = json_array_get(json_object_get(card, "body"), 0);
	run = json_array_get(json_object_get(block, "inlines"), 0);
	text = json_string_value(json_object_get(run, "text"));
	ok(json_array_size(json_object_get(card, "body")) == 1 &&
		   !strcmp(json_string_value(json_object_get(block, "type")), "RichTextBlock") &&
		   !strcmp(json_string_value(json_object_get(run, "type")), "TextRun"),
	   "Teams is given a block that knows no marks");
	ok(text && strstr(text, typed), "with what was typed");
	json_decref(root);
}

int main(void)
{
	slack();
	teams();
	return done();
}
