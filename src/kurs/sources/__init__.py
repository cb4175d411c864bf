"""Outside data -> typed, checked tables. Files in, rows out; nothing here knows where the rows are kept."""
