"""How the HTML letter looks: many mail programs know no style sheets; each class becomes an attribute."""

from __future__ import annotations

_FONT = "font-family:arial,sans-serif;color:#212b32"

STYLES = {
    "page": f"margin:0;padding:0;background:#eef3f5;{_FONT}",
    "sheet": "max-width:600px;margin:0 auto;padding:24px 20px;background:#ffffff",
    "over": "margin:0 0 4px;font-size:15px;line-height:22px;color:#4c6272",
    "title": "margin:0 0 16px;font-size:24px;line-height:31px;font-weight:bold",
    "heading": "margin:28px 0 8px;font-size:18px;line-height:25px;font-weight:bold",
    "words": "margin:0 0 12px;font-size:16px;line-height:24px",
    "place": "margin:0;font-size:15px;line-height:22px;color:#4c6272",
    "list": "margin:0;padding:0;list-style:none",
    "entry": "margin:0;padding:12px 0;border-top:1px solid #c8d5da",
    "better": "font-weight:bold;color:#005eb8",
    "worse": "font-weight:bold;color:#a34900",
    "changed": "font-weight:bold;color:#490092",
    "link": "color:#005eb8",
    "picture": "display:block;width:100%;height:auto;border:0;margin:12px 0",
    "foot": "margin:0 0 8px;font-size:14px;line-height:21px;color:#4c6272",
    "rule": "margin:28px 0 16px;border:0;border-top:1px solid #c8d5da",
}
