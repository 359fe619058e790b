#include "serve/webhook.h"

#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdio.h>

#include "report/answer_json.h"
#include "serve/news_words.h"

void webhook_secret_text(const unsigned char secret[OUTLET_SECRET_BYTES], char out[WEBHOOK_SECRET_TEXT])
{
	char text[WEBHOOK_SECRET_TEXT];

	sodium_bin2base64(text, sizeof(text), secret, OUTLET_SECRET_BYTES, sodium_base64_VARIANT_ORIGINAL);
	snprintf(out, WEBHOOK_SECRET_TEXT, "whsec_%.50s", text);
}

void webhook_sign(const unsigned char *secret, size_t secret_len, const char *id, int64_t at_s, struct str body,
		  char out[WEBHOOK_SIGNATURE])
{
	unsigned char mac[crypto_auth_hmacsha256_BYTES];
	char text[WEBHOOK_SIGNATURE], seconds[32];
	crypto_auth_hmacsha256_state state;

	snprintf(seconds, sizeof(seconds), ".%" PRId64 ".", at_s);
	crypto_auth_hmacsha256_init(&state, secret, secret_len);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)id, strlen(id));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)seconds, strlen(seconds));
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)body.at, body.len);
	crypto_auth_hmacsha256_final(&state, mac);
	sodium_bin2base64(text, sizeof(text), mac, sizeof(mac), sodium_base64_VARIANT_ORIGINAL);
	snprintf(out, WEBHOOK_SIGNATURE, "v1,%.50s", text);
}

static json_t *for_program(const struct outbox_message *message, const struct zone *zone)
{
	json_t *data = json_object();
	char at[40];

	zone_format(zone, message->made_ms, at);
	for (size_t i = 0; i < message->fact_count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "%.*s", STR_ARG(message->facts[i].name));
		json_object_set_new(data, name, json_str(message->facts[i].value));
	}
	return json_pack("{s:o, s:s, s:o}", "type", json_str(message->kind), "timestamp", at, "data", data);
}

/* Slack reads &, < and > as its own marks. */
static json_t *for_slack(struct str words)
{
	struct buf text;
	json_t *root;

	buf_init(&text, 1 << 16);
	for (size_t i = 0; i < words.len; i++) {
		switch (words.at[i]) {
		case '&': buf_add_text(&text, "&amp;"); break;
		case '<': buf_add_text(&text, "&lt;"); break;
		case '>': buf_add_text(&text, "&gt;"); break;
		default: buf_add_char(&text, words.at[i]);
		}
	}
	root = json_pack("{s:o}", "text", json_str(buf_str(&text)));
	buf_release(&text);
	return root;
}

/* A block of runs is plain text: in one of text alone, brackets and stars of what somebody typed would be links and marks. */
static json_t *for_teams(struct str words)
{
	return json_pack("{s:s, s:[{s:s, s:n, s:{s:s, s:s, s:s, s:[{s:s, s:[{s:s, s:o}]}]}}]}", "type", "message",
			 "attachments", "contentType", "application/vnd.microsoft.card.adaptive", "contentUrl",
			 "content", "$schema", "http://adaptivecards.io/schemas/adaptive-card.json", "type",
			 "AdaptiveCard", "version", "1.4", "body", "type", "RichTextBlock", "inlines", "type",
			 "TextRun", "text", json_str(words));
}

void webhook_body(const struct outbox_message *message, const struct zone *zone, struct buf *out)
{
	struct buf words;
	json_t *root;

	buf_init(&words, 1 << 14);
	news_words(message, &words);
	if (message->way == OUTBOX_SLACK)
		root = for_slack(buf_str(&words));
	else if (message->way == OUTBOX_TEAMS)
		root = for_teams(buf_str(&words));
	else
		root = for_program(message, zone);
	json_print(root, 0, out);
	json_decref(root);
	buf_release(&words);
}
