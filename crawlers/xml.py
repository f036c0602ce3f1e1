"""XML from strangers: no entities, no network, and feeds that are not well-formed read as far as they go."""

from __future__ import annotations

from lxml import etree

_LONGEST = 32 * 2**20


def lenient(body: bytes, charset: str | None = None) -> etree._Element | None:
    """The root, or None where there is nothing to read. Entities stay unresolved; nothing is fetched."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding=charset
    )
    try:
        return etree.fromstring(body[:_LONGEST].lstrip(), parser)
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
