"""Pages anyone may read: settings and checks come in; privacy, accessibility, help and health go out."""
