"""Children that stay warm: they load what is slow to load once, then answer one request after another, and can reach nothing."""
