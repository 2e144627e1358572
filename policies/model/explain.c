/*
 * One table of whole sentences: a rule, the verdicts it suits, the members it needs, the words.
 *
 * The first row that fits is used. Members stand in the sentence by name ({messenger}), so that a
 * translation may put them in any order; a row that needs one the reason lacks is passed over, and
 * the last row of each rule needs none. Sentences are never put together from parts: what stands
 * behind another (the alternative) is a sentence of its own.
 */
#include "model/explain.h"

#include <string.h>

enum {
	ALLOW = 1 << OD_VERDICT_ALLOW,
	WARN = 1 << OD_VERDICT_WARN,
	ASK = 1 << OD_VERDICT_ASK,
	BLOCK = 1 << OD_VERDICT_BLOCK,
	ANY = ALLOW | WARN | ASK | BLOCK,
};

enum { MESSENGER, SUGGEST, DETAIL, LABEL, SERVICE, ZONE, MEMBERS };

static const char *const member_names[MEMBERS] = {
	[MESSENGER] = "{messenger}",
	[SUGGEST] = "{suggest}",
	[DETAIL] = "{detail}",
	[LABEL] = "{label}",
	[SERVICE] = "{service}",
	[ZONE] = "{zone}",
};

struct sentence {
	enum od_rule rule;
	unsigned verdicts;
	const char *text;
};

/* clang-format off */
static const struct sentence sentences[] = {
	{ OD_RULE_NONE, ANY, N_("No company rule concerns this.") },

	{ OD_RULE_NOT_A_MESSENGER, ANY,
	  N_("This program is not a messenger, so the messaging policy does not concern it.") },

	{ OD_RULE_EXEMPT, ANY, N_("The messaging policy does not apply to this account.") },

	{ OD_RULE_MESSENGER, ALLOW,
	  N_("{messenger} is allowed: your company has made a rule for it.") },
	{ OD_RULE_MESSENGER, WARN,
	  N_("Your company advises against {messenger}.") },
	{ OD_RULE_MESSENGER, ASK,
	  N_("Your company asks you to think twice before you use {messenger}.") },
	{ OD_RULE_MESSENGER, BLOCK,
	  N_("{messenger} is blocked: your company has made a rule for it.") },
	{ OD_RULE_MESSENGER, ALLOW, N_("Your company has made a rule that allows this messenger.") },
	{ OD_RULE_MESSENGER, WARN | ASK, N_("Your company advises against this messenger.") },
	{ OD_RULE_MESSENGER, BLOCK, N_("Your company has made a rule that blocks this messenger.") },

	{ OD_RULE_BLOCKED, BLOCK, N_("{messenger} is blocked by your company.") },
	{ OD_RULE_BLOCKED, WARN | ASK,
	  N_("{messenger} is on the list of messengers your company blocks; for now you are only warned.") },
	{ OD_RULE_BLOCKED, ALLOW,
	  N_("{messenger} is on the list of messengers your company blocks, but the policy is still on trial.") },
	{ OD_RULE_BLOCKED, ANY, N_("This messenger is on the list of messengers your company blocks.") },

	{ OD_RULE_APPROVED, ANY, N_("{messenger} is approved by your company.") },
	{ OD_RULE_APPROVED, ANY, N_("This messenger is approved by your company.") },

	{ OD_RULE_REQUIRE, BLOCK,
	  N_("{messenger} is blocked: your company requires {detail}, and this is not confirmed for it.") },
	{ OD_RULE_REQUIRE, WARN | ASK,
	  N_("{messenger} is not recommended: your company requires {detail}, and this is not confirmed for it.") },
	{ OD_RULE_REQUIRE, ALLOW,
	  N_("Your company requires {detail}, which is not confirmed for {messenger}, but the policy is still on trial.") },
	{ OD_RULE_REQUIRE, ALLOW,
	  N_("{messenger} is allowed: it meets what your company requires of a messenger.") },
	{ OD_RULE_REQUIRE, ALLOW, N_("This messenger meets what your company requires.") },
	{ OD_RULE_REQUIRE, WARN | ASK | BLOCK,
	  N_("This messenger does not meet what your company requires.") },

	{ OD_RULE_UNLISTED, ALLOW,
	  N_("{messenger} is not on the company's lists, and those that are not may be used.") },
	{ OD_RULE_UNLISTED, WARN | ASK,
	  N_("{messenger} is not among the messengers your company approves.") },
	{ OD_RULE_UNLISTED, BLOCK,
	  N_("{messenger} is blocked: only messengers your company approves may be used.") },
	{ OD_RULE_UNLISTED, ALLOW, N_("Messengers that are not on the company's lists may be used.") },
	{ OD_RULE_UNLISTED, WARN | ASK, N_("This messenger is not among those your company approves.") },
	{ OD_RULE_UNLISTED, BLOCK, N_("Only messengers your company approves may be used.") },

	{ OD_RULE_HOURS, ALLOW, N_("These are your working hours (schedule {label}).") },
	{ OD_RULE_HOURS, WARN | ASK | BLOCK,
	  N_("This is outside your working hours (schedule {label}).") },
	{ OD_RULE_HOURS, ALLOW, N_("These are your working hours.") },
	{ OD_RULE_HOURS, WARN | ASK | BLOCK, N_("This is outside your working hours.") },

	{ OD_RULE_DATE, ALLOW,
	  N_("Your schedule has hours of its own for this date, and you are on duty now (schedule {label}).") },
	{ OD_RULE_DATE, WARN | ASK | BLOCK,
	  N_("Your schedule has hours of its own for this date, and you are off duty now (schedule {label}).") },
	{ OD_RULE_DATE, ALLOW, N_("By the hours set for this date, you are on duty now.") },
	{ OD_RULE_DATE, WARN | ASK | BLOCK, N_("By the hours set for this date, you are off duty now.") },

	{ OD_RULE_HOLIDAY, ALLOW, N_("Today is a public holiday that you work: {detail}.") },
	{ OD_RULE_HOLIDAY, WARN | ASK | BLOCK, N_("Today is a public holiday: {detail}.") },
	{ OD_RULE_HOLIDAY, ALLOW, N_("Today is a public holiday that you work.") },
	{ OD_RULE_HOLIDAY, WARN | ASK | BLOCK, N_("Today is a public holiday.") },

	{ OD_RULE_LEAVE, ALLOW, N_("Your leave is over.") },
	{ OD_RULE_LEAVE, WARN | ASK | BLOCK, N_("You are on leave.") },

	{ OD_RULE_ON_CALL, ALLOW, N_("You are on call ({label}).") },
	{ OD_RULE_ON_CALL, WARN | ASK | BLOCK, N_("You are on call ({label}), but not for this.") },
	{ OD_RULE_ON_CALL, ALLOW, N_("You are on call.") },
	{ OD_RULE_ON_CALL, WARN | ASK | BLOCK, N_("You are on call, but not for this.") },

	{ OD_RULE_NO_SCHEDULE, ANY,
	  N_("Your company has set no working hours for you, so nothing is kept back.") },

	{ OD_RULE_LIFT, ANY, N_("You have chosen to receive work notifications now.") },

	{ OD_RULE_REST, ANY, N_("You have chosen to rest: work notifications wait.") },

	{ OD_RULE_CLOCK, ANY,
	  N_("The clock of this computer cannot be trusted yet, so nothing is kept back.") },

	{ OD_RULE_WORK, ALLOW, N_("{messenger} is a work application.") },
	{ OD_RULE_WORK, WARN | ASK | BLOCK,
	  N_("{messenger} is a work application, and you are off duty.") },
	{ OD_RULE_WORK, ALLOW, N_("This is a work notification.") },
	{ OD_RULE_WORK, WARN | ASK | BLOCK, N_("This is a work notification, and you are off duty.") },

	{ OD_RULE_PRIVATE, ANY, N_("{messenger} is not one of your work applications.") },
	{ OD_RULE_PRIVATE, ANY, N_("This is not a work notification.") },

	{ OD_RULE_OFF_DUTY, ALLOW,
	  N_("Your company lets work notifications through outside working hours.") },
	{ OD_RULE_OFF_DUTY, WARN | ASK | BLOCK,
	  N_("Work notifications wait until you are on duty again.") },

	{ OD_RULE_BREAKTHROUGH, ALLOW,
	  N_("This is let through by the company's rule for urgent matters ({label}).") },
	{ OD_RULE_BREAKTHROUGH, WARN | ASK | BLOCK,
	  N_("The company's rule for urgent matters ({label}) has let through as many as it may for now.") },
	{ OD_RULE_BREAKTHROUGH, ALLOW,
	  N_("This is let through by a company rule for urgent matters.") },
	{ OD_RULE_BREAKTHROUGH, WARN | ASK | BLOCK,
	  N_("A company rule for urgent matters has let through as many as it may for now.") },

	{ OD_RULE_OWN, ANY, N_("This comes from Offduty itself.") },

	{ OD_RULE_SHARING, ALLOW,
	  N_("Sharing such a file through {messenger} is noted, by the company rule {label}.") },
	{ OD_RULE_SHARING, WARN,
	  N_("Your company advises against sharing this file through {messenger} (rule {label}).") },
	{ OD_RULE_SHARING, ASK,
	  N_("Your company asks you to confirm that this file may go through {messenger} (rule {label}).") },
	{ OD_RULE_SHARING, BLOCK,
	  N_("Your company does not allow this file to go through {messenger} (rule {label}).") },
	{ OD_RULE_SHARING, ALLOW, N_("Sharing such a file is noted, by the company rule {label}.") },
	{ OD_RULE_SHARING, WARN, N_("Your company advises against sharing this file (rule {label}).") },
	{ OD_RULE_SHARING, ASK,
	  N_("Your company asks you to confirm that this file may be shared (rule {label}).") },
	{ OD_RULE_SHARING, BLOCK,
	  N_("Your company does not allow this file to be shared this way (rule {label}).") },
	{ OD_RULE_SHARING, ALLOW, N_("Sharing such a file is noted, by a company rule.") },
	{ OD_RULE_SHARING, WARN | ASK, N_("Your company advises against sharing this file.") },
	{ OD_RULE_SHARING, BLOCK, N_("Your company does not allow this file to be shared this way.") },
};

/* What follows where there is an alternative. */
static const struct {
	unsigned verdicts;
	const char *text;
} alternatives[] = {
	{ BLOCK, N_("Use {suggest} instead.") },
	{ WARN | ASK, N_("Your company recommends {suggest}.") },
};

/* What a requirement asks for, in words that follow "requires". */
static const struct {
	const char *requirement;
	const char *text;
} requirements[] = {
	{ "price:*", N_("a known price") },
	{ "price:free", N_("a known price") },
	{ "price:freemium", N_("a messenger that can be paid for") },
	{ "price:paid", N_("a messenger that is paid for") },
	{ "e2ee:*", N_("a known state of encryption") },
	{ "e2ee:none", N_("a known state of encryption") },
	{ "e2ee:optional", N_("end-to-end encryption") },
	{ "e2ee:default", N_("end-to-end encryption by default") },
	{ "client:*", N_("a known licence of the application") },
	{ "client:closed", N_("a known licence of the application") },
	{ "client:open", N_("an open-source application") },
	{ "server:*", N_("a known licence of the server") },
	{ "server:closed", N_("a known licence of the server") },
	{ "server:open", N_("an open-source server") },
	{ "collects:*", N_("a known collection of data") },
	{ "collects:content", N_("a known collection of data") },
	{ "collects:metadata", N_("that the content of conversations is not collected") },
	{ "collects:minimal", N_("that hardly any data is collected") },
	{ "privacy-policy:*", N_("a known answer on its privacy policy") },
	{ "privacy-policy:none", N_("a known answer on its privacy policy") },
	{ "privacy-policy:known", N_("a published privacy policy") },
	{ "hosting:*", N_("known places of storage") },
	{ "hosting:inadequate", N_("known places of storage") },
	{ "hosting:mixed", N_("storage at least partly in countries with adequate data protection") },
	{ "hosting:adequate", N_("storage in countries with adequate data protection") },
};
/* clang-format on */

struct writer {
	char *text;
	size_t at, size;
};

static const char *untranslated(const char *msgid)
{
	return msgid;
}

static void put(struct writer *writer, const char *text, size_t length)
{
	size_t room = writer->size - 1 - writer->at;

	if (length > room)
		length = room;
	memcpy(writer->text + writer->at, text, length);
	writer->at += length;
}

/* The member whose name stands at @at, or MEMBERS. */
static size_t member_at(const char *at)
{
	size_t i = 0;

	while (i < MEMBERS && strncmp(at, member_names[i], strlen(member_names[i])) != 0)
		i++;
	return i;
}

/* A translation that asks for a member the sentence does not have gets it as it is written. */
static void put_sentence(struct writer *writer, const char *text, const char *const *members)
{
	while (*text) {
		size_t member = *text == '{' ? member_at(text) : MEMBERS;
		size_t length = 1 + strcspn(text + 1, "{");

		if (member < MEMBERS && members[member]) {
			put(writer, members[member], strlen(members[member]));
			text += strlen(member_names[member]);
		} else {
			put(writer, text, length);
			text += length;
		}
	}
}

static bool has_members(const char *text, const char *const *members)
{
	for (const char *at = strchr(text, '{'); at; at = strchr(at + 1, '{')) {
		size_t member = member_at(at);

		if (member < MEMBERS && !members[member])
			return false;
	}
	return true;
}

static const char *find_sentence(enum od_rule rule, unsigned verdict, const char *const *members)
{
	for (size_t i = 0; i < OD_ELEMENTS(sentences); i++)
		if (sentences[i].rule == rule && (sentences[i].verdicts & verdict) &&
			has_members(sentences[i].text, members))
			return sentences[i].text;
	return sentences[0].text;
}

static const char *find_alternative(enum od_rule rule, unsigned verdict)
{
	if (rule != OD_RULE_MESSENGER && rule != OD_RULE_BLOCKED && rule != OD_RULE_REQUIRE &&
		rule != OD_RULE_UNLISTED && rule != OD_RULE_SHARING)
		return NULL;
	for (size_t i = 0; i < OD_ELEMENTS(alternatives); i++)
		if (alternatives[i].verdicts & verdict)
			return alternatives[i].text;
	return NULL;
}

/* Not in the middle of a character: back to before the one that was cut. */
static void finish(struct writer *writer, bool cut)
{
	size_t start = writer->at;

	while (cut && start > 0 && ((unsigned char) writer->text[start - 1] & 0xc0) == 0x80)
		start--;
	if (cut && start > 0 && (unsigned char) writer->text[start - 1] >= 0xc0) {
		unsigned char lead = (unsigned char) writer->text[start - 1];
		size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

		if (writer->at - (start - 1) < length)
			writer->at = start - 1;
	}
	writer->text[writer->at] = '\0';
}

/* Empty is as good as missing. */
static const char *present(const char *text)
{
	return text && text[0] ? text : NULL;
}

static const char *detail_words(const struct od_reason *reason, od_translate_fn translate)
{
	for (size_t i = 0;
		reason->rule == OD_RULE_REQUIRE && reason->detail && i < OD_ELEMENTS(requirements);
		i++)
		if (strcmp(requirements[i].requirement, reason->detail) == 0)
			return translate(requirements[i].text);
	return present(reason->detail);
}

void od_explain(const struct od_reason *reason, enum od_verdict verdict, od_translate_fn translate,
	char *text, size_t size)
{
	struct writer writer = { .text = text, .size = size };
	unsigned bit = (unsigned) verdict <= OD_VERDICT_BLOCK ? 1u << verdict : ALLOW;
	const char *members[MEMBERS] = { NULL };
	const char *alternative;

	if (size == 0)
		return;
	if (!translate)
		translate = untranslated;
	members[MESSENGER] = present(reason->messenger_name);
	if (!members[MESSENGER])
		members[MESSENGER] = present(reason->messenger);
	members[SUGGEST] = present(reason->suggest);
	members[DETAIL] = detail_words(reason, translate);
	members[LABEL] = present(reason->label);
	members[SERVICE] = present(reason->service);
	members[ZONE] = present(reason->zone);

	put_sentence(&writer, translate(find_sentence(reason->rule, bit, members)), members);
	alternative = members[SUGGEST] ? find_alternative(reason->rule, bit) : NULL;
	if (alternative) {
		put(&writer, " ", 1);
		put_sentence(&writer, translate(alternative), members);
	}
	finish(&writer, writer.at == size - 1);
}
