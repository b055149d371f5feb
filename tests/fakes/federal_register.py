"""Texts of Federal Register documents in their true shape, with words and names of our own."""

from collections.abc import Mapping, Sequence
from html import escape

INSTEAD_OF_A_DAY = "[INSERT DATE OF PUBLICATION IN THE FEDERAL REGISTER]"


def inspection_text(
    summary: str,
    *,
    title: str = "Additions to the Entity List",
    action: str = "Final rule",
    dates: str = f"This rule is effective {INSTEAD_OF_A_DAY}.",
    number: str = "2026-29001",
    published: str = "11/04/2026",
    body: str = "",
    instructions: Sequence[str] = (),
    agency: str = "Bureau of Industry and Security, Department of Commerce",
) -> str:
    """The text of public inspection, from an agency's PDF: no columns, curly quotes, days to be filled in."""
    amended = ""
    if instructions:
        amended = (
            "2. Supplement No. 4 to part 744 is amended:\n"
            + "\n".join(instructions)
            + "\nThe additions read as follows:\n"
        )
        amended += "Supplement No. 4 to Part 744—Entity List\n* * * * *\n"
    return (
        f"This document is scheduled to be published in the\nFederal Register on {published} and available online at\n"
        f"https://federalregister.gov/d/{number}, and on https://govinfo.gov\n\nBILLING CODE 3510-33-P\n"
        "DEPARTMENT OF COMMERCE\nBureau of Industry and Security\n15 CFR Part 744\n[Docket No. 261030–0007]\n"
        f"RIN 0694–AZ77\n{title}\nAGENCY: {agency}.\nACTION: {action}.\nSUMMARY: {summary}\nDATES: {dates}\n"
        "FOR FURTHER INFORMATION CONTACT: Nobody Real, Phone: (202) 555-0100.\nSUPPLEMENTARY INFORMATION:\nBackground\n"
        f"{body}\n{amended}"
    )


def page(text: str, rows: Sequence[Sequence[str]] = ()) -> bytes:
    """A document's body as a web page: a paragraph for each line, and the list's table."""
    cells = "".join(
        "<tr>" + "".join(f'<td class="a">\n  <p>{escape(cell)}</p></td>\n' for cell in row) + "</tr>\n" for row in rows
    )
    columns = ("Country", "Entity", "License requirement", "License review policy", "Federal Register citation")
    heads = f"<tr>{' '.join(f'<th>{column}</th>' for column in columns)}</tr>"
    paragraphs = "".join(f"<p>{escape(line)}</p>\n" for line in text.split("\n") if line)
    return (
        f"<div class='fulltext'>{paragraphs}<table><thead>{heads}</thead><tbody>{cells}</tbody></table></div>".encode()
    )


def entity_rule(entries: Mapping[str, Sequence[str]], *, policy: str = "a presumption of denial", **more: str) -> str:
    """A rule of public inspection that adds these entries: names by country as instructions write it ("SINGAPORE")."""
    total = sum(len(names) for names in entries.values())
    places = ", and ".join(f"{country.title()} ({len(names)})" for country, names in entries.items())
    steps = [
        f"{'abcdefgh'[place]}. Under {country}, by adding in alphabetical order entries for "
        + " and ".join(f"“{name};”" for name in names)
        for place, (country, names) in enumerate(entries.items())
    ]
    return inspection_text(
        f"BIS changes the EAR by adding {total} entities to the Entity List under the destinations of {places}.",
        body=f"For each of them applications are reviewed under {policy}.",
        instructions=steps,
        **more,
    )
