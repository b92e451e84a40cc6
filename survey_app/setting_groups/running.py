"""Where and how a process runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit


class Environment(StrEnum):
    """Where the product runs; production refuses what development allows."""

    DEVELOPMENT = "development"
    TESTING = "testing"
    PRODUCTION = "production"


@dataclass(frozen=True)
class Running:
    """The process, its data and its address."""

    env: Environment
    data_dir: Path
    database_url: str
    secret_key: str
    public_base_url: str
    port: int
    host: str
    web_workers: int
    web_threads: int
    trusted_proxies: int

    @property
    def is_production(self) -> bool:
        """Return whether safety may not be traded for convenience."""
        return self.env is Environment.PRODUCTION

    @property
    def public_host(self) -> str:
        """Return the host name that links carry and requests must ask for."""
        return urlsplit(self.public_base_url).hostname or ""
