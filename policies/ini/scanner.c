/*
 * The lines of one file.
 *
 * A fault for each thing that iniparser would lose or change without a word. A line with a fault is
 * not kept, and the scan goes on with the next one, so that one run shows all that is wrong.
 */
#include "ini/scanner.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/scan.h"

#define BAD_SECTION ((size_t) -2) /* a faulty header: its keys are scanned, but not kept */

static unsigned column_of(const struct od_scanner *s, const char *at)
{
	return (unsigned) (at - s->text.from) + 1;
}

#define fault(s, at, code, ...)                                                                    \
	od_problem_add((s)->problems, OD_SEVERITY_ERROR, code, (s)->document->file, (s)->line,     \
		(at) ? column_of(s, at) : 0, __VA_ARGS__)

static struct od_slice trimmed(struct od_slice t)
{
	while (t.from < t.to && (*t.from == ' ' || *t.from == '\t'))
		t.from++;
	while (t.to > t.from && (t.to[-1] == ' ' || t.to[-1] == '\t'))
		t.to--;
	return t;
}

static bool is_name_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool od_document_label_ok(const char *label)
{
	size_t n = strlen(label);

	if (n == 0 || n > OD_LABEL_MAX || !is_name_letter(label[0]))
		return false;
	for (size_t i = 1; i < n; i++)
		if (!is_name_letter(label[i]) && !strchr("._-", label[i]))
			return false;
	return true;
}

/* Left-to-right and other marks that make a line look unlike what it is (U+202A..202E, U+2066..2069),
 * and the byte-order mark anywhere but at the start. */
static bool is_deceiving(const char *at, const char *end)
{
	const unsigned char *b = (const unsigned char *) at;

	if (end - at < 3)
		return false;
	if (b[0] == 0xe2 && b[1] == 0x80)
		return b[2] >= 0xaa && b[2] <= 0xae;
	if (b[0] == 0xe2 && b[1] == 0x81)
		return b[2] >= 0xa6 && b[2] <= 0xa9;
	return b[0] == 0xef && b[1] == 0xbb && b[2] == 0xbf;
}

/* Printable ASCII and tabs: nothing below has to be looked for. */
static bool is_plain(struct od_slice t)
{
	for (; t.from < t.to; t.from++)
		if ((*t.from < 0x20 || *t.from > 0x7e) && *t.from != '\t')
			return false;
	return true;
}

static bool bytes_ok(struct od_scanner *s)
{
	size_t size = (size_t) (s->text.to - s->text.from), valid;

	if (size > OD_DOCUMENT_LINE_MAX) {
		fault(s, NULL, "line-too-long",
			N_("this line has %zu bytes, and %d is the most; a long list goes into "
			   "numbered keys (paths.1 = ..., paths.2 = ...)"),
			size, OD_DOCUMENT_LINE_MAX);
		return false;
	}
	if (is_plain(s->text))
		return true;
	valid = od_scan_utf8(s->text.from, size);
	if (valid < size) {
		fault(s, s->text.from + valid, "not-utf8",
			N_("byte 0x%02x is not UTF-8; save the file as UTF-8"),
			(unsigned char) s->text.from[valid]);
		return false;
	}
	for (const char *at = s->text.from; at < s->text.to; at++) {
		if (((unsigned char) *at < 0x20 && *at != '\t') || *at == 0x7f) {
			fault(s, at, "control-character",
				N_("control character 0x%02x; only tabs are allowed"),
				(unsigned char) *at);
			return false;
		}
		if (is_deceiving(at, s->text.to)) {
			fault(s, at, "invisible-character",
				N_("an invisible character here can make the line look unlike what "
				   "it says; delete it"));
			return false;
		}
	}
	return true;
}

/* ---- sections ------------------------------------------------------------------------------ */

static bool section_name_ok(struct od_slice name)
{
	if (name.from == name.to || !(*name.from >= 'a' && *name.from <= 'z'))
		return false;
	for (const char *at = name.from; at < name.to; at++)
		if (!is_name_letter(*at) && *at != '-')
			return false;
	return true;
}

static bool has_upper(struct od_slice t)
{
	for (; t.from < t.to; t.from++)
		if (*t.from >= 'A' && *t.from <= 'Z')
			return true;
	return false;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Open [name label], again if it was there before. */
static int enter_section(struct od_scanner *s, const char *name, const char *label)
{
	struct od_document_section *section;

	for (size_t i = 0; i < s->document->sections.n; i++) {
		section = &s->document->sections.items[i];
		if (!same_text(section->name, name) || !same_text(section->label, label))
			continue;
		fault(s, NULL, "duplicate-section",
			N_("this section stands here twice; the first is in line %u"),
			section->line);
		s->section = i;
		return 0;
	}
	if (s->document->sections.n >= OD_DOCUMENT_KEYS_MAX) {
		fault(s, NULL, "too-many-sections", N_("more than %d sections in one file"),
			OD_DOCUMENT_KEYS_MAX);
		s->section = BAD_SECTION;
		return 0;
	}
	section = od_array_add(&s->document->sections);
	if (!section)
		return -ENOMEM;
	section->line = s->line;
	section->name = strdup(name);
	section->label = label ? strdup(label) : NULL;
	s->section = s->document->sections.n - 1;
	return section->name && (section->label || !label) ? 0 : -ENOMEM;
}

static int scan_section(struct od_scanner *s, struct od_slice t)
{
	const char *close = memchr(t.from, ']', (size_t) (t.to - t.from));
	struct od_slice inside = { t.from + 1, close }, name;
	char text[OD_SCANNER_NAME_MAX + 1];
	char *label;

	s->section = BAD_SECTION;
	if (!close) {
		fault(s, t.from, "section-not-closed", N_("a section ends with \"]\""));
		return 0;
	}
	if (close + 1 < t.to) {
		fault(s, close + 1, "text-after-section",
			N_("nothing may follow \"]\"; a comment goes on a line of its own"));
		return 0;
	}
	if (has_upper(inside)) {
		fault(s, t.from, "upper-case",
			N_("names of sections and labels are written in small letters"));
		return 0;
	}
	name = inside;
	for (name.to = name.from; name.to < inside.to && *name.to != ' ';)
		name.to++;
	if (inside.to - inside.from > OD_SCANNER_NAME_MAX || !section_name_ok(name)) {
		fault(s, t.from, "bad-section",
			N_("a section is [name] or [name label], as in [schedule office]"));
		return 0;
	}
	memcpy(text, inside.from, (size_t) (inside.to - inside.from));
	text[inside.to - inside.from] = '\0';
	label = strchr(text, ' ');
	if (label)
		*label++ = '\0';
	if (label && !od_document_label_ok(label)) {
		fault(s, t.from, "bad-label",
			N_("a label is one word of a-z, 0-9, \".\", \"_\" and \"-\", at most %d "
			   "long, "
			   "as in [schedule office]"),
			OD_LABEL_MAX);
		return 0;
	}
	return enter_section(s, text, label);
}

/* ---- keys ---------------------------------------------------------------------------------- */

/* Capitals belong only into the country of message.fr_CH. */
static bool capitals_ok(struct od_slice key)
{
	static const char prefix[] = "message.";
	size_t n = (size_t) (key.to - key.from);

	if (n == sizeof(prefix) + 4 && memcmp(key.from, prefix, sizeof(prefix) - 1) == 0)
		key.to -= 2;
	return !has_upper(key);
}

static bool key_ok(struct od_scanner *s, struct od_slice key)
{
	if (key.from == key.to) {
		fault(s, key.from, "no-key", N_("there is no key before \"=\""));
		return false;
	}
	if (key.to - key.from > OD_SCANNER_NAME_MAX) {
		fault(s, key.from, "bad-key", N_("a key has at most %d letters"),
			OD_SCANNER_NAME_MAX);
		return false;
	}
	for (const char *at = key.from; at < key.to; at++) {
		if (isalnum((unsigned char) *at) || strchr("._+-", *at))
			continue;
		if (*at == ' ' && at[1] != ' ')
			continue;
		fault(s, at, "bad-key",
			*at == ':' ? N_("\":\" cannot stand in a key; between key and value stands "
					"\"=\"")
				   : N_("this character cannot stand in a key (words of a-z, 0-9, "
					"\".\", \"_\", \"+\", \"-\", one blank between them)"));
		return false;
	}
	if (!capitals_ok(key)) {
		fault(s, key.from, "upper-case", N_("keys are written in small letters"));
		return false;
	}
	return true;
}

/* ---- values -------------------------------------------------------------------------------- */

/* What a value says, and where. */
struct value {
	struct od_slice text;
	bool quoted;
	unsigned comment;
};

static bool quoted_value_ok(struct od_scanner *s, struct od_slice rest, struct value *ret)
{
	const char *close;
	struct od_slice after;

	ret->quoted = true;
	ret->text.from = rest.from + 1;
	close = memchr(ret->text.from, '"', (size_t) (rest.to - ret->text.from));
	if (!close) {
		fault(s, rest.from, "quote-not-closed", N_("the closing \" is missing"));
		return false;
	}
	ret->text.to = close;
	after = trimmed((struct od_slice){ close + 1, rest.to });
	if (after.from == after.to)
		return true;
	if (*after.from == ';' && after.from > close + 1) {
		ret->comment = column_of(s, after.from);
		return true;
	}
	fault(s, after.from, "text-after-quote",
		N_("nothing but a comment may follow the closing \"; inside quotes there is no "
		   "way to write a \""));
	return false;
}

static bool plain_value_ok(struct od_scanner *s, struct od_slice rest, struct value *ret)
{
	ret->text = rest;
	for (const char *at = rest.from; at < rest.to; at++) {
		if (*at == '"') {
			fault(s, at, "quote-inside",
				N_("a \" inside a value is lost; quotes go around the whole "
				   "value"));
			return false;
		}
		if (*at == '#' || (*at == ';' && at[-1] != ' ' && at[-1] != '\t')) {
			fault(s, at, "comment-inside",
				N_("\"%c\" would cut the value here: a comment is a blank and "
				   "\";\", "
				   "and a text with \"%c\" goes into double quotes"),
				*at, *at);
			return false;
		}
		if (*at == ';') {
			ret->comment = column_of(s, at);
			ret->text.to = at;
			break;
		}
	}
	ret->text = trimmed(ret->text);
	return true;
}

static bool value_ok(struct od_scanner *s, struct od_slice rest, struct value *ret)
{
	memset(ret, 0, sizeof(*ret));
	ret->text = rest;
	if (rest.from == rest.to)
		return true;
	if (*rest.from == '\'') {
		fault(s, rest.from, "single-quote",
			N_("a value that begins with ' loses it; write \"...\""));
		return false;
	}
	if (*rest.from == '"')
		return quoted_value_ok(s, rest, ret);
	return plain_value_ok(s, rest, ret);
}

/* The same stretch of the document's own text, ended: what follows a key or value is not kept. */
static char *kept(const struct od_scanner *s, struct od_slice t)
{
	char *text = s->document->text + (t.from - s->bytes);

	text[t.to - t.from] = '\0';
	return text;
}

static int keep_line(struct od_scanner *s, struct od_slice key, const char *equals, bool append,
	struct value *value)
{
	struct od_document_line *line;
	struct od_slice *rest;

	if (s->section == BAD_SECTION)
		return 0;
	rest = od_array_add(&s->document->rests);
	line = rest ? od_array_add(&s->document->lines) : NULL;
	if (!line)
		return -ENOMEM;
	*rest = (struct od_slice){ equals, s->text.to };
	line->section = s->section;
	line->line = s->line;
	line->column = column_of(s, key.from);
	line->value_column = column_of(s, value->text.from);
	line->append = append;
	line->quoted = value->quoted;
	line->comment = value->comment;
	line->key = kept(s, key);
	line->value = kept(s, value->text);
	return 0;
}

static int scan_key(struct od_scanner *s, struct od_slice t)
{
	const char *equals = memchr(t.from, '=', (size_t) (t.to - t.from));
	struct value value;
	struct od_slice key;
	bool append;

	if (!equals) {
		fault(s, t.from, "no-value",
			N_("this is neither [section] nor key = value nor a comment"));
		return 0;
	}
	append = equals > t.from && equals[-1] == '+';
	key = trimmed((struct od_slice){ t.from, append ? equals - 1 : equals });
	if (s->section == OD_SCANNER_NO_SECTION) {
		fault(s, t.from, "key-outside-section",
			N_("a key before the first [section] belongs to nothing"));
		return 0;
	}
	if (!key_ok(s, key) || !value_ok(s, trimmed((struct od_slice){ equals + 1, t.to }), &value))
		return 0;
	return keep_line(s, key, equals, append, &value);
}

static int scan_line(struct od_scanner *s)
{
	struct od_slice t = trimmed(s->text);

	if (!bytes_ok(s) || t.from == t.to)
		return 0;
	if (t.to[-1] == '\\') {
		if (*t.from == '[')
			s->section = BAD_SECTION;
		fault(s, t.to - 1, "backslash-at-end",
			N_("a \\ at the end of a line swallows the next one; delete it, or put the "
			   "value in double quotes"));
		return 0;
	}
	if (*t.from == ';' || *t.from == '#')
		return 0;
	return *t.from == '[' ? scan_section(s, t) : scan_key(s, t);
}

int od_scanner_run(struct od_scanner *s, const char *bytes, size_t size)
{
	const char *at = bytes, *end = bytes + size;
	int r = 0;

	s->bytes = bytes;
	s->document->text = malloc(size + 1);
	if (!s->document->text)
		return -ENOMEM;
	if (size)
		memcpy(s->document->text, bytes, size);
	while (r == 0 && at < end) {
		const char *newline = memchr(at, '\n', (size_t) (end - at));

		s->line++;
		s->text.from = at;
		s->text.to = newline ? newline : end;
		at = newline ? newline + 1 : end;
		if (newline && s->text.to > s->text.from && s->text.to[-1] == '\r')
			s->text.to--;
		if (s->document->lines.n >= OD_DOCUMENT_KEYS_MAX) {
			fault(s, NULL, "too-many-keys", N_("more than %d keys in one file"),
				OD_DOCUMENT_KEYS_MAX);
			break;
		}
		r = scan_line(s);
	}
	return r;
}
