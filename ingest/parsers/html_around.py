"""What stands around the text of a web page: menus, banners, what is never shown (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
NEVER_SHOWN = frozenset(
    (
        *("script", "style", "template", "noscript", "svg", "iframe", "object", "canvas"),
        *("audio", "video", "select", "button"),
    )
)
#: Roles and names by which pages without ``nav`` and ``aside`` mark what stands around the text.
_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary", "search"))
_NAMES = frozenset(
    (
        *("nav", "navbar", "navigation", "menu", "main-menu", "sidebar", "breadcrumb"),
        *("breadcrumbs", "pagination", "pager", "cookie", "cookies", "cookie-banner", "skip-link"),
        *("site-header", "site-footer", "page-footer", "footer", "social", "share", "advert"),
        *("advertisement", "ads", "newsletter", "related-links"),
    )
)
_NAMED = frozenset(("div", "ul", "ol", "section", "p", "table", "td", "form"))
AROUND = frozenset(("nav", "aside"))
AROUND_PAGE = frozenset(("header", "footer"))


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Tell whether an element is not shown."""
    if "hidden" in attributes or attributes.get("aria-hidden", "").lower() == "true":
        return True
    return bool(_HIDDEN_STYLE.search(attributes.get("style", "")))


def is_named_around(tag: str, attributes: Mapping[str, str]) -> bool:
    """Tell by its role or its names whether an element is a menu, a banner or the like."""
    if tag not in _NAMED:
        return False
    names = f"{attributes.get('class', '')} {attributes.get('id', '')}".lower().split()
    return attributes.get("role", "").lower() in _ROLES or not _NAMES.isdisjoint(names)
