"""XML from strangers: no entities, no network, and feeds that are not well-formed read as far as they go."""

from __future__ import annotations

import re

from lxml import etree

_LONGEST = 32 * 2**20
# A bare & is cut out by the reader with what follows it; so it is written as XML wants it. CDATA stays as it is.
_BARE = re.compile(rb"(<!\[CDATA\[.*?\]\]>)|&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});)", re.DOTALL | re.I)


def lenient(body: bytes, charset: str | None = None) -> etree._Element | None:
    """The root, or None where there is nothing to read. Entities stay unresolved; nothing is fetched."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding=charset
    )
    try:
        return etree.fromstring(_BARE.sub(lambda found: found[1] or b"&amp;", body[:_LONGEST].lstrip()), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def name_of(node: etree._Element) -> str:
    """The local name; namespaces differ between years."""
    return node.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(node.tag, str) else ""


def children(node: etree._Element, name: str) -> list[etree._Element]:
    """The direct children of that local name."""
    return [child for child in node if name_of(child) == name]


def text_of(node: etree._Element, name: str) -> str | None:
    """The text of the first child of that name."""
    for child in children(node, name):
        return "".join(child.itertext()) or None
    return None
