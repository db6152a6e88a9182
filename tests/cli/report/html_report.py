# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a report as a browser would, and refuses what no report may have.

load(path, page) checks: every element is closed, in its place; every id is there once, and every link
leads to one, or to `page`; nothing runs or loads anything; no character that HTML forbids. What it gives has
the document's parts: tables by their captions, texts by the names of their elements, links.
"""
import html.parser
import re
import sys

VOID = {"meta", "br", "hr"}
KNOWN = VOID | set("""html head title style body header footer main nav section h1 h2 h3 h4 h5 p ul li a i dl dt dd div
 table caption thead tbody tr th td figure figcaption code pre span svg rect path line text desc""".split())
ATTRIBUTES = set("""lang charset http-equiv content name class id href scope role tabindex aria-label width height x y x1 x2
 y1 y2 d viewbox preserveaspectratio shape-rendering text-anchor""".split())


class Report(html.parser.HTMLParser):
    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.page, self.open, self.ids, self.links, self.meta = page, [], [], [], {}
        self.tables, self.texts, self.titles, self.text = {}, {}, [], ""
        self.decls = []

    def handle_decl(self, decl):
        self.decls.append(decl)

    def handle_comment(self, data):
        raise AssertionError("a comment")

    def handle_pi(self, data):
        raise AssertionError("a processing instruction")

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        assert tag in KNOWN, tag
        assert set(attributes) <= ATTRIBUTES, attributes
        assert all(value is not None for value in attributes.values()), attributes
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a":
            self.links.append(attributes["href"])
        if tag == "meta" and "http-equiv" in attributes:
            self.meta[attributes["http-equiv"]] = attributes["content"]
        if tag == "table":
            self.rows = []
        if tag == "tr":
            self.rows.append([])
        if tag not in VOID:
            self.open.append((tag, len(self.text)))

    def handle_startendtag(self, tag, attributes):
        assert any(open_tag == "svg" for open_tag, _ in self.open), "<%s/>" % tag
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1][0] == tag, "</%s> in %s" % (tag, self.open[-2:])
        text = self.text[self.open.pop()[1]:]
        self.texts.setdefault(tag, []).append(text)
        if tag in ("td", "th"):
            self.rows[-1].append(text)
        elif tag == "caption":
            self.caption = text
        elif tag == "table":
            assert all(len(row) == len(self.rows[0]) for row in self.rows), self.caption
            self.tables.setdefault(self.caption, []).append(self.rows)

    def handle_data(self, data):
        self.text += data

    def facts(self):
        return dict(zip(self.texts.get("dt", []), self.texts.get("dd", [])))


def number(text):
    return int(text.replace(",", ""))


def load(path, page=None):
    raw = open(path, "rb").read().decode("utf-8")
    report = Report(page)
    report.feed(raw)
    report.close()
    assert not report.open, report.open
    assert report.decls == ["DOCTYPE html"] and raw.startswith("<!DOCTYPE html>\n")
    assert len(set(report.ids)) == len(report.ids)
    for link in report.links:
        inside = link.startswith("#") and link[1:] in report.ids
        assert inside or (page and link.startswith(page + "#v=1&")), link
    policy = report.meta["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script" not in policy
    bad = re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]", raw)
    assert not bad, hex(ord(bad.group()))
    style = report.texts["style"][0]
    assert "@import" not in style and "url(" not in style and "prefers-color-scheme:dark" in style
    return report


if __name__ == "__main__":
    load(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
