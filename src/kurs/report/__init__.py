"""Report: values in, text out. Nothing here reads a file, asks an engine or writes to a screen."""
