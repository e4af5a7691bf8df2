"""The outbox: an event is a row written in the transaction of the change, delivered at least once by the relay.

Main path: `services.record` (in the change's transaction) -> `wake.poke` (after the commit) -> `relay.run` ->
`services.deliver_next` -> the handlers in `settings/wiring.py`. Owns the table `outbox_event`.
Mistakes made here: doing work in `on_commit` (it is lost in a crash; write a handler), and handlers that fail when
they run twice (they will).
"""
