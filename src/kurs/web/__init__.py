"""The dashboard: pages and the JSON API, served read-only from this machine."""
