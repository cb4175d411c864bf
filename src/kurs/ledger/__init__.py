"""The journal of what people decided and what was reported."""
