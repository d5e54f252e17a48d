"""Conformance rules, sample contexts and the pytest plugin: what a plugin's tests may import beside ``guyub.sdk``.

``guyub.testing.conformance`` runs the rules, ``guyub.testing.contexts`` makes contexts without a database. With ``guyub``
installed, pytest finds the fixtures of ``guyub.testing.pytest_plugin`` by itself.
"""
