"""The review console: a workspace in the browser, for the people who decide."""
