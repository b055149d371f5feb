"""Pictures of what people see, for the README: ``python -m tests.pictures [folder]``.

The story goes through the real desk, dispatcher, notifiers and chat to the stand-ins for Slack and Telegram; what
stands there in the end, exactly as it was sent, is drawn in look-alikes of both and photographed by Chromium
(``apt-get install chromium fonts-noto-color-emoji``).
"""
