"""Operational measures: files of counts made elsewhere come in; rounded figures and their origin go out."""
