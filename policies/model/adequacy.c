/* Lists of countries; small, and asked only while a catalogue is read or explained. */
#include "model/adequacy.h"

#include <stdlib.h>
#include <string.h>

/* ISO 3166-1 alpha-2, as of 2026: each code and a blank. */
static const char codes[] =
	"AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ "
	"BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM "
	"DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS "
	"GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN "
	"KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ "
	"MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
	"PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
	"SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI "
	"VN VU WF WS YE YT ZA ZM ZW ";

/* What people write instead. */
static const struct {
	const char *written, *meant;
} slips[] = { { "UK", "GB" }, { "EL", "GR" }, { "USA", "US" }, { "UAE", "AE" }, { "EWR", "EEA" },
	{ "EEE", "EEA" }, { "UE", "EU" } };

void od_adequacy_done(struct od_adequacy *adequacy)
{
	free(adequacy->id);
	free(adequacy->authority);
	free(adequacy->source);
	free(adequacy->as_of);
	od_strings_done(&adequacy->countries);
	memset(adequacy, 0, sizeof(*adequacy));
}

static const char *find_code(const char *text)
{
	if (strlen(text) != 2)
		return NULL;
	for (const char *at = codes; *at; at += 3)
		if (at[0] == text[0] && at[1] == text[1])
			return at;
	return NULL;
}

bool od_adequacy_place_known(const char *text, bool places)
{
	return find_code(text) || strcmp(text, "EU") == 0 || strcmp(text, "EEA") == 0 ||
	       (places && strcmp(text, "elsewhere") == 0);
}

const char *od_adequacy_place_meant(const char *text, bool places)
{
	static const char *const words[] = { "EU", "EEA", "elsewhere" };

	for (size_t i = 0; i < OD_ELEMENTS(slips); i++)
		if (strcasecmp(slips[i].written, text) == 0)
			return slips[i].meant;
	for (size_t i = 0; i < OD_ELEMENTS(words) - !places; i++)
		if (strcasecmp(words[i], text) == 0)
			return words[i];
	return NULL;
}

const struct od_adequacy *od_adequacy_of(const od_adequacies *lists, const char *country)
{
	od_array_foreach (list, lists)
		if (od_strings_contains(&list->countries, country))
			return list;
	return NULL;
}

int od_adequacy_level(const od_adequacies *lists, const od_strings *places)
{
	size_t adequate = 0;

	if (places->n == 0)
		return -1;
	od_array_foreach (place, places)
		adequate += od_adequacy_of(lists, *place) != NULL;
	return adequate == places->n ? 2 : adequate > 0;
}
