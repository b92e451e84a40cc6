"""Pages anyone may read: settings and health checks come in; privacy, accessibility, help and readiness go out."""
