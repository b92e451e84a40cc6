"""Instruments as data: wording files come in; checked items, scales, scores and text sizes go out."""
