"""What a person can ask for in a chat, written once for every platform.

``service.Chat`` takes a line of text or a pressed button and gives a ``Reply`` that no platform has dressed yet. The
packages below translate between one platform and it, and decide nothing.
"""
