"""Pages of EDGAR's archive in their true shape, with words of our own: a filing's index, its form, its exhibit."""

from collections.abc import Mapping, Sequence
from html import escape

_HEAD = "<tr>" + "".join(
    f'<th scope="col" style="width: {width}%;">{name}</th>'
    for name, width in (("Seq", 5), ("Description", 40), ("Document", 20), ("Type", 10), ("Size", 8))
)


def index_page(accession: str, form: str, folder: str, documents: Sequence[tuple[str, str, int]]) -> bytes:
    """The index of a filing: (type, file name, size) of its documents; an 8-K's own is inline XBRL."""
    rows = []
    for number, (kind, name, size) in enumerate(documents, start=1):
        link = f'<a href="{folder}/{name}">{name}</a>'
        if kind.startswith("8-K"):
            link = f'<a href="/ix?doc={folder}/{name}">{name}</a> &nbsp;<span style="color: green">iXBRL</span>'
        rows.append(_row(number, kind, link, kind, size))
    rows.append(_row(9, "", f'<a href="{folder}/logo.jpg">logo.jpg</a>', "GRAPHIC", 9001))
    text = f'<a href="{folder}/{accession}.txt">{accession}.txt</a>'
    rows.append(_row("&nbsp;", "Complete submission text file", text, "&nbsp;", 300_000))
    data = _row(10, "SCHEMA", f'<a href="{folder}/x.xsd">x.xsd</a>', "EX-101.SCH", 500)
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1.dtd">\n'
        f"<html><head><title>EDGAR Filing Documents for {accession}</title></head><body>\n"
        f'<div id="formDiv"><div id="formHeader"><div id="formName"><strong>Form {form}</strong></div></div></div>\n'
        '<div id="formDiv"><div style="padding: 0px 0px 4px 0px;"><p>Document Format Files</p>\n'
        f'<table class="tableFile" summary="Document Format Files">\n{_HEAD}</tr>\n{"".join(rows)}</table></div>\n'
        f'<table class="tableFile" summary="Data Files">\n{_HEAD}</tr>\n{data}</table></div></body></html>'
    ).encode()


def report(company: str, items: Mapping[str, str], text: str) -> bytes:
    """An 8-K as inline XBRL: hidden facts, a cover page, the text under its first item, signatures."""
    body = []
    for place, (number, words) in enumerate(items.items()):
        cells = f"<td style='width:10%'><b>Item&#160;{number}</b></td><td><b>{escape(words)}.</b></td>"
        body.append(f"<table><tr>{cells}</tr></table>")
        body.append(_paragraphs(text) if place == 0 else "<p>(d) Exhibits. 104 Cover Page Interactive Data File</p>")
    return _ascii(
        "<?xml version='1.0' encoding='ASCII'?>\n<html xmlns:ix='http://www.xbrl.org/2013/inlineXBRL'><head><title>8-K</title>"
        "</head><body><div style='display:none'><ix:header><ix:hidden><ix:nonNumeric>Item 8.01 0001045810 false"
        "</ix:nonNumeric></ix:hidden></ix:header></div><p>UNITED STATES<br/>SECURITIES AND EXCHANGE COMMISSION</p>"
        f"<p>FORM <ix:nonNumeric>8-K</ix:nonNumeric></p><p>{escape(company)}</p><p>(Exact name of registrant)</p><hr/>"
        f"{''.join(body)}<p>SIGNATURES</p><p>Pursuant to the requirements of the Securities Exchange Act of 1934, "
        "signed by the undersigned. The licence is ours.</p></body></html>"
    )


def foreign_report(company: str, text: str) -> bytes:
    """A 6-K: the cover page with its boxes, the text ("" for a cover alone), signatures."""
    return _ascii(
        "<html><body><p>UNITED STATES</p><p>SECURITIES AND EXCHANGE COMMISSION</p><p>FORM 6-K</p>"
        f"<p>For the month of November 2026</p><p>{escape(company)}</p><p>(Translation of registrant's name)</p>"
        f"<p>Form 20-F &#9746; Form 40-F &#9744;</p>{_paragraphs(text)}<p>SIGNATURES</p><p>By: /s/ A. Name</p>"
        "</body></html>"
    )


def press_release(text: str) -> bytes:
    """Exhibit 99.1: the mark, then the title and the text."""
    return _ascii(f"<html><body><p>Exhibit 99.1</p>{_paragraphs(text)}<p>About the Company</p></body></html>")


def _row(number: int | str, description: str, link: str, kind: str, size: int) -> str:
    cells = (number, description, link, kind, size)
    return "<tr>\n" + "".join(f'<td scope="row">{cell}</td>\n' for cell in cells) + "</tr>\n"


def _paragraphs(text: str) -> str:
    return "".join(f"<p><span>{escape(part)}</span></p>" for part in text.split("\n\n") if part)


def _ascii(page: str) -> bytes:
    return page.encode("ascii", errors="xmlcharrefreplace")
