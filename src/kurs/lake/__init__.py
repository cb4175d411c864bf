"""The embedded store: versioned tables on disk, replaced window by window."""
