"""The door of managers: stored series and pictures come in; pages and their data and picture twins out."""
