"""The door of managers: stored series and pictures come in; pages and their JSON, CSV and picture twins go out."""
