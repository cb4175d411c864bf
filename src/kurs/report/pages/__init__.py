"""Pages: the design system (tokens, cards, badges, bars, tables) that the dashboard and the report share."""
