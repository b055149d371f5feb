"""The headline classifier: its data, its training and the runtime that serves it without torch."""
