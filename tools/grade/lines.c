/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lines.c - results for test harnesses: JUnit XML as Jenkins' xunit plugin describes it
 * (junit-10.xsd), and TAP version 14 (testanything.org/tap-version-14-specification.html), where
 * what went wrong is a YAML block of double-quoted strings.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/grade/write.h"

/* ---- JUnit ---- */

/* XML allows only these three control characters, even when escaped. */
static void xml_character(FILE *out, unsigned char c)
{
    static const char *const names[] = {
        ['<'] = "&lt;", ['>'] = "&gt;", ['&'] = "&amp;", ['"'] = "&quot;", ['\n'] = "&#10;"};

    if (c < sizeof names / sizeof names[0] && names[c])
        fputs(names[c], out);
    else if (c < ' ' && c != '\t')
        fputs("\xef\xbf\xbd", out);
    else
        fputc(c, out);
}

/* U+FFFE and U+FFFF are no characters of XML either. */
static bool is_no_character(const char *at)
{
    return !strncmp(at, "\xef\xbf\xbe", 3) || !strncmp(at, "\xef\xbf\xbf", 3);
}

static void xml(FILE *out, const char *bytes)
{
    json_t *text = grade_json_text(bytes); /* now it is UTF-8 */
    const char *at = text ? json_string_value(text) : "";
    const char *end = at + json_string_length(text);

    for (; at < end; at++)
        if (is_no_character(at))
            at += 2;
        else
            xml_character(out, (unsigned char)*at);
    json_decref(text);
}

static void xml_attribute(FILE *out, const char *name, const char *value)
{
    fprintf(out, " %s=\"", name);
    xml(out, value);
    fputc('"', out);
}

static void junit_check(FILE *out, const struct grade *grade, const struct grade_check *check)
{
    const char *element = check->outcome == GRADE_FAIL ? "failure" : "error";
    char *details = grade_details(check);

    fputs("    <testcase", out);
    xml_attribute(out, "classname", grade->exercise->name);
    xml_attribute(out, "name", check->check->name);
    fputs(" time=\"0\"", out);
    if (check->outcome == GRADE_PASS) {
        fputs("/>\n", out);
    } else {
        fprintf(out, ">\n      <%s", element);
        xml_attribute(out, "type", grade_outcome_name(check->outcome));
        xml_attribute(out, "message", check->message);
        fputs(">", out);
        xml(out, details);
        fprintf(out, "</%s>\n    </testcase>\n", element);
    }
    free(details);
}

enum pz_err grade_write_junit(FILE *out, const struct grade *grade)
{
    unsigned count = grade->exercise->check_count, failures = 0, errors = 0;
    char *said = grade_compilers(grade);

    for (unsigned i = 0; i < count; i++) {
        failures += grade->checks[i].outcome == GRADE_FAIL;
        errors +=
            grade->checks[i].outcome != GRADE_FAIL && grade->checks[i].outcome != GRADE_PASS;
    }
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite", out);
    xml_attribute(out, "name", grade->exercise->name);
    fprintf(out, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"0\" time=\"0\">\n",
            count, failures, errors);
    fprintf(out,
            "    <properties>\n      <property name=\"score\" value=\"%" PRIu64
            "\"/>\n      <property name=\"max_score\" value=\"%" PRIu64
            "\"/>\n    </properties>\n",
            grade->points, grade->exercise->points);
    for (unsigned i = 0; i < count; i++)
        junit_check(out, grade, &grade->checks[i]);
    fputs("    <system-out>", out);
    xml(out, said);
    fputs("</system-out>\n  </testsuite>\n</testsuites>\n", out);
    free(said);
    return PZ_OK;
}

/* ---- TAP ---- */

/* In a description # begins a directive, and \ escapes. */
static void tap_description(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '#' || *text == '\\')
            fputc('\\', out);
        fputc(*text == '\n' ? ' ' : *text, out);
    }
}

/* A JSON string is a YAML one. */
static void tap_field(FILE *out, const char *name, const char *value)
{
    json_t *text = grade_json_text(value);
    char *quoted = json_dumps(text, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);

    if (value && value[0])
        fprintf(out, "  %s: %s\n", name, quoted ? quoted : "\"\"");
    free(quoted);
    json_decref(text);
}

static void tap_check(FILE *out, const struct grade_check *check, unsigned number)
{
    bool pass = check->outcome == GRADE_PASS;

    fprintf(out, "%sok %u - ", pass ? "" : "not ", number);
    tap_description(out, check->check->name);
    fprintf(out, "\n  ---\n  points: %" PRIu64 "\n  of: %" PRIu64 "\n", check->points,
            check->check->points);
    if (!pass) {
        tap_field(out, "severity", grade_outcome_name(check->outcome));
        tap_field(out, "message", check->message);
        tap_field(out, "expected", check->expected);
        tap_field(out, "got", check->got);
        tap_field(out, "hint", check->check->hint);
        tap_field(out, "printed", check->printed);
        tap_field(out, "replay", check->replay);
    }
    fputs("  ...\n", out);
}

/* Foreign lines follow a #, so that none is taken for a result. */
static void tap_comment(FILE *out, const char *text)
{
    while (text && *text) {
        size_t len = strcspn(text, "\n");

        fprintf(out, "# %.*s\n", (int)len, text);
        text += len + (text[len] == '\n');
    }
}

enum pz_err grade_write_tap(FILE *out, const struct grade *grade)
{
    char *said = grade_compilers(grade);

    fprintf(out, "TAP version 14\n1..%u\n", grade->exercise->check_count);
    tap_comment(out, said);
    for (unsigned i = 0; i < grade->exercise->check_count; i++)
        tap_check(out, &grade->checks[i], i + 1);
    fprintf(out, "# %s: %" PRIu64 " of %" PRIu64 " points\n", grade->exercise->name,
            grade->points, grade->exercise->points);
    free(said);
    return PZ_OK;
}
