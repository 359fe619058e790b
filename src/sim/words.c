#include "sim/words.h"

/* clang-format off */
static const char *const first[] = {
	"Ada", "Amir", "Anke", "Arno", "Basma", "Beate", "Bela", "Bruno", "Carla", "Chen", "Clara", "Dario", "Dilek", "Dora",
	"Edda", "Elif", "Emil", "Enno", "Eva", "Farid", "Femke", "Finn", "Gesa", "Gil", "Hana", "Hauke", "Ida", "Ilse",
	"Imre", "Ines", "Ivo", "Jana", "Joris", "Jule", "Kaja", "Karim", "Kofi", "Lea", "Levin", "Lotte", "Maren", "Mats",
	"Mila", "Nadia", "Nils", "Noor", "Olaf", "Oona", "Paula", "Pavel", "Rana", "Rik", "Rosa", "Sami", "Selma", "Stig",
	"Tamar", "Tove", "Ulf", "Vera", "Yusuf",
};
static const char *const last[] = {
	"Abendroth", "Achterberg", "Albrook", "Amsel", "Aschbach", "Birkental", "Blanker", "Borowy", "Brinkhoff", "Buchsteg",
	"Carrow", "Castelo", "Dahlquist", "Darnell", "Dornfeld", "Dragan", "Eichgrund", "Ellerby", "Engström", "Ferber",
	"Fjordal", "Flindt", "Garnow", "Gerlach", "Glasmacher", "Haberkorn", "Halden", "Hartung", "Heidkamp", "Holmgren",
	"Iversen", "Jablonka", "Jessen", "Kaltwasser", "Karaca", "Kestner", "Klee", "Kovar", "Landauer", "Lindqvist",
	"Lorenzen", "Lunding", "Maibaum", "Marek", "Meadows", "Mohnhaupt", "Nakato", "Nebel", "Norrland", "Oakes", "Odenthal",
	"Osei", "Pallas", "Petrow", "Quandt", "Rabenau", "Reinholt", "Rosenau", "Sandberg", "Saleh", "Schilling", "Seeland",
	"Silva", "Sommerfeld", "Stegen", "Taubert", "Thorne", "Tillmann", "Uhlen", "Vandamme", "Vesely", "Waldau", "Wexford",
	"Winterberg", "Yilmaz", "Zabel", "Zander", "Ziegler", "Zorn",
};
static const char *const front[] = {
	"Alder", "Amber", "Ash", "Beck", "Birch", "Bright", "Brook", "Cedar", "Clear", "Cliff", "Copper", "Crest", "Dawn", "Dell",
	"East", "Elm", "Ever", "Fair", "Fern", "Flint", "Glen", "Gold", "Green", "Grove", "Harbor", "Hazel", "High", "Iron",
	"Juniper", "Kings", "Lark", "Linden", "Long", "Maple", "Marsh", "Mill", "Moor", "North", "Oak", "Pine", "Quarry", "River",
	"Silver", "Stone", "Summer", "Thorn", "West", "Willow",
};
static const char *const back[] = {
	"bank", "bridge", "brook", "bury", "croft", "dale", "field", "ford", "gate", "haven", "hill", "holm", "hurst", "land",
	"leigh", "mark", "mere", "mont", "mouth", "ridge", "stead", "strand", "ton", "vale", "ward", "wick", "wood", "worth",
};
static const char *const industry[] = {
	"Dairy", "Bakeries", "Brewing", "Packaging", "Coatings", "Foundry", "Timber", "Textiles", "Ceramics", "Plastics",
	"Pharma", "Paper",
};
static const char *const theme[] = {
	"Clean air", "Dust at the mill", "Energy savings", "Audit ready", "Longer runs", "Less downtime", "Quiet halls",
	"Safe handling", "Fewer changes", "Fine particles", "Oil mist", "Retrofit", "Leasing", "Spare parts", "Starter kit",
	"Line check", "Total cost", "Wet or dry", "Small plants", "Night shift",
};
/* clang-format on */

#define LIST(name, array) const struct word_list name = { array, sizeof(array) / sizeof(array[0]) }
LIST(words_first, first);
LIST(words_last, last);
LIST(words_company_front, front);
LIST(words_company_back, back);
LIST(words_industry, industry);
LIST(words_theme, theme);

struct str words_colleague(uint64_t i, uint32_t shift, struct arena *arena)
{
	/* 61 first names and 79 last ones: both prime, so that pairs repeat only after 61 × 79. */
	uint64_t a = (i * 17 + shift) % words_first.count, b = (i * 31 + shift / 61) % words_last.count;

	return str_of(arena_printf(arena, "%s %s", words_first.words[a], words_last.words[b]));
}

struct str words_slug(struct str text, struct arena *arena)
{
	char *out = arena_alloc(arena, text.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[len++] = c;
	}
	return (struct str){ out, len };
}
