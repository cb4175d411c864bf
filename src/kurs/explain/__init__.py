"""Why it moved: a change taken apart so that the parts add up. Returns Questions, and never runs SQL."""
