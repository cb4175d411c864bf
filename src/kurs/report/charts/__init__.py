"""Charts: values in, a Vega-Lite specification out, with the words and the table that say the same."""
