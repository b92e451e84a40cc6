"""What stands in front of the application lets through what the application takes."""

from __future__ import annotations

import re

from survey_app.settings import CONFIG_DIR

NGINX = CONFIG_DIR.parent / "deploy" / "nginx.conf"
LOCATION = re.compile(r"location (/\S*) \{ client_max_body_size (\d+)m;")


def test_every_page_that_takes_files_may_be_sent_them_through_nginx(app):
    limits = [
        (rule.rule, limit)
        for rule in app.url_map.iter_rules()
        if (limit := getattr(app.view_functions[rule.endpoint], "body_limit", None))
    ]
    assert len(limits) > 3
    wide = [(start, int(mega) << 20) for start, mega in LOCATION.findall(NGINX.read_text())]
    assert [
        rule
        for rule, limit in limits
        if not any(rule.startswith(start) and limit <= most for start, most in wide)
    ] == []
