"""`python -m survey_app`: every command of the product."""

from __future__ import annotations

from survey_app.cli.commands import main

if __name__ == "__main__":
    main()
