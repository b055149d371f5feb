"""Many alerts to twenty destinations while a share of the calls fails in every way.

    python -m tests.faults                 500 alerts to 20 destinations each; prints the figures
    python -m tests.faults --each 2        to one Slack channel and one Telegram chat each, in turn
    python -m tests.faults --share 0.4     with twice the faults

Everything is real but the platforms: the SQLite store, the dispatcher, the notifiers, HTTP over the loopback. Waits
between attempts pass on a clock that is moved; how long a client waits for an answer is real, and short.
"""
