"""Block Kit, and nothing else: pure functions from our types to what Slack shows."""
