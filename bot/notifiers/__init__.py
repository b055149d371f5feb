"""Where alerts go: one notifier a platform."""
