/*
 * One notification, every identity it has, one verdict.
 *
 * Identities are looked up one by one and kept side by side: whichever of them is work makes the
 * notification work, so that a work application gains nothing by claiming another name. A name that
 * merely *looks* private is never a reason to let pass. An employee's rest is asked before anything
 * else, also before off-duty = pass: more quiet is theirs to take.
 */
#include "model/notice.h"

#include <string.h>

#define HOST_LENGTH_MAX  253 /* RFC 1035 */
#define LABEL_LENGTH_MAX 63
#define IDENTITIES_MAX   6

struct identities {
	const struct od_messenger *messengers[IDENTITIES_MAX]; /* NULL: not in the catalogue */
	const char *desktops[IDENTITIES_MAX]; /* what desktop:ID is compared with; NULL: none */
};

static char fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
}

static bool same_folded(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (fold(a[i]) != fold(b[i]))
			return false;
	return true;
}

static const char *base_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

static void identify(const struct od_catalogue *catalogue, const struct od_notice *notice,
	struct identities *ret)
{
	const struct od_program sandbox = { .flatpak = notice->flatpak };
	const struct od_program program = { .path = notice->exe };

	*ret = (struct identities){ .desktops = { notice->flatpak, notice->desktop_entry,
					    notice->unit_app, base_name(notice->exe),
					    notice->app_name } };
	if (!catalogue)
		return;
	if (notice->flatpak)
		ret->messengers[0] = od_catalogue_match_program(catalogue, &sandbox, NULL);
	if (notice->desktop_entry)
		ret->messengers[1] =
			od_catalogue_match_notice(catalogue, NULL, notice->desktop_entry);
	if (notice->unit_app)
		ret->messengers[2] = od_catalogue_match_notice(catalogue, NULL, notice->unit_app);
	if (notice->exe)
		ret->messengers[3] = od_catalogue_match_program(catalogue, &program, NULL);
	if (notice->host)
		ret->messengers[4] =
			od_catalogue_match_site(catalogue, notice->host, notice->host_path);
	if (notice->app_name)
		ret->messengers[5] = od_catalogue_match_notice(catalogue, notice->app_name, NULL);
}

/* "/usr/share/applications/x.desktop", "x.desktop" and "X" are one desktop entry. */
static bool is_desktop(const char *wanted, const char *claimed)
{
	size_t length, wanted_length = strlen(wanted);

	if (!claimed)
		return false;
	claimed = base_name(claimed);
	length = strlen(claimed);
	if (length == wanted_length + 8 && strcmp(claimed + wanted_length, ".desktop") == 0)
		length = wanted_length;
	return length == wanted_length && same_folded(wanted, claimed, length);
}

/* @site is HOST, *.HOST or either with /path. A path the browser does not tell counts as the one. */
static bool is_site(const char *site, const struct od_notice *notice)
{
	size_t length = strcspn(site, "/"), host_length;
	const char *prefix = site + length, *host = notice->host;
	size_t prefix_length = strlen(prefix);

	if (!host)
		return false;
	host_length = strlen(host);
	if (site[0] == '*' && site[1] == '.') {
		site++;
		length--;
		if (host_length <= length)
			return false;
		host += host_length - length;
		host_length = length;
	}
	if (host_length != length || !same_folded(site, host, length))
		return false;
	while (prefix_length > 0 && prefix[prefix_length - 1] == '/')
		prefix_length--;
	if (prefix_length == 0 || !notice->host_path)
		return true;
	return strncmp(prefix, notice->host_path, prefix_length) == 0 &&
	       strchr("/?#", notice->host_path[prefix_length]); /* finds the end, too */
}

static bool name_matches(const struct od_name *name, const struct od_notice *notice,
	const struct identities *identities, const struct od_messenger **ret_messenger)
{
	for (size_t i = 0; i < IDENTITIES_MAX; i++) {
		const struct od_messenger *m = identities->messengers[i];

		if (m && ((name->kind == OD_NAME_MESSENGER && strcmp(name->value, m->id) == 0) ||
				 (name->kind == OD_NAME_SERVICE &&
					 strcmp(name->value, m->service) == 0))) {
			*ret_messenger = m;
			return true;
		}
		if (name->kind == OD_NAME_DESKTOP &&
			is_desktop(name->value, identities->desktops[i]))
			return true;
	}
	return name->kind == OD_NAME_SITE && is_site(name->value, notice);
}

/* The first name of the list that one of the identities bears. */
static const struct od_name *find_name(const od_names *names, const struct od_notice *notice,
	const struct identities *identities, const struct od_messenger **ret_messenger)
{
	od_array_foreach (name, names) {
		if (name_matches(name, notice, identities, ret_messenger))
			return name;
	}
	return NULL;
}

/* Bytes of letters other than ASCII count as letters. */
static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || (unsigned char) c >= 0x80;
}

/* @word somewhere in @text as a word of its own; case does not count. "fire" is not in "firefox". */
static bool contains_word(const char *text, const char *word)
{
	size_t length = strlen(word), text_length = text ? strlen(text) : 0;

	if (length == 0)
		return false;
	for (size_t i = 0; i + length <= text_length; i++) {
		if (fold(text[i]) != fold(word[0]) || !same_folded(text + i, word, length))
			continue;
		if (i > 0 && is_word(text[i - 1]) && is_word(word[0]))
			continue;
		if (is_word(text[i + length]) && is_word(word[length - 1]))
			continue;
		return true;
	}
	return false;
}

static bool any_word(const od_strings *words, const char *text, const char *other)
{
	od_array_foreach (word, words) {
		if (contains_word(text, *word) || contains_word(other, *word))
			return true;
	}
	return false;
}

/* Keys are AND. Urgency is the sender's own claim: alone it opens nothing. */
static bool breaks_through(const struct od_breakthrough *rule, const struct od_notice *notice,
	const struct identities *identities)
{
	const struct od_messenger *messenger = NULL;

	if (rule->work.n == 0 && rule->senders.n == 0 && rule->keywords.n == 0)
		return false;
	if (notice->urgency < rule->urgency)
		return false;
	if (rule->work.n > 0 && !find_name(&rule->work, notice, identities, &messenger))
		return false;
	if (rule->senders.n > 0 && !any_word(&rule->senders, notice->summary, NULL))
		return false;
	return rule->keywords.n == 0 || any_word(&rule->keywords, notice->summary, notice->body);
}

static void because(struct od_notice_verdict *verdict, enum od_notice_action action,
	enum od_rule rule, struct od_origin origin, const char *label)
{
	verdict->action = action;
	verdict->reason = (struct od_reason){ .rule = rule, .origin = origin, .label = label };
}

static void because_of_duty(
	struct od_notice_verdict *verdict, enum od_notice_action action, const struct od_duty *duty)
{
	verdict->action = action;
	verdict->reason = duty->reason;
}

/* True where a rule lets it through; a rule that has used up its rate is still named. */
static bool decide_breakthrough(const struct od_policy *policy, const struct od_notice *notice,
	const struct identities *identities,
	bool (*left)(const struct od_breakthrough *rule, void *userdata), void *userdata,
	struct od_notice_verdict *ret)
{
	od_array_foreach (rule, &policy->breakthroughs) {
		if (!breaks_through(rule, notice, identities))
			continue;
		if (!ret->breakthrough)
			ret->breakthrough = rule;
		if (left && !left(rule, userdata))
			continue;
		ret->breakthrough = rule;
		because(ret, OD_NOTICE_PASS, OD_RULE_BREAKTHROUGH, rule->origin, rule->label);
		return true;
	}
	return false;
}

static void decide_work(const struct od_policy *policy, const struct od_notice *notice,
	const struct identities *identities, const struct od_duty *duty,
	bool (*left)(const struct od_breakthrough *rule, void *userdata), void *userdata,
	struct od_notice_verdict *ret)
{
	const struct od_messenger *ignored = NULL;
	const struct od_name *name;

	if (duty->on) {
		because_of_duty(ret, OD_NOTICE_PASS, duty);
		return;
	}
	if (duty->reason.rule == OD_RULE_REST) {
		because_of_duty(ret, OD_NOTICE_HOLD, duty);
		return;
	}
	if (policy->notifications.off_duty == OD_OFF_DUTY_PASS) {
		because(ret, OD_NOTICE_PASS, OD_RULE_OFF_DUTY, policy->notifications.origin, NULL);
		return;
	}
	name = duty->on_call ? find_name(&duty->on_call->work, notice, identities, &ignored) : NULL;
	if (name) {
		because(ret, OD_NOTICE_PASS, OD_RULE_ON_CALL, name->origin, duty->on_call->label);
		return;
	}
	if (decide_breakthrough(policy, notice, identities, left, userdata, ret))
		return;
	because_of_duty(ret, OD_NOTICE_HOLD, duty);
	if (ret->reason.rule == OD_RULE_NONE)
		because(ret, OD_NOTICE_HOLD, OD_RULE_OFF_DUTY, policy->notifications.origin, NULL);
}

/* Work is what [notifications] names, and what a turn on call names beside it. */
static bool is_work(const struct od_policy *policy, const struct od_notice *notice,
	const struct identities *identities, const struct od_duty *duty,
	const struct od_messenger **ret_messenger)
{
	if (find_name(&policy->notifications.work, notice, identities, ret_messenger))
		return true;
	return duty->on_call && find_name(&duty->on_call->work, notice, identities, ret_messenger);
}

void od_notice_decide(const struct od_policy *policy, const struct od_notice *notice,
	const struct od_duty *duty,
	bool (*breakthrough_left)(const struct od_breakthrough *rule, void *userdata),
	void *userdata, struct od_notice_verdict *ret)
{
	struct identities identities;

	*ret = (struct od_notice_verdict){ .action = OD_NOTICE_PASS };
	identify(policy->catalogue, notice, &identities);
	ret->work = !notice->own && is_work(policy, notice, &identities, duty, &ret->messenger);
	for (size_t i = 0; i < IDENTITIES_MAX && !ret->messenger; i++)
		ret->messenger = identities.messengers[i];

	if (notice->own)
		because(ret, OD_NOTICE_PASS, OD_RULE_OWN, (struct od_origin){ 0 }, NULL);
	else if (!ret->work)
		because(ret, OD_NOTICE_PASS, OD_RULE_PRIVATE, policy->notifications.origin, NULL);
	else
		decide_work(policy, notice, &identities, duty, breakthrough_left, userdata, ret);
	if (ret->messenger) {
		ret->reason.messenger = ret->messenger->id;
		ret->reason.messenger_name = ret->messenger->name;
		ret->reason.service = ret->messenger->service;
	}
}

/* Letters, digits and "-" in labels between dots; @length bytes. */
static bool is_host(const char *text, size_t length, bool dotted)
{
	size_t label = 0;
	bool dot = false;

	if (length == 0 || length > HOST_LENGTH_MAX)
		return false;
	for (size_t i = 0; i < length; i++) {
		char c = fold(text[i]);

		if (c == '.') {
			if (label == 0)
				return false;
			dot = true;
			label = 0;
			continue;
		}
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-') ||
			++label > LABEL_LENGTH_MAX)
			return false;
	}
	return label > 0 && (dot || !dotted);
}

static bool copy_host(const char *text, size_t length, bool dotted, char *host, size_t size)
{
	if (length >= size || !is_host(text, length, dotted))
		return false;
	for (size_t i = 0; i < length; i++)
		host[i] = fold(text[i]);
	host[length] = '\0';
	return true;
}

/*
 * A link is believed whatever its host; a bare first line only where it has a dot, since "Hello" is
 * no host. User names before the host are refused: browsers never write them in an origin.
 */
bool od_notice_host_from_body(const char *body, char *host, size_t size)
{
	static const char *const links[] = { "<a href=\"https://", "<a href=\"http://" };
	size_t length;

	if (!body)
		return false;
	body += strspn(body, " \t\r\n");
	for (size_t i = 0; i < OD_ELEMENTS(links); i++) {
		const char *text = body + strlen(links[i]);

		if (strncmp(body, links[i], strlen(links[i])) != 0)
			continue;
		length = strcspn(text, "/:?#\"@");
		return text[length] != '\0' && text[length] != '@' &&
		       !(text[length] == ':' &&
			       text[length + 1 + strcspn(text + length + 1, "@\"/")] == '@') &&
		       copy_host(text, length, false, host, size);
	}
	length = strcspn(body, "\n");
	if (length > 0 && body[length - 1] == '\r')
		length--;
	if (memchr(body, ':', length)) {
		size_t before = strcspn(body, ":");

		if (strspn(body + before + 1, "0123456789") != length - before - 1)
			return false;
		length = before;
	}
	return copy_host(body, length, true, host, size);
}
