"""Where headlines come from: one adapter a kind, and the bundled catalogue."""
